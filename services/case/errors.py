"""What can be the case with signals, cases and contributions."""

from services.kit.errors import Conflict, Denied, Invalid, NotFound


class SignalNotFound(NotFound):
    """There is no such signal for the caller."""


class CaseNotFound(NotFound):
    """There is no such case for the caller."""


class ContributionNotFound(NotFound):
    """There is no such contribution of the caller."""


class InvitationNotFound(NotFound):
    """There is no such invitation to this case for the caller."""


class ConflictNotFound(NotFound):
    """Nobody of that id is kept out of this case for a conflict of interest."""


class NotOfYourTown(Denied):
    """The caller does not hold this role for the municipality concerned."""


class PartMissing(Denied):
    """The caller's place in the circle does not include this part of the case."""


class MunicipalityNotInCell(Invalid):
    """The municipality is not one of this cell for the caller."""


class BirthInFuture(Invalid):
    """The birth, or the day an age was estimated on, lies in the future."""


class BirthTooLongAgo(Invalid):
    """Nobody is as old as this birth date or estimated age would have it."""


class MinorContradicted(Invalid):
    """The birth date or estimated age tells otherwise whether this person is a minor."""


class TooManyCriteria(Invalid):
    """A proposal names more criteria than there can be."""


class BestInterestMissing(Invalid):
    """The case of a minor needs a statement of the minor's best interest."""


class InformationOutOfRange(Invalid):
    """The day or the reason does not fit what is said of informing the person concerned (invariant 22)."""


class EvidenceInFuture(Invalid):
    """The evidence of a criterion is dated in the future."""


class PersonWithoutMandate(Invalid):
    """This person holds no valid mandate at the table of this case."""


class PeriodReversed(Invalid):
    """The period ends before it starts."""


class PeriodInPast(Invalid):
    """The period starts in the past."""


class InvitationOutlivesMandate(Invalid):
    """The invitation would last longer than the mandate of the person invited."""


class LegalBasisNotInForce(Invalid):
    """The legal basis is not one of a valid mandate of the author's organisation."""


class AlreadyInCircle(Conflict):
    """This person is invited to this case already, for a part of that period."""


class KeptOut(Conflict):
    """This person has a conflict of interest in this case (invariant 21)."""


class KeptOutAlready(Conflict):
    """This person is kept out of the case already."""


class InvitationEnded(Conflict):
    """The invitation has ended already."""


class ProposalIncomplete(Conflict):
    """A criterion lacks its evidence, date or argument, so the case cannot be placed on the list."""


class SignalStateForbids(Conflict):
    """The state of the signal does not allow this now."""


class QuestionNotFound(NotFound):
    """There is no such question for the caller."""


class TooManyQuestions(Conflict):
    """The caller has as many questions as there can be at once."""


class QuestionStateForbids(Conflict):
    """The state of the question does not allow this now."""


class AnswerNotFound(NotFound):
    """There is no such entry in the cell's questions and answers."""


class AnswerStateForbids(Conflict):
    """The entry is off the page already."""


class AnswerMissing(Invalid):
    """An answer is one of the set, own words, or both."""


class AnswerUnknown(Invalid):
    """There is no such answer in the set."""


class OutcomeStands(Conflict):
    """What was said of this signal is too old to be taken back."""


class NotTheReporter(Denied):
    """Another person told of this concern."""


class NobodyAnswers(Conflict):
    """Nobody else told of this concern, or whoever did has no mandate for its town any more."""


class ExchangeFull(Conflict):
    """There is no room for more in the exchange of this signal."""


class SignalWorkedOn(Conflict):
    """Somebody worked on the signal already, so it is not withdrawn any more."""


class HoldOutOfRange(Invalid):
    """A hold lasts until a day from tomorrow to three months ahead; without a hold there is no day."""


class CheckMissing(Invalid):
    """The police have not answered, and the reason given for not waiting does not hold or is missing."""


class CheckHolds(Conflict):
    """The police asked to wait; until then it is not decided what comes of the signal."""


class AnswerStands(Conflict):
    """The table relies on the mayor's answer already, or it is too old to be taken back."""


class CellNotOpen(Conflict):
    """This cell is still being set up; it takes cases once its table is open."""


class CaseStateForbids(Conflict):
    """The state of the case does not allow this now."""


class ContributionStateForbids(Conflict):
    """The state of the contribution does not allow this now."""


class ReviewOverdue(Conflict):
    """The review of this case is overdue for more than fourteen days: nothing new is shared until it has a date."""

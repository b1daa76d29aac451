"""What went wrong, as a sentence a person can act on: one per stable code. A test compares with all codes there are."""

from __future__ import annotations

from collections.abc import Mapping

from services.kit.problems import Problem
from services.portal.web.language import message as _

SENTENCES: Mapping[str, str] = {
    # Any form.
    "FieldMissing": _("Fill this in."),
    "FieldMalformed": _("This is not written as it should be."),
    "FieldUnknown": _("This form is out of date. Open it again."),
    "TextTooLong": _("This is too long. Shorten it."),
    "DateOutOfRange": _("Write a day from 1900 on."),
    "UnknownCode": _("Choose one of the answers."),
    "VersionChanged": _("Somebody changed this meanwhile. Look at it again, then send it once more."),
    "IdempotencyKeyReused": _("This form was sent before. Open it again."),
    "RoleMissing": _("Your role at this table does not include this."),
    "SecondFactorMissing": _("Sign in again with your second step first."),
    "UndertakingMissing": _("Accept the undertaking of secrecy first."),
    "NotOfYourTown": _("You do not hold this role for this municipality."),
    "ListTooLong": _("These are too many at once."),
    "BodyTooLarge": _("This is too much for one form."),
    "BodyTooSlow": _("The connection was too slow. Send it again."),
    "BodyMalformed": _("This form is out of date. Open it again."),
    "FormMalformed": _("This form is out of date. Open it again."),
    "CsrfTokenMissing": _("This form is out of date. Open it again."),
    "MethodNotAllowed": _("This page cannot do that."),
    "ContentTypeUnsupported": _("This form is out of date. Open it again."),
    "IdempotencyKeyMissing": _("This form is out of date. Open it again."),
    "IfMatchMissing": _("This form is out of date. Open it again."),
    "TooManyRequests": _("That was too much at once. Wait a moment, then try again."),
    "DraftTooLarge": _("This is too much to be kept. Shorten it."),
    # Cells, people, mandates.
    "CellExists": _("One of these municipalities already has a cell."),
    "CellFounded": _("The cell got its mayor a moment ago. From now on it gives its mandates itself."),
    "ClearanceMissing": _("An information officer needs a clearance that is still valid."),
    "ClearanceNotAsked": _("Only the police have a clearance here. Leave this empty."),
    "HostInCell": _("This person acts for the host, or did in the last 90 days, and cannot sit at a table."),
    "IntelligenceServiceRefused": _("Intelligence services do not sit at this table."),
    "KboNumberWrong": _("This is not an enterprise number. Check its ten digits."),
    "LastCoordinator": _("A municipality would be left without a coordinator. Appoint a successor first."),
    "LegalBasisNotForKind": _("This legal basis is not meant for this kind of organisation."),
    "LegalBasisNotForRegion": _("This legal basis does not apply in this region."),
    "LegalBasisUnknown": _("There is no legal basis of that name."),
    "MandateEnded": _("This mandate has ended already."),
    "MandateExists": _("This person already has this mandate in that time."),
    "MandateOver": _("The last day lies in the past. Choose a later one."),
    "MandateReversed": _("The last day comes before the first. Choose a later one."),
    "MandateTooLong": _("A mandate lasts five years at most. Choose an earlier last day."),
    "MunicipalityMerged": _("This municipality was merged into another."),
    "MunicipalityNotInCell": _("Choose a municipality you sit for."),
    "OrganisationExists": _("This organisation is known already."),
    "OrganisationUnknown": _("This organisation is not known yet. Register it first."),
    "ProposalDecided": _("This proposal was answered already."),
    "OwnIdentity": _("This is your own way in. Somebody else of the host must close it."),
    "SignInServiceAway": _("The sign-in service does not answer. Try again later."),
    "SignInServiceBusy": _("Many people are invited right now. Try again in a moment."),
    "TooManyProposals": _("Too many proposals wait already. Answer some first."),
    "UndertakingTextChanged": _("The text was changed. Read it again, then accept it."),
    "UnknownMunicipality": _("There is no municipality with this number."),
    # Signals and cases.
    "AlreadyInCircle": _("This person is invited already for that time. Choose a first day after it."),
    "BestInterestMissing": _("This is about a minor: write what is best for the child."),
    "CaseStateForbids": _("The case has moved on, so this cannot be done now."),
    "ContributionStateForbids": _("This contribution has moved on, so this cannot be done now."),
    "EvidenceInFuture": _("This day has yet to come. Choose today or earlier."),
    "InvitationOutlivesMandate": _("This person's mandate ends earlier. Choose an earlier last day."),
    "LegalBasisNotInForce": _("This legal basis is not in force for your organisation now, so you cannot share."),
    "PartMissing": _("Your invitation does not include this part of the case."),
    "PeriodInPast": _("The first day lies in the past. Choose today or later."),
    "PeriodReversed": _("The last day comes before the first. Choose a later one."),
    "PersonWithoutMandate": _("This person has no mandate at this table on that day, or did not promise secrecy."),
    "ProposalIncomplete": _("A criterion lacks its evidence, day or argument."),
    "ReviewOverdue": _("The review is more than 14 days late. Set a new date first, then share."),
    "SignalStateForbids": _("This signal has moved on, so this cannot be done now."),
    "TooManyCriteria": _("These are too many criteria. Keep the strongest."),
    # Sessions.
    "CaseNotForDecision": _("This case cannot be decided on now."),
    "CaseNotOnList": _("Choose cases that are on the list."),
    "CaseTwice": _("This case is on the agenda twice."),
    "ClearanceExpired": _("The clearance of the police delegate has expired. Somebody else of the police must sit."),
    "DateNotInFuture": _("Choose a day that has yet to come."),
    "DissentOfAbsent": _("Only who is present can disagree here."),
    "DissentTwice": _("The same person disagrees twice. Write it in one place."),
    "FollowUpIncomplete": _("Following up needs an action, somebody who leads the case, and a day to look again."),
    "ItemDecided": _("This was decided before."),
    "NoActionHasPlan": _("Not following up needs no plan. Leave it empty."),
    "PersonOutsideCircle": _("Choose somebody of the circle of this case."),
    "SeatMissing": _("Mayor, police and prevention must all three be present."),
    "SecrecyNotDeclared": _("Say that secrecy was declared."),
    "SessionInThePast": _("This session would be over already. Choose a later moment."),
    "SessionStateForbids": _("The session has moved on, so this cannot be done now."),
    "WindowOutsideSession": _("This lies outside the time of the session."),
    "WindowReversed": _("The end comes before the beginning. Choose a later end."),
    "WindowsOverlap": _("Two cases overlap in time."),
}
UNKNOWN = _("This cannot be done now.")


def sentence_for(problem: Problem) -> str:
    """The message for this problem, to be translated where it is shown."""
    return SENTENCES.get(problem.code, UNKNOWN)

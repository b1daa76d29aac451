"""What only single operations are refused for, by the service behind them: code, kind and sentence as the service says.

Services are islands, so this is written here a second time; a test compares it with their own errors.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.kit.errors import Conflict, Denied, Invalid, RondetafelError, Unavailable
from services.kit.problems import STATUS, Problem

Sentences = Mapping[str, tuple[type[RondetafelError], str]]

PARTNER_DIRECTORY: Sentences = {
    "CellExists": (Conflict, "One of the municipalities already has a cell."),
    "CellNotLost": (
        Conflict,
        "The cell has a mayor or a coordinator, now or planned, who can say yes; it needs no recovery.",
    ),
    "CellFounded": (
        Conflict,
        "The cell got its mayor a moment ago: from now on the host proposes and the cell gives.",
    ),
    "ClearanceMissing": (Invalid, "An information officer needs a security clearance that has not expired."),
    "ClearanceNotAsked": (Invalid, "Only members of the police have a security clearance here."),
    "HostInCell": (
        Conflict,
        "Who acts for the host, or did in the last 90 days, holds no mandate in a cell.",
    ),
    "IntelligenceServiceRefused": (Invalid, "Intelligence services do not sit in a cell."),
    "KboNumberWrong": (Invalid, "This is not an enterprise number: its check digits do not fit."),
    "LastCoordinator": (Conflict, "A town would be left without coordinator, and without a mayor who stands in."),
    "LegalBasisNotForKind": (Invalid, "The legal basis does not let this kind of partner take part."),
    "LegalBasisNotForRegion": (Invalid, "The legal basis does not apply where the municipality lies."),
    "LegalBasisNotInForce": (Invalid, "The legal basis is not in force during the whole mandate."),
    "LegalBasisUnknown": (Invalid, "There is no legal basis with this code."),
    "MandateEnded": (Conflict, "The mandate has ended already."),
    "MandateExists": (Conflict, "This person already has this mandate in that time."),
    "MandateOver": (Invalid, "The mandate would be over already."),
    "MandateReversed": (Invalid, "The mandate would end before it begins."),
    "MandateTooLong": (Invalid, "A mandate lasts five years at most."),
    "MunicipalityMerged": (Invalid, "This municipality was merged into another."),
    "MunicipalityNotInCell": (Invalid, "The municipality is not one of this cell for the caller."),
    "OrganisationExists": (Conflict, "An organisation with this enterprise number is already known."),
    "OrganisationUnknown": (Invalid, "No organisation with this enterprise number is known; register it first."),
    "ProposalDecided": (Conflict, "The cell has answered this proposal already."),
    "OwnIdentity": (Invalid, "Nobody shuts out themselves; somebody else of the host does that."),
    "RecoveryExpired": (Conflict, "The recovery was proposed more than 14 days ago; it has to be proposed anew."),
    "RecoverySamePerson": (
        Conflict,
        "Each step of a recovery is another person's, and none of them is the one it is for.",
    ),
    "RecoveryStateForbids": (Conflict, "The state of the recovery does not allow this now."),
    "SignInServiceAway": (Unavailable, "The sign-in service does not answer; try again later."),
    "SignInServiceBusy": (Unavailable, "Too many people are invited at the same time; try again in a moment."),
    "TooManyProposals": (
        Conflict,
        "So many proposals wait in this cell already that it has to answer some first.",
    ),
    "TooManyRecoveries": (
        Conflict,
        "So many recoveries wait for this cell already that one has to be answered or to expire first.",
    ),
    "UndertakingTextChanged": (Conflict, "This is not the present text of the undertaking; read it and accept it."),
    "UnknownMunicipality": (Invalid, "There is no municipality with this NIS code."),
}
CASE: Sentences = {
    "AlreadyInCircle": (Conflict, "This person is invited to this case already, for a part of that period."),
    "BestInterestMissing": (Invalid, "The case of a minor needs a statement of the minor's best interest."),
    "CaseStateForbids": (Conflict, "The state of the case does not allow this now."),
    "ContributionStateForbids": (Conflict, "The state of the contribution does not allow this now."),
    "EvidenceInFuture": (Invalid, "The evidence of a criterion is dated in the future."),
    "InvitationOutlivesMandate": (Invalid, "The invitation would last longer than the mandate of the person invited."),
    "LegalBasisNotInForce": (Invalid, "The legal basis is not one of a valid mandate of the author's organisation."),
    "MunicipalityNotInCell": (Invalid, "The municipality is not one of this cell for the caller."),
    "NotOfYourTown": (Denied, "The caller does not hold this role for the municipality concerned."),
    "PartMissing": (Denied, "The caller's place in the circle does not include this part of the case."),
    "PeriodInPast": (Invalid, "The period starts in the past."),
    "PeriodReversed": (Invalid, "The period ends before it starts."),
    "PersonWithoutMandate": (Invalid, "This person holds no valid mandate at the table of this case."),
    "ProposalIncomplete": (
        Conflict,
        "A criterion lacks its evidence, date or argument, so the case cannot be placed on the list.",
    ),
    "ReviewOverdue": (
        Conflict,
        "The review of this case is overdue for more than fourteen days: nothing new is shared until it has a date.",
    ),
    "SignalStateForbids": (Conflict, "The state of the signal does not allow this now."),
    "TooManyCriteria": (Invalid, "A proposal names more criteria than there can be."),
}
MEETING: Sentences = {
    "CaseNotForDecision": (Conflict, "The state of the case does not allow a decision in session now."),
    "CaseNotOnList": (Invalid, "The case is not on a list that the caller coordinates."),
    "CaseTwice": (Invalid, "The case stands on this agenda twice."),
    "ClearanceExpired": (Conflict, "The security clearance of the police delegate has expired."),
    "DateNotInFuture": (Invalid, "The date is not in the future."),
    "DissentOfAbsent": (Invalid, "The dissent is of somebody who is not present in this session."),
    "DissentTwice": (Invalid, "The same person dissents twice."),
    "FollowUpIncomplete": (Invalid, "A follow-up was decided without action, case lead or review date."),
    "ItemDecided": (Conflict, "This agenda item was decided before."),
    "ListTooLong": (Invalid, "A list has more entries than its field allows."),
    "NoActionHasPlan": (Invalid, "A decision of no action came with an action, case lead or review date."),
    "NotOfYourTown": (Denied, "The caller does not hold this seat for the town concerned."),
    "PersonOutsideCircle": (Invalid, "Somebody named is not in the circle of the case."),
    "PersonWithoutMandate": (
        Invalid,
        "Somebody named holds no valid mandate at this table, or did not accept its undertaking.",
    ),
    "SeatMissing": (Conflict, "A mandatory seat is not taken."),
    "SecrecyNotDeclared": (Invalid, "The secrecy of the session was not declared."),
    "SessionInThePast": (Invalid, "The session would be over already."),
    "SessionStateForbids": (Conflict, "The state of the session does not allow this now."),
    "WindowOutsideSession": (Invalid, "The time window of an agenda item is not inside that of its session."),
    "WindowReversed": (Invalid, "The time window does not end after it starts."),
    "WindowsOverlap": (Invalid, "The time windows of two agenda items overlap."),
}

OPERATIONS: Mapping[str, tuple[Sentences, str]] = {
    "create_cell": (PARTNER_DIRECTORY, "CellExists MunicipalityMerged UnknownMunicipality"),
    "register_organisation": (PARTNER_DIRECTORY, "IntelligenceServiceRefused KboNumberWrong OrganisationExists"),
    "invite_person": (
        PARTNER_DIRECTORY,
        "CellFounded ClearanceMissing ClearanceNotAsked HostInCell KboNumberWrong LegalBasisNotForKind "
        "LegalBasisNotForRegion LegalBasisNotInForce LegalBasisUnknown MandateExists MandateOver "
        "MandateReversed MandateTooLong MunicipalityNotInCell OrganisationUnknown SignInServiceAway "
        "SignInServiceBusy TooManyProposals",
    ),
    "confirm_proposal": (
        PARTNER_DIRECTORY,
        "ClearanceMissing HostInCell LegalBasisNotForKind LegalBasisNotForRegion LegalBasisNotInForce MandateExists "
        "MandateOver MunicipalityNotInCell ProposalDecided SignInServiceAway SignInServiceBusy",
    ),
    "decline_proposal": (PARTNER_DIRECTORY, "ProposalDecided"),
    "propose_recovery": (
        PARTNER_DIRECTORY,
        "CellNotLost KboNumberWrong LegalBasisNotForKind LegalBasisNotForRegion LegalBasisNotInForce LegalBasisUnknown "
        "MandateOver MandateReversed MandateTooLong MunicipalityNotInCell OrganisationUnknown TooManyRecoveries",
    ),
    "second_recovery": (PARTNER_DIRECTORY, "CellNotLost RecoveryExpired RecoverySamePerson RecoveryStateForbids"),
    "confirm_recovery": (
        PARTNER_DIRECTORY,
        "CellNotLost HostInCell LegalBasisNotForKind LegalBasisNotForRegion LegalBasisNotInForce MandateExists "
        "MandateOver MunicipalityNotInCell RecoveryExpired RecoverySamePerson RecoveryStateForbids SignInServiceAway "
        "SignInServiceBusy",
    ),
    "end_mandate": (PARTNER_DIRECTORY, "LastCoordinator MandateEnded"),
    "disable_identity": (PARTNER_DIRECTORY, "OwnIdentity SignInServiceAway SignInServiceBusy"),
    "enable_identity": (PARTNER_DIRECTORY, "SignInServiceAway SignInServiceBusy"),
    "accept_undertaking": (PARTNER_DIRECTORY, "UndertakingTextChanged"),
    "enter_signal": (CASE, "MunicipalityNotInCell"),
    "propose_case": (
        CASE,
        "BestInterestMissing EvidenceInFuture NotOfYourTown SignalStateForbids TooManyCriteria PartMissing",
    ),
    "place_on_list": (CASE, "CaseStateForbids NotOfYourTown ProposalIncomplete PartMissing"),
    "refuse_case": (CASE, "CaseStateForbids NotOfYourTown PartMissing"),
    "invite_to_circle": (
        CASE,
        "AlreadyInCircle CaseStateForbids InvitationOutlivesMandate NotOfYourTown PeriodInPast "
        "PeriodReversed PersonWithoutMandate",
    ),
    "write_contribution": (CASE, "CaseStateForbids NotOfYourTown PartMissing"),
    "revise_contribution": (CASE, "CaseStateForbids ContributionStateForbids"),
    "decline_contribution": (CASE, "CaseStateForbids NotOfYourTown PartMissing"),
    "assess_contribution": (CASE, "CaseStateForbids ContributionStateForbids LegalBasisNotInForce"),
    "share_contribution": (CASE, "CaseStateForbids ContributionStateForbids LegalBasisNotInForce ReviewOverdue"),
    "plan_session": (
        MEETING,
        "CaseNotOnList CaseTwice ListTooLong SessionInThePast WindowOutsideSession WindowReversed WindowsOverlap",
    ),
    "open_session": (
        MEETING,
        "ClearanceExpired ListTooLong NotOfYourTown PersonWithoutMandate SeatMissing "
        "SecrecyNotDeclared SessionStateForbids",
    ),
    "record_decision": (
        MEETING,
        "CaseNotForDecision ClearanceExpired DateNotInFuture DissentOfAbsent DissentTwice "
        "FollowUpIncomplete ItemDecided ListTooLong NoActionHasPlan NotOfYourTown "
        "PersonOutsideCircle SeatMissing SessionStateForbids",
    ),
}


def told_by_service(verb: str) -> list[Problem]:
    """The refusals that only this operation has."""
    sentences, codes = OPERATIONS.get(verb, ({}, ""))
    return [Problem(STATUS[sentences[code][0]], code, sentences[code][1]) for code in codes.split()]

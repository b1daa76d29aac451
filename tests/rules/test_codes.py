"""A list of codes is written once: what the services and the portal keep of it holds the same codes."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from services.case.information import INFORMED, POSTPONED
from services.case.model import (
    ActionState,
    CaseState,
    ContributionState,
    ExchangeKind,
    Part,
    QuestionState,
    SignalState,
)
from services.kit import codes
from services.kit.identities import Revoked
from services.kit.paging import Time
from services.kit.policy import EVERYBODY, Verb
from services.meeting.model import Outcome, SessionState
from services.partner_directory.model import (
    ALLOWS,
    FOUNDING,
    INTELLIGENCE_SERVICE,
    PARTNER_KINDS,
    GivenBy,
    InvitationState,
    RulesFormat,
    RulesKind,
    RulesStanding,
    RulesState,
)
from services.partner_directory.seating import SeatState
from services.portal import model as portal
from services.portal.backends.noting import CLIENT, FAMILIES, OTHER
from services.portal.web.signal.check_routes import ANSWERS
from services.portal.web.signal.check_words import STANDINGS
from services.portal.web.ui.browsers import BROWSERS
from services.portal.web.ui.labels import LISTS

KEPT: dict[str, tuple[Collection[str], ...]] = {
    "ActionStates": (list(ActionState), LISTS["action_state"]),
    "AnswersInformed": (LISTS["informed"],),
    "AuditVerbs": (list(Verb), LISTS["verb"]),
    "Browsers": ({*(family for _, family in FAMILIES), CLIENT, OTHER}, BROWSERS),
    "CaseStates": (list(CaseState), LISTS["case_state"]),
    "CellRoles": (EVERYBODY, set(LISTS["role"]) - {"host"}),
    "CheckAnswers": (ANSWERS,),
    "CheckStandings": (STANDINGS,),
    "ContributionStates": (list(ContributionState),),
    "Criteria": (LISTS["criterion"],),
    "EndReasons": (LISTS["end_reason"],),
    "DeputyTurns": (LISTS["deputy_turn"],),
    "CellSuspensionReasons": (LISTS["cell_suspension"],),
    "SuspensionReasons": (LISTS["suspension"],),
    "EvidenceKinds": (LISTS["evidence"],),
    "ExchangeKinds": (list(ExchangeKind),),
    "FoundingRoles": (FOUNDING,),
    "IdentityKinds": (set(Revoked) - {Revoked.SESSION},),
    "InvitationEndReasons": (LISTS["invitation_end"],),
    "InvitationStates": (list(InvitationState), LISTS["invitation_state"]),
    "InvitedParts": (set(Part) - {Part.FRAME},),
    "Languages": (portal.LANGUAGES,),
    "LegalPurposes": (ALLOWS, LISTS["legal_purpose"]),
    "LifeDomains": (LISTS["life_domain"],),
    "OrganisationKinds": (PARTNER_KINDS | {INTELLIGENCE_SERVICE}, {*LISTS["kind"], INTELLIGENCE_SERVICE}),
    "Outcomes": (list(Outcome), LISTS["outcome"]),
    "Parts": (list(Part), LISTS["part"]),
    "Phenomena": (LISTS["phenomenon"],),
    "Places": (LISTS["place"],),
    "Regions": (LISTS["region"],),
    "RulesFormats": (list(RulesFormat),),
    "RulesKinds": (list(RulesKind), LISTS["rules_kind"]),
    "RulesStandings": (list(RulesStanding), LISTS["rules_standing"]),
    "RulesStates": (list(RulesState),),
    "SeatStates": (list(SeatState),),
    "SessionStates": (list(SessionState),),
    "QuestionStates": (list(QuestionState), LISTS["question_state"]),
    "SignalStates": (list(SignalState), LISTS["signal_state"]),
    "Times": (list(Time),),
    "InformationAnswers": ((INFORMED, POSTPONED),),
    "InformationReasons": (LISTS["information_reason"],),
    "InformationStandings": (("waiting", "late", INFORMED, POSTPONED),),
    "UncheckedReasons": (LISTS["unchecked"],),
    "DismissalReasons": (LISTS["dismissal"],),
    "HelpKinds": (LISTS["help"],),
    "WaysGiven": (list(GivenBy), LISTS["given_by"]),
}
"""Where else codes of a list stand: as names of domain code, and with their words in the portal."""


def differing(listed: Collection[str], kept: Collection[str]) -> set[str]:
    """Codes that stand in one of the two only."""
    return set(listed) ^ {str(code) for code in kept}


def test_every_list_is_compared() -> None:
    assert set(KEPT) == set(codes.LISTS)


@pytest.mark.parametrize("name", KEPT)
def test_the_same_codes_everywhere(name: str) -> None:
    assert [differing(codes.LISTS[name], kept) for kept in KEPT[name]] == [set()] * len(KEPT[name])


def test_the_comparison_reports() -> None:
    assert differing(codes.PLACES, {*codes.PLACES, "moon"} - {"online"}) == {"moon", "online"}

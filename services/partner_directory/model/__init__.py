"""Cells, organisations, law and mandates: entities and their rules."""

from services.kit.codes import END_REASONS, REGIONS
from services.partner_directory.model.announcement import Announcement, Done
from services.partner_directory.model.base import Base, years_after
from services.partner_directory.model.cell import (
    INTELLIGENCE_SERVICE,
    PARTNER_KINDS,
    Cell,
    CellMunicipality,
    Organisation,
    on_platform,
)
from services.partner_directory.model.event import OVERLAP, EventStream, SeenEvent
from services.partner_directory.model.fact_key import KEY_KEPT, KEY_TERM, FactKey, fact_key_data
from services.partner_directory.model.given import (
    APART,
    FOUNDING,
    GIVEN_BY_COORDINATOR,
    GIVEN_BY_MAYOR,
    PROPOSED_BY_HOST,
    WAIT,
    WITHOUT_CELL,
    GivenBy,
)
from services.partner_directory.model.law import (
    ALLOWS,
    SPEAK,
    BasisConfirmation,
    BasisUse,
    LegalBasis,
    Municipality,
    legal_basis_on,
)
from services.partner_directory.model.mandate import (
    CellPerson,
    Mandate,
    MandateState,
    PersonCell,
    Window,
    clearance_end,
)
from services.partner_directory.model.proposal import MOST_OPEN, Proposal, ProposalState
from services.partner_directory.model.recovery import MOST_RECOVERIES, RECOVERY_TERM, Recovery, RecoveryState
from services.partner_directory.model.register import Register
from services.partner_directory.model.rules import (
    RULES_MOVES,
    UNDERTAKING_GRACE,
    CellUndertaking,
    Rules,
    RulesAcceptance,
    RulesFormat,
    RulesKind,
    RulesPart,
    RulesStanding,
    RulesState,
    live_on,
)
from services.partner_directory.model.sign_in_letter import CLAIMED_FOR, LINK_LIVES, SignInLetter

TENANT_TABLES = frozenset(
    {
        "mandate", "cell_person", "proposal", "recovery", "seen_event", "sign_in_letter", "rules", "rules_part",
        "rules_acceptance",
    }
)  # fmt: skip
PERSON_TABLES = frozenset({"person_cell"})
PLATFORM_TABLES = frozenset(
    {
        "municipality", "legal_basis", "basis_use", "basis_confirmation", "organisation", "cell", "cell_municipality",
        "fact_counter", "fact_key", "announcement", "cell_undertaking",
    }
)  # fmt: skip

__all__ = [
    "ALLOWS",
    "APART",
    "CLAIMED_FOR",
    "END_REASONS",
    "FOUNDING",
    "GIVEN_BY_COORDINATOR",
    "GIVEN_BY_MAYOR",
    "INTELLIGENCE_SERVICE",
    "KEY_KEPT",
    "KEY_TERM",
    "LINK_LIVES",
    "MOST_OPEN",
    "MOST_RECOVERIES",
    "OVERLAP",
    "PARTNER_KINDS",
    "PERSON_TABLES",
    "PLATFORM_TABLES",
    "PROPOSED_BY_HOST",
    "RECOVERY_TERM",
    "REGIONS",
    "RULES_MOVES",
    "SPEAK",
    "TENANT_TABLES",
    "UNDERTAKING_GRACE",
    "WAIT",
    "WITHOUT_CELL",
    "Announcement",
    "Base",
    "BasisConfirmation",
    "BasisUse",
    "Cell",
    "CellMunicipality",
    "CellPerson",
    "CellUndertaking",
    "Done",
    "EventStream",
    "FactKey",
    "GivenBy",
    "LegalBasis",
    "Mandate",
    "MandateState",
    "Municipality",
    "Organisation",
    "PersonCell",
    "Proposal",
    "ProposalState",
    "Recovery",
    "RecoveryState",
    "Register",
    "Rules",
    "RulesAcceptance",
    "RulesFormat",
    "RulesKind",
    "RulesPart",
    "RulesStanding",
    "RulesState",
    "SeenEvent",
    "SignInLetter",
    "Window",
    "clearance_end",
    "fact_key_data",
    "legal_basis_on",
    "live_on",
    "on_platform",
    "years_after",
]

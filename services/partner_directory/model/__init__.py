"""Cells, organisations, law and mandates: entities and their rules."""

from services.kit.codes import END_REASONS, REGIONS
from services.partner_directory.model.announcement import Announcement, Done
from services.partner_directory.model.base import Base, years_after
from services.partner_directory.model.cell import (
    CELL_MOVES,
    INTELLIGENCE_SERVICE,
    PARTNER_KINDS,
    Cell,
    CellMunicipality,
    CellState,
    Organisation,
    on_platform,
)
from services.partner_directory.model.deputy import DEPUTIES, Absence, turn_of
from services.partner_directory.model.event import OVERLAP, EventStream, SeenEvent
from services.partner_directory.model.fact_key import KEY_KEPT, KEY_TERM, FactKey, fact_key_data
from services.partner_directory.model.given import (
    APART,
    FOUNDING,
    GIVEN_BY_COORDINATOR,
    GIVEN_BY_MAYOR,
    GIVES,
    PROPOSED_BY_HOST,
    WAIT,
    WITHOUT_CELL,
    GivenBy,
)
from services.partner_directory.model.invitation import (
    MOST_OPEN_INVITATIONS,
    MOST_TRIES,
    Invitation,
    InvitationState,
    code_expiry,
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
from services.partner_directory.model.letter import (
    GATHERED_FOR,
    MOST_LETTERS,
    MOST_URGENT,
    POSTED_WITHIN,
    Letter,
    LetterKind,
    LettersOfDay,
    Notice,
    next_day,
    next_hour,
)
from services.partner_directory.model.mandate import (
    ABSENT,
    CLEARANCE_WARNED,
    CellPerson,
    Mandate,
    MandateState,
    PersonCell,
    Window,
    clearance_end,
)
from services.partner_directory.model.profile import UNTOLD, PersonProfile, read_telephone
from services.partner_directory.model.proposal import MOST_OPEN, PROPOSAL_TERM, Proposal, ProposalState
from services.partner_directory.model.recovery import MOST_RECOVERIES, RECOVERY_TERM, Recovery, RecoveryState
from services.partner_directory.model.register import Register
from services.partner_directory.model.sign_in_letter import CLAIMED_FOR, LINK_LIVES, SignInLetter

TENANT_TABLES = frozenset(
    {
        "absence",
        "mandate",
        "cell_person",
        "invitation",
        "proposal",
        "recovery",
        "seen_event",
        "sign_in_letter",
        "letter",
        "notice",
        "letters_of_day",
    }
)
PERSON_TABLES = frozenset({"person_cell", "person_profile"})
PLATFORM_TABLES = frozenset(
    {
        "municipality", "legal_basis", "basis_use", "basis_confirmation", "organisation", "cell", "cell_municipality",
        "fact_counter", "fact_key", "announcement",
    }
)  # fmt: skip

__all__ = [
    "ABSENT",
    "ALLOWS",
    "APART",
    "CELL_MOVES",
    "CLAIMED_FOR",
    "CLEARANCE_WARNED",
    "DEPUTIES",
    "END_REASONS",
    "FOUNDING",
    "GATHERED_FOR",
    "GIVEN_BY_COORDINATOR",
    "GIVEN_BY_MAYOR",
    "GIVES",
    "INTELLIGENCE_SERVICE",
    "KEY_KEPT",
    "KEY_TERM",
    "LINK_LIVES",
    "MOST_LETTERS",
    "MOST_OPEN",
    "MOST_OPEN_INVITATIONS",
    "MOST_RECOVERIES",
    "MOST_TRIES",
    "MOST_URGENT",
    "OVERLAP",
    "PARTNER_KINDS",
    "PERSON_TABLES",
    "PLATFORM_TABLES",
    "POSTED_WITHIN",
    "PROPOSAL_TERM",
    "PROPOSED_BY_HOST",
    "RECOVERY_TERM",
    "REGIONS",
    "SPEAK",
    "TENANT_TABLES",
    "UNTOLD",
    "WAIT",
    "WITHOUT_CELL",
    "Absence",
    "Announcement",
    "Base",
    "BasisConfirmation",
    "BasisUse",
    "Cell",
    "CellMunicipality",
    "CellPerson",
    "CellState",
    "Done",
    "EventStream",
    "FactKey",
    "GivenBy",
    "Invitation",
    "InvitationState",
    "LegalBasis",
    "Letter",
    "LetterKind",
    "LettersOfDay",
    "Mandate",
    "MandateState",
    "Municipality",
    "Notice",
    "Organisation",
    "PersonCell",
    "PersonProfile",
    "Proposal",
    "ProposalState",
    "Recovery",
    "RecoveryState",
    "Register",
    "SeenEvent",
    "SignInLetter",
    "Window",
    "clearance_end",
    "code_expiry",
    "fact_key_data",
    "legal_basis_on",
    "next_day",
    "next_hour",
    "on_platform",
    "read_telephone",
    "turn_of",
    "years_after",
]

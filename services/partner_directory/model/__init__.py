"""Cells, organisations, law and mandates: entities and their rules."""

from services.partner_directory.model.base import Base, years_after
from services.partner_directory.model.cell import (
    INTELLIGENCE_SERVICE,
    PARTNER_KINDS,
    Cell,
    CellMunicipality,
    Organisation,
    is_kbo_number,
    on_platform,
)
from services.partner_directory.model.fact_key import KEY_KEPT, KEY_TERM, FactKey, fact_key_place
from services.partner_directory.model.law import REGIONS, LegalBasis, Municipality, legal_basis_on
from services.partner_directory.model.mandate import (
    END_REASONS,
    INVITED_BY_COORDINATOR,
    INVITED_BY_HOST,
    CellPerson,
    Mandate,
    MandateState,
    PersonCell,
    Window,
    clearance_end,
)

TENANT_TABLES = frozenset({"mandate", "cell_person"})
PERSON_TABLES = frozenset({"person_cell"})
PLATFORM_TABLES = frozenset(
    {"municipality", "legal_basis", "organisation", "cell", "cell_municipality", "fact_counter", "fact_key"}
)

__all__ = [
    "END_REASONS",
    "INTELLIGENCE_SERVICE",
    "INVITED_BY_COORDINATOR",
    "INVITED_BY_HOST",
    "KEY_KEPT",
    "KEY_TERM",
    "PARTNER_KINDS",
    "PERSON_TABLES",
    "PLATFORM_TABLES",
    "REGIONS",
    "TENANT_TABLES",
    "Base",
    "Cell",
    "CellMunicipality",
    "CellPerson",
    "FactKey",
    "LegalBasis",
    "Mandate",
    "MandateState",
    "Municipality",
    "Organisation",
    "PersonCell",
    "Window",
    "clearance_end",
    "fact_key_place",
    "is_kbo_number",
    "legal_basis_on",
    "on_platform",
    "years_after",
]

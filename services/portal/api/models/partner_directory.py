"""Bodies and answers of the partner directory."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.portal.api.schema import Body, Code, Day, Id, Kbo, Name, Nis, Page, View, example

RoleCode = Literal[
    "mayor", "mayor_delegate", "police_chief", "information_officer", "prevention_officer", "coordinator",
    "participant", "minute_taker", "dpo", "oversight",
]  # fmt: skip

BrandColour = Annotated[str, Field(max_length=7, description="#rrggbb in lower case; empty = the colour of the house.")]

MY_CELL = {
    "cell_id": "01932f6e-0000-7000-8000-000000000001",
    "name": "Vaartbeke",
    "nis_codes": ["24001"],
    "roles": ["coordinator"],
    "undertaking_accepted": True,
    "undertaking_text_version": "2026-1",
    "towns": [{"nis_code": "24001", "name": "Aarschot", "name_fr": "Aarschot"}],
    "brand_colour": "#1b6c68",
    "region": "flanders",
    "may": ["accept_undertaking", "change_brand_colour", "invite_person", "list_mandates", "list_proposals"],
}
UNDERTAKING = {"version": "2026-1", "nl": "Ik neem deel ...", "fr": "Je participe ...", "de": "Ich ...", "en": "I ..."}
MANDATE = {
    "mandate_id": "01932f6e-0000-7000-8000-000000000002",
    "person_id": "7b0c6a5a-3f0b-5d6e-8a43-5b1d3a1c7e10",
    "given_name": "Nele",
    "family_name": "Claes",
    "organisation_id": "01932f6e-0000-7000-8000-000000000003",
    "organisation_name": "CAW Kanaal",
    "organisation_kind": "caw",
    "role": "participant",
    "nis_codes": ["24001"],
    "from": "2026-11-24",
    "to": "2027-11-23",
    "undertaking_accepted": True,
    "version": 1,
    "legal_basis": "decree-vl-2021-05-21",
    "ended": False,
    "given_by": "CELL",
    "given_at": "2026-11-23T14:02:00Z",
    "may": ["end_mandate"],
    "seat": "participant",
}


class CreateCell(Body):
    """A cell for one town or several."""

    model_config = example(nis_codes=["24001", "24008"], name="Vaartbeke", brand_colour="#1b6c68")

    nis_codes: list[Nis] = Field(min_length=1, max_length=20, description="The towns, the first gives the name.")
    name: Name | None = Field(None, description="Shown name; absent = name of the first town.")
    brand_colour: BrandColour = ""
    contact: str = Field(
        "",
        max_length=254,
        description="E-mail address of the municipality, of no person; it is told what the host does.",
    )


class ChangeBrandColour(Body):
    """The one colour the pages of a cell are tinted with."""

    model_config = example(brand_colour="#7a2230")

    brand_colour: BrandColour


IDENTITY = {"kind": "subject", "value": "7e2f1c1a-5d0e-4b55-9a7e-2f6b8f0f1d11"}


class DisableIdentity(Body):
    """A person, an identity provider or an organisation of the sign-in service."""

    model_config = example(**IDENTITY)

    kind: Literal["subject", "provider", "organisation"] = Field(description="What is to be shut out.")
    value: str = Field(
        min_length=1, max_length=100,
        description="As the sign-in service has it: the account's id, the provider's alias, the organisation's id.",
    )  # fmt: skip


class EnableIdentity(DisableIdentity):
    """The same, to let in again."""

    model_config = example(**IDENTITY)


class RegisterOrganisation(Body):
    """A partner organisation."""

    model_config = example(kbo_number="0417497106", name="CAW Kanaal", kind="caw")

    kbo_number: Kbo = Field(description="Ten digits, the last two = 97 - (first eight mod 97).")
    name: Name
    kind: Code = Field(description="A partner kind such as caw, school or local_police.")


class InvitePerson(Body):
    """A mandate for a person, found or made by exact e-mail; the answer never tells which."""

    model_config = example(
        email="nele@caw-kanaal.example", given_name="Nele", family_name="Claes", kbo_number="0417497106",
        role="participant", nis_codes=["24001"], from_="2026-11-24", to="2027-11-23",
        legal_basis="decree-vl-2021-05-21",
    )  # fmt: skip

    email: str = Field(min_length=3, max_length=254)
    given_name: Name
    family_name: Name
    kbo_number: Kbo = Field(description="The organisation the person speaks for.")
    role: RoleCode
    nis_codes: list[Nis] = Field(default=[], max_length=20, description="The towns it is for; empty = all of the cell.")
    from_: Day = Field(alias="from")
    to: Day = Field(description="The last day, inclusive, as it is in Brussels.")
    legal_basis: Code = Field(description="Code of a legal basis in force for that kind of partner.")
    clearance_until: Day | None = Field(None, description="Police seats only: last day of the clearance.")


class EndMandate(Body):
    """Why a mandate ends."""

    model_config = example(reason="successor")

    reason: Literal["successor", "left", "conflict_of_interest", "other"]


class AcceptUndertaking(Body):
    """The undertaking of secrecy that was shown and is accepted."""

    model_config = example(text_version="2026-1")

    text_version: Code


class Municipality(View):
    """A town."""

    nis_code: str
    name: str = Field("", description="In Dutch.")
    name_fr: str = ""


class Undertaking(View):
    """The text of secrecy in force today."""

    version: str
    nl: str = ""
    fr: str = ""
    de: str = ""
    en: str = ""


class MyCell(View):
    """A cell the caller sits in."""

    cell_id: Id
    name: str = ""
    nis_codes: list[str] = []
    roles: list[str] = []
    undertaking_accepted: bool = False
    undertaking_text_version: str = Field("", description="Version of the text to accept.")
    towns: list[Municipality] = []
    brand_colour: BrandColour = ""
    region: str = Field("", description="flanders, wallonia or brussels: of the first town.")
    opens_at: datetime | None = Field(None, description="Content is closed to the caller until then; absent: open.")
    may: list[str] = Field(
        [], description="The verbs that role, secrecy and sign-in let the caller do in this cell, in all services."
    )


class MyCells(View):
    """All tables the caller sits at."""

    model_config = example(cells=[MY_CELL], undertaking=UNDERTAKING, host=False, may=[])

    cells: list[MyCell] = []
    undertaking: Undertaking | None = None
    host: bool = Field(False, description="Whether the caller may act for the host.")
    may: list[str] = Field([], description="The verbs the caller may do on the platform.")


class Mandate(View):
    """A mandate in this cell, with the name of its person."""

    mandate_id: Id
    person_id: Id
    given_name: str = ""
    family_name: str = ""
    organisation_id: Id
    organisation_name: str = ""
    organisation_kind: str = ""
    role: str
    nis_codes: list[str] = []
    from_: str = Field(alias="from")
    to: str
    undertaking_accepted: bool = False
    version: int = Field(description="For If-Match, as its ETag.")
    legal_basis: str = ""
    ended: bool = Field(False, description="Not valid now: over, or not begun.")
    given_by: str = Field(
        "", description="FOUNDING (by the host, before there was a mayor), RECOVERY (of a cell that lost everybody), "
        "CELL, PROPOSAL (of the host, with the cell's yes), EARLIER (before this was kept).",
    )  # fmt: skip
    given_at: datetime | None = None
    opens_at: datetime | None = Field(None, description="Content opens no earlier; absent: from the first day on.")
    may: list[str] = Field([], description="The verbs the caller may do with it now; empty in a table.")
    seat: str = Field("", description="The seat its role takes, participant for a guest; empty for who does not sit.")


class Mandates(View):
    """One page of the cell's mandates."""

    model_config = example(mandates=[MANDATE], next_cursor="")

    mandates: list[Mandate] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")


class MandatePage(Page):
    """One page of mandates."""

    ended: bool = Field(False, description="Those that are over too.")


class LegalBasis(View):
    """What a mandate rests on."""

    code: str
    title_nl: str = ""
    title_fr: str = ""
    title_en: str = ""


class Table(View):
    """A cell as somebody who sits in it sees it; before the undertaking is accepted, without the others."""

    model_config = example(
        cell=MY_CELL,
        undertaking=UNDERTAKING,
        person_id=MANDATE["person_id"],
        mandates=[MANDATE],
        legal_bases=[
            {
                "code": "law-2018-07-30",
                "title_nl": "Wet van 30 juli 2018",
                "title_fr": "Loi du 30 juillet 2018",
                "title_en": "Law of 30 July 2018",
            }
        ],
    )

    cell: MyCell | None = None
    undertaking: Undertaking | None = None
    person_id: str = Field("", description="The caller.")
    mandates: list[Mandate] = Field([], description="Newest first, at most 500, ended ones too.")
    legal_bases: list[LegalBasis] = Field([], description="Those of the caller's own valid mandates.")


class Cell(View):
    """A cell as the host sees it, from outside."""

    cell_id: Id
    name: str = ""
    towns: list[Municipality] = []
    state: str = ""
    created_at: datetime | None = None
    brand_colour: BrandColour = ""


class Cells(View):
    """One page of the host's cells."""

    model_config = example(
        cells=[
            {"cell_id": MY_CELL["cell_id"], "name": "Vaartbeke", "towns": MY_CELL["towns"], "state": "ACTIVE",
             "created_at": "2026-11-24T09:00:00Z", "brand_colour": "#1b6c68"},
        ],
        next_cursor="", cells_total=1, towns_with_cell=1, towns_total=285,
    )  # fmt: skip

    cells: list[Cell] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")
    cells_total: int = Field(0, description="All cells of this host.")
    towns_with_cell: int = Field(0, description="Present Flemish municipalities with a cell.")
    towns_total: int = Field(0, description="Present Flemish municipalities.")


class CellPage(Page):
    """One page of cells."""

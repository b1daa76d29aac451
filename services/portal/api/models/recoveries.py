"""Bodies and answers of a recovery: how a cell that lost everybody gets somebody again."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.portal.api.schema import Body, Code, Day, Id, Kbo, Name, Nis, Page, View, example

RECOVERY = {
    "recovery_id": "01932f6e-0000-7000-8000-000000000005",
    "cell_id": "01932f6e-0000-7000-8000-000000000001",
    "state": "SECONDED",
    "email": "lieve@kanaalstad.example",
    "given_name": "Lieve",
    "family_name": "Maes",
    "organisation_name": "Stad Kanaal",
    "organisation_kind": "municipality",
    "role": "mayor",
    "nis_codes": ["24001"],
    "from": "2026-11-24",
    "to": "2027-11-23",
    "legal_basis": "law-2018-07-30",
    "proposed_by": "01932f6e-0000-7000-8000-00000000000a",
    "proposed_at": "2026-11-23T14:02:00Z",
    "seconded_by": "01932f6e-0000-7000-8000-00000000000b",
    "expires_at": "2026-12-07T14:02:00Z",
    "version": 2,
}


class ProposeRecovery(Body):
    """A mandate for somebody in a cell that has neither mayor nor coordinator."""

    model_config = example(
        cell_id="01932f6e-0000-7000-8000-000000000001", email="lieve@kanaalstad.example", given_name="Lieve",
        family_name="Maes", kbo_number="0417497106", role="mayor", nis_codes=["24001"], from_="2026-11-24",
        to="2027-11-23", legal_basis="law-2018-07-30",
    )  # fmt: skip

    cell_id: Id
    email: str = Field(min_length=3, max_length=254)
    given_name: Name
    family_name: Name
    kbo_number: Kbo = Field(description="The organisation the person speaks for.")
    role: Literal["mayor", "coordinator"]
    nis_codes: list[Nis] = Field(default=[], max_length=20, description="The towns it is for; empty = all of the cell.")
    from_: Day = Field(alias="from")
    to: Day = Field(description="The last day, inclusive, as it is in Brussels.")
    legal_basis: Code = Field(description="Code of a legal basis in force for that kind of partner.")


class AnswerRecovery(Body):
    """Nothing more than the version in If-Match."""

    model_config = example()


class Recovery(View):
    """What two of the host and oversight have to say yes to, and who of the host did."""

    recovery_id: Id
    cell_id: Id
    state: str = Field(description="PROPOSED by one of the host, or SECONDED: oversight may confirm.")
    email: str
    given_name: str
    family_name: str
    organisation_name: str = ""
    organisation_kind: str = ""
    role: str
    nis_codes: list[str] = []
    from_: str = Field(alias="from")
    to: str
    legal_basis: str = ""
    proposed_by: str = ""
    proposed_at: datetime | None = None
    seconded_by: str = Field("", description="Empty before.")
    expires_at: datetime | None = Field(None, description="From then on neither seconded nor confirmed.")
    version: int = Field(description="For If-Match, as its ETag.")


class Recoveries(View):
    """One page of the recoveries that wait."""

    model_config = example(recoveries=[RECOVERY], next_cursor="")

    recoveries: list[Recovery] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")


class RecoveryPage(Page):
    """One page of recoveries."""

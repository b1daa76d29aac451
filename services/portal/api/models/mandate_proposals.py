"""Bodies and answers of what the host proposes to a cell."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from services.portal.api.schema import Body, Id, Page, View, example

PROPOSAL = {
    "proposal_id": "01932f6e-0000-7000-8000-000000000004",
    "email": "greet@toezicht.example",
    "given_name": "Greet",
    "family_name": "Jacobs",
    "organisation_name": "Toezichtsorgaan",
    "organisation_kind": "other",
    "role": "oversight",
    "nis_codes": ["24001"],
    "from": "2026-11-24",
    "to": "2027-11-23",
    "legal_basis": "law-2018-07-30",
    "proposed_at": "2026-11-23T14:02:00Z",
    "version": 1,
    "may": ["confirm_proposal", "decline_proposal"],
}


class Proposal(View):
    """What the host asks of the cell: a mandate for this person, which counts when the cell says yes."""

    proposal_id: Id
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
    proposed_at: datetime | None = None
    version: int = Field(description="For If-Match, as its ETag.")
    may: list[str] = Field([], description="The verbs the caller may do with it now.")


class Proposals(View):
    """One page of what the host proposed and waits for an answer."""

    model_config = example(proposals=[PROPOSAL], next_cursor="")

    proposals: list[Proposal] = []
    next_cursor: str = Field("", description="For the next page; empty on the last.")


class ProposalPage(Page):
    """One page of proposals."""


class AnswerProposal(Body):
    """Nothing more than the version in If-Match."""

    model_config = example()

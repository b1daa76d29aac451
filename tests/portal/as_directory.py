"""What the partner directory would say besides, by its own rules (as_services.py)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.allowed import allowed
from services.kit.execute import Work
from services.kit.policy import SEATS, Role
from services.partner_directory import allowed as directory_rules
from services.partner_directory.invitation import Answering, allow_decline_proposal, towns_to_confirm
from services.partner_directory.model import DEPUTIES, CellState, Proposal, ProposalState
from services.partner_directory.model import Mandate as Given
from services.partner_directory.standing_in import deputy_may
from tests.portal.reader import LONG, Around, moment_of, uuid_of


def _cell(cell: pb.MyCell, work: Work) -> None:
    cell.state = cell.state or CellState.ACTIVE
    until = work.now + LONG if cell.undertaking_accepted else None
    opens_at = cell.opens_at.ToDatetime(tzinfo=UTC) if cell.HasField("opens_at") else None
    held = [directory_rules.Held(uuid4(), Role(role), until, opens_at) for role in cell.roles]
    cell.ClearField("may")
    cell.may.extend(directory_rules.cell_may(work, held))
    cell.ClearField("gives")
    cell.gives.extend(directory_rules.cell_gives(cell.roles, cell.may))


def _mandate(view: pb.MandateView) -> None:
    view.seat = directory_rules.seat_of(Role(view.role))
    view.takes_clearance = view.role in SEATS["police"]
    view.may_have_deputy = not (view.ended or view.deputy_of) and view.role in DEPUTIES


def _given(view: pb.MandateView, now: datetime) -> Given:
    suspended = moment_of(view.suspended_since) if view.HasField("suspended_since") else None
    ended = now - timedelta(days=1) if view.ended and suspended is None else now + LONG
    made = Given(
        mandate_id=uuid_of(view.mandate_id), person_id=uuid_of(view.person_id), role=view.role, version=view.version,
        nis_codes=list(view.nis_codes), starts_at=now - LONG, ends_at=ended, end_reason=None, given_by=view.given_by,
        opens_at=None, suspended_at=suspended,
        organisation_id=uuid_of(view.organisation_id) if view.organisation_id else None,
    )  # fmt: skip
    made.settle()
    return made


def table(told: pb.Table, around: Around) -> None:
    if told.cell.cell_id:
        _cell(told.cell, around.work)
    for view in told.mandates:
        _mandate(view)
    proposals = around.answers.get("ListProposals")
    if isinstance(proposals, pb.ListProposalsResponse) and "list_proposals" in told.cell.may:
        told.proposals_waiting = len(proposals.proposals)
    if isinstance(around.asked, pb.ReadTableRequest) and told.version and around.asked.if_version == told.version:
        told.unchanged = True
        told.ClearField("mandates")
        told.ClearField("more_before")


def my_cells(told: pb.ListMyCellsResponse, around: Around) -> None:
    for cell in told.cells:
        _cell(cell, around.work)
    if told.host:
        told.may.extend(directory_rules.HOST_VERBS)


def mandates(told: pb.ListMandatesResponse, around: Around) -> None:
    now = around.work.now
    every = [_given(view, now) for view in told.mandates]
    known = [given for given in every if given.ends_at > now]
    for view, given in zip(told.mandates, every, strict=True):
        _mandate(view)
        view.may.extend(directory_rules.mandate_may(around.work, given, known))
        view.may.extend(deputy_may(around.work, given))


def _proposal(view: pb.Proposal, work: Work, table: pb.Table) -> None:
    every = frozenset(town.nis_code for town in table.cell.towns)
    answering = Answering((), frozenset(), frozenset())
    role = Role(view.role)

    proposal = Proposal(state=ProposalState.PROPOSED, version=view.version, nis_codes=list(view.nis_codes or every))
    guards: Any = {
        "confirm_proposal": lambda: towns_to_confirm(work, role, answering),
        "decline_proposal": lambda: allow_decline_proposal(work, proposal, answering, view.version),
    }
    view.ClearField("may")
    view.may.extend(allowed(work.may, guards))


def proposals(told: pb.ListProposalsResponse, around: Around) -> None:
    for proposal in told.proposals:
        _proposal(proposal, around.work, around.table)


def host_cell(told: pb.HostCell, around: Around) -> None:
    told.state = told.state or CellState.ACTIVE

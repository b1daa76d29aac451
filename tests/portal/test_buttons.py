"""Each button a page shows is a verb the service named, and each it hides is not: for every state, seat and stage.

What the services name succeeds, and what they do not is refused: tests/*/test_may_histories.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.meeting.v1 import meeting_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb
from services.case.model import CaseState, ContributionState, SignalState
from services.kit.fields import to_timestamp
from services.kit.policy import Role
from services.meeting.model import SessionState
from services.portal.web.cell.mandate_acts import ACTS
from tests.kit.issuer import NOW
from tests.portal import sittings
from tests.portal.as_services import completed
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.dossier import DRAFT, WOUT, before_draft, case, contribution, entry_of, open_case
from tests.portal.tables import ME, OTHER, TOWN, become, sit

ROLES = sorted(role.value for role in Role if role is not Role.HOST)
SIGNAL = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c01"


def named(backends: Backends, method: str) -> Any:
    """The answer as it goes out, with what may be done in it."""
    told = backends.answers[method]
    return completed(told, None, backends.answers, NOW)  # type: ignore[arg-type]


async def text_of(front: Front, path: str) -> str:
    """The page, or nothing where there is none for the reader."""
    page = await front.client.get(path)
    assert page.status_code in (200, 303, 404), page.text[:300]
    return page.text if page.status_code == 200 else ""


@pytest.mark.parametrize("state", list(CaseState))
async def test_the_page_of_a_case_offers_what_may_be_done(front: Front, backends: Backends, state: str) -> None:
    for role in ROLES:
        for drafted in (False, True):
            found = case(state, contributions=[contribution()] if drafted else [])
            path = await open_case(front, backends, found, role=role)
            may = set(named(backends, "ReadCase").may)
            page = await text_of(front, path)
            decides = bool({"place_on_list", "refuse_case"} & may)
            assert (f'href="{path}/list"' in page) == decides, role
            assert bool(await text_of(front, f"{path}/list")) == decides, role
            assert ("/circle/invite" in await text_of(front, f"{path}/circle")) == ("invite_to_circle" in may), role
            ends = f"/circle/{entry_of(WOUT)}/end" in await text_of(front, f"{path}/circle")
            assert ends == ("end_invitation" in may), role
            assert (f'href="{path}/contribution' in page) == ("write_contribution" in may), role
            assert "decline_contribution" in may or f'action="{path}/decline"' not in page, role


@pytest.mark.parametrize("state", list(ContributionState))
async def test_the_page_of_a_contribution_offers_what_may_be_done(front: Front, backends: Backends, state: str) -> None:
    for of_case in ("LISTED", "FOLLOW_UP", "CLOSED", "RESTRICTED"):
        found = case(of_case, contributions=[contribution(state)])
        path = await before_draft(front, backends, found)
        told = named(backends, "ReadCase").contributions
        own = next(written for written in told if written.contribution_id == DRAFT)
        page = await text_of(front, path)
        assert (f'href="{path}/text"' in page) == ("revise_contribution" in own.may), of_case
        shares = own.stage == "draft" and not own.obstacle
        assert (f'href="{path}/need"' in page) == shares, of_case
        assert shares == ("assess_contribution" in own.may), of_case


@pytest.mark.parametrize("state", list(SignalState))
async def test_the_page_of_a_signal_offers_to_propose_it(front: Front, backends: Backends, state: str) -> None:
    for role in ROLES:
        path = await sit(front, backends, role) + f"/signals/{SIGNAL}"
        backends.answers["ReadSignal"] = pb.Signal(
            signal_id=SIGNAL, state=state, nis_code=TOWN, reporter_id=OTHER, received_at=to_timestamp(NOW),
            person=pb.PersonConcerned(given_name="Milan", family_name="Claes"), language="nl", version=1,
            outcome=pb.SignalOutcome(decided_at=to_timestamp(NOW), decided_by=OTHER, told="x"),
            ended_at=to_timestamp(NOW),
        )  # fmt: skip
        may = "propose_case" in named(backends, "ReadSignal").may
        assert (f'href="{path}/propose"' in await text_of(front, path)) == may, role
        assert bool(await text_of(front, f"{path}/propose")) == may, role
        asks = "start_check" in named(backends, "ReadSignal").may
        assert (f'href="{path}/check/start"' in await text_of(front, path)) == asks, role
        assert bool(await text_of(front, f"{path}/check/start")) == asks, role
        for verb, address in (
            ("dismiss_signal", "dismiss"), ("redirect_signal", "redirect"), ("reconsider_signal", "reconsider"),
            ("withdraw_signal", "withdraw"),
        ):  # fmt: skip
            may = verb in named(backends, "ReadSignal").may
            assert (f'href="{path}/{address}"' in await text_of(front, path)) == may, (role, verb)
            assert bool(await text_of(front, f"{path}/{address}")) == may, (role, verb)
        says = "ask_reporter" in named(backends, "ReadSignal").may
        assert ('name="text"' in await text_of(front, path)) == says, role


@pytest.mark.parametrize("state", list(SessionState))
async def test_the_pages_of_a_session_offer_what_may_be_done(front: Front, backends: Backends, state: str) -> None:
    for role in ROLES:
        for present in ([], [ME, OTHER, sittings.POLICE, sittings.PREVENTION]):
            for found in (sittings.session(state, attendance=present), sittings.decided(state, attendance=present)):
                path = await sittings.at_the_table(front, backends, role)
                backends.answers["ReadSession"] = found
                backends.answers["ReadCase"] = sittings.case()
                told = named(backends, "ReadSession")
                assert ('name="present_person_ids"' in await text_of(front, path)) == ("open_session" in told.may), role
                page = await text_of(front, f"{path}/cases/{sittings.CASE}")
                sits = Role(role) not in (Role.DPO, Role.OVERSIGHT)
                decides = sits and "record_decision" in told.items[0].may
                prepares = sits and "prepare_decision" in told.items[0].may
                assert (f"{sittings.CASE}/decision" in page) == (decides or prepares), role
                own = await text_of(front, path)
                for verb, address in (("cancel_session", "cancel"), ("undo_opening", "undo-opening")):
                    assert (f'href="{path}/{address}"' in own) == (sits and verb in told.may), role


async def test_the_page_of_a_cell_offers_what_may_be_done(front: Front, backends: Backends) -> None:
    ways = {
        "/signals/new": "enter_signal", "/mandates": "list_proposals", "/log": "search_audit",
        "/sessions/new": "plan_session",
    }  # fmt: skip
    for role in ROLES:
        path = await sit(front, backends, role)
        may = named(backends, "ReadTable").cell.may
        page = await text_of(front, path)
        assert page
        for way, verb in ways.items():
            assert (f'href="{path}{way}"' in page) == (verb in may), (role, way)


async def test_the_page_of_mandates_offers_what_may_be_done(front: Front, backends: Backends) -> None:
    for role in (Role.MAYOR, Role.COORDINATOR):
        path = await sit(front, backends, role) + "/mandates"
        table = backends.answers["ReadTable"]
        assert isinstance(table, directory_pb.Table)
        backends.answers["ListMandates"] = directory_pb.ListMandatesResponse(mandates=table.mandates)
        backends.answers["ListProposals"] = directory_pb.ListProposalsResponse(
            proposals=[_proposed(wanted) for wanted in (Role.MAYOR, Role.MAYOR_DELEGATE, Role.DPO)]
        )
        page = await text_of(front, path)
        for view in named(backends, "ListMandates").mandates:
            assert (f"/mandates/{view.mandate_id}/end" in page) == ("end_mandate" in view.may), (role, view.role)
            for below, act in ACTS.items():
                # With one town and without a clearance there is nothing of a mandate to be changed.
                offered = act.verb in view.may and (below != "change" or view.takes_clearance)
                assert (f'/mandates/{view.mandate_id}/{below}"' in page) == offered, (role, view.role, below)
        for proposal in named(backends, "ListProposals").proposals:
            for verb in ("confirm", "decline"):
                shown = f"/proposals/{proposal.proposal_id}/{verb}" in page
                assert shown == (f"{verb}_proposal" in proposal.may), (role, proposal.role, verb)


def _proposed(role: Role) -> directory_pb.Proposal:
    number = list(Role).index(role)
    proposal = directory_pb.Proposal(
        proposal_id=f"01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4d{number:02}", role=role, nis_codes=[TOWN], to="2026-12-31",
        given_name="Greet", family_name="Jacobs", proposed_at=to_timestamp(NOW), version=1,
    )  # fmt: skip
    setattr(proposal, "from", "2026-01-01")
    return proposal


async def test_the_list_of_sessions_offers_planning_to_who_may(front: Front, backends: Backends) -> None:
    for role in ROLES:
        await sit(front, backends, role)
        table = backends.answers["ReadTable"]
        assert isinstance(table, directory_pb.Table)
        backends.answers["ListMyCells"] = directory_pb.ListMyCellsResponse(cells=[table.cell])
        backends.answers["ListSessions"] = meeting_pb2.ListSessionsResponse()
        may = named(backends, "ListMyCells").cells[0].may
        page = await text_of(front, "/sessions")
        assert (f'href="/cells/{front.cell}/sessions/new"' in page) == ("plan_session" in may), role
        become(front, backends, role)

"""The sessions of one case: for whom, and what of its decisions."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from rondetafel.meeting.v1 import meeting_pb2 as pb
from services.kit.errors import CellNotFound, Invalid, RoleMissing, SecondFactorMissing, UndertakingMissing
from services.kit.outbox import Receipt
from services.kit.paging import Time
from services.kit.policy import Role
from services.meeting.commands.record_decision import record_decision
from services.meeting.errors import CaseNotFound
from services.meeting.model import StatedDissent
from services.meeting.queries.list_case_sessions import CaseSession, ListCaseSessions, list_case_sessions
from services.meeting.queries.list_sessions import ListSessions, list_sessions
from services.meeting.queries.read_session import ReadSession, read_session
from tests.doors import NOBODY
from tests.harness import Harness, Person
from tests.meeting.round_table import RoundTable, recorded, round_table
from tests.meeting.test_rpc import servicer
from tests.security.statements import statements_of


async def sessions_of(person: Person, case_id: UUID) -> tuple[CaseSession, ...]:
    """The sessions of a case as somebody sees them."""
    return (await person.run(list_case_sessions, ListCaseSessions(case_id))).sessions


async def decided(table: RoundTable, case_id: UUID) -> Receipt:
    """A session that decided on the case, with a dissent."""
    session = await table.opened(case_id)
    dissent = StatedDissent(table.prevention.person_id, "Te vroeg.")
    return await table.mayor.run(record_decision, await table.no_action(session, dissents=(dissent,)))


async def test_oldest_first_with_the_window_of_the_case_and_its_decision(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id, other = await table.case("SCHEDULED", table.partner), await table.case("SCHEDULED")
    harness.clock.advance(days=7)
    later = await table.planned(other, case_id)
    harness.clock.advance(days=-7)
    first = await decided(table, case_id)
    start = harness.clock() + timedelta(days=1)
    half = timedelta(minutes=30)
    for reader in (table.mayor, table.police, table.coordinator, table.partner):
        past, coming = await sessions_of(reader, case_id)
        assert (past.session_id, past.state, past.starts_at, past.ends_at) == (first.id, "OPEN", start, start + half)
        assert past.decision
        assert (past.decision.outcome, past.decision.reasons) == ("no_action", "De zorgen zijn weg.")
        assert [dissent.text for dissent in past.decision.dissents] == ["Te vroeg."]
        assert (coming.session_id, coming.state, coming.place, coming.decision) == (
            later.id, "PLANNED", "town_hall", None,
        )  # fmt: skip
        assert coming.starts_at == start + timedelta(days=7) + half
    (elsewhere,) = await sessions_of(table.mayor, other)
    assert (elsewhere.session_id, elsewhere.decision) == (later.id, None)


async def test_a_case_without_session_has_none(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    assert await sessions_of(table.mayor, await table.case()) == ()


async def test_without_the_content_the_decision_is_not_read(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    case_id = await table.case("SCHEDULED", table.partner)
    await decided(table, case_id)
    (one,) = await sessions_of(table.partner, case_id)
    assert one.decision
    await table.tell_circle(case_id, 2, (table.partner,), parts=("frame", "identity", "proposal"))
    for reader in (table.partner, table.coordinator):
        (one,) = await sessions_of(reader, case_id)
        assert (one.state, one.decision) == ("OPEN", None)
    with_content, without = (await recorded(harness, cell))[-4], (await recorded(harness, cell))[-1]
    assert (with_content.action, list(with_content.object_ids)) == ("list_case_sessions", [str(case_id)])
    assert (list(with_content.fields), list(without.fields)) == (["frame", "content"], ["frame"])


async def test_invariant_17_an_unknown_and_a_forbidden_case_are_the_same(harness: Harness) -> None:
    cell, neighbour = await harness.cell("24001", "24002"), await harness.cell()
    table, town_b = await round_table(cell), await round_table(cell, "24002")
    stranger = await round_table(neighbour)
    case_id = await table.case("SCHEDULED")
    await table.planned(case_id)
    assert await sessions_of(table.mayor, case_id)
    for reader in (table.partner, town_b.mayor, town_b.coordinator, town_b.police, stranger.mayor):
        answers = []
        for asked in (case_id, uuid4()):
            with pytest.raises(CaseNotFound) as refused:
                await sessions_of(reader, asked)
            answers.append((str(refused.value), refused.value.field, refused.value.expected))
        assert answers[0] == answers[1]
    with pytest.raises(CellNotFound):
        await sessions_of(stranger.mayor.elsewhere(cell), case_id)


async def test_only_the_table_asks(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    case_id = await table.case("SCHEDULED", table.partner)
    assert await sessions_of(table.partner, case_id) == ()
    for role in (Role.DPO, Role.OVERSIGHT):
        with pytest.raises(RoleMissing):
            await sessions_of(await cell.person(role), case_id)
    table.partner.acr = 1
    with pytest.raises(SecondFactorMissing):
        await sessions_of(table.partner, case_id)
    table.partner.acr = 2
    await table.partner.mandate(Role.PARTICIPANT, undertaken_until=None, fact_version=2)
    with pytest.raises(UndertakingMissing):
        await sessions_of(table.partner, case_id)


async def test_invariant_15_an_ended_invitation_hides_them(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case("SCHEDULED")
    await table.tell_circle(case_id, 2, (table.partner,), ends_at=harness.clock() + timedelta(hours=1))
    await table.planned(case_id)
    assert await sessions_of(table.partner, case_id)
    harness.clock.advance(hours=1)
    with pytest.raises(CaseNotFound):
        await sessions_of(table.partner, case_id)


async def test_on_the_wire(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case("SCHEDULED")
    session = await decided(table, case_id)
    asked = pb.ListCaseSessionsRequest(case_id=str(case_id))
    (one,) = (await servicer(table.mayor).ListCaseSessions(asked, NOBODY)).sessions
    assert (one.session_id, one.state, one.place) == (str(session.id), "OPEN", "town_hall")
    assert (one.decision.reasons, one.decision.dissents[0].text) == ("De zorgen zijn weg.", "Te vroeg.")
    assert one.ends_at.seconds - one.starts_at.seconds == 1_800
    await table.planned(case_id)
    first, second = (await servicer(table.mayor).ListCaseSessions(asked, NOBODY)).sessions
    assert (first.HasField("decision"), second.HasField("decision")) == (True, False)
    with pytest.raises(Invalid) as refused:
        await servicer(table.mayor).ListCaseSessions(pb.ListCaseSessionsRequest(case_id="x"), NOBODY)
    assert refused.value.field == "case_id"


async def test_what_pages_ask_is_of_few_statements_beside_the_frames(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case("SCHEDULED")
    coming = await table.planned(case_id)
    asked: tuple[tuple[Any, Any, int], ...] = (
        (list_sessions, ListSessions(20, None, Time.CURRENT), 1),
        (list_case_sessions, ListCaseSessions(case_id), 1),
        (read_session, ReadSession(coming.id), 2),
    )
    for handler, query, number in asked:
        heard = await statements_of(harness, partial(table.mayor.run, handler, query))
        assert len(heard) == number + 4
        assert all(statement.startswith("driver: ") for statement in heard)

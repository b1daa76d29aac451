"""Reading and listing sessions: who sees which points."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.meeting.commands.open_session import open_session
from services.meeting.commands.record_decision import record_decision
from services.meeting.errors import SessionNotFound
from services.meeting.model import StatedDissent
from services.meeting.queries.list_sessions import ListSessions, list_sessions
from services.meeting.queries.read_session import ReadSession, SessionView, read_session
from tests.harness import Harness, Person
from tests.meeting.round_table import RoundTable, recorded, round_table


async def decided(table: RoundTable, *invited: Person) -> Receipt:
    """A session with one decision, dissent included."""
    session = await table.opened(await table.case("SCHEDULED", *invited))
    dissent = StatedDissent(table.prevention.person_id, "Te vroeg.")
    return await table.mayor.run(record_decision, await table.no_action(session, dissents=(dissent,)))


def is_closed(view: SessionView, position: int = 1) -> bool:
    """Whether a point tells nothing of its case."""
    item = view.items[position - 1]
    return (item.case_id, item.case_code, item.decision) == (None, None, None)


async def test_the_circle_reads_decision_and_dissent(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    session = await decided(table, table.partner)
    for reader in (table.mayor, table.police, table.prevention, table.coordinator, table.partner):
        (item,) = (await table.read(reader, session)).items
        assert item.case_code == "24001-26-0001"
        assert item.decision
        assert item.decision.reasons == "De zorgen zijn weg."
        assert [dissent.text for dissent in item.decision.dissents] == ["Te vroeg."]


async def test_invariant_04_attendance_gives_no_access(harness: Harness) -> None:
    """The partner sat at the table; the point stays closed, and the record names no case."""
    cell = await harness.cell()
    table = await round_table(cell)
    session = await decided(table)
    view = await table.read(table.partner, session)
    assert table.partner.person_id in {attendance.person_id for attendance in view.attendance}
    assert is_closed(view)
    assert (view.items[0].item.position, view.session.state) == (1, "OPEN")
    record = (await recorded(harness, cell))[-1]
    assert (record.action, list(record.object_ids)) == ("read_session", [])


async def test_the_circle_reads_who_is_invited_before_the_session_is_opened(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    outsider, later = await cell.person(Role.PARTICIPANT), await cell.person(Role.PARTICIPANT)
    case_id = await table.case("SCHEDULED", table.partner)
    session = await table.planned(case_id)

    async def guests(reader: Person) -> tuple[object, ...]:
        return (await table.read(reader, session)).items[0].guest_ids

    for reader in (table.coordinator, table.police, table.partner):
        assert await guests(reader) == (table.partner.person_id,)
    assert await guests(outsider) == ()
    await table.tell_circle(case_id, 2, (later,), starts_at=table.now + timedelta(hours=20))
    assert await guests(table.mayor) == (later.person_id,), "who comes by the day of the session"
    await table.tell_circle(case_id, 3, (table.partner,), parts=("frame", "identity"))
    assert await guests(table.partner) == ()
    await table.tell_circle(case_id, 4, (table.partner,))
    opened = await table.mayor.run(open_session, table.opening(session))
    assert (await table.read(table.police, opened)).items[0].guest_ids == ()


async def test_parts_decide_what_of_a_point_is_read(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case("SCHEDULED", table.partner)
    session = await table.mayor.run(record_decision, await table.no_action(await table.opened(case_id)))
    assert (await table.read(table.partner, session)).items[0].decision
    await table.tell_circle(case_id, 2, (table.partner,), parts=("frame", "identity", "proposal"))
    (item,) = (await table.read(table.partner, session)).items
    assert (item.case_id, item.decision) == (case_id, None)
    await table.tell_circle(case_id, 3)
    assert is_closed(await table.read(table.partner, session))


async def test_each_of_two_towns_sees_its_own_points(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    table, town_b, town_c = [await round_table(cell, town) for town in cell.nis_codes]
    table.coordinator = await cell.person(Role.COORDINATOR)
    session = await table.planned(await table.case(), await town_b.case())
    for reader, closed in ((table.mayor, [False, True]), (town_b.mayor, [True, False]), (town_c.mayor, [True, True])):
        view = await table.read(reader, session)
        assert [is_closed(view, position) for position in (1, 2)] == closed
    view = await table.read(table.coordinator, session)
    assert [is_closed(view, position) for position in (1, 2)] == [False, False]


async def test_invariant_15_a_seat_passes_on_with_its_mandate(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    session = await decided(table)
    successor = await cell.person(Role.MAYOR)
    assert not is_closed(await table.read(successor, session))
    assert await table.read(table.mayor, session)
    await table.mayor.mandate(Role.MAYOR, ends_at=harness.clock(), fact_version=2)
    with pytest.raises(CellNotFound):
        await table.read(table.mayor, session)


async def test_invariant_15_an_ended_invitation_closes_the_point(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case("SCHEDULED", table.partner)
    session = await table.mayor.run(record_decision, await table.no_action(await table.opened(case_id)))
    ends_at = harness.clock() + timedelta(hours=1)
    await table.tell_circle(case_id, 2, (table.partner,), ends_at=ends_at)
    assert not is_closed(await table.read(table.partner, session))
    harness.clock.advance(hours=1)
    assert is_closed(await table.read(table.partner, session))


async def test_invariant_07_nothing_is_read_before_a_valid_undertaking(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    session = await decided(table, table.partner)
    assert not is_closed(await table.read(table.partner, session))
    now = harness.clock()
    for version, until in ((2, None), (3, now)):
        await table.partner.mandate(Role.PARTICIPANT, undertaken_until=until, fact_version=version)
        with pytest.raises(UndertakingMissing):
            await table.read(table.partner, session)
        with pytest.raises(UndertakingMissing):
            await table.partner.run(list_sessions, ListSessions(20, None))


async def test_only_the_table_reads_sessions(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    session = await table.planned(await table.case())
    for reader in (await cell.person(Role.PARTICIPANT), await cell.person(Role.MINUTE_TAKER)):
        assert is_closed(await table.read(reader, session))
    for other in (await cell.person(Role.DPO), await cell.person(Role.OVERSIGHT)):
        with pytest.raises(RoleMissing):
            await table.read(other, session)
        with pytest.raises(RoleMissing):
            await other.run(list_sessions, ListSessions(20, None))
    table.partner.acr = 1
    with pytest.raises(SecondFactorMissing):
        await table.read(table.partner, session)


async def test_invariant_17_a_session_elsewhere_is_like_none(harness: Harness) -> None:
    cell, neighbour = await harness.cell(), await harness.cell()
    table, stranger = await round_table(cell), await round_table(neighbour)
    session = await table.planned(await table.case())
    assert await table.read(table.mayor, session)
    for session_id in (session.id, uuid4()):
        with pytest.raises(SessionNotFound):
            await stranger.mayor.run(read_session, ReadSession(session_id))
    with pytest.raises(CellNotFound):
        await table.read(stranger.mayor.elsewhere(cell), session)
    with pytest.raises(CellNotFound):
        await stranger.mayor.elsewhere(cell).run(list_sessions, ListSessions(20, None))
    page = await stranger.mayor.run(list_sessions, ListSessions(20, None))
    assert page.sessions == ()


async def test_invariant_16_a_read_names_the_cases_it_shows(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    open_to_partner, closed = await table.case("LISTED", table.partner), await table.case()
    session = await table.planned(open_to_partner, closed)
    await table.read(table.partner, session)
    assert list((await recorded(harness, cell))[-1].object_ids) == [str(open_to_partner)]
    await table.read(table.mayor, session)
    record = (await recorded(harness, cell))[-1]
    assert (record.verb, set(record.object_ids)) == ("consult", {str(open_to_partner), str(closed)})


async def test_sessions_are_listed_the_latest_first_by_pages(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case()
    planned = [(await table.planned(case_id)).id for _ in range(3)]
    first = await table.partner.run(list_sessions, ListSessions(2, None))
    second = await table.partner.run(list_sessions, ListSessions(2, first.next_cursor))
    listed = [line.session.session_id for line in first.sessions + second.sessions]
    assert listed == sorted(planned, reverse=True)
    assert (first.next_cursor and first.next_cursor.entry, second.next_cursor) == (listed[1], None)


async def test_invariant_16_the_record_says_what_was_really_read(harness: Harness) -> None:
    cell = await harness.cell()
    table = await round_table(cell)
    session = await table.planned(await table.case("SCHEDULED", table.partner))

    async def fields(person: Person, session: Receipt) -> list[str]:
        await table.read(person, session)
        return list((await recorded(harness, cell))[-1].fields)

    assert await fields(table.mayor, session) == ["frame"]
    session = await decided(table)
    assert await fields(table.mayor, session) == ["frame", "attendance", "content"]
    assert await fields(table.partner, session) == ["frame", "attendance"]

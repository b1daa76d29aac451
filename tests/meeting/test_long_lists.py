"""Lists longer than a page: each sitting of a table, by its date, on some page and on one alone."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.kit.fields import FieldMalformed
from services.kit.paging import Position, Time, parse_position
from services.meeting.model import Stage
from services.meeting.queries.list_case_sessions import CaseSession, ListCaseSessions, list_case_sessions
from services.meeting.queries.list_sessions import ListSessions, SessionLine, list_sessions
from tests.harness import Harness, Person
from tests.many import copy_rows
from tests.meeting.round_table import round_table

OF = "one.tenant_id = $1 AND one.session_id = $2"


async def listed(person: Person, time: Time | None, size: int = 50) -> list[SessionLine]:
    """All pages of the sessions, one after the other."""
    lines: list[SessionLine] = []
    cursor: Position | None = None
    while True:
        page = await person.run(list_sessions, ListSessions(size, cursor, time))
        lines += page.sessions
        if page.next_cursor is None:
            return lines
        cursor = parse_position(str(page.next_cursor))
        assert cursor == page.next_cursor


async def test_600_sessions_each_on_one_page_by_their_date(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    planned = await table.planned(await table.case())
    # Two at each moment, half of them to come; the ids say nothing of when.
    await copy_rows(
        harness.database, "session", OF, 600, table.cell.cell_id, planned.id, session_id="gen_random_uuid()",
        starts_at="one.starts_at + (n / 2 - 150) * interval '1 day'",
        ends_at="one.ends_at + (n / 2 - 150) * interval '1 day'",
    )  # fmt: skip
    coming, past = await listed(table.partner, Time.CURRENT), await listed(table.partner, Time.PAST)
    everything = await listed(table.partner, None)
    assert len({line.session.session_id for line in coming + past}) == len(coming) + len(past) == 601
    assert {line.session.session_id for line in everything} == {line.session.session_id for line in coming + past}
    places = [[(line.session.starts_at, line.session.session_id) for line in lines] for lines in (coming, past)]
    assert places == [sorted(places[0]), sorted(places[1], reverse=True)]
    assert places[0][0][0] >= harness.clock() > places[1][0][0]
    assert all(line.session.ends_at > harness.clock() for line in coming)
    assert len(coming) > 250


async def test_what_goes_on_is_current_until_its_day_has_ended(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    opened = await table.opened(await table.case())
    for hours, time in ((25, Time.CURRENT), (33, Time.CURRENT), (48, Time.PAST)):
        harness.clock.advance(hours=hours)
        (line,) = await listed(table.mayor, time)
        assert line.session.session_id == opened.id
        assert (line.stage is Stage.GOING_ON) is (time is Time.CURRENT)
        harness.clock.advance(hours=-hours)


async def test_a_session_that_nobody_opened_is_past_when_its_time_is(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    await table.planned(await table.case())
    assert (len(await listed(table.mayor, Time.CURRENT)), await listed(table.mayor, Time.PAST)) == (1, [])
    harness.clock.advance(days=2)
    assert (await listed(table.mayor, Time.CURRENT), len(await listed(table.mayor, Time.PAST))) == ([], 1)


async def test_600_sessions_of_one_case_oldest_first(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case()
    planned = await table.planned(case_id)
    same = {"session_id": "md5($2 || n::text)::uuid", "agenda_item_id": "md5($1 || n::text)::uuid"}
    moved = {name: f"one.{name} + n / 2 * interval '1 day'" for name in ("starts_at", "ends_at")}
    columns = {
        "session": {"session_id": same["session_id"]} | moved, "agenda_item": same | moved, "agenda_case": same,
    }  # fmt: skip
    of = "one.tenant_id::text = $1 AND one.session_id::text = $2"
    for name, anew in columns.items():
        await copy_rows(harness.database, name, of, 600, str(table.cell.cell_id), str(planned.id), **anew)
    sessions: list[CaseSession] = []
    cursor: Position | None = None
    while True:
        page = await table.mayor.run(list_case_sessions, ListCaseSessions(case_id, 50, cursor))
        sessions += page.sessions
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len({session.session_id for session in sessions}) == len(sessions) == 601
    assert [session.starts_at for session in sessions] == sorted(session.starts_at for session in sessions)


@pytest.mark.parametrize("cursor", ["1", "0.1", "2.5." + UUID(int=1).hex, "0.-99999999999999999." + UUID(int=1).hex])
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    assert parse_position("0.5." + UUID(int=1).hex).entry == UUID(int=1)
    with pytest.raises(FieldMalformed):
        parse_position(cursor)

"""A cell's own text of secrecy: asked for from its first day on; what was accepted before counts 30 days longer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local.servers import Servers
from services.kit.clock import day_starts_at, last_day_of
from services.kit.errors import CellNotFound, RondetafelError, UndertakingMissing
from services.kit.policy import Role
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.errors import RulesStateForbids, UndertakingTextChanged
from services.partner_directory.policy import POLICY
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.queries.read_table import ReadTable, TableView, read_table
from services.partner_directory.queries.read_undertaking import ReadUndertaking, UndertakingView, read_undertaking
from tests.databases import migrated
from tests.harness import Harness, Person
from tests.partner_directory.ruled import accept, ruled
from tests.partner_directory.town import TEXT, Host, on_platform

OURS = "Wij zwijgen over wat wij hier horen."


async def table(who: Person) -> TableView:
    """The cell as somebody sees it."""
    return await who.run(read_table, ReadTable())


async def promise(who: Person) -> UndertakingView:
    """What somebody is to promise."""
    return await who.run(read_undertaking, ReadUndertaking())


async def swear(who: Person, version: object) -> None:
    """Somebody accepts that text."""
    await who.run(accept_undertaking, AcceptUndertaking(str(version)))


async def test_a_cell_without_one_has_the_platforms(host: Host) -> None:
    cell = await ruled(host)
    text = await promise(cell.partner)
    assert (text.undertaking.version, text.own, text.accepted, text.renew_by) == (TEXT, False, None, None)
    assert "{law}" not in text.undertaking.nl
    assert (await table(cell.partner)).undertaking_renew_by is None


async def test_from_its_first_day_on_it_is_asked_for_with_what_was_accepted_before(host: Host) -> None:
    cell = await ruled(host)
    own = await cell.in_force("undertaking", cell.in_days(5), text_fr=OURS)
    assert (await table(cell.partner)).undertaking_renew_by is None
    with pytest.raises(UndertakingTextChanged):
        await swear(cell.partner, own)
    cell.town.harness.clock.advance(days=5)
    seen, text = await table(cell.partner), await promise(cell.partner)
    last = cell.in_days(29)
    assert (seen.undertaking.version, seen.undertaking.nl, seen.undertaking_renew_by) == (str(own), "", last)
    assert (text.own, text.undertaking.fr, text.undertaking.nl) == (True, OURS, OURS)
    assert text.accepted is not None
    assert (text.accepted.version, text.accepted_until, text.renew_by) == (TEXT, last, last)
    mine = (await on_platform(cell.partner).run(list_my_cells, ListMyCells())).cells
    assert [place.undertaking_text_version for place in mine] == [str(own)]
    await swear(cell.partner, own)
    assert (await table(cell.partner)).undertaking_renew_by is None
    again = await promise(cell.partner)
    assert (again.accepted, again.renew_by) == (None, None)


async def test_invariant_07_after_thirty_days_the_cell_closes_until_it_is_accepted(host: Host) -> None:
    cell = await ruled(host)
    own = await cell.in_force("undertaking", first_day := cell.today)
    page = ListMandates(50, None)
    clock = cell.town.harness.clock
    clock.now = day_starts_at(first_day + timedelta(days=30)) - timedelta(seconds=1)
    assert await cell.partner.run(list_mandates, page)
    clock.now = day_starts_at(first_day + timedelta(days=30))
    with pytest.raises(UndertakingMissing):
        await cell.partner.run(list_mandates, page)
    with pytest.raises(UndertakingTextChanged):
        await swear(cell.partner, TEXT)
    await swear(cell.partner, own)
    assert await cell.partner.run(list_mandates, page)


async def test_who_accepts_the_old_text_while_the_next_is_decided_is_asked_anew_as_well(host: Host) -> None:
    cell = await ruled(host)
    first_day = cell.in_days(10)
    await cell.in_force("undertaking", first_day)
    late = await cell.town.sworn(Role.PREVENTION_OFFICER, email="els@town.example")
    second = await cell.town.invited(Role.DPO, email="els@town.example")
    until = last_day_of(day_starts_at(first_day + timedelta(days=30)))
    for person in (late, second, cell.partner):
        views = (await cell.mayor.run(list_mandates, ListMandates(50, None))).mandates
        own = next(view.mandate for view in views if view.mandate.mandate_id == person.mandate_id)
        assert own.undertaken_until is not None
        assert last_day_of(own.undertaken_until) == until


async def test_what_ends_sooner_keeps_its_own_end(host: Host) -> None:
    cell = await ruled(host)
    leaving = await cell.town.sworn(Role.DPO, last_day=cell.in_days(10))
    await cell.in_force("undertaking")
    assert (await table(leaving)).undertaking_renew_by == cell.in_days(10)
    assert (await table(cell.partner)).undertaking_renew_by == cell.in_days(29)


async def test_another_cell_goes_on_as_before_and_it_is_no_rule_to_accept(host: Host) -> None:
    cell, neighbour = await ruled(host), await ruled(host)
    own = await cell.in_force("undertaking")
    assert (await table(neighbour.partner)).undertaking.version == TEXT
    assert (await table(neighbour.partner)).undertaking_renew_by is None
    with pytest.raises(UndertakingTextChanged):
        await swear(neighbour.partner, own)
    with pytest.raises(CellNotFound):
        await promise(neighbour.partner.elsewhere(cell.town))
    with pytest.raises(RulesStateForbids):
        await accept(cell.partner, own)
    assert (await table(cell.partner)).rules_to_accept == 0


async def test_deciding_and_accepting_at_once_leave_nobody_with_the_old_text_for_a_year(host: Host) -> None:
    cell = await ruled(host)
    drafted = await cell.draft("undertaking")
    newcomer = await cell.town.invited(Role.PREVENTION_OFFICER)
    await asyncio.gather(swear(newcomer, TEXT), cell.decide(drafted.id, cell.in_days(3)))
    views = (await cell.mayor.run(list_mandates, ListMandates(50, None))).mandates
    ends = {last_day_of(view.mandate.undertaken_until) for view in views if view.mandate.undertaken_until}
    assert ends == {cell.in_days(32)}


@pytest.fixture
def property_run(servers: Servers) -> Iterator[Any]:
    """A loop and a database of its own: the property is no coroutine."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "partner_directory"))
        yield runner.run, Host(Harness("partner_directory", database, POLICY))
        runner.run(database.close())


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), st.integers(0, 40)), st.tuples(st.just("swear"), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 40)),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


def expected(acts: list[tuple[str, int]], start: date) -> tuple[bool, date]:
    """Whether the cell is open to who swore on the first day and as `acts` say, and the day it is then.

    Said anew, without the code: an acceptance counts a year, and ends 30 days into the time of the next other text.
    """
    today, sworn = start, (start, date.min)
    texts: dict[date, None] = {}
    for act, days in acts:
        if act == "wait":
            today += timedelta(days=days)
        elif act == "decide":
            texts.setdefault(today + timedelta(days=days), None)
        else:
            sworn = (today, max((day for day in texts if day <= today), default=date.min))
    following = min((day for day in texts if day > sworn[1]), default=date.max)
    open_until = sworn[0] + timedelta(days=364)
    if following != date.max:
        open_until = min(open_until, following + timedelta(days=29))
    return today <= open_until, today


async def play(host: Host, acts: list[tuple[str, int]]) -> None:
    """The same with the service."""
    cell = await ruled(host)
    newest = None
    start = cell.today
    for act, days in acts:
        if act == "wait":
            host.harness.clock.advance(days=days)
        elif act == "swear":
            await swear(cell.partner, (await promise(cell.partner)).undertaking.version)
        else:
            for giver in (cell.mayor, cell.coordinator):
                await swear(giver, (await promise(giver)).undertaking.version)
            newest = (await cell.draft("undertaking", newest)).id
            try:
                await cell.decide(newest, cell.in_days(days))
            except RondetafelError as error:
                assert error.code == "RulesDayTaken", error  # noqa: PT017
    is_open, today = expected(acts, start)
    assert today == cell.today
    try:
        await cell.partner.run(list_mandates, ListMandates(1, None))
        found = True
    except UndertakingMissing:
        found = False
    assert found == is_open, acts


def test_invariant_07_in_any_history_of_texts_and_days(property_run: Any) -> None:
    run, host = property_run
    start = host.harness.clock.now

    @settings(
        max_examples=15, deadline=None, derandomize=True, database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )  # fmt: skip
    @given(ACTS)
    def check(acts: list[tuple[str, int]]) -> None:
        host.harness.clock.now = start
        run(play(host, acts))

    check()

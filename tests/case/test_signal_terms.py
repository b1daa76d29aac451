"""A signal that became no case is gone after its term (invariant 12): when, how much of it, and for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.case.commands.answer_check import answer_check
from services.case.commands.dismiss_signal import dismiss_signal
from services.case.commands.enter_signal import enter_signal
from services.case.commands.erase_signal import EraseSignal, erase_signal
from services.case.commands.reconsider_signal import reconsider_signal
from services.case.commands.withdraw_signal import withdraw_signal
from services.case.errors import SignalNotFound
from services.case.person import PersonConcerned
from services.case.queries.list_signals import ListSignals, list_signals
from services.case.signal_terms import gone_at, kept_until
from services.case.terms import TERMS
from services.kit.agenda import TidyKept, TidyTerms, tidy_kept, tidy_terms
from services.kit.clock import day_ends_at
from services.kit.errors import RoleMissing
from services.kit.partial_dates import PartialDay
from services.kit.policy import Role
from services.kit.principal import PLATFORM, system
from tests.case.checks import asked, hold
from tests.case.exchanging import ANSWER, add, ask
from tests.case.outcomes import dismissal, dismissed, redirected, second_thoughts, signal_of, withdrawal
from tests.case.rows import Administrator, records_of
from tests.case.story import SIGNAL, Story, story
from tests.falling_due import run_due
from tests.harness import Harness

ADULT = PersonConcerned("Robin", "Peeters", PartialDay(1979, 4, 2), "")
OUTGOING = frozenset({"outbox"})
"""What was told is in there until the log has it and the event is out."""


async def ended(our: Story, *, minor: bool, way: str = "dismissed") -> Story:
    """A signal that was answered or withdrawn now."""
    await our.enter(**({} if minor else {"person": ADULT}))
    if way == "withdrawn":
        our.signal = await our.reporter.run(withdraw_signal, withdrawal(our))
        return our
    return await (dismissed if way == "dismissed" else redirected)(our)


async def gone(our: Story) -> bool:
    """Whether nobody finds it: as if there had never been one."""
    for reader in (our.reporter, our.coordinator, await our.cell.person(Role.DPO)):
        try:
            await signal_of(our, reader)
        except SignalNotFound:
            assert our.signal.id not in await listed(our)
        else:
            return False
    return True


async def listed(our: Story) -> set[UUID]:
    page = await our.coordinator.run(list_signals, ListSignals(50, None, None))
    return {signal.signal_id for signal in page.signals}


@pytest.mark.parametrize("way", ["dismissed", "redirected", "withdrawn"])
@pytest.mark.parametrize(("minor", "days"), [(False, 30), (True, 15)])
async def test_invariant_12_it_is_there_until_the_midnight_after_its_last_day(
    harness: Harness, way: str, minor: bool, days: int
) -> None:
    our = await ended(await story(harness), minor=minor, way=way)
    last = our.today + timedelta(days=days)
    assert (await signal_of(our, our.reporter)).frame.gone_on == last
    harness.clock.now = day_ends_at(last) - timedelta(seconds=1)
    await run_due(harness, TERMS)
    assert not await gone(our)
    harness.clock.now = day_ends_at(last)
    await run_due(harness, TERMS)
    assert await gone(our)


@pytest.mark.parametrize(("ended_at", "last", "moment"), [
    # Both changes of the clock, the end of a month, a leap day, and a moment that is another day in Brussels.
    (datetime(2027, 3, 1, 12, tzinfo=UTC), date(2027, 3, 31), datetime(2027, 3, 31, 22, tzinfo=UTC)),
    (datetime(2026, 10, 1, 12, tzinfo=UTC), date(2026, 10, 31), datetime(2026, 10, 31, 23, tzinfo=UTC)),
    (datetime(2027, 1, 31, 12, tzinfo=UTC), date(2027, 3, 2), datetime(2027, 3, 2, 23, tzinfo=UTC)),
    (datetime(2028, 1, 30, 12, tzinfo=UTC), date(2028, 2, 29), datetime(2028, 2, 29, 23, tzinfo=UTC)),
    (datetime(2026, 11, 30, 23, 30, tzinfo=UTC), date(2026, 12, 31), datetime(2026, 12, 31, 23, tzinfo=UTC)),
])  # fmt: skip
def test_invariant_25_the_last_day_is_whole_in_brussels(ended_at: datetime, last: date, moment: datetime) -> None:
    assert kept_until(ended_at, minor=False) == last
    assert gone_at(ended_at, minor=False) == moment


async def test_invariant_12_what_is_taken_back_does_not_go(harness: Harness) -> None:
    our = await asked(await story(harness))
    await our.police.run(answer_check, hold(our, days=60))
    await dismissed(our)
    our.signal = await our.coordinator.run(reconsider_signal, second_thoughts(our))
    first = our.today
    harness.clock.now = day_ends_at(first + timedelta(days=15))
    await run_due(harness, TERMS)
    assert not await gone(our), "it waits for an answer, and a hold counts"
    our.signal = await our.coordinator.run(dismiss_signal, dismissal(our))
    last = our.today + timedelta(days=15)
    harness.clock.now = day_ends_at(last) - timedelta(seconds=1)
    await run_due(harness, TERMS)
    assert not await gone(our), "its term begins anew"
    harness.clock.now = day_ends_at(last)
    await run_due(harness, TERMS)
    assert await gone(our)


async def test_nobody_takes_it_away_before_its_time_and_no_person_does(harness: Harness) -> None:
    our = await ended(await story(harness), minor=True)
    assert not await clock_erases(our)
    harness.clock.advance(days=16)
    for person in (our.coordinator, our.mayor, our.reporter, await our.cell.person(Role.DPO)):
        with pytest.raises(RoleMissing):
            await person.run(erase_signal, EraseSignal(our.signal.id))
    assert await clock_erases(our)
    assert not await clock_erases(our), "twice does no harm"
    case_of = await story(harness)
    await case_of.propose()
    harness.clock.advance(days=400)
    assert not await clock_erases(case_of), "what became a case has terms of its own"


async def clock_erases(our: Story) -> bool:
    """As the scheduler asks, whenever it may."""
    harness = our.cell.harness
    return await harness.executor.run(
        system("case.clock", our.cell.cell_id), erase_signal, EraseSignal(our.signal.id)
    )  # fmt: skip


async def rows_naming(administrator: Administrator, named: UUID) -> dict[str, int]:
    """By table, how many rows of the whole database have this id anywhere."""
    tables = await administrator.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    found = {}
    for (table,) in tables:
        count = await administrator.fetchval(f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE $1", f"%{named}%")
        if count:
            found[table] = count
    return found


async def test_invariant_13_nothing_is_left_but_the_count_in_the_log(
    harness: Harness, administrator: Administrator
) -> None:
    our = await asked(await story(harness), person=ADULT)
    await our.police.run(answer_check, hold(our))
    await add(our, ANSWER, await ask(our))
    await signal_of(our, our.coordinator)
    await dismissed(our)
    other = await our.reporter.run(enter_signal, replace(SIGNAL, nis_code=our.town))
    before = await rows_naming(administrator, our.signal.id)
    assert set(before) >= {
        "signal", "signal_identity", "signal_content", "signal_outcome", "signal_reason", "preliminary_check",
        "check_answer", "signal_entry", "signal_seen", "circle_entry", "object_key", "term",
    }  # fmt: skip
    rows = sum(
        count for table, count in before.items() if table not in {"object_key", "term", "idempotency", *OUTGOING}
    )
    harness.clock.now = day_ends_at(our.today + timedelta(days=30))
    await run_due(harness, TERMS)
    # What is done is kept for a day; then the clock tidies.
    harness.clock.advance(days=2)
    for handler, command in ((tidy_terms, TidyTerms()), (tidy_kept, TidyKept())):
        await harness.executor.run(system("case.clock", PLATFORM), handler, command)  # type: ignore[arg-type]
    assert set(await rows_naming(administrator, our.signal.id)) <= OUTGOING
    assert await listed(our) == {other.id}
    (record,) = await records_of(our.coordinator, "erase_signal")
    assert (record.verb, record.count, list(record.object_ids)) == ("erase", rows, [])
    assert str(our.signal.id) not in str(record)
    told = await administrator.fetch(
        "SELECT payload FROM outbox WHERE type = 'signal.erased' AND tenant_id = $1", our.cell.cell_id
    )
    assert [pb.SignalErased.FromString(row["payload"]).signal_id for row in told] == [str(our.signal.id)]


async def test_killed_halfway_it_is_done_again_and_whole(harness: Harness, administrator: Administrator) -> None:
    our = await ended(await story(harness), minor=True)
    harness.clock.now = day_ends_at(our.today + timedelta(days=15))
    # The last statement of the act fails: what was taken away before is there again.
    await administrator.execute("ALTER TABLE outbox ADD CONSTRAINT killed CHECK (type <> 'signal.erased') NOT VALID")
    try:
        with pytest.raises(Exception, match="killed"):
            await clock_erases(our)
    finally:
        await administrator.execute("ALTER TABLE outbox DROP CONSTRAINT killed")
    assert (await signal_of(our, our.reporter)).observed == "Hij trekt zich terug."
    await run_due(harness, TERMS)
    assert await gone(our)

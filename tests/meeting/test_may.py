"""What a session's reader may do succeeds, and what is not named is refused: for everybody, in any state."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import booleans, lists, sampled_from, tuples

from deploy.local.servers import Servers
from services.kit.errors import RondetafelError, SecondFactorMissing, UndertakingMissing
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.meeting.commands.cancel_session import CancelSession, cancel_session
from services.meeting.commands.open_session import open_session
from services.meeting.commands.prepare_decision import prepare_decision
from services.meeting.commands.record_decision import RecordDecision, record_decision
from services.meeting.commands.undo_opening import UndoOpening, undo_opening
from services.meeting.errors import (
    AgendaItemNotFound,
    CaseNotForDecision,
    ClearanceExpired,
    ItemDecided,
    NotOfYourTown,
    PersonWithoutMandate,
    SeatMissing,
    SessionStateForbids,
)
from services.meeting.model import Outcome
from services.meeting.policy import POLICY
from services.meeting.queries.list_sessions import ListSessions, list_sessions
from services.meeting.queries.read_session import SessionView
from tests.attempt import refused
from tests.databases import migrated
from tests.harness import Harness, Person
from tests.meeting.round_table import RoundTable, round_table
from tests.meeting.test_prepare_decision import preparing

OTHER_TOWN = "24008"
STATES = ("LISTED", "SCHEDULED", "DISCUSSED", "FOLLOW_UP", "RESTRICTED", "CLOSED")
EVENTS = ("open", "decide", "undo", "no_content", "police_ends", "clearance_ends", "chief_leaves", "days_pass")
VERBS = ("open_session", "cancel_session", "undo_opening", "record_decision", "prepare_decision")
OF_WHO_IS_PRESENT = (SeatMissing, ClearanceExpired, PersonWithoutMandate)
Told = dict[str, tuple[bool, RondetafelError | None]]


async def say(table: RoundTable, session: Receipt, reader: Person, items: list[Any]) -> Told:
    """Of each verb: whether the read names it, and what the act is refused with."""
    version = (await table.read(table.coordinator, session)).session.version
    try:
        seen: SessionView | None = await table.read(reader, session)
    except RondetafelError:
        seen = None
    opening = table.opening(Receipt(session.id, "", version))
    named = seen.may if seen else ()
    found: Told = {
        "open_session": ("open_session" in named, await refused(reader, open_session, opening)),
        "cancel_session": (
            "cancel_session" in named, await refused(reader, cancel_session, CancelSession(session.id, version)),
        ),
        "undo_opening": (
            "undo_opening" in named, await refused(reader, undo_opening, UndoOpening(session.id, version)),
        ),
    }  # fmt: skip
    for item in items:
        named = next((entry.may for entry in seen.items if entry.item.agenda_item_id == item), ()) if seen else ()
        decision = RecordDecision(session.id, version, item, Outcome.NO_ACTION, "De zorgen zijn weg.")
        found[f"record_decision {item}"] = "record_decision" in named, await refused(reader, record_decision, decision)
        prepared = await refused(reader, prepare_decision, preparing(decision))
        found[f"prepare_decision {item}"] = "prepare_decision" in named, prepared
    return found


async def happens(table: RoundTable, session: Receipt, cases: list[Any], event: str) -> None:
    """One thing more, if it can."""
    clock = table.cell.harness.clock
    clock.advance(minutes=1)
    version = (await table.read(table.coordinator, session)).session.version
    present = Receipt(session.id, "", version)
    try:
        if event == "open":
            await table.mayor.run(open_session, table.opening(present))
        elif event == "undo":
            await table.mayor.run(undo_opening, UndoOpening(session.id, version))
        elif event == "decide":
            await table.mayor.run(record_decision, await table.no_action(present))
        elif event == "no_content":
            await table.tell_circle(cases[-1], 9, parts=("frame", "identity"))
        elif event == "police_ends":
            await table.police.mandate(Role.INFORMATION_OFFICER, ends_at=clock.now, fact_version=5)
        elif event == "clearance_ends":
            ended = {"clearance_ends_at": clock.now, "nis_codes": (table.town,)}
            await table.police.mandate(Role.INFORMATION_OFFICER, fact_version=4, **ended)
        elif event == "chief_leaves":
            await table.mayor.mandate(Role.MAYOR, ends_at=clock.now, fact_version=3)
        else:
            clock.advance(days=3)
    except RondetafelError:
        return


async def check(
    harness: Harness, states: list[str], events: list[str], somebody: Any, met: set[tuple[str, bool]]
) -> None:
    """Everybody reads, and everything is tried."""
    cell = await harness.cell("24001", OTHER_TOWN)
    table = await round_table(cell, "24001")
    delegate = await cell.person(Role.MAYOR_DELEGATE, nis_codes=("24001",))
    guest = await random_person(table, *somebody)
    cases = [await table.case("LISTED", delegate, guest) for _ in states]
    session = await table.planned(*cases)
    items = [item.item.agenda_item_id for item in (await table.read(table.coordinator, session)).items]
    for case_id, state in zip(cases, states, strict=True):
        await table.tell_state(case_id, state, 2)
    for event in events:
        await happens(table, session, cases, event)
    people = [table.mayor, table.coordinator, table.police, table.prevention, table.partner, delegate, guest]
    people += [await cell.person(role, nis_codes=(OTHER_TOWN,)) for role in (Role.MAYOR, Role.COORDINATOR)]
    for reader in people:
        for verb, (named, refusal) in (await say(table, session, reader, items)).items():
            met.add((verb.split()[0], named))
            # Which seats are taken at an opening hangs on who is named as present.
            by_what_was_sent = verb == "open_session" and isinstance(refusal, OF_WHO_IS_PRESENT)
            assert named == (refusal is None or by_what_was_sent), (verb, named, refusal, states, events)


async def random_person(table: RoundTable, role: Role, town: str, promised: bool, second_factor: bool) -> Person:
    """Somebody with any mandate, or with one whose secrecy is not accepted besides one that is."""
    person = Person(table.cell, uuid4(), acr=2 if second_factor else 1)
    accepted = table.now + timedelta(days=300) if promised else None
    await person.mandate(role, nis_codes=(town,), undertaken_until=accepted)
    if not promised:
        await person.mandate(Role.PARTICIPANT, nis_codes=("24001",), mandate_id=uuid4())
    return person


@pytest.fixture
def property_run(servers: Servers) -> Iterator[Any]:
    """A loop and a database of its own: the property is no coroutine."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "meeting"))
        yield runner.run, Harness("meeting", database, POLICY)
        runner.run(database.close())


def test_what_may_be_done_succeeds_and_nothing_else(property_run: Any) -> None:
    loop, harness = property_run
    met: set[tuple[str, bool]] = set()
    everybody = sampled_from(sorted(set(Role) - {Role.HOST}))

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        lists(sampled_from(STATES), min_size=1, max_size=2),
        booleans(),
        lists(sampled_from(EVENTS), max_size=4),
        tuples(everybody, sampled_from(["24001", OTHER_TOWN]), booleans(), booleans()),
    )
    def holds(states: list[str], opened: bool, events: list[str], somebody: Any) -> None:
        loop(check(harness, states, ["open"] * opened + events, somebody, met))

    holds()
    assert met == {(verb, may) for verb in VERBS for may in (True, False)}


async def test_who_may_open_a_session(harness: Harness) -> None:
    cell = await harness.cell("24001", OTHER_TOWN)
    table = await round_table(cell)
    neighbour = await cell.person(Role.MAYOR, nis_codes=(OTHER_TOWN,))
    session = await table.planned(await table.case())
    opening = table.opening(session)
    for reader, more in ((table.mayor, ()), (table.coordinator, ("cancel_session",))):
        assert (await table.read(reader, session)).may == ("open_session", *more)
        assert await refused(reader, open_session, opening) is None
    listed = await table.mayor.run(list_sessions, ListSessions(5, None))
    assert [(line.may, line.stage) for line in listed.sessions] == [(("open_session",), "coming")]
    assert (await table.read(neighbour, session)).may == ()
    assert isinstance(await refused(neighbour, open_session, opening), NotOfYourTown)
    assert (await table.read(table.police, session)).may == ()
    await table.mayor.run(open_session, opening)
    assert (await table.read(table.mayor, session)).may == ("undo_opening",)
    assert (await table.read(table.coordinator, session)).may == ()
    assert isinstance(
        await refused(table.mayor, open_session, table.opening(Receipt(session.id, "", 2))), SessionStateForbids
    )


async def test_who_may_decide_and_when(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    case_id = await table.case()
    session = await table.opened(case_id)
    decision = await table.no_action(session)

    async def may(reader: Person) -> tuple[str, ...]:
        return (await table.read(reader, session)).items[0].may

    assert await may(table.mayor) == ("record_decision",)
    assert await refused(table.mayor, record_decision, decision) is None
    assert await may(table.coordinator) == ("prepare_decision",)
    await table.tell_circle(case_id, 2, parts=("frame", "identity"))
    assert await may(table.mayor) == ()
    assert isinstance(await refused(table.mayor, record_decision, decision), AgendaItemNotFound)
    await table.tell_circle(case_id, 3)
    await table.tell_state(case_id, "RESTRICTED", 2)
    assert await may(table.mayor) == ()
    assert isinstance(await refused(table.mayor, record_decision, decision), CaseNotForDecision)
    await table.tell_state(case_id, "SCHEDULED", 3)
    assert await may(table.mayor) == ("record_decision",)
    await table.mayor.run(record_decision, decision)
    assert await may(table.mayor) == ()
    again = await table.no_action(Receipt(session.id, "", session.version + 1))
    assert isinstance(await refused(table.mayor, record_decision, again), ItemDecided)


async def test_the_seats_count_still_when_something_is_decided(harness: Harness) -> None:
    """An expired clearance, an ended mandate: those present no longer take the seats."""
    table = await round_table(await harness.cell())
    session = await table.opened(await table.case())
    decision = await table.no_action(session)
    before = (await table.read(table.mayor, session)).items[0]
    assert (before.may, before.seats_taken) == (("record_decision",), True)
    assert await refused(table.mayor, record_decision, decision) is None
    await table.police.mandate(Role.INFORMATION_OFFICER, clearance_ends_at=table.now, fact_version=2)
    without = (await table.read(table.mayor, session)).items[0]
    assert (without.may, without.seats_taken) == ((), False)
    assert isinstance(await refused(table.mayor, record_decision, decision), ClearanceExpired)
    await table.police.mandate(Role.INFORMATION_OFFICER, ends_at=table.now, fact_version=3)
    assert (await table.read(table.mayor, session)).items[0].may == ()
    assert isinstance(await refused(table.mayor, record_decision, decision), SeatMissing)


async def test_the_policy_counts(harness: Harness) -> None:
    """Without a second factor, and without secrecy accepted for any mandate, there is nothing to be read either."""
    table = await round_table(await harness.cell())
    session = await table.planned(await table.case())
    assert (await table.read(table.mayor, session)).may == ("open_session",)
    table.mayor.acr = 1
    assert isinstance(await refused(table.mayor, open_session, table.opening(session)), SecondFactorMissing)
    with pytest.raises(SecondFactorMissing):
        await table.read(table.mayor, session)
    table.mayor.acr = 2
    await table.mayor.mandate(Role.MAYOR, undertaken_until=None, fact_version=2)
    assert isinstance(await refused(table.mayor, open_session, table.opening(session)), UndertakingMissing)
    with pytest.raises(UndertakingMissing):
        await table.read(table.mayor, session)


async def test_a_session_that_nobody_closed_is_over_the_next_day(harness: Harness) -> None:
    table = await round_table(await harness.cell())
    session = await table.planned(await table.case())
    assert (await table.read(table.partner, session)).stage == "coming"
    harness.clock.advance(days=1)
    await table.mayor.run(open_session, table.opening(session))
    assert (await table.read(table.partner, session)).stage == "going_on"
    harness.clock.advance(days=1)
    assert (await table.read(table.partner, session)).stage == "over"
    assert (await table.read(table.mayor, session)).items[0].may == ("record_decision",), "to be written down still"

"""Lists longer than a page: whoever follows the cursor sees every case, signal, thing that waits and contribution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from services.case.commands.write_contribution import WriteContribution, write_contribution
from services.case.criterion import Assessment
from services.case.model import Contribution, ContributionState, Part
from services.case.policy import POLICY
from services.case.queries.list_cases import ListCases, list_cases
from services.case.queries.list_signals import ListSignals, list_signals
from services.case.queries.list_waiting import ListWaiting, Waiting, list_waiting
from services.case.queries.read_case import CaseView, ReadCase, read_case
from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.paging import MOST_BYTES, Position, Time, parse_position
from services.kit.vault import AssociatedData
from tests.case.rows import records_of, rows
from tests.case.story import Story, story
from tests.case.waiting import everything
from tests.databases import Migrated
from tests.harness import Harness, Person
from tests.many import copy_rows

MANY = 600


async def many_signals(our: Story) -> None:
    """As many more as the one that is told, every third answered."""
    await our.enter()
    await copy_rows(
        our.cell.harness.database, "signal", "one.tenant_id = $1 AND one.signal_id = $2", MANY, our.cell.cell_id,
        our.signal.id, signal_id="gen_random_uuid()", received_at="one.received_at + n / 2 * interval '1 hour'",
        state="CASE WHEN n % 3 = 0 THEN 'PROPOSED' ELSE one.state END", urgent="n % 7 = 0",
    )  # fmt: skip


async def many_cases(our: Story) -> None:
    """As many more as the one that is listed, every third closed."""
    await our.list()
    database, its_signal = our.cell.harness.database, "md5($1 || n::text)::uuid"
    of_signal, of_case = (f"one.tenant_id::text = $1 AND one.{name}::text = $2" for name in ("signal_id", "case_id"))
    cell_id = str(our.cell.cell_id)
    await copy_rows(database, "signal", of_signal, MANY, cell_id, str(our.signal.id), signal_id=its_signal)
    await copy_rows(
        database, "case_frame", of_case, MANY, cell_id, str(our.case_id), case_id="gen_random_uuid()",
        signal_id=its_signal, code="'24001-26-' || (1000 + n)",
        state="CASE WHEN n % 3 = 0 THEN 'CLOSED' ELSE one.state END",
    )  # fmt: skip


async def cases(person: Person, **asked: object) -> list[UUID]:
    """All pages of the cases."""
    found: list[UUID] = []
    cursor: UUID | None = None
    while True:
        page = await person.run(list_cases, ListCases(50, cursor, None, **asked))  # type: ignore[arg-type]
        found += [case.case_id for case in page.cases]
        cursor = page.next_cursor
        if cursor is None:
            return found


async def test_600_cases_each_on_one_page(harness: Harness) -> None:
    our = await story(harness)
    await many_cases(our)
    all_of_them = await cases(our.coordinator)
    assert len(all_of_them) == len(set(all_of_them)) == MANY + 1
    running, over = await cases(our.coordinator, time=Time.CURRENT), await cases(our.coordinator, time=Time.PAST)
    assert (len(running), len(over)) == (MANY + 1 - MANY // 3, MANY // 3)
    assert set(running) | set(over) == set(all_of_them)
    assert set(await cases(our.coordinator, to_plan=True)) == set(running)


async def test_600_signals_those_that_wait_apart_from_the_answered(harness: Harness) -> None:
    our = await story(harness)
    await many_signals(our)

    async def signals(time: Time | None) -> list[UUID]:
        found: list[UUID] = []
        cursor: UUID | None = None
        while True:
            page = await our.coordinator.run(list_signals, ListSignals(50, cursor, time))
            found += [signal.signal_id for signal in page.signals]
            cursor = page.next_cursor
            if cursor is None:
                return found

    waiting, answered = await signals(Time.CURRENT), await signals(Time.PAST)
    assert (len(set(waiting)), len(set(answered))) == (MANY + 1 - MANY // 3, MANY // 3)
    assert sorted(waiting + answered) == sorted(await signals(None))


async def waiting_of(person: Person, size: int = 50) -> list[Waiting]:
    """All pages of what waits; each says how many there are in all."""
    found: list[Waiting] = []
    cursor: Position | None = None
    totals = set()
    while True:
        page = await person.run(list_waiting, ListWaiting(size, cursor))
        found += page.waiting
        totals.add(page.total)
        if page.next_cursor is None:
            assert totals == {len(found)}
            return found
        cursor = parse_position(str(page.next_cursor))


async def test_600_things_wait_the_most_pressing_first_and_none_twice(harness: Harness) -> None:
    our = await story(harness)
    await many_signals(our)
    found = await waiting_of(our.coordinator)
    assert len({item.signal_id for item in found}) == len(found) == MANY + 1 - MANY // 3
    pressing = [(not item.urgent, item.since) for item in found]
    assert pressing == sorted(pressing)
    for record in await records_of(our.coordinator, "list_waiting"):
        assert len(record.object_ids) == record.count <= 50


async def test_each_kind_that_waits_has_its_own_place_on_pages_of_one(harness: Harness) -> None:
    our = await story(harness)
    teacher = await everything(our)
    for person in (our.coordinator, our.mayor, teacher):
        found = await waiting_of(person)
        assert found == await waiting_of(person, 1)
        assert found
    beyond = Position(harness.clock().replace(year=2900), UUID(int=0), 1)
    page = await our.coordinator.run(list_waiting, ListWaiting(50, beyond))
    assert (page.waiting, page.next_cursor) == ((), None)
    assert page.total == len(await waiting_of(our.coordinator))


WEIGHED = Assessment("Nodig.", "Kan niet met minder.", "In verhouding.", "informed")


@dataclass(frozen=True, slots=True)
class ShareMany:
    """So many contributions of one text."""

    case_id: UUID
    text: str
    count: int


async def share_many(work: Work, command: ShareMany) -> Receipt:
    """Written and shared at once, by its author."""
    for _ in range(command.count):
        contribution_id = new_id()
        sealed, weighed = [
            await work.seal(said, AssociatedData(command.case_id, "contribution", column, contribution_id))
            for column, said in (("text", command.text), ("assessment", WEIGHED.to_json()))
        ]
        work.session.add(
            Contribution(
                tenant_id=work.cell_id, contribution_id=contribution_id, case_id=command.case_id, text=sealed,
                assessment=weighed, legal_basis="decree-vl-2021-05-21",
                author_id=work.actor_id, organisation_id=new_id(), state=ContributionState.SHARED, language="nl",
                life_domain="leisure", police_origin=False, written_at=work.now, shared_at=work.now, version=1,
            )
        )  # fmt: skip
    return Receipt(command.case_id, "SHARED", 1)


@pytest.fixture
def harness(database: Migrated) -> Harness:
    """An executor whose policy lets who may write share many at once."""
    return Harness("case", database, {**POLICY, share_many: replace(POLICY[write_contribution])})


async def read_whole(person: Person, case_id: UUID) -> list[CaseView]:
    """All answers, one after the other."""
    answers = [await person.run(read_case, ReadCase(case_id))]
    while answers[-1].more_after is not None:
        answers.append(await person.run(read_case, ReadCase(case_id, answers[-1].more_after)))
    return answers


@pytest.mark.parametrize(("text", "count"), [("Hij komt elke woensdag.", 600), ("ë" * 8000, 80)])
async def test_600_contributions_and_80_of_full_length_in_answers_that_travel(
    harness: Harness, text: str, count: int
) -> None:
    our = await story(harness)
    await our.list()
    teacher, reader = await our.invite(Part.CONTENT), await our.invite(Part.CONTENT)
    await teacher.run(share_many, ShareMany(our.case_id, text, count))
    answers = await read_whole(reader, our.case_id)
    found = [contribution for answer in answers for contribution in answer.contributions]
    assert len({contribution.contribution_id for contribution in found}) == len(found) == count
    assert {contribution.text for contribution in found} == {text}
    assert [contribution.contribution_id for contribution in found] == sorted(
        contribution.contribution_id for contribution in found
    )
    for answer in answers:
        assert len(answer.contributions) <= 50
        assert sum(len(contribution.text.encode()) for contribution in answer.contributions) <= MOST_BYTES
    assert len(await rows(reader, "read_receipt")) == count
    # What may be done hangs on all that is one's own, whatever page it stands on.
    draft = await teacher.run(write_contribution, WriteContribution(our.case_id, "Nog een.", "leisure", "nl"))
    seen = await read_whole(teacher, our.case_id)
    assert seen[-1].contributions[-1].contribution_id == draft.id
    assert all(answer.asks == seen[0].asks for answer in seen)
    assert "contribution_private" in seen[0].asks

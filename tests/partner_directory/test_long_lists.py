"""Cells of many people and of many years: who sits there now is told whole, and the names of those who left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.channel import MAX_MESSAGE_BYTES
from services.kit.execute import Work
from services.kit.outbox import Receipt
from services.kit.paging import Time
from services.kit.policy import Role
from services.kit.vault import AssociatedData
from services.partner_directory.commands.mandate.end_mandate import end_mandate
from services.partner_directory.model import CellPerson
from services.partner_directory.policy import POLICY
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.read_table import MOST_FORMER, ReadTable, TableView, read_table
from services.partner_directory.rpc.mandate import MANDATE
from tests.databases import Migrated
from tests.harness import Harness, Person
from tests.many import copy_rows
from tests.partner_directory.town import Host, Town

MANY = 600


@dataclass(frozen=True, slots=True)
class NameMany:
    """Names for these people."""

    people: Sequence[UUID]


async def name_many(work: Work, command: NameMany) -> Receipt:
    """As giving mandates would keep them."""
    for person_id in command.people:
        sealed = {
            column: await work.seal(str(person_id), AssociatedData(work.cell_id, "cell_person", column, person_id))
            for column in ("given_name", "family_name")
        }
        work.session.add(CellPerson(tenant_id=work.cell_id, person_id=person_id, **sealed))
    return Receipt(work.cell_id, "NAMED", 1)


@pytest.fixture
def harness(database: Migrated) -> Harness:
    """An executor whose policy lets a coordinator name many at once."""
    return Harness("partner_directory", database, {**POLICY, name_many: replace(POLICY[end_mandate])})


async def many_more(town: Town, coordinator: Person, *, left: bool) -> set[UUID]:
    """As many people more with a mandate like one partner's; `left`: it is over since a while."""
    partner = await town.partner(coordinator)
    people = [uuid4() for _ in range(MANY)]
    await coordinator.run(name_many, NameMany(people))
    await copy_rows(
        town.harness.database, "mandate", "one.tenant_id = $1 AND one.mandate_id = $2", MANY, town.cell_id,
        partner.mandate_id, [str(person) for person in people], mandate_id="gen_random_uuid()",
        person_id="($3::text[])[n]", **ending("one.starts_at + n * interval '1 minute'" if left else "one.ends_at"),
    )  # fmt: skip
    town.harness.clock.advance(days=1)
    return set(people)


def ending(at: str) -> dict[str, str]:
    """The columns of a mandate that ended then, having counted for nothing."""
    return {"ends_at": at, "counts_until": at, "counts_from": "one.starts_at"}


def people_of(table: TableView, *, ended: bool) -> set[UUID]:
    """Who is told, as sitting there or not."""
    return {view.mandate.person_id for view in table.mandates if view.ended is ended}


async def test_600_people_who_sit_there_and_their_names(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    people = await many_more(town, coordinator, left=False)
    table = await coordinator.run(read_table, ReadTable())
    assert people < people_of(table, ended=False)
    assert {view.given_name for view in table.mandates if view.mandate.person_id in people} == set(map(str, people))
    assert not table.more_before
    told = pb.Table(mandates=[MANDATE(view) for view in table.mandates])
    assert told.ByteSize() / len(told.mandates) * (MOST_FORMER + MANY) < MAX_MESSAGE_BYTES


async def test_after_600_ended_mandates_the_mayor_still_sits_there(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    mayor = await town.sworn(Role.MAYOR)
    left = await many_more(town, coordinator, left=True)
    table = await coordinator.run(read_table, ReadTable())
    assert {mayor.person_id, coordinator.person_id} <= people_of(table, ended=False)
    assert people_of(table, ended=True) == left
    assert [view.ended for view in table.mandates] == sorted(view.ended for view in table.mandates)
    assert not table.more_before


async def test_a_mandate_that_ended_is_told_only_where_nothing_else_names_the_person(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    now = host.harness.clock()
    of = "one.tenant_id = $1 AND one.mandate_id = $2"
    await copy_rows(
        town.harness.database, "mandate", of, 3, town.cell_id, partner.mandate_id, now - timedelta(days=2),
        mandate_id="gen_random_uuid()", **ending("$3::timestamptz - n * interval '1 day'"),
    )  # fmt: skip
    assert len((await coordinator.run(read_table, ReadTable())).mandates) == 2
    organisation = await town.harness.database.unwalled(
        "SELECT organisation_id FROM organisation WHERE organisation_id <> (SELECT organisation_id FROM mandate"
        " WHERE mandate_id = $1) LIMIT 1", partner.mandate_id,
    )  # fmt: skip
    await copy_rows(
        town.harness.database, "mandate", of, 3, town.cell_id, partner.mandate_id, now - timedelta(days=2),
        organisation[0]["organisation_id"], mandate_id="gen_random_uuid()", organisation_id="$4::uuid",
        **ending("$3::timestamptz - n * interval '1 day'"),
    )  # fmt: skip
    table = await coordinator.run(read_table, ReadTable())
    (before,) = [view for view in table.mandates if view.ended]
    assert before.mandate.ends_at == now - timedelta(days=3), "what was said for another organisation keeps its name"


async def test_who_left_before_the_last_thousand_is_not_told_and_that_is_said(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    first, second = [await many_more(town, coordinator, left=True) for _ in range(2)]
    table = await coordinator.run(read_table, ReadTable())
    told = people_of(table, ended=True)
    assert len(told) == MOST_FORMER < len(first | second)
    assert told < first | second
    assert table.more_before
    assert coordinator.person_id in people_of(table, ended=False)


async def test_600_mandates_each_on_one_page_those_that_are_over_apart(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    valid, left = await many_more(town, coordinator, left=False), await many_more(town, coordinator, left=True)

    async def listed(time: Time) -> list[UUID]:
        found: list[UUID] = []
        cursor: UUID | None = None
        while True:
            page = await coordinator.run(list_mandates, ListMandates(50, cursor, time=time))
            found += [view.mandate.person_id for view in page.mandates]
            cursor = page.next_cursor
            if cursor is None:
                return found

    current, past = await listed(Time.CURRENT), await listed(Time.PAST)
    assert set(current) >= valid
    assert sorted(past) == sorted(left)

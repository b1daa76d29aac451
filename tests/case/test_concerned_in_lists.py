"""First name and age beside a code: for who reads the identity, of a short list, and recorded as a read of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.case.age import Age
from services.case.frame import Concerned
from services.case.model import Part
from services.case.person import EstimatedAge, PersonConcerned
from services.case.queries.list_cases import CasePage, ListCases, list_cases
from services.kit.policy import Role
from tests.case.rows import records_of
from tests.case.story import story
from tests.harness import Harness, Person
from tests.security.statements import statements

MILAN = Concerned("Milan", Age(16, 16), estimated=False)
WITH_PERSONS = ListCases(50, None, None, persons=True)


async def listed(person: Person, asked: ListCases = WITH_PERSONS) -> CasePage:
    return await person.run(list_cases, asked)


async def called(person: Person) -> dict[UUID, Concerned | None]:
    """Whom each case is about, as this person is told."""
    return {case.case_id: case.concerned for case in (await listed(person)).cases}


async def test_who_reads_the_identity_sees_it_and_nobody_else(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    with_identity, without = await our.invite(Part.IDENTITY), await our.invite(Part.CONTENT)
    dpo, outsider = await our.cell.person(Role.DPO), await our.cell.person(Role.PARTICIPANT)
    for person in (our.coordinator, our.mayor, our.police, our.prevention, with_identity):
        assert await called(person) == {our.case_id: MILAN}
    for person in (without, dpo):
        assert await called(person) == {our.case_id: None}
    assert await called(outsider) == {}
    # Without being asked nobody is told.
    page = await listed(our.mayor, ListCases(50, None, None))
    assert [(case.concerned, case.next_session_at) for case in page.cases] == [(None, None)]
    read = {tuple(record.fields) for record in await records_of(our.mayor, "list_cases")}
    assert read >= {("frame", "identity"), ("frame",)}


async def test_the_record_names_the_cases_and_tells_that_identities_were_read(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    without = await our.invite(Part.CONTENT)
    before = len(await records_of(our.mayor, "list_cases"))
    for person in (our.mayor, without):
        await listed(person)
    by_mayor, by_guest = (await records_of(our.mayor, "list_cases"))[before:]
    assert (list(by_mayor.fields), list(by_mayor.object_ids)) == (["frame", "identity"], [str(our.case_id)])
    assert (list(by_guest.fields), list(by_guest.object_ids)) == (["frame"], [str(our.case_id)])


async def test_an_estimate_is_told_as_one_and_a_name_that_is_there(harness: Harness) -> None:
    our = await story(harness)
    estimated = EstimatedAge(30, our.today)
    await our.enter(person=PersonConcerned("", "Claes", None, "", estimated))
    await our.propose()
    assert await called(our.mayor) == {our.case_id: Concerned("Claes", Age(28, 32), estimated=True)}


async def test_the_next_session_comes_along(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    for days in (-1, 5, 2):
        await our.plan(days=days)
    (case,) = (await listed(our.police)).cases
    assert case.next_session_at == our.now + timedelta(days=2)
    dpo = await our.cell.person(Role.DPO)
    assert [case.next_session_at for case in (await listed(dpo)).cases] == [None]


async def test_of_a_longer_list_the_codes_stand_alone(harness: Harness) -> None:
    our = await story(harness)
    for _ in range(3):
        await our.enter()
        await our.propose()
    page = await listed(our.mayor, ListCases(2, None, None, persons=True))
    rest = await listed(our.mayor, ListCases(2, page.next_cursor, None, persons=True))
    assert [case.concerned for case in (*page.cases, *rest.cases)] == [None, None, None]
    assert [case.concerned for case in (await listed(our.mayor, ListCases(3, None, None, persons=True))).cases] == [
        MILAN, MILAN, MILAN,
    ]  # fmt: skip


async def test_it_takes_as_many_statements_however_many_cases(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    guest = await our.invite(last_day_in=200)
    await listed(guest)
    async with statements(harness) as few:
        await listed(guest)
    for _ in range(3):
        await our.enter()
        await our.list()
        our.version = await our.present_version()
    async with statements(harness) as many:
        await listed(our.mayor)
        await listed(guest)
    assert len(many) <= 2 * len(few) + 1

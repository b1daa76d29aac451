"""Of several mandates the record names the one that opened the row (invariant 16), and what was really read."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from rondetafel.audit.v1 import audit_pb2
from services.case.model import Part
from services.case.queries.list_cases import ListCases, list_cases
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.rows import as_actor, records_of
from tests.case.story import Story, story, story_in
from tests.harness import Harness, Person

OFFICE, SCHOOL = uuid4(), uuid4()
FIRST, SECOND = UUID(int=1), new_id()


@pytest.fixture
async def our(harness: Harness) -> Story:
    our = await story(harness)
    await our.list()
    return our


async def holder(our: Story, office: Role, *, invited: bool = False, first: bool = False) -> Person:
    """Somebody of a school, invited or not, who holds an office as well; `first` says that the office is the older."""
    older, newer = FIRST, SECOND
    of_school, of_office = (newer, older) if first else (older, newer)
    school: dict[str, Any] = {"mandate_id": of_school, "organisation_id": SCHOOL}
    person = await (our.invite(Part.CONTENT, **school) if invited else our.cell.person(Role.PARTICIPANT, **school))
    await person.mandate(office, mandate_id=of_office, organisation_id=OFFICE)
    return person


async def read_record(our: Story, person: Person) -> audit_pb2.AuditRecord:
    await our.read(person)
    return (await records_of(person, "read_case"))[-1]


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("office", [Role.INFORMATION_OFFICER, Role.PREVENTION_OFFICER, Role.COORDINATOR, Role.MAYOR])
async def test_invariant_16_the_seats_mandate_is_named_where_the_seat_opened(
    our: Story, office: Role, first: bool
) -> None:
    record = await read_record(our, await holder(our, office, first=first))
    assert (record.detail["role"], record.organisation_id) == (office.value, str(OFFICE))


@pytest.mark.parametrize("first", [True, False])
async def test_invariant_16_the_invited_ones_mandate_is_named_where_the_invitation_opened(
    our: Story, first: bool
) -> None:
    record = await read_record(our, await holder(our, Role.DPO, invited=True, first=first))
    assert (record.detail["role"], record.organisation_id) == ("participant", str(SCHOOL))
    assert list(record.fields) == ["frame", "content"]


@pytest.mark.parametrize("first", [True, False])
async def test_invariant_16_the_role_that_sees_frames_is_named_where_no_circle_opened(our: Story, first: bool) -> None:
    record = await read_record(our, await holder(our, Role.DPO, first=first))
    assert (record.detail["role"], record.organisation_id) == ("dpo", str(OFFICE))
    assert list(record.fields) == ["frame"]


async def test_a_seat_whose_mandate_is_of_another_town_opened_nothing(harness: Harness) -> None:
    our = await story(harness, "24001", "24002")
    await our.list()
    person = await our.invite(Part.CONTENT, mandate_id=SECOND, organisation_id=SCHOOL)
    await person.mandate(Role.INFORMATION_OFFICER, mandate_id=FIRST, organisation_id=OFFICE, nis_codes=("24002",))
    assert (await read_record(our, person)).organisation_id == str(SCHOOL)


async def test_a_list_opened_by_several_names_them_all(harness: Harness) -> None:
    ours = await story(harness, "24001", "24002")
    theirs = await story_in(ours.cell, "24002")
    await ours.list()
    await theirs.list()
    person = await ours.invite(Part.CONTENT, mandate_id=FIRST, organisation_id=SCHOOL)
    await person.mandate(Role.MAYOR, mandate_id=SECOND, organisation_id=OFFICE, nis_codes=("24002",))
    await person.run(list_cases, ListCases(50, None, None))
    record = (await records_of(person, "list_cases"))[-1]
    assert {UUID(object_id) for object_id in record.object_ids} == {ours.case_id, theirs.case_id}
    assert record.detail["roles"] == "mayor,participant"


@pytest.mark.parametrize("first", [True, False])
async def test_a_contribution_is_of_the_organisation_that_was_invited(our: Story, first: bool) -> None:
    person = await holder(our, Role.DPO, invited=True, first=first)
    await our.share(person)
    async with as_actor(person) as session:
        assert (await session.execute(text("SELECT organisation_id FROM contribution"))).scalar_one() == SCHOOL
    for action in ("write_contribution", "assess_contribution", "share_contribution"):
        assert [record.organisation_id for record in await records_of(person, action)] == [str(SCHOOL)]

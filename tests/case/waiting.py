"""What waits for people of a story, in few words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.case.queries.list_waiting import ListWaiting, Waiting, WaitingView, list_waiting
from tests.case.story import Story
from tests.harness import Person


async def seen(person: Person) -> WaitingView:
    """What a person is told."""
    return await person.run(list_waiting, ListWaiting())


async def kinds(person: Person) -> list[str]:
    """The kinds of what waits, in order."""
    return [item.kind for item in (await seen(person)).waiting]


async def of_kind(person: Person, kind: str) -> list[Waiting]:
    """What waits of one kind."""
    return [item for item in (await seen(person)).waiting if item.kind == kind]


async def of_the_cell(our: Story, *known: Person) -> dict[UUID, list[str]]:
    """The kinds of everybody in the story and of some more."""
    people = (our.coordinator, our.mayor, our.police, our.prevention, our.reporter, *known)
    return {person.person_id: found for person in people if (found := await kinds(person))}


async def everything(our: Story) -> Person:
    """Something of every kind; the person invited, who has a draft and an action."""
    await our.list()
    teacher = await our.invite()
    await our.write(teacher)
    await our.write(our.coordinator)
    action = our.decision().actions[0]
    mine = replace(action, owner_id=teacher.person_id)
    await our.decide(our.decision(review_on=our.today + timedelta(days=7), actions=(mine,)))
    for _ in range(2):
        await our.enter()
        await our.list()
    await our.plan(days=1)
    await our.enter()
    await our.propose()
    await our.enter()
    return teacher

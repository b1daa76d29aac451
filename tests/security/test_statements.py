"""Absent and forbidden ask the very same statements of the database, in the same order: no timing tells them apart."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.servers import Servers
from services.case.commands.add_to_signal import AddToSignal, add_to_signal
from services.case.commands.ask_reporter import AskReporter, ask_reporter
from services.case.commands.decline_contribution import DeclineContribution, decline_contribution
from services.case.commands.place_on_list import place_on_list
from services.case.policy import POLICY as CASE_POLICY
from services.case.queries.read_case import ReadCase, read_case
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.errors import NotFound
from services.kit.policy import Role
from services.meeting.policy import POLICY as MEETING_POLICY
from services.meeting.queries.list_case_sessions import ListCaseSessions, list_case_sessions
from services.meeting.queries.read_session import ReadSession, read_session
from tests.case.story import story, story_in
from tests.databases import migrated
from tests.harness import Cell, Harness, Person
from tests.meeting.round_table import round_table
from tests.security.statements import Ear


@dataclass(frozen=True, slots=True)
class Question:
    """A request that `rightful` makes with success, that `others` may not make, and the same about nothing."""

    handler: Any
    command: Any
    absent: Any
    rightful: Person
    others: Sequence[Person]


async def case_harness(servers: Servers) -> Harness:
    return Harness("case", await migrated(servers, "case"), CASE_POLICY)


async def about_a_case(servers: Servers) -> Question:
    our = await story(await case_harness(servers), "24001", "24002")
    await our.list()
    other_town = await story_in(our.cell, "24002")
    command, others = ReadCase(our.case_id), [our.reporter, other_town.mayor, await our.cell.person(Role.PARTICIPANT)]
    return Question(read_case, command, ReadCase(uuid4()), our.mayor, others)


async def about_a_signal(servers: Servers) -> Question:
    our = await story(await case_harness(servers), "24001", "24002")
    signal = await our.enter()
    other_town = await story_in(our.cell, "24002")
    others = [our.mayor, our.police, other_town.coordinator, await our.cell.person(Role.PARTICIPANT)]
    return Question(read_signal, ReadSignal(signal.id), ReadSignal(uuid4()), our.reporter, others)


async def about_the_list(servers: Servers) -> Question:
    our = await story(await case_harness(servers), "24001", "24002")
    await our.propose()
    listing = our.listing()
    others = [(await story_in(our.cell, "24002")).mayor]
    return Question(place_on_list, listing, replace(listing, case_id=uuid4()), our.mayor, others)


async def about_a_session(servers: Servers) -> Question:
    """Whoever sits in the cell may read its sessions: others sit in another."""
    harness = Harness("meeting", await migrated(servers, "meeting"), MEETING_POLICY)
    table = await round_table(await harness.cell())
    session = await table.planned(await table.case())
    neighbour = await round_table(await harness.cell())
    others = [neighbour.mayor, neighbour.coordinator]
    return Question(read_session, ReadSession(session.id), ReadSession(uuid4()), table.mayor, others)


async def about_declining(servers: Servers) -> Question:
    our = await story(await case_harness(servers), "24001", "24002")
    await our.list()
    others = [our.reporter, (await story_in(our.cell, "24002")).mayor]
    absent = DeclineContribution(uuid4())
    return Question(decline_contribution, DeclineContribution(our.case_id), absent, our.police, others)


async def about_adding(servers: Servers) -> Question:
    our = await story(await case_harness(servers), "24001", "24002")
    added = AddToSignal((await our.enter()).id, 1, "Zijn zus belde.", "nl")
    others = [our.mayor, our.police, await our.cell.person(Role.PARTICIPANT)]
    return Question(add_to_signal, added, replace(added, signal_id=uuid4()), our.reporter, others)


async def about_asking(servers: Servers) -> Question:
    our = await story(await case_harness(servers), "24001", "24002")
    question = AskReporter((await our.enter()).id, 1, "Sinds wanneer?", "nl")
    others = [(await story_in(our.cell, "24002")).coordinator]
    return Question(ask_reporter, question, replace(question, signal_id=uuid4()), our.coordinator, others)


async def about_the_sessions_of_a_case(servers: Servers) -> Question:
    harness = Harness("meeting", await migrated(servers, "meeting"), MEETING_POLICY)
    table = await round_table(await harness.cell("24001", "24002"))
    case_id = await table.case()
    await table.planned(case_id)
    others = [table.partner, (await round_table(table.cell, "24002")).mayor]
    return Question(list_case_sessions, ListCaseSessions(case_id), ListCaseSessions(uuid4()), table.mayor, others)


MAKERS = {"ReadCase": about_a_case, "ReadSignal": about_a_signal, "PlaceOnList": about_the_list,
          "DeclineContribution": about_declining, "AddToSignal": about_adding, "AskReporter": about_asking,
          "ReadSession": about_a_session, "ListCaseSessions": about_the_sessions_of_a_case}  # fmt: skip


@pytest.fixture(params=list(MAKERS))
async def question(request: pytest.FixtureRequest, servers: Servers) -> AsyncIterator[Question]:
    """One request of each kind."""
    question = await MAKERS[request.param](servers)
    yield question
    await question.rightful.cell.harness.database.close()


def asks_a_table(statement: str) -> bool:
    """Whether it is a handler's own question: the frame's read no table of its service, or write."""
    return re.search(r"\bFROM\b", statement) is not None and not re.search("begin_act|INSERT INTO", statement)


async def asked(ear: Ear, person: Person, question: Question, command: Any) -> tuple[str, list[str]]:
    """The answer to a refused request, and the statements it took."""
    ear.take()
    with pytest.raises(NotFound) as refused:
        await person.run(question.handler, command)
    return f"{refused.value.code} {refused.value}", ear.take()


async def test_absent_and_forbidden_take_the_same_statements(question: Question) -> None:
    ear = Ear(question.rightful.cell.harness.database)
    async with ear.listening():
        for person in question.others:
            # Once before, so that the driver knows the types and the ring its keys.
            await asked(ear, person, question, question.absent)
            forbidden = await asked(ear, person, question, question.command)
            absent = await asked(ear, person, question, question.absent)
            assert forbidden == absent
            assert any(map(asks_a_table, absent[1])), "it was looked for"
            assert any("begin_act" in statement for statement in absent[1]), "the frame's own are heard too"
        ear.take()
        await question.rightful.run(question.handler, question.command)
        assert ear.take() != forbidden[1]


async def test_an_unknown_cell_and_one_without_mandate_take_the_same_statements(question: Question) -> None:
    harness = question.rightful.cell.harness
    stranger = question.others[0].elsewhere(await harness.cell())
    nowhere = question.others[0].elsewhere(Cell(harness, uuid4(), ()))
    ear = Ear(harness.database)
    async with ear.listening():
        await asked(ear, nowhere, question, question.command)
        without_mandate = await asked(ear, stranger, question, question.command)
        unknown = await asked(ear, nowhere, question, question.command)
        assert without_mandate == unknown
        assert sum("begin_act" in statement for statement in unknown[1]) == 2, "the act and the record of its refusal"

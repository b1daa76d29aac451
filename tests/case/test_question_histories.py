"""Questions without a name in random histories, beside a model in plain Python of who finds and does what."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import integers, lists, sampled_from, tuples

from deploy.local.servers import Servers
from services.case.commands.answer_question import answer_question
from services.case.commands.close_question import close_question
from services.case.commands.enter_signal import enter_signal
from services.case.commands.publish_answer import publish_answer
from services.case.policy import POLICY
from services.case.queries.list_questions import ListQuestions, list_questions
from services.case.queries.list_waiting import ListWaiting, list_waiting
from services.case.terms import TERMS
from services.kit.errors import NotFound, RondetafelError
from services.kit.outbox import Receipt
from services.kit.policy import Role
from tests.attempt import refused
from tests.case.questions import answer, ask, closing, lesson, read
from tests.case.story import SIGNAL, story
from tests.databases import migrated
from tests.falling_due import run_due
from tests.harness import Harness, Person

ACTS = ("ask", "answer", "close", "signal", "month", "quarter")
KEPT_CLOSED, KEPT_ANSWERED = 30, 90


@dataclass
class Known:
    """What the model knows of a question."""

    asker: int
    receipt: Receipt
    answered: bool = False
    closed: bool = False
    became: bool = False
    days_left: int | None = None

    def may(self, who: int, *, coordinates: bool) -> set[str]:
        """What this person may do with it, by number."""
        mine, found = who == self.asker, set()
        if coordinates and not self.answered and not self.closed:
            found.add("answer_question")
        if coordinates and self.answered:
            found.add("publish_answer")
        if not self.closed and (mine or (coordinates and self.answered)):
            found.add("close_question")
        if mine and not self.became:
            found.add("enter_signal")
        return found


@dataclass
class Table:
    """Three who sit there, the first and the last of whom coordinate, and what they asked."""

    people: list[Person]
    asked: dict[UUID, Known] = field(default_factory=dict)

    def coordinates(self, who: int) -> bool:
        return who in (0, 2)

    def visible(self, who: int) -> set[UUID]:
        return {question for question, known in self.asked.items() if self.coordinates(who) or known.asker == who}


async def go_on(table: Table, act: str, who: int, which: int) -> None:
    """One act of one of them on one of the questions, by service and model alike."""
    person, known = table.people[who], list(table.asked.values())
    if act == "ask":
        if len([question for question in known if question.asker == who]) < 10:
            receipt = await ask(person)
            table.asked[receipt.id] = Known(who, receipt)
        return
    if act in ("month", "quarter"):
        await pass_on(table, KEPT_CLOSED if act == "month" else KEPT_ANSWERED)
        return
    if not known:
        return
    chosen = known[which % len(known)]
    verb = {"answer": "answer_question", "close": "close_question", "signal": "enter_signal"}[act]
    handler, request = requests(chosen)[verb]
    if verb not in chosen.may(who, coordinates=table.coordinates(who)):
        assert await refused(person, handler, request) is not None, (verb, who, chosen)
        return
    done: Receipt = await person.run(handler, request)
    version = done.version if act != "signal" else chosen.receipt.version + (0 if chosen.closed else 1)
    chosen.receipt = replace(chosen.receipt, version=version)
    if act == "answer":
        chosen.answered, chosen.days_left = True, KEPT_ANSWERED
        return
    chosen.became |= act == "signal"
    if not chosen.closed:
        chosen.closed, chosen.days_left = True, KEPT_CLOSED


def requests(known: Known) -> dict[str, tuple[Any, Any]]:
    """The right request of each verb."""
    return {
        "answer_question": (answer_question, answer(known.receipt)),
        "close_question": (close_question, closing(known.receipt)),
        "publish_answer": (publish_answer, lesson(known.receipt)),
        "enter_signal": (enter_signal, replace(SIGNAL, question_id=known.receipt.id)),
    }


async def pass_on(table: Table, days: int) -> None:
    """Time passes, and what is due is done."""
    harness = table.people[0].cell.harness
    harness.clock.advance(days=days)
    await run_due(harness, TERMS)
    for question_id, known in list(table.asked.items()):
        if known.days_left is not None:
            known.days_left -= days
            if known.days_left <= 0:
                del table.asked[question_id]


async def compare(table: Table) -> None:
    """Everybody reads, lists and tries everything: as the model says."""
    for who, person in enumerate(table.people):
        listed = (await person.run(list_questions, ListQuestions(50, None))).questions
        assert {line.question_id for line in listed} == table.visible(who)
        assert {line.question_id for line in listed if line.mine} == {
            question_id for question_id, known in table.asked.items() if known.asker == who
        }
        waits = {todo.question_id: todo.kind for todo in (await person.run(list_waiting, ListWaiting())).waiting}
        assert {found: kind for found, kind in waits.items() if found} == waiting(table, who)
        for question_id, known in table.asked.items():
            if question_id not in table.visible(who):
                with pytest.raises(NotFound):
                    await read(person, question_id)
                continue
            named = set((await read(person, question_id)).may)
            assert named == known.may(who, coordinates=table.coordinates(who))
            for verb, act in requests(known).items():
                refusal: RondetafelError | None = await refused(person, *act)
                assert (refusal is None) == (verb in named), (verb, who, known, refusal)


def waiting(table: Table, who: int) -> dict[UUID, str]:
    """What waits for this person."""
    found = {}
    for question_id, known in table.asked.items():
        if known.answered and not known.closed and known.asker == who:
            found[question_id] = "question_answered"
        elif table.coordinates(who) and not known.answered and not known.closed:
            found[question_id] = "question_asked"
    return found


async def check(harness: Harness, history: list[tuple[str, int, int]]) -> None:
    """Play it, then compare."""
    our = await story(harness)
    table = Table([our.coordinator, our.reporter, await our.cell.person(Role.COORDINATOR)])
    for act, who, which in history:
        await go_on(table, act, who, which)
    await compare(table)


@pytest.fixture
def run(servers: Servers) -> Iterator[tuple[Any, Harness]]:
    """A loop and a database of its own: the property is no coroutine."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "case"))
        yield runner.run, Harness("case", database, POLICY)
        runner.run(database.close())


def test_in_any_history_each_finds_and_does_what_the_model_says(run: Any) -> None:
    loop, harness = run

    @settings(
        max_examples=25, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(lists(tuples(sampled_from((*ACTS, "ask", "answer")), integers(0, 2), integers(0, 5)), max_size=12))
    def holds(history: list[tuple[str, int, int]]) -> None:
        # Mandates last a year, and a long history of quarters would outlive them.
        spans = [step for step in history if step[0] == "quarter"]
        loop(check(harness, [step for step in history if step[0] != "quarter" or step in spans[:2]][:12]))

    holds()

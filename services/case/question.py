"""A question without a name: finding it, who may do what with it, what it tells whom."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from services.case.asker import name_own, notice_name
from services.case.errors import QuestionNotFound, QuestionStateForbids
from services.case.events import notice_asked
from services.case.model import QuestionStanding, QuestionState
from services.case.question_terms import question_terms
from services.kit.allowed import Guard, allowed, expect_version
from services.kit.clock import day_starts_at, local_date
from services.kit.errors import RoleMissing
from services.kit.execute import Work
from services.kit.notices import NoticeAsked, NoticeKind
from services.kit.policy import Role
from services.kit.statements import Statement
from services.kit.vault import AssociatedData

# The walls say who finds it: its text comes to the very same.
_COLUMNS = """
SELECT asked.question_id, asked.state, asked.asked_on, asked.answered_on, asked.closed_on, asked.erased_on,
       asked.version, asked.asker = ANY (:marks) AS mine, told.question, told.answer, told.asked_by, told.became
  FROM question AS asked
  JOIN question_text AS told ON told.tenant_id = asked.tenant_id AND told.question_id = asked.question_id
 WHERE asked.tenant_id = :tenant AND asked.question_id = :question_id"""
_FIND = Statement(text(_COLUMNS))
_LOCK = Statement(text(_COLUMNS + " FOR UPDATE OF asked"))
_MOVE = Statement(
    text("""
UPDATE question SET state = :state, answered_on = :answered_on, closed_on = :closed_on, erased_on = :erased_on,
       version = :version
 WHERE tenant_id = :tenant AND question_id = :question_id""")
)
_BECOME = Statement(
    text("UPDATE question_text SET became = :became WHERE tenant_id = :tenant AND question_id = :question_id")
)
_OF_COORDINATORS = Statement(
    text("""
SELECT DISTINCT person_id FROM mandate
 WHERE tenant_id = :tenant AND role = 'coordinator' AND starts_at <= :now AND ends_at > :now ORDER BY person_id""")
)


@dataclass(frozen=True, slots=True)
class FoundQuestion:
    """A question as it is found, its texts sealed."""

    question_id: UUID
    state: str
    asked_on: date
    answered_on: date | None
    closed_on: date | None
    erased_on: date | None
    version: int
    mine: bool
    question: bytes
    answer: bytes | None
    asked_by: bytes
    became: bytes | None

    @property
    def stands(self) -> QuestionStanding:
        """Where it stands now, and what it allows there."""
        return QuestionStanding(
            QuestionState(self.state), self.version, self.mine, self.became is not None, self.answered_on is not None
        )


async def find_question(work: Work, question_id: UUID, *, lock: bool = False) -> FoundQuestion:
    """The question, for whoever asked it and for coordinators; locked until the end of the act if asked for.

    Raises QuestionNotFound.
    """
    marks = await name_own(work)
    values = {"tenant": work.cell_id, "question_id": question_id, "marks": marks}
    row = await work.fetch_one(_LOCK if lock else _FIND, values)
    if row is None:
        raise QuestionNotFound
    work.concern(question_id)
    return FoundQuestion(*row)


def allow_answer_question(work: Work, question: QuestionStanding, seen: int) -> None:
    """Raises RoleMissing, VersionChanged, QuestionStateForbids."""
    require_coordinator(work)
    expect_version(question.version, seen)
    question.require_move(QuestionState.ANSWERED)


def allow_close_question(work: Work, question: QuestionStanding, seen: int) -> None:
    """Whoever asked closes it whenever; a coordinator what is answered. Raises as `allow_answer_question`."""
    if not question.mine:
        require_coordinator(work)
    expect_version(question.version, seen)
    question.require_close()


def require_coordinator(work: Work) -> None:
    """The act is under the mandate by which the caller coordinates. Raises RoleMissing."""
    held = [mandate for mandate in work.facts.mandates if mandate.role is Role.COORDINATOR]
    if not held:
        raise RoleMissing
    work.act_under(held[0])


def allow_become_signal(question: QuestionStanding) -> None:
    """Whoever asked alone, and once. Raises QuestionNotFound, QuestionStateForbids."""
    if not question.mine:
        raise QuestionNotFound
    question.require_unbecome()


def allow_publish_answer(work: Work, question: QuestionStanding) -> None:
    """A coordinator tells everybody what an answered question taught. Raises RoleMissing, QuestionStateForbids."""
    require_coordinator(work)
    if not question.answered:
        raise QuestionStateForbids(field="state", expected="a question that was answered")


def question_may(work: Work, question: QuestionStanding) -> tuple[str, ...]:
    """What the caller may do with it."""
    guards: dict[str, Guard] = {
        "answer_question": lambda: allow_answer_question(work, question, question.version),
        "close_question": lambda: allow_close_question(work, question, question.version),
        "enter_signal": lambda: allow_become_signal(question),
        "publish_answer": lambda: allow_publish_answer(work, question),
    }
    return allowed(work.may, guards)


async def move_question(work: Work, question: FoundQuestion, to: QuestionState) -> int:
    """The question stands there from today on, and is erased in its time; its new version."""
    today, closed = local_date(work.now), to is QuestionState.CLOSED
    erased_on = question_terms(today).erased_on(today, closed=closed)
    await work.execute(
        _MOVE,
        {
            "tenant": work.cell_id, "question_id": question.question_id, "state": to, "version": question.version + 1,
            "answered_on": question.answered_on if closed else today, "closed_on": today if closed else None,
            "erased_on": erased_on,
        },
    )  # fmt: skip
    work.at(day_starts_at(erased_on), "question", question.question_id)
    work.publish(notice_asked(NoticeAsked(NoticeKind.QUESTION_ASKED, question.question_id, over=True)))
    if closed:
        name = await notice_name(work, question.question_id)
        work.publish(notice_asked(NoticeAsked(NoticeKind.ANSWER_WAITS, name, over=True)))
    return question.version + 1


async def carry_over(work: Work, question_id: UUID, signal_id: UUID) -> None:
    """The question became this signal: it is closed, and who asked finds the signal there, nobody else."""
    question = await find_question(work, question_id, lock=True)
    allow_become_signal(question.stands)
    became = await work.seal(str(signal_id), place(question_id, "became"))
    await work.execute(_BECOME, {"tenant": work.cell_id, "question_id": question_id, "became": became})
    if question.stands.state is not QuestionState.CLOSED:
        await move_question(work, question, QuestionState.CLOSED)


async def tell_coordinators(work: Work, question_id: UUID) -> None:
    """All coordinators of the cell are written to; whoever asked too, who would else be known by being left out."""
    people = await work.fetch(_OF_COORDINATORS, {"tenant": work.cell_id, "now": work.now})
    if people:
        told = tuple(row.person_id for row in people)
        work.publish(notice_asked(NoticeAsked(NoticeKind.QUESTION_ASKED, question_id, person_ids=told)))


async def tell_asker(work: Work, question: FoundQuestion) -> None:
    """Whoever asked is written to that an answer waits, and neither row nor letter tells of which question."""
    asker = UUID(await work.open(question.asked_by, place(question.question_id, "asked_by")))
    name = await notice_name(work, question.question_id)
    work.publish(notice_asked(NoticeAsked(NoticeKind.ANSWER_WAITS, name, person_ids=(asker,))))


def place(question_id: UUID, column: str) -> AssociatedData:
    """Where a sealed text of a question stands."""
    return AssociatedData(question_id, "question_text", column, question_id)


def asked_text(text: str, language: str) -> str:
    """What is sealed of a question: the language tells something of whoever asks."""
    return json.dumps({"text": text, "language": language})

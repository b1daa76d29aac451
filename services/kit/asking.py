"""What a handler must know that its transaction cannot tell: of the sign-in service, or of another tenant.

A handler asks (`Work.ask`) and waits for nobody. If the answer is not there yet, the transaction ends without a trace,
the executor has the question answered, and the handler runs again from its first line in a transaction of its own: it
checks everything anew, and the question is answered at once. So what refuses refuses before anybody is asked, nobody
holds a connection or a lock while a remote service thinks, and a command holds nothing but data.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")

MOST_ROUNDS = 4
"""How often an act may come back with new questions; more is a mistake of its handler."""


class Question(Generic[Answer]):
    """Base of questions: frozen dataclasses of plain data, equal when they ask the same."""

    __slots__ = ()


Answers = dict[Question[Any], Any]
Answerers = Mapping[type[Question[Any]], Callable[[Any], Awaitable[Any]]]
"""Who answers each kind of question."""


class Unanswered(Exception):
    """Ends the transaction of a handler that has to know this first. For the executor alone: never to be caught."""

    def __init__(self, questions: Sequence[Question[Any]]) -> None:
        super().__init__()
        self.questions = questions


async def find_answers(questions: Sequence[Question[Any]], answerers: Answerers) -> Answers:
    """Ask each of them, one after the other. MUST run outside any transaction. Raises what the answerers raise."""
    return {question: await answerers[type(question)](question) for question in questions}

"""A signal about which the police are asked, for tests that need one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.case.commands.answer_check import AnswerCheck
from services.case.commands.start_check import StartCheck, start_check
from services.case.queries.read_check import CheckView, ReadCheck, read_check
from tests.case.story import Story
from tests.harness import Person


async def asked(our: Story, **changes: Any) -> Story:
    """A signal about which the police are asked."""
    await our.enter(**changes)
    our.signal = await our.coordinator.run(start_check, StartCheck(our.signal.id, our.signal.version))
    return our


def no_objection(our: Story, version: int = 1) -> AnswerCheck:
    """The one answer."""
    return AnswerCheck(our.signal.id, version, "no_objection", None)


def hold(our: Story, days: int = 30, version: int = 1) -> AnswerCheck:
    """The other."""
    return AnswerCheck(our.signal.id, version, "hold", our.today + timedelta(days=days))


async def check(our: Story, reader: Person) -> CheckView:
    """As somebody reads it."""
    return await reader.run(read_check, ReadCheck(our.signal.id))

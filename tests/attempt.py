"""Trying an act without doing it: the handler runs on the real database, and all it did is rolled back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.kit.errors import RondetafelError
from services.kit.execute import Executor, HandlerOf, Work
from services.kit.policy import Policy
from services.kit.principal import Principal
from tests.harness import Harness, Person


class _RolledBack(Exception):
    """It succeeded."""


async def refused(person: Person, handler: HandlerOf[Any, Any], command: Any) -> RondetafelError | None:
    """What the act is refused with now, by the very policy and handler of the service; None when it succeeds."""
    return await refused_as(person.cell.harness, person.principal, handler, command)


async def refused_as(
    harness: Harness, principal: Principal, handler: HandlerOf[Any, Any], command: Any
) -> RondetafelError | None:
    """The same for any principal."""

    async def tried(work: Work, asked: Any) -> None:
        await handler(work, asked)
        await work.session.flush()
        raise _RolledBack

    # No record of what was only tried.
    policy = {**harness.policy, tried: replace(harness.policy[handler], recorded=False)}
    try:
        await executor_with(harness, policy).run(principal, tried, command)
    except _RolledBack:
        return None
    except RondetafelError as refusal:
        return refusal
    raise AssertionError("it neither succeeded nor was refused")


def executor_with(harness: Harness, policy: Policy) -> Executor:
    """The service's executor on the same database, with another policy."""
    executor = Executor(
        service=harness.service, database=harness.database, vault=harness.vault, policy=policy, clock=harness.clock,
        fresh=_fresh, wake=lambda height: None, circle=harness.service in ("case", "meeting"),
    )  # fmt: skip
    executor.answerers = harness.executor.answerers
    return executor


async def _fresh(principal: Any) -> None:
    """The harness applies mandates itself."""

"""The choke point: every command and query, from any door, passes through `Executor.run` (docs/architecture.md).

Nobody else opens a transaction. Work is all a handler gets.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from services.kit import telemetry
from services.kit.allowed import authorise, granting
from services.kit.asking import MOST_ROUNDS, Answerers, Answers, Unanswered, find_answers
from services.kit.audit import Trail, build_record
from services.kit.canonical import canonical
from services.kit.clock import Clock
from services.kit.database import Database, Transaction, is_wall
from services.kit.errors import (
    AlreadyHandled,
    IdempotencyKeyReused,
    RondetafelError,
    Unavailable,
)
from services.kit.facts import Facts, load_facts
from services.kit.opening import find_openings, that_opened
from services.kit.outbox import (
    Delivery,
    Earlier,
    HighWaterMark,
    Idempotency,
    KeyTaken,
    Receipt,
    find_receipt,
    write_last,
)
from services.kit.policy import Policy, Rule
from services.kit.principal import Principal, PrincipalKind
from services.kit.seals import seals_of
from services.kit.terms import Due, NotDue, take_term, write_terms
from services.kit.vault import Keyring, Vault
from services.kit.work import Work as Work

Command = TypeVar("Command")
Result = TypeVar("Result")

logger = logging.getLogger(__name__)


HandlerOf = Callable[[Work, Command], Awaitable[Result]]
FreshFacts = Callable[[Principal], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Act:
    """One run: who does what under which rule."""

    principal: Principal
    handler: Callable[[Work, Any], Awaitable[Any]]
    command: Any
    rule: Rule
    now: datetime
    idempotency_key: str | None
    delivery: Delivery | None
    due: Due | None

    @property
    def name(self) -> str:
        return self.rule.action or self.handler.__name__


class Executor:
    """Runs handlers: policy, transaction, handler, audit record and outbox, commit.

    `circle`: the service keeps the circles of its objects. `fresh` makes sure the cell's mandates are not older than a
    second or raises Unavailable; `wake` tells the relay what was committed. `answerers` answer what handlers ask
    from outside their transactions; a service that has such questions sets them before it serves. `wakes_terms` tell
    this process's schedulers that something is due at once; without them the next look finds it.
    """

    def __init__(
        self, *, service: str, database: Database, vault: Vault, policy: Policy, clock: Clock, fresh: FreshFacts,
        wake: Callable[[HighWaterMark | None], None], circle: bool = False,
    ) -> None:  # fmt: skip
        self._service = service
        self._circle = circle
        self._database = database
        self._vault = vault
        self._seals = seals_of(service, vault.roots)
        self._policy = policy
        self._rules = {handler.__name__: rule for handler, rule in policy.items()}
        self._clock = clock
        self._fresh = fresh
        self._wake = wake
        self.answerers: Answerers = {}
        self.wakes_terms: list[Callable[[], None]] = []

    async def run(
        self, principal: Principal, handler: HandlerOf[Command, Result], command: Command, *,
        idempotency_key: str | None = None, delivery: Delivery | None = None, due: Due | None = None,
    ) -> Result:  # fmt: skip
        """Run one command or query as `principal` in `principal.cell_id`.

        Raises the typed errors of the handler and of the policy, after recording the refusal in a transaction of its
        own; AlreadyHandled for a repeated delivery, NotDue for a term that is not `due` any more. A handler that asks
        something from outside runs again with the answer. Nothing leaves before the record of it is committed.
        """
        rule = self._policy[handler]
        act = _Act(principal, handler, command, rule, self._clock(), idempotency_key, delivery, due)
        trail = Trail()
        with telemetry.act(self._service, act.name):
            try:
                await self._fresh(principal)
                result: Result = await self._answered(act, trail)
            except (AlreadyHandled, NotDue):
                raise
            except Exception as error:
                await self._record_refusal(act, trail, error)
                raise
        return result

    async def _answered(self, act: _Act, trail: Trail) -> Any:
        answers: Answers = {}
        for _ in range(MOST_ROUNDS):
            try:
                return await self._attempt(act, trail, answers)
            except Unanswered as asked:
                questions = asked.questions
            answers |= await find_answers(questions, self.answerers)
            # Whoever was asked took time: what the caller is here counts as of now, not as of the first round.
            await self._fresh(act.principal)
            act = replace(act, now=self._clock())
        raise RuntimeError(f"{act.name} asks without end")

    async def _attempt(self, act: _Act, trail: Trail, answers: Answers) -> Any:
        try:
            return await self._once(act, trail, answers)
        except KeyTaken:
            return await self._once(act, trail, answers)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "inbox_pkey":
                raise AlreadyHandled from None
            raise
        except Exception as error:
            if not is_wall(error):
                raise
            # What the caller is here changed while the act went on: begun anew, it is refused by its name.
            return await self._once(act, trail, answers)

    async def _once(self, act: _Act, trail: Trail, answers: Answers) -> Any:
        principal, role = act.principal, act.rule.database_role
        scope = attrgetter(act.rule.scope)(act.command) if act.rule.scope else None
        async with self._database.transaction(principal, act.now, role=role, about=scope) as transaction:
            facts = load_facts(transaction) if principal.kind is PrincipalKind.PERSON else Facts()
            grant = authorise(principal, act.rule, facts, act.now)
            if act.due is not None:
                await take_term(transaction, act.due)
            keyring = self._vault.keyring(transaction, principal.cell_id)
            work = Work(transaction, principal, facts, grant, act.now, trail, keyring, self._rules, answers)
            idempotency = await self._idempotency(act, keyring)
            earlier = idempotency and await find_receipt(transaction, principal.cell_id, idempotency, act.now)
            if earlier and idempotency:
                if not (earlier.answers(idempotency) or await _answers_as_before(earlier, idempotency, act, keyring)):
                    raise IdempotencyKeyReused(field="Idempotency-Key", expected="a new key for a new request")
                trail.detail["repeat"] = "yes"
                result, idempotency = earlier.receipt, None
            else:
                result = await act.handler(work, act.command)
            height = await self._write_last(transaction, work, act, idempotency, result)
        keyring.commit()
        self._wake(height)
        if any(moment is not None and moment <= act.now for moment in work.terms.values()):
            for wake in self.wakes_terms:
                wake()
        return result

    async def _idempotency(self, act: _Act, keyring: Keyring) -> Idempotency | None:
        if act.idempotency_key is None:
            return None
        request_hash = await keyring.blind(canonical(act.command), "idempotency")
        caller = act.principal.actor_id
        if act.rule.unnamed:
            # One for each key: rows of one person do not look alike either.
            caller = UUID(bytes=await keyring.pseudonym(f"{caller}|{act.idempotency_key}", "idempotency"))
        return Idempotency(caller, act.idempotency_key, act.name, request_hash)

    async def _write_last(
        self, transaction: Transaction, work: Work, act: _Act, idempotency: Idempotency | None, result: Any
    ) -> HighWaterMark | None:
        await transaction.flush()
        if work.terms or act.due:
            await write_terms(transaction, act.principal.cell_id, act.now, work.terms, act.due)
        record = None
        if act.rule.recorded:
            await self._name_grant(transaction, work, act)
            record = build_record(
                act.principal, act.name, act.rule, work.trail, work.grant, at=act.now, trace_id=telemetry.trace_id()
            )
        return await write_last(
            transaction, act.principal.cell_id, self._seals, act.now, telemetry.traceparent(), record=record,
            events=work.events, idempotency=idempotency,
            receipt=result if isinstance(result, Receipt) else None, delivery=act.delivery,
        )  # fmt: skip

    async def _name_grant(self, transaction: Transaction, work: Work, act: _Act) -> None:
        """Of several mandates that may, the record names the one that opened what was touched."""
        may = granting(act.rule, work.facts, act.now)
        if work.chosen or not self._circle or len(may) < 2 or not work.trail.object_ids:
            return
        openings = await find_openings(transaction, act.principal, work.trail.object_ids, act.now)
        opened = that_opened(openings.values(), may, act.now)
        if opened:
            work.grant = opened[0]
        if len(opened) > 1:
            work.trail.detail["roles"] = ",".join(sorted({mandate.role.value for mandate in opened}))

    async def _record_refusal(self, act: _Act, trail: Trail, error: Exception) -> None:
        if isinstance(error, Unavailable) or not act.rule.recorded:
            return
        try:
            role = act.rule.database_role
            async with self._database.transaction(act.principal, act.now, role=role, refusal=True) as transaction:
                tenant_id = await current_tenant(transaction)
                record = build_record(
                    act.principal, act.name, act.rule, trail, None, at=act.now, trace_id=telemetry.trace_id(),
                    error=error,
                )  # fmt: skip
                height = await write_last(
                    transaction, tenant_id, self._seals, act.now, telemetry.traceparent(), record=record, events=[]
                )
            self._wake(height)
        except RondetafelError:
            logger.exception("a refusal could not be recorded")


async def _answers_as_before(earlier: Earlier, asked: Idempotency, act: _Act, keyring: Keyring) -> bool:
    """Releases up to 0.1 hashed the command as Python shows it. Their rows live for 24 hours after an upgrade, and a
    repeat across it is the same request; to be dropped with the first release after 0.2.
    """
    return earlier.answers(replace(asked, request_hash=await keyring.blind(repr(act.command), "idempotency")))


async def current_tenant(transaction: Transaction) -> UUID:
    """The tenant this transaction was opened for."""
    return UUID(await transaction.raw.fetchval("SELECT current_setting('rondetafel.tenant')"))

"""The choke point: every command and query, from any door, passes through `Executor.run` (docs/architecture.md).

Nobody else opens a transaction. Work is all a handler gets.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from services.kit import telemetry
from services.kit.allowed import authorise, granting, open_to
from services.kit.asking import MOST_ROUNDS, Answer, Answerers, Answers, Question, Unanswered, find_answers
from services.kit.audit import Trail, build_record
from services.kit.canonical import canonical
from services.kit.clock import Clock
from services.kit.database import Database, TenantSession
from services.kit.errors import (
    AlreadyHandled,
    IdempotencyKeyReused,
    RondetafelError,
    Unavailable,
)
from services.kit.facts import Facts, Mandate, load_facts
from services.kit.opening import find_openings, that_opened
from services.kit.outbox import Delivery, Event, HighWaterMark, Idempotency, KeyTaken, Receipt, find_receipt, write_last
from services.kit.policy import Policy, Role, Rule
from services.kit.principal import Principal, PrincipalKind
from services.kit.seals import seals_of
from services.kit.vault import AssociatedData, Keyring, Vault

Command = TypeVar("Command")
Result = TypeVar("Result")

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Work:
    """All a handler gets: its session, who acts, what they are here, the moment, and the ways to publish and seal."""

    session: TenantSession
    principal: Principal
    facts: Facts
    grant: Mandate | None
    now: datetime
    trail: Trail
    keyring: Keyring
    rules: Mapping[str, Rule]
    answers: Answers = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    chosen: bool = False
    """Whether the handler named the mandate it acts under; else it is looked up for the record."""

    @property
    def cell_id(self) -> UUID:
        """The tenant of this transaction."""
        return self.principal.cell_id

    @property
    def actor_id(self) -> UUID:
        """Who acts."""
        return self.principal.actor_id

    def has_role(self, *roles: Role) -> bool:
        """Whether any valid mandate of the caller here has one of these roles."""
        return any(mandate.role in roles for mandate in self.facts.mandates)

    def may(self, verb: str) -> bool:
        """Whether the policy lets the caller run the handler of this name now; town, circle and state come on top."""
        return open_to(self.principal, self.rules[verb], self.facts, self.now)

    def act_under(self, mandate: Mandate) -> None:
        """Of several mandates of the caller this one grants; the record names it."""
        self.grant, self.chosen = mandate, True

    def publish(self, event: Event) -> None:
        """Tell the others, once this transaction has committed."""
        self.events.append(event)

    def concern(self, object_id: UUID) -> None:
        """Name a case or signal this act concerns, for the audit record."""
        self.trail.concern(object_id)

    def ask(self, question: Question[Answer]) -> Answer:
        """The answer from outside this transaction. To be asked after all that can refuse, before the first write."""
        return self.ask_all([question])[0]

    def ask_all(self, questions: Sequence[Question[Answer]]) -> list[Answer]:
        """The answers, in order. Without them this transaction ends here, and the handler runs again with them."""
        if missing := [question for question in questions if question not in self.answers]:
            raise Unanswered(missing)
        return [self.answers[question] for question in questions]

    async def scope_to(self, object_id: UUID) -> None:
        """From here on this act is about that one case or signal: the walls look at no other circle of the caller.

        For an object found or made in this act; of a command that names its case the rule says so (`Rule.scope`).
        """
        await self.session.raw.execute("SELECT set_config('rondetafel.about', $1, true)", str(object_id))

    async def seal(self, plain: str, associated_data: AssociatedData) -> bytes:
        """Encrypt a text that says something about a person; the act is recorded as concerning its case."""
        self._concern_of(associated_data)
        return await self.keyring.seal(plain, associated_data)

    async def open(self, sealed: bytes, associated_data: AssociatedData) -> str:
        """Decrypt such a text; the act is recorded as concerning its case."""
        self._concern_of(associated_data)
        return await self.keyring.open(sealed, associated_data)

    def _concern_of(self, associated_data: AssociatedData) -> None:
        """What is sealed under the cell's own key, such as names, is of no case."""
        if associated_data.object_id != self.cell_id:
            self.trail.concern(associated_data.object_id)


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

    @property
    def name(self) -> str:
        return self.rule.action or self.handler.__name__


class Executor:
    """Runs handlers: policy, transaction, handler, audit record and outbox, commit.

    `circle`: the service keeps the circles of its objects. `fresh` makes sure the cell's mandates are not older than a
    second or raises Unavailable; `wake` tells the relay what was committed. `answerers` answer what handlers ask
    from outside their transactions; a service that has such questions sets them before it serves.
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

    async def run(
        self, principal: Principal, handler: HandlerOf[Command, Result], command: Command, *,
        idempotency_key: str | None = None, delivery: Delivery | None = None,
    ) -> Result:  # fmt: skip
        """Run one command or query as `principal` in `principal.cell_id`.

        Raises the typed errors of the handler and of the policy, after recording the refusal in a transaction of its
        own; AlreadyHandled for a repeated delivery. A handler that asks something from outside runs again with the
        answer. Nothing leaves before the record of it is committed.
        """
        rule = self._policy[handler]
        act = _Act(principal, handler, command, rule, self._clock(), idempotency_key, delivery)
        trail = Trail()
        with telemetry.act(self._service, act.name):
            try:
                await self._fresh(principal)
                result: Result = await self._answered(act, trail)
            except AlreadyHandled:
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

    async def _once(self, act: _Act, trail: Trail, answers: Answers) -> Any:
        principal, role = act.principal, act.rule.database_role
        scope = attrgetter(act.rule.scope)(act.command) if act.rule.scope else None
        async with self._database.transaction(principal, act.now, role=role, about=scope) as session:
            facts = load_facts(session) if principal.kind is PrincipalKind.PERSON else Facts()
            grant = authorise(principal, act.rule, facts, act.now)
            keyring = self._vault.keyring(session, principal.cell_id)
            work = Work(session, principal, facts, grant, act.now, trail, keyring, self._rules, answers)
            idempotency = await self._idempotency(act, keyring)
            earlier = idempotency and await find_receipt(session, principal.cell_id, idempotency, act.now)
            if earlier:
                same, receipt = earlier
                if not same:
                    raise IdempotencyKeyReused(field="Idempotency-Key", expected="a new key for a new request")
                trail.detail["repeat"] = "yes"
                result, idempotency = receipt, None
            else:
                result = await act.handler(work, act.command)
            height = await self._write_last(session, work, act, idempotency, result)
        keyring.commit()
        self._wake(height)
        return result

    async def _idempotency(self, act: _Act, keyring: Keyring) -> Idempotency | None:
        if act.idempotency_key is None:
            return None
        request_hash = await keyring.blind(canonical(act.command), "idempotency")
        of_before = await keyring.blind(repr(act.command), "idempotency")
        return Idempotency(act.principal.actor_id, act.idempotency_key, act.name, request_hash, of_before)

    async def _write_last(
        self, session: TenantSession, work: Work, act: _Act, idempotency: Idempotency | None, result: Any
    ) -> HighWaterMark | None:
        await session.flush()
        record = None
        if act.rule.recorded:
            await self._name_grant(session, work, act)
            record = build_record(
                act.principal, act.name, act.rule, work.trail, work.grant, at=act.now, trace_id=telemetry.trace_id()
            )
        return await write_last(
            session, act.principal.cell_id, self._seals, act.now, telemetry.traceparent(), record=record,
            events=work.events, idempotency=idempotency,
            receipt=result if isinstance(result, Receipt) else None, delivery=act.delivery,
        )  # fmt: skip

    async def _name_grant(self, session: TenantSession, work: Work, act: _Act) -> None:
        """Of several mandates that may, the record names the one that opened what was touched."""
        may = granting(act.rule, work.facts, act.now)
        if work.chosen or not self._circle or len(may) < 2 or not work.trail.object_ids:
            return
        openings = await find_openings(session, act.principal, work.trail.object_ids, act.now)
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
            async with self._database.transaction(act.principal, act.now, role=role, refusal=True) as session:
                tenant_id = await current_tenant(session)
                record = build_record(
                    act.principal, act.name, act.rule, trail, None, at=act.now, trace_id=telemetry.trace_id(),
                    error=error,
                )  # fmt: skip
                height = await write_last(
                    session, tenant_id, self._seals, act.now, telemetry.traceparent(), record=record, events=[]
                )
            self._wake(height)
        except RondetafelError:
            logger.exception("a refusal could not be recorded")


async def current_tenant(session: TenantSession) -> UUID:
    """The tenant this transaction was opened for."""
    return UUID(await session.raw.fetchval("SELECT current_setting('rondetafel.tenant')"))

"""What a handler gets, and all it gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.kit.allowed import open_to
from services.kit.asking import Answer, Answers, Question, Unanswered
from services.kit.audit import Trail
from services.kit.database import Transaction
from services.kit.facts import Facts, Mandate
from services.kit.outbox import Event
from services.kit.policy import Role, Rule
from services.kit.principal import Principal
from services.kit.statements import Entities, Row, Statement
from services.kit.vault import AssociatedData, Keyring


@dataclass(slots=True)
class Work:
    """All a handler gets: its database, who acts, what they are here, the moment, and the ways to publish and seal."""

    transaction: Transaction
    principal: Principal
    facts: Facts
    grant: Mandate | None
    now: datetime
    trail: Trail
    keyring: Keyring
    rules: Mapping[str, Rule]
    answers: Answers = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    terms: dict[tuple[str, UUID], datetime | None] = field(default_factory=dict)
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

    @property
    def session(self) -> AsyncSession:
        """SQLAlchemy's, for what is not hot; `fetch`, `fetch_one` and `execute` see only what it has flushed."""
        return self.transaction.session

    async def fetch(self, statement: Statement, values: Mapping[str, object]) -> Sequence[Row]:
        """All rows of a statement."""
        raw = self.transaction.raw
        rows: Sequence[Row] = await raw.fetch(statement.text, *statement.arguments(values), record_class=Row)
        return rows

    async def fetch_one(self, statement: Statement, values: Mapping[str, object]) -> Row | None:
        """Its first row, None without any."""
        raw = self.transaction.raw
        row: Row | None = await raw.fetchrow(statement.text, *statement.arguments(values), record_class=Row)
        return row

    async def fetch_entities(self, statement: Entities, values: Mapping[str, object]) -> list[Any]:
        """All rows, with the entities that were selected; none of them is to be changed."""
        return [
            statement.of(row) for row in await self.transaction.raw.fetch(statement.text, *statement.arguments(values))
        ]

    async def execute(self, statement: Statement, values: Mapping[str, object]) -> None:
        """For what it does."""
        await self.transaction.raw.execute(statement.text, *statement.arguments(values))

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

    def at(self, moment: datetime | None, kind: str, object_id: UUID) -> None:
        """From that moment on run what this kind of term leads to for the object, in place of when it was due before.

        None: no longer. Of what one act says of one object the last counts, and it is written with the act.
        """
        self.terms[kind, object_id] = moment

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
        """From here on this act is about that one person or sign-in, where walls ask for it (`rondetafel.about`).

        For one found or made in this act; of a command that names its own the rule says so (`Rule.scope`).
        """
        await self.transaction.raw.execute("SELECT set_config('rondetafel.about', $1, true)", str(object_id))

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

"""The reader of a table that a test invented, as the services' rules want to know one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.case.policy import POLICY as CASE
from services.kit.allowed import open_to
from services.kit.execute import Work
from services.kit.facts import Facts, Mandate
from services.kit.policy import Role, Rule
from services.kit.principal import Principal, PrincipalKind
from services.meeting.policy import POLICY as MEETING
from services.partner_directory.policy import POLICY as DIRECTORY

RULES: Mapping[str, Rule] = {
    handler.__name__: rule for policy in (CASE, MEETING, DIRECTORY) for handler, rule in policy.items()
}
LONG = timedelta(days=300)
NOBODY = UUID(int=0)


@dataclass
class Reader:
    """Whoever looks, as the services know it from the table that a test invented; what `Work` is to their rules."""

    principal: Principal
    facts: Facts
    now: datetime
    rules: Mapping[str, Rule] = field(default_factory=lambda: RULES)

    @property
    def actor_id(self) -> UUID:
        """Who acts."""
        return self.principal.actor_id

    def may(self, verb: str) -> bool:
        """As `Work.may`."""
        return open_to(self.principal, self.rules[verb], self.facts, self.now)

    def has_role(self, *roles: Role) -> bool:
        """As `Work.has_role`."""
        return any(mandate.role in roles for mandate in self.facts.mandates)


def uuid_of(text: str) -> UUID:
    """An id, or nobody's."""
    return UUID(text) if text else NOBODY


def fact_of(view: pb.MandateView, until: datetime | None) -> Mandate:
    """A mandate as the policy asks it."""
    return Mandate(
        uuid_of(view.mandate_id), uuid_of(view.organisation_id), view.organisation_kind, Role(view.role),
        tuple(view.nis_codes), view.legal_basis, until, until,
    )  # fmt: skip


def work_of(table: pb.Table, now: datetime) -> Work:
    """The reader of this table at this moment."""
    until = now + LONG if table.cell.undertaking_accepted else None
    closed = table.cell.HasField("opens_at")
    own = [view for view in table.mandates if view.person_id == table.person_id and not view.ended]
    facts = Facts(() if closed else tuple(fact_of(view, until) for view in own))
    principal = Principal(PrincipalKind.PERSON, uuid_of(table.person_id), uuid_of(table.cell.cell_id), acr=2)
    return cast(Work, Reader(principal, facts, now))


def moment_of(stamp: Any) -> datetime:
    return stamp.ToDatetime(tzinfo=UTC)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Around:
    """What an answer stands among: who reads, the table, the other answers of the test, and what was asked."""

    work: Work
    table: pb.Table
    answers: Mapping[str, Any]
    asked: Any

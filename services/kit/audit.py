"""The audit record: one act, one entry, ids and codes only (invariant 16)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from rondetafel.audit.v1 import audit_pb2 as pb
from services.kit.errors import Denied, NotFound, Unauthenticated
from services.kit.facts import Mandate
from services.kit.ids import new_id
from services.kit.policy import Rule
from services.kit.principal import Principal

MAX_OBJECTS = 50


@dataclass(slots=True)
class Trail:
    """What a handler touched, gathered while it runs: opening or sealing a text adds its case by itself.

    `fields` are the groups of fields that were read where that depends on the reader; None means those of the rule.
    """

    object_ids: dict[UUID, None] = field(default_factory=dict)
    count: int = 0
    fields: tuple[str, ...] | None = None
    detail: dict[str, str] = field(default_factory=dict)

    def concern(self, object_id: UUID) -> None:
        """Name a case or signal concerned. A list names up to 50; more is a programming error."""
        self.object_ids[object_id] = None
        if len(self.object_ids) > MAX_OBJECTS:
            raise ValueError("one act concerns at most 50 cases; page the list")


def outcome_of(error: BaseException | None) -> str:
    """allow, deny or error, as the leaf says it."""
    if error is None:
        return "allow"
    return "deny" if isinstance(error, NotFound | Denied | Unauthenticated) else "error"


def build_record(
    principal: Principal, action: str, rule: Rule, trail: Trail, grant: Mandate | None, *,
    at: datetime, trace_id: str, error: BaseException | None = None,
) -> pb.AuditRecord:  # fmt: skip
    """The record of one act. `error` is the refusal, None when it was allowed."""
    detail = dict(trail.detail)
    if grant is not None:
        detail["role"] = grant.role.value
        if grant.deputy_for is not None:
            detail["acts_for"] = str(grant.deputy_for)
    if error is not None:
        detail["error"] = type(error).__name__
    record = pb.AuditRecord(
        record_id=str(new_id()),
        verb=rule.verb.value,
        action=action,
        outcome=outcome_of(error),
        purpose=rule.purpose,
        legal_basis=grant.legal_basis if grant else "",
        actor_id=str(principal.actor_id),
        actor_kind=principal.kind.value,
        organisation_id=str(grant.organisation_id) if grant else "",
        on_behalf_of=str(principal.on_behalf_of) if principal.on_behalf_of else "",
        object_ids=[str(object_id) for object_id in trail.object_ids],
        fields=list(rule.fields if trail.fields is None else trail.fields),
        count=trail.count,
        acr=principal.acr,
        trace_id=trace_id,
        detail=detail,
    )
    record.at.FromDatetime(at)
    return record

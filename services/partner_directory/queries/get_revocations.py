"""What was revoked after a fact, for the other services when they have not heard the heartbeat."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from services.kit.execute import Work
from services.kit.identities import Revocation
from services.kit.revocations import revocation_of_row
from services.partner_directory.queries.read_fact_version import NEWEST

MOST = 2_000
_AFTER = text(
    "SELECT identity_id, kind, revoked_at, refuses_all, fact_version FROM revoked"
    " WHERE fact_version > :after ORDER BY fact_version LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class GetRevocations:
    """All up to this fact are known."""

    after: int


@dataclass(frozen=True, slots=True)
class RevocationsView:
    """All revocations up to `fact_version`; `more` when there may be others above it."""

    revocations: tuple[Revocation, ...]
    fact_version: int
    more: bool


async def get_revocations(work: Work, query: GetRevocations) -> RevocationsView:
    """The newest fact of each identity. Not recorded: it tells no name, once a second while NATS is away."""
    # First the number, then the facts: those committed in between are contained as well.
    newest = (await work.session.execute(NEWEST)).scalar_one()
    found = tuple(
        revocation_of_row(row) for row in await work.session.execute(_AFTER, {"after": query.after, "most": MOST})
    )
    if more := len(found) == MOST:
        newest = found[-1].fact_version
    return RevocationsView(found, max(newest, query.after), more)

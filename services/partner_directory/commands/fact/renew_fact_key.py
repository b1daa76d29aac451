"""The directory's key for signing facts: made when there is none young enough."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, text

from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.partner_directory.model import KEY_TERM, FactKey, fact_key_data, on_platform

# One row there is for sure: of two processes that start together, one makes the key.
_LOCK = text("SELECT FROM fact_counter FOR UPDATE")


@dataclass(frozen=True, slots=True)
class RenewFactKey:
    """See to it that there is a key to sign with."""


async def renew_fact_key(work: Work, command: RenewFactKey) -> Receipt:
    """Make a key unless the newest is younger than its term; the newest one's id."""
    on_platform(work.cell_id)
    await work.session.execute(_LOCK)
    newest = select(FactKey).order_by(FactKey.created_at.desc(), FactKey.key_id.desc()).limit(1)
    key = await work.session.scalar(newest)
    if key is None or key.created_at <= work.now - KEY_TERM:
        key = await _made(work)
    return Receipt(key.key_id, "CURRENT", 1)


async def _made(work: Work) -> FactKey:
    private, key_id = Ed25519PrivateKey.generate(), new_id()
    # The ring, not the act: a key is of no case.
    sealed = await work.keyring.seal(private.private_bytes_raw().hex(), fact_key_data(key_id))
    key = FactKey(key_id=key_id, public_key=private.public_key().public_bytes_raw(), sealed=sealed, created_at=work.now)
    work.session.add(key)
    return key

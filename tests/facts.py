"""Messages as services tell them, and a directory's key to sign with, for tests without a directory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from google.protobuf.message import Message

from rondetafel.kit.v1 import kit_pb2
from services.kit.catalogue import EVENT_TYPES, HEARTBEAT
from services.kit.fact_keys import FactKeys
from services.kit.ids import new_id
from services.kit.incoming import Incoming
from services.kit.signatures import Signer

DIRECTORY = Signer(UUID("0198c1d2-0000-7000-8000-00000000000a"), b"d" * 32)


def public_of(signer: Signer) -> bytes:
    """The public half of a key."""
    return Ed25519PrivateKey.from_private_bytes(signer.seed).public_key().public_bytes_raw()


def incoming(service: str) -> Incoming:
    """What checks a service's messages; it knows the key DIRECTORY."""

    async def fetch() -> Mapping[str, bytes]:
        return {str(DIRECTORY.key_id): public_of(DIRECTORY)}

    return Incoming(service, FactKeys(fetch))


def envelope(name: str, tenant: UUID, payload: Message | bytes = b"") -> kit_pb2.Envelope:
    """An event of the catalogue as its producer tells it, signed when it must be."""
    known = HEARTBEAT if name == HEARTBEAT.name else EVENT_TYPES[name]
    told = kit_pb2.Envelope(
        message_id=str(new_id()), tenant_id=str(tenant), type=name, producer=known.producer,
        payload=payload if isinstance(payload, bytes) else payload.SerializeToString(),
    )  # fmt: skip
    told.occurred_at.FromDatetime(datetime.now(UTC))
    if known.signed:
        DIRECTORY.sign(told)
    return told

"""Signatures of facts that give or take access (Ed25519): whoever carries a message cannot make or change one.

What is signed names its purpose first and the length of each part, so nothing can be moved to another type, tenant,
message or moment, and no two envelopes have the same bytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rondetafel.kit.v1 import kit_pb2

PURPOSE = b"rondetafel signed fact 1"


def signed_bytes(envelope: kit_pb2.Envelope) -> bytes:
    """What a signature of this envelope is over: purpose, type, producer, tenant, message id, moment and payload."""
    moment = struct.pack(">qi", envelope.occurred_at.seconds, envelope.occurred_at.nanos)
    texts = (envelope.type, envelope.producer, envelope.tenant_id, envelope.message_id)
    parts = (PURPOSE, *(text.encode() for text in texts), moment, envelope.payload)
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


@dataclass(frozen=True, slots=True)
class Signer:
    """A signing key opened. `key_id` is the name its public half is told under; `seed` has 32 bytes."""

    key_id: UUID
    seed: bytes = field(repr=False)

    def sign(self, envelope: kit_pb2.Envelope) -> None:
        """Put key id and signature into the envelope; everything else must stand in it already."""
        envelope.signing_key_id = str(self.key_id)
        envelope.signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(signed_bytes(envelope))

"""What comes in over NATS is checked here and nowhere else: its address, and the signature of what gives access.

NATS carries messages; it is no authority. Who has its keys, or NATS itself, may lose and delay facts, never make one.
"""

from __future__ import annotations

from rondetafel.kit.v1 import kit_pb2
from services.kit.catalogue import check_address
from services.kit.fact_keys import FactKeys


class Incoming:
    """Opens the messages one service hears."""

    def __init__(self, service: str, keys: FactKeys) -> None:
        self.service = service
        self.keys = keys

    async def open(self, subject: str, data: bytes) -> kit_pb2.Envelope:
        """The envelope of a message, checked.

        Raises DecodeError or Misaddressed (Unsigned) for what is forged or broken: it is set aside. Raises Unavailable
        while the directory cannot be asked for a key: the message waits.
        """
        envelope = kit_pb2.Envelope.FromString(data)
        if check_address(subject, envelope, self.service):
            await self.keys.check(envelope)
        return envelope

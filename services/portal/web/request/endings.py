"""Ended sign-ins are told to the directory at once, by gRPC: with NATS hung, the outbox alone would keep them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

import grpc

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.calling import call_metadata
from services.kit.patience import FACTS_SECONDS
from services.kit.principal import PLATFORM
from services.portal.backends.calls import Services

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0


class Endings:
    """Tells, and tells again each second what the directory did not take. Killed meanwhile, the outbox still has it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._missed: set[str] = set()
        self._some = asyncio.Event()

    async def tell(self, sign_ins: Iterable[str]) -> None:
        """These ended. Returns within about a second, told or not."""
        await asyncio.gather(*(self._tell(sid) for sid in sign_ins))

    async def run(self) -> None:
        """Tell again what was missed, until cancelled."""
        while True:
            await self._some.wait()
            await asyncio.sleep(AGAIN_SECONDS)
            await self.tell(list(self._missed))

    async def _tell(self, sign_in: str) -> None:
        asked = pb.EndSignInRequest(session_id=sign_in)
        try:
            await self._services.identity.EndSignIn(asked, metadata=call_metadata(PLATFORM), timeout=FACTS_SECONDS)
        except grpc.aio.AioRpcError as error:
            logger.warning("the directory was not told of an ended sign-in: %s", error.code().name)
            self._missed.add(sign_in)
            self._some.set()
        else:
            self._missed.discard(sign_in)
            if not self._missed:
                self._some.clear()

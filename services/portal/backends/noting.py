"""Each sign-in is noted at the directory, so that its person sees where they are signed in (decision 76)."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.calling import call_metadata
from services.kit.errors import Unavailable
from services.kit.patience import FACTS_SECONDS
from services.kit.principal import PLATFORM
from services.portal.backends.calls import Services

logger = logging.getLogger(__name__)

CLIENT = "client"
OTHER = "other"
FAMILIES = (
    ("Edg", "edge"), ("OPR/", "opera"), ("SamsungBrowser/", "samsung"), ("Firefox/", "firefox"), ("FxiOS/", "firefox"),
    ("Chrome/", "chrome"), ("CriOS/", "chrome"), ("Safari/", "safari"),
)  # fmt: skip
"""By what browsers call themselves; most name those they descend from as well, so the first that fits counts."""


def family_of(user_agent: str) -> str:
    """Which family of browsers this is; no version and no device of it is kept."""
    return next((family for mark, family in FAMILIES if mark in user_agent), OTHER)


class Noting:
    """Tells the directory of sign-ins; only what their person is to see leaves."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def begun(self, sid: str, person: UUID, browser: str, provider: str, until: datetime) -> None:
        """A new one. Raises Unavailable: a sign-in that nobody would see must not begin."""
        asked = _asked(sid, person, until)
        asked.browser, asked.provider = browser, provider
        try:
            await self._note(asked)
        except grpc.aio.AioRpcError as error:
            raise Unavailable from error

    async def used(self, sid: str, person: UUID, until: datetime) -> None:
        """It goes on. Not being told of it costs nothing but the moment that is shown."""
        try:
            await self._note(_asked(sid, person, until))
        except grpc.aio.AioRpcError as error:
            logger.warning("the directory was not told of a sign-in that goes on: %s", error.code().name)

    async def _note(self, asked: pb.NoteSignInRequest) -> None:
        await self._services.identity.NoteSignIn(asked, metadata=call_metadata(PLATFORM), timeout=FACTS_SECONDS)


def _asked(sid: str, person: UUID, until: datetime) -> pb.NoteSignInRequest:
    moment = Timestamp()
    moment.FromDatetime(until)
    return pb.NoteSignInRequest(session_id=sid, person_id=str(person), until=moment)

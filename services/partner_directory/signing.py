"""Holds the key by which this process signs facts that give or take access."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from services.kit.errors import Unavailable
from services.kit.execute import Executor
from services.kit.principal import PLATFORM, system
from services.kit.relay import Relay
from services.kit.signatures import Signer
from services.partner_directory.commands.fact.renew_fact_key import RenewFactKey, renew_fact_key
from services.partner_directory.queries.get_fact_keys import GetFactKeys, get_fact_keys
from services.partner_directory.queries.open_fact_key import OpenFactKey, open_fact_key

logger = logging.getLogger(__name__)

NAME = "partner_directory.signing"
LOOK_SECONDS = 3600.0


class FactSigning:
    """One in each process of the directory; the key is the database's, so several may sign at once."""

    def __init__(self, executor: Executor, relay: Relay) -> None:
        self._executor = executor
        self._relay = relay
        self.signer: Signer | None = None

    async def renew(self) -> Signer:
        """Sign by the newest key, made if need be. Raises Unavailable."""
        principal = system(NAME, PLATFORM)
        receipt = await self._executor.run(principal, renew_fact_key, RenewFactKey())
        if self.signer is None or self.signer.key_id != receipt.id:
            opened = await self._executor.run(principal, open_fact_key, OpenFactKey(receipt.id))
            self.signer = Signer(opened.key_id, opened.seed)
            self._relay.sign_by(self.signer)
            if again := await self._relay.tell_again(opened.since):
                logger.warning("%d facts that left unsigned are told again", again)
        return self.signer

    async def run(self) -> None:
        """Look every hour whether the key has reached its term, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.renew()
            except Unavailable:
                logger.warning("the key of facts was not looked at")

    async def public_keys(self) -> Mapping[str, bytes]:
        """What the others ask for by gRPC, for what this service hears itself."""
        keys = await self._executor.run(system(NAME, PLATFORM), get_fact_keys, GetFactKeys())
        return {str(key_id): public for key_id, public in keys.items()}

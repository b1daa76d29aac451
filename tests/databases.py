"""The real databases of the services, migrated once for the whole run."""

from __future__ import annotations

import asyncio

from deploy.local.servers import Servers
from services.kit.database import Database
from services.kit.migrate import migrate


async def migrated(servers: Servers, service: str) -> Database:
    """The service's database through its working roles, brought to its newest version by its own migrations."""
    await asyncio.to_thread(migrate, service, servers.postgres.database_url(service, "migrator"))
    return Database(servers.postgres.working_urls(service))

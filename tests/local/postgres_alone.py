"""PostgreSQL of one instance: started, asked and stopped, as whoever and wherever the test says. Prints a line (JSON).

`python -m tests.local.postgres_alone ROOT UMASK USER`: a USER other than our own is become before anything is done, but
after everything is loaded, for that user may not reach this Python.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.instance import Instance
from deploy.local.ports import Ports
from deploy.local.postgres import Postgres

ASKED = "SELECT current_user::text"


async def main(root: Path) -> None:
    """Every way in that the platform uses: the runner's, a service's, a tool's."""
    postgres = Postgres(Instance(root, Ports.free()))
    await postgres.start()
    try:
        await postgres.provision()
        runner = await postgres.connect("postgres")
        await runner.execute("CREATE TABLE IF NOT EXISTS kept (it int); INSERT INTO kept VALUES (1)")
        rows = await runner.fetchval("SELECT count(*) FROM kept")
        data = Path(await runner.fetchval("SHOW data_directory"))
        await runner.close()
        url = postgres.database_url("case", "app")
        tool = await asyncpg.connect(url.replace("+asyncpg", ""))
        engine = create_async_engine(url)
        async with engine.connect() as service:
            names = [await tool.fetchval(ASKED), (await service.execute(text(ASKED))).scalar_one()]
        await engine.dispose()
        await tool.close()
        program = os.readlink(f"/proc/{postgres.process.pid}/exe")
    finally:
        await postgres.stop()
    print(json.dumps({"rows": rows, "names": names, "data": str(data), "program": program}))


if __name__ == "__main__":
    os.umask(int(sys.argv[2], 8))
    if (user := int(sys.argv[3])) != os.geteuid():
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    asyncio.run(main(Path(sys.argv[1])))

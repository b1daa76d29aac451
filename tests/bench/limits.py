"""The bare limits of this machine, taken in the same run: what PostgreSQL, FastAPI and gRPC do with nothing on top."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc

from deploy.local.ports import LOOPBACK, Ports
from deploy.local.postgres import Postgres, programs
from tests.bench.load import Figures, http_request, load
from tests.patience import HANGS_AFTER

ECHO_APP = """
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.get("/echo")
async def echo() -> dict[str, str]:
    return {"answer": "yes"}
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", log_level="warning")
"""

ROWS = """
\\set tenant random(1, 100)
BEGIN;
SELECT set_config('rondetafel.tenant', :tenant::text, true);
INSERT INTO bench_row VALUES (:tenant, gen_random_uuid(), repeat('x', 600)::bytea);
INSERT INTO bench_row VALUES (:tenant, gen_random_uuid(), repeat('x', 300)::bytea);
COMMIT;
"""

TABLE = """
DROP TABLE IF EXISTS bench_row;
CREATE TABLE bench_row (tenant int NOT NULL, row_id uuid NOT NULL, body bytea NOT NULL, PRIMARY KEY (tenant, row_id));
ALTER TABLE bench_row ENABLE ROW LEVEL SECURITY; ALTER TABLE bench_row FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON bench_row TO case_app;
CREATE POLICY cell ON bench_row USING (tenant = (SELECT current_setting('rondetafel.tenant')::int));
"""


async def database_limit(postgres: Postgres, clients: int, seconds: int) -> float:
    """pgbench: tenant set, business row and outbox row of the usual sizes under row security; transactions a second."""
    administrator = await postgres.connect("rondetafel_case")
    await administrator.execute(TABLE)
    await administrator.close()
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(ROWS)
        script.flush()
        url = postgres.database_url("case", "app").replace("+asyncpg", "")
        command = [
            str(programs() / "pgbench"), "-n", "-M", "prepared", "-f", script.name, "-c", str(clients),
            "-j", "1", "-T", str(seconds), url,
        ]  # fmt: skip
        process = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
    found = re.search(r"tps = ([0-9.]+)", process.stdout)
    assert found is not None, process.stdout
    return float(found.group(1))


@asynccontextmanager
async def _echo_server() -> AsyncIterator[str]:
    port = Ports.free().portal
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "echo.py"
        script.write_text(ECHO_APP)
        process = await asyncio.create_subprocess_exec(sys.executable, str(script), str(port))
        try:
            await answering(port)
            yield f"http://{LOOPBACK}:{port}/echo"
        finally:
            process.terminate()
            await process.wait()


async def answering(port: int) -> None:
    """Wait until something listens there."""
    async with asyncio.timeout(HANGS_AFTER):
        while True:
            try:
                _, writer = await asyncio.open_connection(LOOPBACK, port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


async def http_limit(connections: int, seconds: float) -> Figures:
    """A FastAPI application that answers a constant."""
    async with _echo_server() as url:
        return await load(url, lambda: http_request("GET", url, {}), connections, seconds)


async def grpc_limit(connections: int, seconds: float) -> Figures:
    """grpc.aio: a server and client that echo bytes, in this very process."""
    server = grpc.aio.server()

    async def echo(request: bytes, context: object) -> bytes:
        return request

    handler: Any = grpc.unary_unary_rpc_method_handler(echo)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bench.Echo", {"Echo": handler}),))
    port = server.add_insecure_port(f"{LOOPBACK}:0")
    await server.start()
    latencies: list[float] = []
    async with grpc.aio.insecure_channel(f"{LOOPBACK}:{port}") as channel:
        call: Any = channel.unary_unary("/bench.Echo/Echo")
        # Not the loop's own clock: it counts whole milliseconds.
        started = time.perf_counter()

        async def one() -> None:
            while (before := time.perf_counter()) < started + seconds:
                await call(b"x" * 300)
                latencies.append((time.perf_counter() - before) * 1000)

        await asyncio.gather(*(one() for _ in range(connections)))
        elapsed = time.perf_counter() - started
    await server.stop(None)
    ordered = sorted(latencies)
    return Figures(len(ordered) / elapsed, ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], len(ordered))

"""A process from start to graceful stop; owns the signals (uvicorn re-raises SIGTERM, so nothing after it would run).

Stop: readiness off, doors finish what is in flight, background work ends, connections close; bounded in time.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import uvloop
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.kit import telemetry

logger = logging.getLogger(__name__)

STOP_SECONDS = 12
CANCEL_SECONDS = 1
AT_REST_SECONDS = 3600.0
GARBAGE = (10_000, 10, 10)
"""The collector looks through what is new once there is so much of it; an act leaves next to nothing in cycles."""

Check = Callable[[], Awaitable[bool]]


class Process:
    """Background tasks, readiness and the order of stopping: doors drain, background work ends, connections close.

    `on_stop` functions run in reverse order of registration. A background task that ends by an error stops the whole
    process with exit code 1: the supervisor starts it anew, in a known state.
    """

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self.started = False
        self._failed = False
        self._tasks: list[asyncio.Task[None]] = []
        self._drains: list[Callable[[], Awaitable[None]]] = []
        self._stops: list[Callable[[], Awaitable[None]]] = []
        self._checks: dict[str, Check] = {}
        self._loop = asyncio.get_running_loop()

    def background(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` until the process stops."""
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(self._ended)
        self._tasks.append(task)

    def on_drain(self, drain: Callable[[], Awaitable[None]]) -> None:
        """Close a door first of all: it lets what is in flight finish."""
        self._drains.append(drain)

    def on_stop(self, stop: Callable[[], Awaitable[None]]) -> None:
        """Close something at the end, the last registered first."""
        self._stops.append(stop)

    def ready_when(self, name: str, check: Check) -> None:
        """Readiness asks this too."""
        self._checks[name] = check

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            logger.error("background work %s ended", task.get_name(), exc_info=task.exception())
            self._failed = True
            self.stopping.set()

    async def until_stopped(self) -> int:
        """Wait for SIGTERM or SIGINT, then stop in order. The exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self.stopping.set)
        await self.stopping.wait()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._stop()
        except TimeoutError:
            logger.error("stopping took longer than %d s", STOP_SECONDS)
            return 1
        return 1 if self._failed else 0

    async def _stop(self) -> None:
        await _each(self._drains)
        await end_all(self._tasks)
        await _each(reversed(self._stops))

    async def health(self) -> dict[str, bool]:
        """Each check and whether it holds; not ready before everything is built and while stopping."""
        answers = {name: await check() for name, check in self._checks.items()}
        return answers | {"running": self.started and not self.stopping.is_set()}

    def serve_health(self, listen: str) -> None:
        """Metrics and health on a thread of their own: /metrics, /health/live, /health/ready."""
        host, _, port = listen.rpartition(":")
        server = ThreadingHTTPServer((host, int(port)), _health_pages(self))
        # It is closed, never shut down: so it need not look again and again whether it should be.
        serving = threading.Thread(target=server.serve_forever, args=(AT_REST_SECONDS,), name="health", daemon=True)
        serving.start()

        async def stop() -> None:
            server.server_close()

        self._stops.insert(0, stop)

    def ask(self) -> dict[str, bool]:
        """`health` from another thread, within two seconds."""
        try:
            return asyncio.run_coroutine_threadsafe(self.health(), self._loop).result(2)
        except TimeoutError:
            return {"loop": False}


async def end_all(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel these until all have ended, however they end.

    Once is not enough: a cancellation that meets an answer in asyncio.wait_for is lost (Python 3.11, and nats-py uses
    it), and the task goes on as if nothing had been asked.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_SECONDS)


async def _each(stops: Iterable[Callable[[], Awaitable[None]]]) -> None:
    for stop in stops:
        try:
            await stop()
        except Exception:
            logger.exception("a part did not stop cleanly")


def _health_pages(process: Process) -> type[BaseHTTPRequestHandler]:
    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, generate_latest(), CONTENT_TYPE_LATEST)
            elif self.path == "/health/live":
                self._answer(200, b"{}", "application/json")
            elif self.path == "/health/ready":
                answers = process.ask()
                body = json.dumps(answers).encode()
                self._answer(200 if all(answers.values()) else 503, body, "application/json")
            else:
                self._answer(404, b"{}", "application/json")

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Health checks are not worth a log line."""

    return Pages


def run(service: str, otlp_endpoint: str | None, main: Callable[[Process], Awaitable[None]]) -> int:
    """Run `main` to build everything, then serve until a signal. Returns the exit code."""

    async def whole() -> int:
        process = Process()
        try:
            await main(process)
            process.started = True
            # What a process is made of lives as long as it does: the collector need not look at it again and again.
            gc.collect()
            gc.freeze()
            gc.set_threshold(*GARBAGE)
        except BaseException:
            await process._stop()
            raise
        logger.info("%s is running", service)
        return await process.until_stopped()

    telemetry.start_telemetry(service, otlp_endpoint)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(whole())
    finally:
        telemetry.stop_telemetry()

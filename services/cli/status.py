"""`rondetafel status`: the running platform as its platform.json describes it, with the health of each part."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from services.kit.http_client import http_client
from services.kit.patience import STATUS_SECONDS

# PostgreSQL's protocol: "do you speak TLS?", answered by one letter before any sign-in.
SSL_REQUEST = bytes([0, 0, 0, 8, 4, 210, 22, 47])
# What should have happened by itself and kept failing (kit/scheduler.py).
_SET_ASIDE = re.compile(r"^rondetafel_terms_set_aside\{[^}]*\} (\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PartHealth:
    """One part and what is wrong with it; nothing when it is healthy."""

    name: str
    address: str
    complaint: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """All parts of a platform, and its description as it stands."""

    description: str
    parts: list[PartHealth]

    @property
    def healthy(self) -> bool:
        """Whether every part is."""
        return all(part.complaint is None for part in self.parts)

    def __str__(self) -> str:
        width = max(len(part.name) for part in self.parts)
        lines = [f"{part.name:{width}}  {part.complaint or 'healthy'}  ({part.address})" for part in self.parts]
        return "\n".join([self.description, *lines])


async def platform_status(platform_file: Path) -> Status:
    """Ask every part how it is.

    Raises FileNotFoundError when no platform runs here.
    """
    text = await asyncio.to_thread(platform_file.read_text)
    platform = json.loads(text)
    async with http_client() as http:
        parts = await asyncio.gather(*_questions(http, platform))
    return Status(text.strip(), list(parts))


def _questions(http: httpx.AsyncClient, platform: Mapping[str, Any]) -> list[Awaitable[PartHealth]]:
    postgres, keycloak = platform["postgres"], platform["keycloak"]
    nats_host, _, nats_port = platform["nats"]["url"].removeprefix("nats://").partition(":")
    return [
        _by_tcp("postgres", postgres["host"], int(postgres["port"]), SSL_REQUEST),
        _by_tcp("nats", nats_host, int(nats_port), b""),
        _by_http(http, "keycloak", f"{keycloak['url']}/realms/{keycloak['realm']}"),
        _by_http(http, "mail", f"{platform['mail']['url']}/health/ready"),
        *(
            _by_its_health(http, name, f"http://{part['metrics']}")
            for name, part in {"gate": platform["gate"], **platform["services"]}.items()
        ),
    ]


async def _by_http(http: httpx.AsyncClient, name: str, address: str) -> PartHealth:
    try:
        answer = await http.get(address, timeout=STATUS_SECONDS)
    except httpx.HTTPError as error:
        return PartHealth(name, address, f"does not answer ({type(error).__name__})")
    return PartHealth(name, address, None if answer.is_success else f"answers {answer.status_code}")


async def _by_its_health(http: httpx.AsyncClient, name: str, address: str) -> PartHealth:
    """Healthy when it is ready, and nothing is set aside."""
    part = await _by_http(http, name, f"{address}/health/ready")
    if part.complaint is not None:
        return part
    try:
        told = _SET_ASIDE.search((await http.get(f"{address}/metrics", timeout=STATUS_SECONDS)).text)
    except httpx.HTTPError as error:
        return replace(part, complaint=f"does not tell its metrics ({type(error).__name__})")
    return replace(part, complaint=f"terms set aside: {told[1]}") if told and told[1] != "0" else part


async def _by_tcp(name: str, host: str, port: int, question: bytes) -> PartHealth:
    """Healthy when it says anything: PostgreSQL when asked, NATS by itself."""
    address = f"{host}:{port}"
    try:
        async with asyncio.timeout(STATUS_SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(question)
            answered = await reader.read(1)
            writer.close()
    except (OSError, TimeoutError) as error:
        return PartHealth(name, address, f"does not answer ({type(error).__name__})")
    return PartHealth(name, address, None if answered else "closes the connection")

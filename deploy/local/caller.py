"""The REST API as a client calls it: a bearer token, idempotency keys, ETags, problems."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from deploy.local.trust import trusted

TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A body, and the version it is of."""

    body: Any
    etag: str


class Problem(Exception):
    """The API refused: problem+json with a stable code."""

    def __init__(self, answer: httpx.Response) -> None:
        told = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        self.status = answer.status_code
        self.code = str(told.get("code", ""))
        self.retry_after = answer.headers.get("retry-after")
        explained = {name: told[name] for name in ("detail", "field", "expected") if told.get(name)}
        super().__init__(f"{answer.request.method} {answer.request.url.path}: {self.status} {self.code} {explained}")


class Caller:
    """One person or client at the API; `http` has the portal's /api/v1 as base."""

    def __init__(self, http: httpx.AsyncClient, token: Callable[[], Awaitable[str]]) -> None:
        self._http = http
        self.token = token

    async def get(self, path: str, **query: str | int) -> Answer:
        """Read. Raises Problem."""
        return _answer(await self.send("GET", path, params=query))

    async def post(
        self, path: str, body: Mapping[str, Any], *, key: str | None = None, if_match: str | None = None
    ) -> Answer:
        """A command, under this idempotency key or a new one. Raises Problem."""
        headers = {"Idempotency-Key": key or str(uuid4())} | ({"If-Match": if_match} if if_match else {})
        return _answer(await self.send("POST", path, json=body, headers=headers))

    async def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **rest: Any
    ) -> httpx.Response:
        """The answer as it is, whatever it says."""
        authorised = {"Authorization": f"Bearer {await self.token()}", **(headers or {})}
        return await self._http.request(method, path, headers=authorised, **rest)


def api_client(portal_url: str) -> httpx.AsyncClient:
    """A client for the API of the portal at this address."""
    return httpx.AsyncClient(
        base_url=f"{portal_url}/api/v1", verify=trusted(), trust_env=False, timeout=TIMEOUT_SECONDS
    )


def _answer(answer: httpx.Response) -> Answer:
    if not answer.is_success:
        raise Problem(answer)
    return Answer(answer.json() if answer.content else {}, answer.headers.get("etag", ""))

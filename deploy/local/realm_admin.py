"""Keycloak's administration of our realm, as the realm's own client `operator`; for the runner and tests."""

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from deploy.local.process import StartFailed
from deploy.local.trust import trusted

TIMEOUT_SECONDS = 120.0  # making a realm is long work for a busy machine
TOKEN_SECONDS = 30.0

Proof = Callable[[], Mapping[str, str]]
"""What a client shows to the token endpoint to prove who it is, made anew for each request."""


class RealmAdmin:
    """An async context manager; every call is one request below /admin/realms/<realm>.

    `home` is the realm of the client that `proof` speaks for: ours, or Keycloak's master realm while it is set up.
    """

    def __init__(self, url: str, realm: str, home: str, proof: Proof) -> None:
        self._base = f"{url}/admin/realms/{realm}"
        self._token_address = f"{url}/realms/{home}/protocol/openid-connect/token"
        self._proof = proof
        self._http = httpx.AsyncClient(verify=trusted(), timeout=TIMEOUT_SECONDS, trust_env=False)
        self._token = ""
        self._token_until = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def get(self, path: str = "", **query: str | int | bool) -> Any:
        """The JSON of one resource, such as `clients`; the realm itself without a path."""
        return (await self._call("GET", path, query=query)).json()

    async def post(self, path: str, body: Any = None) -> httpx.Response:
        """Create something, or carry out an action."""
        return await self._call("POST", path, body=body)

    async def put(self, path: str = "", body: Any = None) -> None:
        """Replace something."""
        await self._call("PUT", path, body=body)

    async def delete(self, path: str) -> None:
        """Remove something."""
        await self._call("DELETE", path)

    async def client(self, client_id: str) -> dict[str, Any]:
        """The client of that name."""
        found: dict[str, Any] = (await self.get("clients", clientId=client_id))[0]
        return found

    async def _call(
        self, method: str, path: str, *, query: dict[str, str | int | bool] | None = None, body: Any = None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {await self._access_token()}"}
        address = f"{self._base}/{path}" if path else self._base
        answer = await self._http.request(method, address, params=query, json=body, headers=headers)
        answer.raise_for_status()
        return answer

    async def _access_token(self) -> str:
        if time.monotonic() > self._token_until:
            asked = {"grant_type": "client_credentials", **self._proof()}
            answer = await self._http.post(self._token_address, data=asked)
            if answer.status_code in (400, 401):
                raise StartFailed(
                    "Keycloak does not know the key of this instance: its database and its secrets are not of one "
                    "age; run `make recover` (see docs/operations.md) and start again."
                )
            answer.raise_for_status()
            self._token = answer.json()["access_token"]
            self._token_until = time.monotonic() + TOKEN_SECONDS
        return self._token

"""The rows of the register of providers, what they ask for, and the issuers they name."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from deploy.local.towns import HOST
from tests.e2e.waiting import until
from tests.saml import right
from tests.security.asks import Ask, Row
from tests.security.world import World


class _Issuer(BaseHTTPRequestHandler):
    """Each path is an issuer of its own."""

    def do_GET(self) -> None:
        issuer = f"http://{self.headers['host']}{self.path.removesuffix('/.well-known/openid-configuration')}"
        said = {
            "issuer": issuer, "authorization_endpoint": f"{issuer}/auth", "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys", "id_token_signing_alg_values_supported": ["RS256"],
        }  # fmt: skip
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@cache
def _issuers() -> str:
    """The address below which they are, for as long as this process runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Issuer)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def provider() -> dict[str, Any]:
    """One of an alias, an issuer and a domain of its own."""
    alias = f"partner-{secrets.token_hex(6)}"
    return {
        "alias": alias, "name": "Partner", "issuer": f"{_issuers()}/{alias}", "client_id": "rondetafel",
        "client_secret": "agreed on", "kbo_numbers": [HOST], "domains": f"{alias}.example", "trusted_levels": "",
    }  # fmt: skip


def of_saml() -> dict[str, Any]:
    """One by the text of its metadata, of an alias, an entity ID and a domain of its own."""
    alias = f"partner-{secrets.token_hex(6)}"
    return {
        "alias": alias, "name": "Partner", "metadata_url": "", "metadata": _text(alias), "kbo_numbers": [HOST],
        "domains": f"{alias}.example", "email_attribute": "mail", "given_name_attribute": "givenName",
        "family_name_attribute": "sn",
    }  # fmt: skip


def _text(alias: str) -> str:
    """All of them have one certificate: only what they are called differs."""
    made = right("matrix")
    return replace(made, entity_id=f"https://{alias}.example/saml").text().decode()


async def new_saml_provider(world: World) -> Ask:
    return Ask(body=of_saml())


async def saml_provider(world: World) -> Ask:
    """One, and the metadata it has already."""
    asked = of_saml()
    made = await world["host"].post("/providers/saml", asked)
    return Ask({"provider": made.body["id"]}, {"metadata_url": "", "metadata": asked["metadata"]}, made.etag)


async def new_provider(world: World) -> Ask:
    return Ask(body=provider())


async def some_provider(world: World) -> Ask:
    made = await world["host"].post("/providers", provider())
    return Ask({"provider": made.body["id"]})


async def waiting_provider(world: World) -> Ask:
    """One that the sign-in service has, disabled."""
    made = await world["host"].post("/providers", provider())

    async def mirrored() -> bool | None:
        return (await world["host"].get(f"/providers/{made.body['id']}")).body.get("mirrored") or None

    await until("the sign-in service has the provider", mirrored)
    return Ask({"provider": made.body["id"]}, {}, made.etag)


async def enabled_provider(world: World) -> Ask:
    asked = await waiting_provider(world)
    enabled = await world["host"].post(f"/providers/{asked.ids['provider']}/enable", {}, if_match=asked.etag)
    return Ask(asked.ids, {}, enabled.etag)


ABSENT = (404, "NotFound")
OUTSIDE = {"coordinator": ABSENT, "mayor": ABSENT, "dpo": ABSENT, "insider": ABSENT}
PROVIDERS: Mapping[str, Row] = {
    "add_provider": Row("host", new_provider, OUTSIDE, in_cell=False),
    "add_saml_provider": Row("host", new_saml_provider, OUTSIDE, in_cell=False),
    "renew_metadata": Row("host", saml_provider, OUTSIDE, in_cell=False),
    "enable_provider": Row("host", waiting_provider, OUTSIDE, in_cell=False),
    "disable_provider": Row("host", enabled_provider, OUTSIDE, in_cell=False),
    "read_provider": Row("host", some_provider, OUTSIDE, in_cell=False),
}

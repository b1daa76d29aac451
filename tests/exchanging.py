"""Tokens as the services get them: what the portal exchanges an API client's token for."""

from __future__ import annotations

import httpx
import jwt

from deploy.local.instance import Instance
from deploy.local.keycloak import client_key_file
from deploy.local.trust import trusted
from services.kit.oidc import OidcClient, load_client_key


def client_of(http: httpx.AsyncClient, instance: Instance, name: str) -> OidcClient:
    """One of the realm's clients, with its own key."""
    return OidcClient(http, instance.issuer, name, load_client_key(client_key_file(instance.secrets, name)))


async def for_services(instance: Instance, token: str) -> str:
    """The exchanged token of a person; what is no good token, and the host's own, stays as it is."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.DecodeError:
        return token
    if claims["azp"] != "rondetafel-cli":
        return token
    async with httpx.AsyncClient(verify=trusted(), trust_env=False) as http:
        return (await client_of(http, instance, "portal").exchange_token(token)).access_token

"""A provider as the sign-in service (Keycloak) has it: written and compared, always by the same steps.

Create disabled, then link, then enable: one that is enabled and of no organisation may speak for any domain. Killed
anywhere between, the same is done again from the first step.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from keycloak import KeycloakAdmin
from keycloak.exceptions import KeycloakError

from services.partner_directory.errors import ProviderNotMirrored
from services.partner_directory.providing import Mirror, SamlSide
from services.partner_directory.saml_shapes import saml_config, saml_mappers
from services.partner_directory.users import Users

Shape = dict[str, Any]

PAGE = 100
NOT_TAKEN = (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
"""Answers that stay the same however often it is asked."""
UNTOLD = "clientSecret"
"""What the sign-in service never tells, so it cannot be compared."""
NAMES = {"given_name": "firstName", "family_name": "lastName"}


class Mirroring:
    """Makes the sign-in service have providers as the directory says, with more patience than somebody who waits."""

    def __init__(self, users: Users) -> None:
        self._users = users

    async def mirror(self, wanted: Mirror) -> bool:
        """Whether something was there, and otherwise. Raises Unavailable; ProviderNotMirrored for a no for good."""
        async with self._users.asking() as admin:
            try:
                return await _mirror(admin, wanted)
            except KeycloakError as error:
                if error.response_code not in NOT_TAKEN:
                    raise
                # What it says of it may hold what was typed.
                raise ProviderNotMirrored from None


async def _mirror(admin: KeycloakAdmin, wanted: Mirror) -> bool:
    known = await _known(admin, wanted.alias)
    if known is None:
        await admin.a_create_idp(provider_shape(wanted) | {"enabled": False})
    changed = [known is None, await _mappers(admin, wanted), await _organisation(admin, wanted)]
    changed.append(await _provider(admin, wanted))
    if wanted.fresh and not wanted.enabled:
        await _sign_out(admin, wanted.alias)
    return any(changed) and not wanted.fresh


def provider_shape(wanted: Mirror) -> Shape:
    """The provider there. Trusted: nobody comes without its claim; else the second factor is taken here."""
    saml, trusted = wanted.saml, bool(wanted.trusted_levels)
    return {
        "alias": wanted.alias, "displayName": wanted.name, "providerId": "saml" if saml else "oidc",
        "enabled": wanted.enabled, "trustEmail": True, "hideOnLogin": True, "linkOnly": False, "storeToken": False,
        "firstBrokerLoginFlowAlias": "rt-first-broker",
        "postBrokerLoginFlowAlias": "mfa" if trusted and not saml else "stepup",
        "config": saml_config(saml.says) if saml else _oidc_config(wanted),
    }  # fmt: skip


def _oidc_config(wanted: Mirror) -> dict[str, str]:
    says, trusted = wanted.says, bool(wanted.trusted_levels)
    assert says is not None
    config = {
        "issuer": says.issuer, "authorizationUrl": says.authorization_endpoint, "tokenUrl": says.token_endpoint,
        "jwksUrl": says.jwks_uri, "logoutUrl": says.end_session_endpoint, "useJwksUrl": "true",
        "validateSignature": "true", "clientId": wanted.client_id, "defaultScope": "openid email profile",
        "pkceEnabled": "true", "pkceMethod": "S256", "syncMode": "IMPORT", "loginHint": "true",
        "backchannelSupported": "true", "filteredByClaim": "true" if trusted else "false", **_proof(wanted),
    }  # fmt: skip
    if trusted:
        levels = "|".join(re.sub(r"([^A-Za-z0-9])", r"\\\1", level) for level in wanted.trusted_levels)
        config |= {"claimFilterName": "acr", "claimFilterValue": f"^(?:{levels})$"}
    return config


def _proof(wanted: Mirror) -> dict[str, str]:
    if wanted.client_secret:
        return {"clientAuthMethod": "client_secret_post", UNTOLD: wanted.client_secret}
    return {"clientAuthMethod": "private_key_jwt", "clientAssertionSigningAlg": "ES256"}


def mapper_shapes(alias: str, saml: SamlSide | None = None) -> list[Shape]:
    """What is taken over of what a provider says; for the session each time anew, of the address only the first."""
    return [
        {"name": name, "identityProviderMapper": kind, "identityProviderAlias": alias, "config": config}
        for name, kind, config in (saml_mappers(saml.names) if saml else _oidc_mappers())
    ]


def _oidc_mappers() -> list[tuple[str, str, dict[str, str]]]:
    shapes: list[tuple[str, str, dict[str, str]]] = [
        ("username", "oidc-username-idp-mapper",
         {"template": "${ALIAS}.${CLAIM.sub}", "target": "LOCAL", "syncMode": "IMPORT"}),
        ("subject", "oidc-username-idp-mapper",
         {"template": "${CLAIM.sub}", "target": "BROKER_USERNAME", "syncMode": "FORCE"}),
        ("address now", "oidc-user-session-note-idp-mapper",
         {"claims": json.dumps([{"key": "email", "value": ".*"}]), "are.claim.values.regex": "true",
          "syncMode": "FORCE"}),
    ]  # fmt: skip
    shapes += [
        (name, "oidc-user-attribute-idp-mapper", {"claim": claim, "user.attribute": name, "syncMode": "FORCE"})
        for claim, name in NAMES.items()
    ]
    return shapes


async def _known(admin: KeycloakAdmin, alias: str) -> Shape | None:
    try:
        found: Shape = await admin.a_get_idp(alias)
    except KeycloakError as error:
        if error.response_code != HTTPStatus.NOT_FOUND:
            raise
        return None
    return found


async def _mappers(admin: KeycloakAdmin, wanted: Mirror) -> bool:
    known = {mapper["name"]: mapper for mapper in await admin.a_get_idp_mappers(wanted.alias)}
    changed = False
    for shape in mapper_shapes(wanted.alias, wanted.saml):
        mapper = known.get(shape["name"])
        if mapper is None:
            await admin.a_add_mapper_to_idp(wanted.alias, shape)
        elif differs(mapper, shape):
            await admin.a_update_mapper_in_idp(wanted.alias, mapper["id"], mapper | shape)
        changed |= mapper is None or differs(mapper, shape)
    return changed


async def _organisation(admin: KeycloakAdmin, wanted: Mirror) -> bool:
    """That of the provider, with its domains; of its name there is one, because an alias is."""
    shape: Shape = {
        "name": wanted.alias, "alias": wanted.alias, "enabled": wanted.enabled,
        "domains": [{"name": domain, "verified": True} for domain in wanted.domains],
        "attributes": {"kbo": list(wanted.kbo_numbers)},
    }  # fmt: skip
    known = await _organisation_of(admin, wanted.alias)
    if known is None:
        organisation_id = str(await admin.a_create_organization(shape))
    else:
        organisation_id = str(known["id"])
        if differs(known, shape):
            await admin.a_update_organization(organisation_id, known | shape)
    linked = {provider["alias"] for provider in await admin.a_get_organization_idps(organisation_id)}
    if wanted.alias not in linked:
        await admin.a_organization_idp_add(organisation_id, wanted.alias)
    return known is None or differs(known, shape) or wanted.alias not in linked


async def _organisation_of(admin: KeycloakAdmin, alias: str) -> Shape | None:
    """Whole: lists leave out the attributes."""
    found = await admin.a_get_organizations({"search": alias, "exact": True, "first": 0, "max": 1})
    if not found:
        return None
    whole: Shape = await admin.a_get_organization(found[0]["id"])
    return whole


async def _provider(admin: KeycloakAdmin, wanted: Mirror) -> bool:
    """The last step; only once it is linked may it speak for the domains, and be enabled."""
    known, shape = await admin.a_get_idp(wanted.alias), provider_shape(wanted)
    shape["config"] |= {"kc.org.domain": "ANY", "kc.org.broker.redirect.mode.email-matches": "true"}
    changed = differs(known, shape)
    if changed or wanted.fresh:
        await admin.a_update_idp(wanted.alias, known | shape)
    return changed


async def _sign_out(admin: KeycloakAdmin, alias: str) -> None:
    """Everybody who ever came by it: its sign-ins would live again when it is enabled."""
    organisation, first = await _organisation_of(admin, alias), 0
    assert organisation is not None
    while True:
        query = {"first": first, "max": PAGE}
        members = await admin.a_get_organization_members(organisation["id"], query)
        for member in members:
            await admin.a_user_logout(member["id"])
        if len(members) < PAGE:
            return
        first += PAGE


def differs(known: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether something of what is wanted is otherwise there; what else is there does not count."""
    return any(_other(known.get(name), value) for name, value in wanted.items() if name != UNTOLD)


def _other(known: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        return differs(known, wanted) if isinstance(known, Mapping) else bool(wanted)
    if isinstance(wanted, list) and isinstance(known, list):
        return sorted(map(_text, known)) != sorted(map(_text, wanted))
    return bool(known != wanted) and not (wanted in ("", False) and known is None)


def _text(entry: Any) -> str:
    return json.dumps(entry, sort_keys=True)

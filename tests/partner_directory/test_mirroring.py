"""A provider at the real Keycloak: as the register says, whatever it was before, and in the one order that is safe."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.keycloak import Keycloak
from deploy.local.servers import Servers
from services.kit.oidc import OidcClient
from services.partner_directory import mirroring
from services.partner_directory.errors import ProviderNotMirrored
from services.partner_directory.mirroring import Mirroring, mapper_shapes, provider_shape
from services.partner_directory.providing import AttributeNames, IssuerSays, Mirror, SamlSays, SamlSide
from services.partner_directory.users import Users
from tests.saml import lasting, text_of

SECRET = "chosen by the partner"
LOOSE = {
    "validateSignature": "false", "wantAssertionsSigned": "false", "wantAuthnRequestsSigned": "false",
    "idpEntityId": "https://evil.example", "principalType": "ATTRIBUTE", "entityId": "https://elsewhere.example",
    "allowedClockSkew": "86400",
}  # fmt: skip


@pytest.fixture
async def users(client: OidcClient, servers: Servers) -> AsyncIterator[Users]:
    users = Users(client, servers.instance.issuer, servers.instance.keycloak_url, patience=60, each=30)
    yield users
    await users.close()


def wanted(**changes: Any) -> Mirror:
    """One of an alias and a domain of its own, enabled and told already."""
    alias = f"partner-{uuid4().hex[:8]}"
    at = f"https://{alias}.example"
    values: dict[str, Any] = {
        "alias": alias, "name": "Partner", "says": IssuerSays(at, f"{at}/auth", f"{at}/token", f"{at}/keys", ""),
        "saml": None, "client_id": "rondetafel", "client_secret": SECRET, "kbo_numbers": ("0417497106",),
        "domains": (f"{alias}.example", f"also.{alias}.example"), "trusted_levels": (), "enabled": True, "fresh": False,
    }  # fmt: skip
    return Mirror(**values | changes)


async def there(keycloak: Keycloak, alias: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The provider, its organisation, and its mappers by name, as Keycloak has them."""
    async with keycloak.admin() as admin:
        provider = await admin.get(f"identity-provider/instances/{alias}")
        mappers = {found["name"]: found for found in await admin.get(f"identity-provider/instances/{alias}/mappers")}
        (found,) = await admin.get("organizations", search=alias, exact=True)
        organisation = await admin.get(f"organizations/{found['id']}")
        assert provider["organizationId"] == found["id"]
    return provider, organisation, mappers


async def test_it_is_there_as_the_register_says_and_told_again_nothing_changes(
    users: Users, keycloak: Keycloak
) -> None:
    asked = wanted(fresh=True)
    assert not await Mirroring(users).mirror(asked)
    provider, organisation, mappers = await there(keycloak, asked.alias)
    assert (provider["enabled"], provider["hideOnLogin"], provider["trustEmail"]) == (True, True, True)
    assert provider["firstBrokerLoginFlowAlias"] == "rt-first-broker"
    assert provider["postBrokerLoginFlowAlias"] == "stepup"
    assert (
        provider["config"].items()
        >= {"kc.org.domain": "ANY", "syncMode": "IMPORT", "validateSignature": "true"}.items()
    )
    assert {domain["name"] for domain in organisation["domains"]} == set(asked.domains)
    assert (organisation["enabled"], organisation["attributes"]["kbo"]) == (True, ["0417497106"])
    assert {name: mapper["config"]["syncMode"] for name, mapper in mappers.items()} == {
        "username": "IMPORT", "subject": "FORCE", "address now": "FORCE", "firstName": "FORCE", "lastName": "FORCE",
    }  # fmt: skip
    assert not await Mirroring(users).mirror(replace(asked, fresh=False))


def saml(**changes: Any) -> Mirror:
    """One that speaks SAML, with two certificates."""
    names = AttributeNames("mail", "urn:oid:2.5.4.42", "sn")
    now = datetime.now(UTC)
    texts = tuple(text_of(lasting(name, now)) for name in ("one", "other"))
    says = SamlSays("https://p.example/saml", "https://p.example/sso", True, "", False, texts, None, "")
    return wanted(says=None, saml=SamlSide(says, names), client_id="", client_secret="", **changes)


async def test_one_that_speaks_saml_is_there_so_told_again_nothing_changes_and_what_was_loosened_is_put_right(
    users: Users, keycloak: Keycloak
) -> None:
    """All that it says is signed, by either certificate while both count; the second factor is ours."""
    asked = saml()
    assert not await Mirroring(users).mirror(replace(asked, fresh=True))
    provider, organisation, mappers = await there(keycloak, asked.alias)
    assert (provider["providerId"], provider["enabled"], organisation["enabled"]) == ("saml", True, True)
    assert (provider["firstBrokerLoginFlowAlias"], provider["postBrokerLoginFlowAlias"]) == (
        "rt-first-broker",
        "stepup",
    )
    assert asked.saml is not None
    says = asked.saml.says
    assert provider["config"]["signingCertificate"].split(",") == list(says.certificates)
    assert {name: mapper["config"]["syncMode"] for name, mapper in mappers.items()} == {
        "username": "IMPORT", "address now": "FORCE", "address": "IMPORT", "firstName": "FORCE", "lastName": "FORCE",
    }  # fmt: skip
    assert not await Mirroring(users).mirror(asked)
    for name, loose in LOOSE.items():
        async with keycloak.admin() as admin:
            changed = provider | {"config": provider["config"] | {name: loose}}
            await admin.put(f"identity-provider/instances/{asked.alias}", changed)
        assert await Mirroring(users).mirror(asked), name
        assert not await Mirroring(users).mirror(asked), name
    newer = SamlSide(replace(says, certificates=says.certificates[1:]), asked.saml.names)
    assert not await Mirroring(users).mirror(replace(asked, saml=newer, fresh=True))
    provider, *_ = await there(keycloak, asked.alias)
    assert provider["config"]["signingCertificate"] == says.certificates[1]


async def test_killed_after_any_step_it_is_done_again_and_never_enabled_without_its_organisation(
    users: Users, keycloak: Keycloak, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in ("_mappers", "_organisation", "_provider"):
        asked = wanted(fresh=True)

        async def killed(*_: Any) -> bool:
            raise ProviderNotMirrored

        with monkeypatch.context() as broken:
            broken.setattr(mirroring, step, killed)
            with pytest.raises(ProviderNotMirrored):
                await Mirroring(users).mirror(asked)
        async with keycloak.admin() as admin:
            assert not (await admin.get(f"identity-provider/instances/{asked.alias}"))["enabled"], step
        await Mirroring(users).mirror(asked)
        assert (await there(keycloak, asked.alias))[0]["enabled"], step


async def test_what_was_changed_there_is_noticed_and_put_right(users: Users, keycloak: Keycloak) -> None:
    asked = wanted()
    await Mirroring(users).mirror(replace(asked, fresh=True))
    provider, organisation, mappers = await there(keycloak, asked.alias)
    foreign = [*organisation["domains"], {"name": f"foreign-{asked.alias}.example", "verified": True}]
    loose = mappers["address now"] | {"config": mappers["address now"]["config"] | {"syncMode": "IMPORT"}}
    places: list[tuple[str, dict[str, Any]]] = [
        (f"organizations/{organisation['id']}", organisation | {"domains": foreign}),
        (f"organizations/{organisation['id']}", organisation | {"enabled": False}),
        (f"identity-provider/instances/{asked.alias}", provider | {"postBrokerLoginFlowAlias": "mfa"}),
        (f"identity-provider/instances/{asked.alias}", provider | {"enabled": False}),
        (f"identity-provider/instances/{asked.alias}/mappers/{loose['id']}", loose),
    ]
    for place, changed in places:
        async with keycloak.admin() as admin:
            await admin.put(place, changed)
        assert await Mirroring(users).mirror(asked), place
        assert not await Mirroring(users).mirror(asked), place
    provider, organisation, _ = await there(keycloak, asked.alias)
    assert {domain["name"] for domain in organisation["domains"]} == set(asked.domains)
    assert (provider["postBrokerLoginFlowAlias"], provider["enabled"], organisation["enabled"]) == (
        "stepup",
        True,
        True,
    )


async def test_disabled_it_is_so_in_both_places(users: Users, keycloak: Keycloak) -> None:
    asked = wanted(fresh=True)
    await Mirroring(users).mirror(asked)
    await Mirroring(users).mirror(replace(asked, enabled=False))
    provider, organisation, _ = await there(keycloak, asked.alias)
    assert (provider["enabled"], organisation["enabled"]) == (False, False)


async def test_what_keycloak_never_takes_is_told_as_such(users: Users) -> None:
    """So that the term is set aside with an alarm, in place of being tried for ever."""
    first = wanted(fresh=True)
    await Mirroring(users).mirror(first)
    with pytest.raises(ProviderNotMirrored):
        await Mirroring(users).mirror(wanted(domains=first.domains, fresh=True))


def test_a_trusted_one_lets_nobody_in_without_its_level_and_any_other_steps_up() -> None:
    trusted, other = provider_shape(wanted(trusted_levels=("2", "urn:x.mfa"))), provider_shape(wanted())
    assert (trusted["postBrokerLoginFlowAlias"], other["postBrokerLoginFlowAlias"]) == ("mfa", "stepup")
    assert trusted["config"]["claimFilterValue"] == r"^(?:2|urn\:x\.mfa)$"
    assert (trusted["config"]["filteredByClaim"], other["config"]["filteredByClaim"]) == ("true", "false")
    assert "claimFilterName" not in other["config"]


def test_without_a_secret_it_is_by_our_key() -> None:
    config = provider_shape(wanted(client_secret=""))["config"]
    assert (config["clientAuthMethod"], "clientSecret" in config) == ("private_key_jwt", False)
    assert {shape["identityProviderAlias"] for shape in mapper_shapes("caw")} == {"caw"}

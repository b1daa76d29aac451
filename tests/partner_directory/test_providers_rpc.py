"""The door of providers: what is malformed names its field, and what is read says nothing of a secret."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import Invalid
from services.portal.api.generated.models.partner_directory import Provider
from tests.doors import NOBODY
from tests.falling_due import run_due
from tests.partner_directory.providers import MIRRORS, SECRET
from tests.partner_directory.saml_register import SamlRegister
from tests.partner_directory.test_rpc import adapter
from tests.partner_directory.town import Host

PROVIDER: dict[str, Any] = {
    "alias": "on-the-wire", "name": "CAW", "issuer": "https://wire.example", "client_id": "rondetafel",
    "client_secret": SECRET, "kbo_numbers": ["0417497106"], "domains": "wire.example", "trusted_levels": "mfa",
}  # fmt: skip

SAML: dict[str, Any] = {
    "alias": "by-saml", "name": "School", "metadata_url": "https://wire.example/metadata",
    "kbo_numbers": ["0417497106"], "domains": "by-saml.example", "email_attribute": "mail",
    "given_name_attribute": "givenName", "family_name_attribute": "sn",
}  # fmt: skip
ID = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55"


def adding(**changes: Any) -> pb.AddProviderRequest:
    return pb.AddProviderRequest(**PROVIDER | changes)


def saml(**changes: Any) -> pb.AddSamlProviderRequest:
    return pb.AddSamlProviderRequest(**SAML | changes)


@pytest.mark.parametrize(
    ("method", "asked", "field"),
    [
        ("AddProvider", adding(**{"alias": ""}), "alias"),
        ("AddProvider", adding(**{"alias": "x" * 41}), "alias"),
        ("AddProvider", adding(**{"alias": "Groot"}), "alias"),
        ("AddProvider", adding(**{"name": "..."}), "name"),
        ("AddProvider", adding(**{"issuer": ""}), "issuer"),
        ("AddProvider", adding(**{"issuer": "x" * 301}), "issuer"),
        ("AddProvider", adding(**{"client_id": ""}), "client_id"),
        ("AddProvider", adding(**{"client_secret": "x" * 301}), "client_secret"),
        ("AddProvider", adding(**{"kbo_numbers": []}), "kbo_numbers"),
        ("AddProvider", adding(**{"kbo_numbers": ["1"]}), "kbo_numbers[0]"),
        ("AddProvider", adding(**{"domains": ""}), "domains"),
        ("AddProvider", adding(**{"domains": "caw"}), "domains"),
        ("AddProvider", adding(**{"trusted_levels": "x" * 501}), "trusted_levels"),
        ("AddSamlProvider", saml(alias="Groot"), "alias"),
        ("AddSamlProvider", saml(metadata_url="x" * 301), "metadata_url"),
        ("AddSamlProvider", saml(metadata="x" * 262_145), "metadata"),
        ("AddSamlProvider", saml(name=""), "name"),
        ("AddSamlProvider", saml(kbo_numbers=["1"]), "kbo_numbers[0]"),
        ("AddSamlProvider", saml(domains=""), "domains"),
        ("AddSamlProvider", saml(email_attribute=""), "email_attribute"),
        ("AddSamlProvider", saml(given_name_attribute="x" * 201), "given_name_attribute"),
        ("AddSamlProvider", saml(family_name_attribute=""), "family_name_attribute"),
        ("RenewMetadata", pb.RenewMetadataRequest(provider_id="x"), "provider_id"),
        ("RenewMetadata", pb.RenewMetadataRequest(provider_id=ID, metadata_url="x" * 301), "metadata_url"),
        ("RenewMetadata", pb.RenewMetadataRequest(provider_id=ID, metadata="x" * 262_145), "metadata"),
        ("EnableProvider", pb.EnableProviderRequest(provider_id="x"), "provider_id"),
        ("DisableProvider", pb.DisableProviderRequest(), "provider_id"),
        ("ReadProvider", pb.ReadProviderRequest(provider_id="caw"), "provider_id"),
        ("ListProviders", pb.ListProvidersRequest(page_size=51), "page_size"),
        ("ListProviders", pb.ListProvidersRequest(cursor="x"), "cursor"),
        ("JudgeSignIn", pb.JudgeSignInRequest(domain="caw.example"), "alias"),
        ("JudgeSignIn", pb.JudgeSignInRequest(alias="caw", domain="x" * 256), "domain"),
        ("JudgeSignIn", pb.JudgeSignInRequest(alias="caw", named_domain="x" * 256), "named_domain"),
    ],
)
async def test_a_malformed_request_names_its_field(host: Host, method: str, asked: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await getattr(adapter(host), method)(asked, NOBODY)
    assert refused.value.field == field
    assert refused.value.expected


async def test_a_provider_on_the_wire(host: Host) -> None:
    door, kbo_number = adapter(host), await host.organisation()
    receipt = await door.AddProvider(adding(kbo_numbers=[kbo_number]), NOBODY)
    assert (receipt.state, receipt.version) == ("DISABLED", 1)
    await run_due(host.harness, MIRRORS)
    found = await door.ReadProvider(pb.ReadProviderRequest(provider_id=receipt.id), NOBODY)
    assert (found.alias, found.by_secret, found.mirrored, found.state) == ("on-the-wire", True, True, "DISABLED")
    assert [(part.kbo_number, part.name) for part in found.organisations] == [(kbo_number, "Partner")]
    assert [(part.domain, part.proof) for part in found.domains] == [("wire.example", "host_word")]
    assert (list(found.trusted_levels), list(found.may)) == (["mfa"], ["enable_provider"])
    assert found.HasField("mirrored_at")
    assert not found.HasField("mended_at")
    assert SECRET not in str(found)
    page = await door.ListProviders(pb.ListProvidersRequest(page_size=1), NOBODY)
    assert page.providers[0] == found
    enabling = pb.EnableProviderRequest(provider_id=receipt.id, expected_version=1)
    assert (await door.EnableProvider(enabling, NOBODY)).state == "ENABLED"
    disabling = pb.DisableProviderRequest(provider_id=receipt.id, expected_version=2)
    assert (await door.DisableProvider(disabling, NOBODY)).state == "DISABLED"
    assert UUID(found.provider_id) == UUID(receipt.id)


async def test_one_that_speaks_saml_on_the_wire_and_as_the_api_shows_it(host: Host) -> None:
    register = SamlRegister(host)
    made = await register.added()
    found = await adapter(host).ReadProvider(pb.ReadProviderRequest(provider_id=str(made.id)), NOBODY)
    shown = Provider.model_validate(found)
    assert (shown.kind, shown.client_id, found.HasField("saml")) == ("saml", "", True)
    assert shown.saml is not None
    assert [len(certificate.fingerprint) for certificate in shown.saml.certificates] == [64]
    assert (shown.saml.wrong, shown.saml.over, shown.saml.valid_until) == ("", False, None)

"""The host's pages of providers that speak SAML: added by address or file, what ends said, new metadata given."""

from __future__ import annotations

from typing import Any

import pytest

from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import RoleMissing
from services.partner_directory.errors import CertificateExpired, MetadataOfAnother, ProviderNotFound
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.host.test_providers import ID, ONE, provider
from tests.portal.tables import calls_of, filled

NEW, RENEW = "/host/providers/saml", f"{ONE}/metadata"
ADDRESS = "https://login.school.example/metadata"
ISSUER_WORDS = ("Onze metadata, om in te lezen", "broker/caw-oost/endpoint/descriptor", "assertion consumer service")
TYPED = {
    "name": "School Zuid", "alias": "school-zuid", "kbo_numbers": "0417497106", "domains": "school.example",
    "metadata_url": ADDRESS, "email_attribute": "mail", "given_name_attribute": "givenName",
    "family_name_attribute": "sn",
}  # fmt: skip
FINGERPRINT = "5b2d0f"


def saml(**changes: Any) -> pb.SamlMetadata:
    values: dict[str, Any] = {
        "address": ADDRESS, "email_attribute": "mail", "sign_in_address": "https://login.school.example/sso",
        "certificates": [pb.SamlCertificate(fingerprint=FINGERPRINT, begins_at=at(2026), ends_at=at(2028))],
        "signer": "aabb", "read_at": at(2026), "ends_at": at(2028),
    }  # fmt: skip
    return pb.SamlMetadata(**values | changes)


def at(year: int) -> Any:
    return {"seconds": (year - 1970) * 31_556_952}


async def host(front: Front, backends: Backends, **changes: Any) -> None:
    """The host, with such a provider."""
    await front.sign_in()
    backends.verbatim = True
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse(may=["add_saml_provider"])
    backends.answers["ReadProvider"] = provider(
        kind="saml", client_id="", may=["enable_provider", "renew_metadata"], saml=saml(**changes)
    )
    backends.answers["AddSamlProvider"] = kit_pb2.Receipt(id=ID, state="DISABLED", version=1)
    backends.answers["RenewMetadata"] = kit_pb2.Receipt(id=ID, state="DISABLED", version=4)


async def sent(front: Front, address: str, typed: dict[str, str], file: bytes | None = None) -> Any:
    """The form, with a file."""
    form = await filled(front, address, typed)
    return await front.client.post(address, data=form, files={"metadata": ("metadata.xml", file or b"", "text/xml")})


async def test_one_is_added_by_address_or_by_file_and_leads_to_its_page(front: Front, backends: Backends) -> None:
    await host(front, backends)
    for address, file in ((ADDRESS, b""), ("", b"<EntityDescriptor/>")):
        done = await sent(front, NEW, TYPED | {"metadata_url": address}, file)
        assert done.headers["location"] == f"{ONE}?made=1"
        asked = [call.request for call in backends.calls if call.method == "AddSamlProvider"][-1]
        assert (asked.metadata_url, asked.metadata) == (address, file.decode())
        assert (asked.alias, asked.email_attribute, list(asked.kbo_numbers)) == ("school-zuid", "mail", ["0417497106"])
    assert "urn:oid:2.5.4.42" in (await front.client.get(NEW)).text


async def test_what_is_missing_too_large_or_refused_is_said_at_its_field_and_nothing_typed_is_lost(
    front: Front, backends: Backends
) -> None:
    await host(front, backends)
    empty = await sent(front, NEW, {"email_attribute": ""})
    for field in ("name", "alias", "kbo_numbers", "domains", "metadata_url", "email_attribute"):
        assert f'href="#{field}"' in empty.text, field
    large = await sent(front, NEW, TYPED | {"metadata_url": ""}, b"x" * (256 * 1024 + 1))
    assert 'href="#metadata"' in large.text
    assert "AddSamlProvider" not in calls_of(backends)
    backends.answers["AddSamlProvider"] = CertificateExpired(field="metadata_url", expected="x")
    again = await sent(front, NEW, TYPED)
    assert (again.status_code, 'href="#metadata_url"' in again.text) == (422, True)
    assert "Vraag de organisatie om een nieuw" in words(again.text)
    assert f'value="{ADDRESS}"' in again.text


async def test_its_page_says_what_the_partner_reads_in_and_by_which_certificates_it_is_checked(
    front: Front, backends: Backends
) -> None:
    await host(front, backends)
    text = words((await front.client.get(ONE)).text)
    for said in (*ISSUER_WORDS, "5B:2D:0F", "AA:BB", ADDRESS, "https://login.school.example/sso"):
        assert said in text, said
    assert "loopt af" not in text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"needs_new": True}, "loopt af op"),
        ({"needs_new": True, "over": True}, "liep af op"),
        ({"wrong": "IssuerUnreachable", "wrong_since": at(2026)}, "Op dit adres antwoordt niets"),
    ],
)
async def test_what_the_host_has_to_see_to_is_said_at_the_head(
    front: Front, backends: Backends, changes: dict[str, Any], says: str
) -> None:
    await host(front, backends)
    assert says not in words((await front.client.get(ONE)).text)
    await host(front, backends, **changes)
    assert says in words((await front.client.get(ONE)).text)


async def test_new_metadata_is_given_or_read_again_where_it_stands(front: Front, backends: Backends) -> None:
    await host(front, backends)
    for file in (b"", b"<EntityDescriptor/>"):
        done = await sent(front, RENEW, {}, file)
        assert done.headers["location"] == f"{ONE}?renewed=1"
        asked = [call.request for call in backends.calls if call.method == "RenewMetadata"][-1]
        assert (asked.provider_id, asked.expected_version, asked.metadata) == (ID, 3, file.decode())
    backends.answers["RenewMetadata"] = MetadataOfAnother(field="metadata", expected="x")
    again = await sent(front, RENEW, {}, b"<EntityDescriptor/>")
    assert (again.status_code, 'href="#metadata"' in again.text) == (422, True)
    await host(front, backends, address="")
    assert 'href="#metadata_url"' in (await sent(front, RENEW, {})).text


@pytest.mark.parametrize("refusal", [RoleMissing(), ProviderNotFound()])
async def test_for_everybody_else_there_are_no_such_pages(
    front: Front, backends: Backends, refusal: RoleMissing | ProviderNotFound
) -> None:
    await host(front, backends)
    assert [(await front.client.get(address)).status_code for address in (NEW, RENEW)] == [200, 200]
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse()
    backends.answers["ReadProvider"] = refusal
    assert [(await front.client.get(address)).status_code for address in (NEW, RENEW)] == [404, 404]
    backends.answers["ReadProvider"] = provider()
    assert (await front.client.get(RENEW)).status_code == 404

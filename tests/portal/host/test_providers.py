"""The host's pages of providers: the list with its form, one with how far it is, and enabling it once it was read."""

from __future__ import annotations

from typing import Any

import pytest

from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import RoleMissing
from services.partner_directory.errors import DomainTaken, IssuerUnreachable, ProviderNotFound, ProviderStateForbids
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.tables import calls_of, carried_on, filled

ID = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c99"
LIST, ONE = "/host/providers", f"/host/providers/{ID}"
SECRET = "agreed on with them"
TYPED = {
    "name": "CAW Oost", "alias": "caw-oost", "kbo_numbers": "0417497106 0206731645", "domains": "caw-oost.example",
    "issuer": "https://login.caw-oost.example", "client_id": "rondetafel", "client_secret": SECRET,
    "trusted_levels": "mfa",
}  # fmt: skip


def provider(**changes: Any) -> pb.Provider:
    values: dict[str, Any] = {
        "provider_id": ID, "alias": "caw-oost", "name": "CAW Oost", "issuer": "https://login.caw-oost.example",
        "client_id": "rondetafel", "state": "DISABLED", "mirrored": True, "version": 3, "may": ["enable_provider"],
        "organisations": [pb.ProviderOrganisation(kbo_number="0417497106", name="CAW Kanaal")],
        "domains": [pb.ProviderDomain(domain="caw-oost.example", proof="host_word")],
    }  # fmt: skip
    return pb.Provider(**values | changes)


async def at(front: Front, backends: Backends, **changes: Any) -> None:
    """The host, with that one."""
    await front.sign_in()
    backends.verbatim = True
    backends.answers["ReadProvider"] = provider(**changes)
    backends.answers["ListProviders"] = pb.ListProvidersResponse(providers=[provider(**changes)])


async def test_one_is_added_and_leads_to_its_page(front: Front, backends: Backends) -> None:
    await at(front, backends)
    backends.answers["AddProvider"] = kit_pb2.Receipt(id=ID, state="DISABLED", version=1)
    assert "CAW Oost" in words((await front.client.get(LIST)).text)
    done = await front.client.post(LIST, data=await filled(front, LIST, TYPED))
    assert done.headers["location"] == f"{ONE}?made=1"
    (asked,) = [call.request for call in backends.calls if call.method == "AddProvider"]
    assert list(asked.kbo_numbers) == ["0417497106", "0206731645"]
    assert (asked.alias, asked.client_secret, asked.trusted_levels) == ("caw-oost", SECRET, "mfa")
    assert "Toegevoegd" in words((await front.client.get(f"{ONE}?made=1")).text)


@pytest.mark.parametrize(
    ("refusal", "field"),
    [
        (IssuerUnreachable(field="issuer", expected="x"), "issuer"),
        (DomainTaken(field="domains", expected="x"), "domains"),
    ],
)
async def test_what_is_refused_is_said_at_its_field_and_a_secret_is_not_shown_again(
    front: Front, backends: Backends, refusal: IssuerUnreachable | DomainTaken, field: str
) -> None:
    await at(front, backends)
    backends.answers["AddProvider"] = refusal
    again = await front.client.post(LIST, data=await filled(front, LIST, TYPED))
    assert (again.status_code, f'href="#{field}"' in again.text) == (422, True)
    assert 'value="caw-oost"' in again.text
    assert SECRET not in again.text


async def test_what_is_missing_is_said(front: Front, backends: Backends) -> None:
    await at(front, backends)
    empty = await front.client.post(LIST, data=await filled(front, LIST))
    for field in ("name", "alias", "kbo_numbers", "domains", "issuer", "client_id"):
        assert f'href="#{field}"' in empty.text, field
    assert "AddProvider" not in calls_of(backends)


@pytest.mark.parametrize(
    ("changes", "method", "says"),
    [
        ({}, "EnableProvider", "Vanaf nu melden mensen met deze adressen zich daar aan"),
        (
            {"state": "ENABLED", "may": ["disable_provider"]}, "DisableProvider",
            "Wie er zich mee aanmeldde, is binnen een seconde buiten",
        ),
    ],
)  # fmt: skip
async def test_it_is_read_once_more_before_it_is_switched(
    front: Front, backends: Backends, changes: dict[str, Any], method: str, says: str
) -> None:
    await at(front, backends, **changes)
    between = await front.client.post(ONE, data=await filled(front, ONE))
    assert says in words(between.text)
    assert method not in calls_of(backends)
    done = await front.client.post(ONE, data=carried_on(between))
    assert done.headers["location"] == ONE
    (asked,) = [call.request for call in backends.calls if call.method == method]
    assert (asked.provider_id, asked.expected_version) == (ID, 3)


async def test_who_was_slower_is_told(front: Front, backends: Backends) -> None:
    await at(front, backends)
    between = await front.client.post(ONE, data=await filled(front, ONE))
    backends.answers["EnableProvider"] = ProviderStateForbids(field="state", expected="DISABLED")
    again = await front.client.post(ONE, data=carried_on(between))
    assert (again.status_code, "Iemand anders was sneller" in words(again.text)) == (422, True)


async def test_the_page_says_what_the_partner_fills_in_and_how_far_it_is(front: Front, backends: Backends) -> None:
    await at(front, backends, mirrored=False, may=[])
    said = words((await front.client.get(ONE)).text)
    assert "/broker/caw-oost/endpoint" in said
    assert "/protocol/openid-connect/certs" in said
    assert "Dit duurt even" in said
    assert "Laat mensen zich ermee aanmelden" not in said
    await at(front, backends, by_secret=True)
    said = words((await front.client.get(ONE)).text)
    assert "/protocol/openid-connect/certs" not in said
    assert "Laat mensen zich ermee aanmelden" in said


async def test_for_others_there_is_no_such_page(front: Front, backends: Backends) -> None:
    await at(front, backends)
    for path in (LIST, ONE):
        assert (await front.client.get(path)).status_code == 200
    backends.answers |= {"ListProviders": RoleMissing(), "ReadProvider": ProviderNotFound()}
    assert (await front.client.get(LIST)).status_code in (403, 404)
    assert (await front.client.get(ONE)).status_code == 404

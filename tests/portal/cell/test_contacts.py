"""The page of who is reached how, and the files the coordinator takes along."""

from __future__ import annotations

import pytest

from deploy.local.browser import forms
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import CellNotFound
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.tables import ME, OTHER, TOWN, become, calls_of, sit

NUMBER = "+32470123456"


def contacts() -> pb.Contacts:
    """An and Nele, and somebody who tells nothing."""

    def seat(role: str, organisation: str) -> pb.ContactSeat:
        return pb.ContactSeat(role=role, seat=role, organisation_name=organisation, nis_codes=[TOWN])

    return pb.Contacts(
        contacts=[
            pb.Contact(
                person_id=OTHER, given_name="An", family_name="Peeters", language="fr", telephone=NUMBER,
                reachable="ma-do, 9-16 u", seats=[seat("coordinator", "Gemeente Vaartbeke")],
            ),
            pb.Contact(person_id=ME, given_name="Nele", family_name="Claes", seats=[seat("participant", "CAW Kanaal")]),
            pb.Contact(
                person_id="01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c99", given_name="أحمد", family_name="Đorđević",
                seats=[seat("dpo", "Gemeente Vaartbeke")],
            ),
        ]
    )  # fmt: skip


async def opened(front: Front, backends: Backends, role: str) -> str:
    """Where the list of a table stands, for who sits there in this role."""
    at = await sit(front, backends, role)
    backends.answers |= {"ReadContacts": contacts(), "ExportContacts": contacts()}
    return f"{at}/contacts"


async def test_it_shows_everybody_by_name_and_calls_by_a_tap(front: Front, backends: Backends) -> None:
    address = await opened(front, backends, "participant")
    page = await front.client.get(address)
    assert page.status_code == 200
    places = [page.text.index(name) for name in ("Nele Claes", "Đorđević", "An Peeters")]
    assert places == sorted(places), "by family name"
    assert f'<a class="contact-call" href="tel:{NUMBER}">' in page.text
    for said in ("0470 12 34 56", "ma-do, 9-16 u", "Taal: Français", "Geen nummer gezegd", "Zeg je nummer"):
        assert said in page.text, said
    assert calls_of(backends) == ["ReadTable", "ReadContacts"]
    assert not [form for form in forms(page) if form.action.endswith("/contacts")], "nothing to take along"
    assert f'href="{address}"' in (await front.client.get(f"/cells/{front.cell}")).text


@pytest.mark.parametrize("role", ["dpo", "oversight"])
async def test_for_who_does_not_sit_there_it_is_not_there(front: Front, backends: Backends, role: str) -> None:
    address = await opened(front, backends, role)
    page = await front.client.get(address)
    assert (page.status_code, calls_of(backends)) == (404, ["ReadTable"])
    backends.answers["ReadTable"] = CellNotFound()
    assert (await front.client.get(address)).status_code == 404


@pytest.mark.parametrize(
    ("kind", "name", "media", "first"),
    [("csv", "contacts.csv", "text/csv", "\ufeff"), ("vcard", "contacts.vcf", "text/vcard", "BEGIN:VCARD\r\n")],
)
async def test_the_coordinator_takes_it_along(
    front: Front, backends: Backends, kind: str, name: str, media: str, first: str
) -> None:
    address = await opened(front, backends, "coordinator")
    page = await front.client.get(address)
    form = next(form for form in forms(page) if form.action.endswith(address))
    answer = await front.client.post(address, data=form.fields | {"format": kind})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    assert "no-store" in answer.headers["cache-control"]
    text = answer.content.decode()
    assert text.startswith(first)
    assert "Đorđević" in text
    assert calls_of(backends).count("ExportContacts") == 1
    unsent = await front.client.post(address, data={"format": kind})
    assert unsent.status_code == 403
    assert calls_of(backends).count("ExportContacts") == 1
    become(front, backends, "mayor")
    assert (await front.client.post(address, data=form.fields | {"format": kind})).status_code == 404
    assert calls_of(backends).count("ExportContacts") == 1

"""An invented table as the directory tells it, and the forms of a page as a browser sends them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from uuid import UUID

import httpx

from deploy.local.browser import forms
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.identities import person_id
from tests.kit.issuer import ISSUER
from tests.portal.backends import Backends
from tests.portal.conftest import Front

ME = str(person_id(ISSUER, "a-subject"))
OTHER = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c01"
TOWN, SECOND_TOWN = "23088", "23047"
TOWNS = {
    TOWN: pb.Municipality(nis_code=TOWN, name="Vaartbeke", name_fr="Vaartbeke-lez-Eau"),
    SECOND_TOWN: pb.Municipality(nis_code=SECOND_TOWN, name="Dijkgem", name_fr="Dijkgem"),
}


def table(
    cell: UUID, *roles: str, towns: Sequence[str] = (TOWN,), mine: Sequence[str] | None = None, accepted: bool = True
) -> pb.Table:
    """The table with the reader in these roles, for the towns in `mine` (all when None), and a coordinator."""
    held = [_mandate(ME, role, mine or towns, "Nele", "Claes", "CAW Kanaal") for role in roles]
    other = _mandate(OTHER, "coordinator", towns, "An", "Peeters", "Gemeente Vaartbeke")
    return pb.Table(
        cell=pb.MyCell(
            cell_id=str(cell), name="Vaartbeke", nis_codes=towns, towns=[TOWNS[town] for town in towns], roles=roles,
            undertaking_accepted=accepted, undertaking_text_version="2026-1",
        ),
        undertaking=pb.Undertaking(version="2026-1", nl="De tekst.", fr="Le texte.", de="Der Text.", en="The text."),
        person_id=ME,
        mandates=[*held, other] if accepted else held,
        legal_bases=[pb.LegalBasis(code="law-2018-07-30", title_nl="Wet van 30 juli 2018")],
        speaking=pb.LegalBasis(code="speaking", name_nl="wet X", name_fr="loi X", name_de="Gesetz X", name_en="law X"),
    )  # fmt: skip


def _mandate(
    person: str, role: str, towns: Sequence[str], given_name: str, family_name: str, organisation: str
) -> pb.MandateView:
    mandate = pb.MandateView(
        mandate_id=person, person_id=person, given_name=given_name, family_name=family_name,
        organisation_name=organisation, organisation_kind="caw", role=role, nis_codes=towns,
        legal_basis="law-2018-07-30", to="2027-12-31",
    )  # fmt: skip
    setattr(mandate, "from", "2026-01-01")
    return mandate


async def sit(front: Front, backends: Backends, *roles: str, **more: object) -> str:
    """Signed in, with these roles at the table; gives where its pages begin."""
    await front.sign_in()
    become(front, backends, *roles, **more)
    return f"/cells/{front.cell}"


def become(front: Front, backends: Backends, *roles: str, **more: object) -> None:
    """From now on these roles, in the same sign-in."""
    backends.answers["ReadTable"] = table(front.cell, *roles, **more)  # type: ignore[arg-type]


async def send(
    front: Front, path: str, typed: dict[str, str] | None = None, *, without: Sequence[str] = ()
) -> httpx.Response:
    """Fill in the form of this page and send it, hidden fields and all but those in `without`."""
    return await front.client.post(path, data=await filled(front, path, typed, without=without))


CHECKED = {"checked": "1"}
"""What the page between a form and its act adds to what was typed (services/portal/web/request/checked.py)."""


def carried_on(page: httpx.Response) -> dict[str, list[str]]:
    """What the page between carries on, as a browser sends it."""
    fields = carried(page)
    assert fields.get("checked") == ["1"], fields
    return fields


def carried(page: httpx.Response) -> dict[str, list[str]]:
    """What a page carries on unseen, as a browser sends it."""
    assert page.status_code == 200, page.text[:400]
    main = page.text.partition('<form id="form"')[2].partition("</form>")[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', main):
        fields.setdefault(unescape(name), []).append(unescape(value))
    return fields


async def filled(
    front: Front, path: str, typed: dict[str, str] | None = None, *, without: Sequence[str] = ()
) -> dict[str, str]:
    """What the form with the hidden key would send, with this typed into it."""
    page = await front.client.get(path)
    assert page.status_code == 200, page.text[:400]
    form = next(form for form in forms(page) if "key" in form.fields)
    hidden = ("csrf_token", "key", "shown", "draft", "version", "answers", "to", "text_version")
    kept = {name: value for name, value in form.fields.items() if name in hidden and name not in without}
    return kept | (typed or {})


def calls_of(backends: Backends) -> list[str]:
    """What the services were asked, by name."""
    return [call.method for call in backends.calls]

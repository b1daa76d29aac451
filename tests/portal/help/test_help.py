"""Questions and rules: for everybody; who is signed in finds there whom to ask at the own tables."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.desk import Desk
from services.portal.settings import Settings
from services.portal.web.help.routes import OWN
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.home.test_home import at_tables
from tests.portal.tables import calls_of, sit

CONTROLS = "/help/controls"
TITLE = "Aan je eigen tafels"


async def test_before_signing_in_it_asks_nothing_and_names_nobody(front: Front, backends: Backends) -> None:
    page = await front.client.get("/help")
    assert page.status_code == 200
    assert "Mag ik nee zeggen?" in page.text
    assert TITLE not in page.text
    assert backends.calls == []


async def test_at_the_own_tables_it_names_the_coordinator_and_what_was_promised(
    front: Front, backends: Backends
) -> None:
    await sit(front, backends, "participant")
    at_tables(backends, front.cell)
    page = await front.client.get("/help")
    assert TITLE in page.text
    assert "Vraag het aan de coördinator: An Peeters." in words(page.text)
    assert f'href="/cells/{front.cell}/undertaking"' in page.text
    assert sorted(calls_of(backends)) == ["ListMyCells", "ReadTable"]


async def test_a_table_whose_secrecy_is_not_promised_is_not_asked(front: Front, backends: Backends) -> None:
    await sit(front, backends, "participant", accepted=False)
    at_tables(backends, front.cell, accepted=False)
    assert TITLE not in (await front.client.get("/help")).text
    assert calls_of(backends) == ["ListMyCells"]


async def test_of_many_tables_some_stand_there_and_it_says_so(front: Front, backends: Backends) -> None:
    await sit(front, backends, "participant")
    at_tables(backends, *(uuid4() for _ in range(OWN + 3)))
    page = await front.client.get("/help", headers={"accept-language": "en"})
    assert calls_of(backends).count("ReadTable") == OWN
    assert f"There are more. Here stand {OWN} of them." in words(page.text)


def _version(code: str, first: str, last: str = "", **more: Any) -> pb.LegalBasisVersion:
    titles = {f"title_{language}": f"{code} {language}" for language in ("nl", "fr", "de", "en")}
    return pb.LegalBasisVersion(**titles | {"code": code, "from": first, "to": last, "source": "Gazette"} | more)


async def test_the_law_stands_there_as_it_is_today(front: Front, backends: Backends) -> None:
    """Today is 2 March 2026; first and last days count."""
    await sit(front, backends, "participant")
    today, before, after = "2026-03-02", "2026-03-01", "2026-03-03"
    backends.answers["ListLegalBases"] = pb.ListLegalBasesResponse(
        legal_bases=[
            _version("later", "2027-01-01"), _version("next", after), _version("begins", today),
            _version("ends", "2020-02-29", today, allows=["take_part"], partner_kinds=["caw"], regions=["flanders"]),
            _version("over", "2019-01-01", before), _version("older", "2010-01-01", "2018-12-31"),
        ]
    )  # fmt: skip
    page = await front.client.get("/help/law")
    assert page.status_code == 200
    now, coming, past = (page.text.partition(f'id="{group}"')[2] for group in ("now", "coming", "past"))
    titles = [re.findall(r"<h3[^>]*>(\w+) nl</h3>", text) for text in (now, coming, past)]
    assert titles == [
        ["begins", "ends", "next", "later", "over", "older"],
        ["next", "later", "over", "older"],
        ["over", "older"],
    ]
    assert "van 29 februari 2020 tot en met 2 maart 2026" in words(page.text)
    assert "Vlaanderen" in now
    assert '<span lang="en">Gazette</span>' in now
    for language, title in (("fr", "begins fr"), ("de", "begins de"), ("en", "begins en")):
        front.client.cookies.set("__Host-rondetafel-language", language)
        assert title in (await front.client.get("/help/law")).text


async def test_the_law_is_for_who_is_signed_in_and_found_from_help_and_from_my_details(
    front: Front, backends: Backends
) -> None:
    link = 'href="/help/law"'
    assert link not in (await front.client.get("/help")).text
    assert (await front.client.get("/help/law")).status_code == 303
    assert backends.calls == []
    await sit(front, backends, "participant")
    at_tables(backends, front.cell)
    assert (await front.client.get("/help/law")).status_code == 200
    for address in ("/help", "/me"):
        assert link in (await front.client.get(address)).text


async def test_the_controls_are_for_builders_alone(front: Front) -> None:
    """Elsewhere the answer is that of a page there never was."""
    object.__setattr__(front.web, "builders", True)
    page = await front.client.get(CONTROLS)
    assert page.status_code == 200
    for control in ("<textarea", "<select", 'type="radio"', 'type="checkbox"'):
        assert control in page.text, control
    object.__setattr__(front.web, "builders", False)
    closed, unknown = await front.client.get(CONTROLS), await front.client.get("/help/nothing")
    assert (closed.status_code, closed.text) == (404, unknown.text.replace("/help/nothing", CONTROLS))


@pytest.mark.parametrize(
    ("address", "served"),
    [
        ("http://localhost:24600", True), ("http://127.0.0.1:24600", True), ("https://tafel.example", False),
        ("https://localhost.example", False), ("https://127.0.0.1@tafel.example", False),
    ],
)  # fmt: skip
def test_a_portal_with_an_address_elsewhere_does_not_start_with_them(address: str, served: bool) -> None:
    needed = (name for name, field in Settings.model_fields.items() if field.is_required())
    told: dict[str, Any] = dict.fromkeys(needed, "x") | {"public_url": address}
    assert Settings(**told).builders is False
    if served:
        assert Settings(**told, builders=True).builders
        return
    with pytest.raises(ValueError, match="RONDETAFEL_BUILDERS"):
        Settings(**told, builders=True)


DESK = Desk("Steunpunt", "+3212345678", "help@host.example")
CALLED = '<a href="tel:+3212345678">012 34 56 78</a>'


async def test_of_the_coordinator_the_number_stands_where_one_is_to_ask(front: Front, backends: Backends) -> None:
    await sit(front, backends, "participant")
    at_tables(backends, front.cell)
    assert "tel:+32" not in (await front.client.get("/help")).text
    told = backends.answers["ReadTable"]
    assert isinstance(told, pb.Table)
    told.mandates[-1].telephone = "+32470123456"
    backends.calls.clear()
    for address in ("/help", "/help/privacy"):
        page = await front.client.get(address)
        assert 'An Peeters (<a href="tel:+32470123456">0470 12 34 56</a>)' in page.text, address
    assert sorted(calls_of(backends)) == ["ListMyCells", "ListMyCells", "ReadTable", "ReadTable"]


async def test_who_lost_the_way_in_finds_whom_to_call(front: Front, backends: Backends) -> None:
    without = await front.client.get("/help")
    assert 'id="lost"' in without.text
    assert "tel:+32" not in without.text
    object.__setattr__(front.web, "desk", DESK)
    page = await front.client.get("/help")
    assert page.text.partition('id="lost"')[2].count(CALLED) == 1
    assert 'href="mailto:help@host.example"' in page.text
    failed = await front.client.get("/signin/callback")
    assert failed.status_code == 401
    assert CALLED in failed.text
    assert 'href="/help#lost"' in failed.text
    assert 'href="/help#lost"' in (await front.client.get("/")).text
    assert backends.calls == []

"""The host seats the first coordinator and mayor of a cell on its page, sends again and takes back."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.local.browser import forms
from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import VersionChanged
from services.kit.fields import to_timestamp
from services.kit.principal import PLATFORM
from services.partner_directory.errors import (
    CellFounded,
    InvitationExists,
    InvitationOver,
    OrganisationExists,
    OrganisationUnknown,
)
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.cell.test_inviting_people import check, law
from tests.portal.conftest import Front
from tests.portal.host.test_host import TOWNS, at_host
from tests.portal.operations import SOME_ID
from tests.portal.tables import calls_of, carried_on

TYPED = {
    "given_name": "Nele", "family_name": "Claes", "email": "nele@stad.example", "language": "fr",
    "kbo_number": "0417.497.106", "role": "coordinator", "from-day": "1", "from-month": "3",
    "from-year": "2026", "to-day": "31", "to-month": "12", "to-year": "2027", "legal_basis": "law-2018-07-30",
}  # fmt: skip


def invited(**changes: Any) -> pb.FoundingInvitation:
    """A first coordinator to whom the letter was sent."""
    values: dict[str, Any] = {
        "invitation_id": str(SOME_ID), "role": "coordinator", "state": "SENT", "invited_at": to_timestamp(NOW),
        "sent_at": to_timestamp(NOW), "last_day": "2026-03-16", "tries_left": 5, "version": 3, "may_come": True,
        "may": ["resend_founding", "withdraw_founding"],
    }  # fmt: skip
    return pb.FoundingInvitation(**(values | changes))


async def opened(front: Front, backends: Backends, *founding: pb.FoundingInvitation, **more: Any) -> str:
    """The address of a cell that the host still founds."""
    await at_host(front, backends)
    values: dict[str, Any] = {
        "may": ["found_seat", "suspend_cell"], "founds": ["coordinator", "mayor"], "founding": founding,
        "towns": TOWNS[:1],
    }  # fmt: skip
    backends.answers["ReadCell"] = pb.HostCell(
        cell_id=str(front.cell), name="Begindorp", state="SETTING_UP", **(values | more)
    )
    backends.answers["ListLegalBases"] = pb.ListLegalBasesResponse(legal_bases=[law()])
    for method in ("FoundSeat", "ResendFounding", "WithdrawFounding"):
        backends.answers[method] = kit_pb2.Receipt(id=str(SOME_ID), state="SENT", version=1)
    return f"/host/cells/{front.cell}"


def asked(backends: Backends, method: str) -> Any:
    (call,) = [call for call in backends.calls if call.method == method]
    return call.request


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "de code werkt tot en met 16 maart 2026"),
        ({"sent_at": None}, "De brief is onderweg"),
        ({"tries_left": 0}, "De code is geblokkeerd"),
        ({"may_come": False, "tries_left": 0, "may": ["withdraw_founding"]}, "kan niet meer komen"),
        ({"state": "ACCEPTED", "may": []}, "Kwam, en heeft het mandaat"),
        ({"state": "EXPIRED", "may": []}, "Kwam niet op tijd"),
        ({"state": "WITHDRAWN", "may": []}, "Ingetrokken"),
    ],
)
async def test_who_is_invited_is_told_without_a_name(
    front: Front, backends: Backends, changes: dict[str, Any], says: str
) -> None:
    one = invited(**{name: value for name, value in changes.items() if value is not None})
    if "sent_at" in changes:
        one.ClearField("sent_at")
    path = await opened(front, backends, one)
    page = (await front.client.get(path)).text
    assert says in words(page)
    assert "Coördinator" in page
    for verb in ("resend", "withdraw"):
        assert (f"{path}/founding/{SOME_ID}/{verb}" in page) is (f"{verb}_founding" in one.may), verb
    assert ("De code is geblokkeerd" in words(page)) is (not one.tries_left and one.may_come)


async def test_a_cell_with_its_mayor_offers_nothing_to_found(front: Front, backends: Backends) -> None:
    path = await opened(front, backends)
    assert f'href="{path}/founding"' in (await front.client.get(path)).text
    assert (await front.client.get(f"{path}/founding")).status_code == 200
    path = await opened(front, backends, invited(state="ACCEPTED", may=[]), may=["suspend_cell"], founds=[])
    page = (await front.client.get(path)).text
    assert "Deze cel geeft haar mandaten nu zelf." in words(page)
    assert f'href="{path}/founding"' not in page
    assert (await front.client.get(f"{path}/founding")).status_code == 404


@pytest.mark.parametrize(
    ("ending", "method", "done"),
    [("/resend", "ResendFounding", "resent"), ("/withdraw", "WithdrawFounding", "withdrawn")],
)
async def test_it_is_sent_again_and_taken_back_in_the_version_shown(
    front: Front, backends: Backends, ending: str, method: str, done: str
) -> None:
    path = await opened(front, backends, invited())
    form = next(form for form in forms(await front.client.get(path)) if form.action.endswith(ending))
    answer = await front.client.post(form.action, data=form.fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done={done}")
    request = asked(backends, method)
    assert (request.host_cell_id, request.invitation_id, request.expected_version) == (
        str(front.cell), str(SOME_ID), 3,
    )  # fmt: skip
    assert "code" in (await front.client.get(answer.headers["location"])).text
    for refusal, says in ((VersionChanged(), "intussen"), (InvitationOver(), "haar dagen zijn voorbij")):
        backends.answers[method] = refusal
        answer = await front.client.post(form.action, data=form.fields)
        assert (answer.status_code, says in answer.text) == (422, True)
    if method == "ResendFounding":
        backends.answers[method] = CellFounded()
        answer = await front.client.post(form.action, data=form.fields)
        assert (answer.status_code, "niet meer aan jou om te geven" in words(answer.text)) == (422, True)


async def test_somebody_is_invited_after_it_was_read_in_words(front: Front, backends: Backends) -> None:
    path = f"{await opened(front, backends)}/founding"
    between = await check(front, path, TYPED)
    for said in ("Begindorp", "Nele Claes", "nele@stad.example", "Français", "0417497106", "Coördinator", "Stad 11001"):
        assert said in between.text, said
    assert "FoundSeat" not in calls_of(backends)
    answer = await front.client.post(path, data=carried_on(between))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/host/cells/{front.cell}?done=invited")
    request = asked(backends, "FoundSeat")
    assert request == pb.FoundSeatRequest(
        host_cell_id=str(front.cell), email="nele@stad.example", given_name="Nele", family_name="Claes",
        kbo_number="0417497106", role="coordinator", nis_codes=["11001"], to="2027-12-31",
        legal_basis="law-2018-07-30", language="fr", **{"from": "2026-03-01"},
    )  # fmt: skip
    assert "72 uur" in (await front.client.get(answer.headers["location"])).text


async def test_an_organisation_that_is_new_is_made_known_first(front: Front, backends: Backends) -> None:
    path = f"{await opened(front, backends)}/founding"
    new = {"organisation_name": "Stad Begindorp", "organisation_kind": "municipality"}
    between = await check(front, path, TYPED | new)
    assert "Stad Begindorp (0417497106)" in between.text
    assert "RegisterOrganisation" not in calls_of(backends)
    for known in (kit_pb2.Receipt(id=str(SOME_ID), state="REGISTERED", version=1), OrganisationExists()):
        backends.answers["RegisterOrganisation"] = known
        backends.calls.clear()
        assert (await front.client.post(path, data=carried_on(between))).status_code == 303
        asks = [method for method in calls_of(backends) if method in ("RegisterOrganisation", "FoundSeat")]
        assert asks == ["RegisterOrganisation", "FoundSeat"]
    (call,) = [call for call in backends.calls if call.method == "RegisterOrganisation"]
    assert (call.request.kind, call.metadata["rondetafel-cell"]) == ("municipality", str(PLATFORM))


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        (OrganisationUnknown(field="kbo_number", expected="known"), "nog niet bekend"),
        (InvitationExists(field="email", expected="another"), "al voor uitgenodigd"),
        (CellFounded(), "niet meer aan jou om te geven"),
    ],
)
async def test_what_is_refused_is_said_and_nothing_is_lost(
    front: Front, backends: Backends, refusal: Exception, says: str
) -> None:
    path = f"{await opened(front, backends)}/founding"
    between = await check(front, path, TYPED)
    backends.answers["FoundSeat"] = refusal  # type: ignore[assignment]
    answer = await front.client.post(path, data=carried_on(between))
    assert (answer.status_code, says in words(answer.text)) == (422, True)
    for typed in ("Nele", "nele@stad.example"):
        assert typed in answer.text


async def test_what_is_missing_is_said_at_its_field(front: Front, backends: Backends) -> None:
    path = f"{await opened(front, backends, towns=TOWNS[:2])}/founding"
    answer = await check(front, path, {"email": "no address"})
    assert answer.status_code == 422
    for name in ("given_name", "family_name", "email", "kbo_number", "role", "nis_codes", "from", "to", "legal_basis"):
        assert f'href="#{name}' in answer.text, name
    assert "FoundSeat" not in calls_of(backends)

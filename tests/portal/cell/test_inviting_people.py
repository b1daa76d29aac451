"""Mayor and coordinator invite somebody to a mandate, see who is invited, send it again and take it back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from deploy.local.browser import forms
from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import RoleMissing, RondetafelError, VersionChanged
from services.kit.fields import to_timestamp
from services.partner_directory.errors import (
    InvitationExists,
    InvitationOver,
    OrganisationExists,
    OrganisationUnknown,
)
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.operations import SOME_ID
from tests.portal.tables import OTHER, SECOND_TOWN, TOWN, calls_of, carried_on, filled, sit

TYPED = {
    "given_name": "Nele", "family_name": "Claes", "email": "nele@caw.example", "language": "fr",
    "kbo_number": "0417.497.106", "role": "participant", "from-day": "1", "from-month": "3",
    "from-year": "2026", "to-day": "31", "to-month": "12", "to-year": "2027",
    "legal_basis": "law-2018-07-30", "note": "Tot straks.",
}  # fmt: skip


def guest(**changes: Any) -> pb.Invitation:
    """Somebody who is invited."""
    values: dict[str, Any] = {
        "invitation_id": str(SOME_ID), "state": "SENT", "email": "nele@caw.example", "given_name": "Nele",
        "family_name": "Claes", "organisation_name": "CAW Kanaal", "organisation_kind": "caw", "role": "participant",
        "nis_codes": [TOWN], "from": "2026-03-01", "to": "2027-12-31", "language": "fr", "inviter_given_name": "An",
        "inviter_family_name": "Peeters", "invited_at": to_timestamp(NOW), "last_day": "2026-03-16",
        "sent_at": to_timestamp(NOW), "tries_left": 4, "version": 3,
    }  # fmt: skip
    return pb.Invitation(**(values | changes))


async def opened(front: Front, backends: Backends, role: str = "coordinator", **more: Any) -> str:
    """The page of mandates, with somebody invited."""
    at = await sit(front, backends, role, **more)
    backends.answers["ListInvitations"] = pb.ListInvitationsResponse(
        invitations=[guest(), guest(state="EXPIRED", email="", given_name="", family_name="")]
    )
    backends.answers["ListLegalBases"] = pb.ListLegalBasesResponse(legal_bases=[law()])
    backends.answers["InvitePerson"] = kit_pb2.Receipt(id=str(SOME_ID), state="SENT", version=1)
    return f"{at}/mandates"


def law() -> pb.LegalBasisVersion:
    """The one basis there is."""
    made = pb.LegalBasisVersion(legal_basis_id=str(uuid4()), code="law-2018-07-30", title_nl="Wet van 30 juli 2018")
    setattr(made, "from", "2018-08-07")
    return made


async def check(front: Front, path: str, typed: dict[str, str]) -> Any:
    """The page between, for this typed into the form."""
    return await front.client.post(path, data=await filled(front, path, typed))


def asked(backends: Backends, method: str) -> Any:
    (call,) = [call for call in backends.calls if call.method == method]
    return call.request


async def test_who_is_invited_stands_on_the_page_of_mandates(front: Front, backends: Backends) -> None:
    page = (await front.client.get(await opened(front, backends))).text
    for said in ("Nele Claes", "nele@caw.example. Brief van", "in Français", "CAW Kanaal", "maart 2026", "An Peeters"):
        assert said in page, said
    assert "Kwam niet op tijd" not in page
    assert "De code is geblokkeerd" not in page
    backends.answers["ListInvitations"] = pb.ListInvitationsResponse(invitations=[guest(tries_left=0)])
    assert "De code is geblokkeerd" in (await front.client.get(f"/cells/{front.cell}/mandates")).text


async def test_those_that_are_over_have_a_page_without_names(front: Front, backends: Backends) -> None:
    path = await opened(front, backends)
    page = (await front.client.get(f"{path}/invitations")).text
    assert "Kwam niet op tijd" in page
    assert "Nele Claes" not in page


@pytest.mark.parametrize(
    ("ending", "method", "done"),
    [("/resend", "ResendInvitation", "resent"), ("/withdraw", "WithdrawInvitation", "withdrawn")],
)
async def test_it_is_sent_again_and_taken_back_in_the_version_shown(
    front: Front, backends: Backends, ending: str, method: str, done: str
) -> None:
    path = await opened(front, backends)
    form = next(form for form in forms(await front.client.get(path)) if form.action.endswith(ending))
    answer = await front.client.post(form.action, data=form.fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done={done}")
    assert (asked(backends, method).invitation_id, asked(backends, method).expected_version) == (str(SOME_ID), 3)
    assert "code" in (await front.client.get(answer.headers["location"])).text
    for refusal, says in ((VersionChanged(), "intussen"), (InvitationOver(), "haar dagen zijn voorbij")):
        backends.answers[method] = refusal
        answer = await front.client.post(form.action, data=form.fields)
        assert (answer.status_code, says in answer.text) == (422, True)


async def test_a_button_stands_where_it_may_be_done(front: Front, backends: Backends) -> None:
    path = await opened(front, backends)
    backends.answers["ListInvitations"] = pb.ListInvitationsResponse(invitations=[guest(role="mayor")])
    assert "/resend" not in (await front.client.get(path)).text
    await opened(front, backends, "mayor")
    backends.answers["ListInvitations"] = pb.ListInvitationsResponse(invitations=[guest(role="mayor")])
    assert "/resend" in (await front.client.get(path)).text


async def test_somebody_is_invited_after_it_was_read_in_words(front: Front, backends: Backends) -> None:
    path = f"{await opened(front, backends)}/invite"
    between = await check(front, path, TYPED)
    for said in ("Nele Claes", "nele@caw.example", "Français", "0417497106", "maart 2026", "Tot straks."):
        assert said in between.text, said
    assert "InvitePerson" not in calls_of(backends)
    answer = await front.client.post(path, data=carried_on(between))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cells/{front.cell}/mandates?done=invited")
    request = asked(backends, "InvitePerson")
    assert (request.email, request.kbo_number, request.role, request.language) == (
        "nele@caw.example", "0417497106", "participant", "fr",
    )  # fmt: skip
    assert (list(request.nis_codes), getattr(request, "from"), request.to) == ([TOWN], "2026-03-01", "2027-12-31")
    assert (request.legal_basis, request.note, request.clearance_until) == ("law-2018-07-30", "Tot straks.", "")
    assert "RegisterOrganisation" not in calls_of(backends)


async def test_somebody_is_invited_as_a_deputy_from_the_first_moment(front: Front, backends: Backends) -> None:
    path = f"{await opened(front, backends)}/invite"
    as_deputy = {"role": "coordinator", "deputy_of": OTHER, "deputy_when": "absent"}
    between = await check(front, path, TYPED | as_deputy)
    for said in ("An Peeters (coördinator)", "Vervanger van"):
        assert said in between.text, said
    await front.client.post(path, data=carried_on(between))
    assert (asked(backends, "InvitePerson").deputy_of, asked(backends, "InvitePerson").deputy_when) == (OTHER, "absent")
    for half, field in (
        (as_deputy | {"deputy_of": ""}, "deputy_of"), (as_deputy | {"deputy_when": ""}, "deputy_when"),
        (as_deputy | {"deputy_of": str(uuid4())}, "deputy_of"),
    ):  # fmt: skip
        refused = await check(front, path, TYPED | half)
        assert (refused.status_code, f'href="#{field}' in refused.text) == (422, True), half
    waiting = guest(role="coordinator", deputy_of=OTHER, deputy_when="absent")
    backends.answers["ListInvitations"] = pb.ListInvitationsResponse(invitations=[waiting])
    assert "Vervanger van An Peeters." in (await front.client.get(path.removesuffix("/invite"))).text


async def test_roles_are_those_the_reader_gives(front: Front, backends: Backends) -> None:
    path = f"{await opened(front, backends)}/invite"
    page = (await front.client.get(path)).text
    assert 'value="participant"' in page
    assert 'value="mayor"' not in page
    await opened(front, backends, "mayor")
    assert 'value="mayor"' in (await front.client.get(path)).text


async def test_for_several_towns_one_chooses(front: Front, backends: Backends) -> None:
    path = f"{await opened(front, backends, towns=(TOWN, SECOND_TOWN))}/invite"
    refused = await check(front, path, TYPED)
    assert refused.status_code == 422
    between = await check(front, path, TYPED | {"nis_codes": SECOND_TOWN})
    await front.client.post(path, data=carried_on(between))
    assert list(asked(backends, "InvitePerson").nis_codes) == [SECOND_TOWN]


async def test_an_organisation_that_is_new_is_made_known_first(front: Front, backends: Backends) -> None:
    path = f"{await opened(front, backends)}/invite"
    new = {"organisation_name": "Jeugdhuis De Sluis", "organisation_kind": "youth_work"}
    between = await check(front, path, TYPED | new)
    assert "Jeugdhuis De Sluis (0417497106)" in between.text
    for known in (kit_pb2.Receipt(id=str(SOME_ID), state="REGISTERED", version=1), OrganisationExists()):
        backends.answers["RegisterOrganisation"] = known
        backends.calls.clear()
        assert (await front.client.post(path, data=carried_on(between))).status_code == 303
        asks = [method for method in calls_of(backends) if method in ("RegisterOrganisation", "InvitePerson")]
        assert asks == ["RegisterOrganisation", "InvitePerson"]
    assert asked(backends, "RegisterOrganisation").kind == "youth_work"


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        (OrganisationUnknown(field="kbo_number", expected="known"), "nog niet bekend"),
        (InvitationExists(field="email", expected="another"), "al voor uitgenodigd"),
        (RoleMissing(field="role", expected="another"), "je rol"),
    ],
)
async def test_what_is_refused_is_said_and_nothing_is_lost(
    front: Front, backends: Backends, refusal: RondetafelError, says: str
) -> None:
    path = f"{await opened(front, backends)}/invite"
    between = await check(front, path, TYPED)
    backends.answers["InvitePerson"] = refusal
    answer = await front.client.post(path, data=carried_on(between))
    assert answer.status_code == 422
    assert says in answer.text
    for typed in ("Nele", "nele@caw.example", "Tot straks."):
        assert typed in answer.text


async def test_what_is_missing_is_said_at_its_field(front: Front, backends: Backends) -> None:
    path = f"{await opened(front, backends)}/invite"
    answer = await check(front, path, {"email": "no address"})
    assert answer.status_code == 422
    for name in ("given_name", "family_name", "email", "kbo_number", "role", "from", "to", "legal_basis"):
        assert f'href="#{name}' in answer.text, name
    assert "InvitePerson" not in calls_of(backends)


@pytest.mark.parametrize("role", ["participant", "dpo", "oversight", "mayor_delegate", "police_chief"])
async def test_for_others_none_of_it_is_there(front: Front, backends: Backends, role: str) -> None:
    path = await opened(front, backends, role)
    for page in (f"{path}/invite", f"{path}/invitations"):
        assert (await front.client.get(page)).status_code == 404
    await opened(front, backends, "mayor")
    for page in (f"{path}/invite", f"{path}/invitations"):
        assert (await front.client.get(page)).status_code == 200

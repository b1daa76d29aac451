"""What is changed of a mandate: its form, the page that says it once more, and then what the directory is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from deploy.local.browser import forms
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import RondetafelError
from services.kit.fields import to_timestamp
from services.partner_directory.errors import (
    LastCoordinator,
    LegalBasisNotInForce,
    MandateExists,
    MandateNotShorter,
    MandateTooLong,
    OrganisationNotFound,
)
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.cell.test_mandates import mandate
from tests.portal.conftest import Front
from tests.portal.operations import SOME_ID
from tests.portal.tables import CHECKED, ME, SECOND_TOWN, TOWN, calls_of, filled, sit, table

ORGANISATION = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4d77"


def plain(answer: httpx.Response) -> str:
    """The page with usual spaces."""
    return answer.text.replace("\u00a0", " ")


DAYS = {"last_day-day": "31", "last_day-month": "1", "last_day-year": "2029"}


async def opened(front: Front, backends: Backends, role: str = "participant", **more: Any) -> str:
    """Where the acts on Nele's mandate begin, for the coordinator of two towns."""
    at = await sit(front, backends, "coordinator", towns=(TOWN, SECOND_TOWN))
    nele = mandate(role, "Nele", "CELL", organisation_id=ORGANISATION, **more)
    backends.answers["ListMandates"] = pb.ListMandatesResponse(mandates=[nele])
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse(cells=[table(front.cell, "coordinator").cell])
    return f"{at}/mandates/{SOME_ID}"


@pytest.mark.parametrize(
    ("act", "method", "typed", "said", "asked"),
    [
        ("extend", "ExtendMandate", DAYS, "31 januari 2029", {"last_day": "2029-01-31"}),
        (
            "shorten", "ShortenMandate", DAYS | {"reason": "left"}, "31 januari 2029",
            {"last_day": "2029-01-31", "reason": "left"},
        ),
        ("change", "ChangeMandate", {"nis_codes": SECOND_TOWN}, "Dijkgem", {"nis_codes": [SECOND_TOWN]}),
        ("suspend", "SuspendMandate", {"reason": "inquiry"}, "Er wordt iets onderzocht", {"reason": "inquiry"}),
        (
            "suspend-organisation", "SuspendOrganisation", {"reason": "lost_access"}, "Gemeente Vaartbeke",
            {"reason": "lost_access", "organisation_id": ORGANISATION},
        ),
    ],
)  # fmt: skip
async def test_it_is_said_once_more_and_then_asked(
    front: Front, backends: Backends, act: str, method: str, typed: dict[str, str], said: str, asked: dict[str, Any]
) -> None:
    path = f"{await opened(front, backends)}/{act}"
    form = await filled(front, path, typed)
    between = await front.client.post(path, data=form)
    assert between.status_code == 200
    assert said in plain(between)
    assert "Er is nog niets gebeurd" in between.text
    assert method not in calls_of(backends)
    done = await front.client.post(path, data=form | CHECKED)
    assert (done.status_code, done.headers["location"]) == (303, f"/cells/{front.cell}/mandates?done={act}")
    call = next(call for call in backends.calls if call.method == method)
    for name, value in asked.items():
        told = getattr(call.request, name)
        assert (list(told) if isinstance(value, list) else told) == value
    if act != "suspend-organisation":
        assert (call.request.mandate_id, call.request.expected_version) == (str(SOME_ID), 4)
    assert call.metadata["idempotency-key"] == form["key"]
    assert "notice--good" in (await front.client.get(done.headers["location"])).text


@pytest.mark.parametrize(
    ("act", "method"), [("resume", "ResumeMandate"), ("resume-organisation", "ResumeOrganisation")]
)
async def test_resuming_has_nothing_to_type(front: Front, backends: Backends, act: str, method: str) -> None:
    suspended: dict[str, Any] = {
        "suspended_since": to_timestamp(NOW - timedelta(days=2)),
        "ended": True,
        "suspension_reason": "other",
    }
    at = await opened(front, backends, **suspended)
    path = f"{at}/{act}"
    listed = await front.client.get(f"/cells/{front.cell}/mandates")
    assert "Geschorst sinds" in listed.text
    if act == "resume":
        assert f'href="{path}"' in listed.text
        assert (await front.client.get(f"{at}/suspend")).status_code == 404
    page = await front.client.post(path, data=await _unread(front, path))
    assert page.status_code == 303
    assert method in calls_of(backends)


async def _unread(front: Front, path: str) -> dict[str, str]:
    page = await front.client.get(path)
    if page.status_code == 404:
        # The invented table does not know with what it was suspended; the directory answers the act itself.
        path = path.replace("-organisation", "")
    return await filled(front, path, CHECKED)


@pytest.mark.parametrize(
    ("act", "field", "sentence"),
    [
        ("extend", "last_day", "Schrijf de laatste dag."),
        ("shorten", "last_day", "Schrijf de laatste dag."),
        ("shorten", "reason", "Kies waarom."),
        ("suspend", "reason", "Kies waarom."),
        ("suspend-organisation", "reason", "Kies waarom."),
        ("change", "nis_codes", "Vink er minstens één aan."),
    ],
)
async def test_what_is_missing_is_said_at_its_field(
    front: Front, backends: Backends, act: str, field: str, sentence: str
) -> None:
    path = f"{await opened(front, backends)}/{act}"
    answer = await front.client.post(path, data=await filled(front, path, {}))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'href="#{field}"' in answer.text


@pytest.mark.parametrize(
    ("act", "method", "typed", "refusal", "sentence"),
    [
        ("extend", "ExtendMandate", DAYS, MandateTooLong(field="last_day", expected="2031-01-01"), "vijf jaar"),
        ("extend", "ExtendMandate", DAYS, MandateExists(field="last_day", expected="a time"), "dit mandaat al"),
        (
            "extend", "ExtendMandate", DAYS, LegalBasisNotInForce(field="legal_basis", expected="a mandate"),
            "De wet waarop dit mandaat rust",
        ),
        (
            "shorten", "ShortenMandate", DAYS | {"reason": "left"},
            MandateNotShorter(field="last_day", expected="earlier"), "Kies een dag voor de huidige laatste dag",
        ),
        (
            "suspend", "SuspendMandate", {"reason": "other"}, LastCoordinator(field="mandate_id", expected="first"),
            "opvolger",
        ),
        (
            "suspend-organisation", "SuspendOrganisation", {"reason": "other"}, OrganisationNotFound(),
            "niemand aan deze tafel",
        ),
    ],
)  # fmt: skip
async def test_what_the_directory_refuses_is_said_with_what_was_typed(
    front: Front, backends: Backends, act: str, method: str, typed: dict[str, str], refusal: RondetafelError,
    sentence: str,
) -> None:  # fmt: skip
    path = f"{await opened(front, backends)}/{act}"
    form = await filled(front, path, typed) | CHECKED
    backends.answers[method] = refusal
    answer = await front.client.post(path, data=form)
    if isinstance(refusal, OrganisationNotFound):
        assert answer.status_code == 404
        return
    assert answer.status_code == 422
    assert sentence in answer.text
    assert next(iter(typed.values())) in answer.text


async def test_the_police_have_a_clearance_to_change(front: Front, backends: Backends) -> None:
    at = await opened(front, backends, "information_officer", clearance_until="2027-01-31")
    page = await front.client.get(f"{at}/change")
    assert 'name="clearance_until-year"' in page.text
    assert 'value="2027"' in page.text
    typed = {"nis_codes": TOWN} | {f"clearance_until-{part}": "1" for part in ("day", "month")}
    form = await filled(front, f"{at}/change", typed | {"clearance_until-year": "2028"})
    assert "1 januari 2028" in plain(await front.client.post(f"{at}/change", data=form))
    await front.client.post(f"{at}/change", data=form | CHECKED)
    call = next(call for call in backends.calls if call.method == "ChangeMandate")
    assert call.request.clearance_until == "2028-01-01"


async def test_whoever_suspended_the_own_mandate_goes_home(front: Front, backends: Backends) -> None:
    path = f"{await opened(front, backends)}/suspend"
    form = await filled(front, path, {"reason": "other"}) | CHECKED
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse()
    assert (await front.client.post(path, data=form)).headers["location"] == "/"


@pytest.mark.parametrize("role", ["participant", "dpo", "oversight", "mayor_delegate", "police_chief"])
async def test_for_others_and_for_no_act_it_is_not_there(front: Front, backends: Backends, role: str) -> None:
    at = await opened(front, backends)
    assert (await front.client.get(f"{at}/extend")).status_code == 200
    assert (await front.client.get(f"{at}/forget")).status_code == 404
    backends.answers["ReadTable"] = table(front.cell, role)
    assert (await front.client.get(f"{at}/extend")).status_code == 404
    backends.answers["ReadTable"] = table(front.cell, "mayor")
    backends.answers["ListMandates"] = pb.ListMandatesResponse()
    assert (await front.client.get(f"{at}/extend")).status_code == 404


async def test_a_deputy_is_named_of_who_has_that_seat(front: Front, backends: Backends) -> None:
    at = await opened(front, backends, "coordinator", seat="coordinator")
    backends.answers["ListMandates"].mandates[0].organisation_kind = "caw"  # type: ignore[union-attr]
    path = f"{at}/deputy"
    holder = table(front.cell, "coordinator").mandates[-1]
    page = await front.client.get(path)
    assert "An Peeters (coördinator)" in plain(page)
    missing = await front.client.post(path, data=await filled(front, path, {}))
    assert "Kies wie vervangen wordt." in missing.text
    assert "Kies wanneer." in missing.text
    form = await filled(front, path, {"holder_id": holder.mandate_id, "when": "absent"})
    between = await front.client.post(path, data=form)
    assert "Alleen terwijl wie vervangen wordt, afwezig is" in between.text
    assert "NameDeputy" not in calls_of(backends)
    done = await front.client.post(path, data=form | CHECKED)
    assert done.headers["location"].endswith("/mandates?done=deputy")
    call = next(call for call in backends.calls if call.method == "NameDeputy")
    assert (call.request.mandate_id, call.request.holder_id) == (str(SOME_ID), holder.mandate_id)
    assert (call.request.when, call.request.expected_version) == ("absent", 4)


@pytest.mark.parametrize(("role", "onward"), [("coordinator", "/mandates?done=absent"), ("prevention_officer", "")])
async def test_somebody_is_marked_absent_and_is_back(front: Front, backends: Backends, role: str, onward: str) -> None:
    at = await opened(front, backends, "prevention_officer", seat="prevention")
    backends.answers["ReadTable"] = table(front.cell, role)
    held = backends.answers["ListMandates"].mandates[0]  # type: ignore[union-attr]
    held.person_id = ME
    path = f"{at}/absent"
    days = {f"{which}_day-{part}": value for which, day in (("first", "1"), ("last", "9")) for part, value in (
        ("day", day), ("month", "2"), ("year", "2027"))}  # fmt: skip
    form = await filled(front, path, days)
    assert "1 februari 2027" in plain(await front.client.post(path, data=form))
    done = await front.client.post(path, data=form | CHECKED)
    assert done.headers["location"] == f"/cells/{front.cell}{onward}"
    call = next(call for call in backends.calls if call.method == "MarkAbsent")
    assert (call.request.first_day, call.request.last_day) == ("2027-02-01", "2027-02-09")
    if not onward:
        return
    held.absences.add(absence_id=ORGANISATION, first_day="2027-02-01", last_day="2027-02-09", version=2)
    page = await front.client.get(f"/cells/{front.cell}/mandates")
    assert "Afwezig van" in page.text
    back = next(form for form in forms(page) if form.action.endswith(f"/absences/{ORGANISATION}/end"))
    ended = await front.client.post(back.action, data=back.fields)
    assert ended.headers["location"].endswith("/mandates?done=back")
    asked = next(call for call in backends.calls if call.method == "EndAbsence").request
    assert (asked.absence_id, asked.expected_version) == (ORGANISATION, 2)

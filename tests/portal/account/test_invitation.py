"""Where the letter of an invitation leads: the same page for all, the way in, and the code."""

from __future__ import annotations

from uuid import uuid4

import pytest

from rondetafel.kit.v1 import kit_pb2
from services.kit.errors import RondetafelError, SecondFactorMissing
from services.partner_directory import errors
from services.partner_directory.errors import HostInCell, InvitationRefused, InvitationsBusy, MandateExists
from services.portal.web.account.invitation_routes import DEPUTY_REFUSED
from tests.portal.backends import Backends
from tests.portal.conftest import Front
from tests.portal.operations import SOME_ID
from tests.portal.tables import calls_of, filled

CODE = "k7rh 4mxe"


def page_of(front: Front) -> str:
    """As the letter has it."""
    return f"/invitation/{front.cell}/{SOME_ID}"


async def test_before_signing_in_it_says_what_it_is_and_leads_in_and_back(front: Front) -> None:
    page = await front.client.get(page_of(front))
    assert page.status_code == 200
    assert "Je bent uitgenodigd aan de tafel" in page.text
    assert f'href="/signin?to={page_of(front)}"' in page.text
    assert "tweede brief" in page.text
    assert 'name="code"' not in page.text
    other = await front.client.get(f"/invitation/{uuid4()}/{uuid4()}")
    assert other.status_code == 200


async def test_with_the_code_one_comes_to_the_promise_of_that_table(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers["AcceptInvitation"] = kit_pb2.Receipt(id=str(SOME_ID), state="ACTIVE", version=1)
    typed = await filled(front, page_of(front), {"code": CODE})
    answer = await front.client.post(page_of(front), data=typed)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cells/{front.cell}/undertaking")
    (call,) = [call for call in backends.calls if call.method == "AcceptInvitation"]
    assert (call.request.invitation_id, call.request.code) == (str(SOME_ID), CODE)
    assert call.metadata["rondetafel-cell"] == str(front.cell)
    assert CODE not in answer.headers["location"]


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        (InvitationRefused(field="code", expected="the code"), "Deze code opent deze uitnodiging niet"),
        (MandateExists(field="from", expected="another time"), "heeft dit mandaat al"),
        (HostInCell(field="email", expected="somebody else"), "werkt voor de host"),
    ],
)
async def test_what_is_refused_is_said_and_another_code_can_be_given(
    front: Front, backends: Backends, refusal: RondetafelError, says: str
) -> None:
    await front.sign_in()
    backends.answers["AcceptInvitation"] = refusal
    typed = await filled(front, page_of(front), {"code": "aaaa aaaa"})
    answer = await front.client.post(page_of(front), data=typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="aaaa aaaa"' in answer.text
    assert f'value="{typed["key"]}"' not in answer.text, "another code is another request"


async def test_without_a_code_nobody_is_asked(front: Front, backends: Backends) -> None:
    await front.sign_in()
    answer = await front.client.post(page_of(front), data=await filled(front, page_of(front), {"code": " "}))
    assert answer.status_code == 422
    assert "Schrijf de code uit de brief." in answer.text
    assert "AcceptInvitation" not in calls_of(backends)


async def test_who_has_no_second_step_takes_it_and_comes_back(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers["AcceptInvitation"] = SecondFactorMissing()
    answer = await front.client.post(page_of(front), data=await filled(front, page_of(front), {"code": CODE}))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/signin/second-step?to=")
    assert str(SOME_ID) in answer.headers["location"]


async def test_while_many_come_one_is_told_to_wait(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers["AcceptInvitation"] = InvitationsBusy(retry_after=2)
    answer = await front.client.post(page_of(front), data=await filled(front, page_of(front), {"code": CODE}))
    assert answer.status_code == 503


async def test_it_needs_a_form_of_our_own_page(front: Front, backends: Backends) -> None:
    await front.sign_in()
    typed = await filled(front, page_of(front), {"code": CODE})
    assert (await front.client.post(page_of(front), data=typed | {"csrf_token": "x"})).status_code == 403
    assert "AcceptInvitation" not in calls_of(backends)


async def test_a_deputy_whose_turn_it_is_not_is_told_so_and_asked_for_nothing(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers["AcceptInvitation"] = kit_pb2.Receipt(id=str(SOME_ID), state="STANDBY", version=1)
    answer = await front.client.post(page_of(front), data=await filled(front, page_of(front), {"code": CODE}))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page_of(front)}?came=deputy")
    page = (await front.client.get(answer.headers["location"])).text
    assert "Je bent nu vervanger" in page
    assert 'name="code"' not in page


@pytest.mark.parametrize("code", sorted(DEPUTY_REFUSED))
async def test_what_changed_with_the_holder_is_told_to_who_was_invited(
    front: Front, backends: Backends, code: str
) -> None:
    await front.sign_in()
    backends.answers["AcceptInvitation"] = getattr(errors, code)(field="deputy_of", expected="another")
    answer = await front.client.post(page_of(front), data=await filled(front, page_of(front), {"code": CODE}))
    assert answer.status_code == 422
    assert "Wie je zou vervangen, is intussen veranderd." in answer.text

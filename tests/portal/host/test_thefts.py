"""The host sees when somebody reported that a sign-in was another's, and never who."""

from __future__ import annotations

from datetime import timedelta

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import RoleMissing
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.conftest import Front


def theft(*, followed: bool) -> pb.Theft:
    made = pb.Theft(theft_id="01932f6e-0000-7000-8000-00000000000f")
    made.reported_at.FromDatetime(NOW - timedelta(hours=1))
    if followed:
        made.followed_at.FromDatetime(NOW - timedelta(minutes=59))
    return made


async def test_each_with_its_moment_and_whether_all_was_told(front: Front, backends: Backends) -> None:
    await front.sign_in()
    answer = pb.ListTheftsResponse(thefts=[theft(followed=False), theft(followed=True)], next_cursor="abc")
    backends.answers["ListThefts"] = answer
    page = (await front.client.get("/host/thefts", headers={"accept-language": "nl"})).text
    assert "nog niet" in page
    assert 'href="/host/thefts?cursor=abc"' in page
    assert 'href="/help/stolen"' in page
    await front.client.get("/host/thefts?cursor=abc")
    assert [call.request.cursor for call in backends.calls if call.method == "ListThefts"] == ["", "abc"]


async def test_without_any_it_says_so_and_others_have_no_such_page(front: Front, backends: Backends) -> None:
    await front.sign_in()
    page = await front.client.get("/host/thefts", headers={"accept-language": "nl"})
    assert "Niemand heeft er een gemeld." in page.text
    assert 'href="/host/thefts"' in (await front.client.get("/host/providers")).text
    backends.answers["ListThefts"] = RoleMissing()
    assert (await front.client.get("/host/thefts")).status_code == 404

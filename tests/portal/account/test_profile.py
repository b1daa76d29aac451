"""My details: what I tell my tables, who reads it, and in which language the pages go on."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from deploy.local.servers import Servers
from rondetafel.kit.v1 import kit_pb2
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import RondetafelError, VersionChanged
from services.partner_directory.errors import TelephoneUnreadable
from services.portal.web.account.me_routes import OWN
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.home.test_home import at_tables
from tests.portal.tables import calls_of, filled, send, sit, table

PATH = "/me/profile"
TYPED = {"telephone": "0470/12.34.56", "reachable": "ma-do, 9-16 u", "language": "fr"}


@pytest.fixture(autouse=True)
async def nothing_typed(servers: Servers) -> None:
    """It is the same person in every test; what one kept, another must not find."""
    administrator = await servers.postgres.connect("rondetafel_portal")
    await administrator.execute("TRUNCATE draft, preference")
    await administrator.close()


def profile(**changes: object) -> pb.Profile:
    """As the directory tells it."""
    values = {"language": "nl", "telephone": "+32470123456", "reachable": "9-16 u", "version": 4} | changes
    return pb.Profile(**values)  # type: ignore[arg-type]


async def test_what_is_told_stands_on_my_page_and_in_the_form(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers["ReadMyProfile"] = pb.Profile(version=1)
    assert (await front.client.get("/me")).text.count("niet gezegd") == 3
    backends.answers["ReadMyProfile"] = profile()
    page = await front.client.get("/me")
    for said in ("0470 12 34 56", "9-16 u", f'href="{PATH}"'):
        assert said in page.text
    form = await front.client.get(PATH)
    assert 'value="0470 12 34 56"' in form.text
    assert calls_of(backends).count("ReadMyProfile") == 3


async def test_it_is_sent_as_typed_from_the_version_shown(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers |= {"ReadMyProfile": profile(), "ChangeMyProfile": kit_pb2.Receipt(id="a", version=5)}
    answer = await send(front, PATH, TYPED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me?told=1")
    call = next(call for call in backends.calls if call.method == "ChangeMyProfile")
    assert call.request == pb.ChangeMyProfileRequest(expected_version=4, **TYPED)
    assert call.metadata["idempotency-key"]
    assert "Vos tables le lisent dès maintenant." in (await front.client.get("/me?told=1")).text


async def test_in_another_browser_the_pages_speak_the_language_too(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers |= {"ReadMyProfile": profile(), "ChangeMyProfile": kit_pb2.Receipt(id="a", version=5)}
    assert '<html lang="nl"' in (await front.client.get("/me")).text
    await send(front, PATH, TYPED)
    front.client.cookies.clear()
    await front.sign_in()
    assert '<html lang="fr"' in (await front.client.get("/me")).text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TelephoneUnreadable(field="telephone", expected="one number"), "Dit is geen telefoonnummer."),
        (VersionChanged(), "Iemand heeft dit intussen gewijzigd."),
    ],
)
async def test_what_is_refused_is_said_and_nothing_typed_is_lost(
    front: Front, backends: Backends, error: RondetafelError, said: str
) -> None:
    await front.sign_in()
    backends.answers |= {"ReadMyProfile": profile(), "ChangeMyProfile": error}
    page = await send(front, PATH, TYPED)
    assert page.status_code == 422
    assert said in page.text
    for typed in ("0470/12.34.56", "ma-do, 9-16 u"):
        assert f'value="{typed}"' in page.text
    assert '<html lang="nl"' in page.text


async def test_what_is_too_long_is_not_asked_of_anybody(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers["ReadMyProfile"] = profile()
    for typed in ({"reachable": "x" * 201}, {"telephone": "0" * 41}):
        assert (await send(front, PATH, TYPED | typed)).status_code == 422
    fields = await filled(front, PATH, TYPED)
    fields.pop("csrf_token")
    assert (await front.client.post(PATH, data=fields)).status_code == 403
    assert "ChangeMyProfile" not in calls_of(backends)


async def test_it_can_be_kept_for_later(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers["ReadMyProfile"] = profile()
    assert (await send(front, PATH, TYPED | {"later": "1"})).status_code == 303
    assert "ChangeMyProfile" not in calls_of(backends)
    assert 'value="0470/12.34.56"' in (await front.client.get(PATH)).text


async def test_my_seats_stand_there_and_what_i_promised(front: Front, backends: Backends) -> None:
    await sit(front, backends, "participant")
    told = table(front.cell, "participant")
    told.cell.undertaken_at.FromDatetime(datetime(2026, 2, 1, 9, tzinfo=UTC))
    told.cell.undertaken_until.FromDatetime(datetime(2027, 1, 31, 23, tzinfo=UTC))
    backends.answers |= {"ReadTable": told, "ListMyCells": pb.ListMyCellsResponse(cells=[told.cell])}
    seats = await seats_of(front)
    for said in ("Vaartbeke", "Deelnemer", "CAW Kanaal", "31 december 2027"):
        assert said in seats
    assert "beloofd op 1 februari 2026, telt tot en met 31 januari 2027" in seats
    told.cell.ClearField("undertaken_at")
    unsworn = table(front.cell, "participant", accepted=False)
    closed = "niet beloofd: deze tafel is voor jou gesloten"
    for answer, said in ((told, "beloofd, telt tot en met 31 januari 2027"), (unsworn, closed)):
        backends.answers |= {"ReadTable": answer, "ListMyCells": pb.ListMyCellsResponse(cells=[answer.cell])}
        assert said in await seats_of(front)


async def seats_of(front: Front) -> str:
    """The part of my page that tells where I sit."""
    page = await front.client.get("/me")
    assert page.status_code == 200
    return words(page.text.partition('id="seats"')[2].partition('</section>\n<section class="band')[0])


async def test_who_sits_nowhere_reads_so_of_no_table(front: Front, backends: Backends) -> None:
    await front.sign_in()
    backends.answers["ListMyCells"] = pb.ListMyCellsResponse()
    page = await front.client.get("/me")
    assert 'id="seats"' not in page.text
    assert 'href="/help/law"' in page.text
    assert sorted(calls_of(backends)) == ["ListMyCells", "ReadMyProfile"]


async def test_of_many_tables_some_stand_there_and_it_says_so(front: Front, backends: Backends) -> None:
    await sit(front, backends, "participant")
    at_tables(backends, *(uuid4() for _ in range(OWN + 3)))
    page = await front.client.get("/me", headers={"accept-language": "en"})
    assert calls_of(backends).count("ReadTable") == OWN
    assert f"There are more. Here stand {OWN} of them." in words(page.text)

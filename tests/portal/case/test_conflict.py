"""A conflict of interest on the pages: declared, decided, lifted; who reads what of it."""

from __future__ import annotations

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.kit.v1 import kit_pb2
from services.kit.errors import NotFound
from services.kit.fields import to_timestamp
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.case.test_circle import as_coordinator
from tests.portal.conftest import Front
from tests.portal.dossier import CASE, KARIM, LIEVE, SOFIE, WOUT, case, open_case
from tests.portal.tables import ME, calls_of, send


def out(person: str, said_by: str = "", *, may_lift: bool = False) -> pb.KeptOut:
    """Somebody kept out; with who said so, as coordinator and mayor read it."""
    since = to_timestamp(NOW) if said_by else None
    return pb.KeptOut(person_id=person, since=since, said_by=said_by, may_lift=may_lift)


def done(backends: Backends, *verbs: str) -> None:
    for verb in verbs:
        backends.answers[verb] = kit_pb2.Receipt(id=CASE, state="LISTED", version=5)


async def test_who_has_one_reads_what_it_does_and_declares_it(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case("LISTED"))
    done(backends, "DeclareConflict")
    assert f'href="{path}/conflict"' in (await front.client.get(f"{path}/circle")).text
    said = words((await front.client.get(f"{path}/conflict")).text)
    for sentence in ("welke plaats je ook inneemt", "Je kunt dit zelf niet terugdraaien.", "Niemand vraagt waarom."):
        assert sentence in said, sentence
    assert "DeclareConflict" not in calls_of(backends)
    sent = await send(front, f"{path}/conflict", {})
    assert (sent.status_code, sent.headers["location"]) == (303, f"/cells/{front.cell}?out=1")
    assert backends.last.request == pb.DeclareConflictRequest(case_id=CASE)


async def test_a_partner_has_no_page_to_keep_others_out(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case("LISTED", kept_out=[out(WOUT)]))
    page = await front.client.get(f"{path}/circle")
    assert "/circle/keep-out" not in page.text
    assert "/circle/kept-out/" not in page.text
    for address in (f"{path}/circle/keep-out", f"{path}/circle/kept-out/{WOUT}"):
        assert (await front.client.get(address)).status_code == 404


async def test_the_circle_reads_who_is_kept_out_and_does_not_count_them(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case("LISTED", kept_out=[out(KARIM)]))
    said = words((await front.client.get(f"{path}/circle")).text)
    assert "Politie niemand neemt deze plaats nu in voor deze casus" in said
    assert "Blijft erbuiten door een belangenconflict Karim Haddad, Politiezone Vaart" in said
    assert "Karim" not in words((await front.client.get(f"{path}/contribution")).text)


async def test_the_mayor_decides_of_somebody_at_the_table(front: Front, backends: Backends) -> None:
    found = case("LISTED", kept_out=[out(SOFIE, SOFIE, may_lift=True)])
    path = await open_case(front, backends, found, role="mayor", kind="municipality")
    done(backends, "KeepOut")
    page = (await front.client.get(f"{path}/circle/keep-out")).text
    assert WOUT in page
    assert f'value="{SOFIE}"' not in page, "who is out already"
    for typed in ({}, {"person_id": SOFIE}):
        answer = await send(front, f"{path}/circle/keep-out", typed)
        assert answer.status_code == 422
        assert "Kies iemand van deze tafel." in words(answer.text)
    assert "KeepOut" not in calls_of(backends)
    sent = await send(front, f"{path}/circle/keep-out", {"person_id": WOUT})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{path}/circle?out=1")
    assert backends.last.request == pb.KeepOutRequest(case_id=CASE, expected_version=4, person_id=WOUT)
    own = await send(front, f"{path}/circle/keep-out", {"person_id": ME})
    assert own.headers["location"] == f"/cells/{front.cell}?out=1"


async def test_coordinator_and_mayor_read_since_when_and_let_in_again(front: Front, backends: Backends) -> None:
    found = case("LISTED", kept_out=[out(KARIM, KARIM, may_lift=True), out(WOUT, LIEVE)])
    circle = await as_coordinator(front, backends, found)
    done(backends, "LiftConflict")
    page = await front.client.get(circle)
    said = words(page.text)
    assert "Karim Haddad, Politiezone Vaart, die dat zelf liet weten op" in said
    assert "Wout Lammens, Jeugdhuis De Sluis, zoals Lieve Martens besliste op" in said
    assert f"{circle}/kept-out/{KARIM}" in page.text
    assert f"{circle}/kept-out/{WOUT}" not in page.text
    assert (await front.client.get(f"{circle}/kept-out/{WOUT}")).status_code == 404
    sent = await send(front, f"{circle}/kept-out/{KARIM}", {})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{circle}?lifted=1")
    assert backends.last.request == pb.LiftConflictRequest(case_id=CASE, expected_version=4, person_id=KARIM)


async def test_who_is_kept_out_is_not_offered_an_invitation(front: Front, backends: Backends) -> None:
    for found, offered in ((case("LISTED"), True), (case("LISTED", kept_out=[out(SOFIE, SOFIE)]), False)):
        circle = await as_coordinator(front, backends, found)
        assert (f'value="{SOFIE}"' in (await front.client.get(f"{circle}/invite")).text) == offered


async def test_a_case_that_is_gone_meanwhile_is_not_there(front: Front, backends: Backends) -> None:
    path = await open_case(front, backends, case("LISTED"))
    assert (await front.client.get(f"{path}/conflict")).status_code == 200
    backends.answers["ReadCase"] = NotFound()
    assert (await front.client.get(f"{path}/conflict")).status_code == 404

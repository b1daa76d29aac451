"""One person at two screens, two windows and after a new sign-in: nothing typed is lost, nothing is sent unseen."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html import unescape
from uuid import UUID

import httpx
import pytest

from rondetafel.kit.v1 import kit_pb2
from services.kit.errors import IdempotencyKeyReused, VersionChanged
from services.kit.identities import person_id
from services.portal.commands.drop_draft import DropDraft, drop_draft
from services.portal.queries.list_drafts import DraftLine, ListDrafts, list_drafts
from services.portal.web.app import build_app
from tests.kit.issuer import ISSUER
from tests.portal.backends import Backends
from tests.portal.conftest import Front, csrf_of
from tests.portal.contribution.test_contributions import TYPED as WRITTEN
from tests.portal.contribution.test_sharing import FIRST, SECOND, answered, ticks
from tests.portal.dossier import DRAFT, before_draft, case, contribution
from tests.portal.home.test_home import at_tables
from tests.portal.signal.test_signals import TYPED
from tests.portal.tables import ME, calls_of, filled, send, sit

KEPT = "/?kept=1"
ANOTHER = str(person_id(ISSUER, "another-subject"))


@pytest.fixture
async def phone(front: Front) -> AsyncIterator[Front]:
    """A second browser of the same person before the same door."""
    transport = httpx.ASGITransport(build_app(front.web, front.bearers), raise_app_exceptions=False)
    headers = {"user-agent": "Mozilla/5.0 (Linux; Android 16) Mobile"}
    async with httpx.AsyncClient(transport=transport, base_url="https://portal.test", headers=headers) as client:
        yield replace(front, client=client)


@pytest.fixture(autouse=True)
async def nothing_kept(front: Front) -> None:
    """It is the same person in every test."""
    for line in await kept(front):
        await front.web.sign_ins.own(UUID(ME), drop_draft, DropDraft((line.ref,)))


async def kept(front: Front) -> tuple[DraftLine, ...]:
    return await front.web.sign_ins.own(UUID(ME), list_drafts, ListDrafts())


def said(page: httpx.Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", page.text)))


async def go(front: Front, answer: httpx.Response) -> httpx.Response:
    """To where it sends the browser."""
    assert answer.status_code == 303, answer.text[:400]
    return await front.client.get(answer.headers["location"])


async def test_an_older_page_saved_later_is_asked_about(front: Front, phone: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    await phone.sign_in()
    await send(front, path, {"observed": "Kort.", "later": "1"})
    laptop = await filled(front, path, {"observed": "Van de laptop."})
    assert (await send(phone, path, {"observed": "Van de gsm, later.", "later": "1"})).headers["location"] == KEPT
    front.advance(minutes=1)
    page = await go(front, await front.client.post(path, data=laptop | {"later": "1"}))
    assert "Van de laptop.</textarea>" in page.text
    assert "Je schreef ook dit" in said(page)
    assert "op een gsm" in said(page)
    assert "Van de gsm, later." in said(page)
    assert len(await kept(front)) == 2
    # Once seen, the one that is sent ends both.
    assert (await send(front, path, TYPED | {"observed": "Van de laptop."})).status_code == 303
    assert backends.last.request.observed == "Van de laptop."
    assert await kept(front) == ()


async def test_an_older_page_does_not_send_over_what_was_saved_elsewhere(
    front: Front, phone: Front, backends: Backends
) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    await phone.sign_in()
    await send(front, path, {"observed": "Kort.", "later": "1"})
    laptop = await filled(front, path, TYPED)
    await send(phone, path, TYPED | {"observed": "Van de gsm, later.", "later": "1"})
    answer = await front.client.post(path, data=laptop)
    assert answer.status_code == 422
    assert "EnterSignal" not in calls_of(backends)
    assert "Van de gsm, later." in said(answer)
    assert TYPED["observed"] in answer.text
    assert len(await kept(front)) == 2, "leaving the page now loses neither"
    seen = re.search('name="draft" value="([^"]+)"', answer.text)
    assert seen
    assert (await front.client.post(path, data=laptop | {"draft": seen[1]})).status_code == 303
    assert backends.last.request.observed == TYPED["observed"]
    assert await kept(front) == ()


async def test_an_older_draft_does_not_write_over_the_text_that_was_saved_since(
    front: Front, phone: Front, backends: Backends
) -> None:
    path = f"{await before_draft(front, backends)}/text"
    await phone.sign_in()
    await send(front, path, WRITTEN | {"text": "Oud, van de laptop.", "later": "1"})
    newer = contribution(text="Nieuw, van de gsm.", version=4)
    backends.answers["ReadCase"] = case(contributions=[newer])
    page = await front.client.get(path)
    assert "Oud, van de laptop.</textarea>" in page.text
    assert "Dit staat nu bewaard" in said(page)
    assert "Nieuw, van de gsm." in said(page)
    await send(front, path, WRITTEN | {"text": "Oud, van de laptop."})
    assert [call.request.expected_version for call in backends.calls if call.method == "ReviseContribution"] == [4]


async def test_a_text_changed_while_the_page_was_open_is_a_conflict_that_shows_both(
    front: Front, backends: Backends
) -> None:
    path = f"{await before_draft(front, backends)}/text"
    page = await filled(front, path, WRITTEN | {"text": "Van de laptop."})
    backends.answers["ReadCase"] = case(contributions=[contribution(text="Van de gsm.", version=4)])
    backends.answers["ReviseContribution"] = VersionChanged(field="expected_version", expected="the version last read")
    answer = await front.client.post(path, data=page)
    assert answer.status_code == 422
    assert next(c for c in backends.calls if c.method == "ReviseContribution").request.expected_version == 3
    assert "Van de laptop.</textarea>" in answer.text
    assert "Van de gsm." in said(answer)
    assert 'name="version" value="4"' in answer.text, "both were seen: sent again, it is meant"


async def test_two_half_written_signals_are_two_drafts(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    at_tables(backends, front.cell)
    first, second = [await filled(front, path, {"observed": text}) for text in ("De eerste.", "De tweede.")]
    for page in (first, second):
        front.advance(minutes=1)
        assert (await front.client.post(path, data=page | {"later": "1"})).headers["location"] == KEPT
    home = await front.client.get("/")
    links = re.findall(rf'href="({path}\?draft=[0-9a-f-]{{36}})"', home.text)
    assert len(links) == 2
    assert "De eerste." not in home.text
    assert "op een computer" in said(home)
    pages = [await front.client.get(link) for link in links]
    assert ["De tweede.</textarea>" in page.text for page in pages] == [True, False]
    assert ["De eerste.</textarea>" in page.text for page in pages] == [False, True]
    assert "De eerste." not in pages[0].text, "another thing is named only"
    assert "De eerste.</textarea>" not in (await front.client.get(f"{path}?draft=new")).text
    # What is open is kept before another is opened.
    other = re.search('value="([0-9a-f-]{36})" name="keep"', pages[0].text)
    assert other
    more = second | {"draft": draft_of(pages[0]), "observed": "Meer.", "keep": other[1]}
    opened = await go(front, await front.client.post(path, data=more))
    assert "De eerste.</textarea>" in opened.text
    assert len(await kept(front)) == 2
    # Thrown away as the start page named it.
    token = {"csrf_token": await csrf_of(front)}
    newest = re.findall('name="ref" value="([^"]+)"', home.text)[0]
    await front.client.post("/drafts/drop", data=token | {"ref": newest})
    assert len(await kept(front)) == 2, "it was kept anew since"
    for ref in re.findall('name="ref" value="([^"]+)"', (await front.client.get("/")).text):
        assert (await front.client.post("/drafts/drop", data={"ref": ref})).status_code == 403
        assert (await front.client.post("/drafts/drop", data=token | {"ref": ref})).status_code == 303
    assert await kept(front) == ()


def draft_of(page: httpx.Response) -> str:
    found = re.search('name="draft" value="([^"]+)"', page.text)
    assert found
    return found[1]


async def test_a_stale_page_sent_after_it_was_sent_elsewhere(front: Front, phone: Front, backends: Backends) -> None:
    """Of one text the same key, so that the service does it once; another text is asked about."""
    path = await sit(front, backends, "participant") + "/signals/new"
    await phone.sign_in()
    await send(front, path, {"observed": "Kort.", "later": "1"})
    laptop = await filled(front, path, TYPED)
    assert (await send(phone, path, TYPED)).status_code == 303
    first = backends.last
    assert (await front.client.post(path, data=laptop)).status_code == 303
    assert backends.last.request == first.request
    assert backends.last.metadata["idempotency-key"] == first.metadata["idempotency-key"]
    backends.answers["EnterSignal"] = IdempotencyKeyReused(field="Idempotency-Key", expected="a new key")
    asked = await front.client.post(path, data=laptop | {"observed": "Nog iets."})
    assert asked.status_code == 422
    assert "Nog iets.</textarea>" in asked.text
    key = re.search('name="key" value="([^"]+)"', asked.text)
    assert key
    assert key[1] != laptop["key"]


async def test_a_form_of_before_a_new_sign_in_is_kept_and_shown_again(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    old = await filled(front, path, TYPED)
    front.advance(minutes=31)
    await front.sign_in()
    answer = await front.client.post(path, data=old)
    assert "EnterSignal" not in calls_of(backends), "a form of another sign-in does nothing"
    page = await go(front, answer)
    assert f"{TYPED['observed']}</textarea>" in page.text
    assert "opnieuw aangemeld" in said(page)
    assert (await send(front, answer.headers["location"], TYPED)).status_code == 303
    assert "EnterSignal" in calls_of(backends)
    for bent in ({"shown": ""}, {"shown": front.web.proofs.of(UUID(ME), path + "x")}):
        assert (await front.client.post(path, data=old | bent)).status_code == 403
    assert await kept(front) == ()


async def test_another_person_in_the_same_browser_sees_nothing_of_it(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    old = await filled(front, path, TYPED)
    front.keycloak.subject = "another-subject"
    await front.sign_in()
    answer = await front.client.post(path, data=old)
    assert answer.status_code == 403
    assert TYPED["observed"] not in answer.text
    assert "EnterSignal" not in calls_of(backends)
    assert TYPED["observed"] not in (await front.client.get(path)).text
    assert len(await kept(front)) == 1, "it is there for who typed it"
    front.keycloak.subject = "a-subject"
    await front.sign_in()
    assert TYPED["observed"] in (await front.client.get(path)).text
    forged = old | {"shown": front.web.proofs.of(UUID(ANOTHER), path)}
    assert (await front.client.post(path, data=forged | {"csrf_token": "0" * 128})).status_code == 403
    assert len(await kept(front)) == 1, "what was shown to another is not kept for oneself"


async def test_another_language_in_the_middle_of_a_form_keeps_it(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    page = await filled(front, path, {"observed": "Half.", "minor": "yes", "person.birth_date": "maart"})
    assert re.search('<button[^>]*form="form"[^>]*name="tongue" value="fr"', (await front.client.get(path)).text)
    answer = await front.client.post(path, data=page | {"tongue": "fr"})
    french = await go(front, answer)
    assert '<html lang="fr"' in french.text
    assert "Half.</textarea>" in french.text
    assert re.search('name="minor"[^>]*checked', french.text)
    assert re.search('name="person.birth_date"[^>]*value="maart"', french.text)
    assert "govuk-error" not in french.text
    blank = {name: page[name] for name in ("csrf_token", "shown")}
    empty = await front.client.post(path, data=blank | {"key": DRAFT, "observed": " ", "tongue": "nl"})
    assert empty.headers["location"] == path
    assert len(await kept(front)) == 1, "nothing is kept of a form without a word"


async def test_two_screens_that_answer_one_question_of_sharing(front: Front, phone: Front, backends: Backends) -> None:
    path = await before_draft(front, backends)
    await phone.sign_in()
    laptop = await filled(front, f"{path}/need", {"need": "Van de laptop."})
    assert (await send(phone, f"{path}/need", {"need": "Van de gsm."})).status_code == 303
    asked = await front.client.post(f"{path}/need", data=laptop)
    assert asked.status_code == 422
    assert "Van de laptop.</textarea>" in asked.text
    assert "Van de gsm." in said(asked)
    seen = re.search('name="answers" value="([^"]+)"', asked.text)
    assert seen
    assert (await front.client.post(f"{path}/need", data=laptop | {"answers": seen[1]})).status_code == 303
    await answered(front, path)
    last = await filled(front, f"{path}/share")
    await send(phone, f"{path}/less", ticks(FIRST, SECOND))
    assert (await front.client.post(f"{path}/share", data=last)).status_code == 422
    assert "ShareContribution" not in calls_of(backends)
    backends.answers["ReviseContribution"] = kit_pb2.Receipt(id=DRAFT, state="PRIVATE", version=4)
    assert (await send(front, f"{path}/share")).status_code == 303
    assert await kept(front) == ()


async def test_a_plain_button_keeps_nothing(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    form = await filled(front, f"{at}/signals/new", {"observed": "Half."})
    for path in ("/signin/keep", "/me/sign-in", "/drafts/drop"):
        assert (await front.client.post(path, data=form | {"keep": "1"})).status_code == 400
    assert await kept(front) == ()
    assert (await front.client.post(f"{at}/signals/new", data=form | {"keep": "1"})).status_code == 303
    assert len(await kept(front)) == 1


async def test_the_longest_text_is_kept_and_given_back(front: Front, backends: Backends) -> None:
    path = f"{await before_draft(front, backends)}/text"
    pasted = "\u00e9\n" * 30_000
    await send(front, path, WRITTEN | {"text": pasted, "later": "1"})
    assert pasted.rstrip("\n") in (await front.client.get(path)).text

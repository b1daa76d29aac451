"""The rules of a cell on its pages: read, compared, accepted, written, decided."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import CellNotFound
from services.kit.fields import to_timestamp
from services.partner_directory.errors import RulesDayTaken, RulesFollowAnother, RulesNotFound
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.rules_of_cell import RULES, before, text, version
from tests.portal.tables import CHECKED, ME, OTHER, become, calls_of, carried_on, filled, sit, table

AT = to_timestamp(datetime(2026, 3, 3, 9, tzinfo=UTC))


async def test_the_text_is_read_in_its_structure_and_never_as_html(front: Front, backends: Backends) -> None:
    address = await before(front, backends, "participant")
    page = await front.client.get(address)
    assert "<h3>Doel</h3>" in page.text
    assert "Wij helpen &lt;b&gt;mensen&lt;/b&gt;." in page.text
    assert '<ul class="bullets"><li>samen</li><li>op tijd</li></ul>' in page.text
    assert "Vanaf 2 maart 2026" in words(page.text)


async def test_who_reads_another_language_reads_the_text_there_is(front: Front, backends: Backends) -> None:
    address = await before(front, backends, "participant")
    page = await front.client.get(address, headers={"accept-language": "fr"})
    assert '<div class="written stack" lang="nl">' in page.text
    backends.answers["ReadRules"] = text(version(), text_fr="Le but.")
    page = await front.client.get(address, headers={"accept-language": "fr"})
    assert ('stack" lang="nl"' in page.text, "<p>Le but.</p>" in page.text) == (False, True)


async def test_what_changed_is_said_in_words_and_in_form(front: Front, backends: Backends) -> None:
    earlier = pb.EarlierRules(rules_id=OTHER, text_nl="# Doel\n\nAnders.\n\n- samen", **{"from": "2025-01-01"})
    address = await before(front, backends, "participant", text(version(), earlier=earlier))
    page = await front.client.get(address)
    assert "<del>Anders.</del>" in page.text
    assert "<ins>op tijd</ins>" in page.text
    assert "Nieuw" in words(page.text)
    assert "Staat er niet meer in" in words(page.text)
    assert "<ins>samen</ins>" not in page.text


async def test_it_is_accepted_in_the_version_that_was_read(front: Front, backends: Backends) -> None:
    address = await before(front, backends, "participant", text(version("in_force", "accept_rules"), outstanding=[ME]))
    untouched = await front.client.post(address, data=await filled(front, address))
    assert untouched.status_code == 422
    assert 'href="#accept"' in untouched.text
    assert "AcceptRules" not in calls_of(backends)
    done = await front.client.post(address, data=await filled(front, address, {"accept": "1"}))
    assert (done.status_code, done.headers["location"]) == (303, f"{address}?done=1")
    assert (backends.last.method, backends.last.request.rules_id, backends.last.request.expected_version) == (
        "AcceptRules", RULES, 2,
    )  # fmt: skip


async def test_without_the_verb_there_is_no_button(front: Front, backends: Backends) -> None:
    address = await before(front, backends, "mayor", text(version("waiting", "decide_rules"), everybody=True))
    page = await front.client.get(address)
    assert (f'href="{address}/decide"' in page.text, 'name="accept"' in page.text) == (True, False)
    address = await before(front, backends, "participant")
    page = await front.client.get(address)
    assert (f'href="{address}/decide"' in page.text, 'name="accept"' in page.text) == (False, False)
    assert "/rules/new/" not in (await front.client.get(address.rpartition("/")[0])).text
    become(front, backends, "coordinator")
    assert "/rules/new/undertaking" in (await front.client.get(address.rpartition("/")[0])).text


async def test_who_has_and_who_has_not_stand_there_by_name_for_who_is_told_of_everybody(
    front: Front, backends: Backends
) -> None:
    acceptances = [pb.RulesAcceptance(person_id=ME, accepted_at=AT)]
    found = text(version(), acceptances=acceptances, outstanding=[OTHER], everybody=True)
    address = await before(front, backends, "mayor", found)
    said = words((await front.client.get(address)).text)
    assert "Nele Claes, CAW Kanaal, 3 maart 2026" in said
    assert "An Peeters (Gemeente Vaartbeke)" in said
    address = await before(front, backends, "participant", text(version(), acceptances=acceptances))
    said = words((await front.client.get(address)).text)
    assert "Je ziet wat van jou is." in said
    assert "Wie nog niet" not in said


async def test_the_coordinator_writes_it_after_the_newest(front: Front, backends: Backends) -> None:
    at = (await before(front, backends, "coordinator")).rpartition("/")[0]
    form = f"{at}/new/internal_rules"
    page = await front.client.get(form)
    assert "Wij helpen &lt;b&gt;mensen&lt;/b&gt;." in page.text
    sent = await filled(front, form, {"text_nl": "Nieuw.", "follows": RULES})
    done = await front.client.post(form, data=sent)
    assert (done.status_code, backends.last.method) == (303, "DraftRules")
    asked = backends.last.request
    assert (asked.kind, asked.follows, asked.text_nl, asked.text_fr) == ("internal_rules", RULES, "Nieuw.", "")


async def test_it_begins_from_the_model(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    backends.answers["ListRules"] = pb.ListRulesResponse()
    for kind in ("internal_rules", "cooperation_protocol", "undertaking"):
        empty = await front.client.get(f"{at}/rules/new/{kind}")
        page = await front.client.get(f"{at}/rules/new/{kind}?model=1")
        assert (empty.status_code, page.status_code) == (200, 200)
        assert len(page.text) > len(empty.text) + 800


async def test_nothing_typed_is_lost(front: Front, backends: Backends) -> None:
    at = (await before(front, backends, "coordinator")).rpartition("/")[0]
    form = f"{at}/new/internal_rules"
    empty = await front.client.post(form, data=await filled(front, form, {"text_nl": " ", "text_fr": ""}))
    assert empty.status_code == 422
    assert "Schrijf de tekst in minstens één taal." in words(empty.text)
    long = await front.client.post(form, data=await filled(front, form, {"text_nl": "x" * 30_001}))
    assert (long.status_code, "x" * 30_001 in long.text) == (422, True)
    backends.answers["DraftRules"] = RulesFollowAnother(field="follows", expected="the newest")
    second = await front.client.post(form, data=await filled(front, form, {"text_nl": "Het mijne."}))
    assert second.status_code == 422
    assert "Het mijne." in second.text
    assert "Iemand legde intussen een andere tekst voor" in words(second.text)


async def test_the_mayor_reads_the_decision_once_more(front: Front, backends: Backends) -> None:
    address = await before(front, backends, "mayor", text(version("waiting", "decide_rules"), everybody=True))
    form = f"{address}/decide"
    typed = {"way": "in_force", "from-day": "1", "from-month": "4", "from-year": "2026"}
    between = await front.client.post(form, data=await filled(front, form, typed))
    assert "woensdag 1 april 2026" in words(between.text)
    assert "DecideRules" not in calls_of(backends)
    done = await front.client.post(form, data=carried_on(between))
    assert (done.status_code, done.headers["location"]) == (303, f"{address}?done=1")
    asked = backends.last.request
    assert (getattr(asked, "from"), asked.reason, asked.expected_version) == ("2026-04-01", "", 2)


async def test_or_sends_it_back_with_a_reason(front: Front, backends: Backends) -> None:
    address = await before(front, backends, "mayor", text(version("waiting", "decide_rules"), everybody=True))
    form = f"{address}/decide"
    for typed, said in (
        ({}, "Kies wat je beslist."),
        ({"way": "in_force"}, "Schrijf de eerste dag."),
        ({"way": "send_back"}, "Schrijf waarom je de tekst terugstuurt."),
    ):
        refused = await front.client.post(form, data=await filled(front, form, typed))
        assert refused.status_code == 422
        assert said in words(refused.text)
    typed = {"way": "send_back", "reason": "Te streng."}
    done = await front.client.post(form, data=await filled(front, form, typed | CHECKED))
    assert (done.status_code, backends.last.request.reason) == (303, "Te streng.")
    backends.answers["DecideRules"] = RulesDayTaken(field="from", expected="another day")
    typed = {"way": "in_force", "from-day": "1", "from-month": "4", "from-year": "2026"}
    taken = await front.client.post(form, data=await filled(front, form, typed | CHECKED))
    assert taken.status_code == 422
    assert 'href="#from"' in taken.text


@pytest.mark.parametrize("below", ["/new/internal_rules", f"/{RULES}/decide"])
async def test_who_may_not_finds_no_form(front: Front, backends: Backends, below: str) -> None:
    at = (await before(front, backends, "participant")).rpartition("/")[0]
    assert (await front.client.get(f"{at}{below}")).status_code == 404
    assert (await front.client.get(f"{at}/new/law")).status_code == 404


async def test_another_cell_and_what_is_not_there_are_the_one_refusal_page(front: Front, backends: Backends) -> None:
    address = await before(front, backends, "participant")
    assert (await front.client.get(address)).status_code == 200
    backends.answers["ReadRules"] = RulesNotFound()
    absent = await front.client.get(address)
    backends.answers["ReadRules"] = text(version())
    backends.answers["ReadTable"] = CellNotFound()
    elsewhere = await front.client.get(address)
    assert (absent.status_code, elsewhere.status_code) == (404, 404)
    assert "Doel" not in absent.text + elsewhere.text


async def test_a_new_text_of_secrecy_is_shown_with_what_changed_and_its_last_day(
    front: Front, backends: Backends
) -> None:
    at = await sit(front, backends, "participant")
    sits = table(front.cell, "participant")
    sits.undertaking_renew_by = "2026-04-01"
    sits.undertaking.CopyFrom(pb.Undertaking(version=RULES))
    backends.answers["ReadTable"] = sits
    backends.answers["ReadUndertaking"] = pb.UndertakingText(
        undertaking=pb.Undertaking(version=RULES, nl="Ik zwijg.\n\nAltijd.", fr="x", de="x", en="x"), own=True,
        accepted=pb.Undertaking(version="2026-1", nl="Ik zwijg.", fr="x", de="x", en="x"),
        accepted_until="2026-04-01", renew_by="2026-04-01", **{"from": "2026-03-03"},
    )  # fmt: skip
    cell = words((await front.client.get(at)).text)
    assert "Beloof die tot en met 1 april 2026" in cell
    page = await front.client.get(f"{at}/undertaking")
    assert "<ins>Altijd.</ins>" in page.text
    assert "Vanaf 3 maart 2026" in words(page.text)
    done = await front.client.post(f"{at}/undertaking", data=await filled(front, f"{at}/undertaking", {"accept": "1"}))
    assert (done.status_code, backends.last.request.text_version) == (303, RULES)

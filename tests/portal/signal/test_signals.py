"""The pages of signals: told in two minutes, read by two, kept from everybody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.case.errors import MunicipalityNotInCell, SignalNotFound
from services.kit.errors import UndertakingMissing
from services.kit.fields import DateOutOfRange, to_timestamp
from tests.portal.backends import RECEIPT, Backends
from tests.portal.conftest import Front
from tests.portal.tables import ME, OTHER, SECOND_TOWN, TOWN, become, calls_of, filled, send, sit

SIGNAL = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c77"
CANARY = "Kanarie<b>"
TYPED = {
    "observed": "Hij zegt dat het anders moet.", "tried": "Een gesprek.", "reason": "We weten niet verder.",
    "person.given_name": "Milan", "person.family_name": "Verhoeven", "person.birth_date": "3 november 2009",
    "person.address": "Dorpsstraat 1", "minor": "yes", "urgent": "1",
}  # fmt: skip


def signal(**changed: object) -> pb.Signal:
    """A signal as its reader sees it."""
    rightful = {
        "signal_id": SIGNAL, "state": "RECEIVED", "nis_code": TOWN, "reporter_id": ME,
        "received_at": to_timestamp(datetime(2026, 3, 1, tzinfo=UTC)), "language": "fr", "version": 4,
        "observed": CANARY, "tried": "Rien.", "reason": "Peur.",
        "person": pb.PersonConcerned(given_name="Milan", family_name="Verhoeven", birth_date="2009-11-03"),
        "minor": True, "age": pb.Age(least=16, most=16, minor="minor"),
    }  # fmt: skip
    return pb.Signal(**(rightful | changed))  # type: ignore[arg-type]


async def test_a_signal_is_told_with_all_it_says_in_the_language_of_the_page(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    page = await front.client.get(path, headers={"accept-language": "fr"})
    assert page.text.index("112") < page.text.index("<h1>")
    assert "tel:101" in page.text
    assert 'name="nis_code"' not in page.text
    answer = await send(front, path, TYPED)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cells/{front.cell}/signals/{RECEIPT.id}/thanks")
    told = backends.last.request
    assert told == pb.EnterSignalRequest(
        nis_code=TOWN, observed=TYPED["observed"], tried=TYPED["tried"], reason=TYPED["reason"], urgent=True,
        minor=True, language="nl", person=pb.PersonConcerned(
            given_name="Milan", family_name="Verhoeven", birth_date="2009-11-03", address="Dorpsstraat 1"
        ),
    )  # fmt: skip


async def test_a_form_that_is_sent_twice_has_one_key(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    fields = await filled(front, path, TYPED)
    answers = [await front.client.post(path, data=fields) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    keys = [call.metadata["idempotency-key"] for call in backends.calls if call.method == "EnterSignal"]
    assert len(keys) == 2
    assert len(set(keys)) == 1


async def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    bent = TYPED | {
        "tried": " ",
        "person.given_name": " ",
        "person.family_name": "",
        "person.birth_date": "31 2 2009",
    }
    answer = await send(front, path, bent | {"observed": CANARY})
    assert answer.status_code == 422
    assert "EnterSignal" not in calls_of(backends)
    for field in ("tried", "person.given_name", "person.birth_date"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
    assert "Kanarie&lt;b&gt;" in answer.text
    assert CANARY not in answer.text
    assert 'value="31 2 2009"' in answer.text
    assert answer.text.count("checked") == 2


async def test_what_the_service_refuses_stands_at_the_field(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    backends.answers["EnterSignal"] = DateOutOfRange(field="person.birth_date", expected="1900 or later")
    answer = await send(front, path, TYPED)
    assert answer.status_code == 422
    assert 'href="#person.birth_date"' in answer.text
    assert "Dorpsstraat 1" in answer.text


async def test_who_sits_for_several_towns_says_which(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant", towns=(TOWN, SECOND_TOWN)) + "/signals/new"
    missing = await send(front, path, TYPED)
    assert missing.status_code == 422
    assert 'href="#nis_code"' in missing.text
    assert (await send(front, path, TYPED | {"nis_code": SECOND_TOWN})).status_code == 303
    assert backends.last.request.nis_code == SECOND_TOWN
    backends.answers["EnterSignal"] = MunicipalityNotInCell(field="nis_code", expected="one of yours")
    assert 'href="#nis_code"' in (await send(front, path, TYPED | {"nis_code": TOWN})).text


async def test_who_sits_for_one_town_of_several_is_not_asked(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant", towns=(TOWN, SECOND_TOWN), mine=(SECOND_TOWN,)) + "/signals/new"
    assert (await send(front, path, TYPED | {"nis_code": TOWN})).status_code == 303
    assert backends.last.request.nis_code == SECOND_TOWN


async def test_a_draft_is_kept_and_given_back_and_gone_when_it_is_sent(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    kept = await send(front, path, TYPED | {"later": "1"})
    assert (kept.status_code, kept.headers["location"]) == (303, "/?kept=1")
    assert "Hij zegt dat het anders moet." in (await front.client.get(path)).text
    assert (await send(front, path, TYPED)).status_code == 303
    assert "Hij zegt dat het anders moet." not in (await front.client.get(path)).text


async def test_without_the_token_of_our_form_nothing_is_done(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    assert (await send(front, path, TYPED)).status_code == 303
    backends.calls.clear()
    answer = await send(front, path, TYPED, without=("csrf_token",))
    assert answer.status_code == 403
    assert "EnterSignal" not in calls_of(backends)


@pytest.mark.parametrize("role", ["dpo", "oversight"])
async def test_who_does_not_sit_at_the_table_tells_nothing(front: Front, backends: Backends, role: str) -> None:
    path = await sit(front, backends, "participant") + "/signals/new"
    fields = await filled(front, path, TYPED)
    assert (await front.client.post(path, data=fields)).status_code == 303
    backends.forget()
    become(front, backends, role)
    assert (await front.client.get(path)).status_code == 404
    assert (await front.client.post(path, data=fields)).status_code == 404
    assert "EnterSignal" not in calls_of(backends)


async def test_secrecy_is_promised_first(front: Front, backends: Backends) -> None:
    path = await sit(front, backends, "participant", accepted=False) + "/signals/new"
    answer = await front.client.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/cells/{front.cell}/undertaking?to=")


async def test_after_sending_a_page_says_what_happens_next(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    backends.answers["ReadSignal"] = signal(urgent=True)
    page = await front.client.get(f"{at}/signals/{SIGNAL}/thanks")
    assert page.status_code == 200
    assert "An Peeters" in page.text
    assert "het staat bovenaan bij de coördinator" in page.text
    assert CANARY not in page.text
    assert "Milan" not in page.text
    backends.answers["ReadSignal"] = signal(reporter_id=OTHER)
    assert (await front.client.get(f"{at}/signals/{SIGNAL}/thanks")).headers["location"] == f"{at}/signals/{SIGNAL}"


async def test_the_reporter_reads_the_own_text_and_what_happened(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    backends.answers["ReadSignal"] = signal()
    page = await front.client.get(f"{at}/signals/{SIGNAL}")
    assert 'class="told" lang="fr">Kanarie&lt;b&gt;' in page.text
    assert "Milan, 16 jaar" in page.text
    assert "minderjarig" in page.text
    assert "02.03.2026 10.00</text>" in page.text, "the watermark"
    assert "/propose" not in page.text
    title = page.text.partition("<title>")[2].partition("</title>")[0]
    assert "Milan" not in title
    assert sorted(calls_of(backends)[-2:]) == ["ReadSignal", "ReadTable"]


async def test_the_coordinator_reads_it_and_is_led_to_the_proposal(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    backends.answers["ReadSignal"] = signal(reporter_id=OTHER, urgent=True)
    page = await front.client.get(f"{at}/signals/{SIGNAL}")
    assert f"{at}/signals/{SIGNAL}/propose" in page.text
    assert "An Peeters, Gemeente Vaartbeke" in page.text
    backends.answers["ReadSignal"] = signal(reporter_id=OTHER, state="PROPOSED", case_id=SIGNAL)
    page = await front.client.get(f"{at}/signals/{SIGNAL}")
    assert "/propose" not in page.text
    assert f"{at}/cases/{SIGNAL}" in page.text


async def test_a_coordinator_of_another_town_is_offered_nothing(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator", towns=(TOWN, SECOND_TOWN), mine=(SECOND_TOWN,))
    backends.answers["ReadSignal"] = signal(reporter_id=OTHER)
    assert "/propose" not in (await front.client.get(f"{at}/signals/{SIGNAL}")).text


@pytest.mark.parametrize("state", ["RECEIVED", "UNDER_CHECK", "NOT_RETAINED", "REDIRECTED", "PROPOSED"])
async def test_every_state_has_its_page(front: Front, backends: Backends, state: str) -> None:
    at = await sit(front, backends, "participant")
    backends.answers["ReadSignal"] = signal(state=state)
    assert 'aria-current="step"' in (await front.client.get(f"{at}/signals/{SIGNAL}")).text


async def test_the_dpo_sees_that_it_exists_and_no_word_of_it(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "dpo")
    backends.answers["ReadSignal"] = pb.Signal(
        signal_id=SIGNAL, state="RECEIVED", nis_code=TOWN, received_at=to_timestamp(datetime(2026, 3, 1, tzinfo=UTC)),
        reporter_id=OTHER, language="nl",
    )  # fmt: skip
    page = await front.client.get(f"{at}/signals/{SIGNAL}")
    assert page.status_code == 200
    assert "niet wat erin staat" in page.text


async def test_unknown_and_forbidden_are_the_one_page(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    backends.answers["ReadSignal"] = SignalNotFound()
    unknown = await front.client.get(f"{at}/signals/{SIGNAL}")
    bent = await front.client.get(f"{at}/signals/x")
    assert unknown.status_code == bent.status_code == 404
    assert CANARY not in unknown.text


async def test_the_coordinators_list_has_the_urgent_first_and_says_who_told(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "coordinator")
    days = {f"01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c{day:02}": datetime(2026, 3, day, tzinfo=UTC) for day in (2, 1)}
    newest, oldest = days
    found = [
        signal(signal_id=newest, received_at=to_timestamp(days[newest]), reporter_id=OTHER, urgent=True),
        signal(signal_id=oldest, received_at=to_timestamp(days[oldest]), reporter_id=OTHER),
        signal(state="PROPOSED", reporter_id=OTHER),
    ]
    backends.answers["ListSignals"] = pb.ListSignalsResponse(signals=found, next_cursor=oldest)
    page = await front.client.get(f"{at}/signals")
    order = [page.text.index(f'{at}/signals/{line}"') for line in (newest, oldest, SIGNAL)]
    assert order == sorted(order)
    assert "Verteld door An Peeters, Gemeente Vaartbeke." in page.text
    assert "minderjarig" in page.text
    assert f"{at}/signals?after={oldest}" in page.text
    assert CANARY not in page.text
    assert "Milan" not in page.text
    await front.client.get(f"{at}/signals?after={oldest}")
    assert next(call for call in backends.calls[::-1] if call.method == "ListSignals").request.cursor == oldest


async def test_a_partner_sees_my_signals_and_an_empty_table_says_what_to_do(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant")
    page = await front.client.get(f"{at}/signals")
    assert "Mijn signalen" in page.text
    assert "Je gaf nog geen signaal door" in page.text
    backends.answers["ListSignals"] = pb.ListSignalsResponse(signals=[signal()])
    page = await front.client.get(f"{at}/signals")
    assert SIGNAL in page.text
    assert "Verteld door" not in page.text


async def test_the_list_too_asks_for_the_promise_first(front: Front, backends: Backends) -> None:
    at = await sit(front, backends, "participant", accepted=False)
    backends.answers["ListSignals"] = UndertakingMissing()
    assert "/undertaking" in (await front.client.get(f"{at}/signals")).headers["location"]

"""From a signal to a case: proposed by the coordinator with arguments, decided by the mayor with reasons."""

from __future__ import annotations

import pytest

from rondetafel.case.v1 import case_pb2 as pb
from services.case.errors import (
    BestInterestMissing,
    CaseNotFound,
    CaseStateForbids,
    EvidenceInFuture,
    ProposalIncomplete,
    SignalNotFound,
)
from services.kit.errors import VersionChanged
from services.kit.fields import FieldMissing
from tests.portal.backends import RECEIPT, Backends
from tests.portal.conftest import Front
from tests.portal.operations import SOME_ID
from tests.portal.signal.test_signals import SIGNAL, signal
from tests.portal.tables import CHECKED, OTHER, SECOND_TOWN, TOWN, become, calls_of, filled, send, sit

CODE = "23088-26-0001"
BLOCK = {
    "criteria[{}].code": "justifies_violence", "criteria[{}].evidence_kind": "conversation",
    "criteria[{}].evidence_date-day": "20", "criteria[{}].evidence_date-month": "2",
    "criteria[{}].evidence_date-year": "2026", "criteria[{}].argument": "Hij keurt geweld goed.",
}  # fmt: skip
CHILD = "Hij moet op school kunnen blijven."


def block(number: int, **changed: str) -> dict[str, str]:
    """One argument as it is typed."""
    return {name.format(number): value for name, value in BLOCK.items()} | changed


ARGUED = {**block(0), "phenomenon": "unclear", "best_interest": CHILD, "unchecked": "urgent"}


async def coordinator(front: Front, backends: Backends, **changed: object) -> str:
    """The coordinator before a signal; gives the address of the form."""
    at = await sit(front, backends, "coordinator")
    backends.answers["ReadSignal"] = signal(reporter_id=OTHER, **changed)
    return f"{at}/signals/{SIGNAL}/propose"


def case(**changed: object) -> pb.Case:
    """A case as the mayor sees it."""
    criterion = pb.Criterion(
        code="isolation", evidence_kind="observation", evidence_date="2026-02-20", argument="Alleen <b>."
    )
    frame = {"case_id": str(SOME_ID), "code": CODE, "nis_code": TOWN, "state": "PROPOSED", "minor": True}
    return pb.Case(
        frame=pb.Frame(**(frame | {"phenomenon": "unclear", "version": 5} | changed)),  # type: ignore[arg-type]
        parts=["frame", "identity", "proposal"], criteria=[criterion], best_interest=CHILD,
        person=pb.PersonConcerned(given_name="Milan", family_name="Verhoeven", birth_date="2009-11-03"),
        age=pb.Age(least=16, most=16, minor="minor"),
    )  # fmt: skip


async def mayor(front: Front, backends: Backends, role: str = "mayor", **changed: object) -> str:
    """The mayor before a proposal; gives the address of the form."""
    at = await sit(front, backends, role)
    backends.answers["ReadCase"] = case(**changed)
    return f"{at}/cases/{SOME_ID}/list"


async def test_a_case_is_proposed_with_its_arguments(front: Front, backends: Backends) -> None:
    path = await coordinator(front, backends)
    page = await front.client.get(path)
    assert "Kanarie&lt;b&gt;" in page.text, "what was told stands beside the form"
    assert "nooit van wat iemand gelooft" in page.text
    answer = await send(front, path, ARGUED | block(2, **{"criteria[2].code": "isolation"}))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cells/{front.cell}/cases/{RECEIPT.id}")
    asked = backends.last.request
    assert (asked.signal_id, asked.expected_version, asked.best_interest) == (SIGNAL, 4, CHILD)
    assert [criterion.code for criterion in asked.criteria] == ["justifies_violence", "isolation"]
    assert asked.criteria[0] == pb.Criterion(
        code="justifies_violence", evidence_kind="conversation", evidence_date="2026-02-20",
        argument=BLOCK["criteria[{}].argument"],
    )  # fmt: skip


async def test_invariant_10_a_minor_needs_a_best_interest(front: Front, backends: Backends) -> None:
    path = await coordinator(front, backends)
    answer = await send(front, path, ARGUED | {"best_interest": ""})
    assert answer.status_code == 422
    assert 'href="#best_interest"' in answer.text
    path = await coordinator(front, backends, minor=False)
    assert 'name="best_interest"' not in (await front.client.get(path)).text
    assert (await send(front, path, {**block(0), "phenomenon": "unclear", "unchecked": "urgent"})).status_code == 303


async def test_one_argument_is_needed_and_one_begun_must_be_whole(front: Front, backends: Backends) -> None:
    path = await coordinator(front, backends)
    bent = {
        "criteria[1].argument": "Ook dit.",
        "criteria[1].evidence_date-day": "32",
        "phenomenon": "unclear",
        "best_interest": CHILD,
    }
    answer = await send(front, path, bent)
    assert answer.status_code == 422
    for field in (
        "criteria[0].code",
        "criteria[0].evidence_kind",
        "criteria[0].evidence_date",
        "criteria[0].argument",
        "criteria[1].code",
        "criteria[1].evidence_kind",
        "criteria[1].evidence_date",
    ):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
    assert 'href="#criteria[1].argument"' not in answer.text
    assert 'href="#criteria[2].code"' not in answer.text
    assert "Ook dit." in answer.text
    assert 'value="32"' in answer.text
    assert "ProposeCase" not in calls_of(backends)


@pytest.mark.parametrize(
    ("error", "link"),
    [
        (
            EvidenceInFuture(field="criteria[1].evidence_date", expected="today or before"),
            'href="#criteria[2].evidence_date"',
        ),
        (FieldMissing(field="criteria[0].argument", expected="a text"), 'href="#criteria[0].argument"'),
        (BestInterestMissing(field="best_interest", expected="a statement"), 'href="#best_interest"'),
        (VersionChanged(field="expected_version", expected="the last"), "Kijk het na en verstuur het dan opnieuw"),
    ],
)
async def test_what_the_service_refuses_stands_at_the_field(
    front: Front, backends: Backends, error: Exception, link: str
) -> None:
    path = await coordinator(front, backends)
    backends.answers["ProposeCase"] = error  # type: ignore[assignment]
    answer = await send(front, path, ARGUED | block(2))
    assert answer.status_code == 422
    summary = answer.text.partition("govuk-error-summary")[2].partition("<h1>")[0]
    assert link in summary
    assert BLOCK["criteria[{}].argument"] in answer.text


async def test_only_the_coordinator_of_the_town_proposes(front: Front, backends: Backends) -> None:
    path = await coordinator(front, backends)
    fields = await filled(front, path, ARGUED)
    assert (await front.client.post(path, data=fields)).status_code == 303
    backends.calls.clear()
    for roles, towns in ((("participant",), None), (("mayor",), None), (("coordinator",), (SECOND_TOWN,))):
        become(front, backends, *roles, towns=(TOWN, SECOND_TOWN), mine=towns)
        assert (await front.client.get(path)).status_code == 404
        assert (await front.client.post(path, data=fields)).status_code == 404
    become(front, backends, "coordinator")
    backends.answers["ReadSignal"] = SignalNotFound()
    assert (await front.client.post(path, data=fields)).status_code == 404
    assert "ProposeCase" not in calls_of(backends)


async def test_a_signal_that_was_answered_leads_to_its_page(front: Front, backends: Backends) -> None:
    path = await coordinator(front, backends, state="PROPOSED")
    answer = await front.client.get(path)
    assert answer.headers["location"] == path.removesuffix("/propose")


async def test_the_mayor_reads_the_proposal_and_no_word_of_the_signal(front: Front, backends: Backends) -> None:
    path = await mayor(front, backends)
    page = await front.client.get(path)
    assert "Milan, 16 jaar" in page.text
    assert "Alleen &lt;b&gt;." in page.text
    assert CHILD in page.text
    assert "Iemand zag of hoorde het zelf, vrijdag 20\u00a0februari" in page.text
    assert "02.03.2026 10.00</text>" in page.text
    title = page.text.partition("<title>")[2].partition("</title>")[0]
    assert CODE in title
    assert "Milan" not in title
    assert sorted(calls_of(backends)) == ["ReadCase", "ReadTable"]


@pytest.mark.parametrize("role", ["mayor", "mayor_delegate"])
@pytest.mark.parametrize(("way", "method"), [("list", "PlaceOnList"), ("refuse", "RefuseCase")])
async def test_invariant_02_the_mayor_lists_or_refuses_with_reasons(
    front: Front, backends: Backends, role: str, way: str, method: str
) -> None:
    path = await mayor(front, backends, role)
    answer = await send(front, path, {"way": way, "reasons": "Omdat."} | CHECKED)
    assert (answer.status_code, answer.headers["location"]) == (303, path.removesuffix("/list"))
    asked = backends.last.request
    assert (backends.last.method, asked.case_id, asked.expected_version, asked.reasons) == (
        method, str(SOME_ID), 5, "Omdat.",
    )  # fmt: skip


async def test_without_a_way_or_reasons_nothing_is_decided(front: Front, backends: Backends) -> None:
    path = await mayor(front, backends)
    for typed, field in (({"reasons": "Omdat."}, "way"), ({"way": "list"}, "reasons"), ({"way": "x"}, "way")):
        answer = await send(front, path, typed)
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
    assert not {"PlaceOnList", "RefuseCase"} & set(calls_of(backends))


@pytest.mark.parametrize(
    "error",
    [
        CaseStateForbids(field="state", expected="PROPOSED"),
        ProposalIncomplete(field="criteria", expected="a criterion"),
        VersionChanged(field="expected_version", expected="the last"),
    ],
)
async def test_what_cannot_be_decided_is_said_and_the_reasons_stay(
    front: Front, backends: Backends, error: Exception
) -> None:
    path = await mayor(front, backends)
    backends.answers["PlaceOnList"] = error  # type: ignore[assignment]
    answer = await send(front, path, {"way": "list", "reasons": "Omdat het zo is."} | CHECKED)
    assert answer.status_code == 422
    assert "Omdat het zo is." in answer.text
    assert 'href="#state"' not in answer.text
    assert 'href="#criteria"' not in answer.text


async def test_only_the_mayor_of_the_town_decides(front: Front, backends: Backends) -> None:
    path = await mayor(front, backends)
    fields = await filled(front, path, {"way": "list", "reasons": "Omdat."} | CHECKED)
    assert (await front.client.post(path, data=fields)).status_code == 303
    backends.calls.clear()
    for roles, towns in ((("coordinator",), None), (("participant",), None), (("mayor",), (SECOND_TOWN,))):
        become(front, backends, *roles, towns=(TOWN, SECOND_TOWN), mine=towns)
        assert (await front.client.get(path)).status_code == 404
        assert (await front.client.post(path, data=fields)).status_code == 404
    become(front, backends, "mayor")
    backends.answers["ReadCase"] = CaseNotFound()
    assert (await front.client.get(path)).status_code == 404
    assert "PlaceOnList" not in calls_of(backends)


async def test_a_decision_that_was_sent_twice_has_one_key(front: Front, backends: Backends) -> None:
    path = await mayor(front, backends)
    fields = await filled(front, path, {"way": "list", "reasons": "Omdat."} | CHECKED)
    for state in ("PROPOSED", "LISTED"):
        backends.answers["ReadCase"] = case(state=state)
        assert (await front.client.post(path, data=fields)).status_code == 303
    keys = [call.metadata["idempotency-key"] for call in backends.calls if call.method == "PlaceOnList"]
    assert len(keys) == 2
    assert len(set(keys)) == 1


async def test_a_decided_case_leads_to_its_page(front: Front, backends: Backends) -> None:
    path = await mayor(front, backends, state="LISTED")
    assert (await front.client.get(path)).headers["location"] == path.removesuffix("/list")


async def test_without_the_token_of_our_form_nothing_is_decided(front: Front, backends: Backends) -> None:
    path = await mayor(front, backends)
    assert (await send(front, path, {"way": "refuse", "reasons": "Omdat."} | CHECKED)).status_code == 303
    backends.calls.clear()
    answer = await send(front, path, {"way": "refuse", "reasons": "Omdat."} | CHECKED, without=("csrf_token",))
    assert answer.status_code == 403
    assert "RefuseCase" not in calls_of(backends)

"""The mayor reads a decision on the list in words before it is taken; who comes second reads who was first."""

from __future__ import annotations

import pytest

from services.case.errors import CaseStateForbids
from services.kit.fields import to_timestamp
from tests.kit.issuer import NOW
from tests.portal.backends import Backends
from tests.portal.case.test_cases import words
from tests.portal.conftest import Front
from tests.portal.signal.test_proposals import CODE, case, mayor
from tests.portal.tables import CHECKED, calls_of, carried_on, filled

ENGLISH = {"accept-language": "en"}


@pytest.mark.parametrize(
    ("way", "said", "method"),
    [("list", "It comes before the table", "PlaceOnList"), ("refuse", "It does not come before", "RefuseCase")],
)
async def test_the_decision_is_read_in_words_before_it_is_taken(
    front: Front, backends: Backends, way: str, said: str, method: str
) -> None:
    path = await mayor(front, backends)
    fields = await filled(front, path, {"way": way, "reasons": "Omdat <b>\nhet zo is."})
    between = await front.client.post(path, data=fields, headers=ENGLISH)
    text = words(between.text)
    assert f"What do you decide? {said}" in text
    assert "Why? Omdat <b> het zo is." in text
    assert "Milan, 16 years" in text
    assert CODE in between.text.partition("<title>")[2].partition("</title>")[0]
    assert "02.03.2026 10.00</text>" in between.text
    assert method not in calls_of(backends)
    form = await front.client.post(path, data=carried_on(between) | {"change": "1"}, headers=ENGLISH)
    assert form.status_code == 200
    assert "het zo is.</textarea>" in form.text
    assert form.text.count(" checked") == 1
    assert (await front.client.post(path, data=carried_on(between))).status_code == 303
    assert (backends.last.method, backends.last.request.reasons) == (method, "Omdat <b>\nhet zo is.")
    assert backends.last.metadata["idempotency-key"] == fields["key"]


@pytest.mark.parametrize("looked_at", [{}, CHECKED])
async def test_who_comes_second_reads_when_it_was_listed_and_keeps_the_own_words(
    front: Front, backends: Backends, looked_at: dict[str, str]
) -> None:
    path = await mayor(front, backends)
    fields = await filled(front, path, {"way": "list", "reasons": "Omdat het zo is."} | looked_at)
    assert (await front.client.post(path, data=fields)).status_code == (303 if looked_at else 200)
    backends.answers["ReadCase"] = case(state="LISTED")
    backends.answers["ReadCase"].frame.listed_at.CopyFrom(to_timestamp(NOW))  # type: ignore[union-attr]
    backends.answers["PlaceOnList"] = CaseStateForbids(field="state", expected="PROPOSED")
    answer = await front.client.post(path, data=fields, headers=ENGLISH)
    assert answer.status_code == 409
    assert "put this case on the list on Monday 2 March at 10:00." in answer.text.replace("\xa0", " ")
    assert "Omdat het zo is." in answer.text
    assert f'href="{path.removesuffix("/list")}"' in answer.text
    assert "is missing" not in answer.text
    assert 'name="way"' not in answer.text

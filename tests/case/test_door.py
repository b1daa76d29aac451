"""The door: messages become commands, bad fields are named before any handler runs, answers become messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import astuple, dataclass
from datetime import UTC, timedelta
from typing import Any, cast

import pytest
from google.protobuf.message import Message

from rondetafel.case.v1 import case_pb2 as pb
from services.case.errors import TooManyCriteria
from services.case.rpc import SERVED
from services.kit.errors import Invalid
from services.kit.fields import DateOutOfRange, FieldMalformed, FieldMissing, ListTooLong, TextTooLong, UnknownCode
from services.kit.policy import Role
from tests.case.bad_circles import WRONG_CIRCLES
from tests.case.bad_exchanges import WRONG_EXCHANGES
from tests.case.bad_questions import WRONG_QUESTIONS
from tests.case.requests import AGED, CRITERION, ESTIMATED, ID, PERSON, RIGHT
from tests.case.story import ASSESSMENT, Story, story
from tests.doors import NOBODY, Doors
from tests.harness import Harness, Person


@dataclass
class DoorOf:
    """The executor behind the door, without wire and token: they have tests of their own."""

    person: Person

    async def run(self, context: object, handler: Callable[[Any, Any], Awaitable[Any]], command: object) -> Any:
        return await self.person.run(handler, command)


async def call(caller: Person, method: str, /, **fields: Any) -> Any:
    """Call a method of the servicer as somebody."""
    servicer = Doors(DoorOf(caller), SERVED)
    request: Message = getattr(pb, f"{method}Request")(**fields)
    return await getattr(servicer, method)(request, NOBODY)


LONG = "x" * 8_001
WRONG: list[tuple[str, str, Any, type[Invalid], str]] = [
    ("EnterSignal", "nis_code", "2400", FieldMalformed, "nis_code"),
    ("EnterSignal", "person", {**PERSON, "given_name": " ", "family_name": ""}, FieldMissing, "person.given_name"),
    ("EnterSignal", "person", {**PERSON, "family_name": "x" * 201}, TextTooLong, "person.family_name"),
    ("EnterSignal", "person", {**PERSON, "birth_date": "1899-12-31"}, DateOutOfRange, "person.birth_date"),
    ("EnterSignal", "person", {**PERSON, "birth_date": "2 april"}, FieldMalformed, "person.birth_date"),
    ("EnterSignal", "person", {**PERSON, "birth_date": "04/2010"}, FieldMalformed, "person.birth_date"),
    ("EnterSignal", "person", {**PERSON, "estimated_age": ESTIMATED}, FieldMalformed, "person.estimated_age"),
    (
        "EnterSignal",
        "person",
        AGED | {"estimated_age": {**ESTIMATED, "years": 121}},
        FieldMalformed,
        "person.estimated_age.years",
    ),
    (
        "EnterSignal",
        "person",
        AGED | {"estimated_age": {**ESTIMATED, "as_of": ""}},
        FieldMalformed,
        "person.estimated_age.as_of",
    ),
    ("EnterSignal", "person", {**PERSON, "also_known_as": "x" * 501}, TextTooLong, "person.also_known_as"),
    ("EnterSignal", "observed", "", FieldMissing, "observed"),
    ("EnterSignal", "tried", LONG, TextTooLong, "tried"),
    ("EnterSignal", "reason", "\x00\u200b", FieldMissing, "reason"),
    ("EnterSignal", "language", "es", UnknownCode, "language"),
    ("ReadSignal", "signal_id", "1", FieldMalformed, "signal_id"),
    ("ListSignals", "page_size", 51, FieldMalformed, "page_size"),
    ("ListSignals", "cursor", "next", FieldMalformed, "cursor"),
    ("ListSignals", "time", "soon", UnknownCode, "time"),
    ("ListWaiting", "page_size", 51, FieldMalformed, "page_size"),
    ("ListWaiting", "cursor", ID, FieldMalformed, "cursor"),
    ("ReadCase", "after", "x", FieldMalformed, "after"),
    ("ListCases", "time", "soon", UnknownCode, "time"),
    ("ListCases", "case_ids", ["x"], FieldMalformed, "case_ids[0]"),
    ("ListCases", "case_ids", 51 * [ID], ListTooLong, "case_ids"),
    ("ListCases", "code", 41 * "A", TextTooLong, "code"),
    ("ProposeCase", "signal_id", "", FieldMalformed, "signal_id"),
    ("ProposeCase", "criteria", [], FieldMissing, "criteria"),
    ("ProposeCase", "criteria", [CRITERION] * 21, TooManyCriteria, "criteria"),
    ("ProposeCase", "criteria", [CRITERION, {**CRITERION, "code": "faith"}], UnknownCode, "criteria[1].code"),
    ("ProposeCase", "criteria", [{**CRITERION, "evidence_kind": ""}], UnknownCode, "criteria[0].evidence_kind"),
    ("ProposeCase", "criteria", [{**CRITERION, "evidence_date": ""}], FieldMalformed, "criteria[0].evidence_date"),
    ("ProposeCase", "criteria", [{**CRITERION, "argument": ""}], FieldMissing, "criteria[0].argument"),
    ("ProposeCase", "phenomenon", "religion", UnknownCode, "phenomenon"),
    ("ProposeCase", "best_interest", LONG, TextTooLong, "best_interest"),
    ("ProposeCase", "unchecked", "because", UnknownCode, "unchecked"),
    ("StartCheck", "signal_id", "x", FieldMalformed, "signal_id"),
    ("DismissSignal", "reason", "", UnknownCode, "reason"),
    ("DismissSignal", "reason", "boring", UnknownCode, "reason"),
    ("DismissSignal", "noted", " ", FieldMissing, "noted"),
    ("DismissSignal", "told", 4_001 * "x", TextTooLong, "told"),
    ("RedirectSignal", "help", "pub", UnknownCode, "help"),
    ("RedirectSignal", "told", "", FieldMissing, "told"),
    ("WithdrawSignal", "signal_id", "x", FieldMalformed, "signal_id"),
    ("ReconsiderSignal", "signal_id", "x", FieldMalformed, "signal_id"),
    *WRONG_EXCHANGES,
    ("AnswerCheck", "signal_id", "x", FieldMalformed, "signal_id"),
    ("AnswerCheck", "answer", "", UnknownCode, "answer"),
    ("AnswerCheck", "answer", "suspect", UnknownCode, "answer"),
    ("AnswerCheck", "hold_until", "soon", FieldMalformed, "hold_until"),
    ("ReadCheck", "signal_id", "x", FieldMalformed, "signal_id"),
    ("ListPossibleMatches", "signal_id", "x", FieldMalformed, "signal_id"),
    *WRONG_QUESTIONS,
    *WRONG_CIRCLES,
    ("PlaceOnList", "case_id", "x", FieldMalformed, "case_id"),
    ("PlaceOnList", "reasons", "", FieldMissing, "reasons"),
    ("ReconsiderCase", "case_id", "x", FieldMalformed, "case_id"),
    ("RefuseCase", "case_id", "x", FieldMalformed, "case_id"),
    ("RefuseCase", "reasons", " ", FieldMissing, "reasons"),
    ("RefuseCase", "reasons", LONG, TextTooLong, "reasons"),
    ("EndInvitation", "case_id", "x", FieldMalformed, "case_id"),
    ("EndInvitation", "entry_id", "x", FieldMalformed, "entry_id"),
    ("EndInvitation", "reason", "successor", UnknownCode, "reason"),
    ("InviteToCircle", "case_id", "x", FieldMalformed, "case_id"),
    ("InviteToCircle", "person_id", "x", FieldMalformed, "person_id"),
    ("InviteToCircle", "parts", [], FieldMissing, "parts"),
    ("InviteToCircle", "parts", ["everything"], UnknownCode, "parts"),
    ("InviteToCircle", "from", "", FieldMalformed, "from"),
    ("InviteToCircle", "to", "2026-13-01", FieldMalformed, "to"),
    ("InviteToCircle", "why", "", FieldMissing, "why"),
    ("InviteToCircle", "life_domains", ["police"], UnknownCode, "life_domains"),
    ("WriteContribution", "case_id", "x", FieldMalformed, "case_id"),
    ("WriteContribution", "text", LONG, TextTooLong, "text"),
    ("WriteContribution", "life_domain", "", UnknownCode, "life_domain"),
    ("WriteContribution", "language", "", UnknownCode, "language"),
    ("ReviseContribution", "contribution_id", "x", FieldMalformed, "contribution_id"),
    ("ReviseContribution", "text", "", FieldMissing, "text"),
    ("ReviseContribution", "text", LONG, TextTooLong, "text"),
    ("ReviseContribution", "life_domain", "faith", UnknownCode, "life_domain"),
    ("ReviseContribution", "language", "es", UnknownCode, "language"),
    ("DeclineContribution", "case_id", "x", FieldMalformed, "case_id"),
    ("AssessContribution", "contribution_id", "x", FieldMalformed, "contribution_id"),
    ("AssessContribution", "need", "", FieldMissing, "need"),
    ("AssessContribution", "less_is_enough", "", FieldMissing, "less_is_enough"),
    ("AssessContribution", "proportionality", "x" * 2_001, TextTooLong, "proportionality"),
    ("AssessContribution", "person_informed", "yes", UnknownCode, "person_informed"),
    ("AssessContribution", "legal_basis", "", FieldMissing, "legal_basis"),
    ("ShareContribution", "contribution_id", "x", FieldMalformed, "contribution_id"),
    ("ReadCase", "case_id", "x", FieldMalformed, "case_id"),
    ("ListCases", "page_size", -1, FieldMalformed, "page_size"),
    ("ListCases", "cursor", "x", FieldMalformed, "cursor"),
    ("ListCases", "state", "OPEN", UnknownCode, "state"),
]


class Reached(Exception):
    """The request passed the door."""


class Threshold(DoorOf):
    """A door behind which nothing happens."""

    async def run(self, context: object, handler: object, command: object) -> Any:
        raise Reached


@pytest.mark.parametrize(("method", "field", "value", "error", "path"), WRONG)
async def test_a_bad_field_is_named_and_nothing_runs(
    method: str, field: str, value: Any, error: type[Invalid], path: str
) -> None:
    servicer = getattr(Doors(Threshold(cast(Person, None)), SERVED), method)
    message = getattr(pb, f"{method}Request")
    with pytest.raises(Reached):
        await servicer(message(**RIGHT[method]), NOBODY)
    with pytest.raises(error) as refused:
        await servicer(message(**(RIGHT[method] | {field: value})), NOBODY)
    assert (refused.value.field, bool(refused.value.expected)) == (path, True)


def test_every_method_has_its_bad_input() -> None:
    methods = {name for methods in SERVED for name in methods.calls}
    assert set(RIGHT) == methods == {method for method, *_ in WRONG}


async def checked(our: Story, signal_id: str) -> Any:
    """The police are asked, hold, and have no objection any more."""
    begun = await call(our.coordinator, "StartCheck", signal_id=signal_id, expected_version=1)
    check = await call(our.police, "ReadCheck", signal_id=signal_id)
    assert (check.standing, check.due_on, check.person.family_name) == ("waiting", "2026-12-08", "Claes")
    assert (list(check.may), check.version) == (["answer_check"], 1)
    await call(our.police, "AnswerCheck", **RIGHT["AnswerCheck"] | {"signal_id": signal_id})
    held = await call(our.coordinator, "ReadSignal", signal_id=signal_id)
    assert (held.check.standing, held.check.hold_until, held.check.HasField("person")) == ("held", "2026-12-24", False)
    assert not (await call(our.reporter, "ReadSignal", signal_id=signal_id)).HasField("check")
    await call(our.police, "AnswerCheck", signal_id=signal_id, expected_version=2, answer="no_objection")
    return begun


async def test_the_whole_line_through_the_door(harness: Harness) -> None:
    our: Story = await story(harness)
    signal = await call(our.reporter, "EnterSignal", **RIGHT["EnterSignal"])
    seen = await call(our.coordinator, "ReadSignal", signal_id=signal.id)
    assert (seen.person.birth_date, seen.observed, seen.minor, seen.case_id) == ("2010-04-02", "a", True, "")
    assert (seen.age.least, seen.age.most, seen.age.minor) == (16, 16, "minor")
    (listed,) = (await call(our.coordinator, "ListSignals")).signals
    assert (listed.signal_id, listed.observed, listed.HasField("person"), listed.HasField("age")) == (
        signal.id, "", False, False,
    )  # fmt: skip
    begun = await checked(our, signal.id)
    proposal = {"signal_id": signal.id, "expected_version": begun.version}
    case = await call(our.coordinator, "ProposeCase", **RIGHT["ProposeCase"] | proposal)
    assert (await call(our.mayor, "ReadCase", case_id=case.id)).unchecked == ""
    case = await call(our.mayor, "PlaceOnList", case_id=case.id, expected_version=case.version, reasons="Aangetoond.")
    teacher = await our.cell.person(Role.PARTICIPANT)
    invitation = {"case_id": case.id, "expected_version": case.version, "person_id": str(teacher.person_id)}
    case = await call(our.coordinator, "InviteToCircle", **RIGHT["InviteToCircle"] | invitation)
    written = await call(teacher, "WriteContribution", **RIGHT["WriteContribution"] | {"case_id": case.id})
    weighed = await call(teacher, "AssessContribution", **RIGHT["AssessContribution"] | {"contribution_id": written.id})
    await call(teacher, "ShareContribution", contribution_id=written.id, expected_version=weighed.version)
    await call(our.mayor, "ReadCase", case_id=case.id)
    page = await call(teacher, "ReadCase", case_id=case.id)
    assert (page.frame.code, page.frame.state, list(page.parts)) == ("AR-26-001", "LISTED", ["frame", "content"])
    assert (page.HasField("person"), page.HasField("age"), list(page.criteria), page.list_reasons) == (
        False, False, [], "",
    )  # fmt: skip
    entry = page.circle[-1]
    assert (entry.person_id, getattr(entry, "from"), entry.to) == (
        str(teacher.person_id), "2026-11-24", "2026-12-24",
    )  # fmt: skip
    assert page.circle[0].to == ""
    (contribution,) = page.contributions
    assert (contribution.text, contribution.state, list(contribution.read_by)) == (
        "a", "SHARED", [str(our.mayor.person_id)],
    )  # fmt: skip
    (frame,) = (await call(our.mayor, "ListCases", state="LISTED")).cases
    assert (frame.case_id, frame.phenomenon, frame.version) == (case.id, "unclear", case.version)


async def test_people_known_in_part_on_the_wire(harness: Harness) -> None:
    our = await story(harness)
    aged = await call(our.reporter, "EnterSignal", **RIGHT["EnterSignal"] | {"person": AGED, "minor": None})
    seen = await call(our.coordinator, "ReadSignal", signal_id=aged.id)
    assert (seen.person.estimated_age.years, seen.person.estimated_age.as_of, seen.person.birth_date) == (
        16, "2026-11-20", "",
    )  # fmt: skip
    assert (seen.age.least, seen.age.most, seen.age.minor, seen.minor) == (14, 19, "possibly_minor", True)


async def test_actions_and_dates_on_the_wire(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    decision = our.decision(review_on=our.today + timedelta(days=7))
    await our.decide(decision)
    page = await call(our.mayor, "ReadCase", case_id=str(our.case_id))
    assert (page.frame.review_on, page.case_lead_id) == ("2026-12-01", str(our.prevention.person_id))
    (action,) = page.actions
    assert (action.life_domain, action.owner_id, action.due_on, action.state) == (
        "leisure", str(our.prevention.person_id), "2026-12-08", "AGREED",
    )  # fmt: skip
    (criterion,) = page.criteria
    assert (criterion.code, criterion.evidence_date) == ("isolation", "2026-11-20")


async def test_what_waits_on_the_wire(harness: Harness) -> None:
    our = await story(harness)
    signal = await call(our.reporter, "EnterSignal", **RIGHT["EnterSignal"] | {"urgent": True})
    (one,) = (await call(our.coordinator, "ListWaiting")).waiting
    assert (one.kind, one.signal_id, one.urgent, one.minor, one.nis_code) == (
        "signal_received", signal.id, True, True, "24001",
    )  # fmt: skip
    assert (one.case_id, one.contribution_id, one.due_on, one.HasField("session_at")) == ("", "", "", False)
    await our.list()
    await our.plan(days=1)
    found = await call(our.police, "ListWaiting")
    (one,) = found.waiting
    assert (one.kind, one.case_id, one.case_code) == ("contribution_wanted", str(our.case_id), "AR-26-001")
    assert one.session_at.ToDatetime(UTC) == our.now + timedelta(days=1)
    assert one.since.ToDatetime(UTC) == our.now
    harness.clock.advance(days=2)
    await our.decide(our.decision())
    (one,) = (await call(our.prevention, "ListWaiting")).waiting
    assert (one.kind, one.life_domain, one.due_on, found.cases_of_mine) == ("action_due", "leisure", "2026-12-10", 1)


async def test_the_own_weighing_and_the_reason_of_an_invitation_on_the_wire(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.invite()
    assert (await call(teacher, "DeclineContribution", case_id=str(our.case_id))).id == str(our.case_id)
    await our.share(teacher)
    mine = await call(teacher, "ReadCase", case_id=str(our.case_id))
    seen = await call(our.mayor, "ReadCase", case_id=str(our.case_id))
    assert (mine.declined, seen.declined) == (True, False)
    for page in (mine, seen):
        assert (page.circle[-1].why, page.circle[-1].invited_by) == (
            "Kent de school.", str(our.coordinator.person_id),
        )  # fmt: skip
        assert (page.circle[0].why, page.circle[0].invited_by) == ("", "")
    answers = [
        (contribution.need, contribution.less_is_enough, contribution.proportionality, contribution.person_informed)
        for contribution in (mine.contributions[0], seen.contributions[0])
    ]
    assert answers == [astuple(ASSESSMENT), ("", "", "", "")]

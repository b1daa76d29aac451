"""What each policy turns away, and for whom: a probe for every one, for the test that drops them one by one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.case.commands.declare_conflict import DeclareConflict, declare_conflict
from services.case.model import TENANT_TABLES, Part
from services.kit.policy import Role
from tests.case.story import Story, story
from tests.harness import Person

Who = Callable[[Story], Awaitable[Person]]


async def reporter(our: Story) -> Person:
    return our.reporter


async def coordinator(our: Story) -> Person:
    return our.coordinator


async def mayor(our: Story) -> Person:
    return our.mayor


async def police(our: Story) -> Person:
    return our.police


async def dpo(our: Story) -> Person:
    return await our.cell.person(Role.DPO)


async def unsworn(our: Story) -> Person:
    return await our.cell.person(Role.COORDINATOR, undertaken_until=None)


async def reader(our: Story) -> Person:
    return await our.invite(Part.CONTENT)


async def without_content(our: Story) -> Person:
    return await our.invite(Part.IDENTITY)


async def kept_out(our: Story) -> Person:
    """Who coordinates the town, and declared a conflict of interest in the case."""
    person = await our.cell.person(Role.COORDINATOR, nis_codes=(our.town,))
    await person.run(declare_conflict, DeclareConflict(our.case_id))
    return person


async def neighbour(our: Story) -> Person:
    """Who sees all that circle and role can give, in another cell."""
    theirs = await story(our.cell.harness)
    return theirs.coordinator


TOLD_ALONE = frozenset({"planned_session"})
"""What only hearing looks at."""


def role_of(table: str) -> str:
    """As whom of the database a table is tried."""
    return "case_hearing" if table in TOLD_ALONE else "case_app"


@dataclass(frozen=True, slots=True)
class Probe:
    """A statement that `policy` on `table` turns away for `who`; without it, it takes or gives a row."""

    table: str
    policy: str
    who: Who
    statement: str
    role: str = ""
    """As whom of the database, where it is not as whoever looks at that table."""


ADD_CONTRIBUTION = """
INSERT INTO contribution (tenant_id, contribution_id, case_id, author_id, organisation_id, state, life_domain, language,
    police_origin, text, written_at, version)
VALUES ('{tenant}', '{fresh}', '{case}', '{author}', '{fresh}', 'PRIVATE', 'leisure', 'nl', false, 'x', '{now}', 1)"""
ADD_RECEIPT = """
INSERT INTO read_receipt (tenant_id, contribution_id, reader_id, case_id, author_id, read_at)
VALUES ('{tenant}', '{shared}', '{reader}', '{case}', '{police}', '{now}')"""
ADD_TO_CIRCLE = """
INSERT INTO circle_entry (tenant_id, entry_id, object_id, person_id, nis_code, parts, starts_at, ends_at, invited_by,
    why)
VALUES ('{tenant}', '{fresh}', '{case}', '{actor}', '24001', '{{content}}', '{now}', '9999-01-01', '{inviter}', 'x')"""
ADD_DECLINED = """
INSERT INTO contribution_declined (tenant_id, case_id, person_id, declined_at)
VALUES ('{tenant}', '{case}', '{person}', '{now}')"""
ADD_CHECK = """
INSERT INTO preliminary_check (tenant_id, signal_id, nis_code, minor, urgent, started_at, started_by, due_on)
SELECT tenant_id, signal_id, nis_code, minor, urgent, '{now}', '{starter}', '2026-12-08'
  FROM signal WHERE state = 'RECEIVED'"""
ADD_ANSWER = """
INSERT INTO check_answer (tenant_id, signal_id, number, nis_code, answer, answered_at, answered_by)
SELECT tenant_id, signal_id, 9, nis_code, 'no_objection', '{now}', '{answerer}' FROM {asked}"""
OF_OPEN_ONES = "IN (SELECT signal_id FROM signal WHERE ended_at IS NULL)"
"""What the role `erasing` does not take away."""
ADD_OUTCOME = """
INSERT INTO signal_outcome (tenant_id, signal_id, nis_code, decided_at, decided_by, told)
SELECT tenant_id, signal_id, nis_code, '{now}', '{decider}', 'x' FROM signal WHERE state = 'RECEIVED' AND version = 1"""
ADD_REASON = """
INSERT INTO signal_reason (tenant_id, signal_id, nis_code, decided_by, noted)
SELECT tenant_id, signal_id, nis_code, '{decider}', 'x' FROM signal WHERE state = 'RECEIVED' AND version = 1"""
ADD_MARK = """
INSERT INTO signal_mark (tenant_id, mark, signal_id)
SELECT tenant_id, gen_random_uuid(), signal_id FROM signal WHERE state = 'RECEIVED'"""
ADD_ENTRY = """
INSERT INTO signal_entry (tenant_id, entry_id, signal_id, nis_code, kind, author_id, said_at, language, said)
SELECT tenant_id, '{fresh}', signal_id, nis_code, '{kind}', '{author}', '{now}', 'nl', 'x' FROM signal
 WHERE {which} LIMIT 1"""
ADD_SEEN = """
INSERT INTO signal_seen (tenant_id, signal_id, reader_id, seen_to)
SELECT tenant_id, signal_id, '{seer}', '{now}' FROM signal WHERE state = 'RECEIVED' LIMIT 1"""
OPEN = "preliminary_check WHERE ended_at IS NULL"
ENDED = "case_frame"
"""Of whose signal the check is ended: the police see the case, and not the check any more."""


def add_entry(author: str, kind: str, which: str = "state = 'RECEIVED'") -> str:
    """The statement with something that this person says of such a signal."""
    return ADD_ENTRY.replace("{author}", author).replace("{kind}", kind).replace("{which}", which)


def add_answer(answerer: str, asked: str) -> str:
    """The statement with an answer of this person to these checks."""
    return ADD_ANSWER.replace("{answerer}", answerer).replace("{asked}", asked)


ADD_QUESTION = """
INSERT INTO question (tenant_id, question_id, asker, state, asked_on, version)
VALUES ('{tenant}', '{fresh}', '{fresh}', 'ASKED', '2026-11-24', 1)"""
QUESTIONS = [
    Probe("question", "readers", reporter, "SELECT question_id FROM question"),
    Probe("question", "readers", mayor, "SELECT question_id FROM question"),
    Probe("question", "asker", reporter, ADD_QUESTION),
    Probe("question", "asker", coordinator, ADD_QUESTION),
    Probe("question", "movers", reporter, "UPDATE question SET version = 9"),
    Probe("question_text", "readers", reporter, "SELECT question_id FROM question_text"),
    Probe("question_text", "readers", police, "UPDATE question_text SET answer = 'x'"),
]
"""Tried without the marks of whoever asked, which take the cell's key."""
ADD_TAUGHT = """
INSERT INTO taught_answer (tenant_id, answer_id, published_on, entry, version)
VALUES ('{tenant}', '{fresh}', '2026-11-24', 'x', 1)"""
TAUGHT = [
    Probe("taught_answer", "readers", unsworn, "SELECT 1 FROM taught_answer"),
    Probe("taught_answer", "teachers", reporter, ADD_TAUGHT),
    Probe("taught_answer", "takers_back", mayor, "UPDATE taught_answer SET version = 9"),
]

MY_CASE = "IN (SELECT object_id FROM conflict_of_interest WHERE person_id = '{actor}')"
ADD_CONFLICT = """
INSERT INTO conflict_of_interest (tenant_id, conflict_id, object_id, nis_code, person_id, since, said_by)
VALUES ('{tenant}', '{fresh}', '{case}', '24001', '{whom}', '{now}', '{sayer}')"""
ADD_INFORMATION = """
INSERT INTO information (tenant_id, case_id, number, nis_code, answer, day, said_by, said_at)
VALUES ('{tenant}', '{case}', 9, '24001', 'informed', '2026-11-24', '{sayer}', '{now}')"""
INFORMATION = [
    Probe("information", "readers", reporter, "SELECT 1 FROM information"),
    Probe("information", "readers", kept_out, "SELECT 1 FROM information"),
    Probe("information", "speaker", mayor, ADD_INFORMATION.replace("{sayer}", "{actor}")),
    Probe("information", "speaker", coordinator, ADD_INFORMATION.replace("{sayer}", "{police}")),
]
CONFLICTS = [
    *(Probe(table, "conflict", kept_out, f"SELECT 1 FROM {table} WHERE {column} {MY_CASE}")
      for table, column in (
          ("signal", "signal_id"), ("signal_identity", "signal_id"), ("preliminary_check", "signal_id"),
          ("case_frame", "case_id"), ("planned_case", "case_id"), ("kept_decision", "case_id"),
      )),
    Probe("conflict_of_interest", "speakers", reader,
          ADD_CONFLICT.replace("{whom}", "{actor}").replace("{sayer}", "{police}")),
    Probe("conflict_of_interest", "speakers", coordinator,
          ADD_CONFLICT.replace("{whom}", "{police}").replace("{sayer}", "{actor}")),
    Probe("conflict_of_interest", "lifters", kept_out,
          "UPDATE conflict_of_interest SET lifted_at = '{now}', lifted_by = '{actor}' WHERE person_id = '{actor}'"),
    Probe("conflict_of_interest", "lifters", reader,
          "UPDATE conflict_of_interest SET lifted_at = '{now}', lifted_by = '{actor}'"),
]  # fmt: skip

PROBES = [
    *CONFLICTS,
    *INFORMATION,
    *QUESTIONS,
    *TAUGHT,
    *(Probe(table, "cell", neighbour, f"SELECT 1 FROM {table} WHERE tenant_id = '{{tenant}}'")
      for table in sorted(TENANT_TABLES)),
    Probe("signal", "frame", without_content, "SELECT 1 FROM signal"),
    Probe("signal_identity", "circle", dpo, "SELECT 1 FROM signal_identity"),
    Probe("signal_content", "circle", dpo, "SELECT 1 FROM signal_content"),
    Probe("signal_mark", "circle", dpo, "SELECT 1 FROM signal_mark"),
    Probe("signal_mark", "circle", dpo, ADD_MARK),
    Probe("case_frame", "frame", reporter, "SELECT 1 FROM case_frame"),
    Probe("case_identity", "circle", reader, "SELECT 1 FROM case_identity"),
    Probe("case_proposal", "circle", reader, "SELECT 1 FROM case_proposal"),
    Probe("case_proposal", "circle", reader, "UPDATE case_proposal SET list_reasons = 'x'"),
    Probe("case_action", "circle", without_content, "SELECT 1 FROM case_action"),
    Probe("contribution", "circle", without_content, "SELECT 1 FROM contribution WHERE state = 'SHARED'"),
    Probe("contribution", "circle", reader, "SELECT 1 FROM contribution WHERE state = 'PRIVATE'"),
    Probe("contribution", "circle", without_content, ADD_CONTRIBUTION.replace("{author}", "{actor}")),
    Probe("contribution", "author_writes", reader, ADD_CONTRIBUTION.replace("{author}", "{police}")),
    Probe("contribution", "author_changes", reader, "UPDATE contribution SET version = 9 WHERE state = 'SHARED'"),
    Probe("contribution_declined", "circle", without_content, ADD_DECLINED.replace("{person}", "{actor}")),
    Probe("contribution_declined", "own", reader, "SELECT 1 FROM contribution_declined"),
    Probe("contribution_declined", "own", reader, ADD_DECLINED.replace("{person}", "{fresh}")),
    Probe("kept_decision", "insiders", reader, "SELECT 1 FROM kept_decision"),
    Probe("planned_case", "frame", reporter, "SELECT 1 FROM planned_case"),
    Probe("circle_entry", "inviter", reader, ADD_TO_CIRCLE.replace("{inviter}", "{police}")),
    Probe("read_receipt", "circle", without_content, ADD_RECEIPT.replace("{reader}", "{actor}")),
    Probe("read_receipt", "reader", reader, "SELECT 1 FROM read_receipt"),
    Probe("read_receipt", "reader", reader, ADD_RECEIPT.replace("{reader}", "{fresh}")),
    Probe("preliminary_check", "starter", reporter, ADD_CHECK.replace("{starter}", "{actor}")),
    Probe("preliminary_check", "starter", coordinator, ADD_CHECK.replace("{starter}", "{police}")),
    Probe("preliminary_check", "readers", dpo, "SELECT 1 FROM preliminary_check"),
    Probe("preliminary_check", "readers", police, "SELECT 1 FROM preliminary_check WHERE ended_at IS NOT NULL"),
    Probe("preliminary_check", "ender", mayor, "UPDATE preliminary_check SET ended_at = '{now}'"),
    Probe("preliminary_check", "ender", police, "UPDATE preliminary_check SET ended_at = '{now}'"),
    Probe("check_answer", "readers", dpo, "SELECT 1 FROM check_answer"),
    Probe("check_answer", "readers", police, "SELECT 1 FROM check_answer WHERE answer = 'no_objection'"),
    Probe("check_answer", "answerer", mayor, add_answer("{actor}", OPEN)),
    Probe("check_answer", "answerer", police, add_answer("{fresh}", OPEN)),
    Probe("check_answer", "answerer", police, add_answer("{actor}", ENDED)),
    *(Probe(table, "ended", coordinator, f"DELETE FROM {table} WHERE signal_id {OF_OPEN_ONES}", "case_erasing")
      for table in ("signal", "preliminary_check", "check_answer", "signal_outcome", "signal_reason", "signal_mark",
                    "signal_entry", "signal_seen")),
    Probe("circle_entry", "ended", coordinator, f"DELETE FROM circle_entry WHERE object_id {OF_OPEN_ONES}",
          "case_erasing"),
    Probe("signal_entry", "circle", dpo, "SELECT 1 FROM signal_entry"),
    Probe("signal_entry", "author", coordinator, add_entry("{police}", "question")),
    Probe("signal_entry", "author", coordinator, add_entry("{actor}", "addition")),
    Probe("signal_entry", "author", coordinator, add_entry("{actor}", "question", "state = 'PROPOSED'")),
    Probe("signal_entry", "author", reporter, add_entry("{actor}", "question")),
    Probe("signal_entry", "author", unsworn, add_entry("{actor}", "question")),
    Probe("signal_seen", "own", reporter, "SELECT 1 FROM signal_seen"),
    Probe("signal_seen", "own", coordinator, ADD_SEEN.replace("{seer}", "{police}")),
    Probe("signal_outcome", "circle", dpo, "SELECT 1 FROM signal_outcome"),
    Probe("signal_outcome", "circle", reporter, ADD_OUTCOME.replace("{decider}", "{actor}")),
    Probe("signal_outcome", "circle", coordinator, ADD_OUTCOME.replace("{decider}", "{police}")),
    Probe("signal_reason", "keepers", reporter, "SELECT 1 FROM signal_reason"),
    Probe("signal_reason", "keepers", reporter, ADD_REASON.replace("{decider}", "{actor}")),
    Probe("signal_reason", "keepers", coordinator, ADD_REASON.replace("{decider}", "{police}")),
]  # fmt: skip

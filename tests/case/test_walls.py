"""The rows themselves, around the handlers: what the app role sees, and which policy holds it back.

Each probe is tried twice by the same actor: with the policy, and with it dropped in a transaction that is rolled back.
The second try shows that this policy, and nothing else, is what holds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.case.model import TENANT_TABLES, Part
from services.kit.ids import new_id
from services.kit.policy import Role
from services.kit.schema import SPINE_TENANT_TABLES
from tests.case.rows import Administrator, as_actor, pause, rows
from tests.case.story import Story, story, story_in
from tests.harness import Harness, Person

Who = Callable[[Story], Awaitable[Person]]


async def reporter(our: Story) -> Person:
    return our.reporter


async def coordinator(our: Story) -> Person:
    return our.coordinator


async def dpo(our: Story) -> Person:
    return await our.cell.person(Role.DPO)


async def reader(our: Story) -> Person:
    return await our.invite(Part.CONTENT)


async def without_content(our: Story) -> Person:
    return await our.invite(Part.IDENTITY)


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
PROBES = [
    *(Probe(table, "cell", neighbour, f"SELECT 1 FROM {table} WHERE tenant_id = '{{tenant}}'")
      for table in sorted(TENANT_TABLES)),
    Probe("signal", "frame", without_content, "SELECT 1 FROM signal"),
    Probe("signal_identity", "circle", dpo, "SELECT 1 FROM signal_identity"),
    Probe("signal_content", "circle", dpo, "SELECT 1 FROM signal_content"),
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
]  # fmt: skip


async def furnished(harness: Harness) -> tuple[Story, UUID]:
    """A case with a row in every table, and its shared contribution, which is of the police."""
    our = await story(harness)
    await our.list()
    shared = await our.share(our.police)
    await our.write(our.police)
    await our.decline(our.coordinator)
    await our.read(our.mayor)
    await our.plan()
    await our.decide(our.decision())
    # What is decided on a case that is restricted meanwhile is kept.
    await pause(our.coordinator, our.case_id, "RESTRICTED")
    await our.decide(our.decision(decided_at=our.now + timedelta(seconds=1)))
    await pause(our.coordinator, our.case_id, "FOLLOW_UP")
    for table in TENANT_TABLES - TOLD_ALONE:
        seen = (await rows(our.coordinator, table)) or (await rows(our.mayor, table))
        assert seen, f"no row in {table}"
    return our, shared.id


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: f"{probe.table}-{probe.policy}-{probe.statement[:20]}")
async def test_each_policy_is_what_holds(harness: Harness, administrator: Administrator, probe: Probe) -> None:
    our, shared_id = await furnished(harness)
    actor = await probe.who(our)
    statement = probe.statement.format(
        tenant=our.cell.cell_id, case=our.case_id, actor=actor.person_id, police=our.police.person_id,
        shared=shared_id, fresh=new_id(), now=harness.clock().isoformat(),
    )  # fmt: skip
    role = role_of(probe.table)
    assert await taken(administrator, role, actor, harness.clock(), statement) is None
    without = f"DROP POLICY {probe.policy} ON {probe.table}"
    if probe.policy == "cell":
        # Row security without any permissive policy shows nothing at all.
        without += f"; CREATE POLICY open ON {probe.table} TO {role} USING (true)"
        for name in await restrictive(administrator, probe.table):
            without += f"; DROP POLICY {name} ON {probe.table}"
    assert await taken(administrator, role, actor, harness.clock(), statement, without)


async def test_the_trigger_is_what_keeps_an_invitation(harness: Harness, administrator: Administrator) -> None:
    our, _ = await furnished(harness)
    actor = await reader(our)
    widening = "UPDATE circle_entry SET parts = '{content}' WHERE seat IS NULL"
    assert await taken(administrator, "case_app", actor, harness.clock(), widening) is None
    without = "DROP TRIGGER invitations_stay ON circle_entry"
    assert await taken(administrator, "case_app", actor, harness.clock(), widening, without)


async def taken(
    administrator: Administrator, role: str, actor: Person, now: datetime, statement: str, without: str = ""
) -> int | None:
    """How many rows the role gets or changes for this actor; None for none or a refusal. Rolled back."""
    transaction = administrator.transaction()
    await transaction.start()
    try:
        if without:
            await administrator.execute(without)
        await administrator.execute(f"SET LOCAL ROLE {role}")
        for name, value in (("tenant", actor.cell.cell_id), ("actor", actor.person_id), ("now", now)):
            await administrator.execute("SELECT set_config($1, $2, true)", f"rondetafel.{name}", str(value))
        return int((await administrator.execute(statement)).split()[-1]) or None
    except asyncpg.InsufficientPrivilegeError:
        return None
    finally:
        await transaction.rollback()


async def restrictive(administrator: Administrator, table: str) -> list[str]:
    """The names of a table's restrictive policies."""
    query = "SELECT policyname FROM pg_policies WHERE tablename = $1 AND permissive = 'RESTRICTIVE'"
    return [row[0] for row in await administrator.fetch(query, table)]


async def test_every_policy_has_its_probe(administrator: Administrator) -> None:
    policies = {
        (row["tablename"], row["policyname"])
        for row in await administrator.fetch("SELECT tablename, policyname FROM pg_policies")
        if row["tablename"] not in SPINE_TENANT_TABLES
    }
    assert policies == {(probe.table, probe.policy) for probe in PROBES}


async def test_an_unset_tenant_is_an_error_in_every_table(harness: Harness, administrator: Administrator) -> None:
    await furnished(harness)
    for table in sorted(TENANT_TABLES):
        transaction = administrator.transaction()
        await transaction.start()
        await administrator.execute(f"SET LOCAL ROLE {role_of(table)}")
        with pytest.raises(asyncpg.PostgresError) as refused:
            await administrator.fetch(f"SELECT * FROM {table}")
        assert refused.value.sqlstate in ("42704", "22P02"), table
        await transaction.rollback()


async def test_a_first_content_row_waits_for_its_circle_entry(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    teacher = await our.cell.person(Role.PARTICIPANT)
    values = {
        "tenant": our.cell.cell_id, "fresh": new_id(), "case": our.case_id, "actor": teacher.person_id,
        "now": harness.clock().isoformat(),
    }  # fmt: skip
    add = ADD_CONTRIBUTION.replace("{author}", "{actor}").format(**values) + " RETURNING contribution_id"
    enter = ADD_TO_CIRCLE.replace("{inviter}", "{actor}")
    with pytest.raises(DBAPIError, match="row-level security"):
        async with as_actor(teacher) as session:
            await session.execute(text(add))
    async with as_actor(teacher) as session:
        await session.execute(text(enter.format(**values)))
        assert (await session.execute(text(add))).scalar_one() == values["fresh"]


async def test_an_ended_mandate_with_a_live_circle_entry_reads_nothing(harness: Harness) -> None:
    our, _ = await furnished(harness)
    teacher = await our.invite(Part.IDENTITY, Part.PROPOSAL, Part.CONTENT)
    await our.decline(teacher)
    walled = (
        "case_frame", "case_identity", "case_proposal", "case_action", "contribution", "contribution_declined",
        "planned_case",
    )  # fmt: skip
    for table in walled:
        assert await rows(teacher, table), table
    await teacher.mandate(Role.PARTICIPANT, ends_at=harness.clock(), fact_version=2)
    for table in walled:
        assert not await rows(teacher, table), table


async def test_the_mayor_sees_the_own_town_alone(harness: Harness) -> None:
    cell = await harness.cell("24001", "24002", "24003")
    for town in cell.nis_codes:
        our = await story_in(cell, town)
        await our.list()
        await our.share(our.police)
        for table in ("case_frame", "case_identity", "case_proposal", "contribution"):
            assert [row.case_id for row in await rows(our.mayor, table)] == [our.case_id], table
    assert len(await rows(await cell.person(Role.DPO), "case_frame")) == 3


async def test_receipts_show_to_their_author_and_their_reader(harness: Harness) -> None:
    our, _ = await furnished(harness)
    await our.read(our.prevention)
    assert {row.reader_id for row in await rows(our.police, "read_receipt")} == {
        our.mayor.person_id, our.prevention.person_id,
    }  # fmt: skip
    assert [row.reader_id for row in await rows(our.mayor, "read_receipt")] == [our.mayor.person_id]
    assert await rows(our.coordinator, "read_receipt") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contribution SET organisation_id = organisation_id",
        "UPDATE contribution_declined SET person_id = person_id",
        "UPDATE planned_case SET starts_at = now()",
        "UPDATE contribution SET author_id = author_id",
        "UPDATE contribution SET police_origin = false",
        "UPDATE case_frame SET nis_code = '24002'",
        "UPDATE case_proposal SET criteria = 'x'",
        "UPDATE case_identity SET person = 'x'",
        "UPDATE read_receipt SET read_at = now()",
        "DELETE FROM case_frame",
        "DELETE FROM contribution",
        "DELETE FROM contribution_declined",
        "UPDATE kept_decision SET state = state",
        "DELETE FROM kept_decision",
        "DELETE FROM read_receipt",
    ],
)
async def test_what_is_written_once_the_app_role_cannot_change(harness: Harness, statement: str) -> None:
    our, _ = await furnished(harness)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with as_actor(our.police) as session:
            await session.execute(text(statement))

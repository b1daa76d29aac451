"""The rows themselves, around the handlers: what the app role sees, and which policy holds it back.

Each probe is tried twice by the same actor: with the policy, and with it dropped in a transaction that is rolled back.
The second try shows that this policy, and nothing else, is what holds.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.case.commands.answer_check import answer_check
from services.case.commands.declare_conflict import DeclareConflict, declare_conflict
from services.case.commands.note_information import NoteInformation, note_information
from services.case.commands.reconsider_signal import reconsider_signal
from services.case.model import TENANT_TABLES, Part
from services.kit.ids import new_id
from services.kit.policy import Role
from services.kit.schema import SPINE_TENANT_TABLES
from tests.case.checks import asked, hold, no_objection
from tests.case.exchanging import ANSWER, add
from tests.case.exchanging import ask as ask_about
from tests.case.outcomes import dismissed, second_thoughts, signal_of
from tests.case.probes import ADD_CONTRIBUTION, ADD_TO_CIRCLE, PROBES, TOLD_ALONE, Probe, reader, role_of
from tests.case.questions import answered, ask, publish
from tests.case.rows import Administrator, as_actor, pause, rows
from tests.case.story import Story, story, story_in
from tests.harness import Harness, Person


async def furnished(harness: Harness) -> tuple[Story, UUID]:
    """A case with a row in every table, and its shared contribution, which is of the police."""
    our = await asked(await story(harness))
    await our.police.run(answer_check, no_objection(our))
    await add(our, ANSWER, await ask_about(our))
    await our.list()
    shared = await our.share(our.police)
    await our.write(our.police)
    await our.decline(our.coordinator)
    await our.read(our.mayor)
    our.version = await our.present_version()
    await our.coordinator.run(note_information, NoteInformation(our.case_id, our.version, "informed", our.today, None))
    await our.plan()
    await our.decide(our.decision())
    # What is decided on a case that is restricted meanwhile is kept.
    await pause(our.coordinator, our.case_id, "RESTRICTED")
    await our.decide(our.decision(decided_at=our.now + timedelta(seconds=1)))
    await pause(our.coordinator, our.case_id, "FOLLOW_UP")
    # Beside the check that ended with the proposal, a signal that is not retained, one of which that was taken back,
    # a check that goes on, and a signal without one.
    await our.enter()
    await dismissed(our)
    our.signal = await our.coordinator.run(reconsider_signal, second_thoughts(our))
    await our.enter()
    await dismissed(our)
    await asked(our)
    await our.police.run(answer_check, hold(our))
    await add(our, ANSWER, await ask_about(our))
    await signal_of(our, our.coordinator)
    await our.enter()
    deputy = await our.cell.person(Role.PREVENTION_OFFICER, nis_codes=(our.town,))
    await deputy.run(declare_conflict, DeclareConflict(our.case_id))
    await publish(await answered(await ask(our.reporter), our.coordinator), our.coordinator)
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
    role = probe.role or role_of(probe.table)
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
    except asyncpg.ForeignKeyViolationError:
        # The wall let it through; that others name the row is asked after it.
        return 1
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
            await administrator.fetch(f"SELECT tenant_id FROM {table}")
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
        "UPDATE preliminary_check SET due_on = due_on",
        "DELETE FROM preliminary_check",
        "UPDATE check_answer SET answer = answer",
        "UPDATE check_answer SET hold_until = NULL",
        "DELETE FROM check_answer",
    ],
)
async def test_what_is_written_once_the_app_role_cannot_change(harness: Harness, statement: str) -> None:
    our, _ = await furnished(harness)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with as_actor(our.police) as session:
            await session.execute(text(statement))

"""The databases themselves, with a row in every table the catalogue lists: what each role reaches, and who holds it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.local.platform import Platform
from deploy.local.ports import SERVICES
from services.kit.principal import PLATFORM
from services.kit.schema import SPINE_TENANT_TABLES
from tests.pages.log import the_log_has_arrived
from tests.security.columns import PROVIDER_COLUMNS
from tests.security.leaks import Ground, leaks, unreached
from tests.security.scene import Scene, play
from tests.security.tables import WORKING, Actor, Administrator, become, rolled_back, tables_of
from tests.security.world import matrix_world

PLATFORM_COLUMNS = {
    "alembic_version": {"version_num"},
    "announcement": {"announcement_id", "cell_id", "what", "role", "at", "opens_at", "recorded_at", "sent_at"},
    "cell": {
        "cell_id", "name", "state", "created_at", "brand_colour", "contact", "version", "opened_at", "dpia_reference",
        "dpia_on", "dpia_at", "danger_contact", "danger_contact_at", "contact_at", "given_at",
    } | {"suspended_at", "suspension_reason"},
    "cell_state": {"cell_id", "state", "version"},
    "cell_municipality": {"cell_id", "nis_code", "since", "until"},
    "fact_counter": {"one", "newest"},
    **PROVIDER_COLUMNS,
    "fact_key": {"key_id", "public_key", "sealed", "created_at"},
    "fact_seen": {"fact_version"}, "known_cell": {"cell_id"},
    "legal_basis": {
        "code", "in_force_from", "in_force_to", "partner_kinds", "regions", "title_nl", "title_fr", "title_en",
        "title_de", "name_nl", "name_fr", "name_de", "name_en", "allows", "source", "legal_basis_id", "version",
    },
    "basis_confirmation": {"legal_basis_id", "cell_id", "confirmed_at"},
    "cell_undertaking": {"cell_id", "in_force_from", "rules_id"},
    "basis_use": {"legal_basis", "ends_on", "mandates"},
    "municipality": {
        "nis_code", "name_nl", "name_fr", "name_de", "name_en", "own_language", "province", "region", "valid_from",
        "valid_to", "successor",
    },
    "organisation": {"organisation_id", "kbo_number", "name", "kind", "created_at"},
    "producer_epoch": {"epoch", "since"},
    "revoked": {"identity_id", "kind", "revoked_at", "refuses_all", "fact_version"},
}  # fmt: skip
"""Read one by one: nothing here names a person. `identity_id` is made of the random `sid` of a sign-in, or is the id of
one whom the host shut out of the whole platform."""
BY_THE_CELL_ALONE = {
    "partner_directory": {
        "mandate", "cell_person", "invitation", "person_cell", "proposal", "recovery", "seen_event",
        "sign_in_letter", "letter", "letters_of_day", "notice", "absence", "rules", "rules_part", "rules_acceptance",
        "theft",
    },
    "case": {"mandate", "circle_entry", "case_counter", "conflict_of_interest"},
    "meeting": {"mandate", "circle_entry", "session", "agenda_item", "attendance"},
    "audit": {"mandate", "log", "finding"},
    "portal": {"mandate", "session"},
}  # fmt: skip
"""What the app reads behind no second wall: who holds no mandate is kept from it by the handlers. A new one must be
meant. What hearing and erasing may read stands in rights.py."""
CLAUSES = {"USING": "qual", "WITH CHECK": "with_check"}
EQUIVALENT = {
    ("outbox", "cell", "USING (true)"),
    ("inbox", "cell", "USING (true)"),
    ("inbox", "clock", "TO app"),
    ("contribution", "author_changes", "USING (true)"),
    ("contribution", "author_changes", "WITH CHECK (true)"),
    *((table, "cell", "WITH CHECK (true)") for table in ("check_answer", "question_text", "signal_entry")),
    ("person_cell", "changed", "USING (true)"),
    ("person_cell", "changed", "WITH CHECK (true)"),
}
"""Half a policy that changes nothing: another one, or the rights of the roles behind it, hold the same."""

OF_SERVICES = frozenset({"kept_decision"})
"""Behind a second wall, and written by a service that hears of it, in an order of things no play brings about."""


@pytest.fixture(scope="module")
async def scene(platform: Platform) -> AsyncIterator[Scene]:
    """A cell where everything happened, and its neighbour."""
    async with matrix_world(platform) as world:
        await play(world)
        # What is still under way would change rows that statements here change.
        for cell in (world.cell, world.ids["neighbour_cell"]):
            await the_log_has_arrived(platform, cell)
        yield Scene(platform, world)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_table_is_empty_before_it_starts(scene: Scene, service: str) -> None:
    async with scene.ground(service) as (ground, made):
        for table in ground.tables:
            own = f"WHERE tenant_id = '{ground.cell}'" if table.walled else ""
            assert await ground.administrator.fetchval(f"SELECT EXISTS (SELECT 1 FROM {table.name} {own})"), table.name
        written = {table.name for table in ground.closed} - OF_SERVICES
        assert not written & set(made), "what people write was written by people"


@pytest.mark.parametrize("service", SERVICES)
async def test_an_unset_cell_is_an_error_in_every_walled_table(scene: Scene, service: str) -> None:
    async with scene.ground(service) as (ground, _):
        reading = [(table, role) for table in ground.walled for role in WORKING if "SELECT" in table.granted[role]]
        assert {table.name for table in ground.walled} - {table.name for table, _ in reading} <= {"outbox", "inbox"}
        for table, role in reading:
            # Never set in this connection at first; later an empty text, as PostgreSQL leaves it.
            assert await refusal(ground, table.name, role) in ("42704", "22P02"), table.name
            assert await ground.reach(ground.insider, table, "SELECT", role), table.name
            assert await refusal(ground, table.name, role) == "22P02", table.name


async def refusal(ground: Ground, table: str, role: str) -> str:
    """The SQLSTATE of reading a table without saying for which cell; empty when it is simply read."""
    try:
        async with rolled_back(ground.administrator):
            await ground.administrator.execute(f"SET LOCAL ROLE {ground.service}_{role}")
            await ground.administrator.fetch(f"SELECT tenant_id FROM {table}")
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
    return ""


@pytest.mark.parametrize("service", SERVICES)
async def test_no_statement_gets_past_a_wall(scene: Scene, service: str) -> None:
    """From another cell, after the mandate's end, in another's name; first all of it by whom it is for."""
    async with scene.ground(service) as (ground, _):
        assert await unreached(ground) == []
        assert await leaks(ground) == []


@pytest.mark.parametrize("service", ["case", "meeting"])
async def test_an_ended_mandate_with_a_live_circle_entry_reads_nothing(scene: Scene, service: str) -> None:
    """The very rows the platform wrote: who was invited to a case and left the cell since."""
    cell, person = UUID(scene.world.cell), UUID(scene.world.person_ids["ended"])
    mine = "WHERE tenant_id = $1 AND person_id = $2"
    async with scene.administrator(service) as administrator, rolled_back(administrator):
        ends_at = await administrator.fetchval(f"SELECT max(ends_at) FROM mandate {mine}", cell, person)
        entry = await administrator.fetchrow(f"SELECT * FROM circle_entry {mine}", cell, person)
        assert entry is not None
        assert entry["ends_at"] > ends_at
        seen = {}
        for moment in (ends_at - timedelta(microseconds=1), ends_at):
            async with rolled_back(administrator):
                await become(administrator, f"{service}_app", Actor(cell, person, moment))
                seen[moment] = {
                    table.name: await administrator.fetchval(f"SELECT count(*) FROM {table.name}")
                    for table in await tables_of(administrator, service)
                    if table.restricted
                }
        before, after = seen.values()
        assert before["case_identity" if service == "case" else "known_case"] == 1
        assert set(after.values()) == {0}


@pytest.mark.parametrize("service", SERVICES)
async def test_only_these_tables_rest_on_the_wall_of_the_cell_alone(scene: Scene, service: str) -> None:
    async with scene.ground(service) as (ground, _):
        nobody = Actor(ground.cell, uuid4(), ground.insider.now)
        seen = {table.name for table in ground.walled if await ground.reach(nobody, table, "SELECT")}
        assert seen - (SPINE_TENANT_TABLES - {"mandate"}) == BY_THE_CELL_ALONE[service]


async def test_a_person_sees_the_own_cells_on_the_platform_alone(scene: Scene) -> None:
    async with scene.ground("partner_directory") as (ground, _):
        administrator, mine = ground.administrator, "person_id = $1"
        for cell, expected in ((PLATFORM, True), (ground.stranger.cell, False)):
            async with rolled_back(administrator):
                me = Actor(cell, ground.insider.person, ground.insider.now)
                await become(administrator, "partner_directory_app", me)
                own = f"SELECT EXISTS (SELECT 1 FROM person_cell WHERE tenant_id = $2 AND {mine})"
                assert await administrator.fetchval(own, me.person, ground.cell) is expected
                others = f"SELECT count(*) FROM person_cell WHERE tenant_id = $2 AND NOT {mine}"
                assert await administrator.fetchval(others, me.person, ground.cell) == 0


@pytest.mark.parametrize("service", SERVICES)
async def test_the_relay_sees_the_outbox_alone(scene: Scene, service: str) -> None:
    async with scene.administrator(service) as administrator:
        names = [table.name for table in await tables_of(administrator, service)]
    async with scene.signed_in(service, "relay") as relay:
        assert await relay.fetchval("SELECT count(*) FROM outbox") >= 0
        for name in set(names) - {"outbox"}:
            await denied(relay, f"SELECT 1 FROM {name}")
        await denied(relay, "UPDATE outbox SET payload = ''")
        await denied(relay, "INSERT INTO outbox SELECT * FROM outbox")
        await denied(relay, f"SET ROLE {service}_app")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("role", [*WORKING, "keys", "relay"])
async def test_no_role_at_work_can_undo_a_wall(scene: Scene, service: str, role: str) -> None:
    statements = [
        f"SET ROLE {service}_owner", f"SET ROLE {service}_migrator", "SET ROLE postgres",
        "ALTER TABLE outbox DISABLE ROW LEVEL SECURITY", "ALTER TABLE outbox NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY cell ON outbox", f"ALTER POLICY cell ON outbox TO {service}_relay",
        f"CREATE POLICY open ON outbox TO {service}_{role} USING (true)", f"ALTER ROLE {service}_{role} BYPASSRLS",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE TABLE public.t (a int)",
        "CREATE VIEW public.v AS SELECT 1", "CREATE SCHEMA s", "CREATE TEMPORARY TABLE t (a int)",
        "SET session_replication_role = replica", "TRUNCATE outbox",
    ]  # fmt: skip
    async with scene.signed_in(service, role) as connection:
        for statement in statements:
            await denied(connection, statement)
        # Row security switched off is not a way around: it makes an error of what would have been hidden.
        await connection.execute("SET row_security = off")
        await denied(connection, f"SELECT tenant_id FROM {'mandate' if role in WORKING else 'outbox'}")


async def test_the_log_is_never_changed(scene: Scene) -> None:
    for role in WORKING:
        await unchanged(scene, role)


async def unchanged(scene: Scene, role: str) -> None:
    """Whoever holds that password takes nothing out of the log, and alters none of it."""
    async with scene.signed_in("audit", role) as connection:
        for table in ("entry", "entry_detail"):
            for statement in (f"UPDATE {table} SET index = 0", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                await denied(connection, statement)
        await denied(connection, "DELETE FROM log")


async def denied(connection: Administrator, statement: str) -> None:
    """The statement is refused for want of a right; nothing stays in any case."""
    async with rolled_back(connection):
        try:
            await connection.execute(statement)
        except asyncpg.InsufficientPrivilegeError:
            return
        pytest.fail(f"allowed: {statement}")


@pytest.mark.parametrize("service", SERVICES)
async def test_tables_of_the_platform_hold_nothing_of_persons(scene: Scene, service: str) -> None:
    async with scene.administrator(service) as administrator:
        for table in await tables_of(administrator, service):
            if not table.walled:
                assert set(table.columns) == PLATFORM_COLUMNS[table.name], table.name


@pytest.mark.parametrize("service", SERVICES)
async def test_every_policy_is_missed(scene: Scene, service: str) -> None:
    """Each policy, and each half of one, opened: some statement above gets through then."""
    async with scene.ground(service) as (ground, _):
        unnoticed = []
        for mutant in await mutants(ground):
            async with rolled_back(ground.administrator):
                await ground.administrator.execute(mutant.statement)
                if not await leaks(ground, mutant.table):
                    unnoticed.append(mutant.statement)
        assert unnoticed == []


@dataclass(frozen=True, slots=True)
class Mutant:
    """A policy opened."""

    table: str
    statement: str


async def mutants(ground: Ground) -> list[Mutant]:
    """Of every policy: all of it, and each clause where it has two. That of the relay is open: given to the app."""
    found = []
    query = "SELECT tablename AS name, policyname, qual, with_check FROM pg_policies ORDER BY 1, 2"
    for row in await ground.administrator.fetch(query):
        clauses = [f"{word} (true)" for word, clause in CLAUSES.items() if row[clause] is not None]
        opened = [" ".join(clauses), *(clauses if len(clauses) > 1 else [])]
        if row["qual"] == "true":
            opened = [f"TO {ground.service}_app"]
        alter = f"ALTER POLICY {row['policyname']} ON {row['name']}"
        found += [
            Mutant(row["name"], f"{alter} {how}")
            for how in opened
            if (row["name"], row["policyname"], how.replace(f"{ground.service}_", "")) not in EQUIVALENT
        ]
    assert found
    return found

"""The walls in the database itself, beside every handler: what the app role may read whatever it asks."""

from __future__ import annotations

import base64
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from services.kit.clock import local_date
from services.kit.notices import NoticeKind
from services.kit.policy import Role
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system
from services.partner_directory.across import LETTERS
from services.partner_directory.commands.deputy.mark_absent import MarkAbsent, mark_absent
from services.partner_directory.commands.letter.claim_posting import ClaimPosting, claim_posting
from services.partner_directory.commands.rules.upload_rules import UploadRules, upload_rules
from services.partner_directory.model import PERSON_TABLES, TENANT_TABLES
from tests.harness import Harness, Person
from tests.partner_directory.lost import lost_town
from tests.partner_directory.noticing import letter_of, tell, waits
from tests.partner_directory.ruled import Ruled, accept
from tests.partner_directory.town import Host, Town

OF_THE_PLATFORM = frozenset({"recovery", "seen_event", "theft"})
"""Behind the wall of its tenant, and in the platform's alone: which events the host's log has, and nothing of them; and
recoveries, each of which the cell it is about sees too; reports of a theft, whose person nobody sees."""
OF_CELLS = TENANT_TABLES - OF_THE_PLATFORM
OF_ONE_PERSON = frozenset({"person_profile", "sign_in"})
"""Of no cell: seen by an act about that person alone; test_profiles.py tries how a profile is read in cells,
test_sign_ins.py who sees a sign-in."""
WALLED = sorted((OF_CELLS | PERSON_TABLES) - OF_ONE_PERSON)
CHANGEABLE = {
    "cell_person": "given_name", "invitation": "tries", "mandate": "ends_at", "person_cell": "ends_at",
    "proposal": "state", "sign_in_letter": "sent_at", "letter": "sent_at", "notice": "over_at",
    "letters_of_day": "taken", "absence": "ends_at", "rules": "state", "rules_part": "content",
}  # fmt: skip
"""A column of each that acts may change; what was accepted nobody changes."""


async def agreed(town: Town, holder: Person) -> None:
    """Somebody is marked absent, and rules of the cell are in force and accepted."""
    day = local_date(town.harness.clock())
    await holder.run(mark_absent, MarkAbsent(holder.mandate_id, day, day))
    coordinator = await town.sworn(Role.COORDINATOR)
    await accept(holder, await Ruled(town, coordinator, holder, holder).in_force())
    part = base64.b64encode(b"%PDF-").decode()
    await coordinator.run(upload_rules, UploadRules("cooperation_protocol", None, uuid4(), "1/2", part))


async def written_to(town: Town, person: Person) -> None:
    """A letter to this person is in somebody's hand."""
    await tell(town, waits(NoticeKind.CASE_PROPOSED, person, urgent=True))
    claims = system(LETTERS, town.cell_id)
    await town.harness.executor.run(claims, claim_posting, ClaimPosting(await letter_of(town), 1))


async def tenants(harness: Harness, person: Person, cell_id: UUID, table: str) -> set[UUID]:
    """Whose rows a person gets of a table, without any condition."""
    principal = Principal(PrincipalKind.PERSON, person.person_id, cell_id, acr=2)
    async with harness.database.transaction(principal, harness.clock()) as session:
        return {row["tenant_id"] for row in await session.raw.fetch(f"SELECT tenant_id FROM {table}")}


@pytest.mark.parametrize("table", WALLED)
async def test_invariant_17_no_statement_reaches_another_cell(host: Host, table: str) -> None:
    town, neighbour = await host.town(region="wallonia"), await host.town(region="wallonia")
    person = await town.sworn(Role.MAYOR, email=f"{uuid4().hex}@stad.example")
    other = await neighbour.sworn(Role.MAYOR)
    for row, mayor in ((town, person), (neighbour, other)):
        await row.proposed()
        await written_to(row, mayor)
        await agreed(row, mayor)
    assert await tenants(host.harness, person, town.cell_id, table) == {town.cell_id}
    assert await tenants(host.harness, other, neighbour.cell_id, table) == {neighbour.cell_id}
    assert await tenants(host.harness, person, uuid4(), table) == set()


async def test_a_person_with_two_cells_sees_one_in_each_and_both_on_the_platform(host: Host) -> None:
    town, neighbour = await host.town(region="wallonia"), await host.town(region="wallonia")
    person = await town.sworn(Role.MAYOR, email="lieve@twee.example")
    await neighbour.sworn(Role.MAYOR, email="lieve@twee.example")
    await neighbour.sworn(Role.DPO)
    for cell in (town, neighbour):
        assert await tenants(host.harness, person, cell.cell_id, "person_cell") == {cell.cell_id}
    both = await tenants(host.harness, person, PLATFORM, "person_cell")
    assert both == {town.cell_id, neighbour.cell_id}
    for table in OF_CELLS:
        assert await tenants(host.harness, person, PLATFORM, table) == set()


async def test_on_the_platform_the_index_shows_nobody_elses_rows(host: Host) -> None:
    town = await host.town(region="wallonia")
    await town.sworn(Role.MAYOR)
    stranger = Person(town, uuid4())
    assert await tenants(host.harness, stranger, PLATFORM, "person_cell") == set()


async def test_a_cell_sees_and_answers_its_own_recovery_alone_and_adds_none(host: Host) -> None:
    lost, other = await lost_town(host), await lost_town(host)
    mine, theirs = await lost.proposed(), await other.proposed()
    for cell_id, seen in ((lost.town.cell_id, mine), (other.town.cell_id, theirs), (uuid4(), None)):
        principal = Principal(PrincipalKind.PERSON, lost.oversight.person_id, cell_id, acr=2)
        async with host.harness.database.transaction(principal, host.harness.clock()) as session:
            rows = await session.raw.fetch("SELECT recovery_id FROM recovery")
            assert [row["recovery_id"] for row in rows] == ([seen.id] if seen else [])
            assert await session.raw.execute("UPDATE recovery SET state = state") == f"UPDATE {len(rows)}"
    principal = Principal(PrincipalKind.PERSON, lost.oversight.person_id, lost.town.cell_id, acr=2)
    adding = "INSERT INTO recovery SELECT (jsonb_populate_record(one, $1::jsonb)).* FROM recovery AS one"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with host.harness.database.transaction(principal, host.harness.clock()) as session:
            await session.raw.execute(adding, f'{{"recovery_id": "{uuid4()}"}}')


async def test_the_database_too_lets_nobody_stand_in_two_places_of_a_recovery(host: Host, servers: Servers) -> None:
    lost = await lost_town(host)
    recovery = await lost.seconded()
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    try:
        for change in ("seconded_by = proposed_by", "confirmed_by = proposed_by", "confirmed_by = seconded_by",
                       "mandate_id = recovery_id"):  # fmt: skip
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute(f"UPDATE recovery SET {change} WHERE recovery_id = $1", recovery.id)
    finally:
        await connection.close()


@pytest.mark.parametrize("table", ["cell_person", "mandate"])
async def test_on_the_platform_nobody_sees_who_else_acts_for_the_host(host: Host, table: str) -> None:
    hilde, other = await host.appointed(), await host.appointed()
    principal = Principal(PrincipalKind.PERSON, hilde.person_id, PLATFORM, acr=2)
    async with host.harness.database.transaction(principal, host.harness.clock()) as session:
        seen = {row["person_id"] for row in await session.raw.fetch(f"SELECT person_id FROM {table}")}
        column = CHANGEABLE[table]
        about_other = f"UPDATE {table} SET {column} = {column} WHERE person_id = $1"
        changed = await session.raw.execute(about_other, other.person_id)
    assert (seen, changed) == ({hilde.person_id}, "UPDATE 0")


async def test_in_a_cell_the_role_of_the_host_cannot_stand(host: Host, servers: Servers) -> None:
    town = await host.town(region="wallonia")
    mayor = await town.sworn(Role.MAYOR)
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    try:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("UPDATE mandate SET role = 'host' WHERE mandate_id = $1", mayor.mandate_id)
    finally:
        await connection.close()


@pytest.mark.parametrize("table", WALLED)
async def test_without_a_tenant_every_read_is_an_error(host: Host, servers: Servers, table: str) -> None:
    town = await host.town(region="wallonia")
    await town.sworn(Role.MAYOR)
    url = servers.postgres.database_url("partner_directory", "app").replace("postgresql+asyncpg://", "postgresql://")
    connection = await asyncpg.connect(url)
    try:
        with pytest.raises(asyncpg.PostgresError):
            await connection.fetch(f"SELECT * FROM {table}")
    finally:
        await connection.close()


@pytest.mark.parametrize("table", WALLED)
async def test_no_row_is_written_or_changed_for_another_cell(host: Host, table: str) -> None:
    town, neighbour = await host.town(region="wallonia"), await host.town(region="wallonia")
    person, other = await town.sworn(Role.MAYOR), await neighbour.sworn(Role.MAYOR)
    for row, mayor in ((town, person), (neighbour, other)):
        await row.proposed()
        await written_to(row, mayor)
        await agreed(row, mayor)
    principal = Principal(PrincipalKind.PERSON, person.person_id, town.cell_id, acr=2)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with host.harness.database.transaction(principal, host.harness.clock()) as session:
            await session.raw.execute(
                f"INSERT INTO {table} SELECT (jsonb_populate_record(one, $1::jsonb)).* FROM {table} AS one",
                f'{{"tenant_id": "{neighbour.cell_id}"}}',
            )
    if column := CHANGEABLE.get(table):
        async with host.harness.database.transaction(principal, host.harness.clock()) as session:
            changed = await session.raw.execute(
                f"UPDATE {table} SET {column} = {column} WHERE tenant_id = $1", neighbour.cell_id
            )
        assert changed == "UPDATE 0"


async def test_nothing_of_the_directory_is_deleted_by_the_service(servers: Servers) -> None:
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await connection.fetch(
        "SELECT table_name FROM information_schema.role_table_grants"
        " WHERE grantee = 'partner_directory_app' AND privilege_type IN ('DELETE', 'TRUNCATE')"
    )
    await connection.close()
    own = OF_CELLS | PERSON_TABLES | {"municipality", "legal_basis", "organisation", "cell", "cell_municipality"}
    assert not own & {row["table_name"] for row in rows}

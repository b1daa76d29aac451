"""What the bench fills cells with fits the tables of today."""

from __future__ import annotations

from collections import Counter
from uuid import UUID, uuid4

from deploy.local.servers import Servers
from services.kit.ids import new_id
from tests.bench.discussed import DISCUSSED, READERS, SHARED, lived
from tests.bench.fill import CONTRIBUTIONS, SEATS, Filler, Member
from tests.databases import Migrated, migrated

NIS_CODE = "23088"
COUNTS = {
    "case": ("case_frame", "case_proposal", "circle_entry", "contribution", "planned_case", "read_receipt"),
    "meeting": ("known_case", "circle_entry", "session", "agenda_case", "decision", "dissent"),
}


async def counted(database: Migrated, cell: UUID, tables: tuple[str, ...]) -> Counter[str]:
    """Rows of a cell."""
    found = {}
    for table in tables:
        rows = await database.unwalled(f"SELECT count(*) FROM {table} WHERE tenant_id = $1", cell)
        found[table] = rows[0]["count"]
    return Counter(found)


async def test_a_cell_is_filled_and_its_cases_were_discussed(servers: Servers) -> None:
    databases = {name: await migrated(servers, name) for name in COUNTS}
    cell, number = uuid4(), DISCUSSED + 10
    members = {name: Member(new_id(), new_id()) for name in READERS}
    connections = {name: await servers.postgres.connect(f"rondetafel_{name}") for name in COUNTS}
    filler = Filler(connections["case"], servers.instance.secrets.root_key("case"))
    ids = await filler.fill(cell, NIS_CODE, number, members["nele"])
    await connections["meeting"].execute("SELECT set_config('rondetafel.now', now()::text, false)")
    databases_of_both = (connections["case"], connections["meeting"])
    places = await lived(servers.instance.secrets, *databases_of_both, cell, NIS_CODE, members, ids)
    case, meeting = [await counted(databases[name], cell, tables) for name, tables in COUNTS.items()]
    assert (case["case_frame"], case["case_proposal"]) == (number, number)
    assert case["circle_entry"] == number * (1 + len(SEATS)) + DISCUSSED, "the guest is invited to what is discussed"
    assert case["contribution"] == number * CONTRIBUTIONS + DISCUSSED * (SHARED - CONTRIBUTIONS)
    assert case["read_receipt"]
    assert case["planned_case"]
    assert (meeting["known_case"], meeting["circle_entry"]) == (number, case["circle_entry"])
    assert all(meeting.values())
    assert {place["case"] for place in places} == {str(case_id) for case_id in ids[:DISCUSSED]}
    for opened in (*connections.values(), *databases.values()):
        await opened.close()

"""Fills some cases of our cell as a table that works with them leaves them: twenty contributions side by side, a
decision and its actions, everything read by everybody. What is measured is the page that people come back to.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from deploy.local.platform import Platform
from deploy.local.secret_files import SecretFiles
from services.case.model import LIFE_DOMAINS
from services.kit.ids import new_id
from services.kit.vault import AssociatedData, Keyring
from tests.bench.fill import ALL_PARTS, ASSESSMENT, CONTRIBUTIONS, TEXT, Member, Rows, keyring_of
from tests.bench.sessions import HELD, OPEN, PLANNED, Connection, Secretary, Session, sessions_of, tell
from tests.e2e.bodies import Pen
from tests.e2e.table import Table

DISCUSSED = 40
SHARED = 20
AUTHORS = ("an", "karim", "joris", "nele", "sofie")
READERS = (*AUTHORS, "lieve")
GUEST = "sofie"
"""Invited to these cases alone."""
DECREE = "decree-vl-2021-05-21"
NEW_SIGNALS = 3

_OURS = "SELECT contribution_id, case_id, author_id FROM contribution WHERE case_id = ANY ($1)"
_DECIDED = """
UPDATE case_frame SET decision_id = $3, decided_at = $4, case_lead_id = $5, version = version + 1
 WHERE tenant_id = $1 AND case_id = $2"""
_SCHEDULED = "UPDATE case_frame SET state = 'SCHEDULED', review_on = NULL WHERE tenant_id = $1 AND case_id = ANY ($2)"


async def discussed(
    platform: Platform, own: Table, members: Mapping[str, Member], ids: Sequence[UUID]
) -> list[dict[str, str]]:
    """Where the pages are: a case and the session it is treated in, for each case that was filled."""
    async with _database(platform, "case") as case, _database(platform, "meeting") as meeting:
        cell, secrets = UUID(own.cell), platform.instance.secrets
        places = await lived(secrets, case, meeting, cell, own.nis_code, members, ids)
    for _ in range(NEW_SIGNALS):
        await own["nele"].post(own.path("signals"), Pen().signal(own.nis_code))
    return places


async def lived(
    secrets: SecretFiles, case: Connection, meeting: Connection, cell: UUID, nis_code: str,
    members: Mapping[str, Member], ids: Sequence[UUID],
) -> list[dict[str, str]]:  # fmt: skip
    """What these people did with the first of the cases, in the databases of case and meeting service."""
    chosen = list(ids[:DISCUSSED])
    sessions = sessions_of(chosen)
    writer = Writer(case, cell, nis_code, members, await _keyring(secrets, case, "case", cell, chosen))
    await writer.write(chosen, sessions)
    await tell(case, meeting, cell)
    secretary = Secretary(cell, nis_code, members, await _keyring(secrets, meeting, "meeting", cell, chosen))
    for session in sessions:
        await secretary.write(session)
    await secretary.rows.copy(meeting)
    # The last session of a case is where it is treated now.
    latest = {str(case_id): str(session.session_id) for session in sessions for case_id in session.decisions}
    return [{"cell": str(cell), "case": case_id, "session": session} for case_id, session in latest.items()]


@asynccontextmanager
async def _database(platform: Platform, service: str) -> AsyncIterator[Connection]:
    connection = await platform.postgres.connect(f"rondetafel_{service}")
    await connection.execute("SELECT set_config('rondetafel.now', now()::text, false)")
    yield connection
    await connection.execute("ANALYZE")
    await connection.close()


async def _keyring(
    secrets: SecretFiles, connection: Connection, service: str, cell: UUID, ids: Sequence[UUID]
) -> Keyring:
    keyring = keyring_of(connection, secrets.root_key(service), cell)
    await keyring.hold(ids, create=True)
    return keyring


class Writer:
    """Writes the case service's rows of cases that are discussed."""

    def __init__(
        self, connection: Connection, cell: UUID, nis_code: str, members: Mapping[str, Member], keyring: Keyring
    ) -> None:
        self._connection = connection
        self._cell = cell
        self._nis_code = nis_code
        self._members = members
        self._keyring = keyring
        self._rows = Rows()
        self._at = datetime.now(UTC) - timedelta(days=20)

    async def write(self, case_ids: Sequence[UUID], sessions: Sequence[Session]) -> None:
        """Guests, contributions, decisions, what is planned; then that everybody has read it all."""
        for case_id in case_ids:
            await self._invite(case_id)
            for number in range(CONTRIBUTIONS, SHARED):
                await self._share(case_id, number)
        for session in sessions:
            await self._treat(session)
        await self._rows.copy(self._connection)
        await self._read_all(case_ids)

    async def _invite(self, case_id: UUID) -> None:
        entry_id = new_id()
        why = await self._keyring.seal(TEXT, AssociatedData(case_id, "circle_entry", "why", entry_id))
        self._rows.add(
            "circle_entry", tenant_id=self._cell, entry_id=entry_id, object_id=case_id,
            person_id=self._members[GUEST].person_id, nis_code=self._nis_code, parts=ALL_PARTS, starts_at=self._at,
            ends_at=self._at + timedelta(days=180), life_domains=["school_and_training", "leisure"],
            invited_by=self._members["an"].person_id, why=why,
        )  # fmt: skip

    async def _share(self, case_id: UUID, number: int) -> None:
        one, name = new_id(), AUTHORS[number % len(AUTHORS)]
        author, at = self._members[name], self._at + timedelta(hours=number)
        life_domain = LIFE_DOMAINS[number % len(LIFE_DOMAINS)]
        text = await self._keyring.seal(TEXT, AssociatedData(case_id, "contribution", "text", one))
        weighed = await self._keyring.seal(ASSESSMENT, AssociatedData(case_id, "contribution", "assessment", one))
        self._rows.add(
            "contribution", tenant_id=self._cell, contribution_id=one, case_id=case_id, author_id=author.person_id,
            organisation_id=author.organisation_id, state="SHARED", life_domain=life_domain,
            language="nl", police_origin=name == "karim", text=text, assessment=weighed, legal_basis=DECREE,
            written_at=at, shared_at=at, version=3,
        )  # fmt: skip

    async def _treat(self, session: Session) -> None:
        if session.state == HELD:
            await self._decide(session)
        elif session.state == OPEN:
            await self._connection.execute(_SCHEDULED, self._cell, list(session.decisions))
        if session.state == PLANNED:
            planned = {"tenant_id": self._cell, "session_id": session.session_id}
            self._rows.add("planned_session", **planned, starts_at=session.starts_at, version=1)
            for case_id in session.decisions:
                self._rows.add(
                    "planned_case", **planned, case_id=case_id, nis_code=self._nis_code, starts_at=session.starts_at
                )

    async def _decide(self, session: Session) -> None:
        decided_at, lead = session.starts_at + timedelta(hours=1), self._members["nele"].person_id
        for number, (case_id, decision_id) in enumerate(session.decisions.items()):
            await self._connection.execute(_DECIDED, self._cell, case_id, decision_id, decided_at, lead)
            for turn, name in enumerate(("nele", "sofie", "joris")):
                # Most of what was agreed is done: a handful waits on the start page, not a hundred.
                state = "AGREED" if number == turn else "DONE"
                self._rows.add(
                    "case_action", tenant_id=self._cell, action_id=new_id(), case_id=case_id, decision_id=decision_id,
                    life_domain=LIFE_DOMAINS[turn], owner_id=self._members[name].person_id,
                    due_on=(decided_at + timedelta(days=30)).date(), state=state,
                )  # fmt: skip

    async def _read_all(self, case_ids: Sequence[UUID]) -> None:
        read = Rows()
        people = [self._members[name].person_id for name in READERS]
        for row in await self._connection.fetch(_OURS, case_ids):
            for reader in people:
                if reader != row["author_id"]:
                    read.add("read_receipt", tenant_id=self._cell, **row, reader_id=reader, read_at=self._at)
        await read.copy(self._connection)

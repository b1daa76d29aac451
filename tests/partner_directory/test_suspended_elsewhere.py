"""Whose mandate is suspended counts nowhere else either: among contacts, among what a table needs, for letters."""

from __future__ import annotations

from uuid import UUID

from services.kit.notices import NoticeKind
from services.kit.policy import Role
from services.partner_directory.commands.mandate.resume_mandate import resume_mandate
from services.partner_directory.commands.mandate.suspend_mandate import suspend_mandate
from services.partner_directory.model import GATHERED_FOR
from services.partner_directory.queries.read_contacts import ReadContacts, read_contacts
from services.partner_directory.queries.read_set_up import ReadSetUp, read_set_up
from tests.harness import Person
from tests.partner_directory.noticing import arrived, sent_later, tell, waits
from tests.partner_directory.post import Post
from tests.partner_directory.test_suspend_mandate import back, out
from tests.partner_directory.town import Host

MINUTES = GATHERED_FOR.seconds // 60


async def reached(reader: Person) -> set[UUID]:
    """Who stands in the list of contacts."""
    return {contact.person_id for contact in (await reader.run(read_contacts, ReadContacts())).contacts}


async def prevention_held(reader: Person) -> bool:
    """Whether the table has its prevention official."""
    lines = (await reader.run(read_set_up, ReadSetUp())).lines
    return next(line.done for line in lines if line.code == "prevention")


async def test_suspended_nobody_calls_counts_or_writes_to_them_and_resumed_all_do(host: Host, post: Post) -> None:
    town, coordinator = await host.town_with_coordinator()
    officer = await town.sworn(Role.PREVENTION_OFFICER)
    await arrived(host, post)

    async def found() -> tuple[bool, bool, int]:
        await tell(town, waits(NoticeKind.SESSION_PLANNED, officer))
        letters = await sent_later(host, post, minutes=MINUTES)
        return officer.person_id in await reached(coordinator), await prevention_held(coordinator), len(letters)

    assert await found() == (True, True, 1)
    await coordinator.run(suspend_mandate, out(officer, 2))
    assert await found() == (False, False, 0)
    await coordinator.run(resume_mandate, back(officer, 3))
    assert await found() == (True, True, 1)

"""A cell on its way to an open table: what each line needs, done one by one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.kit.clock import local_date
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory.commands.cell.change_contact import ChangeContact, change_contact
from services.partner_directory.commands.cell.open_table import OpenTable, open_table
from services.partner_directory.commands.cell.set_danger_contact import SetDangerContact, set_danger_contact
from services.partner_directory.commands.cell.set_dpia import SetDpia, set_dpia
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.rules.decide_rules import DecideRules, decide_rules
from services.partner_directory.commands.rules.draft_rules import DraftRules, draft_rules
from services.partner_directory.queries.read_set_up import ReadSetUp, SetUpView, read_set_up
from services.partner_directory.setup import LINES
from tests.harness import Person
from tests.partner_directory.town import Host, Town

SEATS = {
    "mayor": Role.MAYOR, "police": Role.INFORMATION_OFFICER, "prevention": Role.PREVENTION_OFFICER, "dpo": Role.DPO,
}  # fmt: skip
NEEDED = tuple(line.code for line in LINES if not line.optional)
DPIA_DAY = date(2026, 10, 5)


@dataclass
class Founding:
    """A town with its coordinator, and who took a seat since, by line."""

    town: Town
    coordinator: Person
    people: dict[str, Person] = field(default_factory=dict)
    mayor_left: bool = False

    async def view(self) -> SetUpView:
        """As the coordinator reads it."""
        return await self.coordinator.run(read_set_up, ReadSetUp())

    async def version(self) -> int:
        """Of the cell."""
        return (await self.view()).cell.version

    async def missing(self) -> set[str]:
        """The lines that are not done, optional ones aside."""
        return {line.code for line in (await self.view()).lines if not line.done and not line.optional}

    async def do(self, line: str, **changes: Any) -> None:
        """What that line needs; `changes` are of the invitation."""
        if line == "mayor" and self.mayor_left:
            command = self.town.invitation(Role.MAYOR, **changes)
            self.people[line] = self.town.person_of(command, await self.town.confirmed(command))
            await self.town._swears(self.people[line])
        elif line in SEATS:
            self.people[line] = await self.town.sworn(SEATS[line], **changes)
        elif line != "coordinator":
            await _SAYS[line](self)

    async def say_dpia(self, by: Person | None = None, on: date = DPIA_DAY) -> Receipt:
        """Where the assessment is."""
        return await (by or self.coordinator).run(set_dpia, SetDpia(await self.version(), "GEB 2026/4", on))

    async def say_danger(self) -> Receipt:
        """Whom to reach."""
        said = SetDangerContact(await self.version(), "Wachtdienst, 016 00 00 00")
        return await self.coordinator.run(set_danger_contact, said)

    async def say_contact(self) -> Receipt:
        """Where letters go."""
        said = ChangeContact(await self.version(), "veiligheid@vaartbeke.example")
        return await self.coordinator.run(change_contact, said)

    async def say_rules(self, kind: str = "internal_rules", first_day: date | None = None) -> Receipt:
        """Drafted by the coordinator, decided by the mayor; one that comes for it leaves again."""
        drafted = await self.coordinator.run(draft_rules, DraftRules(kind, None, "Wij helpen tijdig.", "", ""))
        mayor = self.people.get("mayor") or await self.town.sworn(Role.MAYOR)
        today = local_date(self.town.harness.clock())
        decided = await mayor.run(decide_rules, DecideRules(drafted.id, drafted.version, first_day or today, ""))
        if "mayor" not in self.people:
            await mayor.run(end_mandate, EndMandate(mayor.mandate_id, 2, "left"))
            self.mayor_left = bool(self.town.givers.pop(Role.MAYOR))
        return decided

    async def open(self, *, key: str | None = None) -> Receipt:
        """The coordinator opens it."""
        return await self.coordinator.run(open_table, OpenTable(), idempotency_key=key)


_SAYS: Mapping[str, Callable[[Founding], Awaitable[Receipt]]] = {
    "dpia": Founding.say_dpia, "danger_contact": Founding.say_danger, "contact": Founding.say_contact,
    "rules": Founding.say_rules,
}  # fmt: skip


async def founding(host: Host, *, towns: int = 1, without: Collection[str] = ()) -> Founding:
    """A cell in which every line is done but these, and that nobody opened."""
    town, coordinator = await host.town_with_coordinator(towns, "wallonia")
    made = Founding(town, coordinator)
    for line in NEEDED:
        if line not in without:
            await made.do(line)
    return made

"""Everybody on a list of seats is invited, or nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.kit.execute import Work
from services.kit.ids import new_id
from services.kit.outbox import Receipt
from services.kit.principal import PrincipalKind
from services.partner_directory.giving import WhoIs
from services.partner_directory.invitation import lock_cell
from services.partner_directory.inviting import Letter, write_invitation
from services.partner_directory.lettering import language_of
from services.partner_directory.model import GivenBy
from services.partner_directory.seating import check_list

DONE = "INVITED"
APART = timedelta(seconds=1)
"""From one person's letters to the next: letters of others, which may be urgent, go in between."""


@dataclass(frozen=True, slots=True)
class ImportSeats:
    """A file as a spreadsheet saves it, as base64."""

    file: str


async def import_seats(work: Work, command: ImportSeats) -> Receipt:
    """Invite all on it whose seat is not so already, in this one act; the receipt's version is how many that were.

    Given again it invites nobody. The host founds by it and does nothing else. Nobody is asked for accounts here: that
    falls to each letter (`MakeKnown`). Raises SeatsFaulty, and what `check_list` raises.
    """
    await lock_cell(work, work.cell_id)
    checked = await check_list(work, command.file)
    checked.expect_faultless()
    given_by = GivenBy.FOUNDING if work.principal.kind is PrincipalKind.HOST else GivenBy.CELL
    languages: dict[str, str] = {}
    for place, (invited, fitting) in enumerate(checked.new):
        town = min(fitting.nis_codes)
        if invited.language is None and town not in languages:
            languages[town] = await language_of(work, (town,))
        who = WhoIs(invited.email, invited.given_name, invited.family_name)
        letter = Letter(invited.language or languages[town])
        await write_invitation(work, fitting, who, given_by, letter, None, work.now + place * APART)
    list_id = new_id()
    work.trail.count = len(checked.new)
    work.trail.detail |= {"list": str(list_id), "rows": str(len(checked.seats)), "given_by": given_by}
    return Receipt(list_id, DONE, len(checked.new))

"""The first people of many cells from one list: each cell its own rows, all looked at before anybody is invited."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import click

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.cli.administration import ask
from services.cli.directory import Directory, Refused
from services.cli.place import Place
from services.kit.errors import RondetafelError
from services.kit.sheets import read_sheet, write_sheet

AT_ONCE = 4
MOST_ROWS = 300
TWICE = "SeatTwice"
"""Its remedy names another line."""
Done = Callable[[], object]


@dataclass(slots=True)
class Part:
    """The rows of one cell as a list of their own; `lines` are those of the whole, `faults` as people read them."""

    cell_id: UUID
    file: str
    lines: Sequence[int]
    letters: int = 0
    already: int = 0
    faults: list[str] = field(default_factory=list)


@click.group()
def seat() -> None:
    """Seats: the first mayor and coordinator of many cells at once."""


@seat.command("invite")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask before the letters go.")
@click.pass_obj
def invite(place: Place, file: Path, yes: bool) -> None:
    """Invite all on a list (CSV with a NIS code in each row); a cell with faults gets nobody and stops no other."""
    content = file.read_bytes()
    try:
        sheet = read_sheet(content, most_rows=MOST_ROWS, field="file")
    except RondetafelError as refused:
        raise click.ClickException(f"{refused} {refused.field}: {refused.expected}.") from None
    rows = {row.line: row.cells for row in sheet.rows}

    async def look(host: Directory) -> tuple[list[Part], list[str]]:
        parts, nowhere = await parted(host, content, sheet.heading, rows)
        with click.progressbar(length=len(parts), label="Looking at cells", show_pos=True) as bar:
            await each(parts, lambda part: _look(host, part), lambda: bar.update(1))
        return parts, nowhere

    parts, faults = ask(place, look)
    faults += [fault for part in parts for fault in part.faults]
    for fault in faults:
        click.echo(fault)
    good = [part for part in parts if not part.faults and part.letters]
    letters, already = sum(part.letters for part in good), sum(part.already for part in parts)
    click.echo(f"{letters} letters to {len(good)} cells; {already} so already; {len(faults)} faults.")
    if good and not yes:
        click.confirm("Send the letters?", abort=True)
    if good:
        faults += ask(place, lambda host: _invite_all(host, good))
    if faults:
        raise click.ClickException("Not all were invited. Mend the list and give the command again to go on.")


async def _invite_all(host: Directory, parts: Sequence[Part]) -> list[str]:
    """What did not work, a sentence for each cell."""
    refused: list[str] = []

    async def send(part: Part) -> None:
        try:
            await host.act(host.invitation.ImportSeats, pb.ImportSeatsRequest(file=part.file), cell_id=part.cell_id)
        except Refused as refusal:
            refused.append(f"cell {part.cell_id}: {refusal}")

    with click.progressbar(length=len(parts), label="Inviting", show_pos=True) as bar:
        await each(parts, send, lambda: bar.update(1))
    for sentence in refused:
        click.echo(sentence)
    return refused


async def parted(
    host: Directory, content: bytes, heading: Sequence[str], rows: dict[int, tuple[str, ...]]
) -> tuple[list[Part], list[str]]:
    """The list of each cell, and what is wrong with rows of none. Raises Refused."""
    asked = pb.SortSeatsRequest(file=base64.b64encode(content).decode())
    lines: dict[str, list[int]] = {}
    nowhere: list[str] = []
    for row in (await host.ask(host.invitation.SortSeats, asked)).rows:
        if row.cell_id:
            lines.setdefault(row.cell_id, []).append(row.line)
        nowhere += [_said(row.line, fault) for fault in row.faults]
    parts = []
    for cell_id, own in lines.items():
        file = write_sheet([heading, *(rows[line] for line in own)])
        parts.append(Part(UUID(cell_id), base64.b64encode(file).decode(), own))
    return parts, nowhere


async def _look(host: Directory, part: Part) -> None:
    """What the rows come to in their cell. A list that is refused as a whole is a fault of it."""
    try:
        found = await host.ask(
            host.invitation.CheckSeats, pb.CheckSeatsRequest(file=part.file), cell_id=part.cell_id
        )  # fmt: skip
    except Refused as refusal:
        part.faults.append(f"cell {part.cell_id}: {refusal}")
        return
    part.letters, part.already = found.letters, found.already
    for row in found.rows:
        # A row is a line of the cell's own list, below its heading.
        part.faults += [_said(_whole(part, row.line), fault, part) for fault in row.faults]


def _whole(part: Part, line: int) -> int:
    return part.lines[line - 2]


async def each(parts: Sequence[Part], act: Callable[[Part], Awaitable[None]], done: Done) -> None:
    """A few cells at a time; `done` is called after each."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one_of(part: Part) -> None:
        async with free:
            await act(part)
            done()

    await asyncio.gather(*map(one_of, parts))


def _said(line: int, fault: pb.SeatFault, part: Part | None = None) -> str:
    expected = fault.expected
    if part is not None and fault.code == TWICE:
        expected = re.sub(r"(?<=line )\d+", lambda found: str(_whole(part, int(found[0]))), expected)
    place = f"line {line}, column {fault.column} ({fault.field})" if fault.column else f"line {line}"
    return f"{place}: {fault.code}, {expected}"

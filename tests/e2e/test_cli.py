"""The command line of the host, as a process of its own; and the README's lines, as they stand there."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.caller import Caller, api_client
from deploy.local.code_flow import CodeFlow
from deploy.local.demo import seed
from deploy.local.instance import REPOSITORY
from deploy.local.people import DEMO_PEOPLE
from deploy.local.platform import Platform
from deploy.local.towns import VAARTBEKE
from services.kit.clock import local_date, utc_now
from services.kit.sheets import write_sheet
from tests.e2e.fresh import next_nis_code

README = (REPOSITORY / "README.md").read_text()


NO_COLOUR = "Error: A field does not have the form it must have. brand_colour: a colour such as #1b6c68.\n"


async def rondetafel(root: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and all that was printed."""
    return await printed(sys.executable, "-m", "services.cli", "--root", str(root), *arguments)


async def printed(*command: str, **environment: str) -> tuple[int, str]:
    """Exit code and output of a program run in the checkout."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=REPOSITORY, env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_status_is_zero_only_when_all_are_healthy(storm: Platform) -> None:
    root = storm.instance.root
    code, told = await rondetafel(root, "status")
    assert (code, told.count("  healthy  ")) == (0, 10), told
    await storm.stop_server("meeting")
    try:
        code, told = await rondetafel(root, "status")
    finally:
        await storm.start_server("meeting")
    assert (code, told.count("  healthy  ")) == (1, 9), told


async def test_a_cell_with_its_mayor(platform: Platform) -> None:
    root = platform.instance.root
    creating = ["cell", "create", "--nis", next_nis_code(), "--nis", next_nis_code(), "--name", "Cel van twee"]
    code, told = await rondetafel(root, *creating)
    assert code == 0, told
    cell = told.split()[1]
    there = f"Error: Cell {cell} is there for just these towns; nothing was made.\n"
    assert await rondetafel(root, *creating) == (3, there)
    assert await rondetafel(root, *creating, "--colour", "teal") == (1, NO_COLOUR)
    code, told = await rondetafel(root, *creating, "and more")
    assert code == 2
    code, told = await rondetafel(
        root, "organisation", "register", "--kbo", "0999200067", "--name", "Stad Test", "--kind", "municipality"
    )
    assert code == 0, told
    inviting = [
        "person", "invite", "--cell", cell, "--email", "mayor@cli.example", "--given-name", "Mia",
        "--family-name", "Test", "--kbo", "0999200067", "--role", "mayor", "--from", "2026-01-01",
        "--to", "2030-12-31", "--legal-basis", "law-2018-07-30",
    ]  # fmt: skip
    code, told = await rondetafel(root, *inviting)
    assert (code, told.split()[0]) == (0, "Invitation"), told
    code, told = await rondetafel(root, *inviting)
    assert (code, told.split(".")[0]) == (3, "Error: Somebody with this address is invited to the very same already"), (
        told
    )
    appointing = [
        "person", "appoint-host", "--email", "mia@host-cli.example", "--given-name", "Mia", "--family-name", "Test",
        "--kbo", "0999200067", "--from", "2026-01-01", "--to", "2030-12-31",
    ]  # fmt: skip
    code, told = await rondetafel(root, *appointing)
    assert (code, told.split()[0]) == (0, "Mandate"), told
    code, told = await rondetafel(root, *appointing)
    assert (code, told.split(".")[0]) == (3, "Error: This person already has this mandate in that time")


async def test_the_first_people_of_many_cells_come_from_one_list(platform: Platform, tmp_path: Path) -> None:
    root, tag = platform.instance.root, uuid4().hex[:8]
    towns = [next_nis_code(), next_nis_code()]
    cells = [(await rondetafel(root, "cell", "create", "--nis", town))[1].split()[1] for town in towns]
    assert len(set(cells)) == 2
    await rondetafel(
        root, "organisation", "register", "--kbo", "0999200166", "--name", "Stad Lijst", "--kind", "municipality"
    )
    heading = ("E-mail", "Voornaam", "Naam", "KBO", "Functie", "NIS", "Van", "Tot", "Rechtsgrond")
    given = ("0999200166", "{role}", "{town}", "1/1/2026", "31/12/2030", "law-2018-07-30")

    def row(who: str, role: str, town: str) -> list[str]:
        rest = [cell.format(role=role, town=town) for cell in given]
        return [f"{who}-{tag}@cli.example", "Zoë", "’t Jonck", *rest]

    def saved(*rows: list[str]) -> str:
        file = tmp_path / f"{uuid4().hex}.csv"
        file.write_bytes(write_sheet([heading, *rows]))
        return str(file)

    good = [row("mia", "burgemeester", towns[0]), row("an", "coördinator", towns[0])]
    bad = [row("bo", "burgemeester", towns[1]), row("bo", "burgemeester", towns[1]), row("cas", "deelnemer", towns[1])]
    code, told = await rondetafel(root, "seat", "invite", "--yes", saved(*good, *bad, row("dis", "burgemeester", "")))
    assert code == 1, told
    assert "line 5: SeatTwice, this seat once; line 4 has it" in told
    assert "line 6, column 5 (role): RoleMissing" in told
    assert "line 7, column 6 (nis_codes): FieldMissing" in told
    assert "2 letters to 1 cells; 0 so already; 3 faults." in told
    code, told = await rondetafel(root, "seat", "invite", saved(*good, bad[0]))
    assert (code, "1 letters to 1 cells; 2 so already; 0 faults." in told, "Send the letters?" in told) == (
        1,
        True,
        True,
    )
    code, told = await rondetafel(root, "seat", "invite", "--yes", saved(*good, bad[0]))
    assert (code, "1 letters to 1 cells; 2 so already; 0 faults." in told) == (0, True), told
    code, told = await rondetafel(root, "seat", "invite", "--yes", saved(*good, bad[0]))
    assert (code, "0 letters to 0 cells; 3 so already; 0 faults." in told) == (0, True), told


async def test_the_law_is_kept_at_a_terminal(platform: Platform) -> None:
    root, code_of_law = platform.instance.root, f"decree-{uuid4().hex}"
    today = local_date(utc_now())
    first, last = (str(today + timedelta(days=days)) for days in (1, 9))
    adding = [
        "law", "add", "--code", code_of_law, "--from", first, "--allows", "take_part", "--kind", "caw",
        "--title-nl", "Decreet Test", "--title-fr", "Décret Test", "--name-nl", "decreet", "--name-fr", "décret",
        "--source", "Invented for a test",
    ]  # fmt: skip
    code, told = await rondetafel(root, *adding)
    assert (code, told.split()[:2]) == (0, ["Legal", "basis"]), told
    code, told = await rondetafel(root, "law", "end", "--code", code_of_law, "--last-day", last)
    assert (code, told) == (0, f"{code_of_law} is in force to {last}.\n")
    code, told = await rondetafel(root, "law", "list")
    (line,) = [line for line in told.splitlines() if code_of_law in line]
    assert (code, line) == (0, f"{first} to {last}  {code_of_law}  (take_part)")
    assert any("case-consultation" in line and "to ..." in line for line in told.splitlines())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["cell", "create", "--nis", "99999"], "There is no municipality with this NIS code."),
        (["law", "end", "--code", "decree-of-nobody", "--last-day", "2100-01-01"], "There is no legal basis"),
        (["law", "end", "--code", "case-consultation", "--last-day", "2100-01-01"], "let people speak"),
        (["cell", "create"], "Give either --nis (once or more) or --region."),
        (["organisation", "register", "--kbo", "0999200068", "--name", "x", "--kind", "caw"], "check digits"),
    ],
)
async def test_a_refusal_is_one_sentence(platform: Platform, arguments: list[str], sentence: str) -> None:
    code, told = await rondetafel(platform.instance.root, *arguments)
    assert code != 0
    assert sentence in told
    assert "Traceback" not in told


async def test_without_a_platform_it_says_how_to_start_one(tmp_path: Path) -> None:
    for arguments in (["status"], ["cell", "create", "--nis", "24001"], ["demo", "token", "an"]):
        code, told = await rondetafel(tmp_path, *arguments)
        assert code == 1
        assert "make run" in told
        assert "Traceback" not in told


async def test_a_region_goes_on_where_it_was(platform: Platform) -> None:
    root = platform.instance.root
    await rondetafel(root, "cell", "create", "--nis", "21004")
    code, told = await rondetafel(root, "cell", "create", "--region", "brussels")
    assert code == 0, told
    assert told.splitlines()[-1] == "18 created, 1 existed, 0 failed"
    code, again = await rondetafel(root, "cell", "create", "--region", "brussels")
    assert (code, again.splitlines()[-1]) == (0, "0 created, 19 existed, 0 failed")


async def test_the_demo_town_is_seeded_once(platform: Platform) -> None:
    accounts = await seed(platform)
    assert await seed(platform) == accounts
    flow = CodeFlow(platform.instance)
    async with api_client(platform.instance.portal_url) as http:
        hilde = Caller(http, lambda: flow.token("hilde"))
        assert (await hilde.get("/me")).body["host"]
        shown = (await hilde.get("/cells", page_size=50)).body["cells"]
        assert {"#1b6c68", "#7a2230"} <= {cell["brand_colour"] for cell in shown}
        cells = (await Caller(http, lambda: flow.token("an")).get("/me")).body["cells"]
        assert [(cell["name"], cell["undertaking_accepted"]) for cell in cells] == [(VAARTBEKE.name, True)]
    code, told = await rondetafel(platform.instance.root, "demo", "people")
    assert (code, told.count("@")) == (0, len(DEMO_PEOPLE))


async def test_the_lines_of_the_readme_work(platform: Platform) -> None:
    await seed(platform)
    lines = [line[4:] for line in README.splitlines() if line.startswith("    ")]
    begin = next(number for number, line in enumerate(lines) if line.startswith("export "))
    script = "\n".join(lines[begin:]).replace("http://localhost:24600", platform.instance.portal_url)
    code, told = await printed("bash", "-euc", script, RONDETAFEL_ROOT=str(platform.instance.root))
    assert code == 0, told
    assert '"state":"RECEIVED"' in told
    assert '"signals":[{' in told

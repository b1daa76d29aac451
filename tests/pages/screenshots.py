"""`make screenshots`: pictures of the main pages of the demo town into docs/screenshots, small enough to keep.

Each as `<page>-<width>-<scheme>.png`. With `--root` it looks at a platform that runs, and opens its next session there.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from PIL import Image

from deploy.local.accounts import running_instance
from deploy.local.demo import seed
from deploy.local.instance import REPOSITORY
from deploy.local.platform import Platform
from deploy.local.process import StartFailed
from tests.browser import Contexts, Look, Scheme, running_browser
from tests.e2e.table import Table, demo_table
from tests.instances import running_platform
from tests.pages.scene import FILLED_IN, answer_until

DIRECTORY = REPOSITORY / "docs" / "screenshots"
WIDTHS = (1280, 390)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
MOST_BYTES = 60_000
TALLEST = {1280: 1500, 390: 1400}
COLOURS = (128, 64, 32)


@dataclass(frozen=True, slots=True)
class Shot:
    """One page to take: before whom, where; `ticked`: with every first choice made and every text begun."""

    name: str
    person: str | None
    address: str
    ticked: bool = False


SHOTS = (
    Shot("start", None, "/"),
    Shot("tables", "an", "/"),
    Shot("cell", "an", "/cells/{cell}"),
    Shot("mandates", "an", "/cells/{cell}/mandates"),
    Shot("signal", "nele", "/cells/{cell}/signals/new"),
    Shot("case", "joris", "/cells/{cell}/cases/{case}"),
    Shot("sharing", "sofie", "{draft}/less", ticked=True),
    Shot("log", "tom", "/cells/{cell}/log"),
    Shot("session", "lieve", "/cells/{cell}/sessions/{session}/cases/{at_table}"),
)


async def main(root: Path | None) -> None:
    """Take all of them anew; those of pages that are no more go."""
    async with demo(root) as platform, running_browser() as browser, demo_table(platform.instance.root) as table:
        contexts = Contexts(browser, platform.instance)
        places = {"cell": table.cell, **await _richest_case(table), **await _draft_of(table, "sofie")}
        await answer_until(contexts, "sofie", places["draft"], "less")
        DIRECTORY.mkdir(parents=True, exist_ok=True)
        taken = set()
        for shot, width, scheme in product(SHOTS, WIDTHS, SCHEMES):
            if shot.name == "session" and "session" not in places:
                places |= await _opened_session(table)
            file = DIRECTORY / f"{shot.name}-{width}-{scheme}.png"
            address = contexts.instance.portal_url + shot.address.format_map(places)
            file.write_bytes(small(await seen(contexts, shot, address, Look(width=width, scheme=scheme))))
            taken.add(file)
            print(f"{file.relative_to(REPOSITORY)}  {file.stat().st_size // 1000} kB", flush=True)
        for left in set(DIRECTORY.glob("*.png")) - taken:
            left.unlink()


async def seen(contexts: Contexts, shot: Shot, address: str, look: Look) -> bytes:
    """The page as it appears, down to its end or to where a picture gets too tall."""
    watched = await contexts.page_for(shot.person, look)
    await watched.open(address)
    if shot.ticked:
        await watched.evaluate(FILLED_IN)
    await watched.evaluate("document.fonts.ready.then(() => document.activeElement.blur())")
    tall = await watched.evaluate("document.documentElement.scrollHeight")
    whole = {"x": 0, "y": 0, "width": look.width, "height": min(tall, TALLEST[look.width])}
    return await watched.page.screenshot(full_page=True, clip=whole)  # type: ignore[arg-type]


def small(png: bytes) -> bytes:
    """The same picture within the limit: in fewer colours, and where that is not enough, cut off further up."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    while True:
        for colours in COLOURS:
            packed = io.BytesIO()
            reduced = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            reduced.save(packed, "PNG", optimize=True)
            if packed.tell() <= MOST_BYTES:
                return packed.getvalue()
        picture = picture.crop((0, 0, picture.width, picture.height * 9 // 10))


async def _richest_case(table: Table) -> dict[str, str]:
    read = [(await table["joris"].get(table.path(f"cases/{case}"))).body for case in await _cases(table, "joris")]
    richest = max(read, key=lambda case: len(case["contributions"]) + len(case["actions"]))
    return {"case": richest["frame"]["case_id"]}


async def _draft_of(table: Table, name: str) -> dict[str, str]:
    me = (await table.ids())[name]
    for case in await _cases(table, name):
        for contribution in (await table[name].get(table.path(f"cases/{case}"))).body["contributions"]:
            if contribution["author_id"] == me and contribution["state"] == "PRIVATE":
                return {"draft": f"/cells/{table.cell}/cases/{case}/contribution/{contribution['contribution_id']}"}
    raise StartFailed(f"{name} has no draft in the demo town: start it anew with `make reset` and `make run`.")


async def _opened_session(table: Table) -> dict[str, str]:
    """The next session, opened by its chair; and the first case on its agenda."""
    lieve, ids = table["lieve"], await table.ids()
    sessions = (await lieve.get(table.path("sessions"), page_size=50)).body["sessions"]
    path = table.path(f"sessions/{max(sessions, key=lambda one: one['starts_at'])['session_id']}")
    planned = await lieve.get(path)
    if planned.body["state"] != "OPEN":
        present = [ids[name] for name in ("lieve", "karim", "joris", "an", "nele")]
        await lieve.post(
            f"{path}/open", {"present_person_ids": present, "secrecy_declared": True}, if_match=planned.etag
        )
    return {"session": path.rpartition("/")[2], "at_table": planned.body["items"][0]["case_id"]}


async def _cases(table: Table, name: str) -> list[str]:
    listed = (await table[name].get(table.path("cases"), page_size=50)).body["cases"]
    return [case_["case_id"] for case_ in listed]


@asynccontextmanager
async def demo(root: Path | None) -> AsyncIterator[Platform]:
    """The one that runs below `root`, or a new one with the demo town, for as long as this lasts."""
    if root is not None:
        yield Platform(running_instance(root))
        return
    async with running_platform() as platform:
        await seed(platform)
        yield platform


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.pages.screenshots", description=__doc__)
    parser.add_argument("--root", type=Path, help="the directory of a running platform, such as .run")
    try:
        asyncio.run(main(parser.parse_args().root))
    except StartFailed as failure:
        sys.exit(str(failure))

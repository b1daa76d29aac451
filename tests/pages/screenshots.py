"""`make screenshots`: pictures of the main pages of the demo town into docs/screenshots, small enough to keep.

Each as `<page>-<width>-<scheme>.png`. With `--root` it looks at a platform that runs, and plays its scenes there.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product
from pathlib import Path

from PIL import Image

from deploy.local.accounts import running_instance
from deploy.local.demo import seed
from deploy.local.instance import REPOSITORY
from deploy.local.platform import Platform
from deploy.local.process import StartFailed
from tests.browser import Contexts, Look, Scheme, running_browser
from tests.instances import running_platform
from tests.pages.pages import PAGES
from tests.pages.places import Places, furnished
from tests.pages.routes import PageState

DIRECTORY = REPOSITORY / "docs" / "screenshots"
WIDTHS = (1280, 390)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
MOST_BYTES = 60_000
TALLEST = {1280: 1500, 390: 1400}
COLOURS = (128, 96, 64, 48, 32, 24, 16)


async def main(root: Path | None) -> None:
    """Take all of them anew; those of pages that are no more go."""
    async with demo(root) as platform, running_browser() as browser:
        contexts = Contexts(browser, platform.instance)
        town = await furnished(platform, contexts)
        DIRECTORY.mkdir(parents=True, exist_ok=True)
        taken = set()
        for page, width, scheme in product([one for one in PAGES if one.picture], WIDTHS, SCHEMES):
            file = DIRECTORY / f"{page.picture}-{width}-{scheme}.png"
            file.write_bytes(small(await taken_of(contexts, town, page, Look(width=width, scheme=scheme))))
            taken.add(file)
            print(f"{file.relative_to(REPOSITORY)}  {file.stat().st_size // 1000} kB", flush=True)
        for left in set(DIRECTORY.glob("*.png")) - taken:
            left.unlink()


async def taken_of(contexts: Contexts, town: Places, page: PageState, look: Look) -> bytes:
    """The page as it appears, down to its end or to where a picture gets too tall."""
    watched = await contexts.page_for(page.person, look)
    await watched.open(contexts.instance.portal_url + town.address(page))
    await watched.evaluate("document.fonts.ready.then(() => document.activeElement.blur())")
    tall = await watched.evaluate("document.documentElement.scrollHeight")
    whole = {"x": 0, "y": 0, "width": look.width, "height": min(tall, TALLEST[look.width])}
    return await watched.page.screenshot(full_page=True, clip=whole)  # type: ignore[arg-type]


def small(png: bytes) -> bytes:
    """The same picture in as many colours as fit into the limit. Raises ValueError when it cannot be made to fit."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in COLOURS:
        packed = io.BytesIO()
        reduced = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        reduced.save(packed, "PNG", optimize=True)
        if packed.tell() <= MOST_BYTES:
            return packed.getvalue()
    raise ValueError(f"a picture of {picture.size} does not fit into {MOST_BYTES} bytes")


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

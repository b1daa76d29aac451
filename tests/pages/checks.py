"""What must hold for a page as it lies there. Each check gives what it found amiss, nothing when all is well."""

from __future__ import annotations

import re
from collections.abc import Iterable

from playwright.async_api import Page

from tests.pages.watched import Watched, one_line

FIRST_VISIT_BYTES = 80_000
DOCUMENT_BYTES = 20_000
VARYING = re.compile(r"\b[0-9A-F]{4}-[0-9A-F]{4}\b|\d+")
PAPER = {"format": "A4", "margin": {"top": "15mm", "bottom": "15mm", "left": "15mm", "right": "15mm"}}

# Spacing that WCAG 1.4.12 wants a page to bear, as a sheet that no policy of the page forbids.
SPACED = """(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important } p { margin-bottom: 2em !important }`)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
})()"""
UNSPACED = "(() => { document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1) })()"

NAMED = """const named = (one) => {
    const said = (one.innerText || one.getAttribute('aria-label') || one.name || '').trim().slice(0, 40)
    return `${one.tagName.toLowerCase()}${one.id ? '#' + one.id : ''}${said ? ` "${said}"` : ''}`
}
const seen = (one) => one.checkVisibility({visibilityProperty: true})
"""

TOO_WIDE = f"""(() => {{ {NAMED}
    const root = document.documentElement, room = root.clientWidth
    const bounded = ['auto', 'scroll', 'hidden', 'clip']
    const scrolls = (one) => one && one !== document.body && one !== root
        && (bounded.includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement))
    const over = [...document.body.querySelectorAll('*')].filter((one) => seen(one)
        && one.getBoundingClientRect().right > room + 1 && !scrolls(one.parentElement))
    return root.scrollWidth <= room && !over.length ? []
        : [`${{root.scrollWidth}} px wide in ${{room}}: ${{over.slice(0, 4).map(named).join(', ')}}`]
}})()"""

CUT_OFF = f"""(() => {{ {NAMED}
    const clips = (style) => [style.overflowX, style.overflowY].some((one) => ['hidden', 'clip'].includes(one))
    const cut = [...document.body.querySelectorAll('*')].filter((one) => {{
        if (one.closest('svg') || !one.innerText || one.clientWidth < 2 || !clips(getComputedStyle(one))) return false
        return one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1
    }})
    return cut.map((one) => `text is cut off in ${{named(one)}}`)
}})()"""

FADED = f"""(() => {{ {NAMED}
    const clear = 'rgba(0, 0, 0, 0)'
    const behind = (one) => {{
        const colour = one ? getComputedStyle(one).backgroundColor : 'rgb(255, 255, 255)'
        return colour === clear ? behind(one.parentElement) : colour
    }}
    const speaks = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
    const all = [...document.body.querySelectorAll('*')].filter((one) => seen(one) && !one.closest('svg'))
    const same = all.filter((one) => speaks(one) && getComputedStyle(one).color === behind(one))
    const flat = all.filter((one) => one.matches('button, select, textarea, input:not([type=hidden], [type=radio], '
        + '[type=checkbox])') && parseFloat(getComputedStyle(one).borderTopWidth) === 0
        && getComputedStyle(one).textDecorationLine !== 'underline')
    return [...same.map((one) => `text in the colour of its ground: ${{named(one)}}`),
        ...flat.map((one) => `no border: ${{named(one)}}`)]
}})()"""

FIXED = """[...document.querySelectorAll('body *')].filter((one) => getComputedStyle(one).position === 'fixed'
    && one.checkVisibility() && one.getBoundingClientRect().height > 0).map((one) => one.textContent)"""


ALIKE = """[...document.querySelectorAll('select, fieldset')].flatMap((list) => {
    const labels = [...list.querySelectorAll('label')].filter((label) => label.closest('fieldset') === list
        && label.control?.matches('[type=radio], [type=checkbox]'))
    const whole = (label) => label.parentElement === list ? label : label.parentElement
    const choices = list.matches('select') ? [...list.options] : labels.map(whole)
    const read = choices.map((choice) => choice.textContent.toLowerCase().split(/\\s+/).join(' ').trim())
    return read.filter((text, place) => read.indexOf(text) < place).map((text) => `two choices read "${text}"`)
})"""


async def choices_alike(watched: Watched) -> list[str]:
    """Choices of one list that nobody can tell apart."""
    found: list[str] = await watched.evaluate(ALIKE)
    return found


async def sideways_scroll(watched: Watched) -> list[str]:
    """Anything wider than the window."""
    found: list[str] = await watched.evaluate(TOO_WIDE)
    return found


async def text_spacing(watched: Watched) -> list[str]:
    """What does not bear the spacing of WCAG 1.4.12: too wide, or cut off."""
    await watched.evaluate(SPACED)
    found: list[str] = [*await watched.evaluate(TOO_WIDE), *await watched.evaluate(CUT_OFF)]
    await watched.evaluate(UNSPACED)
    return [f"with text spacing: {result}" for result in found]


async def forced_colours(watched: Watched) -> list[str]:
    """What is lost when the system sets the colours: text without contrast, controls without a border."""
    await watched.page.emulate_media(forced_colors="active")
    found: list[str] = await watched.evaluate(FADED)
    await watched.page.emulate_media(forced_colors="none")
    return [f"with forced colours: {result}" for result in found]


async def printed(watched: Watched, reader: str) -> list[str]:
    """The reader's name must be on every sheet: in a part that is fixed, which print repeats."""
    await watched.page.emulate_media(media="print")
    marks: list[str] = await watched.evaluate(FIXED)
    sheets = (await watched.page.pdf(**PAPER)).count(b"/Type /Page\n")  # type: ignore[arg-type]
    await watched.page.emulate_media(media="null")
    named = any(reader in one_line(mark) for mark in marks)
    return ([] if named else [f"in print: no fixed part names {reader}"]) + ([] if sheets else ["in print: no sheet"])


def quiet_console(watched: Watched) -> list[str]:
    """Messages of any kind, errors of scripts, requests that failed."""
    return [f"console: {sentence}" for sentence in watched.said] + [
        f"request failed: {fault}" for fault in watched.failed
    ]


def foreign_requests(watched: Watched, *origins: str) -> list[str]:
    """Requests to anywhere but these origins."""
    return [f"foreign request: {url}" for url in watched.foreign_to(*origins)]


async def names_outside(watched: Watched, names: Iterable[str]) -> list[str]:
    """Names of people in the title or in an address, where history and logs keep them."""
    places = {"title": await watched.page.title(), "address": watched.page.url}
    places |= {f"request {url}": url for url in watched.requests}
    return [
        f"the name {name} stands in the {place}"
        for name in names
        for place, text in places.items()
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    ]


def weight(watched: Watched) -> list[str]:
    """A page over its budget, in bytes on the wire; opened as at a first visit (`Watched.keep_nothing`)."""
    whole = sum(watched.transferred.values())
    document = sum(size for url, size in watched.transferred.items() if watched.kinds[url] == "Document")
    found = [(whole, FIRST_VISIT_BYTES, "the first visit"), (document, DOCUMENT_BYTES, "the document")]
    return [f"{what} weighs {size:,} bytes, more than {most:,}" for size, most, what in found if size > most]


async def text_without_scripts(watched: Watched, plain: Page) -> list[str]:
    """Lines that only a browser with scripts shows; `plain` is the same page in one without."""
    whole = "\n".join(await _lines(plain))
    return [f"only with scripts: {line}" for line in await _lines(watched.page) if line not in whole]


async def _lines(page: Page) -> list[str]:
    """Without what differs from one answer to the next: numbers to quote, minutes."""
    text = await page.locator("body").inner_text()
    return [VARYING.sub("0", one_line(line)) for line in text.splitlines() if line.strip()]

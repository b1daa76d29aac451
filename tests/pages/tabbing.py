"""The way through a page with the Tab key: every control is reached, seen when it has the focus, and big enough."""

from __future__ import annotations

from typing import Any

from tests.pages.checks import NAMED
from tests.pages.watched import Watched

LEAST_HEIGHT = 24
MAX_STOPS = 300

# How a control and what paints its focus look: its own box, its label's, those around it. A link in a sentence may be
# as high as the sentence's line (WCAG 2.5.8).
PREPARE = f"""(() => {{ {NAMED}
    document.activeElement.blur()
    const aspects = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'backgroundColor', 'borderTopColor',
        'borderTopWidth', 'borderBottomColor', 'borderBottomWidth', 'color', 'textDecorationLine',
        'textDecorationThickness', 'opacity']
    const painters = (one) => [one, ...(one.labels ?? []), one.parentElement, one.nextElementSibling].filter(Boolean)
    const painted = (one) => painters(one).flatMap((part) => [null, '::before', '::after'].map((pseudo) => {{
        const style = getComputedStyle(part, pseudo)
        return aspects.map((aspect) => style[aspect]).join(' ')
    }})).join('|')
    const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
    const all = [...document.querySelectorAll(controls)]
    window.stops = {{
        named, painted,
        before: new Map(all.map((one) => [one, painted(one)])),
        wanted: new Set(all.filter((one) => !one.disabled && seen(one) && one.tabIndex >= 0)),
        together: (one) => one.type === 'radio'
            ? [...document.getElementsByName(one.name)].filter((other) => other.form === one.form) : [one],
        inSentence: (one) => one.tagName === 'A' && getComputedStyle(one).display === 'inline'
            && [...one.parentElement.childNodes].some((node) => node.nodeType === 3 && /\\w/.test(node.data)),
        height: (one) => Math.max(...[one, ...(one.labels ?? [])].map((part) => part.getBoundingClientRect().height)),
    }}
}})()"""

HERE = f"""(() => {{
    const {{named, painted, before, wanted, together, inSentence, height}} = window.stops
    const now = document.activeElement
    if (now === document.body || now === document.documentElement) return {{outside: true}}
    const again = now === window.first
    window.first ??= now
    together(now).forEach((one) => wanted.delete(one))
    const found = []
    if (before.get(now) === painted(now)) found.push(`focus is not seen on ${{named(now)}}`)
    const high = Math.round(height(now) * 10) / 10
    if (high < {LEAST_HEIGHT} && !inSentence(now)) found.push(`${{named(now)}} is ${{high}} px high`)
    return {{again, found: again ? [] : found}}
}})()"""

MISSED = """[...window.stops.wanted].map((one) => `Tab does not reach ${window.stops.named(one)}`)"""
DONE = "(() => { delete window.stops; delete window.first })()"


async def tab_stops(watched: Watched) -> list[str]:
    """Faults of the stops, in one round with the Tab key, wherever it begins."""
    await watched.evaluate(PREPARE)
    found: list[str] = []
    outside = 0
    for _ in range(MAX_STOPS):
        await watched.page.keyboard.press("Tab")
        here: dict[str, Any] = await watched.evaluate(HERE)
        found += here.get("found", [])
        outside += here.get("outside", False)
        if here.get("again") or outside > 1:
            break
    found += await watched.evaluate(MISSED)
    await watched.evaluate(DONE)
    return found

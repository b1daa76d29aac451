"""All signs in one file, so that a page fetches them once."""

from __future__ import annotations

import re
from collections.abc import Mapping

DRAWING = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)
STROKE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


def sprite(signs: Mapping[str, str]) -> bytes:
    """One symbol a sign, under its name, in the colour of the text around it. Raises ValueError for no drawing."""
    symbols = "".join(_symbol(name, svg) for name, svg in sorted(signs.items()))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'.encode()


def _symbol(name: str, svg: str) -> str:
    found = DRAWING.search(svg)
    if found is None:
        raise ValueError(name)
    drawing = re.sub(r"\s*(/?>)", r"\1", re.sub(r">\s+<", "><", found[1].strip()))
    return f'<symbol id="{name}" viewBox="0 0 24 24" {STROKE}>{drawing}</symbol>'

"""Texts in plain structure, as a cell writes its rules: headings, paragraphs, lists; and what changed between two.

`# ` or `## ` begins a heading, `- ` or `1. ` an entry of a list, an empty line ends a paragraph. All else is the text
itself: templates escape it, so there is no HTML of people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

_MARKS = re.compile(r"(?P<heading>#{1,2}) +|(?P<bullet>[-*]) +|(?P<number>\d{1,3})[.)] +")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`h2`, `h3`), a paragraph (`p`) or an entry of a list (`ul`, `ol`); entries of one list follow."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A block of the new text, or one that is gone. `mark`: same, added or removed."""

    mark: str
    block: Block


def blocks_of(text: str) -> list[Block]:
    """The text in its structure. Words on one line stay together; none are lost."""
    found: list[Block] = []
    begun = False
    for line in text.splitlines():
        line = line.strip()
        if not line:
            begun = False
            continue
        marks = _MARKS.match(line)
        if marks:
            said = line[marks.end() :].strip()
            found.append(Block(_kind(marks), said))
            begun = marks["heading"] is None
        elif begun:
            found[-1] = Block(found[-1].kind, f"{found[-1].text} {line}")
        else:
            found.append(Block("p", line))
            begun = True
    return found


def _kind(marks: re.Match[str]) -> str:
    if marks["heading"]:
        return "h2" if len(marks["heading"]) == 1 else "h3"
    return "ul" if marks["bullet"] else "ol"


def grouped(blocks: Sequence[Block]) -> Iterator[tuple[str, list[str]]]:
    """The blocks as pages draw them: entries of one list together; its largest headings are the first in rank."""
    if not any(block.kind == "h2" for block in blocks):
        blocks = [Block("h2", block.text) if block.kind == "h3" else block for block in blocks]
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        texts = [block.text for block in run]
        if kind in ("ul", "ol"):
            yield kind, texts
        else:
            yield from ((kind, [text]) for text in texts)


def changes(before: str, after: str) -> list[Change]:
    """Paragraph by paragraph what is the same, what is gone and what is new, in the order of reading."""
    old, new = blocks_of(before), blocks_of(after)
    found: list[Change] = []
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.extend(Change("same", block) for block in new[new_from:new_to])
            continue
        found.extend(Change("removed", block) for block in old[old_from:old_to])
        found.extend(Change("added", block) for block in new[new_from:new_to])
    return found

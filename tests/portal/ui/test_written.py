"""Texts in plain structure, and what changed between two."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.portal.web.rules.draft_routes import models
from services.portal.web.ui.written import Block, blocks_of, changes, grouped

LINES = st.lists(st.sampled_from(["# Doel", "## Deel", "- punt", "1. eerst", "woorden", "", "<b>x</b>", "#geen", "-"]))


def test_headings_paragraphs_and_lists() -> None:
    found = blocks_of("# Doel\nWij helpen\nmensen.\n\nOp tijd.\n- een\n  verder\n- twee\n1. eerst\n## Klein")
    assert found == [
        Block("h2", "Doel"), Block("p", "Wij helpen mensen."), Block("p", "Op tijd."), Block("ul", "een verder"),
        Block("ul", "twee"), Block("ol", "eerst"), Block("h3", "Klein"),
    ]  # fmt: skip
    assert list(grouped(found))[3:5] == [("ul", ["een verder", "twee"]), ("ol", ["eerst"])]
    assert list(grouped([Block("h3", "Alleen")])) == [("h2", ["Alleen"])], "no rank is skipped"


def test_what_is_no_mark_is_text() -> None:
    assert blocks_of("#geen titel\n\n-geen punt\n\n1.geen") == [
        Block("p", "#geen titel"), Block("p", "-geen punt"), Block("p", "1.geen"),
    ]  # fmt: skip


def test_what_changed_by_paragraph() -> None:
    marks = [(change.mark, change.block.text) for change in changes("a\n\nb\n\nc", "a\n\nd\n\nc\n\ne")]
    assert marks == [("same", "a"), ("removed", "b"), ("added", "d"), ("same", "c"), ("added", "e")]


@given(LINES, LINES)
def test_no_word_is_lost_and_both_texts_can_be_read_from_what_changed(old: list[str], new: list[str]) -> None:
    before, after = "\n".join(old), "\n".join(new)
    found = changes(before, after)
    assert [change.block for change in found if change.mark != "removed"] == blocks_of(after)
    assert [change.block for change in found if change.mark != "added"] == blocks_of(before)
    said = "".join(block.text for block in blocks_of(after))
    assert said.count("woorden") == new.count("woorden")


def test_the_models_are_there_in_dutch_and_french_and_name_no_law() -> None:
    for kind, texts in models().items():
        assert set(texts) == {"nl", "fr"}, kind
        structures = [[block.kind for block in blocks_of(text)] for text in texts.values()]
        assert structures[0] == structures[1], kind
        assert not any(word in text.lower() for text in texts.values() for word in ("wet van", "loi du", "artikel"))

"""Arabic and Hebrew in the sentences of a page."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.web.ui.isolates import isolated

TEXTS = st.text(st.sampled_from("أحمדן ‎aZé 15,.()'\"&<>-"), max_size=40)


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>أحمد, 15 jaar</p>", "<p><bdi>أحمد</bdi>, 15 jaar</p>"),
        ("<p>أحمد محمد (דוד), 15</p>", "<p><bdi>أحمد محمد (דוד</bdi>), 15</p>"),
        ("<b>Ahmed أحمد Peeters أحمد</b>", "<b>Ahmed <bdi>أحمد</bdi> Peeters <bdi>أحمد</bdi></b>"),
        ("<option value='أحمد'>أحمد, 15</option>", "<option value='أحمد'>\u2068أحمد\u2069, 15</option>"),
        ("<textarea>\nأحمد, 15 jaar</textarea>", "<textarea>\nأحمد, 15 jaar</textarea>"),
        ('<input value="أحمد">', '<input value="أحمد">'),
        ("<p>Đorđević, ’t Jonck, Łukasz</p>", "<p>Đorđević, ’t Jonck, Łukasz</p>"),
    ],
)
def test_a_name_stands_apart(html: str, shown: str) -> None:
    assert isolated(html) == shown


@given(TEXTS)
def test_nothing_is_lost_and_nothing_typed_becomes_an_element(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")
    page = f"<p>{escaped}</p><textarea>{escaped}</textarea><option>{escaped}</option>"
    shown = isolated(page)
    assert re.sub("</?bdi>|[\u2068\u2069]", "", shown) == page
    assert f"<textarea>{escaped}</textarea>" in shown
    assert shown.count("<bdi>") == shown.count("</bdi>")

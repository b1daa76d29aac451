"""The gate's own pages name the host's desk, where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.gate.pages import Pages
from services.kit.desk import Desk


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_the_desk_stands_in_the_foot(tmp_path: Path, language: str) -> None:
    pages = Pages(tmp_path, Desk("Steunpunt <b>", "+3212345678", "help@host.example"))
    for page in (pages.away(language), pages.slow(language, 60, "/back")):
        text = page.decode()
        assert 'Steunpunt &lt;b&gt;, <a href="tel:+3212345678">012 34 56 78</a>' in text
        assert '<a href="mailto:help@host.example">' in text
    assert "tel:" not in Pages(tmp_path).away(language).decode()
    assert "mailto:" not in Pages(tmp_path, Desk("Steunpunt")).away(language).decode()

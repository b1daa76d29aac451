"""The host's desk in Keycloak's theme: as Java reads a file of properties, and nothing but what was told."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.local.theme import lay_out_theme
from services.kit.desk import Desk


def properties(themes: Path, desk: Desk) -> dict[str, str]:
    """Of the pages of signing in."""
    lay_out_theme(themes, desk)
    text = (themes / "rondetafel" / "login" / "theme.properties").read_text(encoding="ascii")
    return {name: value for name, _, value in (line.partition("=") for line in text.splitlines()) if name}


def test_it_stands_there_as_told(tmp_path: Path) -> None:
    found = properties(tmp_path, Desk("Centre d'appui Liège", "+3212345678", "aide@host.example"))
    assert found["deskName"].encode().decode("unicode_escape") == "Centre d'appui Liège"
    assert (found["deskCall"], found["deskTelephone"]) == ("+3212345678", "012 34 56 78")
    assert found["deskEmail"] == "aide@host.example"


@pytest.mark.parametrize("name", ["${env.HOME}", "a\nparent=other", "a\\", "b\\u003c"])
def test_a_name_says_nothing_to_keycloak(tmp_path: Path, name: str) -> None:
    found = properties(tmp_path, Desk(name, "+3212345678"))
    assert "$" not in found["deskName"]
    assert "\\" not in found["deskName"]
    assert found["parent"] == "base"


def test_without_one_nothing_is_shown(tmp_path: Path) -> None:
    found = properties(tmp_path, Desk())
    assert [found[name] for name in ("deskName", "deskCall", "deskTelephone", "deskEmail")] == [""] * 4

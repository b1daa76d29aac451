"""The host's guide lists every setting."""

from __future__ import annotations

import re

import pytest

from tests.rules.sources import ROOT, SERVICES, module_of

GUIDE = (ROOT / "docs" / "operations.md").read_text()


def listed(guide: str) -> set[str]:
    """The names in the guide's table of settings."""
    rows = guide.partition("## Settings")[2].partition("\n## ")[0].splitlines()
    return {name for row in rows if row.startswith("|") for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}


@pytest.mark.parametrize("service", [*SERVICES, "cli", "gate"])
def test_every_setting_is_in_the_guide(service: str) -> None:
    settings = {name.upper() for name in module_of(service, "settings").Settings.model_fields}
    assert settings
    assert settings <= listed(GUIDE)


def test_the_search_reports() -> None:
    assert listed("## Settings\n| `NATS_URL`, `ISSUER` | all | `OTHER` |\n## Next\n| `LATER` | | |") == {
        "NATS_URL",
        "ISSUER",
    }

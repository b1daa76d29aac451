"""What `make audit` makes of the answers of pip-audit."""

from __future__ import annotations

from tests.rules.audit import Answer, unasked, vulnerable

FLAW = {"id": "CVE-2024-22195", "fix_versions": ["3.1.3"], "aliases": [], "description": "Written as is."}
ANSWER: Answer = [
    {"name": "jinja2", "version": "3.1.2", "vulns": [FLAW, FLAW | {"id": "CVE-1", "fix_versions": []}]},
    {"name": "alembic", "version": "1.20.1", "vulns": []},
    {"name": "uv", "skip_reason": "Dependency not found and could not be audited"},
]


def test_what_is_vulnerable_and_what_was_not_asked() -> None:
    assert vulnerable(ANSWER) == [
        "jinja2 3.1.2: CVE-2024-22195, mended in 3.1.3",
        "jinja2 3.1.2: CVE-1, mended in none",
    ]
    assert unasked(ANSWER) == ["uv"]
    assert vulnerable(None) == []

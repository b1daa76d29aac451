"""What comes from outside is read by code of known cost: no parser of a framework that nobody has bounded."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.rules.sources import ROOT, python_files

FORBIDDEN_MODULES = ("http.cookies", "cgi", "email.parser", "multipart", "python_multipart")
FORBIDDEN_OF_REQUESTS = ("cookies", "form")
"""starlette's: request.cookies unquotes in quadratic time (CVE-2024-7592), request.form takes any number of parts."""


def faults(path: Path) -> list[str]:
    """Imports and attributes that may not stand in this file."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=names):
                found += [name.name for name in names if name.name in FORBIDDEN_MODULES]
            case ast.ImportFrom(module=module, names=names):
                full = [f"{module}.{name.name}" for name in names]
                found += [name for name in (module or "", *full) if name in FORBIDDEN_MODULES]
            case ast.Attribute(attr=attr, value=ast.Name(id="request") | ast.Attribute(attr="request")):
                found += [f"request.{attr}" for _ in range(attr in FORBIDDEN_OF_REQUESTS)]
    return found


def test_no_service_reads_cookies_or_forms_by_a_parser_without_bounds() -> None:
    wrong = {str(path.relative_to(ROOT)): faults(path) for path in python_files("services")}
    assert {path: found for path, found in wrong.items() if found} == {}


def test_the_rule_sees_what_it_forbids(tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text(
        "from http.cookies import SimpleCookie\nfrom http import cookies\nimport http.cookies\n"
        "request.cookies.get('a')\nguest.request.cookies\nawait_ = request.form()\n"
    )
    assert len(faults(file)) == 6

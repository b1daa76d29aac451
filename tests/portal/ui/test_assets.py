"""What the pages are made of: known bytes, nothing from elsewhere, light, and templates that keep the house's rules."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from deploy.assets.sprite import sprite
from services.portal.web.ui import styles
from services.portal.web.ui.assets import STATIC, Assets

VENDOR = STATIC / "vendor"
TEMPLATES = STATIC.parent / "templates"
SOURCES = Path(__file__).parents[3] / "deploy" / "assets"
BUDGET = {
    "rondetafel.css": 16_000,
    "htmx.min.js": 16_000 - 2_600,
    "live.js": 2_700,
    "keep.js": 2_700,
    "cover.js": 1_500,
    "icons.svg": 2_000,
    "atkinson-hyperlegible-next-latin-wght-normal.woff2": 34_000,
    "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": 19_200,
}
"""Bytes over the line, packed."""

FORBIDDEN = {
    "a style attribute": r"\sstyle\s*=",
    "a handler attribute": r"\son[a-z]+\s*=|hx-on|js:",
    "text taken as HTML": r"\|\s*safe\b|Markup|autoescape|'(?:html|\w+Html)'\s*:|\bhtml\s*=",
}

FORBIDDEN_TO_SCRIPTS = {
    "text taken as HTML": r"(?:inner|outer)HTML|insertAdjacentHTML|document\.write|DOMParser",
    "text taken as code": r"\beval\(|\bFunction\(",
    "something of another site": r"(?:https?:)?//\w",
}


def manifest() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((VENDOR / "manifest.json").read_text())
    return rows


def templates() -> dict[str, str]:
    return {str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*") if path.is_file()}


def faults(source: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if re.search(pattern, source)]


def faults_of_script(source: str) -> list[str]:
    code = re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE)
    return [name for name, pattern in FORBIDDEN_TO_SCRIPTS.items() if re.search(pattern, code)]


def test_every_file_from_others_is_the_one_in_the_manifest() -> None:
    there = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} - {"manifest.json"}
    assert there == {row["file"] for row in manifest()}
    for row in manifest():
        assert hashlib.sha256((VENDOR / row["file"]).read_bytes()).hexdigest() == row["sha256"], row["file"]


def test_every_package_is_at_the_version_asked_for_and_has_its_licence() -> None:
    wanted = json.loads((SOURCES / "package.json").read_text())["dependencies"]
    assert {row["package"]: row["version"] for row in manifest()} == wanted
    for package in wanted:
        assert any(row["file"].startswith("licences/") for row in manifest() if row["package"] == package), package


def test_the_lock_names_contents_and_no_addresses() -> None:
    packages = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    assert all("resolved" not in package for package in packages.values())
    assert all("integrity" in package for name, package in packages.items() if name)


def test_nothing_is_fetched_from_elsewhere() -> None:
    css = styles.stylesheet(_Everything())
    assert b"@import" not in css
    assert {found.decode() for found in re.findall(rb"url\(([^)]*)\)", css)} == {
        "/here/atkinson-hyperlegible-next-latin-wght-normal.woff2",
        "/here/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
    }
    for name in ("icons.svg", "htmx.min.js"):
        addresses = set(re.findall(r"https?://[^\s\"'`)]+", (VENDOR / name).read_text()))
        assert addresses <= {"http://www.w3.org/2000/svg"}, name


class _Everything(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"/here/{name}"


def test_every_stylesheet_is_in_the_order_once() -> None:
    assert sorted(styles.ORDER) == sorted(path.stem for path in (STATIC / "css").glob("*"))


@pytest.mark.parametrize("name", BUDGET)
def test_weight_is_within_the_budget(name: str) -> None:
    digest, found = Assets().address(name).split("/")[2:]
    asset = Assets().find(digest, found)
    assert asset is not None
    assert len(asset.packed or asset.content) <= BUDGET[name]


def test_a_page_finds_every_sign_it_shows() -> None:
    known = set(re.findall(r'<symbol id="([\w-]+)"', (VENDOR / "icons.svg").read_text()))
    assert known == set((SOURCES / "icons.txt").read_text().split())
    for name, source in templates().items():
        shown = set(re.findall(r"\bicon\('([\w-]+)'", source)) | set(re.findall(r"'sign': '([\w-]+)'", source))
        assert shown <= known, name


def test_signs_keep_their_drawing_only() -> None:
    svg = '<!-- @license x -->\n<svg\n class="a"\n>\n  <path d="M1 1" />\n</svg>\n'
    assert b'<path d="M1 1"/></symbol>' in sprite({"one": svg})
    with pytest.raises(ValueError, match="two"):
        sprite({"two": "no drawing"})


def test_templates_keep_to_the_content_security_policy_and_escape() -> None:
    assert {name: found for name, source in templates().items() if (found := faults(source))} == {}


def test_our_own_scripts_put_no_text_in_as_html_or_code() -> None:
    sources = {path.name: path.read_text() for path in STATIC.glob("*.js")}
    assert sources
    assert {name: found for name, source in sources.items() if (found := faults_of_script(source))} == {}


def test_one_template_alone_knows_whose_components_the_forms_are() -> None:
    assert {name for name, source in templates().items() if "govuk" in source} == {"macros/forms.html"}


def test_the_rules_report() -> None:
    assert faults('<p style="color:red">') == ["a style attribute"]
    assert faults('<p onclick="x()">') == ["a handler attribute"]
    assert faults("{{ govukButton({'html': typed}) }}") == ["text taken as HTML"]
    assert faults("{{ typed | safe }}") == ["text taken as HTML"]
    assert faults('<p class="styled" data-on="1">once = 1</p>') == []
    assert faults_of_script("page.innerHTML = told") == ["text taken as HTML"]
    assert faults_of_script("new Function('a')") == ["text taken as code"]
    assert faults_of_script("fetch('//elsewhere.example')") == ["something of another site"]
    assert faults_of_script("  // as in https://x.example, innerHTML\n page.textContent = told") == []


def test_packing_is_the_same_each_time() -> None:
    digest, name = Assets().address("rondetafel.css").split("/")[2:]
    first, second = Assets().find(digest, name), Assets().find(digest, name)
    assert first is not None
    assert second is not None
    assert first.packed == second.packed
    assert gzip.decompress(first.packed) == first.content

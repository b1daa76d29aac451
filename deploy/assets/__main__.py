"""`python -m deploy.assets`: remake what the pages take from others. Needs Node; the same versions give equal bytes."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.assets.sprite import sprite

HERE = Path(__file__).parent
VENDOR = HERE.parents[1] / "services" / "portal" / "web" / "static" / "vendor"
LETTERS = "@fontsource-variable/atkinson-hyperlegible-next"


@dataclass(frozen=True, slots=True)
class Made:
    """One file of vendor: the package it comes from, its name here, its content."""

    package: str
    file: str
    content: bytes


def main() -> int:
    """Fetch the packages at their locked versions, make every file, write the manifest."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc", "govuk.scss"):
            shutil.copy(HERE / name, place / name)
        subprocess.run(["npm", "ci", "--silent"], cwd=place, check=True)
        files = [*_copied(place), _form_styles(place), _signs(place), *_licences(place)]
        _write(files, place)
    print(f"{len(files)} files in {VENDOR.relative_to(Path.cwd())}")
    return 0


def _copied(place: Path) -> list[Made]:
    """Files taken as they are."""
    taken = {
        "htmx.org": ("dist/htmx.min.js",),
        LETTERS: (
            "files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
            "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
        ),
    }
    return [
        Made(package, Path(path).name, (_package(place, package) / path).read_bytes())
        for package, paths in taken.items()
        for path in paths
    ]


def _form_styles(place: Path) -> Made:
    """The components in a layer of their own, so that our simple selectors win without any force."""
    sources = _package(place, "govuk-frontend") / "dist"
    command = [
        "node_modules/.bin/sass",
        "--style=compressed",
        "--no-source-map",
        f"--load-path={sources}",
        "govuk.scss",
    ]
    compiled = subprocess.run(command, cwd=place, check=True, capture_output=True).stdout.strip()
    return Made("govuk-frontend", "govuk.css", b"@layer govuk{" + compiled.removeprefix(b"\xef\xbb\xbf") + b"}\n")


def _signs(place: Path) -> Made:
    folder = _package(place, "lucide-static") / "icons"
    names = (HERE / "icons.txt").read_text().split()
    return Made("lucide-static", "icons.svg", sprite({name: (folder / f"{name}.svg").read_text() for name in names}))


def _licences(place: Path) -> list[Made]:
    """The text of each package's licence; one of them publishes none in its package, so we keep it here."""
    found = []
    for package in json.loads((HERE / "package.json").read_text())["dependencies"]:
        name = package.rpartition("/")[2]
        kept = HERE / "licences" / f"{name}.txt"
        text = kept if kept.exists() else _package(place, package) / "LICENSE"
        found.append(Made(package, f"licences/{name}.txt", text.read_bytes()))
    return found


def _write(files: list[Made], place: Path) -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    rows = []
    for made in sorted(files, key=lambda one: one.file):
        (VENDOR / made.file).parent.mkdir(parents=True, exist_ok=True)
        (VENDOR / made.file).write_bytes(made.content)
        described = json.loads((_package(place, made.package) / "package.json").read_text())
        rows.append({
            "file": made.file, "package": made.package, "version": described["version"],
            "licence": described["license"], "sha256": hashlib.sha256(made.content).hexdigest(),
        })  # fmt: skip
    (VENDOR / "manifest.json").write_text(json.dumps(rows, indent=2) + "\n")


def _package(place: Path, name: str) -> Path:
    return place / "node_modules" / name


if __name__ == "__main__":
    sys.exit(main())

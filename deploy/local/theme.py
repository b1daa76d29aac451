"""Lays out Keycloak's pages and e-mails in the product's own face: our templates with the very files of the portal."""

import hashlib
import re
import shutil
from pathlib import Path

from deploy.local.desk import desk_of
from deploy.local.instance import REPOSITORY
from services.kit.desk import Desk

THEME = "rondetafel"
SOURCE = REPOSITORY / "deploy" / "keycloak" / "themes" / THEME
STATIC = REPOSITORY / "services" / "portal" / "web" / "static"
SHEETS = ("letters", "tokens", "ground", "frame", "controls")
MARK_COLOUR = "#1b6c68"
# E-mail programs know no tokens and one scheme: they get the light values.
ROLES = ("paper", "surface", "line", "ink", "ink-soft", "accent", "accent-ink")


def lay_out_theme(themes: Path, desk: Desk | None = None) -> None:
    """Put our theme into Keycloak's directory of themes, where none of ours stands yet, with the host's desk."""
    place = themes / THEME
    shutil.copytree(SOURCE, place)
    _add_resources(place / "login" / "resources")
    mark = (STATIC / "mark.svg").read_text()
    (place / "login" / "mark.ftl").write_text(mark.replace(MARK_COLOUR, "currentColor"))
    _add_property(place / "login", "digest", _digest(place / "login" / "resources"))
    for name, value in _desk(desk or desk_of()).items():
        _add_property(place / "login", name, value)
    for role, value in _light_colours().items():
        _add_property(place / "email", role.replace("-", "_"), value)


def lay_out_look(place: Path) -> None:
    """Put the style of the sign-in pages into a directory that is made anew, for the gate's own pages."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(SOURCE / "login" / "resources", place)
    _add_resources(place)


def _add_resources(resources: Path) -> None:
    """One stylesheet, as the portal has: the form components, then ours, and what only sign-in needs last."""
    vendor = STATIC / "vendor"
    ours = [STATIC / "css" / f"{name}.css" for name in SHEETS]
    own = resources / "signin.css"
    sheets = [vendor / "govuk.css", *ours, own]
    (resources / f"{THEME}.css").write_bytes(b"\n".join(sheet.read_bytes() for sheet in sheets))
    own.unlink()
    for letters in vendor.glob("*.woff2"):
        shutil.copy(letters, resources)
    shutil.copy(STATIC / "mark.svg", resources)


def _add_property(theme: Path, name: str, value: str) -> None:
    with (theme / "theme.properties").open("a") as properties:
        properties.write(f"{name}={value}\n")


def _desk(desk: Desk) -> dict[str, str]:
    """What the sign-in pages show of it, as Java's properties are read: with one backslash before what is special."""
    shown = {"deskName": desk.name, "deskCall": desk.telephone, "deskTelephone": desk.dialled, "deskEmail": desk.email}
    return {name: _java(value) for name, value in shown.items()}


def _java(value: str) -> str:
    """A value of a file of properties, in ASCII; a name with ${...} in it is told without the sign."""
    plain = " ".join(value.replace("$", "").replace("\\", "").split())
    return "".join(sign if sign.isascii() else f"\\u{ord(sign):04x}" for sign in plain if ord(sign) < 0x10000)


def _digest(resources: Path) -> str:
    """Changes with any of the resources: browsers keep them for a month under their address."""
    files = sorted(path for path in resources.rglob("*") if path.is_file())
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _light_colours() -> dict[str, str]:
    """The tokens' light values of the roles an e-mail uses. Raises KeyError for a role the tokens have not."""
    tokens = (STATIC / "css" / "tokens.css").read_text()
    found = dict(re.findall(r"--rt-([\w-]+):\s*light-dark\((#\w+),", tokens))
    return {role: found[role] for role in ROLES}

"""Who can sign in at a running instance, for those who look at the demo. Knows nothing of how the demo came to be."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.instance import Instance
from deploy.local.people import DEMO_PEOPLE, People, Person
from deploy.local.ports import Ports
from deploy.local.process import StartFailed
from deploy.local.towns import WELCOME

COMMAND = ".venv/bin/rondetafel demo"


def accounts(instance: Instance, *, passwords: bool = False) -> list[str]:
    """A line for each demo person: what they are and find there, or the password; and how they sign in."""
    known = {person.name: person for person in People(instance)}
    lines = [_account(known[name], passwords) for name in DEMO_PEOPLE if name in known]
    if not passwords:
        lines += [f"  their passwords:     {COMMAND} people", f"  their one-time code: {COMMAND} code NAME"]
    return ["Who can sign in there, all invented:", *lines]


def running_instance(root: Path) -> Instance:
    """The instance that runs below this directory. Raises StartFailed."""
    try:
        platform = json.loads((root / "platform.json").read_text())
    except FileNotFoundError:
        raise StartFailed("No platform runs here: start it with `make run`.") from None
    named = ("portal", "keycloak", "gate", "mail")
    portal, keycloak, gate, mail = (urlsplit(platform[name]["url"]).port or 0 for name in named)
    return Instance(root, replace(Ports.fixed(), portal=portal, keycloak=keycloak, gate=gate, mail=mail))


def _account(person: Person, passwords: bool) -> str:
    is_one, finds = WELCOME[person.name]
    return f"  {person.name:6}  {person.email:34}  {is_one:23}  {person.password if passwords else finds}"

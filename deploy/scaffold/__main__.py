"""`python -m deploy.scaffold SERVICE NAME [AGGREGATE]`: a new verb in all its places, with a test that fails."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from string import Template

from deploy.scaffold.places import imported, in_policy, in_served, in_service
from deploy.scaffold.verb import NotAVerb, Verb, verb_of

TEMPLATES = Path(__file__).parent / "templates"
PERSONS = {
    "harness": {
        "import_person": "from services.kit.policy import Role\nfrom tests.harness import Harness",
        "fixture": "harness: Harness",
        "person": "    person = await (await harness.cell()).person(Role.COORDINATOR)",
    },
    "host": {
        "import_person": "from tests.partner_directory.town import Host",
        "fixture": "host: Host",
        "person": "    _, person = await host.town_with_coordinator()",
    },
}
"""Somebody of the cell, as the tests of each service have people."""
AFTERWARDS = """Now make proto, and fill it: the sentences that begin with "Say", the fields, the handler. Then
  .venv/bin/python -m pytest tests/rules tests/{service} tests/kit/test_doors.py
says what is missing: a right request in tests/kit/spoiled.py and what its door says of others
(.venv/bin/python -m tests.kit.test_doors), a row in tests/security/rows.py. docs/add-a-verb.md tells the rest."""


def filled(kind: str, words: dict[str, str]) -> str:
    """A template with the verb's names."""
    return Template((TEMPLATES / f"{kind}.txt").read_text()).substitute(words)


def edited(path: Path, *edits: Callable[[str], str]) -> Path:
    """Change a file; all or nothing of it."""
    text = path.read_text()
    for edit in edits:
        text = edit(text)
    path.write_text(text)
    return path


def room_of(service: Path, verb: Verb) -> tuple[str, ...]:
    """The folder of its handler: where each aggregate has a folder of its own, in that."""
    apart = any(path.is_dir() and path.name[0] != "_" for path in (service / verb.folder).iterdir())
    return (verb.folder, verb.aggregate) if apart else (verb.folder,)


def write(root: Path, verb: Verb) -> list[Path]:
    """Write the verb; the files that are new or changed."""
    words, service = verb.words(), root / "services" / verb.service
    words |= PERSONS[words["PERSON"]]
    kind = "query" if verb.is_query else "command"
    room = room_of(service, verb)
    words["room"] = ".".join(room)
    handler = f"from services.{verb.service}.{words['room']}.{verb.name} import"
    names = f"{verb.name}, {words['Name']}"
    served = f"{kind}({names}, pb.{words['Name']}Response)," if verb.is_query else f"{kind}({names}),"
    rule = f"{verb.name}: Rule(Verb.{'CONSULT' if verb.is_query else 'ALTER'}, roles=frozenset({{Role.COORDINATOR}})),"
    proto = edited(
        root / "proto" / "rondetafel" / verb.service / "v1" / f"{verb.service}.proto",
        lambda text: in_service(text, words["Aggregate"], filled(f"{kind}.method", words)),
        lambda text: text + filled(f"{kind}.messages", words),
    )
    changed = [
        edited(
            service / "rpc" / f"{verb.aggregate}.py",
            lambda text: in_served(text, served),
            lambda text: imported(text, f"{handler} {words['Name']}, {verb.name}"),
            lambda text: imported(text, f"from services.kit.methods import {kind}"),
        ),
        edited(
            service / "policy.py",
            lambda text: in_policy(text, rule),
            lambda text: imported(text, f"{handler} {verb.name}"),
        ),
    ]
    new = {
        service.joinpath(*room) / f"{verb.name}.py": f"{kind}.py",
        root / "tests" / verb.service / f"test_{verb.name}.py": f"{kind}.test",
    }
    for path, template in new.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(filled(template, words))
    return [proto, *changed, *new]


def main(arguments: list[str], root: Path) -> int:
    """Write it, and say what comes next."""
    try:
        if len(arguments) not in (2, 3):
            raise NotAVerb("Both are needed.")
        written = write(root, verb_of(root, *arguments))
    except NotAVerb as error:
        print(f"Say make verb service=case name=close_case [aggregate=case]. {error}", file=sys.stderr)
        return 1
    service = arguments[0]
    python = [str(path) for path in written if path.suffix == ".py"]
    for arguments in (["check", "--quiet", "--fix", "--select", "I,F811"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, *python], check=True, cwd=root)
    print(*(path.relative_to(root) for path in written), sep="\n")
    print(AFTERWARDS.format(service=service))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path.cwd()))

"""Where in a file a new line belongs. Each raises NotAVerb when the file does not look as it did."""

from __future__ import annotations

import re

from deploy.scaffold.verb import NotAVerb


def before(text: str, pattern: str, added: str) -> str:
    """`added` before the first line that matches."""
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise NotAVerb(f"no place for it: nothing matches {pattern}")
    return text[: found.start()] + added + text[found.start() :]


def in_service(proto: str, aggregate: str, method: str) -> str:
    """A method at the end of a service."""
    start = re.search(rf"^service {aggregate}Service \{{$", proto, re.MULTILINE)
    if start is None:
        raise NotAVerb(f"no service {aggregate}Service")
    return proto[: start.end()] + before(proto[start.end() :], r"^\}$", method)


def in_served(module: str, line: str) -> str:
    """A line at the end of the methods that are served, indented as the first."""
    found = re.search(r"^( *)pb\.DESCRIPTOR\.services_by_name\[.*$", module, re.MULTILINE)
    if found is None:
        raise NotAVerb("no Served in rpc")
    indent = found[1]
    closing = rf"^{indent[4:]}\)$"
    return module[: found.end()] + before(module[found.end() :], closing, f"{indent}{line}\n")


def in_policy(module: str, line: str) -> str:
    """A line before what every service has."""
    return before(module, r"^    \*\*", f"    {line}\n")


def imported(module: str, line: str) -> str:
    """An import; ruff sorts it in."""
    return before(module, r"^(from|import) (?!__future__)", f"{line}\n")

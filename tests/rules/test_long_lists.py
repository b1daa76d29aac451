"""No list ends without saying so: what is asked for with a limit has a cursor in its answer, or a reason stands here.

Services: a query with a LIMIT answers `next_cursor`, `next_before`, `more...`. Pages and the command line: who asks a
method with such an answer looks at it (`whole` does), or the reason stands here.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from services.partner_directory.model import MOST_OPEN
from services.portal.web.request.whole import PAGE
from tests.rules.sources import DOMAIN, ROOT, handler_files, python_files

GOES_ON = ("next_cursor", "next_before", "more", "more_after", "more_before")
"""Fields of an answer by which its reader knows that there is more."""

LIMITED: Mapping[str, str] = {
    "services/case/contributions.py": "`read_case` answers `more_after`",
    "services/kit/agenda.py": "terms in batches, until none is due",
    "services/kit/relay.py": "the outbox in batches, until it is empty",
    "services/kit/rotation.py": "keys in batches; the batch says after which key to go on",
    "services/partner_directory/founding.py": "invitations to two seats, the newest; a third comes of a mistake",
    "services/partner_directory/queries/list_announcements.py": "work in batches, the oldest first, every second",
}
"""Where a limit cuts, and why nobody takes what is left for all."""

ASKED_ONCE: Mapping[tuple[str, str], str] = {
    ("services/portal/web/home/routes.py", "ListSessions"): "only the next one is shown: the soonest come first",
    (
        "services/portal/web/home/routes.py",
        "ListWaiting",
    ): "how many there are is said (`total`), and leads to them all",
    ("services/portal/web/home/routes.py", "SearchAudit"): "how long the log is and what it cannot explain, no entries",
    ("services/portal/web/cell/mandate_act_routes.py", "ListMandates"): "of the one mandate it names",
    ("services/portal/web/host/routes.py", "ListCells"): "its template leads on (`found.next_cursor`)",
    ("services/portal/web/case/circle_routes.py", "ReadCase"): "of the case without its contributions",
    ("services/portal/web/case/information_routes.py", "ReadCase"): "the same",
    ("services/portal/web/signal/matches.py", "ListPossibleMatches"): "its template says that there may be more",
    ("services/portal/web/signal/decide_routes.py", "ReadCase"): "the same",
    ("services/portal/web/signal/reconsider_routes.py", "ReadCase"): "the same",
    ("services/portal/web/rules/draft_routes.py", "ListRules"): "the newest of its kind, which a draft follows",
}
"""Who asks a page of a list and does not look for the next."""

BOUNDED = ("whole", "whole_case", "whole_sessions")
"""Read up to a bound, and say when they ended there (services/portal/web/request/whole.py)."""
TOLD_IN: Mapping[tuple[str, str], str] = {
    ("services/portal/web/case/routes.py", "whole_case"): "case/part_contributions.html",
    ("services/portal/web/session/room.py", "whole_case"): "session/shared.html",
}
"""Who reads so, and whose template says where it ended."""

LIMIT = re.compile(r"\bLIMIT\b")


def cuts(source: str) -> bool:
    """Whether a limit stands in code or in a statement; looking for one row is no list."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and LIMIT.search(node.value):
            return True
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "limit"
        if called and not (isinstance(node, ast.Call) and _one(node.args)):
            return True
    return False


def _one(args: list[ast.expr]) -> bool:
    return len(args) == 1 and isinstance(args[0], ast.Constant) and args[0].value == 1


def says_more(handler: Any) -> bool:
    """Whether what a query answers has a field by which one goes on."""
    answer = inspect.get_annotations(handler, eval_str=True)["return"]
    return dataclasses.is_dataclass(answer) and any(field.name in GOES_ON for field in dataclasses.fields(answer))


def silent() -> Iterator[str]:
    """Files of services in which something is cut, and whose answer does not say so."""
    answers = {
        Path(*module.split(".")).with_suffix(".py").as_posix(): getattr(importlib.import_module(module), verb)
        for service in DOMAIN
        for verb, module in handler_files(service, "queries").items()
    }
    for path in python_files("services"):
        name = path.relative_to(ROOT).as_posix()
        if "/migrations/" in name or not cuts(path.read_text()):
            continue
        if name not in answers or not says_more(answers[name]):
            yield name


def paged_methods() -> set[str]:
    """The methods whose answer says where the next begins."""
    found = set()
    for service in DOMAIN:
        file = importlib.import_module(f"rondetafel.{service}.v1.{service}_pb2").DESCRIPTOR
        for group in file.services_by_name.values():
            for method in group.methods:
                if {"next_cursor", "more_after", "more"} & set(method.output_type.fields_by_name):
                    found.add(method.name)
    return found


def asked(source: str, methods: set[str]) -> Iterator[str]:
    """The paged methods that functions of a source name without looking where the next page begins."""
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        nodes = list(ast.walk(function))
        called = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        named = {node.id for node in nodes if isinstance(node, ast.Name)}
        if called & methods and "whole" not in named and not called & {"next_cursor", "more_after"}:
            yield from sorted(called & methods)


def unread() -> set[tuple[str, str]]:
    """Files of pages and of the command line that ask a page of a list and never look for the next."""
    methods, found = paged_methods(), set()
    for path in python_files("services"):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(("services/portal/web/", "services/cli/")):
            continue
        source = path.read_text()
        # A route may read the cursor of what a function beside it has asked.
        if ".next_cursor" not in source or name in {listed for listed, _ in ASKED_ONCE}:
            found |= {(name, method) for method in asked(source, methods)}
    return found


def untold(source: str) -> set[str]:
    """By which of BOUNDED something is read in a source that does not look whether it ended at the bound."""
    nodes = list(ast.walk(ast.parse(source)))
    called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    looked = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    tells = {"whole": {"cut", "next_cursor"}, "whole_case": {"more_after"}, "whole_sessions": {"cut"}}
    return {name for name in called & set(BOUNDED) if not tells[name] & looked}


def test_who_reads_a_whole_list_tells_where_it_was_cut() -> None:
    pages = ROOT / "services" / "portal" / "web"
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in python_files("services")
        if path.is_relative_to(pages) and path.name != "whole.py"
        for name in untold(path.read_text())
    }
    assert found == set(TOLD_IN)
    assert all("more_after" in (pages / "templates" / name).read_text() for name in TOLD_IN.values())
    assert untold("found = whole(a, b)\nentries = found.entries") == {"whole"}
    assert untold("before = whole_sessions(a)\nx = before.entries") == {"whole_sessions"}
    assert untold("before = whole_sessions(a)\nx = before.cut") == set()
    assert untold("found = whole_case(a)\nx = found.contributions") == {"whole_case"}


def test_what_is_limited_says_that_there_is_more() -> None:
    assert sorted(set(silent()) ^ set(LIMITED)) == []


def test_who_asks_for_a_page_looks_for_the_next() -> None:
    assert sorted(unread() ^ set(ASKED_ONCE)) == []


def test_a_page_holds_all_proposals_that_may_wait() -> None:
    assert MOST_OPEN <= PAGE


def test_the_rules_report() -> None:
    assert cuts("asked = select(Case).limit(query.page_size)")
    assert cuts('text("SELECT 1 FROM case_frame LIMIT :most")')
    assert not cuts("await work.session.scalar(held.limit(1))")
    assert not cuts("select(Case)")
    once = "async def f(viewer):\n    return (await viewer.ask(viewer.services.case.ListCases, asked, cell)).cases"
    assert list(asked(once, {"ListCases"})) == ["ListCases"]
    assert list(asked(once.replace("viewer.ask(", "whole(viewer, "), {"ListCases"})) == []
    assert list(asked(once.replace(").cases", ").next_cursor"), {"ListCases"})) == []
    assert {"ListCases", "ReadCase", "ListWaiting", "GetRevocations"} <= paged_methods()

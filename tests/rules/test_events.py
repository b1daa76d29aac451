"""The event catalogue is the code: every event told and heard stands in docs/events.md, and nothing else."""

from __future__ import annotations

import ast
import re

from tests.rules.sources import ROOT, SERVICES

ROW = re.compile(r"^\| `([a-z_.]+)` \| `([a-z_]+)\.v1\.(\w+)` \| (\w+) \|([\w, ]*)\|", re.MULTILINE)


def catalogue() -> dict[str, tuple[str, set[str]]]:
    """Event to who tells it and who hears it."""
    text = (ROOT / "docs" / "events.md").read_text()
    return {
        name: (teller, set(filter(None, heard.strip().split(", ")))) for name, _, _, teller, heard in ROW.findall(text)
    }


def told() -> dict[str, str]:
    """Event to the service whose events.py builds it."""
    found = {}
    for service in SERVICES:
        for node in ast.walk(ast.parse((ROOT / "services" / service / "events.py").read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Event":
                assert isinstance(node.args[0], ast.Constant)
                found[str(node.args[0].value)] = service
    return found


def heard() -> dict[str, set[str]]:
    """Event to the services that have a consumer for it."""
    from importlib import import_module

    found: dict[str, set[str]] = {"session.ended": set(SERVICES), "audit.merged": set(SERVICES)}
    for service in SERVICES:
        if (ROOT / "services" / service / "consumers.py").exists():
            for event in getattr(import_module(f"services.{service}.consumers"), "HEARS", {}):
                found.setdefault(event, set()).add(service)
    return found


def test_every_event_is_in_the_catalogue_with_its_teller() -> None:
    assert told() == {name: teller for name, (teller, _) in catalogue().items()}


def test_every_consumer_is_in_the_catalogue() -> None:
    assert heard() == {name: hearers for name, (_, hearers) in catalogue().items() if hearers}


def test_events_are_past_tense_and_named_alike() -> None:
    for name in told():
        assert re.fullmatch(r"[a-z]+\.[a-z_]*(ed|led)", name), name

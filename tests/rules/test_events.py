"""Every event told and heard stands in the catalogue (services/kit/catalogue.py); docs/events.md is the same table."""

from __future__ import annotations

import ast
import re
from importlib import import_module

import pytest

from services.kit.catalogue import ALL, EVENT_TYPES, RECORD_TYPES, SERVICES, EventType, durables
from services.kit.identity import Revocations
from services.kit.revocations import subscribe_to_revocations
from tests.rules.sources import ROOT
from tests.rules.sources import SERVICES as FOLDERS

ROW = re.compile(
    r"^\| `([a-z_.]+)` \| `([a-z_]+)\.v1\.(\w+)` \| (\w+) \|([\w, ]*)\|([\w, ]*)\|([\w ]*)\|", re.MULTILINE
)


def documented() -> dict[str, EventType]:
    """The table of docs/events.md."""
    text = (ROOT / "docs" / "events.md").read_text()
    return {
        name: EventType(name, teller, named(heard), named(live), signed=signed.strip() == "yes")
        for name, _, _, teller, heard, live, signed in ROW.findall(text)
    }


def named(cell: str) -> frozenset[str]:
    return frozenset(filter(None, cell.strip().split(", ")))


def told() -> dict[str, str]:
    """Event to the service whose events.py builds it."""
    found = {}
    for service in SERVICES:
        for node in ast.walk(ast.parse((ROOT / "services" / service / "events.py").read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Event":
                assert isinstance(node.args[0], ast.Constant)
                assert str(node.args[0].value) not in found, "one type, one teller"
                found[str(node.args[0].value)] = service
    return found


def heard() -> dict[str, set[str]]:
    """Event to the services that have a consumer for it."""
    found: dict[str, set[str]] = {"audit.merged": set(SERVICES)}
    of_all = subscribe_to_revocations(Revocations())
    for service in SERVICES:
        own = {}
        if (ROOT / "services" / service / "consumers.py").exists():
            own = import_module(f"services.{service}.consumers").SUBSCRIPTIONS
        for event in {**(of_all if service != "partner_directory" else {}), **own}:
            found.setdefault(event, set()).add(service)
    return found


def test_the_catalogue_knows_the_services() -> None:
    assert set(SERVICES) == set(FOLDERS)


def test_every_event_told_is_in_the_catalogue_with_its_one_teller() -> None:
    assert told() == {name: event_type.producer for name, event_type in EVENT_TYPES.items()}


def test_a_service_hears_what_it_is_a_hearer_of_and_nothing_else() -> None:
    assert heard() == {name: set(event_type.hearers) for name, event_type in EVENT_TYPES.items() if event_type.hearers}


def test_the_documented_table_is_the_catalogue() -> None:
    assert documented() == dict(EVENT_TYPES)


def test_what_gives_access_is_told_by_the_directory_and_signed() -> None:
    assert EVENT_TYPES["mandate.changed"].signed
    assert {event_type.producer for event_type in EVENT_TYPES.values() if event_type.signed} == {"partner_directory"}


@pytest.mark.parametrize("service", SERVICES)
def test_durables_hear_each_type_once_and_by_its_exact_subject(service: str) -> None:
    subjects = [
        subject
        for durable in durables()
        if (durable.service, durable.stream) == (service, "EVENTS")
        for subject in durable.subjects
    ]
    wanted = [
        f"rondetafel.{event_type.producer}.*.{event_type.name}"
        for event_type in EVENT_TYPES.values()
        if service in event_type.hearers
    ]
    assert sorted(subjects) == sorted(wanted)
    assert not any(">" in subject for subject in subjects)


def test_only_the_audit_service_reads_the_records() -> None:
    (durable,) = (durable for durable in durables() if durable.stream == "AUDIT")
    assert (durable.service, len(durable.subjects)) == ("audit", len(ALL))
    assert not {*RECORD_TYPES} & {*EVENT_TYPES}


def test_events_are_past_tense_and_named_alike() -> None:
    for name in told():
        assert re.fullmatch(r"[a-z_]+\.[a-z_]*(ed|led)", name), name

"""What was released is kept: rows of the outbox, records and messages on their way outlive an upgrade, databases too.

`make release` takes what is new under the same protection (docs/released).
"""

from __future__ import annotations

from datetime import date

from rondetafel.audit.v1 import audit_pb2
from tests.rules.frozen import digests
from tests.rules.release import EXCEPTIONS, MIGRATIONS, PROTOS, SENDS, breaches, changed, written
from tests.rules.sources import ROOT
from tests.rules.test_events import ROW
from tests.rules.wire import not_kept, of_message, parts_of, promised

OUTLIVES = {"rondetafel.kit.v1.Envelope", "rondetafel.audit.v1.AuditRecord", "rondetafel.audit.v1.ProducerHeight"}
"""Beside the events of docs/events.md: these lie in outboxes and streams while a release is exchanged for the next."""


def stored() -> set[str]:
    """The messages that outlive an upgrade, with all that is in them."""
    rows = ROW.findall((ROOT / "docs" / "events.md").read_text())
    return parts_of(OUTLIVES | {f"rondetafel.{row[1]}.v1.{row[2]}" for row in rows}, written(PROTOS))


def test_the_proto_files_keep_what_they_promised() -> None:
    assert breaches() == {}


def test_exceptions_are_dated_and_needed_and_of_nothing_that_is_stored() -> None:
    broken = not_kept(written(PROTOS), promised())
    for name, (day, reason) in EXCEPTIONS.items():
        assert name in broken, f"{name}: no exception is needed"
        assert date.fromisoformat(day)
        assert reason
        assert name.split(" ")[1] not in stored(), f"{name}: outlives an upgrade"


def test_what_is_stored_is_known() -> None:
    released = written(PROTOS)
    assert len(stored()) > 15
    assert {name for name in stored() if name.startswith("rondetafel")} <= {
        line.split(" ")[1] for line in released if line.startswith(("message ", "value "))
    }


def test_released_migrations_send_what_they_sent() -> None:
    assert changed(written(MIGRATIONS), digests()) == {}


def test_a_migration_sends_the_same_each_time() -> None:
    assert digests() == digests()


def test_each_breach_is_reported() -> None:
    released = {
        "message p.A": "", "message p.Gone": "", "field p.Gone 1": "id string", "reserved p.A 9": "",
        **{f"field p.A {number}": f"{name} string" for number, name in enumerate("abcdef", 1)},
        "value p.E 0": "NONE", "value p.E 1": "SOME", "method p.S Do": "p.A > p.A", "method p.S Undo": "p.A > p.A",
    }  # fmt: skip
    present = {
        "message p.A": "", "field p.A 1": "a string", "field p.A 2": "renamed string", "field p.A 3": "c bytes",
        "field p.A 4": "d repeated string", "reserved p.A 6": "", "field p.A 9": "new string",
        "field p.A 10": "x string", "value p.E 0": "SOME", "method p.S Do": "p.A > p.B", "message p.New": "",
    }  # fmt: skip
    assert not_kept(released, released | {"field p.A 7": "new string"}) == {}
    assert not_kept(released, present) == {
        "message p.Gone": "is gone",
        "field p.A 2": "was b string, and is renamed string",
        "field p.A 3": "was c string, and is c bytes",
        "field p.A 4": "was d string, and is d repeated string",
        "field p.A 5": "was e string, and is gone without `reserved 5;`",
        "reserved p.A 9": "is used again",
        "value p.E 0": "was NONE, and is SOME",
        "value p.E 1": "was SOME, and is gone",
        "method p.S Do": "was p.A > p.A, and is p.A > p.B",
        "method p.S Undo": "was p.A > p.A, and is gone",
    }
    assert changed({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "9", "d": "4"}) == {"b": SENDS, "c": "is gone"}


def test_maps_and_repeated_fields_are_told_apart() -> None:
    lines = dict(of_message(audit_pb2.AuditRecord.DESCRIPTOR))
    assert lines["field rondetafel.audit.v1.AuditRecord 12"] == "object_ids repeated string"
    assert lines["field rondetafel.audit.v1.AuditRecord 17"] == (
        "detail repeated rondetafel.audit.v1.AuditRecord.DetailEntry"
    )
    assert lines["field rondetafel.audit.v1.AuditRecord.DetailEntry 2"] == "value string"

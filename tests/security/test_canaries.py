"""Marked texts in every field a person types: readable at the front door, and in no byte behind it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.local.platform import Platform
from tests.e2e.bodies import Pen
from tests.e2e.story import Story
from tests.e2e.table import Table
from tests.security.collector import Collector

CHUNK = 1 << 20


@dataclass
class Canaries:
    """Marks texts, each with a mark of its own, and remembers them."""

    marks: dict[str, str] = field(default_factory=dict)

    def mark(self, text: str) -> str:
        """The text with its mark."""
        mark = f"kanarie{secrets.token_hex(8)}"
        self.marks[mark] = text
        return f"{text} {mark}"


async def test_no_text_of_a_person_leaves_the_sealed_columns(
    platform: Platform, table: Table, collector: Collector
) -> None:
    canaries = Canaries()
    story = Story(table, pen=Pen(canaries.mark))
    await story.play()
    await tells_how_to_be_reached(story, canaries)
    talked = await table["nele"].post(table.path("signals"), Pen(canaries.mark).signal(table.nis_code))
    await table.talk(talked.body["id"], Pen(canaries.mark))
    log = await story.audit_trail()
    read = await everything_read(story, talked.body["id"])
    assert {mark for mark in canaries.marks if mark not in read} == set()
    marks = [mark.encode() for mark in canaries.marks]
    async with planted(platform) as seed:
        await checkpoint(platform)
        assert found_below(platform.instance.root, marks) == {}
        places = {name.split("/")[1] for name in found_below(platform.instance.root, [seed])}
        assert places >= {"postgres", "nats"}, "the search finds what is there"
    assert [mark for mark in marks if collector.holds(mark)] == []
    assert collector.holds(b"enter_signal"), "spans have arrived"
    metrics = await metrics_of(platform)
    assert "enter_signal" in metrics
    assert [mark for mark in canaries.marks if mark in metrics or mark in str(log)] == []


async def tells_how_to_be_reached(story: Story, canaries: Canaries) -> None:
    """Nele's number and words, which An reads and takes along."""
    nele, number = story.table["nele"], f"0470{secrets.randbelow(10**6):06}"
    canaries.marks[f"+32{number[1:]}"] = number
    profile = {"language": "nl", "telephone": number, "reachable": canaries.mark("9-16 u")}
    etag = (await nele.get("/me/profile")).etag
    await nele.post("/me/profile", profile, if_match=etag)
    await story.table["an"].get(story.table.path("contacts/export"))


async def everything_read(story: Story, talked: str) -> str:
    """What the people of the story may read of it, as the API gives it."""
    table = story.table
    nele, lieve, sofie = table["nele"], table["lieve"], table["sofie"]
    answers = [
        await nele.send("GET", table.path(f"signals/{story.signal}")),
        await nele.send("GET", table.path(f"signals/{talked}")),
        await nele.send("GET", table.path(f"cases/{story.case}")),
        await lieve.send("GET", table.path(f"cases/{story.case}")),
        # How a sharing was weighed is its author's alone to read.
        await sofie.send("GET", table.path(f"cases/{story.case}")),
        await lieve.send("GET", table.path(f"sessions/{story.session}")),
        await lieve.send("GET", table.path("contacts")),
    ]
    assert all(answer.is_success for answer in answers)
    return "\n".join(answer.text for answer in answers)


@asynccontextmanager
async def planted(platform: Platform) -> AsyncIterator[bytes]:
    """A text where it must not be, in a table and in a stream, so that the search is seen to find."""
    seed = f"geplant{secrets.token_hex(8)}"
    client = await platform.nats.connect("case")
    await client.jetstream().publish("rondetafel.case.nowhere.signal.received", seed.encode())
    await client.close()
    connection = await platform.postgres.connect("rondetafel_case")
    try:
        await connection.execute("CREATE TABLE planted (text text)")
        await connection.execute("INSERT INTO planted VALUES ($1)", seed)
        yield seed.encode()
        await connection.execute("DROP TABLE planted")
    finally:
        await connection.close()


async def checkpoint(platform: Platform) -> None:
    """All pages are on disk, and the WAL stays."""
    connection = await platform.postgres.connect("rondetafel_case")
    try:
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


def found_below(root: Path, marks: list[bytes]) -> dict[str, list[bytes]]:
    """The files below a directory that hold one of the marks: databases with WAL, streams, logs, settings."""
    found = {}
    for path in (path for path in root.rglob("*") if path.is_file() and not path.is_symlink()):
        if here := _marks_in(path, marks):
            found[str(path.relative_to(root))] = here
    return found


def _marks_in(path: Path, marks: list[bytes]) -> list[bytes]:
    here: set[bytes] = set()
    overlap = max(len(mark) for mark in marks)
    try:
        with path.open("rb") as file:
            tail = b""
            while chunk := file.read(CHUNK):
                here |= {mark for mark in marks if mark in tail + chunk}
                tail = chunk[-overlap:]
    except FileNotFoundError:
        pass  # a temporary file of a server that is gone by now
    return sorted(here)


async def metrics_of(platform: Platform) -> str:
    """The metrics pages of all services."""
    async with httpx.AsyncClient(trust_env=False) as http:
        ports = platform.instance.ports.metrics.values()
        return "\n".join([(await http.get(f"http://127.0.0.1:{port}/metrics")).text for port in ports])

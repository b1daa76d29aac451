"""What producers hear of the log, when that is not with each merge; and what is made once for a batch."""

from __future__ import annotations

from uuid import uuid4

from services.audit.commands.merge_records import MergeRecords, merge_records
from services.audit.model.leaf import parse_leaf
from services.audit.model.record import Source
from tests.audit.records import Producer, leaves, merge
from tests.audit.test_merge import merged_up_to
from tests.harness import Harness


async def test_producers_that_were_not_told_are_told_of_all_at_once(harness: Harness) -> None:
    cell, case, meeting, silent = await harness.cell(), Producer(), Producer(Source("meeting", uuid4())), Producer()
    for records in (case.records(2), meeting.records(1), case.records(3)[1:]):
        await cell.as_system(merge_records, MergeRecords(tuple(records), tells=False))
    assert await merged_up_to(cell) == []
    sources = (case.source, meeting.source, silent.source)
    await cell.as_system(merge_records, MergeRecords((), owed=sources))
    assert sorted(await merged_up_to(cell)) == [("case", 2), ("meeting", 1)]


async def test_of_a_batch_each_has_the_pseudonyms_of_its_own(harness: Harness) -> None:
    """They are made once for the batch."""
    cell, producer = await harness.cell(), Producer()
    ids, people = [uuid4() for _ in range(3)], [str(uuid4()) for _ in range(2)]
    named = [
        (people[0], "", ids[:1]),
        (people[1], people[0], ids),
        (people[0], people[1], []),
        (people[0], "", ids[:1]),
    ]
    records = [producer.record(*objects, actor_id=actor, on_behalf_of=other) for actor, other, objects in named]
    records.append(producer.record(actor_id=people[0], organisation_id=""))
    await merge(cell, records[:4])
    await merge(cell, records[4:])
    read = [parse_leaf(leaf) for leaf in await leaves(cell)]
    (one, two), objects = (read[0]["actor"], read[1]["actor"]), read[1]["objects"]
    assert one != two
    assert len({one, two, *objects}) == 5
    assert [(leaf["actor"], leaf["on_behalf_of"], leaf["objects"]) for leaf in read] == [
        (one, "", objects[:1]), (two, one, objects), (one, two, []), (one, "", objects[:1]), (one, "", []),
    ]  # fmt: skip
    assert read[4]["org"] == ""

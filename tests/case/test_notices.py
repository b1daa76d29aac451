"""What people are to be written about, as the case service tells the directory: ids, codes and times, for whom."""

from __future__ import annotations

from services.case.commands.end_invitation import EndInvitation, end_invitation
from services.case.commands.place_on_list import place_on_list
from services.case.commands.refuse_case import refuse_case
from tests.case.rows import notices_of
from tests.case.story import story
from tests.harness import Harness


async def test_an_urgent_signal_is_told_at_once_to_the_coordinator_s_seat_and_another_is_not(harness: Harness) -> None:
    our = await story(harness)
    await our.enter()
    assert await notices_of(our.coordinator) == []
    signal = await our.enter(urgent=True)
    (told,) = await notices_of(our.coordinator)
    assert (told.kind, told.object_id, told.urgent, told.over) == ("urgent_signal", str(signal.id), True, False)
    assert (list(told.seats), list(told.nis_codes), list(told.person_ids)) == (["coordinator"], [our.town], [])
    assert (told.by, told.code) == (str(our.reporter.person_id), "")


async def test_a_proposed_case_waits_for_the_mayor_until_the_answer(harness: Harness) -> None:
    for answer in ("list", "refuse"):
        our = await story(harness)
        await our.propose()
        told = await notices_of(our.coordinator)
        (asked,) = [notice for notice in told if not notice.over]
        # What was told of a check of the signal, if it was, waits no more.
        assert {notice.object_id for notice in told if notice.over} == {str(our.signal.id)}
        assert (asked.kind, asked.object_id, list(asked.seats)) == ("case_proposed", str(our.case_id), ["mayor"])
        assert asked.code == (await our.read(our.coordinator)).frame.code
        assert not asked.urgent
        if answer == "list":
            await our.mayor.run(place_on_list, our.listing())
        else:
            await our.mayor.run(refuse_case, our.refusal())
        over = (await notices_of(our.coordinator))[-1]
        assert (over.kind, over.object_id, over.over) == ("case_proposed", str(our.case_id), True)
        assert not [*over.person_ids, *over.seats]


async def test_who_is_invited_is_told_until_the_last_day_and_not_once_taken_out(harness: Harness) -> None:
    our = await story(harness)
    await our.list()
    person = await our.invite()
    asked = (await notices_of(our.coordinator))[-1]
    assert (asked.kind, asked.object_id) == ("circle_invitation", str(our.case_id))
    assert list(asked.person_ids) == [str(person.person_id)]
    entry = next(seat for seat in (await our.read(our.coordinator)).circle if seat.person_id == person.person_id)
    assert asked.until.ToDatetime(entry.ends_at.tzinfo) == entry.ends_at
    command = EndInvitation(our.case_id, our.version, entry.entry_id, "taken_back")
    await our.coordinator.run(end_invitation, command)
    over = (await notices_of(our.coordinator))[-1]
    assert (over.kind, over.over, list(over.person_ids)) == ("circle_invitation", True, [str(person.person_id)])


async def test_invariant_18_it_says_nothing_of_what_waits(harness: Harness) -> None:
    our = await story(harness)
    await our.enter(urgent=True)
    await our.list()
    await our.invite()
    told = b"".join(notice.SerializeToString() for notice in await notices_of(our.coordinator))
    assert not [word for word in ("Milan", "Claes", "Kerkstraat", "moeder", "school") if word.encode() in told]

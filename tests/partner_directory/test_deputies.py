"""Deputies: who may be whose, and when they count: always, or while the holder is absent."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.kit.clock import day_ends_at, day_starts_at
from services.kit.errors import CellNotFound, RoleMissing, VersionChanged
from services.kit.policy import Role
from services.partner_directory.commands.deputy.end_absence import EndAbsence, end_absence
from services.partner_directory.commands.deputy.mark_absent import MarkAbsent, mark_absent
from services.partner_directory.commands.deputy.name_deputy import NameDeputy, name_deputy
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.change_mandate import ChangeMandate, change_mandate
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.mandate.resume_mandate import ResumeMandate, resume_mandate
from services.partner_directory.commands.mandate.suspend_mandate import SuspendMandate, suspend_mandate
from services.partner_directory.errors import (
    AbsenceOver,
    DeputyKindWrong,
    DeputyOfDeputy,
    DeputyOfOneself,
    DeputyOverlaps,
    DeputyRoleWrong,
    DeputyTownWrong,
    HolderNotFound,
    LastCoordinator,
)
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.harness import Person
from tests.partner_directory.test_suspend_mandate import seen
from tests.partner_directory.test_terms import recorded, told
from tests.partner_directory.town import TEXT, Host, Town

PAGE = ListMandates(50, None)
FIRST, LAST = date(2027, 2, 26), date(2027, 3, 1)


async def given(town: Town, giver: Person, role: Role, **changes: Any) -> Person:
    """Somebody this giver invited, who accepted secrecy: version 2."""
    person = await town.partner(giver, role=role, **changes)
    await person.run(accept_undertaking, AcceptUndertaking(TEXT))
    return person


async def pair(host: Host, when: str = "absent") -> tuple[Town, Person, Person, Person]:
    """A cell with its mayor, the prevention officer, and the officer's deputy (version 3)."""
    town = await host.town()
    mayor = await town.sworn(Role.MAYOR, last_day=date(2031, 11, 1))
    lieve, karim = [await given(town, mayor, Role.PREVENTION_OFFICER) for _ in range(2)]
    await mayor.run(name_deputy, NameDeputy(karim.mandate_id, 2, lieve.mandate_id, when))
    return town, mayor, lieve, karim


async def counts(person: Person) -> bool:
    """Whether the person sits in the cell now."""
    try:
        await person.run(list_mandates, PAGE)
    except CellNotFound:
        return False
    return True


async def window(town: Town, person: Person) -> tuple[datetime, datetime]:
    """What services were told last."""
    fact = (await told(town, person))[-1]
    return fact.starts_at.ToDatetime(UTC), fact.ends_at.ToDatetime(UTC)


async def test_always_it_counts_beside_the_holder_and_the_fact_names_both(host: Host) -> None:
    town, _, lieve, karim = await pair(host, "always")
    assert await counts(karim)
    assert await counts(lieve)
    assert (await told(town, karim))[-1].deputy_for == str(lieve.person_id)
    assert (await told(town, lieve))[-1].deputy_for == ""
    record = (await recorded(town, "list_mandates"))[-2]
    assert record.actor_id == str(karim.person_id)
    assert record.detail["acts_for"] == str(lieve.person_id)
    assert "acts_for" not in (await recorded(town, "list_mandates"))[-1].detail


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (FIRST, LAST),
        (date(2027, 3, 28), date(2027, 3, 28)),
        (date(2027, 10, 31), date(2027, 10, 31)),
        (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
async def test_invariant_25_only_while_the_holder_is_absent_first_and_last_day_included(
    host: Host, first: date, last: date
) -> None:
    """The end of a month and of a year, and both days on which the clock changes; not before and not after."""
    clock = host.harness.clock
    town, _, lieve, karim = await pair(host)
    assert not await counts(karim)
    assert (await lieve.run(mark_absent, MarkAbsent(lieve.mandate_id, first, last))).state == "MARKED"
    assert await window(town, karim) == (day_starts_at(first), day_ends_at(last))
    tick = timedelta(microseconds=1)
    for moment, expected in (
        (day_starts_at(first) - tick, False), (day_starts_at(first), True), (day_ends_at(last) - tick, True),
        (day_ends_at(last), False),
    ):  # fmt: skip
        clock.now = moment
        assert await counts(karim) is expected, "no term has to be on time"
        await run_due(host.harness, TERMS)
        assert await counts(karim) is expected
        assert await counts(lieve)
    turns = [record.detail["turn"] for record in await recorded(town, "turn_deputy")]
    assert turns == ["begins", "is over"]


async def test_one_absence_after_the_other_and_back_earlier(host: Host) -> None:
    clock = host.harness.clock
    town, mayor, lieve, karim = await pair(host)
    second = await mayor.run(mark_absent, MarkAbsent(lieve.mandate_id, date(2027, 4, 1), date(2027, 4, 10)))
    first = await lieve.run(mark_absent, MarkAbsent(lieve.mandate_id, FIRST, LAST))
    assert (await window(town, karim))[0] == day_starts_at(FIRST), "the next one"
    assert [absence.first_day for absence in (await seen(mayor, lieve)).absences] == [FIRST.isoformat(), "2027-04-01"]
    clock.now = day_starts_at(FIRST) + timedelta(hours=30)
    assert await counts(karim)
    assert (await lieve.run(end_absence, EndAbsence(first.id, 1))).state == "ENDED"
    assert not await counts(karim)
    assert await window(town, karim) == (day_starts_at(date(2027, 4, 1)), day_ends_at(date(2027, 4, 10)))
    with pytest.raises(AbsenceOver):
        await lieve.run(end_absence, EndAbsence(first.id, 2))
    await mayor.run(end_absence, EndAbsence(second.id, 1))
    clock.now = day_starts_at(date(2027, 4, 5))
    await run_due(host.harness, TERMS)
    assert not await counts(karim), "it was taken back before it began"
    assert (await seen(mayor, lieve)).absences == ()


async def test_who_ends_or_suspends_the_holder_makes_the_deputy_stand_in_until_somebody_has_the_seat(
    host: Host,
) -> None:
    clock = host.harness.clock
    town, mayor, lieve, karim = await pair(host)
    await mayor.run(suspend_mandate, SuspendMandate(lieve.mandate_id, 2, "inquiry"))
    assert await counts(karim)
    await mayor.run(resume_mandate, ResumeMandate(lieve.mandate_id, 3))
    assert not await counts(karim)
    await mayor.run(end_mandate, EndMandate(lieve.mandate_id, 4, "left"))
    assert await counts(karim)
    clock.advance(days=3)
    successor = await town.partner(mayor, role=Role.PREVENTION_OFFICER, first_day=clock.now.date() + timedelta(days=10))
    begins = day_starts_at(clock.now.date() + timedelta(days=10))
    assert (await window(town, karim))[1] == begins, "it is known beforehand"
    clock.now = begins
    assert not await counts(karim)
    await successor.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert await counts(successor), "who follows has the seat from that moment, and what it opens"
    clock.advance(hours=1)
    await mayor.run(end_mandate, EndMandate(successor.mandate_id, 2, "left"))
    assert not await counts(karim), "whose deputy was of the one before comes back for nobody"


async def test_after_the_last_day_of_the_holder_too_and_one_for_always_to_its_own_end(host: Host) -> None:
    clock = host.harness.clock
    town = await host.town()
    mayor = await town.sworn(Role.MAYOR, last_day=date(2031, 11, 1))
    lieve = await given(town, mayor, Role.PREVENTION_OFFICER, last_day=date(2027, 1, 31))
    karim = await given(town, mayor, Role.PREVENTION_OFFICER)
    an = await given(town, mayor, Role.COORDINATOR, last_day=date(2027, 1, 31))
    tom = await given(town, mayor, Role.COORDINATOR)
    await mayor.run(name_deputy, NameDeputy(karim.mandate_id, 2, lieve.mandate_id, "absent"))
    await mayor.run(name_deputy, NameDeputy(tom.mandate_id, 2, an.mandate_id, "always"))
    assert (await counts(karim), await counts(tom)) == (False, True)
    clock.now = day_ends_at(date(2027, 1, 31))
    assert (await counts(karim), await counts(tom)) == (True, True)
    clock.now = day_ends_at(date(2027, 11, 22))
    assert (await counts(karim), await counts(tom)) == (True, True)


async def test_a_suspended_deputy_stands_in_for_nobody(host: Host) -> None:
    town, mayor, lieve, karim = await pair(host)
    await lieve.run(mark_absent, MarkAbsent(lieve.mandate_id, date(2026, 11, 24), LAST))
    assert await counts(karim)
    version = (await seen(mayor, karim)).mandate.version
    await mayor.run(suspend_mandate, SuspendMandate(karim.mandate_id, version, "other"))
    assert not await counts(karim)
    await mayor.run(resume_mandate, ResumeMandate(karim.mandate_id, version + 1))
    assert await counts(karim)
    assert town.cell_id


async def test_who_cannot_be_whose_deputy(host: Host) -> None:
    town = await host.town(towns=2)
    first, second = town.nis_codes
    mayor = await town.sworn(Role.MAYOR)
    lieve = await given(town, mayor, Role.PREVENTION_OFFICER, nis_codes=(first,))
    karim = await given(town, mayor, Role.PREVENTION_OFFICER, nis_codes=(first,))
    beyond = await given(town, mayor, Role.PREVENTION_OFFICER, nis_codes=(first, second))
    third = await given(town, mayor, Role.PREVENTION_OFFICER, nis_codes=(first,))
    school = {"kbo_number": await host.organisation("school")}
    elsewhere = await given(town, mayor, Role.PREVENTION_OFFICER, nis_codes=(first,), **school)
    guest = await given(town, mayor, Role.PARTICIPANT)
    coordinator = await given(town, mayor, Role.COORDINATOR)
    again = town.invitation(Role.PREVENTION_OFFICER, nis_codes=(second,))
    own = await town.given(mayor.run, again)
    twice = await town.given(mayor.run, town.invitation(Role.PREVENTION_OFFICER, nis_codes=(first,), email=again.email))

    async def refused(deputy: UUID, holder: UUID, version: int = 2) -> tuple[type[Exception], str | None]:
        with pytest.raises(Exception) as found:  # noqa: PT011
            await mayor.run(name_deputy, NameDeputy(deputy, version, holder, "absent"))
        return type(found.value), getattr(found.value, "field", None)

    assert await refused(twice.id, own.id, 1) == (DeputyOfOneself, "holder_id")
    assert await refused(guest.mandate_id, lieve.mandate_id) == (DeputyRoleWrong, "mandate_id")
    assert await refused(karim.mandate_id, guest.mandate_id) == (DeputyRoleWrong, "holder_id")
    assert await refused(coordinator.mandate_id, lieve.mandate_id) == (DeputyRoleWrong, "holder_id")
    assert await refused(elsewhere.mandate_id, lieve.mandate_id) == (DeputyKindWrong, "holder_id")
    assert await refused(beyond.mandate_id, lieve.mandate_id) == (DeputyTownWrong, "nis_codes")
    assert await refused(karim.mandate_id, uuid4()) == (HolderNotFound, "holder_id")
    assert await mayor.run(name_deputy, NameDeputy(karim.mandate_id, 2, lieve.mandate_id, "absent"))
    assert await refused(third.mandate_id, lieve.mandate_id) == (DeputyOverlaps, "mandate_id")
    assert await refused(third.mandate_id, karim.mandate_id) == (DeputyOfDeputy, "holder_id")
    assert await refused(lieve.mandate_id, beyond.mandate_id) == (DeputyOfDeputy, "holder_id")
    change = ChangeMandate(karim.mandate_id, 3, (first, second), None)
    with pytest.raises(DeputyTownWrong):
        await mayor.run(change_mandate, change)
    with pytest.raises(DeputyTownWrong):
        await mayor.run(change_mandate, ChangeMandate(lieve.mandate_id, 2, (second,), None))
    assert await mayor.run(name_deputy, NameDeputy(karim.mandate_id, 3, lieve.mandate_id, "always")), "named again"


async def test_the_mayors_deputy_is_the_delegate_and_a_chiefs_may_be_an_information_officer(host: Host) -> None:
    town = await host.town()
    mayor = await town.sworn(Role.MAYOR)
    delegate = await given(town, mayor, Role.MAYOR_DELEGATE)
    chief = await given(town, mayor, Role.POLICE_CHIEF)
    officer = await given(town, mayor, Role.INFORMATION_OFFICER)
    assert await mayor.run(name_deputy, NameDeputy(delegate.mandate_id, 2, mayor.mandate_id, "absent"))
    assert await mayor.run(name_deputy, NameDeputy(officer.mandate_id, 2, chief.mandate_id, "absent"))
    assert not await counts(delegate)
    await mayor.run(mark_absent, MarkAbsent(mayor.mandate_id, date(2026, 11, 24), date(2026, 11, 24)))
    await chief.run(mark_absent, MarkAbsent(chief.mandate_id, date(2026, 11, 24), date(2026, 11, 24)))
    assert await counts(delegate)
    assert await counts(officer)


async def test_k11_a_coordinator_does_not_become_a_deputy_in_waiting_when_nobody_else_counts(host: Host) -> None:
    town, first = await host.town_with_coordinator()
    second = await given(town, first, Role.COORDINATOR)
    assert await first.run(name_deputy, NameDeputy(second.mandate_id, 2, first.mandate_id, "absent"))
    with pytest.raises(LastCoordinator):
        await first.run(end_mandate, EndMandate(first.mandate_id, 2, "left"))


async def test_who_may_give_it_names_and_nobody_else(host: Host) -> None:
    town = await host.town()
    mayor = await town.sworn(Role.MAYOR)
    coordinator = await given(town, mayor, Role.COORDINATOR)
    delegate = await given(town, mayor, Role.MAYOR_DELEGATE)
    lieve, karim = [await given(town, mayor, Role.PREVENTION_OFFICER) for _ in range(2)]
    of_mayor = NameDeputy(delegate.mandate_id, 2, mayor.mandate_id, "absent")
    of_lieve = NameDeputy(karim.mandate_id, 2, lieve.mandate_id, "absent")
    stranger = (await host.town_with_coordinator())[1]
    for other, command in ((lieve, of_lieve), (delegate, of_mayor), (coordinator, of_mayor)):
        with pytest.raises(RoleMissing):
            await other.run(name_deputy, command)
    with pytest.raises(CellNotFound):
        await stranger.elsewhere(town).run(name_deputy, of_lieve)
    with pytest.raises(CellNotFound):
        await town.as_host(name_deputy, of_lieve)
    with pytest.raises(VersionChanged):
        await mayor.run(name_deputy, NameDeputy(karim.mandate_id, 1, lieve.mandate_id, "absent"))
    answers = await asyncio.gather(*(coordinator.run(name_deputy, of_lieve) for _ in range(2)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Receipt", "VersionChanged"]
    first = await mayor.run(name_deputy, of_mayor, idempotency_key="deputy")
    assert await mayor.run(name_deputy, of_mayor, idempotency_key="deputy") == first


async def test_what_may_be_done_about_deputies_is_named_and_nothing_else(host: Host) -> None:
    town, mayor, lieve, karim = await pair(host)
    guest = await given(town, mayor, Role.PARTICIPANT)
    assert {"name_deputy", "mark_absent"} <= set((await seen(mayor, lieve)).may)
    assert "mark_absent" not in (await seen(mayor, karim)).may
    assert not {"name_deputy", "mark_absent"} & set((await seen(mayor, guest)).may)
    assert (await seen(lieve, lieve)).may == ("mark_absent",)
    assert (await seen(lieve, karim)).may == (await seen(guest, guest)).may == ()

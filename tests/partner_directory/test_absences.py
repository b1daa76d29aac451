"""Who says that the holder of a seat is away, and which days; who takes it back."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from services.kit.errors import CellNotFound, RoleMissing, VersionChanged
from services.kit.policy import Role
from services.partner_directory.commands.deputy.end_absence import EndAbsence, end_absence
from services.partner_directory.commands.deputy.mark_absent import MarkAbsent, mark_absent
from services.partner_directory.errors import (
    AbsenceNotFound,
    AbsenceOutside,
    AbsenceOverlaps,
    AbsenceReversed,
    SeatWithoutDeputy,
)
from tests.partner_directory.test_deputies import FIRST, LAST, given, pair
from tests.partner_directory.town import Host


async def test_who_marks_whom_absent_and_which_days(host: Host) -> None:
    town, mayor, lieve, karim = await pair(host, "always")
    coordinator = await given(town, mayor, Role.COORDINATOR)
    guest, other = await given(town, mayor, Role.PARTICIPANT), await given(town, mayor, Role.PREVENTION_OFFICER)
    days = MarkAbsent(lieve.mandate_id, FIRST, LAST)
    with pytest.raises(RoleMissing):
        await guest.run(mark_absent, days)
    with pytest.raises(RoleMissing):
        await other.run(mark_absent, days)
    with pytest.raises(CellNotFound):
        await town.as_host(mark_absent, days)
    for person in (karim, guest):
        with pytest.raises(SeatWithoutDeputy):
            await mayor.run(mark_absent, MarkAbsent(person.mandate_id, FIRST, LAST))
    for first, last, refusal, field in (
        (LAST, FIRST, AbsenceReversed, "last_day"),
        (date(2026, 11, 23), LAST, AbsenceOutside, "first_day"),
        (FIRST, date(2027, 11, 24), AbsenceOutside, "last_day"),
    ):
        with pytest.raises(refusal) as found:
            await lieve.run(mark_absent, MarkAbsent(lieve.mandate_id, first, last))
        assert (found.value.field, bool(found.value.expected)) == (field, True)
    made = await coordinator.run(mark_absent, days, idempotency_key="away")
    assert await coordinator.run(mark_absent, days, idempotency_key="away") == made
    with pytest.raises(AbsenceOverlaps):
        await lieve.run(mark_absent, MarkAbsent(lieve.mandate_id, LAST, LAST))
    for person in (guest, other):
        with pytest.raises(RoleMissing):
            await person.run(end_absence, EndAbsence(made.id, 1))
    with pytest.raises(AbsenceNotFound):
        await lieve.run(end_absence, EndAbsence(uuid4(), 1))
    with pytest.raises(VersionChanged):
        await lieve.run(end_absence, EndAbsence(made.id, 2))
    assert (await lieve.run(end_absence, EndAbsence(made.id, 1))).version == 2

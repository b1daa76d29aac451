"""A case, everybody who may be there, and what can happen to it, step by step: for random histories."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import text

from services.case.commands.apply_decision import Outcome
from services.case.commands.declare_conflict import DeclareConflict, declare_conflict
from services.case.commands.end_invitation import EndInvitation, end_invitation
from services.case.commands.invite_to_circle import invite_to_circle
from services.case.commands.note_information import NoteInformation, note_information
from services.case.commands.place_on_list import place_on_list
from services.case.commands.reconsider_case import ReconsiderCase, reconsider_case
from services.case.commands.refuse_case import refuse_case
from services.case.model import Part
from services.kit.errors import RondetafelError
from services.kit.ids import new_id
from services.kit.policy import Role
from tests.case.rows import as_actor, hold
from tests.case.story import EVERYTHING, Story, story
from tests.harness import Harness, Person

OTHER_TOWN = "24008"
AUTHORS = ("mayor", "coordinator", "police", "prevention", "guest", "late guest")


@dataclass
class Scene:
    """A case, everybody who may be there, and what the case service was told of sessions and decisions."""

    our: Story
    people: dict[str, Person]
    sessions: list[datetime] = field(default_factory=list)
    decided_at: datetime | None = None

    def somebody(self, number: int) -> Person:
        """One of those who may write."""
        return self.people[AUTHORS[number % len(AUTHORS)]]


async def scene_of(harness: Harness, urgent: bool) -> Scene:
    """A case is proposed; nobody is invited yet."""
    our = await story(harness, "24001", OTHER_TOWN)
    guests = {
        name: await our.cell.person(Role.PARTICIPANT, nis_codes=("24001",))
        for name in ("guest", "late guest", "part guest")
    }
    others = {
        "delegate": await our.cell.person(Role.MAYOR_DELEGATE, nis_codes=("24001",)),
        "unsworn mayor": await our.cell.person(Role.MAYOR, nis_codes=("24001",), undertaken_until=None),
        "neighbour": await our.cell.person(Role.COORDINATOR, nis_codes=(OTHER_TOWN,)),
        "dpo": await our.cell.person(Role.DPO),
    }
    # Sworn for one town, chairing another unsworn: whose proposal that one cannot read.
    half = others["unsworn mayor"]
    await half.mandate(Role.PARTICIPANT, nis_codes=(OTHER_TOWN,), mandate_id=new_id())
    seats = {
        "mayor": our.mayor, "coordinator": our.coordinator, "police": our.police, "prevention": our.prevention,
        "reporter": our.reporter,
    }  # fmt: skip
    await our.enter(urgent=urgent)
    await our.propose()
    return Scene(our, seats | guests | others)


async def go_on(scene: Scene, step: str, number: int) -> None:
    """One step, if the case can take it."""
    scene.our.cell.harness.clock.advance(minutes=7)
    scene.our.version = await scene.our.present_version()
    with contextlib.suppress(RondetafelError):
        await TAKEN[step](scene, number)


async def _list(scene: Scene, number: int) -> None:
    await scene.our.mayor.run(place_on_list, scene.our.listing())


async def _refuse(scene: Scene, number: int) -> None:
    await scene.our.mayor.run(refuse_case, scene.our.refusal())


async def _reconsider(scene: Scene, number: int) -> None:
    await scene.our.mayor.run(reconsider_case, ReconsiderCase(scene.our.case_id, scene.our.version))


async def _plan(scene: Scene, number: int, days: int = 6) -> None:
    await scene.our.plan(days=days + number)
    scene.sessions.append(scene.our.now + timedelta(days=days + number))


async def _plan_today(scene: Scene, number: int) -> None:
    await scene.our.plan()
    scene.sessions.append(scene.our.now)


async def _invite(scene: Scene, number: int, name: str = "guest", **changes: Any) -> None:
    parts = (Part.IDENTITY,) if name == "part guest" else EVERYTHING
    invitation = scene.our.invitation(scene.people[name], *parts, **changes)
    await scene.our.coordinator.run(invite_to_circle, invitation)


async def _invite_anew(scene: Scene, number: int) -> None:
    await _invite(scene, number, ("late guest", "part guest", "prevention")[number % 3])


async def _invite_later(scene: Scene, number: int) -> None:
    await _invite(scene, number, "late guest", first_day=scene.our.today + timedelta(days=2))


async def _end(scene: Scene, number: int) -> None:
    """Any of those invited, whoever it is, by either of the two who may."""
    circle = (await scene.our.read(scene.our.coordinator)).circle
    guests = [entry.entry_id for entry in circle if entry.person_id]
    if guests:
        by = (scene.our.coordinator, scene.our.mayor)[number % 2]
        asked = EndInvitation(scene.our.case_id, scene.our.version, guests[number % len(guests)], "taken_back")
        await by.run(end_invitation, asked)


async def _conflict(scene: Scene, number: int) -> None:
    """Somebody in the circle keeps out of it, by invitation or by seat."""
    await scene.somebody(number).run(declare_conflict, DeclareConflict(scene.our.case_id))


async def _inform(scene: Scene, number: int) -> None:
    """Informed, or put off by some days."""
    day, why = (scene.our.today, None) if number % 2 else (scene.our.today + timedelta(days=5 * number + 1), "safety")
    answer = "informed" if number % 2 else "postponed"
    await scene.our.coordinator.run(
        note_information, NoteInformation(scene.our.case_id, scene.our.version, answer, day, why)
    )


async def _draft(scene: Scene, number: int) -> None:
    await scene.our.write(scene.somebody(number))


async def _share(scene: Scene, number: int) -> None:
    await scene.our.share(scene.somebody(number))


async def _decline(scene: Scene, number: int) -> None:
    await scene.our.decline(scene.somebody(number))


async def _decide(scene: Scene, number: int, outcome: Outcome = Outcome.FOLLOW_UP, review_in: int = 90) -> None:
    decision = scene.our.decision(outcome)
    if outcome is Outcome.FOLLOW_UP:
        owner = scene.somebody(number).person_id
        actions = tuple(replace(action, owner_id=owner) for action in decision.actions)
        decision = replace(decision, review_on=scene.our.today + timedelta(days=review_in), actions=actions)
    before = (await scene.our.read(scene.our.coordinator)).frame
    await scene.our.decide(decision)
    if (await scene.our.read(scene.our.coordinator)).frame.version > before.version:
        scene.decided_at = decision.decided_at


async def _hold(scene: Scene, number: int) -> None:
    if await scene.our.state() in ("PROPOSED", "LISTED"):
        await hold(scene.our.coordinator, scene.our.case_id)


async def _release(scene: Scene, number: int) -> None:
    async with as_actor(scene.our.coordinator) as session:
        await session.execute(
            text("UPDATE case_frame SET state = paused_from, paused_from = NULL WHERE state = 'ON_HOLD'")
        )


async def _days_pass(scene: Scene, number: int) -> None:
    scene.our.cell.harness.clock.advance(days=3 + number)


async def _months_pass(scene: Scene, number: int) -> None:
    scene.our.cell.harness.clock.advance(days=80 + number)


async def _mandate_ends(scene: Scene, number: int) -> None:
    guest = scene.people["guest"]
    await guest.mandate(Role.PARTICIPANT, ends_at=scene.our.now, fact_version=2)


async def _mandate_elsewhere(scene: Scene, number: int) -> None:
    guest = scene.people["late guest"]
    await guest.mandate(Role.PARTICIPANT, nis_codes=(OTHER_TOWN,), fact_version=2)


Taken = Callable[[Scene, int], Coroutine[Any, Any, None]]
TAKEN: Mapping[str, Taken] = {
    "list": _list, "refuse": _refuse, "reconsider": _reconsider, "plan": _plan, "plan_today": _plan_today,
    "invite": _invite, "invite_anew": _invite_anew, "invite_later": _invite_later, "end": _end, "draft": _draft,
    "share": _share, "decline": _decline, "follow_up": _decide, "follow_up_soon": partial(_decide, review_in=10),
    "close": partial(_decide, outcome=Outcome.NO_ACTION), "conflict": _conflict, "inform": _inform,
    "hold": _hold, "release": _release, "days_pass": _days_pass, "months_pass": _months_pass,
    "mandate_ends": _mandate_ends, "mandate_elsewhere": _mandate_elsewhere,
}  # fmt: skip

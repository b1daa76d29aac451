"""What a read says may be done succeeds, and what it does not name is refused: for everybody, at any point."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis.strategies import lists, sampled_from

from deploy.local.servers import Servers
from services.case.commands.assess_contribution import AssessContribution, assess_contribution
from services.case.commands.declare_conflict import DeclareConflict, declare_conflict
from services.case.commands.decline_contribution import DeclineContribution, decline_contribution
from services.case.commands.end_invitation import EndInvitation, end_invitation
from services.case.commands.invite_to_circle import invite_to_circle
from services.case.commands.keep_out import KeepOut, keep_out
from services.case.commands.lift_conflict import LiftConflict, lift_conflict
from services.case.commands.note_information import NoteInformation, note_information
from services.case.commands.place_on_list import place_on_list
from services.case.commands.reconsider_case import ReconsiderCase, reconsider_case
from services.case.commands.refuse_case import refuse_case
from services.case.commands.revise_contribution import ReviseContribution, revise_contribution
from services.case.commands.share_contribution import ShareContribution, share_contribution
from services.case.commands.write_contribution import write_contribution
from services.case.contributions import ContributionView
from services.case.policy import POLICY
from services.case.queries.read_case import CaseView
from services.case.queries.read_signal import ReadSignal, read_signal
from services.kit.errors import RondetafelError
from services.kit.policy import Role
from tests.attempt import refused
from tests.case.exchanging import SIGNAL_VERBS, acts_on
from tests.case.rows import transaction_of
from tests.case.story import ASSESSMENT, LEGAL_BASIS
from tests.case.towns import HISTORY, Somebody, Town, somebodies, town_at
from tests.databases import migrated
from tests.harness import Harness, Person

CASE_VERBS = (
    "place_on_list", "refuse_case", "reconsider_case", "invite_to_circle", "end_invitation", "write_contribution",
    "decline_contribution", "note_information", "declare_conflict", "keep_out", "lift_conflict",
)  # fmt: skip
OWN_VERBS = ("revise_contribution", "assess_contribution", "share_contribution")
DRAFTS = ("none", "private", "assessed", "assessed", "shared", "basis_ended")


async def say(town: Town, reader: Person) -> dict[str, tuple[bool, RondetafelError | None]]:
    """Of each verb: whether the read names it, and what the act is refused with."""
    our = town.our
    try:
        named: tuple[str, ...] = (await reader.run(read_signal, ReadSignal(our.signal.id))).may
    except RondetafelError:
        named = ()
    found: dict[str, tuple[bool, RondetafelError | None]] = {}
    for verb, act in acts_on(our, 2 if town.proposed else 1).items():
        found[verb] = verb in named, await refused(reader, *act)
    if not town.proposed:
        return found
    try:
        case: CaseView | None = await our.read(reader)
    except RondetafelError:
        case = None
    return found | await of_case(town, reader, case) | await of_contributions(town, reader, case)


async def of_case(town: Town, reader: Person, case: CaseView | None) -> dict[str, tuple[bool, RondetafelError | None]]:
    """The verbs of the case itself."""
    our = town.our
    our.version = await our.present_version()
    newcomer = await our.cell.person(Role.PARTICIPANT, nis_codes=(our.town,))
    circle = (await our.read(our.coordinator)).circle
    entry_id = next((entry.entry_id for entry in circle if entry.person_id), uuid4())
    acts: dict[str, tuple[Any, Any]] = {
        "place_on_list": (place_on_list, our.listing()),
        "refuse_case": (refuse_case, our.refusal()),
        "reconsider_case": (reconsider_case, ReconsiderCase(our.case_id, our.version)),
        "invite_to_circle": (invite_to_circle, our.invitation(newcomer)),
        "end_invitation": (end_invitation, EndInvitation(our.case_id, our.version, entry_id, "taken_back")),
        "write_contribution": (write_contribution, our.text()),
        "decline_contribution": (decline_contribution, DeclineContribution(our.case_id)),
        "note_information": (note_information, NoteInformation(our.case_id, our.version, "informed", our.today, None)),
        "keep_out": (keep_out, KeepOut(our.case_id, our.version, newcomer.person_id)),
        "lift_conflict": (lift_conflict, LiftConflict(our.case_id, our.version, town.kept_out)),
        "declare_conflict": (declare_conflict, DeclareConflict(our.case_id)),
    }
    named = case.may if case else ()
    assert set(named) <= set(CASE_VERBS)
    return {verb: (verb in named, await refused(reader, *act)) for verb, act in acts.items()}


async def of_contributions(
    town: Town, reader: Person, case: CaseView | None
) -> dict[str, tuple[bool, RondetafelError | None]]:
    """The verbs of each contribution there is, of whomever."""
    shown = {str(contribution.contribution_id): contribution for contribution in case.contributions} if case else {}
    found = {}
    for contribution_id, author in town.drafts.items():
        view = shown.get(contribution_id) or await as_its_author(town, author, contribution_id)
        if view is None:
            continue
        basis = "another" if view.legal_basis and town.drafts and await holds_another(author) else LEGAL_BASIS
        named = shown[contribution_id].may if contribution_id in shown else ()
        assert set(named) <= set(OWN_VERBS)
        mine, version = view.contribution_id, view.version
        acts: dict[str, tuple[Any, Any]] = {
            "revise_contribution": (revise_contribution, ReviseContribution(mine, version, "Anders.", "family", "fr")),
            "assess_contribution": (assess_contribution, AssessContribution(mine, version, ASSESSMENT, basis)),
            "share_contribution": (share_contribution, ShareContribution(mine, version)),
        }
        for verb, act in acts.items():
            found[f"{verb} {contribution_id}"] = verb in named, await refused(reader, *act)
    return found


async def as_its_author(town: Town, author: Person, contribution_id: str) -> ContributionView | None:
    """A contribution the reader does not see, as its author does."""
    try:
        seen = await town.our.read(author)
    except RondetafelError:
        return None
    return next(
        (contribution for contribution in seen.contributions if str(contribution.contribution_id) == contribution_id),
        None,
    )


async def holds_another(author: Person) -> bool:
    """Whether the author's legal basis was changed."""
    async with transaction_of(author) as transaction:
        return any(row["legal_basis"] == "another" for row in transaction.my_mandates)


Seen = set[tuple[str, bool]]
"""Which verbs were met allowed, and which refused: a property nobody meets says nothing."""


async def check(
    harness: Harness, history: list[str], draft: str, who: list[Somebody], complete: bool, met: Seen
) -> None:
    """Everybody reads, and everything is tried."""
    town = await town_at(harness, history, draft, who, complete)
    for reader in town.people:
        for verb, (named, refusal) in (await say(town, reader)).items():
            met.add((verb.split()[0], named))
            assert named == (refusal is None), (verb, reader.principal, named, refusal, history, draft)


@pytest.fixture
def run(servers: Servers) -> Iterator[tuple[Callable[[Coroutine[Any, Any, Any]], Any], Harness]]:
    """A loop and a database of its own: the property is no coroutine."""
    with asyncio.Runner() as runner:
        database = runner.run(migrated(servers, "case"))
        yield runner.run, Harness("case", database, POLICY)
        runner.run(database.close())


def test_what_may_be_done_succeeds_and_nothing_else(run: Any) -> None:
    """For histories in any order, and for people with any mandates at all."""
    loop, harness = run
    met: Seen = set()

    @settings(
        max_examples=30, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    # Each verb is met allowed, whatever is drawn.
    @example([], "none", [], True, 0)
    @example(["plan"], "none", [], True, 0)
    @example(["refuse"], "none", [], True, 0)
    @example(["conflict"], "none", [], True, 1)
    @example([], "private", [], True, 2)
    @example([], "assessed", [], True, 2)
    @given(
        lists(sampled_from(HISTORY), max_size=4),
        sampled_from(DRAFTS),
        lists(somebodies(), min_size=2, max_size=3),
        sampled_from([True, True, False]),
        sampled_from([0, 1, 1, 2, 2]),
    )
    def holds(history: list[str], draft: str, who: list[Somebody], complete: bool, begun: int) -> None:
        way = ["list", "plan"][:begun] + history
        loop(check(harness, way, draft, who, complete, met))

    holds()
    assert met == {(verb, may) for verb in (*SIGNAL_VERBS, *CASE_VERBS, *OWN_VERBS) for may in (True, False)}

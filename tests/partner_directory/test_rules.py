"""A cell gives itself rules: drafted, decided, in force from a day on, and accepted."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from deploy.local.servers import Servers
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.fields import FieldMissing
from services.kit.policy import EVERYBODY, Role
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.rules.accept_rules import AcceptRules, accept_rules
from services.partner_directory.commands.rules.decide_rules import DecideRules, decide_rules
from services.partner_directory.commands.rules.draft_rules import DraftRules, draft_rules
from services.partner_directory.errors import (
    RulesAccepted,
    RulesDayOutside,
    RulesDayTaken,
    RulesDecisionUnclear,
    RulesFollowAnother,
    RulesNotFound,
    RulesOver,
    RulesStateForbids,
    RulesWithoutWords,
)
from services.partner_directory.queries.list_rules import ListRules, list_rules
from services.partner_directory.queries.read_rules import ReadRules, read_rules
from tests.partner_directory.ruled import TEXT, accept, listed, read, ruled
from tests.partner_directory.town import Host


async def test_drafted_decided_read_and_accepted(host: Host) -> None:
    cell = await ruled(host)
    drafted = await cell.draft()
    assert (drafted.state, drafted.version) == ("PROPOSED", 1)
    waiting = await read(cell.mayor, drafted.id)
    assert (waiting.rules.standing, waiting.rules.may) == ("waiting", ("decide_rules",))
    assert waiting.texts.text_nl == TEXT
    decided = await cell.decide(drafted.id)
    assert (decided.state, decided.version) == ("DECIDED", 2)
    (mine,) = await listed(cell.partner)
    assert (mine.standing, mine.accepted, mine.may) == ("in_force", False, ("accept_rules",))
    assert (await accept(cell.partner, drafted.id)).state == "ACCEPTED"
    (mine,) = await listed(cell.partner)
    assert (mine.accepted, mine.may) == (True, ())
    with pytest.raises(RulesAccepted):
        await accept(cell.partner, drafted.id)


async def test_who_has_and_who_has_not_accepted_by_name_for_coordinator_and_mayor_alone(host: Host) -> None:
    cell = await ruled(host)
    rules = await cell.in_force()
    await accept(cell.partner, rules)
    people = {cell.coordinator.person_id, cell.mayor.person_id}
    for reader in (cell.coordinator, cell.mayor):
        seen = await read(reader, rules)
        assert [acceptance.person_id for acceptance in seen.acceptances] == [cell.partner.person_id]
        assert set(seen.outstanding) == people
    other = await cell.town.sworn(Role.PREVENTION_OFFICER)
    own, theirs = await read(cell.partner, rules), await read(other, rules)
    assert (len(own.acceptances), own.outstanding) == (1, ())
    assert (theirs.acceptances, theirs.outstanding) == ((), (other.person_id,))


async def test_a_protocol_is_accepted_once_for_each_organisation(host: Host) -> None:
    cell = await ruled(host)
    kbo_number = await host.organisation()
    first = await cell.town.sworn(Role.PARTICIPANT, kbo_number=kbo_number)
    colleague = await cell.town.sworn(Role.PREVENTION_OFFICER, kbo_number=kbo_number)
    protocol = await cell.in_force("cooperation_protocol")
    before = await read(cell.mayor, protocol)
    assert len(before.outstanding) == 3, "the town, the partner, the two of one organisation"
    await accept(first, protocol)
    with pytest.raises(RulesAccepted):
        await accept(colleague, protocol)
    assert (await read(colleague, protocol)).acceptances[0].person_id == first.person_id
    after = await read(cell.mayor, protocol)
    assert set(before.outstanding) - set(after.outstanding) == {after.acceptances[0].organisation_id}
    both = await cell.town.sworn(Role.PARTICIPANT, email="els@caw.example", kbo_number=await host.organisation())
    await cell.town.invited(Role.MINUTE_TAKER, email="els@caw.example", kbo_number=await host.organisation())
    outstanding = len((await read(cell.mayor, protocol)).outstanding)
    await accept(both, protocol)
    assert len((await read(cell.mayor, protocol)).outstanding) == outstanding - 2, "all that somebody represents"


async def test_who_leaves_is_asked_no_more_and_what_was_accepted_stays(host: Host) -> None:
    cell = await ruled(host)
    rules = await cell.in_force()
    await accept(cell.partner, rules)
    leaving = await cell.town.sworn(Role.PREVENTION_OFFICER)
    assert leaving.person_id in (await read(cell.mayor, rules)).outstanding
    for person in (leaving, cell.partner):
        await cell.mayor.run(end_mandate, EndMandate(person.mandate_id, 2, "left"))
        with pytest.raises(CellNotFound):
            await accept(person, rules)
    seen = await read(cell.mayor, rules)
    assert leaving.person_id not in seen.outstanding
    assert [acceptance.person_id for acceptance in seen.acceptances] == [cell.partner.person_id]


async def test_before_and_after_the_first_day(host: Host) -> None:
    cell = await ruled(host)
    old = await cell.in_force()
    new = await cell.in_force(first_day=cell.in_days(20), follows=old, text_nl="Anders.")
    standings = {view.rules.rules_id: view.standing for view in await listed(cell.partner)}
    assert standings == {old: "in_force", new: "coming"}
    seen = await read(cell.partner, new)
    assert seen.earlier is not None
    assert (seen.earlier.rules_id, seen.earlier.texts.text_nl) == (old, TEXT)
    await accept(cell.partner, new)
    await accept(cell.coordinator, old)
    cell.town.harness.clock.advance(days=20)
    standings = {view.rules.rules_id: view.standing for view in await listed(cell.partner)}
    assert standings == {old: "past", new: "in_force"}
    with pytest.raises(RulesOver):
        await accept(cell.mayor, old)
    assert (await read(cell.mayor, old)).outstanding == ()
    assert await accept(cell.mayor, new)


async def test_days_the_mayor_may_name(host: Host) -> None:
    cell = await ruled(host)
    rules = await cell.draft()
    for day in (cell.in_days(-1), cell.in_days(367)):
        with pytest.raises(RulesDayOutside) as refused:
            await cell.decide(rules.id, day)
        assert refused.value.field == "from"
    await cell.decide(rules.id, day := cell.in_days(30))
    other = await cell.draft(follows=rules.id, text_fr="Autrement.")
    with pytest.raises(RulesDayTaken):
        await cell.decide(other.id, day)
    assert await cell.decide(other.id, day + timedelta(days=1))
    protocol = await cell.draft("cooperation_protocol")
    assert await cell.decide(protocol.id, day), "another kind may begin on the same day"


async def test_a_decision_is_one_of_two_and_made_once(host: Host) -> None:
    cell = await ruled(host)
    rules = await cell.draft()
    for first_day, reason in ((None, ""), (cell.today, "Te streng.")):
        with pytest.raises(RulesDecisionUnclear):
            await cell.mayor.run(decide_rules, DecideRules(rules.id, 1, first_day, reason))
    with pytest.raises(VersionChanged):
        await cell.decide(rules.id, version=2)
    with pytest.raises(RulesStateForbids):
        await cell.mayor.run(accept_rules, AcceptRules(rules.id, 1))
    sent_back = await cell.mayor.run(decide_rules, DecideRules(rules.id, 1, None, "Te streng."))
    assert (sent_back.state, sent_back.version) == ("SENT_BACK", 2)
    assert (await read(cell.coordinator, rules.id)).reason == "Te streng."
    with pytest.raises(RulesStateForbids):
        await cell.decide(rules.id, version=2)
    again = await cell.draft(follows=rules.id)
    assert (await cell.decide(again.id)).state == "DECIDED"


async def test_a_new_draft_takes_the_place_of_the_one_that_waits(host: Host) -> None:
    cell = await ruled(host)
    first = await cell.draft()
    for follows in (None, uuid4()):
        with pytest.raises(RulesFollowAnother):
            await cell.draft(follows=follows)
    second = await cell.draft(follows=first.id)
    states = {view.rules.rules_id: view.rules.state for view in await listed(cell.coordinator)}
    assert states == {first.id: "REPLACED", second.id: "PROPOSED"}
    with pytest.raises(RulesStateForbids):
        await cell.decide(first.id, version=2)
    assert await cell.decide(second.id)


async def test_a_text_has_words(host: Host) -> None:
    cell = await ruled(host)
    with pytest.raises(FieldMissing) as missing:
        await cell.draft(text_nl="")
    assert missing.value.field == "text_nl"
    with pytest.raises(RulesWithoutWords) as wordless:
        await cell.draft(text_nl=TEXT, text_fr="# 1.\n\n- -")
    assert wordless.value.field == "text_fr"
    assert await listed(cell.coordinator) == ()
    assert await cell.draft(text_fr="Un texte.")


async def test_two_at_once(host: Host) -> None:
    cell = await ruled(host)
    drafts = await asyncio.gather(cell.draft(), cell.draft(text_nl="Anders."), return_exceptions=True)
    assert sorted(type(made).__name__ for made in drafts) == ["Receipt", "RulesFollowAnother"]
    (waiting,) = await listed(cell.coordinator)
    rules = waiting.rules.rules_id
    second_mayor = await cell.town.sworn(Role.MAYOR)
    decisions = await asyncio.gather(
        cell.decide(rules),
        second_mayor.run(decide_rules, DecideRules(rules, 1, None, "Nee.")),
        return_exceptions=True,
    )
    assert sorted(type(made).__name__ for made in decisions) == ["Receipt", "VersionChanged"]
    if (await listed(cell.coordinator))[0].rules.state == "SENT_BACK":
        rules = await cell.in_force(follows=rules)
    accepted = await asyncio.gather(*[accept(cell.partner, rules) for _ in range(2)], return_exceptions=True)
    assert sorted(type(made).__name__ for made in accepted) == ["Receipt", "RulesAccepted"]


async def test_a_repeat_under_one_key_answers_the_same(host: Host) -> None:
    cell = await ruled(host)
    drafting = DraftRules("internal_rules", None, TEXT, "", "")
    made = [await cell.coordinator.run(draft_rules, drafting, idempotency_key="d") for _ in range(2)]
    deciding = DecideRules(made[0].id, 1, cell.today, "")
    decided = [await cell.mayor.run(decide_rules, deciding, idempotency_key="b") for _ in range(2)]
    accepting = AcceptRules(made[0].id, 2)
    accepted = [await cell.partner.run(accept_rules, accepting, idempotency_key="a") for _ in range(2)]
    assert all(first == again for first, again in (made, decided, accepted))


async def test_nobody_else_drafts_or_decides(host: Host) -> None:
    cell = await ruled(host)
    drafting = DraftRules("internal_rules", None, TEXT, "", "")
    deciding = DecideRules((await cell.draft("undertaking")).id, 1, cell.today, "")
    for role in sorted(EVERYBODY):
        other = await cell.town.sworn(role)
        if role is not Role.COORDINATOR:
            with pytest.raises(RoleMissing):
                await other.run(draft_rules, drafting)
        if role is not Role.MAYOR:
            with pytest.raises(RoleMissing):
                await other.run(decide_rules, deciding)
    assert await cell.coordinator.run(draft_rules, drafting)
    assert await cell.mayor.run(decide_rules, deciding)


async def test_oversight_reads_and_accepts_nothing(host: Host) -> None:
    cell = await ruled(host)
    rules = await cell.in_force()
    watching = await cell.town.sworn(Role.OVERSIGHT)
    assert (await read(watching, rules)).rules.may == ()
    with pytest.raises(RoleMissing):
        await accept(watching, rules)
    assert watching.person_id not in (await read(cell.mayor, rules)).outstanding
    assert await accept(await cell.town.sworn(Role.DPO), rules)


async def test_invariant_17_another_cell_and_what_is_not_decided_look_as_if_they_were_not_there(host: Host) -> None:
    cell, neighbour = await ruled(host), await ruled(host)
    rules = await cell.draft()
    for other in (neighbour.mayor, neighbour.coordinator, cell.partner, await cell.town.sworn(Role.MAYOR_DELEGATE)):
        said = set()
        for rules_id in (rules.id, uuid4()):
            with pytest.raises(RulesNotFound) as refused:
                await other.run(read_rules, ReadRules(rules_id))
            said.add((str(refused.value), refused.value.field, refused.value.expected))
        assert len(said) == 1
        assert await listed(other) == ()
    acts = (
        (list_rules, ListRules(50, None)), (read_rules, ReadRules(rules.id)),
        (decide_rules, DecideRules(rules.id, 1, cell.today, "")),
    )  # fmt: skip
    silent = await neighbour.town.invited(Role.MAYOR)
    for handler, command in acts:
        with pytest.raises(CellNotFound):
            await neighbour.mayor.elsewhere(cell.town).run(handler, command)  # type: ignore[arg-type]
        with pytest.raises(CellNotFound):
            await cell.town.as_host(handler, command)  # type: ignore[arg-type]
        with pytest.raises(SecondFactorMissing):
            await replace(cell.mayor, acr=1).run(handler, command)  # type: ignore[arg-type]
        with pytest.raises(UndertakingMissing):
            await silent.run(handler, command)  # type: ignore[arg-type]
        assert await cell.mayor.run(handler, command)  # type: ignore[arg-type]


async def test_no_word_of_it_lies_open_or_is_told(host: Host, servers: Servers) -> None:
    cell = await ruled(host)
    canary = f"canary{uuid4().hex}"
    sent_back = await cell.draft(text_nl=canary, text_fr=canary, text_de=canary)
    await cell.mayor.run(decide_rules, DecideRules(sent_back.id, 1, None, canary))
    rules = await cell.in_force(follows=sent_back.id, text_nl=canary)
    await accept(cell.partner, rules)
    assert (await read(cell.partner, rules)).texts.text_nl == canary
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    try:
        for table in ("rules", "rules_acceptance", "outbox"):
            rows = await connection.fetch(
                f"SELECT t::text AS said FROM {table} t WHERE tenant_id = $1",
                cell.town.cell_id,
            )
            said = " ".join(row["said"] for row in rows)
            assert rows
            assert canary not in said
            assert canary.encode().hex() not in said
    finally:
        await connection.close()

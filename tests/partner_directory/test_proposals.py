"""What the host proposes to a cell, and the cell's answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from deploy.local.servers import Servers
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.partner_directory import errors
from services.partner_directory.commands.invitation.accept_invitation import AcceptInvitation, accept_invitation
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.proposal.confirm_proposal import ConfirmProposal, confirm_proposal
from services.partner_directory.commands.proposal.decline_proposal import DeclineProposal, decline_proposal
from services.partner_directory.errors import ProposalDecided, ProposalNotFound, SignInServiceAway, TooManyProposals
from services.partner_directory.model import GIVEN_BY_COORDINATOR, MOST_OPEN, PROPOSED_BY_HOST
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.list_proposals import ListProposals, list_proposals
from tests.harness import Person
from tests.partner_directory.test_founding import running_town
from tests.partner_directory.town import Host, Town

WAITING = ListProposals(50, None)


def yes(host: Host, proposal: object, version: int = 1) -> ConfirmProposal:
    """The cell's yes."""
    return ConfirmProposal(proposal.id, version)  # type: ignore[attr-defined]


async def comes(town: Town, invitation: Receipt) -> Receipt:
    """Somebody comes with the code of what was confirmed."""
    somebody = Person(town, uuid4())
    return await somebody.run(accept_invitation, AcceptInvitation(invitation.id, await town.sent(invitation)))


@pytest.mark.parametrize("role", sorted(PROPOSED_BY_HOST))
async def test_mayor_and_coordinator_say_yes_to_what_is_theirs(host: Host, role: Role) -> None:
    town, coordinator, mayor = await running_town(host)
    for answerer in (coordinator, mayor):
        proposal = await town.proposed(role)
        command = yes(host, proposal)
        if answerer is coordinator and role not in GIVEN_BY_COORDINATOR | {Role.OVERSIGHT}:
            with pytest.raises(RoleMissing):
                await coordinator.run(confirm_proposal, command)
            continue
        receipt = await comes(town, await answerer.run(confirm_proposal, command))
        (given, *_) = (await mayor.run(list_mandates, ListMandates(50, None))).mandates
        assert (given.mandate.mandate_id, given.mandate.role, receipt.state) == (receipt.id, role, "ACTIVE")
        assert (given.mandate.given_by, given.mandate.opens_at) == ("PROPOSAL", None)
        assert given.mandate.invited_by == answerer.person_id


async def test_where_no_mayor_is_left_the_coordinator_says_yes_to_the_next(host: Host) -> None:
    town, coordinator, mayor = await running_town(host)
    proposal = await town.proposed(Role.MAYOR)
    with pytest.raises(RoleMissing):
        await coordinator.run(confirm_proposal, yes(host, proposal))
    await town.as_host(end_mandate, EndMandate(mayor.mandate_id, 2, "left"))
    assert (await coordinator.run(confirm_proposal, yes(host, proposal))).state == "SENT"


async def test_nobody_else_answers_or_reads(host: Host) -> None:
    town, coordinator, _ = await running_town(host)
    _, stranger, _ = await running_town(host)
    dpo = await town.sworn(Role.DPO)
    unsworn = await town.invited(Role.COORDINATOR)
    proposal = await town.proposed(Role.PREVENTION_OFFICER)
    acts = [
        (list_proposals, WAITING),
        (decline_proposal, DeclineProposal(proposal.id, 1)),
        (confirm_proposal, yes(host, proposal)),
    ]
    for handler, command in acts:
        for person, error in (
            (dpo, RoleMissing),
            (unsworn, UndertakingMissing),
            (stranger.elsewhere(town), CellNotFound),
        ):
            with pytest.raises(error):
                await person.run(handler, command)  # type: ignore[arg-type]
        coordinator.acr = 1
        with pytest.raises(SecondFactorMissing):
            await coordinator.run(handler, command)  # type: ignore[arg-type]
        coordinator.acr = 2
        with pytest.raises(CellNotFound):
            await town.as_host(handler, command)  # type: ignore[arg-type]
    assert (await coordinator.run(confirm_proposal, yes(host, proposal))).state == "SENT"


async def test_invariant_17_a_proposal_of_another_cell_looks_as_one_that_is_not_there(host: Host) -> None:
    town, coordinator, _ = await running_town(host)
    _, stranger, _ = await running_town(host)
    proposal = await town.proposed()
    said = []
    for proposal_id in (proposal.id, uuid4()):
        for handler, command in (
            (confirm_proposal, ConfirmProposal(proposal_id, 1)),
            (decline_proposal, DeclineProposal(proposal_id, 1)),
        ):
            with pytest.raises(ProposalNotFound) as refused:
                await stranger.run(handler, command)  # type: ignore[arg-type]
            said.append((str(refused.value), refused.value.field, refused.value.expected))
    assert len(set(said)) == 1
    assert (await coordinator.run(decline_proposal, DeclineProposal(proposal.id, 1))).state == "DECLINED"


async def test_a_proposal_shows_whom_until_it_is_answered_and_then_forgets(host: Host, servers: Servers) -> None:
    town, coordinator, _ = await running_town(host)
    asked = {"given_name": "Zoë", "family_name": f"canary{uuid4().hex}", "email": "zoe@canary.example"}
    proposals = [await town.proposed(Role.DPO, **asked), await town.proposed(Role.POLICE_CHIEF, **asked)]
    (second, first) = (await coordinator.run(list_proposals, WAITING)).proposals
    assert (first.proposal.proposal_id, second.proposal.role) == (proposals[0].id, "police_chief")
    assert {(page.email, page.given_name, page.family_name) for page in (first, second)} == {
        (asked["email"], asked["given_name"], asked["family_name"])
    }
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    try:
        rows = await connection.fetch("SELECT * FROM proposal WHERE tenant_id = $1", town.cell_id)
        assert "canary" not in str([dict(row) for row in rows]).replace(asked["family_name"].encode().hex(), "canary")
        await coordinator.run(confirm_proposal, yes(host, proposals[0]))
        await coordinator.run(decline_proposal, DeclineProposal(proposals[1].id, 1))
        rows = await connection.fetch("SELECT * FROM proposal WHERE tenant_id = $1", town.cell_id)
    finally:
        await connection.close()
    assert {row["state"] for row in rows} == {"CONFIRMED", "DECLINED"}
    assert {row[name] for row in rows for name in ("email", "given_name", "family_name")} == {None}
    assert (await coordinator.run(list_proposals, WAITING)).proposals == ()


async def test_it_is_answered_once_in_the_version_last_read(host: Host) -> None:
    town, coordinator, mayor = await running_town(host)
    proposal = await town.proposed()
    with pytest.raises(VersionChanged):
        await coordinator.run(confirm_proposal, yes(host, proposal, 2))
    answers = await asyncio.gather(
        coordinator.run(confirm_proposal, yes(host, proposal)),
        mayor.run(decline_proposal, DeclineProposal(proposal.id, 1)),
        return_exceptions=True,
    )  # fmt: skip
    assert sorted(type(answer).__name__ for answer in answers) == ["Receipt", "VersionChanged"]
    for handler, command in (
        (confirm_proposal, yes(host, proposal, 2)),
        (decline_proposal, DeclineProposal(proposal.id, 2)),
    ):
        with pytest.raises(ProposalDecided):
            await mayor.run(handler, command)  # type: ignore[arg-type]


async def test_a_repeat_of_each_act_answers_the_same(host: Host) -> None:
    town, coordinator, _ = await running_town(host)
    command, key = town.invitation(Role.DPO), uuid4().hex
    proposals = [await host.run(invite_person, command, town.cell_id, key) for _ in range(2)]
    assert proposals[0] == proposals[1]
    acts = [coordinator.run(confirm_proposal, yes(host, proposals[0]), idempotency_key="yes") for _ in range(2)]
    assert await acts[0] == await acts[1]
    other = await town.proposed()
    acts = [coordinator.run(decline_proposal, DeclineProposal(other.id, 1), idempotency_key="no") for _ in range(2)]
    assert await acts[0] == await acts[1]


async def test_nobody_is_proposed_twice_for_the_same(host: Host) -> None:
    town, coordinator, _ = await running_town(host)
    command = town.invitation(Role.DPO)
    proposal = await town.as_host(invite_person, command)
    again = replace(command, email=command.email.upper(), nis_codes=tuple(town.nis_codes))
    for same in (command, again):
        with pytest.raises(errors.ProposalExists):
            await town.as_host(invite_person, same)
    for other in ({"email": "other@caw.example"}, {"role": Role.POLICE_CHIEF}, {"last_day": date(2027, 1, 1)}):
        assert (await town.as_host(invite_person, replace(command, **other))).state == "PROPOSED"
    await coordinator.run(decline_proposal, DeclineProposal(proposal.id, 1))
    assert (await town.as_host(invite_person, command)).state == "PROPOSED"


async def test_what_is_not_in_order_is_neither_proposed_nor_confirmed(host: Host) -> None:
    town, coordinator, _ = await running_town(host)
    for changes, error in (
        ({"kbo_number": "0417497106"}, errors.OrganisationUnknown),
        ({"last_day": date(2026, 11, 23)}, errors.MandateReversed),
        ({"nis_codes": ("99999",)}, errors.MunicipalityNotInCell),
    ):
        with pytest.raises(error):
            await town.as_host(invite_person, town.invitation(Role.DPO, **changes))
    for role in (Role.PARTICIPANT, Role.MINUTE_TAKER):
        with pytest.raises(RoleMissing):
            await town.as_host(invite_person, town.invitation(role))
    proposal = await town.proposed(last_day=date(2026, 12, 1))
    host.sign_in.failure = SignInServiceAway()
    with pytest.raises(SignInServiceAway):
        await coordinator.run(confirm_proposal, yes(host, proposal))
    host.sign_in.failure = None
    host.harness.clock.now += timedelta(days=30)
    with pytest.raises(errors.MandateOver):
        await coordinator.run(confirm_proposal, yes(host, proposal))
    assert (await coordinator.run(decline_proposal, DeclineProposal(proposal.id, 1))).state == "DECLINED"


async def test_only_so_many_wait_at_once(host: Host) -> None:
    town, coordinator, _ = await running_town(host)
    proposals = [await town.proposed() for _ in range(MOST_OPEN)]
    with pytest.raises(TooManyProposals):
        await town.proposed()
    await coordinator.run(decline_proposal, DeclineProposal(proposals[0].id, 1))
    assert await town.proposed()
    found, cursor = [], None
    while True:
        page = await coordinator.run(list_proposals, ListProposals(20, cursor))
        found += [proposal.proposal.proposal_id for proposal in page.proposals]
        if (cursor := page.next_cursor) is None:
            break
    assert (len(found), found) == (MOST_OPEN, sorted(found, reverse=True))


async def answer_for(town: Town, person: Person, role: Role, nis_code: str) -> object:
    """A person says yes to a proposal for one town, and who was proposed comes."""
    proposal = await town.proposed(role, nis_codes=(nis_code,))
    return await comes(town, await person.run(confirm_proposal, yes(town.host, proposal)))


async def test_for_a_town_without_anybody_the_others_of_the_cell_answer(host: Host) -> None:
    town = await host.town(towns=2)
    first, second = town.nis_codes
    coordinator = await town.sworn(Role.COORDINATOR, nis_codes=(first,))
    await town.sworn(Role.MAYOR, nis_codes=(first,))
    refused = await town.proposed(nis_codes=(second,))
    assert await coordinator.run(decline_proposal, DeclineProposal(refused.id, 1))
    assert await answer_for(town, coordinator, Role.COORDINATOR, second)
    for role in (Role.DPO, Role.POLICE_CHIEF):
        with pytest.raises(errors.MunicipalityNotInCell):
            await answer_for(town, coordinator, role, second)
    assert await answer_for(town, coordinator, Role.MAYOR, second)
    proposal = await town.proposed(nis_codes=(second,))
    with pytest.raises(RoleMissing):
        await coordinator.run(decline_proposal, DeclineProposal(proposal.id, 1))

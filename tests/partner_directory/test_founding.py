"""Who gives the mandates of a cell (invariant 24): the host founds it, from then on the cell does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from deploy.local.servers import Servers
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import CellNotFound
from services.kit.outbox import Receipt
from services.kit.policy import EVERYBODY, Role
from services.kit.principal import PLATFORM
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.appoint_host import appoint_host
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.proposal.confirm_proposal import ConfirmProposal, confirm_proposal
from services.partner_directory.errors import HostInCell, MemberForHost
from services.partner_directory.model import APART, PROPOSED_BY_HOST, WAIT
from services.partner_directory.queries.list_invitations import ListInvitations, list_invitations
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.read_table import ReadTable, read_table
from tests.harness import Person
from tests.partner_directory.town import TEXT, Host, Town

PAGE = ListMandates(50, None)


async def running_town(host: Host) -> tuple[Town, Person, Person]:
    """A cell with its coordinator and its mayor, sworn in and open."""
    town, coordinator = await host.town_with_coordinator()
    return town, coordinator, await town.sworn(Role.MAYOR)


async def told(servers: Servers, mandate: Person) -> list[pb.MandateChanged]:
    """What the others were told of a mandate."""
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await connection.fetch("SELECT payload FROM outbox WHERE type = 'mandate.changed'")
    await connection.close()
    facts = [pb.MandateChanged.FromString(row["payload"]) for row in rows]
    return [fact for fact in facts if fact.mandate_id == str(mandate.mandate_id)]


async def test_invariant_24_the_hosts_client_makes_nobody_of_the_host_a_mayors_delegate(
    host: Host, servers: Servers
) -> None:
    town, _, mayor = await running_town(host)
    rightful = town.invitation(Role.MAYOR_DELEGATE)
    delegate = town.person_of(rightful, await town.given(mayor.run, rightful))
    await delegate.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert len((await delegate.run(read_table, ReadTable())).mandates) == 3
    hilde = await host.appointed(email="hilde@host-in-cell.example")
    attack = replace(rightful, email="hilde@host-in-cell.example")
    answer = await town.as_host(invite_person, attack)
    assert answer.state == "PROPOSED"
    inside = hilde.elsewhere(town)
    for handler, command in (
        (accept_undertaking, AcceptUndertaking(TEXT)), (read_table, ReadTable()), (list_mandates, PAGE),
    ):  # fmt: skip
        with pytest.raises(CellNotFound):
            await inside.run(handler, command)  # type: ignore[arg-type]
    confirmed = await mayor.run(confirm_proposal, ConfirmProposal(answer.id, 1))
    with pytest.raises(HostInCell):
        await town.comes(attack, confirmed)
    with pytest.raises(CellNotFound):
        await inside.run(read_table, ReadTable())
    assert await told(servers, delegate)
    assert not [event for event in await told(servers, inside) if event.tenant_id == str(town.cell_id)]


@pytest.mark.parametrize("role", sorted(PROPOSED_BY_HOST))
async def test_invariant_24_in_a_cell_with_a_mayor_the_host_only_proposes(host: Host, role: Role) -> None:
    town, _, mayor = await running_town(host)
    before = [mandate.mandate.mandate_id for mandate in (await mayor.run(list_mandates, PAGE)).mandates]
    host.sign_in.asked.clear()
    assert (await town.as_host(invite_person, town.invitation(role))).state == "PROPOSED"
    assert host.sign_in.asked == []
    assert [mandate.mandate.mandate_id for mandate in (await mayor.run(list_mandates, PAGE)).mandates] == before


async def test_the_host_gives_the_first_coordinator_and_the_first_mayor_alone(host: Host) -> None:
    town = await host.town()
    states = []
    for role in (Role.DPO, Role.COORDINATOR, Role.COORDINATOR, Role.MAYOR, Role.MAYOR, Role.COORDINATOR):
        states.append((await town.given(town.as_host, town.invitation(role))).state)
    assert states == ["PROPOSED", "ACTIVE", "PROPOSED", "ACTIVE", "PROPOSED", "PROPOSED"]
    mayors = await host.town()
    assert (await mayors.given(mayors.as_host, mayors.invitation(Role.MAYOR))).state == "ACTIVE"
    assert (await mayors.as_host(invite_person, mayors.invitation(Role.COORDINATOR))).state == "PROPOSED"


async def test_of_two_first_mayors_who_come_at_once_one_is_given(host: Host) -> None:
    town = await host.town()
    commands = [town.invitation(Role.MAYOR) for _ in range(2)]
    invitations = [await town.as_host(invite_person, command) for command in commands]
    answers = await asyncio.gather(
        *(town.comes(command, invitation) for command, invitation in zip(commands, invitations, strict=True)),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["CellFounded", "Receipt"]


async def test_content_opens_72_hours_after_the_host_gave_it(host: Host, servers: Servers) -> None:
    town = await host.town()
    command = town.invitation(Role.COORDINATOR)
    now = host.harness.clock()
    coordinator = town.person_of(command, await town.given(town.as_host, command))
    await coordinator.run(accept_undertaking, AcceptUndertaking(TEXT))
    partner = await town.partner(coordinator)
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    opening = now + WAIT
    for person in (coordinator, partner):
        assert {event.starts_at.ToDatetime(now.tzinfo) for event in await told(servers, person)} == {opening}
    host.harness.clock.now = opening
    later = await town.partner(coordinator)
    assert all(event.starts_at.ToDatetime(now.tzinfo) < now for event in await told(servers, later))
    (view, *_) = (await coordinator.run(list_mandates, PAGE)).mandates
    assert (view.mandate.given_by, view.mandate.opens_at) == ("CELL", None)


async def test_meanwhile_the_host_corrects_what_it_gave_and_the_wait_begins_anew(host: Host) -> None:
    town = await host.town()
    for role in (Role.COORDINATOR, Role.MAYOR):
        wrong = await town.given(town.as_host, town.invitation(role))
        host.harness.clock.advance(hours=71)
        assert (await town.as_host(end_mandate, EndMandate(wrong.id, 1, "other"))).state == "ENDED"
        assert (await town.given(town.as_host, town.invitation(role))).state == "ACTIVE"
    (mayor, *_) = (await town.as_host(list_mandates, PAGE)).mandates
    assert mayor.mandate.opens_at == host.harness.clock() + WAIT
    host.harness.clock.advance(hours=73)
    assert (await town.as_host(end_mandate, EndMandate(mayor.mandate.mandate_id, 1, "other"))).state == "ENDED"
    assert (await town.as_host(invite_person, town.invitation(Role.MAYOR))).state == "PROPOSED"


@pytest.mark.parametrize("role", sorted(EVERYBODY))
async def test_invariant_24_who_was_the_hosts_sits_nowhere_for_90_days(host: Host, role: Role) -> None:
    town, _, mayor = await running_town(host)
    email = f"hilde-{role}@apart.example"
    command = town.invitation(role, email=email)
    hilde = await host.appointed(email=email)
    if role is Role.OVERSIGHT:
        proposal = await town.as_host(invite_person, command)
        invitation = await mayor.run(confirm_proposal, ConfirmProposal(proposal.id, 1))
    else:
        invitation = await mayor.run(invite_person, command)
    with pytest.raises(HostInCell) as refused:
        await town.comes(command, invitation)
    assert refused.value.field == "email"
    await host.run(end_mandate, EndMandate(hilde.mandate_id, 1, "left"))
    ended = host.harness.clock()
    host.harness.clock.now = ended + APART - timedelta(seconds=1)
    late = town.invitation(role, email=email, last_day=date(2027, 10, 1))
    with pytest.raises(HostInCell):
        await town.given(mayor.run, late) if role is not Role.OVERSIGHT else await town.confirmed(late)
    host.harness.clock.now = ended + APART
    invitation = await list_open(town, mayor)
    assert (await town.comes(late, invitation)).state == "ACTIVE"


async def list_open(town: Town, mayor: Person) -> Receipt:
    """The one invitation that is open, as its receipt was."""
    (view,) = (await mayor.run(list_invitations, ListInvitations(50, None))).invitations
    return Receipt(view.invitation.invitation_id, view.state, view.invitation.version)


async def test_invariant_24_the_host_founds_no_cell_with_its_own_people(host: Host) -> None:
    town = await host.town()
    await host.appointed(email="hilde@founding.example")
    for role in (Role.COORDINATOR, Role.MAYOR):
        with pytest.raises(HostInCell):
            await town.given(town.as_host, town.invitation(role, email="hilde@founding.example"))
        assert (await town.given(town.as_host, town.invitation(role))).state == "ACTIVE"


async def test_invariant_24_who_sits_in_a_cell_does_not_act_for_the_host(host: Host) -> None:
    town, coordinator, _ = await running_town(host)
    partner = await town.partner(coordinator, email="nele@member.example")
    appointment = await host.appointment(email="nele@member.example")
    with pytest.raises(MemberForHost) as refused:
        await host.run(appoint_host, appointment)
    assert refused.value.field == "email"
    await coordinator.run(end_mandate, EndMandate(partner.mandate_id, 1, "left"))
    assert (await host.run(appoint_host, appointment)).state == "ACTIVE"
    with pytest.raises(HostInCell):
        await town.given(coordinator.run, town.invitation(email="nele@member.example"))


async def test_invariant_24_appointed_and_invited_at_once_somebody_is_one_of_both(host: Host) -> None:
    town, coordinator, _ = await running_town(host)
    for number in range(4):
        email = f"both-{number}@apart.example"
        appointment, invitation = await host.appointment(email=email), town.invitation(email=email)
        answers = await asyncio.gather(
            host.run(appoint_host, appointment), town.given(coordinator.run, invitation), return_exceptions=True
        )
        names = sorted(type(answer).__name__ for answer in answers)
        assert names in (["HostInCell", "Receipt"], ["MemberForHost", "Receipt"])


async def test_the_walls_show_the_hosts_term_of_the_one_person_an_act_is_about(host: Host) -> None:
    _, _, mayor = await running_town(host)
    hilde, other = await host.appointed(), await host.appointed()
    principal = mayor.principal
    seen = []
    for about in (None, hilde.person_id, mayor.person_id):
        async with host.harness.database.transaction(principal, host.harness.clock(), about=about) as session:
            rows = await session.raw.fetch("SELECT person_id FROM mandate WHERE tenant_id = $1", PLATFORM)
            changed = await session.raw.execute("UPDATE mandate SET version = version WHERE tenant_id = $1", PLATFORM)
            seen.append(({row["person_id"] for row in rows}, changed))
    assert seen == [(set(), "UPDATE 0"), ({hilde.person_id}, "UPDATE 0"), (set(), "UPDATE 0")]
    assert other.person_id not in seen[1][0]

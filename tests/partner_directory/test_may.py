"""What may be done by whom, one case after the other: roles, towns, circles, states, secrecy."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.kit.errors import (
    RoleMissing,
    SecondFactorMissing,
    UndertakingMissing,
    VersionChanged,
)
from services.kit.policy import Role
from services.partner_directory.allowed import HOST_VERBS
from services.partner_directory.commands.cell.change_brand_colour import ChangeBrandColour, change_brand_colour
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.proposal.confirm_proposal import ConfirmProposal, confirm_proposal
from services.partner_directory.commands.proposal.decline_proposal import DeclineProposal, decline_proposal
from services.partner_directory.errors import LastCoordinator, MandateEnded, MandateOver
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.queries.list_my_cells import ListMyCells, list_my_cells
from services.partner_directory.queries.list_proposals import ListProposals, list_proposals
from services.partner_directory.queries.read_table import ReadTable, read_table
from tests.attempt import refused
from tests.harness import Person
from tests.partner_directory.town import TEXT, Host, on_platform


async def _may(reader: Person) -> set[str]:
    return set((await reader.run(read_table, ReadTable())).mine.may)


async def _may_end(reader: Person, mandate_id: Any) -> bool:
    page = await reader.run(list_mandates, ListMandates(50, None, ended=True))
    return next("end_mandate" in view.may for view in page.mandates if view.mandate.mandate_id == mandate_id)


async def test_the_role_decides_what_a_cell_offers(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    mayor, dpo = await town.sworn(Role.MAYOR), await town.sworn(Role.DPO)
    partner = await town.partner(coordinator)
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    at_table = {
        "enter_signal", "list_signals", "list_cases", "list_waiting", "list_sessions", "read_contacts", "ask_question",
        "list_answers",
    }  # fmt: skip
    gives = {"import_seats", "invite_person", "list_invitations", "list_proposals"}
    desk = {
        "change_brand_colour",
        "register_organisation",
        "propose_case",
        "plan_session",
        "export_contacts",
        "draft_rules",
        "answer_question",
    }
    everybody = {"accept_undertaking", "list_mandates", "list_rules"}
    assert await _may(coordinator) == everybody | gives | desk | at_table | {"read_set_up", "mark_absent"}
    assert await _may(mayor) == everybody | gives | at_table | {"place_on_list", "read_set_up", "mark_absent"}
    assert await _may(partner) == everybody | at_table
    assert await _may(dpo) == everybody | {
        "list_answers",
        "list_signals",
        "list_cases",
        "search_audit",
        "confirm_legal_basis",
        "read_set_up",
    }
    assert isinstance(await refused(partner, change_brand_colour, ChangeBrandColour("#7a2230")), RoleMissing)


async def test_without_secrecy_only_its_promise_is_offered(host: Host) -> None:
    town = await host.town()
    coordinator = await town.invited(Role.COORDINATOR)
    assert await _may(coordinator) == {"accept_undertaking"}
    colour = ChangeBrandColour("#7a2230")
    assert isinstance(await refused(coordinator, change_brand_colour, colour), UndertakingMissing)
    await coordinator.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert "change_brand_colour" in await _may(coordinator)
    assert await refused(coordinator, change_brand_colour, colour) is None


async def test_what_the_host_founded_offers_no_content_for_three_days(host: Host) -> None:
    town = await host.town()
    command = town.invitation(Role.COORDINATOR)
    coordinator = town.person_of(command, await town.given(town.as_host, command))
    await coordinator.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert {"invite_person", "list_mandates"} <= await _may(coordinator)
    assert not {"list_cases", "enter_signal", "plan_session"} & await _may(coordinator)
    host.harness.clock.advance(hours=73)
    assert {"list_cases", "enter_signal", "plan_session"} <= await _may(coordinator)


async def test_without_a_second_factor_nothing_is_offered(host: Host) -> None:
    _, coordinator = await host.town_with_coordinator()
    assert await _may(coordinator)
    coordinator.acr = 1
    with pytest.raises(SecondFactorMissing):
        await _may(coordinator)
    colour = ChangeBrandColour("#7a2230")
    assert isinstance(await refused(coordinator, change_brand_colour, colour), SecondFactorMissing)


async def test_who_may_end_which_mandate(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator(2)
    partner = await town.partner(coordinator)
    alone = EndMandate(coordinator.mandate_id, 2, "left")
    assert await _may_end(coordinator, partner.mandate_id)
    assert not await _may_end(coordinator, coordinator.mandate_id)
    assert isinstance(await refused(coordinator, end_mandate, alone), LastCoordinator)
    mayor = await town.sworn(Role.MAYOR)
    assert await _may_end(coordinator, coordinator.mandate_id), "the mayor stands in"
    assert await refused(coordinator, end_mandate, alone) is None
    assert not await _may_end(coordinator, mayor.mandate_id), "the last mayor is ended by a mayor"
    await coordinator.run(end_mandate, EndMandate(partner.mandate_id, 1, "left"))
    assert not await _may_end(coordinator, partner.mandate_id)
    again = EndMandate(partner.mandate_id, 2, "left")
    assert isinstance(await refused(coordinator, end_mandate, again), MandateEnded)


async def test_who_may_answer_the_host(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    mayor = await town.sworn(Role.MAYOR)
    waits = await town.proposed(Role.MAYOR_DELEGATE)

    async def may(reader: Person) -> tuple[str, ...]:
        return (await reader.run(list_proposals, ListProposals(5, None))).proposals[0].may

    answer = ConfirmProposal(waits.id, 1)
    assert await may(mayor) == ("confirm_proposal", "decline_proposal")
    assert await refused(mayor, confirm_proposal, answer) is None
    assert await may(coordinator) == ("decline_proposal",), "a delegate is the mayor's alone"
    assert isinstance(await refused(coordinator, confirm_proposal, answer), RoleMissing)
    await mayor.run(decline_proposal, DeclineProposal(waits.id, 1))
    assert isinstance(await refused(mayor, confirm_proposal, answer), VersionChanged)


async def test_what_was_proposed_too_long_ago_can_only_be_declined(host: Host) -> None:
    town, _ = await host.town_with_coordinator()
    mayor = await town.sworn(Role.MAYOR)
    waits = await town.proposed(Role.OVERSIGHT, last_day=date(2026, 12, 1))
    host.harness.clock.advance(days=30)
    proposal = (await mayor.run(list_proposals, ListProposals(5, None))).proposals[0]
    assert proposal.may == ("decline_proposal",)
    answer = ConfirmProposal(waits.id, 1)
    assert isinstance(await refused(mayor, confirm_proposal, answer), MandateOver)


async def test_the_host_is_told_what_it_may_do(host: Host) -> None:
    person = await host.appointed()
    assert (await person.run(list_my_cells, ListMyCells())).may == HOST_VERBS
    nobody = on_platform(await (await host.town()).invited(Role.COORDINATOR))
    assert (await nobody.run(list_my_cells, ListMyCells())).may == ()

"""Invitations: who may invite whom as what, and all that is checked before the sign-in service is asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.servers import Servers
from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import (
    CellNotFound,
    IdempotencyKeyReused,
    RoleMissing,
    RondetafelError,
    SecondFactorMissing,
    Unavailable,
    UndertakingMissing,
)
from services.kit.policy import EVERYBODY, Role
from services.kit.vault import Vault
from services.partner_directory import errors
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.model import GIVEN_BY_COORDINATOR, GIVEN_BY_MAYOR
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from tests.harness import Harness
from tests.partner_directory.signing_in import PEOPLE
from tests.partner_directory.town import DECREE, Host, Town


@pytest.mark.parametrize("role", sorted(EVERYBODY))
async def test_mayor_and_coordinator_give_the_mandates_of_their_towns(host: Host, role: Role) -> None:
    town, coordinator = await host.town_with_coordinator()
    mayor = await town.sworn(Role.MAYOR)
    for giver, may in ((coordinator, GIVEN_BY_COORDINATOR), (mayor, GIVEN_BY_MAYOR)):
        command = town.invitation(role)
        host.sign_in.asked.clear()
        if role in may:
            receipt = await giver.run(invite_person, command)
            assert (receipt.state, receipt.version) == ("SENT", 1)
            assert host.sign_in.asked == [command.email]
            assert (await town.comes(command, receipt)).state == "ACTIVE"
        else:
            with pytest.raises(RoleMissing):
                await giver.run(invite_person, command)
            assert host.sign_in.asked == []


async def test_others_do_not_invite_and_the_sign_in_service_is_not_asked(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator)
    unsworn = await town.invited(Role.COORDINATOR)
    stranger = (await host.town_with_coordinator())[1].elsewhere(town)
    command = town.invitation()
    host.sign_in.asked.clear()
    with pytest.raises(RoleMissing):
        await partner.run(invite_person, command)
    with pytest.raises(UndertakingMissing):
        await unsworn.run(invite_person, command)
    with pytest.raises(CellNotFound):
        await stranger.run(invite_person, command)
    coordinator.acr = 1
    with pytest.raises(SecondFactorMissing):
        await coordinator.run(invite_person, command)
    assert host.sign_in.asked == []
    coordinator.acr = 2
    assert await coordinator.run(invite_person, command)


async def test_invariant_17_a_cell_that_is_not_there_is_not_found(host: Host) -> None:
    town = await host.town()
    command = town.invitation(Role.MAYOR)
    with pytest.raises(CellNotFound):
        await host.run(invite_person, command, uuid4())
    assert host.sign_in.asked == []
    assert await host.run(invite_person, command, town.cell_id)


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"last_day": date(2026, 11, 23)}, errors.MandateReversed, "to"),
        ({"last_day": date(2031, 11, 24)}, errors.MandateTooLong, "to"),
        ({"first_day": date(2026, 1, 1), "last_day": date(2026, 11, 23)}, errors.MandateOver, "to"),
        ({"nis_codes": ("99999",)}, errors.MunicipalityNotInCell, "nis_codes"),
        ({"kbo_number": "0417497106"}, errors.OrganisationUnknown, "kbo_number"),
        ({"legal_basis": "law-1831-02-07"}, errors.LegalBasisUnknown, "legal_basis"),
        ({"legal_basis": "decree-fc-2023-06-08"}, errors.LegalBasisNotForKind, "legal_basis"),
        ({"clearance_until": date(2027, 1, 1)}, errors.ClearanceNotAsked, "clearance_until"),
        ({"role": Role.INFORMATION_OFFICER}, errors.ClearanceMissing, "clearance_until"),
    ],
)
async def test_bad_input_is_named_before_anybody_is_asked(
    host: Host, changes: dict[str, Any], error: type[RondetafelError], field: str
) -> None:
    town = await host.town()
    command = town.invitation(Role.MAYOR)
    with pytest.raises(error) as refused:
        await town.as_host(invite_person, replace(command, **changes))
    assert refused.value.field == field
    assert refused.value.expected
    assert host.sign_in.asked == []
    assert await town.as_host(invite_person, command)


async def test_the_legal_basis_must_fit_time_kind_and_place(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    decree = town.invitation(legal_basis=DECREE)
    assert await coordinator.run(invite_person, decree)
    host.harness.clock.now = host.harness.clock.now.replace(year=2021, month=5, day=1)
    early = town.invitation(Role.MAYOR, legal_basis=DECREE, first_day=date(2021, 5, 1), last_day=date(2022, 5, 1))
    with pytest.raises(errors.LegalBasisNotInForce):
        await town.as_host(invite_person, early)
    police = await host.organisation("local_police")
    with pytest.raises(errors.LegalBasisNotForKind) as refused:
        await town.as_host(
            invite_person,
            replace(early, first_day=date(2021, 5, 21), kbo_number=police),
        )
    assert "local_police" in (refused.value.expected or "")
    walloon = await host.town(region="wallonia")
    with pytest.raises(errors.LegalBasisNotForRegion):
        await walloon.as_host(
            invite_person,
            replace(early, first_day=date(2021, 5, 21), kbo_number=walloon.kbo_number),
        )


async def test_a_coordinator_of_one_town_invites_for_that_town_alone(host: Host) -> None:
    town = await host.town(towns=3)
    first, second, _ = town.nis_codes
    coordinator = await town.sworn(Role.COORDINATOR, nis_codes=(first,))
    assert await coordinator.run(invite_person, town.invitation(nis_codes=(first,)))
    with pytest.raises(errors.MunicipalityNotInCell):
        await coordinator.run(invite_person, town.invitation(nis_codes=(first, second)))
    everywhere = await town.partner(coordinator)
    page = await coordinator.run(list_mandates, ListMandates(50, None))
    (mine,) = [mandate.mandate for mandate in page.mandates if mandate.mandate.mandate_id == everywhere.mandate_id]
    assert mine.nis_codes == [first]


async def test_the_fact_is_told_whole_and_names_are_sealed(host: Host, servers: Servers) -> None:
    town, coordinator = await host.town_with_coordinator()
    canary = f"canary{uuid4().hex}"
    partner = await town.partner(coordinator, family_name=canary, email=f"{canary}@caw.example")
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    row = await connection.fetchrow("SELECT * FROM mandate WHERE mandate_id = $1", partner.mandate_id)
    payloads = await connection.fetch(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND type = 'mandate.changed'", town.cell_id
    )
    dump = []
    for table in ("mandate", "cell_person", "person_cell", "outbox", "idempotency"):
        dump += [str(dict(row)) for row in await connection.fetch(f"SELECT * FROM {table}")]
    await connection.close()
    told = [pb.MandateChanged.FromString(payload["payload"]) for payload in payloads]
    (fact,) = [event for event in told if event.mandate_id == str(partner.mandate_id)]
    assert (fact.person_id, fact.tenant_id) == (str(partner.person_id), str(town.cell_id))
    assert (fact.role, fact.legal_basis, list(fact.nis_codes)) == (
        "participant",
        "law-2018-07-30",
        list(town.nis_codes),
    )
    assert fact.fact_version == row["fact_version"]
    assert fact.starts_at.seconds == int(row["starts_at"].timestamp())
    assert fact.ends_at.seconds == int(row["ends_at"].timestamp())
    assert not fact.HasField("undertaken_until")
    assert canary.encode().hex() not in "".join(dump)
    assert canary not in "".join(dump)
    page = await coordinator.run(list_mandates, ListMandates(50, None))
    assert canary in {mandate.family_name for mandate in page.mandates}


async def test_names_are_opened_by_a_process_that_starts_anew(host: Host, harness: Harness) -> None:
    town, coordinator = await host.town_with_coordinator()
    restarted = Harness("partner_directory", harness.database, harness.policy, vault=Vault(b"k" * 32))
    town.host, coordinator.cell.harness = Host(restarted), restarted
    page = await coordinator.run(list_mandates, ListMandates(50, None))
    assert {(mandate.given_name, mandate.family_name) for mandate in page.mandates} == {("Nele", "Claes")}
    assert await town.partner(coordinator)


async def test_the_same_mandate_is_not_given_twice(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    command = town.invitation()
    assert await town.given(coordinator.run, command)
    with pytest.raises(errors.MandateExists):
        await town.given(coordinator.run, command)
    later = replace(command, first_day=date(2027, 11, 24), last_day=date(2028, 11, 23))
    receipt = await town.given(coordinator.run, later)
    assert receipt.state == "PLANNED"
    assert await town.given(coordinator.run, replace(command, role=Role.MINUTE_TAKER))


async def test_nobody_is_invited_twice_to_the_very_same(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    command = town.invitation()
    assert await coordinator.run(invite_person, command)
    for same in (command, replace(command, email=command.email.upper(), nis_codes=tuple(town.nis_codes))):
        with pytest.raises(errors.InvitationExists) as refused:
            await coordinator.run(invite_person, same)
        assert refused.value.field == "email"
    for other in ({"email": "other@caw.example"}, {"role": Role.DPO}, {"last_day": date(2027, 1, 1)}):
        assert await coordinator.run(invite_person, replace(command, **other))


async def test_of_two_invitations_at_once_one_counts(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    command = town.invitation()
    answers = await asyncio.gather(*(coordinator.run(invite_person, command) for _ in range(2)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["InvitationExists", "Receipt"]


async def test_a_repeat_answers_the_same_and_asks_nobody(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    command = town.invitation()
    first = await coordinator.run(invite_person, command, idempotency_key="a")
    host.sign_in.asked.clear()
    assert await coordinator.run(invite_person, command, idempotency_key="a") == first
    assert host.sign_in.asked == []
    with pytest.raises(IdempotencyKeyReused):
        await coordinator.run(invite_person, replace(command, family_name="Anders"), idempotency_key="a")


async def test_an_absent_sign_in_service_leaves_nothing_behind(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator()
    command = town.invitation()
    host.sign_in.failure = Unavailable()
    with pytest.raises(Unavailable):
        await coordinator.run(invite_person, command)
    host.sign_in.failure = None
    assert await coordinator.run(invite_person, command)


async def test_who_waits_for_the_sign_in_service_holds_no_lock(host: Host) -> None:
    """Others invite, accept and end in the same cell meanwhile, and facts are numbered for all cells."""
    town, coordinator = await host.town_with_coordinator()
    asked, answered = asyncio.Event(), asyncio.Event()

    async def slow(*_: str) -> Any:
        asked.set()
        await answered.wait()
        return PEOPLE

    host.sign_in.finding = slow
    waiting = asyncio.create_task(coordinator.run(invite_person, town.invitation()))
    await asked.wait()
    host.sign_in.finding = host.sign_in.find_person
    assert await town.partner(coordinator)
    assert await (await host.town()).sworn(Role.MAYOR)
    assert not waiting.done()
    answered.set()
    assert (await waiting).state == "SENT"


async def test_a_second_mandate_takes_over_the_undertaking(host: Host) -> None:
    town = await host.town()
    coordinator = await town.sworn(Role.COORDINATOR, email="an@stad.example")
    await town.invited(Role.MAYOR, email="an@stad.example")
    page = await coordinator.run(list_mandates, ListMandates(50, None))
    assert [mandate.undertaken for mandate in page.mandates] == [True, True]


async def own_record(servers: Servers, town: Town) -> list[Any]:
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await connection.fetch(
        "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit' ORDER BY producer_seq", town.cell_id
    )
    await connection.close()
    return list(rows)


async def test_invariant_16_each_invitation_and_each_refusal_is_recorded_once(host: Host, servers: Servers) -> None:
    town, coordinator = await host.town_with_coordinator()
    before = len(await own_record(servers, town))
    assert await coordinator.run(invite_person, town.invitation())
    with pytest.raises(RoleMissing):
        await coordinator.run(invite_person, town.invitation(Role.MAYOR))
    assert len(await own_record(servers, town)) == before + 2

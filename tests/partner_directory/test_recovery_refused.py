"""A cell that lost everybody: who gives it nobody, alone, twice or from outside."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from deploy.local.servers import Servers
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing
from services.kit.policy import Role
from services.kit.principal import PLATFORM
from services.partner_directory import errors
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.recovery.confirm_recovery import ConfirmRecovery, confirm_recovery
from services.partner_directory.commands.recovery.propose_recovery import propose_recovery
from services.partner_directory.commands.recovery.second_recovery import SecondRecovery, second_recovery
from services.partner_directory.queries.list_recoveries import ListRecoveries, list_recoveries
from services.partner_directory.queries.open_recovery import OpenRecovery, open_recovery
from services.partner_directory.queries.read_stand_ins import ReadStandIns, read_stand_ins
from tests.partner_directory.lost import lost_town
from tests.partner_directory.test_founding import running_town
from tests.partner_directory.town import TEXT, Host, on_platform


async def test_the_client_of_the_host_does_none_of_it(host: Host) -> None:
    lost = await lost_town(host)
    proposal = lost.proposal()
    recovery = await lost.first.run(propose_recovery, proposal)
    acts: list[tuple[Any, Any]] = [
        (propose_recovery, proposal), (second_recovery, lost.seconding(recovery)),
        (confirm_recovery, lost.confirmation(recovery)), (list_recoveries, ListRecoveries(50, None)),
        (open_recovery, OpenRecovery(recovery.id)), (read_stand_ins, ReadStandIns()),
    ]  # fmt: skip
    for handler, command in acts:
        for cell_id in (PLATFORM, lost.town.cell_id):
            with pytest.raises(CellNotFound):
                await host.run(handler, command, cell_id)
    await lost.second.run(second_recovery, lost.seconding(recovery))
    assert (await lost.oversight.run(confirm_recovery, lost.confirmation(recovery))).state == "ACTIVE"


async def test_nobody_says_yes_twice(host: Host, servers: Servers) -> None:
    lost = await lost_town(host)
    recovery = await lost.proposed()
    with pytest.raises(errors.RecoverySamePerson):
        await lost.first.run(second_recovery, lost.seconding(recovery))
    await lost.second.run(second_recovery, lost.seconding(recovery))
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    try:
        await connection.execute("SET session_replication_role = replica")
        # Nobody can be of the host and of the oversight at once; if somebody were all the same:
        for person in (lost.first, lost.second):
            both = "UPDATE mandate SET person_id = $1 WHERE tenant_id = $2 AND role = 'oversight'"
            await connection.execute(both, person.person_id, lost.town.cell_id)
            with pytest.raises(errors.RecoverySamePerson):
                await person.elsewhere(lost.town).run(confirm_recovery, lost.confirmation(recovery))
        await connection.execute(both, lost.oversight.person_id, lost.town.cell_id)
    finally:
        await connection.close()
    assert (await lost.oversight.run(confirm_recovery, lost.confirmation(recovery))).state == "ACTIVE"


async def test_none_of_the_three_is_whom_it_is_for_and_nobody_of_the_host(host: Host) -> None:
    lost = await lost_town(host)
    host.harness.clock.advance(days=-8)
    hilde = await host.appointed(email="hilde@recovery-host.example")
    host.harness.clock.advance(days=8)
    await host.run(end_mandate, EndMandate(hilde.mandate_id, 1, "left"))
    of_the_host = await lost.seconded(email="hilde@recovery-host.example")
    with pytest.raises(errors.HostInCell):
        await lost.oversight.run(confirm_recovery, lost.confirmation(of_the_host))
    someone = await lost.seconded()
    person_id = lost.oversight.person_id

    async def the_overseer(email: str, given_name: str, family_name: str) -> UUID:
        return person_id

    host.sign_in.finding = the_overseer
    with pytest.raises(errors.RecoverySamePerson):
        await lost.oversight.run(confirm_recovery, lost.confirmation(someone))
    host.sign_in.finding = host.sign_in.find_person
    assert (await lost.oversight.run(confirm_recovery, lost.confirmation(someone))).state == "ACTIVE"


async def test_nobody_else_proposes_seconds_confirms_or_reads(host: Host) -> None:
    lost, other = await lost_town(host), await lost_town(host)
    recovery = await lost.proposed()
    for person in (lost.oversight, on_platform(lost.oversight)):
        for handler, command in (
            (propose_recovery, lost.proposal()), (second_recovery, lost.seconding(recovery)),
        ):  # fmt: skip
            with pytest.raises((CellNotFound, RoleMissing)):
                await person.run(handler, command)  # type: ignore[arg-type]
    await lost.second.run(second_recovery, lost.seconding(recovery))
    reading = ListRecoveries(50, None)
    for handler, command in ((confirm_recovery, lost.confirmation(recovery)), (list_recoveries, reading)):  # type: ignore[assignment]
        for person in (lost.first.elsewhere(lost.town), other.oversight.elsewhere(lost.town)):
            with pytest.raises(CellNotFound):
                await person.run(handler, command)  # type: ignore[arg-type]
        lost.oversight.acr = 1
        with pytest.raises(SecondFactorMissing):
            await lost.oversight.run(handler, command)  # type: ignore[arg-type]
        lost.oversight.acr = 2
    with pytest.raises(RoleMissing):
        await lost.first.run(confirm_recovery, lost.confirmation(recovery))
    for person in (lost.first, lost.second):
        person.acr = 1
        for handler, command in ((propose_recovery, lost.proposal()), (second_recovery, lost.seconding(recovery))):
            with pytest.raises(SecondFactorMissing):
                await person.run(handler, command)  # type: ignore[arg-type]
    assert (await lost.oversight.run(confirm_recovery, lost.confirmation(recovery))).state == "ACTIVE"


async def test_invariant_17_a_recovery_of_another_cell_looks_as_one_that_is_not_there(host: Host) -> None:
    lost, other = await lost_town(host), await lost_town(host)
    recovery = await lost.seconded()
    said = []
    for recovery_id in (recovery.id, uuid4()):
        with pytest.raises(errors.RecoveryNotFound) as refused:
            command = ConfirmRecovery(recovery_id, 2)
            await other.oversight.run(confirm_recovery, command)
        said.append((str(refused.value), refused.value.field, refused.value.expected))
    assert len(set(said)) == 1
    with pytest.raises(errors.RecoveryNotFound):
        await lost.second.run(second_recovery, SecondRecovery(uuid4(), 1))
    for person in (lost.first, on_platform(lost.oversight)):
        with pytest.raises(CellNotFound):
            await person.run(propose_recovery, lost.proposal(cell_id=uuid4()))
    assert [recovery.recovery.recovery_id for recovery in await other.seen_by(other.oversight)] == []
    assert [recovery.recovery.recovery_id for recovery in await lost.seen_by(lost.oversight)] == [recovery.id]
    assert recovery.id in {recovery.recovery.recovery_id for recovery in await lost.seen_by(lost.first)}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MAYOR])
async def test_a_cell_with_somebody_who_can_say_yes_is_not_recovered(host: Host, role: Role) -> None:
    lost = await lost_town(host)
    running, _, _ = await running_town(host)
    with pytest.raises(errors.CellNotLost):
        await lost.proposed(cell_id=running.cell_id)
    waiting, both = await lost.proposed(), await lost.seconded()
    # Of two at once the second comes too late: even who is only planned can say yes soon.
    mandate = await lost.recovered(lost.proposal(role=role, first_day=date(2027, 1, 1)))
    with pytest.raises(errors.CellNotLost):
        await lost.second.run(second_recovery, lost.seconding(waiting))
    with pytest.raises(errors.CellNotLost):
        await lost.oversight.run(confirm_recovery, lost.confirmation(both))
    with pytest.raises(errors.CellNotLost):
        await lost.proposed()
    # The host takes back in time what is wrong, and nothing was opened.
    await lost.town.as_host(end_mandate, EndMandate(mandate.mandate_id, 1, "other"))
    assert (await lost.oversight.run(confirm_recovery, lost.confirmation(both))).state == "ACTIVE"


async def test_oversight_that_did_not_promise_secrecy_confirms_nothing(host: Host) -> None:
    lost = await lost_town(host)
    recovery = await lost.seconded()
    with pytest.raises(UndertakingMissing):
        await lost.unsworn.run(confirm_recovery, lost.confirmation(recovery))
    await lost.unsworn.run(accept_undertaking, AcceptUndertaking(TEXT))
    assert (await lost.unsworn.run(confirm_recovery, lost.confirmation(recovery))).state == "ACTIVE"

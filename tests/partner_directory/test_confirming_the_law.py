"""The data protection officer of a cell confirms a legal basis; everybody reads that the cell did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, UndertakingMissing, VersionChanged
from services.kit.policy import EVERYBODY, Role
from services.kit.principal import Principal, PrincipalKind
from services.partner_directory.commands.law.add_legal_basis import add_legal_basis
from services.partner_directory.commands.law.confirm_legal_basis import ConfirmLegalBasis, confirm_legal_basis
from services.partner_directory.errors import LegalBasisConfirmed, LegalBasisNotFound, LegalBasisOver
from services.partner_directory.queries.list_legal_bases import ListLegalBases, RegisteredBasis, list_legal_bases
from tests.harness import Person
from tests.partner_directory.test_keeping_the_law import TOMORROW, law
from tests.partner_directory.town import Host, Town, on_platform


async def with_officer(host: Host) -> tuple[Town, Person]:
    """A cell and its data protection officer, who accepted secrecy."""
    town, _ = await host.town_with_coordinator(region="wallonia")
    return town, await town.sworn(Role.DPO)


async def read(who: Person, code: str) -> RegisteredBasis:
    """That legal basis, as somebody reads it."""
    found = await on_platform(who).run(list_legal_bases, ListLegalBases())
    return next(version for version in found if version.basis.code == code)


async def test_everybody_reads_that_it_is_confirmed_and_the_own_cell_when(host: Host) -> None:
    (town, officer), (_, stranger) = await with_officer(host), await with_officer(host)
    made = await host.run(add_legal_basis, command := law())
    before = await read(officer, command.code)
    assert (before.confirmed_by, before.confirmations) == (0, ())
    receipt = await officer.run(confirm_legal_basis, ConfirmLegalBasis(made.id, 1))
    assert (receipt.id, receipt.state, receipt.version) == (made.id, "CONFIRMED", 1)
    own, elsewhere = await read(officer, command.code), await read(stranger, command.code)
    (confirmed,) = own.confirmations
    assert (confirmed.cell_id, bool(confirmed.cell_name)) == (town.cell_id, True)
    assert confirmed.confirmed_at == host.harness.clock()
    assert (own.confirmed_by, elsewhere.confirmed_by, elsewhere.confirmations) == (1, 1, ())
    await stranger.run(confirm_legal_basis, ConfirmLegalBasis(made.id, 1))
    assert (await read(officer, command.code)).confirmed_by == 2


async def test_nobody_else_confirms(host: Host) -> None:
    town, officer = await with_officer(host)
    made = await host.run(add_legal_basis, law())
    confirming = ConfirmLegalBasis(made.id, 1)
    await town.sworn(Role.MAYOR)
    for role in sorted(EVERYBODY - {Role.DPO}):
        other = await town.sworn(role)
        with pytest.raises(RoleMissing):
            await other.run(confirm_legal_basis, confirming)
    assert await officer.run(confirm_legal_basis, confirming)


async def test_nor_who_is_not_there_or_did_not_promise(host: Host) -> None:
    town, officer = await with_officer(host)
    neighbour, _ = await with_officer(host)
    made = await host.run(add_legal_basis, law())
    confirming = ConfirmLegalBasis(made.id, 1)
    for other in (on_platform(officer), officer.elsewhere(neighbour)):
        with pytest.raises(CellNotFound):
            await other.run(confirm_legal_basis, confirming)
    with pytest.raises(CellNotFound):
        await host.run(confirm_legal_basis, confirming, town.cell_id)
    with pytest.raises(SecondFactorMissing):
        await replace(officer, acr=1).run(confirm_legal_basis, confirming)
    silent = await neighbour.invited(Role.DPO)
    with pytest.raises(UndertakingMissing):
        await silent.run(confirm_legal_basis, confirming)
    assert await officer.run(confirm_legal_basis, confirming)


async def test_once_as_it_was_read_and_not_when_it_is_over(host: Host) -> None:
    _, officer = await with_officer(host)
    made = await host.run(add_legal_basis, command := law(last_day=TOMORROW))
    for confirming, refusal in (
        (ConfirmLegalBasis(uuid4(), 1), LegalBasisNotFound), (ConfirmLegalBasis(made.id, 2), VersionChanged),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await officer.run(confirm_legal_basis, confirming)
    assert await officer.run(confirm_legal_basis, ConfirmLegalBasis(made.id, 1))
    with pytest.raises(LegalBasisConfirmed):
        await officer.run(confirm_legal_basis, ConfirmLegalBasis(made.id, 1))
    assert (await read(officer, command.code)).confirmed_by == 1
    other = await host.run(add_legal_basis, law(last_day=TOMORROW))
    host.harness.clock.advance(hours=48)
    assert host.harness.clock().date() > date(2026, 11, 25)
    with pytest.raises(LegalBasisOver):
        await officer.run(confirm_legal_basis, ConfirmLegalBasis(other.id, 1))


async def test_no_cell_confirms_in_the_name_of_another(host: Host, servers: Servers) -> None:
    """The database says so too, and that nothing confirmed is changed."""
    town, officer = await with_officer(host)
    neighbour, _ = await with_officer(host)
    made = await host.run(add_legal_basis, law())
    principal = Principal(PrincipalKind.PERSON, officer.person_id, town.cell_id, acr=2)
    put = "INSERT INTO basis_confirmation VALUES ($1, $2, now())"
    async with host.harness.database.transaction(principal, host.harness.clock()) as session:
        await session.raw.execute(put, made.id, town.cell_id)
    for statement, values in (
        (put, (made.id, neighbour.cell_id)),
        ("UPDATE basis_confirmation SET confirmed_at = now() WHERE cell_id = $1", (town.cell_id,)),
        ("DELETE FROM basis_confirmation WHERE cell_id = $1", (town.cell_id,)),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with host.harness.database.transaction(principal, host.harness.clock()) as session:
                await session.raw.execute(statement, *values)

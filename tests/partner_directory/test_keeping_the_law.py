"""The host keeps the register: a legal basis comes in, and one gets its last day."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.servers import Servers
from services.kit.errors import CellNotFound, NotFound, RondetafelError, SecondFactorMissing, VersionChanged
from services.kit.policy import EVERYBODY, Role
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.law.add_legal_basis import AddLegalBasis, add_legal_basis
from services.partner_directory.commands.law.end_legal_basis import EndLegalBasis, end_legal_basis
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.errors import (
    LegalBasisInPast,
    LegalBasisNotFound,
    LegalBasisNotInForce,
    LegalBasisOverlaps,
    SpeakingGap,
    SpeakingTwice,
)
from services.partner_directory.queries.list_legal_bases import ListLegalBases, RegisteredBasis, list_legal_bases
from tests.partner_directory.test_legal_bases import records_of
from tests.partner_directory.town import Host, on_platform

TOMORROW, LATER = date(2026, 11, 25), date(2027, 6, 1)
SPEAKS = "case-consultation"


def law(**changes: Any) -> AddLegalBasis:
    """One that is in order, of a code nobody else in this run uses: the register is one for all tests."""
    languages = ("nl", "fr", "de", "en")
    texts = {f"{text}_{language}": f"Test {language}" for text in ("title", "name") for language in languages}
    values: dict[str, Any] = texts | {
        "code": f"decree-{uuid4().hex}", "first_day": TOMORROW, "last_day": None, "replaces": "",
        "allows": ("take_part",), "partner_kinds": (), "regions": (), "source": "Invented for a test",
    }  # fmt: skip
    return AddLegalBasis(**values | changes)


async def versions_of(host: Host, code: str) -> list[RegisteredBasis]:
    """The newest first, as the host reads them."""
    return [version for version in await host.run(list_legal_bases, ListLegalBases()) if version.basis.code == code]


async def test_what_comes_in_stands_there_for_everybody(host: Host) -> None:
    _, coordinator = await host.town_with_coordinator(region="wallonia")
    command = law(partner_kinds=("caw", "clb", "caw"), regions=("flanders",), title_de="", name_en="", last_day=LATER)
    receipt = await host.run(add_legal_basis, command)
    assert (receipt.state, receipt.version) == ("REGISTERED", 1)
    found = await on_platform(coordinator).run(list_legal_bases, ListLegalBases())
    (made,) = [version.basis for version in found if version.basis.code == command.code]
    assert (made.legal_basis_id, made.in_force_from, made.in_force_to) == (receipt.id, TOMORROW, LATER)
    assert (made.partner_kinds, made.regions, made.allows) == (["caw", "clb"], ["flanders"], ["take_part"])
    assert (made.title_de, made.title_fr, made.name_en, made.name_de) == ("Test nl", "Test fr", "Test nl", "Test de")


async def test_a_new_version_ends_the_one_before_in_the_same_act(host: Host) -> None:
    first = law()
    old = await host.run(add_legal_basis, first)
    new = await host.run(add_legal_basis, replace(first, first_day=LATER, title_nl="Gewijzigd"))
    newest, before = await versions_of(host, first.code)
    assert (newest.basis.legal_basis_id, newest.basis.title_nl, newest.basis.in_force_to) == (new.id, "Gewijzigd", None)
    assert (before.basis.legal_basis_id, before.basis.title_nl) == (old.id, "Test nl")
    assert (before.basis.in_force_to, before.basis.version) == (date(2027, 5, 31), 2)
    with pytest.raises(LegalBasisOverlaps):
        await host.run(add_legal_basis, replace(first, first_day=date(2027, 2, 1)))
    assert len(await versions_of(host, first.code)) == 2


async def test_what_lets_people_speak_is_followed_by_another_at_once(host: Host) -> None:
    """So far ahead that no other test comes there."""
    far = {"first_day": date(2190, 1, 1), "allows": ("speak",)}
    with pytest.raises(SpeakingTwice):
        await host.run(add_legal_basis, law(**far))
    with pytest.raises(SpeakingGap):
        await host.run(add_legal_basis, law(**far, replaces=SPEAKS, last_day=date(2191, 1, 1)))
    (present,) = await versions_of(host, SPEAKS)
    with pytest.raises(SpeakingGap):
        await host.run(
            end_legal_basis, EndLegalBasis(present.basis.legal_basis_id, present.basis.version, date(2189, 1, 1))
        )
    (same,) = await versions_of(host, SPEAKS)
    assert (same.basis.in_force_to, same.basis.version) == (None, present.basis.version)
    made = await host.run(add_legal_basis, law(**far, replaces=SPEAKS))
    (before,) = await versions_of(host, SPEAKS)
    assert (made.version, before.basis.in_force_to) == (1, date(2189, 12, 31))


async def test_who_keeps_it(host: Host) -> None:
    town, coordinator = await host.town_with_coordinator(region="wallonia")
    hilde = await host.appointed()
    made = await hilde.run(add_legal_basis, law())
    ending = EndLegalBasis(made.id, 1, LATER)
    others = [on_platform(await town.invited(role)) for role in sorted(EVERYBODY - {Role.COORDINATOR})]
    for reader in (*others, on_platform(coordinator), coordinator):
        for handler, command in ((add_legal_basis, law()), (end_legal_basis, ending)):
            with pytest.raises(RondetafelError) as refused:
                await reader.run(handler, command)  # type: ignore[arg-type]
            assert refused.type.__name__ in {"CellNotFound", "RoleMissing"}
    for handler, command in ((add_legal_basis, law()), (end_legal_basis, ending)):
        with pytest.raises(CellNotFound):
            await host.run(handler, command, town.cell_id)  # type: ignore[arg-type]
    with pytest.raises(SecondFactorMissing):
        await replace(hilde, acr=1).run(end_legal_basis, ending)
    assert (await hilde.run(end_legal_basis, ending)).version == 2


async def test_a_last_day_in_the_version_that_was_read(host: Host) -> None:
    command = law()
    made = await host.run(add_legal_basis, command)
    for ending, refusal in (
        (EndLegalBasis(uuid4(), 1, LATER), LegalBasisNotFound), (EndLegalBasis(made.id, 2, LATER), VersionChanged),
        (EndLegalBasis(made.id, 1, date(2026, 11, 23)), LegalBasisInPast),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await host.run(end_legal_basis, ending)
    assert issubclass(LegalBasisNotFound, NotFound)
    receipt = await host.run(end_legal_basis, EndLegalBasis(made.id, 1, LATER))
    assert (receipt.id, receipt.state, receipt.version) == (made.id, "ENDS", 2)
    (version,) = await versions_of(host, command.code)
    assert version.basis.in_force_to == LATER


async def test_mandates_on_it_go_on_and_are_counted_and_none_is_given_beyond(host: Host) -> None:
    command = law()
    made = await host.run(add_legal_basis, command)
    town, coordinator = await host.town_with_coordinator(region="wallonia")
    on_it: dict[str, Any] = {"legal_basis": command.code, "first_day": TOMORROW}
    for last_day in (LATER, date(2027, 6, 2), date(2027, 11, 23)):
        partner = await town.partner(coordinator, **on_it, last_day=last_day)
    (before,) = await versions_of(host, command.code)
    assert before.mandates_beyond == 3
    await host.run(end_legal_basis, EndLegalBasis(made.id, 1, LATER))
    (after,) = await versions_of(host, command.code)
    assert after.mandates_beyond == 2
    with pytest.raises(LegalBasisNotInForce):
        await coordinator.run(invite_person, town.invitation(**on_it, last_day=date(2027, 6, 2)))
    assert await coordinator.run(invite_person, town.invitation(**on_it, last_day=LATER))
    await coordinator.run(end_mandate, EndMandate(partner.mandate_id, 1, "left"))
    (fewer,) = await versions_of(host, command.code)
    assert fewer.mandates_beyond == 1
    read = await on_platform(coordinator).run(list_legal_bases, ListLegalBases())
    assert {version.mandates_beyond for version in read} == {0}


async def test_two_at_once_make_one_version(host: Host) -> None:
    command = law()
    answers = await asyncio.gather(
        *(host.run(add_legal_basis, command) for _ in range(3)), return_exceptions=True
    )  # fmt: skip
    assert sorted(type(answer).__name__ for answer in answers) == ["LegalBasisOverlaps"] * 2 + ["Receipt"]


async def test_the_log_names_the_code_and_what_ended_by_it(host: Host, servers: Servers) -> None:
    hilde, first = await host.appointed(), law()
    made = await hilde.run(add_legal_basis, first)
    await hilde.run(add_legal_basis, law(replaces=first.code, first_day=LATER))
    await hilde.run(end_legal_basis, EndLegalBasis(made.id, 2, LATER))
    added, second, ended = await records_of(servers, hilde.person_id)
    assert [record.action for record in (added, second, ended)] == 2 * ["add_legal_basis"] + ["end_legal_basis"]
    assert (added.detail["code"], "ended" in added.detail, second.detail["ended"]) == (first.code, False, first.code)
    assert ended.detail["code"] == first.code


async def test_the_database_too_changes_nothing_but_a_last_day(host: Host, servers: Servers) -> None:
    command = law()
    await host.run(add_legal_basis, command)
    url = servers.postgres.database_url("partner_directory", "app").replace("postgresql+asyncpg://", "postgresql://")
    app = await asyncpg.connect(url)
    try:
        await app.execute("UPDATE legal_basis SET in_force_to = $2 WHERE code = $1", command.code, LATER)
        for statement in (
            "UPDATE legal_basis SET title_nl = 'x' WHERE code = $1", "DELETE FROM legal_basis WHERE code = $1",
            "UPDATE legal_basis SET in_force_from = '2020-01-01' WHERE code = $1",
        ):  # fmt: skip
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(statement, command.code)
        with pytest.raises(asyncpg.CheckViolationError):
            await app.execute("UPDATE legal_basis SET in_force_to = '2000-01-01' WHERE code = $1", command.code)
    finally:
        await app.close()

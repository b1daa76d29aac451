"""A cell that lost everybody: two persons of the host and its oversight give it somebody again, loudly."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from deploy.local.servers import Servers
from rondetafel.audit.v1 import audit_pb2
from services.kit.errors import VersionChanged
from services.kit.policy import Role
from services.kit.principal import PLATFORM
from services.partner_directory import errors
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.recovery.confirm_recovery import confirm_recovery
from services.partner_directory.commands.recovery.second_recovery import second_recovery
from services.partner_directory.model import MOST_RECOVERIES, RECOVERY_TERM, WAIT
from services.partner_directory.queries.list_announcements import ListAnnouncements, list_announcements
from services.partner_directory.queries.list_mandates import ListMandates, list_mandates
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.partner_directory.lost import lost_town
from tests.partner_directory.post import Post
from tests.partner_directory.test_announcing import ANNOUNCER
from tests.partner_directory.test_founding import told
from tests.partner_directory.town import TEXT, Host


async def actions(servers: Servers, cell_id: UUID, about: UUID) -> list[str]:
    """What a log says was done about that cell, oldest first; of announcements what they announce."""
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await connection.fetch(
        "SELECT payload FROM outbox WHERE stream = 'audit' AND tenant_id = $1 ORDER BY producer_epoch, producer_seq",
        cell_id,
    )
    await connection.close()
    found = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
    return [
        result.detail.get("what") or result.action
        for result in found
        if cell_id == about or result.detail["cell"] == str(about)
    ]


async def test_three_persons_give_a_lost_cell_somebody_again_and_content_waits(host: Host, servers: Servers) -> None:
    lost = await lost_town(host)
    command = lost.proposal()
    mayor = await lost.recovered(command)
    await mayor.run(accept_undertaking, AcceptUndertaking(TEXT))
    (given, *_) = (await mayor.run(list_mandates, ListMandates(50, None))).mandates
    opens_at = host.harness.clock() + WAIT
    assert (given.mandate.role, given.mandate.given_by, given.mandate.opens_at) == ("mayor", "RECOVERY", opens_at)
    assert (given.mandate.invited_by, given.given_name) == (lost.oversight.person_id, "Lieve")
    assert {event.starts_at.ToDatetime(opens_at.tzinfo) for event in await told(servers, mayor)} == {opens_at}
    coordinator = await lost.town.partner(mayor, role=Role.COORDINATOR, first_day=date(2026, 12, 2))
    assert {event.starts_at.ToDatetime(opens_at.tzinfo) for event in await told(servers, coordinator)} == {opens_at}


async def test_two_confirmations_at_once_give_one_mandate(host: Host) -> None:
    lost = await lost_town(host)
    recoveries = [await lost.seconded(), await lost.seconded()]
    answers = await asyncio.gather(
        *(lost.oversight.run(confirm_recovery, lost.confirmation(recovery)) for recovery in recoveries),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["CellNotLost", "Receipt"]


async def test_it_ends_after_fourteen_days(host: Host, servers: Servers) -> None:
    lost = await lost_town(host)
    first, second = await lost.proposed(), await lost.seconded()
    host.harness.clock.now += RECOVERY_TERM
    with pytest.raises(errors.RecoveryExpired):
        await lost.second.run(second_recovery, lost.seconding(first))
    with pytest.raises(errors.RecoveryExpired):
        await lost.oversight.run(confirm_recovery, lost.confirmation(second))
    assert await lost.seen_by(lost.oversight) == ()
    host.harness.clock.now -= timedelta(microseconds=1)
    assert len(await lost.seen_by(lost.oversight)) == 2
    await lost.second.run(second_recovery, lost.seconding(first))
    host.harness.clock.now += timedelta(microseconds=1)
    await lost.proposed()
    await run_due(host.harness, TERMS)
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    rows = await connection.fetch("SELECT email FROM recovery WHERE cell_id = $1", lost.town.cell_id)
    await connection.close()
    assert sorted(row["email"] is None for row in rows) == [False, True, True], "who was proposed is forgotten"
    host.harness.clock.now -= timedelta(microseconds=1)
    with pytest.raises(errors.RecoveryNotFound):
        await lost.oversight.run(confirm_recovery, lost.confirmation(second, 3))


async def test_each_step_is_done_once_in_its_order_in_the_version_last_read(host: Host) -> None:
    lost = await lost_town(host)
    recovery = await lost.proposed()
    with pytest.raises(VersionChanged):
        await lost.second.run(second_recovery, lost.seconding(recovery, 2))
    with pytest.raises(errors.RecoveryStateForbids):
        await lost.oversight.run(confirm_recovery, lost.confirmation(recovery, 1))
    await lost.second.run(second_recovery, lost.seconding(recovery))
    third = await host.appointed()
    with pytest.raises(errors.RecoveryStateForbids):
        await third.run(second_recovery, lost.seconding(recovery, 2))
    with pytest.raises(VersionChanged):
        await lost.oversight.run(confirm_recovery, lost.confirmation(recovery, 1))
    acts = [
        await lost.oversight.run(confirm_recovery, lost.confirmation(recovery), idempotency_key="yes") for _ in range(2)
    ]
    assert acts[0] == acts[1]
    with pytest.raises(errors.RecoveryStateForbids):
        await lost.oversight.run(confirm_recovery, lost.confirmation(recovery, 3))


async def test_what_is_not_in_order_is_neither_proposed_nor_confirmed(host: Host) -> None:
    lost = await lost_town(host)
    for changes, error in (
        ({"kbo_number": "0417497106"}, errors.OrganisationUnknown),
        ({"last_day": date(2026, 11, 1)}, errors.MandateReversed),
        ({"first_day": date(2026, 11, 1), "last_day": date(2026, 12, 1)}, errors.MandateOver),
        ({"nis_codes": ("99999",)}, errors.MunicipalityNotInCell),
        ({"legal_basis": "none"}, errors.LegalBasisUnknown),
    ):
        with pytest.raises(error):
            await lost.proposed(**changes)
    recovery = await lost.seconded(last_day=date(2026, 12, 3))
    host.sign_in.failure = errors.SignInServiceAway()
    with pytest.raises(errors.SignInServiceAway):
        await lost.oversight.run(confirm_recovery, lost.confirmation(recovery))
    host.sign_in.failure = None
    host.harness.clock.advance(days=5)
    with pytest.raises(errors.MandateOver):
        await lost.oversight.run(confirm_recovery, lost.confirmation(recovery))
    for _ in range(MOST_RECOVERIES - 1):
        await lost.proposed()
    with pytest.raises(errors.TooManyRecoveries):
        await lost.proposed()


async def test_who_is_proposed_is_sealed_shown_to_the_three_and_forgotten(host: Host, servers: Servers) -> None:
    lost = await lost_town(host)
    asked = {"given_name": "Zoë", "family_name": f"canary{uuid4().hex}", "email": "zoe@canary.example"}
    recovery = await lost.seconded(**asked)
    for person in (lost.second, lost.oversight):
        view = next(seen for seen in await lost.seen_by(person) if seen.recovery.recovery_id == recovery.id)
        named = view.named
        assert (named.email, named.given_name, named.family_name) == (
            asked["email"], asked["given_name"], asked["family_name"]
        )  # fmt: skip
        assert view.recovery.persons == {lost.first.person_id, lost.second.person_id}
    connection = await servers.postgres.connect("rondetafel_partner_directory")
    try:
        query = "SELECT * FROM recovery WHERE cell_id = $1"
        row = dict(await connection.fetchrow(query, lost.town.cell_id))
        assert "canary" not in str(row).replace(asked["family_name"].encode().hex(), "canary")
        await lost.oversight.run(confirm_recovery, lost.confirmation(recovery))
        row = dict(await connection.fetchrow(query, lost.town.cell_id))
    finally:
        await connection.close()
    assert (row["state"], row["email"], row["given_name"], row["family_name"]) == ("CONFIRMED", None, None, None)
    assert (row["confirmed_by"], await lost.seen_by(lost.oversight)) == (lost.oversight.person_id, ())


async def test_each_step_stands_in_both_logs_and_in_a_letter_from_the_first_on(
    host: Host, servers: Servers, post: Post
) -> None:
    lost = await lost_town(host, contact="cel@stad.example")
    while await host.harness.executor.run(ANNOUNCER, list_announcements, ListAnnouncements()):
        await post.announce()
    before = len(await post.of(lost.town))
    recovery = await lost.proposed()
    await post.announce()
    assert (await post.of(lost.town))[before:] == [("RECOVERY_PROPOSED", "mayor")]
    await lost.second.run(second_recovery, lost.seconding(recovery))
    await post.announce()
    await lost.oversight.run(confirm_recovery, lost.confirmation(recovery))
    await post.announce()
    announced = ["RECOVERY_PROPOSED", "RECOVERY_SECONDED", "RECOVERED"]
    assert [what for what, _ in (await post.of(lost.town))[before:]] == announced
    steps = {"propose_recovery", "second_recovery", "confirm_recovery", "open_recovery", *announced}
    platform = [action for action in await actions(servers, PLATFORM, lost.town.cell_id) if action in steps]
    assert platform == [
        "propose_recovery", "RECOVERY_PROPOSED", "second_recovery", "RECOVERY_SECONDED", "open_recovery", "RECOVERED",
    ]  # fmt: skip
    cell = [action for action in await actions(servers, lost.town.cell_id, lost.town.cell_id) if action in steps]
    assert cell == ["RECOVERY_PROPOSED", "RECOVERY_SECONDED", "confirm_recovery", "RECOVERED"]


async def test_alone_the_host_can_but_propose_to_a_lost_cell(host: Host) -> None:
    lost = await lost_town(host)
    for role in (Role.MAYOR, Role.COORDINATOR):
        asked = lost.town.invitation(role, last_day=date(2027, 11, 23))
        assert (await lost.town.as_host(invite_person, asked)).state == "PROPOSED"
    assert await lost.recovered(lost.proposal())

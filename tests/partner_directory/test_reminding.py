"""Ends that come are told 30 days before, and told to the others and the log at their moment."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from uuid import UUID

import pytest

from services.kit.clock import day_ends_at
from services.kit.errors import UndertakingMissing
from services.kit.policy import Role
from services.kit.principal import PLATFORM, system
from services.partner_directory.commands.mandate.accept_undertaking import AcceptUndertaking, accept_undertaking
from services.partner_directory.commands.mandate.end_mandate import EndMandate, end_mandate
from services.partner_directory.commands.mandate.expire_undertaking import ExpireUndertaking, expire_undertaking
from services.partner_directory.commands.mandate.notice_mandate_end import NoticeMandateEnd, notice_mandate_end
from services.partner_directory.commands.proposal.confirm_proposal import ConfirmProposal, confirm_proposal
from services.partner_directory.commands.proposal.expire_proposal import ExpireProposal, expire_proposal
from services.partner_directory.errors import ProposalDecided
from services.partner_directory.model import PROPOSAL_TERM, next_hour
from services.partner_directory.queries.list_mandates import list_mandates
from services.partner_directory.reminding import TOLD_BEFORE
from tests.harness import Cell
from tests.partner_directory.noticing import MINUTE, Seated, arrived, records
from tests.partner_directory.post import Post
from tests.partner_directory.test_announcing import body_of
from tests.partner_directory.test_lists import PAGE
from tests.partner_directory.test_terms import told
from tests.partner_directory.town import TEXT, Host, Town


@pytest.mark.parametrize("last", [date(2027, 3, 31), date(2027, 4, 29), date(2027, 11, 25), date(2028, 3, 29)])
async def test_the_end_of_a_mandate_is_told_thirty_days_before(host: Host, post: Post, last: date) -> None:
    town, coordinator = await host.town_with_coordinator()
    await town.partner(coordinator, last_day=last)
    await arrived(host, post)
    clock, begins = host.harness.clock, day_ends_at(last) - TOLD_BEFORE
    clock.now = begins - MINUTE
    assert [sent for sent in await arrived(host, post) if f"{last:%d.%m.%Y}" in body_of(sent)] == []
    clock.now = begins
    await arrived(host, post)
    clock.now = next_hour(begins + timedelta(hours=8))
    said = f"Je mandaat eindigt op {last:%d.%m.%Y}."
    assert sum(body_of(sent).count(said) for sent in await arrived(host, post)) == 1


@pytest.mark.parametrize("ahead", [60, 14])
async def test_the_end_of_a_clearance_is_told_to_its_holder(host: Host, post: Post, ahead: int) -> None:
    last = date(2027, 4, 29)
    town, coordinator = await host.town_with_coordinator()
    await town.partner(coordinator, role=Role.INFORMATION_OFFICER, clearance_until=last)
    clock, said = host.harness.clock, f"De machtiging voor je zetel eindigt op {last:%d.%m.%Y}."
    clock.now = day_ends_at(last) - timedelta(days=ahead) - MINUTE
    await arrived(host, post)
    clock.advance(minutes=2)
    await arrived(host, post)
    clock.now = next_hour(clock.now + timedelta(hours=8))
    assert sum(body_of(sent).count(said) for sent in await arrived(host, post)) == 1


async def test_one_that_was_ended_meanwhile_is_not_told(host: Host, post: Post, seated: Seated) -> None:
    town, coordinator, partner = seated
    staying = await town.partner(coordinator)
    clock = host.harness.clock
    clock.now = day_ends_at(date(2027, 11, 23)) - TOLD_BEFORE
    await coordinator.run(accept_undertaking, AcceptUndertaking(TEXT))
    await coordinator.run(end_mandate, EndMandate(partner.mandate_id, 1, "left"))
    act = system("partner_directory.clock", town.cell_id)
    run = host.harness.executor.run
    assert not await run(act, notice_mandate_end, NoticeMandateEnd(partner.mandate_id))
    assert await run(act, notice_mandate_end, NoticeMandateEnd(staying.mandate_id))
    clock.now += timedelta(days=40)
    assert not await run(act, notice_mandate_end, NoticeMandateEnd(staying.mandate_id))


async def test_secrecy_that_ends_is_told_before_and_at_its_end(host: Host, post: Post) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator, last_day=date(2028, 11, 23))
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    await arrived(host, post)
    clock, end = host.harness.clock, day_ends_at(date(2027, 11, 23))
    clock.now = end - TOLD_BEFORE
    await arrived(host, post)
    clock.now = next_hour(clock.now + timedelta(hours=8))
    letters = [body_of(sent) for sent in await arrived(host, post)]
    assert [text for text in letters if "belofte van geheimhouding eindigt op 23.11.2027" in text]
    before = await told(town, partner)
    clock.now = end - timedelta(microseconds=1)
    await arrived(host, post)
    assert await partner.run(list_mandates, PAGE)
    assert await told(town, partner) == before
    clock.now = end
    await arrived(host, post)
    with pytest.raises(UndertakingMissing):
        await partner.run(list_mandates, PAGE)
    *earlier, newest = await told(town, partner)
    assert earlier == before
    assert newest.undertaken_until.ToDatetime(UTC) == end
    (record,) = [
        found
        for found in await records(town, "expire_undertaking")
        if found.detail["mandate"] == str(partner.mandate_id)
    ]
    assert record.at.ToDatetime(UTC) == end


async def test_secrecy_promised_anew_ends_later(host: Host, post: Post) -> None:
    town, coordinator = await host.town_with_coordinator()
    partner = await town.partner(coordinator, last_day=date(2028, 11, 23))
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    clock, act = host.harness.clock, system("partner_directory.clock", town.cell_id)
    clock.now = day_ends_at(date(2027, 11, 23)) - timedelta(days=10)
    await partner.run(accept_undertaking, AcceptUndertaking(TEXT))
    clock.now += timedelta(days=20)
    await arrived(host, post)
    assert not await host.harness.executor.run(act, expire_undertaking, ExpireUndertaking(partner.mandate_id))
    assert await partner.run(list_mandates, PAGE)


async def test_the_end_of_a_mandate_for_the_host_is_told_on_the_platform(host: Host, post: Post) -> None:
    hilde, other = await host.appointed(last_day=date(2027, 5, 31)), await host.appointed()
    platform = Town(host.harness, PLATFORM, (), host, "")
    await arrived(host, post)
    clock = host.harness.clock
    clock.now = day_ends_at(date(2027, 5, 31)) - TOLD_BEFORE
    await arrived(host, post)
    clock.now = next_hour(clock.now + timedelta(hours=8))
    letters = [body_of(sent) for sent in await arrived(host, post)]
    assert [text for text in letters if "Je mandaat eindigt op 31.05.2027." in text]
    before = await told(platform, hilde)
    clock.now = day_ends_at(date(2027, 5, 31))
    await arrived(host, post)
    assert len(await told(platform, hilde)) == len(before) + 1
    ended = [record.detail["mandate"] for record in await records(platform, "expire_mandate")]
    assert str(hilde.mandate_id) in ended
    assert str(other.mandate_id) not in ended


async def named(host: Host, town: Cell) -> list[tuple[str, bool]]:
    """The state of each proposal of a cell, and whether anybody is named in it."""
    rows = await host.harness.database.unwalled(
        "SELECT state, num_nonnulls(email, given_name, family_name) AS names FROM proposal WHERE tenant_id = $1"
        " ORDER BY proposal_id", town.cell_id,
    )  # fmt: skip
    return [(row["state"], row["names"] > 0) for row in rows]


async def test_what_the_host_proposed_ends_after_thirty_days_and_names_nobody(host: Host, post: Post) -> None:
    town = await host.town()
    mayor = await town.sworn(Role.MAYOR)
    proposal, answered = await town.proposed(), await town.proposed(Role.COORDINATOR)
    await mayor.run(confirm_proposal, ConfirmProposal(answered.id, 1))
    clock, act = host.harness.clock, system("partner_directory.clock", town.cell_id)
    clock.now += PROPOSAL_TERM - timedelta(microseconds=1)
    await arrived(host, post)
    assert await named(host, town) == [("PROPOSED", True), ("CONFIRMED", False)]
    clock.now += timedelta(microseconds=1)
    await arrived(host, post)
    assert await named(host, town) == [("EXPIRED", False), ("CONFIRMED", False)]
    with pytest.raises(ProposalDecided):
        await mayor.run(confirm_proposal, ConfirmProposal(proposal.id, 2))
    (record,) = await records(town, "expire_proposal")
    assert dict(record.detail) == {"proposal": str(proposal.id), "state": "EXPIRED"}

    async def again(proposal_id: UUID) -> bool:
        return await host.harness.executor.run(act, expire_proposal, ExpireProposal(proposal_id))

    assert not await again(proposal.id)
    assert not await again(answered.id)

"""That was not me: what ends, who is told, and what stays of it (invariant 15)."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from services.kit.errors import RoleMissing, Unauthenticated, Unavailable
from services.kit.identities import Revoked
from services.kit.identity import CLOCK_SKEW
from services.kit.notices import NoticeKind
from services.kit.policy import Role
from services.partner_directory.commands.identity.disable_identity import DisableIdentity, disable_identity
from services.partner_directory.commands.identity.report_theft import ReportTheft, report_theft
from services.partner_directory.notice_words import PATHS, SENTENCES
from services.partner_directory.queries.list_thefts import ListThefts, TheftView, list_thefts
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.partner_directory.noticing import arrived, records
from tests.partner_directory.post import Post
from tests.partner_directory.signed_in import SignedIn, signed_in
from tests.partner_directory.test_announcing import body_of
from tests.partner_directory.town import Host


async def test_invariant_15_a_theft_ends_every_token_of_before_noted_or_not(host: Host) -> None:
    here = await signed_in(host)
    unknown = SignedIn(host, here.person_id, str(uuid4()))
    stranger = await signed_in(host)
    before = [here.principal, unknown.principal]
    assert await here.counts(before[1])
    receipt = await here.run(report_theft, ReportTheft())
    assert receipt.state == "REPORTED"
    assert [await here.counts(principal) for principal in before] == [False, False]
    assert await stranger.counts()
    host.harness.clock.advance(seconds=CLOCK_SKEW.total_seconds() + 1)
    assert not await here.counts(replace(before[0], issued_at=host.harness.clock.now)), "an ended sign-in stays ended"
    anew = await signed_in(host, of=here.person_id)
    assert (await anew.counts(), [each.sign_in_id for each in await anew.listed()]) == (True, [anew.id])
    await run_due(host.harness, TERMS)
    assert host.sign_in.signed_out == [here.person_id]


async def test_who_is_shut_out_is_not_let_in_again_by_a_report(host: Host) -> None:
    here = await signed_in(host)
    await host.run(disable_identity, DisableIdentity(Revoked.SUBJECT, here.person_id))
    with pytest.raises(Unauthenticated):
        await here.run(report_theft, ReportTheft())
    rows = await host.harness.database.unwalled(
        "SELECT refuses_all FROM revoked WHERE identity_id = $1", here.person_id
    )
    assert [row["refuses_all"] for row in rows] == [True]


async def test_the_tables_are_told_once_and_the_letter_says_not_who(host: Host, post: Post) -> None:
    """While the sign-in service is away, too; then it is forgotten whose report it was."""
    town, coordinator = await host.town_with_coordinator()
    await town.sworn(Role.MAYOR)
    partner = await town.partner(coordinator)
    here = await signed_in(host, of=partner.person_id)
    await arrived(host, post)
    theft = await here.run(report_theft, ReportTheft())
    host.sign_in.failure = Unavailable()
    await run_due(host.harness, TERMS)
    assert await records(town, "warn_of_theft")
    host.sign_in.failure = None
    host.harness.clock.advance(minutes=10)
    letters = await arrived(host, post)
    assert len({letter["To"] for letter in letters}) == len(letters) == 2
    for letter in letters:
        body = body_of(letter)
        assert any(sentence in body for sentence in SENTENCES[NoticeKind.SIGN_IN_STOLEN].values())
        assert PATHS[NoticeKind.SIGN_IN_STOLEN] in body
        assert not any(word in body for word in ("Nele", "Claes", str(partner.person_id), str(theft.id)))
    (record,) = await records(town, "warn_of_theft")
    assert (record.detail["mandate"], record.count) == (str(partner.mandate_id), 2)
    (row,) = await host.harness.database.unwalled("SELECT * FROM theft WHERE theft_id = $1", theft.id)
    assert (row["person_id"], row["cell_ids"]) == (None, [])
    assert row["followed_at"] is not None
    assert host.sign_in.signed_out == [partner.person_id]


async def test_the_host_sees_when_and_nobody_else_sees_anything(host: Host) -> None:
    here = await signed_in(host)
    reported = host.harness.clock.now
    theft = await here.run(report_theft, ReportTheft())
    hilde = await host.appointed()
    page = await hilde.run(list_thefts, ListThefts(1, None))
    assert page.thefts == (TheftView(theft.id, reported, None),)
    assert await host.run(list_thefts, ListThefts(1, None)) == page
    _, coordinator = await host.town_with_coordinator()
    with pytest.raises(RoleMissing):
        await coordinator.run(list_thefts, ListThefts(1, None))
    await run_due(host.harness, TERMS)
    assert (await hilde.run(list_thefts, ListThefts(1, None))).thefts[0].followed_at == host.harness.clock.now


async def test_the_database_lets_every_kind_of_notice_in(host: Host) -> None:
    (row,) = await host.harness.database.unwalled(
        "SELECT pg_get_constraintdef(oid) AS says FROM pg_constraint WHERE conname = 'notice_kind_check'"
    )
    assert [kind for kind in NoticeKind if f"'{kind}'" not in row["says"]] == []

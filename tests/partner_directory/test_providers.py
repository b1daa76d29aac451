"""Providers of partner organisations: who may keep them, what they speak for, and what the sign-in service is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, VersionChanged
from services.kit.identities import Revoked, identity_id
from services.kit.outbox import Receipt
from services.kit.principal import PLATFORM, Principal, PrincipalKind, system
from services.partner_directory.commands.provider.add_provider import add_provider
from services.partner_directory.commands.provider.disable_provider import DisableProvider, disable_provider
from services.partner_directory.commands.provider.enable_provider import EnableProvider, enable_provider
from services.partner_directory.errors import (
    AliasMalformed,
    DomainMalformed,
    DomainTaken,
    IssuerUnreachable,
    OrganisationUnknown,
    OwnIdentity,
    ProviderExists,
    ProviderNotFound,
    ProviderNotMirrored,
    ProviderStateForbids,
    SignInServiceAway,
)
from services.partner_directory.model import MIRRORED_EVERY
from services.partner_directory.queries.get_revocations import GetRevocations, get_revocations
from services.partner_directory.queries.list_providers import ListProviders, list_providers
from services.partner_directory.queries.read_provider import ReadProvider, read_provider
from services.partner_directory.terms import TERMS
from tests.partner_directory.providers import SECRET, Register
from tests.partner_directory.town import Host, on_platform

PORTAL, CASE = system("portal.service", PLATFORM), system("case.service", PLATFORM)


@pytest.fixture
def register(host: Host) -> Register:
    return Register(host)


async def refused_all(host: Host) -> set[UUID]:
    found = await host.harness.executor.run(CASE, get_revocations, GetRevocations(0))
    return {fact.identity_id for fact in found.revocations if fact.refuses_all}


async def test_what_was_added_is_mirrored_disabled_and_its_secret_told_to_nobody_else(register: Register) -> None:
    command = await register.command(domains="@Partner-A.example  büro-a.example", trusted_levels="mfa 2")
    receipt = await register.added(command)
    assert receipt.state == "DISABLED"
    view = await register.read(receipt.id)
    assert (view.provider.mirrored, view.provider.by_secret, view.may) == (False, True, ())
    await register.mirrored()
    told = register.host.sign_in.mirrored[-1]
    assert (told.alias, told.client_secret, told.enabled, told.fresh) == (command.alias, SECRET, False, True)
    assert told.domains == ("partner-a.example", "xn--bro-a-kva.example")
    assert (told.trusted_levels, told.kbo_numbers) == (("2", "mfa"), command.kbo_numbers)
    view = await register.read(receipt.id)
    assert (view.provider.mirrored, view.may) == (True, ("enable_provider",))
    assert SECRET not in repr(command) + repr(told)
    raw = await register.host.harness.database.unwalled(
        "SELECT client_secret FROM provider WHERE alias = $1", command.alias
    )
    assert SECRET.encode() not in raw[0]["client_secret"]


async def test_without_a_secret_none_is_kept(register: Register) -> None:
    receipt = await register.added(await register.command(client_secret=""))
    assert not (await register.read(receipt.id)).provider.by_secret
    await register.mirrored()
    assert register.host.sign_in.mirrored[-1].client_secret == ""


async def test_enabled_and_disabled_each_in_its_turn(register: Register) -> None:
    host, receipt = register.host, await register.added()
    with pytest.raises(ProviderNotMirrored):
        await host.run(enable_provider, EnableProvider(receipt.id, 1))
    await register.mirrored()
    with pytest.raises(VersionChanged):
        await host.run(enable_provider, EnableProvider(receipt.id, 7))
    with pytest.raises(ProviderStateForbids):
        await host.run(disable_provider, DisableProvider(receipt.id, 1))
    assert await host.run(enable_provider, EnableProvider(receipt.id, 1)) == Receipt(receipt.id, "ENABLED", 2)
    with pytest.raises(ProviderStateForbids):
        await host.run(enable_provider, EnableProvider(receipt.id, 2))
    assert (await register.read(receipt.id)).may == ("disable_provider",)
    assert await host.run(disable_provider, DisableProvider(receipt.id, 2)) == Receipt(receipt.id, "DISABLED", 3)
    with pytest.raises(ProviderNotFound):
        await host.run(enable_provider, EnableProvider(uuid4(), 1))
    with pytest.raises(ProviderNotFound):
        await register.read(uuid4())


async def test_invariant_15_a_disabled_provider_is_refused_whole_and_enabled_again_only_what_comes_after(
    register: Register,
) -> None:
    """It counts with the act itself: the sign-in service, that is away, only hears of it later."""
    host, command = register.host, await register.command()
    receipt = await register.enabled(command)
    identity = identity_id("", Revoked.PROVIDER, command.alias)
    assert identity not in await refused_all(host)
    host.sign_in.failure = SignInServiceAway()
    await host.run(disable_provider, DisableProvider(receipt.id, receipt.version))
    assert identity in await refused_all(host)
    clock = system("partner_directory.clock", PLATFORM)
    with pytest.raises(SignInServiceAway):
        await host.harness.executor.run(clock, TERMS["provider"].handler, TERMS["provider"].command(receipt.id))
    with pytest.raises(ProviderNotMirrored):
        await host.run(enable_provider, EnableProvider(receipt.id, 3))
    host.sign_in.failure = None
    host.harness.clock.advance(minutes=1)
    await register.mirrored()
    assert (host.sign_in.mirrored[-1].enabled, host.sign_in.mirrored[-1].fresh) == (False, True)
    await host.run(enable_provider, EnableProvider(receipt.id, 3))
    assert identity not in await refused_all(host)
    found = (await host.harness.executor.run(CASE, get_revocations, GetRevocations(0))).revocations
    (fact,) = [fact for fact in found if fact.identity_id == identity]
    assert (fact.refuses_all, fact.revoked_at) == (False, host.harness.clock.now)


async def test_the_sign_in_service_is_compared_again_and_again_and_what_was_mended_is_shown(register: Register) -> None:
    receipt = await register.enabled()
    await register.mirrored()
    assert (await register.read(receipt.id)).provider.mended_at is None
    before = len(register.host.sign_in.mirrored)
    await register.mirrored()
    assert len(register.host.sign_in.mirrored) == before
    register.host.sign_in.drifted = True
    register.host.harness.clock.now += MIRRORED_EVERY
    await register.mirrored()
    assert not register.host.sign_in.mirrored[-1].fresh
    provider = (await register.read(receipt.id)).provider
    assert (provider.mended_at, provider.mirrored_at) == (register.host.harness.clock.now,) * 2


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"alias": "CAW"}, AliasMalformed, "alias"),
        ({"alias": "caw--kanaal"}, AliasMalformed, "alias"),
        ({"alias": "ab"}, AliasMalformed, "alias"),
        ({"domains": "not a domain"}, DomainMalformed, "domains"),
        ({"domains": " ".join(f"d{number}.example" for number in range(21))}, DomainMalformed, "domains"),
        ({"kbo_numbers": ("0999999922",)}, OrganisationUnknown, "kbo_numbers"),
    ],
)
async def test_what_is_not_in_order_adds_nothing(
    register: Register, changes: dict[str, Any], refusal: type[Exception], field: str
) -> None:
    command = await register.command()
    with pytest.raises(refusal) as refused:
        await register.added(replace(command, **changes))
    assert getattr(refused.value, "field", "") == field
    assert await register.added(command)


async def test_alias_issuer_and_domain_are_of_one_provider(register: Register) -> None:
    first, other = await register.command(), await register.command()
    assert await register.added(first)
    alike = [
        (replace(other, alias=first.alias), ProviderExists, "alias"),
        (replace(other, issuer=f"{first.issuer}/"), ProviderExists, "issuer"),
        (replace(other, domains=f"{other.domains} {first.domains.upper()}"), DomainTaken, "domains"),
    ]
    for command, refusal, field in alike:
        with pytest.raises(refusal) as refused:
            await register.added(command)
        assert getattr(refused.value, "field", "") == field
    assert await register.added(other)


async def test_an_issuer_that_does_not_answer_adds_nothing(register: Register) -> None:
    command = await register.command()
    register.host.sign_in.issuers[command.issuer] = IssuerUnreachable(field="issuer", expected="one that answers")
    with pytest.raises(IssuerUnreachable):
        await register.added(command)
    del register.host.sign_in.issuers[command.issuer]
    assert await register.added(command)


async def test_the_hosts_people_may_with_the_second_factor_and_nobody_else(register: Register) -> None:
    host = register.host
    _, coordinator = await host.town_with_coordinator()
    hilde, hugo, one = await host.appointed(), await host.appointed(), await register.added()
    await register.mirrored()
    acts: list[tuple[Any, Any]] = [
        (add_provider, await register.command()),
        (enable_provider, EnableProvider(one.id, 1)),
        (disable_provider, DisableProvider(one.id, 2)),
        (list_providers, ListProviders(20, None)),
        (read_provider, ReadProvider(one.id)),
    ]
    for handler, command in acts:
        for nobody in (on_platform(coordinator), coordinator):
            with pytest.raises((CellNotFound, RoleMissing)):
                await nobody.run(handler, command)
        hugo.acr = 1
        with pytest.raises(SecondFactorMissing):
            await hugo.run(handler, command)
        assert await hilde.run(handler, command)


async def test_nobody_shuts_out_themselves(register: Register) -> None:
    receipt = await register.enabled()
    view = await register.read(receipt.id)
    hilde = await register.host.appointed()
    own = identity_id("", Revoked.PROVIDER, view.provider.alias)
    by = Principal(PrincipalKind.PERSON, hilde.person_id, PLATFORM, acr=2, identities=(own,))
    run = register.host.harness.executor.run
    assert (await run(by, read_provider, ReadProvider(receipt.id))).may == ()
    with pytest.raises(OwnIdentity):
        await run(by, disable_provider, DisableProvider(receipt.id, 2))
    assert await run(hilde.principal, disable_provider, DisableProvider(receipt.id, 2))


async def test_the_list_goes_on_where_it_ended(register: Register) -> None:
    made = [(await register.added()).id for _ in range(3)]
    first = await register.host.run(list_providers, ListProviders(2, None))
    assert [view.provider.provider_id for view in first.providers] == made[:0:-1]
    then = await register.host.run(list_providers, ListProviders(1, first.next_cursor))
    assert [view.provider.provider_id for view in then.providers] == made[:1]

"""People of providers: which addresses pass at a sign-in, and who gets an account here."""

from __future__ import annotations

import pytest

from services.kit.errors import CellNotFound
from services.kit.outbox import Receipt
from services.kit.policy import Role
from services.kit.principal import PLATFORM, system
from services.partner_directory.commands.invitation.invite_person import invite_person
from services.partner_directory.commands.mandate.appoint_host import appoint_host
from services.partner_directory.commands.provider.disable_provider import DisableProvider, disable_provider
from services.partner_directory.commands.provider.enable_provider import EnableProvider, enable_provider
from services.partner_directory.commands.provider.judge_sign_in import JudgeSignIn, judge_sign_in
from services.partner_directory.errors import (
    ForeignDomain,
    NeverSignedIn,
)
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.partner_directory.providers import Register
from tests.partner_directory.seat_files import imported, seat
from tests.partner_directory.test_invitations import records
from tests.partner_directory.town import Host

PORTAL, CASE = system("portal.service", PLATFORM), system("case.service", PLATFORM)


@pytest.fixture
def register(host: Host) -> Register:
    return Register(host)


async def test_only_domains_of_the_provider_pass_and_only_while_it_is_enabled(register: Register) -> None:
    run, command = register.host.harness.executor.run, await register.command()
    receipt = await register.enabled(command)
    other = await register.command()
    await register.enabled(other)
    assert (await run(PORTAL, judge_sign_in, JudgeSignIn(command.alias, command.domains.upper(), ""))).id == receipt.id
    foreign = ("", "elsewhere.example", f"x.{command.domains}", "no domain", other.domains)
    for alias, domain in [(command.alias, domain) for domain in foreign] + [("nobody", command.domains)]:
        with pytest.raises(ForeignDomain):
            await run(PORTAL, judge_sign_in, JudgeSignIn(alias, domain, ""))
    with pytest.raises(CellNotFound):
        await run(CASE, judge_sign_in, JudgeSignIn(command.alias, command.domains, ""))
    with pytest.raises(CellNotFound):
        await register.host.run(judge_sign_in, JudgeSignIn(command.alias, command.domains, ""))
    await register.host.run(disable_provider, DisableProvider(receipt.id, receipt.version))
    with pytest.raises(ForeignDomain):
        await run(PORTAL, judge_sign_in, JudgeSignIn(command.alias, command.domains, ""))


async def test_a_foreign_domain_stands_in_the_hosts_log_by_the_provider_and_nothing_else(register: Register) -> None:
    command = await register.command()
    receipt = await register.enabled(command)
    with pytest.raises(ForeignDomain):
        await register.host.harness.executor.run(
            PORTAL, judge_sign_in, JudgeSignIn(command.alias, "zwaluw.example", "")
        )
    found = [
        record
        for record in await records(register.host, PLATFORM, "judge_sign_in")
        if record.detail.get("provider") == str(receipt.id)
    ]
    assert [(record.outcome, record.detail["error"]) for record in found] == [("deny", "ForeignDomain")]
    assert "zwaluw" not in str(found)


async def test_people_of_a_provider_get_no_account_and_no_letter_of_the_sign_in_service(register: Register) -> None:
    """Also while it is disabled: they would hold a password beside it. One that never was enabled binds nobody."""
    host, command = register.host, await register.command()
    town, coordinator = await host.town_with_coordinator()
    receipt = await register.added(command)
    asked = host.sign_in.asked

    async def invited(name: str) -> Receipt:
        return await coordinator.run(invite_person, town.invitation(email=f"{name}@{command.domains}"))

    await invited("before")
    assert asked[-1] == f"before@{command.domains}"
    await register.mirrored()
    enabled = await host.run(enable_provider, EnableProvider(receipt.id, 1))
    before, invitation = len(asked), await invited("after")
    await host.run(disable_provider, DisableProvider(receipt.id, enabled.version))
    await invited("later")
    assert len(asked) == before
    await run_due(host.harness, TERMS)
    assert [email for email, _ in host.sign_in.written_to if email.endswith(command.domains)] == [
        f"before@{command.domains}"
    ]
    assert host.sign_in.code_of(invitation.id)


async def test_who_was_on_a_list_before_the_provider_was_enabled_gets_no_account_after(register: Register) -> None:
    """Accounts of a list are made with their letters, when these are due."""
    host, command = register.host, await register.command()
    town, coordinator = await host.town_with_coordinator()
    await run_due(host.harness, TERMS)
    partner, other = f"nele@{command.domains}", "nele@caw.example"
    await imported(coordinator, seat(town, email=other), seat(town, email=partner, given_name="Nel"))
    await register.enabled(command)
    for sent_to in (host.sign_in.asked, host.sign_in.written_to, host.sign_in.invited):
        sent_to.clear()
    host.harness.clock.advance(seconds=2)
    await run_due(host.harness, TERMS)
    assert host.sign_in.asked == [other] == [email for email, _ in host.sign_in.written_to]
    assert {letter.email for letter in host.sign_in.invited} == {partner, other}


async def test_who_never_came_by_the_provider_is_given_nothing_at_once(register: Register) -> None:
    host, command = register.host, await register.command()
    await register.enabled(command)
    hilde = await host.appointment(email=f"hilde@{command.domains}")
    with pytest.raises(NeverSignedIn):
        await host.run(appoint_host, hilde)
    host.sign_in.set_up.add(hilde.email)
    assert await host.run(appoint_host, hilde)
    assert hilde.email not in host.sign_in.asked


async def test_a_mayor_of_a_provider_comes_by_the_code(register: Register) -> None:
    """The invitation binds who comes, as for everybody; nothing else is known of them here."""
    command = await register.command()
    await register.enabled(command)
    town = await register.host.town()
    mayor = await town.invited(Role.MAYOR, email=f"mayor@{command.domains}")
    assert mayor.person_id

"""Metadata of providers in the register is read again, and seen to before it ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.partner_directory.commands.provider.judge_sign_in import JudgeSignIn, judge_sign_in
from services.partner_directory.errors import (
    ForeignDomain,
)
from tests.partner_directory.saml_register import PORTAL, SamlRegister
from tests.partner_directory.town import Host
from tests.saml import fingerprint_of, lasting, right, text_of


@pytest.fixture
def register(host: Host) -> SamlRegister:
    return SamlRegister(host)


async def test_read_again_every_day_and_both_certificates_count_while_one_takes_the_others_place(
    register: SamlRegister,
) -> None:
    metadata = register.metadata("rotates")
    receipt = await register.enabled(await register.command(metadata))
    first, newer = metadata.certificates[0], text_of(lasting("newer", register.host.harness.clock()))
    await register.due()
    before = len(register.host.sign_in.mirrored)
    await register.later(days=1)
    told = register.host.sign_in.mirrored[before:]
    assert all(not mirrored.fresh for mirrored in told)
    for certificates in ((first, newer), (newer,)):
        register.put(replace(metadata, certificates=certificates))
        await register.later(days=1)
        mirror = register.host.sign_in.mirrored[-1]
        assert mirror.saml is not None
        assert set(mirror.saml.says.certificates) == set(certificates)
        assert mirror.enabled
    view = await register.saml(receipt.id)
    assert view.read_at == register.host.harness.clock.now


async def test_what_is_wrong_by_then_is_noted_and_what_was_read_before_counts_on(register: SamlRegister) -> None:
    metadata = register.metadata("falters")
    command = await register.command(metadata)
    receipt = await register.enabled(command)
    clock = register.host.harness.clock
    sign_in = register.host.sign_in
    wrong: list[tuple[bytes | None, str]] = [
        (None, "IssuerUnreachable"), (b"<html/>", "NotMetadata"),
        (right("another", clock()).text(), "MetadataOfAnother"),
    ]  # fmt: skip
    since = None
    for text, code in wrong:
        sign_in.metadata.pop(command.metadata_url, None)
        if text is not None:
            sign_in.metadata[command.metadata_url] = text
        await register.later(days=1)
        view = await register.saml(receipt.id)
        since = since or clock.now
        assert (view.wrong, view.wrong_since, len(view.certificates)) == (code, since, 1)
    assert await register.told(receipt.id, "wrong") == [code for _, code in wrong]
    assert (await register.read(receipt.id)).provider.state == "ENABLED"
    register.put(metadata)
    await register.later(days=1)
    assert ((await register.saml(receipt.id)).wrong, (await register.saml(receipt.id)).wrong_since) == ("", None)


async def test_once_signed_it_has_to_be_by_whom_it_was_or_by_a_certificate_of_before(register: SamlRegister) -> None:
    clock = register.host.harness.clock
    signer, thief = lasting("signer", clock()), lasting("thief", clock())
    metadata = register.metadata("signs", signed=("signer", signer))
    own = lasting("signs", clock())
    receipt = await register.enabled(await register.command(metadata))
    assert (await register.saml(receipt.id)).signer == fingerprint_of(signer)
    for signed in (None, ("thief", thief)):
        stolen = (text_of(thief),)
        register.put(replace(metadata, certificates=stolen, signed=signed))
        await register.later(days=1)
        view = await register.saml(receipt.id)
        assert (view.wrong, view.certificates[0].text) == ("MetadataSignatureWrong", metadata.certificates[0])
    assert metadata.certificates == (text_of(own),)
    register.put(replace(metadata, signed=("signs", own)))
    await register.later(days=1)
    view = await register.saml(receipt.id)
    assert (view.wrong, view.signer) == ("", fingerprint_of(own))


async def test_before_it_ends_the_host_is_warned_and_then_nobody_comes_in_by_it(register: SamlRegister) -> None:
    clock = register.host.harness.clock
    metadata = register.metadata("ends", certificates=(text_of(lasting("ends", clock(), days=90)),))
    command = await register.by_text(metadata)
    receipt = await register.enabled(command)
    asked = JudgeSignIn(command.alias, "", command.domains)
    run = register.host.harness.executor.run
    seen: list[tuple[int, bool]] = []
    for days in (20, 20, 25, 12, 15):
        await register.later(days=days)
        if days != 15:
            assert await run(PORTAL, judge_sign_in, asked)
        seen.append((days, (await register.saml(receipt.id)).needs_new))
    assert seen == [(20, False), (20, True), (25, True), (12, True), (15, True)]
    with pytest.raises(ForeignDomain):
        await run(PORTAL, judge_sign_in, asked)
    assert (await register.saml(receipt.id)).over
    assert not register.host.sign_in.mirrored[-1].enabled
    assert await register.told(receipt.id, "ends_within_days") == ["60", "14", "0"]
    assert (await register.read(receipt.id)).provider.state == "ENABLED"
    again = replace(metadata, certificates=(text_of(lasting("ends", clock(), days=700)),))
    await register.renew(receipt.id, text=again.text().decode())
    await register.due()
    assert register.host.sign_in.mirrored[-1].enabled
    assert await run(PORTAL, judge_sign_in, asked)
    assert not (await register.saml(receipt.id)).needs_new


async def test_of_two_certificates_the_one_that_ended_counts_no_more(register: SamlRegister) -> None:
    clock = register.host.harness.clock
    texts = tuple(text_of(lasting(name, clock(), days=days)) for name, days in (("short", 2.5), ("long", 500)))
    await register.enabled(await register.by_text(register.metadata("drops", certificates=texts)))
    await register.later(days=2)
    told = register.host.sign_in.mirrored[-1]
    assert told.saml is not None
    assert len(told.saml.says.certificates) == 2
    await register.later(days=0.6)
    told = register.host.sign_in.mirrored[-1]
    assert told.saml is not None
    assert told.saml.says.certificates == texts[1:]

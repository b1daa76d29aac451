"""Providers of SAML in the register: by metadata in order, told to the sign-in service, seen to before it ends."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from rondetafel.audit.v1 import audit_pb2
from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, VersionChanged
from services.kit.identities import Revoked, identity_id
from services.kit.outbox import Receipt
from services.kit.principal import PLATFORM, system
from services.partner_directory.commands.provider.add_saml_provider import AddSamlProvider, add_saml_provider
from services.partner_directory.commands.provider.disable_provider import DisableProvider, disable_provider
from services.partner_directory.commands.provider.enable_provider import EnableProvider, enable_provider
from services.partner_directory.commands.provider.judge_sign_in import JudgeSignIn, judge_sign_in
from services.partner_directory.commands.provider.renew_metadata import RenewMetadata, renew_metadata
from services.partner_directory.errors import (
    AliasMalformed,
    AttributeMalformed,
    DomainMalformed,
    ForeignDomain,
    IssuerUnreachable,
    MetadataMissing,
    MetadataOfAnother,
    NotMetadata,
    OrganisationUnknown,
    ProviderExists,
    ProviderNotFound,
    ProviderNotSaml,
)
from services.partner_directory.model import LOOKED_AT_EVERY
from services.partner_directory.providing import AttributeNames, SamlSays
from services.partner_directory.queries.read_provider import MetadataView, ProviderView
from services.partner_directory.terms import TERMS
from tests.falling_due import run_due
from tests.partner_directory.providers import Register
from tests.partner_directory.town import Host, on_platform
from tests.saml import Metadata, fingerprint_of, lasting, right, text_of

LOOKS = {kind: TERMS[kind] for kind in ("provider", "provider_metadata")}
PORTAL = system("portal.service", PLATFORM)


@dataclass
class SamlRegister:
    """The register, with providers of SAML that stand at addresses of their own."""

    host: Host
    plain: Register = field(init=False)

    def __post_init__(self) -> None:
        self.plain = Register(self.host)

    def metadata(self, name: str = "", **changes: Any) -> Metadata:
        """Of a name of its own."""
        return right(name or f"partner-{uuid4().hex[:8]}", self.host.harness.clock(), **changes)

    def put(self, metadata: Metadata) -> str:
        """Where it stands from now on."""
        address = f"{metadata.entity_id}/metadata"
        self.host.sign_in.metadata[address] = metadata.text()
        return address

    async def command(self, of: Metadata | None = None, **changes: Any) -> AddSamlProvider:
        """One that is in order, by address."""
        of = of or self.metadata()
        alias = f"partner-{uuid4().hex[:8]}"
        values: dict[str, Any] = {
            "alias": alias, "name": "Partner", "metadata_url": self.put(of), "metadata": "",
            "kbo_numbers": (await self.host.organisation(),), "domains": f"{alias}.example", "email_attribute": "mail",
            "given_name_attribute": "givenName", "family_name_attribute": "urn:oid:2.5.4.4",
        }  # fmt: skip
        return AddSamlProvider(**values | changes)

    async def by_text(self, of: Metadata) -> AddSamlProvider:
        return await self.command(of, metadata_url="", metadata=of.text().decode())

    async def added(self, command: AddSamlProvider | None = None) -> Receipt:
        return await self.host.run(add_saml_provider, command or await self.command())

    async def due(self) -> None:
        await run_due(self.host.harness, LOOKS)

    async def later(self, **time: float) -> None:
        """So much later, when all that fell due was done."""
        self.host.harness.clock.advance(**time)
        await self.due()

    async def enabled(self, command: AddSamlProvider) -> Receipt:
        receipt = await self.added(command)
        await self.due()
        return await self.host.run(enable_provider, EnableProvider(receipt.id, receipt.version))

    async def read(self, provider_id: UUID) -> ProviderView:
        return await self.plain.read(provider_id)

    async def saml(self, provider_id: UUID) -> MetadataView:
        found = (await self.read(provider_id)).saml
        assert found is not None
        return found

    async def renew(self, provider_id: UUID, address: str = "", text: str = "") -> Receipt:
        version = (await self.read(provider_id)).provider.version
        return await self.host.run(renew_metadata, RenewMetadata(provider_id, address, text, version))

    async def told(self, provider_id: UUID, name: str) -> list[str]:
        """What the log says of it under this name, when its metadata was looked at, by turns."""
        rows = await self.host.harness.database.unwalled(
            "SELECT payload FROM outbox WHERE tenant_id = $1 AND stream = 'audit' ORDER BY producer_seq", PLATFORM
        )
        found = [audit_pb2.AuditRecord.FromString(row["payload"]) for row in rows]
        looks = [record.detail for record in found if record.action == "look_at_metadata"]
        own = [detail for detail in looks if detail["provider"] == str(provider_id)]
        return [detail[name] for detail in own if name in detail]


@pytest.fixture
def register(host: Host) -> SamlRegister:
    return SamlRegister(host)


async def test_by_address_and_by_text_it_is_added_disabled_and_mirrored_as_it_said(register: SamlRegister) -> None:
    for by_address in (True, False):
        metadata = register.metadata()
        command = await (register.command(metadata) if by_address else register.by_text(metadata))
        receipt = await register.added(command)
        view = await register.read(receipt.id)
        assert (view.provider.kind, view.provider.state, view.provider.mirrored) == ("saml", "DISABLED", False)
        assert (view.provider.issuer, view.may) == (metadata.entity_id, ("renew_metadata",))
        await register.due()
        told = register.host.sign_in.mirrored[-1]
        assert isinstance(told.says, SamlSays)
        assert (told.says.entity_id, told.says.certificates) == (metadata.entity_id, metadata.certificates)
        assert (told.alias, told.enabled, told.fresh, told.trusted_levels) == (command.alias, False, True, ())
        assert told.names == AttributeNames("mail", "givenName", "urn:oid:2.5.4.4")
        view = await register.read(receipt.id)
        assert view.may == ("enable_provider", "renew_metadata")
        assert view.saml is not None
        assert (view.saml.address, view.saml.wrong) == (command.metadata_url, "")
        (certificate,) = view.saml.certificates
        assert certificate.text == metadata.certificates[0]


@pytest.mark.parametrize(
    ("changes", "refusal", "field_name"),
    [
        ({"alias": "CAW"}, AliasMalformed, "alias"),
        ({"domains": "not a domain"}, DomainMalformed, "domains"),
        ({"kbo_numbers": ("0999999922",)}, OrganisationUnknown, "kbo_numbers"),
        ({"metadata_url": ""}, MetadataMissing, "metadata_url"),
        ({"metadata": "<both/>"}, MetadataMissing, "metadata_url"),
        ({"metadata_url": "https://nothing.example"}, IssuerUnreachable, "metadata_url"),
        ({"metadata_url": "", "metadata": "<html/>"}, NotMetadata, "metadata"),
        ({"email_attribute": "mail} ${NAMEID"}, AttributeMalformed, "email_attribute"),
        ({"given_name_attribute": "given name"}, AttributeMalformed, "given_name_attribute"),
        ({"family_name_attribute": "sn|lower"}, AttributeMalformed, "family_name_attribute"),
    ],
)
async def test_what_is_not_in_order_adds_nothing(
    register: SamlRegister, changes: dict[str, Any], refusal: type[Exception], field_name: str
) -> None:
    command = await register.command()
    with pytest.raises(refusal) as refused:
        await register.added(replace(command, **changes))
    assert getattr(refused.value, "field", "") == field_name
    assert await register.added(command)


async def test_an_entity_id_is_of_one_provider(register: SamlRegister) -> None:
    metadata = register.metadata()
    await register.added(await register.command(metadata))
    with pytest.raises(ProviderExists) as refused:
        await register.added(await register.by_text(metadata))
    assert refused.value.field == "metadata"


async def test_the_hosts_people_may_with_the_second_factor_and_nobody_else(register: SamlRegister) -> None:
    host = register.host
    _, coordinator = await host.town_with_coordinator()
    hilde, hugo, one = await host.appointed(), await host.appointed(), await register.added()
    acts: list[tuple[Any, Any]] = [
        (add_saml_provider, await register.command()), (renew_metadata, RenewMetadata(one.id, "", "", 1)),
    ]  # fmt: skip
    for handler, command in acts:
        for nobody in (on_platform(coordinator), coordinator):
            with pytest.raises((CellNotFound, RoleMissing)):
                await nobody.run(handler, command)
        hugo.acr = 1
        with pytest.raises(SecondFactorMissing):
            await hugo.run(handler, command)
        assert await hilde.run(handler, command)


async def test_the_host_gives_new_metadata_and_the_sign_in_service_is_told(register: SamlRegister) -> None:
    metadata = register.metadata("renews")
    receipt = await register.enabled(await register.by_text(metadata))
    newer = lasting("newer", register.host.harness.clock())
    both = replace(metadata, certificates=(*metadata.certificates, text_of(newer)))
    made = await register.renew(receipt.id, text=both.text().decode())
    assert made == Receipt(receipt.id, "ENABLED", receipt.version + 1)
    await register.due()
    told = register.host.sign_in.mirrored[-1]
    assert isinstance(told.says, SamlSays)
    assert (set(told.says.certificates), told.enabled, told.fresh) == (set(both.certificates), True, True)
    address = register.put(replace(both, certificates=(text_of(newer),)))
    await register.renew(receipt.id, address=address)
    assert (await register.saml(receipt.id)).address == address
    register.put(both)
    await register.renew(receipt.id)
    assert len((await register.saml(receipt.id)).certificates) == 2


async def test_what_is_no_metadata_of_it_renews_nothing(register: SamlRegister) -> None:
    metadata = register.metadata("stays")
    receipt = await register.added(await register.by_text(metadata))
    plain = await register.plain.added()
    before = await register.saml(receipt.id)
    wrong: list[tuple[UUID, str, str, int, type[Exception]]] = [
        (receipt.id, "", register.metadata("other").text().decode(), 1, MetadataOfAnother),
        (receipt.id, "", "<html/>", 1, NotMetadata),
        (receipt.id, "", "", 1, MetadataMissing),
        (receipt.id, "https://nothing.example", "", 1, IssuerUnreachable),
        (receipt.id, "https://nothing.example", metadata.text().decode(), 1, MetadataMissing),
        (receipt.id, "", metadata.text().decode(), 7, VersionChanged),
        (plain.id, "", metadata.text().decode(), 1, ProviderNotSaml),
        (uuid4(), "", metadata.text().decode(), 1, ProviderNotFound),
    ]
    for provider_id, address, text, version, refusal in wrong:
        with pytest.raises(refusal):
            await register.host.run(renew_metadata, RenewMetadata(provider_id, address, text, version))
    assert await register.saml(receipt.id) == before
    assert await register.renew(receipt.id, text=metadata.text().decode())


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
        assert isinstance(mirror.says, SamlSays)
        assert set(mirror.says.certificates) == set(certificates)
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
    assert isinstance(told.says, SamlSays)
    assert len(told.says.certificates) == 2
    await register.later(days=0.6)
    told = register.host.sign_in.mirrored[-1]
    assert isinstance(told.says, SamlSays)
    assert told.says.certificates == texts[1:]


async def test_invariant_15_the_address_is_judged_by_what_it_calls_the_person_and_disabling_refuses_all(
    register: SamlRegister,
) -> None:
    host, command = register.host, await register.command()
    receipt = await register.enabled(command)
    run = host.harness.executor.run
    assert await run(PORTAL, judge_sign_in, JudgeSignIn(command.alias, "elsewhere.example", command.domains))
    for named in ("elsewhere.example", ""):
        with pytest.raises(ForeignDomain):
            await run(PORTAL, judge_sign_in, JudgeSignIn(command.alias, command.domains, named))
    plain = await register.plain.command()
    await register.plain.enabled(plain)
    with pytest.raises(ForeignDomain):
        await run(PORTAL, judge_sign_in, JudgeSignIn(plain.alias, "", plain.domains))
    await host.run(disable_provider, DisableProvider(receipt.id, receipt.version))
    with pytest.raises(ForeignDomain):
        await run(PORTAL, judge_sign_in, JudgeSignIn(command.alias, "", command.domains))
    assert identity_id("", Revoked.PROVIDER, command.alias)
    assert timedelta(days=1) == LOOKED_AT_EVERY

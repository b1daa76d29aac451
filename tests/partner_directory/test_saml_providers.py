"""Providers of SAML in the register: by metadata in order, told to the sign-in service, seen to before it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.kit.errors import CellNotFound, RoleMissing, SecondFactorMissing, VersionChanged
from services.kit.identities import Revoked, identity_id
from services.kit.outbox import Receipt
from services.partner_directory.commands.provider.add_saml_provider import add_saml_provider
from services.partner_directory.commands.provider.disable_provider import DisableProvider, disable_provider
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
from services.partner_directory.providing import AttributeNames
from services.partner_directory.queries.list_providers import ListProviders, list_providers
from tests.partner_directory.saml_register import PORTAL, SamlRegister
from tests.partner_directory.town import Host, on_platform
from tests.saml import lasting, text_of


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
        assert told.saml is not None
        assert (told.saml.says.entity_id, told.saml.says.certificates) == (metadata.entity_id, metadata.certificates)
        assert (told.alias, told.enabled, told.fresh, told.trusted_levels) == (command.alias, False, True, ())
        assert told.saml.names == AttributeNames("mail", "givenName", "urn:oid:2.5.4.4")
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


async def test_the_list_has_both_kinds(register: SamlRegister) -> None:
    made = [(await register.added()).id, (await register.plain.added()).id]
    found = await register.host.run(list_providers, ListProviders(2, None))
    assert [view.provider.provider_id for view in found.providers] == made[::-1]
    assert [view.saml is None for view in found.providers] == [True, False]


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
    assert told.saml is not None
    assert (set(told.saml.says.certificates), told.enabled, told.fresh) == (set(both.certificates), True, True)
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

"""The operations of provider. Made by `make proto` from proto/rondetafel/partner_directory/v1."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.api import answers
from services.portal.api.generated.models import partner_directory as models
from services.portal.api.operations import IfMatch, Key, change, creation, listing, reading
from services.portal.api.schema import Nothing, Page
from services.portal.backends.calls import SignedIn

router = APIRouter(prefix=answers.ROOT, tags=["partner directory"])


@router.post("/providers", **creation("add_provider", "Add an organisation's own way to sign in"))
async def add_provider(body: models.AddProvider, key: Key, caller: SignedIn) -> Response:
    """The host: an OpenID Connect provider, by the address of its issuer, which is read now. It begins disabled.
    Nothing of it is ever deleted."""
    asked = body.message(pb.AddProviderRequest)
    receipt = await caller.ask(caller.services.provider.AddProvider, asked, PLATFORM, key)
    return answers.created(receipt, f"{answers.ROOT}/providers/{receipt.id}")


@router.post("/providers/saml", **creation("add_saml_provider", "Add an organisation's own way to sign in, by SAML"))
async def add_saml_provider(body: models.AddSamlProvider, key: Key, caller: SignedIn) -> Response:
    """The host: a provider that speaks SAML 2.0, by its metadata, which is judged now. It begins disabled. People take
    the second factor here."""
    asked = body.message(pb.AddSamlProviderRequest)
    receipt = await caller.ask(caller.services.provider.AddSamlProvider, asked, PLATFORM, key)
    return answers.created(receipt, f"{answers.ROOT}/providers/{receipt.id}")


@router.post(
    "/providers/{provider}/metadata",
    **change("renew_metadata", "Give new metadata of a provider, or have it read again"),
)
async def renew_metadata(
    provider: UUID, body: models.RenewMetadata, key: Key, if_match: IfMatch, caller: SignedIn
) -> Response:
    """The host: new metadata of a provider that speaks SAML, or the same read again at once. What is wrong changes
    nothing."""
    asked = body.message(
        pb.RenewMetadataRequest, provider_id=str(provider), expected_version=answers.version_of(if_match)
    )
    receipt = await caller.ask(caller.services.provider.RenewMetadata, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.post("/providers/{provider}/enable", **change("enable_provider", "Let people sign in by a provider"))
async def enable_provider(
    provider: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The host: its people sign in there from now on. Not before the sign-in service mirrors it as it is."""
    asked = pb.EnableProviderRequest(provider_id=str(provider), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.provider.EnableProvider, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.post("/providers/{provider}/disable", **change("disable_provider", "Shut a provider out at once"))
async def disable_provider(
    provider: UUID, key: Key, if_match: IfMatch, caller: SignedIn, body: Nothing | None = None
) -> Response:
    """The host: nobody signs in there, and whoever did is out within one second, open pages included."""
    asked = pb.DisableProviderRequest(provider_id=str(provider), expected_version=answers.version_of(if_match))
    receipt = await caller.ask(caller.services.provider.DisableProvider, asked, PLATFORM, key)
    return answers.changed(receipt)


@router.get(
    "/providers", **listing("list_providers", "The providers by which people of partners sign in", models.Providers)
)
async def list_providers(page: Annotated[Page, Query()], caller: SignedIn, request: Request) -> Response:
    """For the host: one page of them, the newest first."""
    asked = page.message(pb.ListProvidersRequest)
    found = await caller.ask(caller.services.provider.ListProviders, asked, PLATFORM)
    return answers.page(models.Providers.model_validate(found), found.next_cursor, request)


@router.get(
    "/providers/{provider}",
    **reading("read_provider", "A provider, and how far the sign-in service is", models.Provider),
)
async def read_provider(provider: UUID, caller: SignedIn) -> Response:
    """For the host: one of them, and how far the sign-in service is."""
    asked = pb.ReadProviderRequest(provider_id=str(provider))
    found = await caller.ask(caller.services.provider.ReadProvider, asked, PLATFORM)
    return answers.one(models.Provider.model_validate(found), found.version)

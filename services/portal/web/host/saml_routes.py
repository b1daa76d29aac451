"""Providers that speak SAML: the host adds one by its metadata, and gives new metadata of it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound
from services.kit.principal import PLATFORM
from services.portal.web.host.provider_routes import PROVIDERS, read_provider
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _

router = APIRouter(include_in_schema=False)

MOST_BYTES, MOST_SENT = 256 * 1024, 10 * 1024 * 1024
ATTRIBUTES = {
    "email_attribute": "urn:oid:0.9.2342.19200300.100.1.3", "given_name_attribute": "urn:oid:2.5.4.42",
    "family_name_attribute": "urn:oid:2.5.4.4",
}  # fmt: skip
"""What federations of research and education call them; others have names of their own."""


@router.get(f"{PROVIDERS}/saml")
async def saml_form(viewer: SignedIn) -> Response:
    """The form for a new one."""
    form = await viewer.form_with_draft(many=True)
    for name, usual in ATTRIBUTES.items():
        form.fields.setdefault(name, [usual])
    return await _adding(viewer, form)


@router.post(f"{PROVIDERS}/saml")
async def add_saml_provider(sender: Posted) -> Response:
    """A new one; it begins disabled."""
    form, room, write = sender.sent, pb.AddSamlProviderRequest, _("Fill this in.")
    texts = {name: form.text(name, room, missing=write) for name in ("alias", "name", "domains", *ATTRIBUTES)}
    numbers = form.text("kbo_numbers", 300, missing=_("Write the enterprise number of at least one organisation."))
    address, text = _metadata(form, needed=True)
    asked = room(
        **texts, metadata_url=address, metadata=text, kbo_numbers=numbers.replace(",", " ").split()
    )  # fmt: skip
    done = await submit(
        sender, sender.services.provider.AddSamlProvider, asked, PLATFORM,
        lambda made: f"{PROVIDERS}/{made.id}?made=1",
    )  # fmt: skip
    return done or await _adding(sender, form, 422)


@router.get(f"{PROVIDERS}/{{provider}}/metadata")
async def metadata_form(viewer: SignedIn, provider: UUID) -> Response:
    """The form for new metadata."""
    return _renewing(viewer, await _found(viewer, provider), await viewer.form_with_draft())


@router.post(f"{PROVIDERS}/{{provider}}/metadata")
async def renew_metadata(sender: Posted, provider: UUID) -> Response:
    """New metadata, or the same read again."""
    found, form = await _found(sender, provider), sender.sent
    address, text = _metadata(form, needed=not found.saml.address)
    asked = pb.RenewMetadataRequest(
        provider_id=str(provider), metadata_url=address, metadata=text, expected_version=form.version
    )
    done = await submit(
        sender, sender.services.provider.RenewMetadata, asked, PLATFORM,
        lambda _: f"{PROVIDERS}/{provider}?renewed=1",
    )  # fmt: skip
    return done or _renewing(sender, found, form, 422)


def _metadata(form: Form, *, needed: bool) -> tuple[str, str]:
    """Its address, or its text out of a file."""
    address = form.text("metadata_url", pb.AddSamlProviderRequest)
    content = form.file("metadata", MOST_SENT)
    if needed and not address and not content:
        form.fail("metadata_url", _("Write the address of the metadata, or choose its file."))
    if len(content) > MOST_BYTES:
        form.fail("metadata", _("This file is too large. Ask for the metadata of this one provider."))
    return address, content[:MOST_BYTES].decode("utf-8", "replace")


async def _adding(viewer: Viewer, form: Form, status: int = 200) -> Response:
    viewer.host = True
    mine = await viewer.ask(viewer.services.cell.ListMyCells, pb.ListMyCellsRequest(), PLATFORM)
    if "add_saml_provider" not in mine.may:
        raise NotFound
    return viewer.page("host/saml_provider.html", status, tab="providers", form=form, draft_form="form")


async def _found(viewer: Viewer, provider: UUID) -> pb.Provider:
    found = await read_provider(viewer, provider)
    if "renew_metadata" not in found.may:
        raise NotFound
    return found


def _renewing(viewer: Viewer, found: pb.Provider, form: Form, status: int = 200) -> Response:
    form.faces(found.version)
    return viewer.page("host/metadata.html", status, tab="providers", form=form, draft_form="form", provider=found)

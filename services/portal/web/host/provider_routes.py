"""The host keeps the register of providers: where people of partner organisations sign in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.principal import PLATFORM
from services.portal.web.host.provider_words import ENABLED, facts_of, row_of, switched_answers, tasks_of, warnings_of
from services.portal.web.request.checked import answers_page, changes, checked
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _

router = APIRouter(include_in_schema=False)

PROVIDERS = "/host/providers"
SECRET = "client_secret"  # noqa: S105 (the name of a field)


@router.get(PROVIDERS)
async def providers(viewer: SignedIn) -> Response:
    """All of them, and the form for a new one."""
    return await _listed(viewer, await viewer.form_with_draft(many=True))


@router.post(PROVIDERS)
async def add_provider(sender: Posted) -> Response:
    """A new one; it begins disabled."""
    form, room, write = sender.sent, pb.AddProviderRequest, _("Fill this in.")
    needed = ("alias", "name", "issuer", "client_id", "domains")
    texts = {name: form.text(name, room, missing=write) for name in needed}
    rest = {name: form.text(name, room) for name in (SECRET, "trusted_levels")}
    numbers = form.text("kbo_numbers", 300, missing=_("Write the enterprise number of at least one organisation."))
    asked = room(**texts | rest, kbo_numbers=numbers.replace(",", " ").split())
    done = await submit(
        sender, sender.services.provider.AddProvider, asked, PLATFORM, lambda made: f"{PROVIDERS}/{made.id}?made=1"
    )  # fmt: skip
    return done or await _listed(sender, form, 422)


@router.get(f"{PROVIDERS}/{{provider}}")
async def one_provider(viewer: SignedIn, provider: UUID) -> Response:
    """What it is, how far it is, and enabling or disabling it."""
    return _shown(viewer, await read_provider(viewer, provider), viewer.form())


@router.post(f"{PROVIDERS}/{{provider}}")
async def switch_provider(sender: Posted, provider: UUID) -> Response:
    """Enable or disable it, once it was read what comes of it."""
    found, form = await read_provider(sender, provider), sender.sent
    if changes(form):
        return sender.go(f"{PROVIDERS}/{provider}")
    disables, stub = found.state == ENABLED, sender.services.provider
    values: dict[str, Any] = {"provider_id": str(provider), "expected_version": form.version}
    method: Any = stub.DisableProvider if disables else stub.EnableProvider
    asked = pb.DisableProviderRequest(**values) if disables else pb.EnableProviderRequest(**values)
    answers = switched_answers(found, sender.language, disables=disables)
    done = await checked(
        sender, method, asked, PLATFORM, lambda _: f"{PROVIDERS}/{provider}", version=found.version,
        between=lambda: answers_page(sender, form, answers, kept=False, tab="providers"),
    )  # fmt: skip
    return done or _shown(sender, found, form, 422)


async def read_provider(viewer: Viewer, provider: UUID) -> pb.Provider:
    """It, as the host sees it."""
    viewer.host = True
    asked = pb.ReadProviderRequest(provider_id=str(provider))
    return await viewer.ask(viewer.services.provider.ReadProvider, asked, PLATFORM)


async def _listed(viewer: Viewer, form: Form, status: int = 200) -> Response:
    viewer.host = True
    asked = pb.ListProvidersRequest(page_size=50, cursor=viewer.request.query_params.get("cursor", ""))
    found = await viewer.ask(viewer.services.provider.ListProviders, asked, PLATFORM)
    # A secret is typed once: no page shows it again.
    form.fields.pop(SECRET, None)
    return viewer.page(
        "host/providers.html", status, tab="providers", form=form, draft_form="form", more=found.next_cursor,
        rows=[row_of(provider, viewer.language) for provider in found.providers],
    )  # fmt: skip


def _shown(viewer: Viewer, found: pb.Provider, form: Form, status: int = 200) -> Response:
    form.faces(found.version)
    return viewer.page(
        "host/provider.html", status, tab="providers", form=form, provider=found,
        facts=facts_of(found, viewer.language), tasks=tasks_of(found, viewer.language),
        there=_there(viewer, found), made=viewer.request.query_params.get("made") == "1",
        renewed=viewer.request.query_params.get("renewed") == "1", may_renew="renew_metadata" in found.may,
        warnings=warnings_of(found, viewer.language), may_enable="enable_provider" in found.may,
        may_disable="disable_provider" in found.may,
    )  # fmt: skip


def _there(viewer: Viewer, found: pb.Provider) -> list[tuple[str, str]]:
    """What the partner fills in at their side."""
    say, issuer = viewer.language.text, viewer.web.issuer
    if found.HasField("saml"):
        return [
            (say(_("Our metadata, to be read in")), f"{issuer}/broker/{found.alias}/endpoint/descriptor"),
            (say(_("What we are called there (entity ID)")), issuer),
            (say(_("Address of return (assertion consumer service)")), f"{issuer}/broker/{found.alias}/endpoint"),
        ]
    told = [(say(_("Address of return (redirect URI)")), f"{issuer}/broker/{found.alias}/endpoint")]
    if not found.by_secret:
        told.append((say(_("Our public keys (JWKS)")), f"{issuer}/protocol/openid-connect/certs"))
    return told

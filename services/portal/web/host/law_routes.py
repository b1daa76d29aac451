"""The host keeps the register of legal bases: a new version, a last day; each is read once more before it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound
from services.kit.principal import PLATFORM
from services.portal.web.host.law_words import added_answers, ended_answers
from services.portal.web.request.checked import answers_page, between_again, changes, checked
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import KINDS, LEGAL_PURPOSES, REGIONS, Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.law import law_title
from services.portal.web.ui.register import register_of

router = APIRouter(include_in_schema=False)

LAW = "/host/law"
Versions = Sequence[pb.LegalBasisVersion]


@router.get(LAW)
async def register(viewer: SignedIn) -> Response:
    """The whole register, what rests on it, and the form for a new version."""
    versions = await _versions(viewer)
    form = await viewer.form_with_draft(many=True)
    again = between_again(viewer, form, 0, lambda: _added_in(viewer, versions, form)[1])
    return again or _shown(viewer, versions, form)


@router.post(LAW)
async def add_legal_basis(sender: Posted) -> Response:
    """A new legal basis, or a new version of one."""
    versions, form = await _versions(sender), sender.sent
    if changes(form):
        return _shown(sender, versions, form)
    asked, between = _added_in(sender, versions, form)
    add = sender.services.law.AddLegalBasis
    done = await checked(sender, add, asked, PLATFORM, lambda _: f"{LAW}?made=1", between=between)
    return done or _shown(sender, versions, form, 422)


@router.get(f"{LAW}/{{legal_basis}}/end")
async def ending(viewer: SignedIn, legal_basis: UUID) -> Response:
    """Which day it is in force last."""
    version = _that(await _versions(viewer), legal_basis)
    form = await viewer.form_with_draft()
    again = between_again(viewer, form, version.version, lambda: _ended_in(viewer, version, form)[1])
    return again or _end_shown(viewer, version, form)


@router.post(f"{LAW}/{{legal_basis}}/end")
async def end_legal_basis(sender: Posted, legal_basis: UUID) -> Response:
    """Give it that day."""
    version, form = _that(await _versions(sender), legal_basis), sender.sent
    if changes(form):
        return _end_shown(sender, version, form)
    asked, between = _ended_in(sender, version, form)
    done = await checked(
        sender, sender.services.law.EndLegalBasis, asked, PLATFORM, lambda _: f"{LAW}?made=1", between=between,
        version=version.version,
    )  # fmt: skip
    return done or _end_shown(sender, version, form, 422)


async def _versions(viewer: Viewer) -> Versions:
    """The register, for who keeps it. Raises NotFound for everybody else."""
    viewer.host = True
    mine, found = await together(
        viewer.ask(viewer.services.cell.ListMyCells, pb.ListMyCellsRequest(), PLATFORM),
        viewer.ask(viewer.services.law.ListLegalBases, pb.ListLegalBasesRequest(), PLATFORM),
    )
    if "add_legal_basis" not in mine.may:
        raise NotFound
    return found.legal_bases


def _that(versions: Versions, legal_basis: UUID) -> pb.LegalBasisVersion:
    found = next((version for version in versions if version.legal_basis_id == str(legal_basis)), None)
    if found is None:
        raise NotFound
    return found


def _added_in(viewer: Viewer, versions: Versions, form: Form) -> tuple[pb.AddLegalBasisRequest, Callable[[], Response]]:
    """What the form asks of the service, and how it is shown before it is done."""
    room, write = pb.AddLegalBasisRequest, _("Fill this in.")
    needed = ("title_nl", "title_fr", "name_nl", "name_fr", "source")
    texts = {name: form.text(name, room, missing=write if name in needed else "") for name in TEXTS}
    days = {"from": form.iso_day("from", missing=_("Write the first day.")), "to": form.iso_day("to")}
    asked = room(
        **days | texts, code=form.text("code", room, missing=write),
        replaces=form.choice("replaces", _codes(versions)),
        allows=form.choices("allows", LEGAL_PURPOSES, missing=_("Tick at least one.")),
        partner_kinds=form.choices("partner_kinds", KINDS), regions=form.choices("regions", REGIONS),
    )  # fmt: skip
    return asked, lambda: answers_page(viewer, form, added_answers(asked, versions, viewer.language), tab="law")


TEXTS = (*(f"{kind}_{language}" for kind in ("title", "name") for language in ("nl", "fr", "de", "en")), "source")


def _ended_in(
    viewer: Viewer, version: pb.LegalBasisVersion, form: Form
) -> tuple[pb.EndLegalBasisRequest, Callable[[], Response]]:
    last_day = form.iso_day("last_day", missing=_("Write the last day."))
    asked = pb.EndLegalBasisRequest(
        legal_basis_id=version.legal_basis_id, expected_version=form.version, last_day=last_day
    )
    return asked, lambda: answers_page(viewer, form, ended_answers(asked, version, viewer.language), tab="law")


def _codes(versions: Versions) -> list[str]:
    """Those that something can take the place of, each once."""
    return list(dict.fromkeys(version.code for version in versions))


def _shown(viewer: Viewer, versions: Versions, form: Form, status: int = 200) -> Response:
    labels, today = Labels(viewer.language), viewer.today.isoformat()
    going_on = [version for version in versions if not version.to or version.to >= today]
    titles = {version.code: f"{law_title(version, viewer.language)} ({version.code})" for version in going_on[::-1]}
    return viewer.page(
        "host/law.html", status, tab="law", form=form, draft_form="form", codes=list(titles.items()),
        register=register_of(versions, viewer.language, viewer.today), kinds=list(labels.all("kind").items()),
        purposes=list(labels.all("legal_purpose").items()), regions=list(labels.all("region").items()),
        made=viewer.request.query_params.get("made") == "1",
    )  # fmt: skip


def _end_shown(viewer: Viewer, version: pb.LegalBasisVersion, form: Form, status: int = 200) -> Response:
    form.faces(version.version)
    if version.to and not form.value("last_day-year"):
        day = date.fromisoformat(version.to)
        form.fields |= {f"last_day-{part}": [str(getattr(day, part))] for part in ("day", "month", "year")}
    return viewer.page(
        "host/law_end.html", status, tab="law", form=form, draft_form="form", title=law_title(version, viewer.language)
    )

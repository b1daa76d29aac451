"""The coordinator writes rules and puts them before the mayor."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.request.access import seated
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.rules.view import KINDS, WRITTEN_IN, capital
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

MODELS = Path(__file__).with_name("models.json")


@cache
def models() -> dict[str, dict[str, str]]:
    """A text of the platform to begin from, by kind and language. It names no law (decision 61)."""
    found: dict[str, dict[str, str]] = json.loads(MODELS.read_text(encoding="utf-8"))
    return found


@router.get("/cells/{cell}/rules/new/{kind}")
async def rules_form(viewer: SignedIn, cell: UUID, kind: str) -> Response:
    """The form, filled with the newest text of this kind or with the model."""
    table, newest = await to_draft(viewer, cell, kind)
    form = await viewer.form_with_draft()
    if not form.kept:
        form.fields |= await _beginning(viewer, cell, kind, newest)
    return _writing(viewer, table, kind, newest, form)


@router.post("/cells/{cell}/rules/new/{kind}")
async def draft_rules(sender: Posted, cell: UUID, kind: str) -> Response:
    """Put it before the mayor."""
    table, newest = await to_draft(sender, cell, kind)
    form = sender.sent
    asked = pb.DraftRulesRequest(
        kind=kind, follows=form.value("follows"),
        **{f"text_{code}": form.text(f"text_{code}", pb.DraftRulesRequest) for code in WRITTEN_IN},
    )  # fmt: skip
    if not (asked.text_nl or asked.text_fr or asked.text_de):
        form.fail("text_nl", _("Write the text in at least one language."))
    done = await submit(
        sender, sender.services.rules.DraftRules, asked, cell, lambda made: f"{table.address}/rules/{made.id}?done=1"
    )
    return done or _writing(sender, table, kind, newest, form, 422)


async def to_draft(viewer: Viewer, cell: UUID, kind: str) -> tuple[TableView, str]:
    """The table, and the newest version of this kind; empty without one. Raises NotFound for who may not."""
    if kind not in KINDS:
        raise NotFound
    table = await seated(viewer, cell, "draft_rules")
    asked = pb.ListRulesRequest(page_size=1, kind=kind)
    listed = await viewer.ask(viewer.services.rules.ListRules, asked, cell)
    return table, next((version.rules_id for version in listed.rules), "")


async def _beginning(viewer: Viewer, cell: UUID, kind: str, newest: str) -> dict[str, list[str]]:
    if viewer.request.query_params.get("model") == "1":
        return {f"text_{code}": [text] for code, text in models()[kind].items()}
    if not newest:
        return {}
    found = await viewer.ask(viewer.services.rules.ReadRules, pb.ReadRulesRequest(rules_id=newest), cell)
    return {f"text_{code}": [getattr(found, f"text_{code}")] for code in WRITTEN_IN}


def _writing(viewer: Viewer, table: TableView, kind: str, newest: str, form: Form, status: int = 200) -> Response:
    return viewer.page(
        "rules/draft.html", status, table=table, tab="tables", form=form, draft_form="form", kind=kind, newest=newest,
        title=capital(Labels(viewer.language).of("rules_kind", kind)),
        here=f"{table.address}/rules/new/{kind}", written_in=_own_first(viewer.language.code),
    )  # fmt: skip


def _own_first(code: str) -> list[str]:
    """The languages of the text, that of the writer first."""
    return sorted(WRITTEN_IN, key=lambda other: other != code)

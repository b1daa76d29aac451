"""The rules of a cell: all of them, one to read with what changed, and accepting it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.portal.web.request.access import seated
from services.portal.web.request.submit import submit
from services.portal.web.request.together import together
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.request.whole import whole
from services.portal.web.rules.view import (
    accepted_by,
    dated,
    organisation_names,
    outstanding,
    same_language,
    shelves,
    standing,
    text_in,
)
from services.portal.web.ui.forms import Form
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.order import name_key
from services.portal.web.ui.table import TableView
from services.portal.web.ui.written import blocks_of, changes, grouped

router = APIRouter(include_in_schema=False)


@router.get("/cells/{cell}/rules")
async def rules_page(viewer: SignedIn, cell: UUID) -> Response:
    """Every version of each kind."""
    table = await seated(viewer, cell, "list_rules")
    asked = viewer.services.rules.ListRules
    found = await whole(viewer, asked, pb.ListRulesRequest(), cell, lambda page: page.rules)
    return viewer.page(
        "rules/list.html", table=table, tab="tables", shelves=shelves(found.entries, table, viewer.language),
        drafts=table.may("draft_rules"), cut=len(found.entries) if found.cut else 0,
        done=viewer.request.query_params.get("done") == "1",
    )  # fmt: skip


@router.get("/cells/{cell}/rules/{rules}")
async def rules_text(viewer: SignedIn, cell: UUID, rules: UUID) -> Response:
    """One version: its text, what changed, who has accepted it."""
    table, found = await read_rules(viewer, cell, rules)
    return _shown(viewer, table, found, viewer.form())


@router.post("/cells/{cell}/rules/{rules}")
async def accept_rules(sender: Posted, cell: UUID, rules: UUID) -> Response:
    """Accept it, for oneself or for the organisations represented."""
    form = sender.sent
    form.ticked("accept", missing=_("Tick that you accept this."))
    asked = pb.AcceptRulesRequest(rules_id=str(rules), expected_version=form.version)
    onward = f"/cells/{cell}/rules/{rules}?done=1"
    done = await submit(sender, sender.services.rules.AcceptRules, asked, cell, lambda _: onward, drafted=False)
    if done:
        return done
    table, found = await read_rules(sender, cell, rules)
    return _shown(sender, table, found, form, 422)


async def read_rules(viewer: Viewer, cell: UUID, rules: UUID) -> tuple[TableView, pb.RulesText]:
    """The table and one version, for who may read it. Raises NotFound, Refused."""
    asked = pb.ReadRulesRequest(rules_id=str(rules))
    return await together(
        seated(viewer, cell, "list_rules"), viewer.ask(viewer.services.rules.ReadRules, asked, cell)
    )  # fmt: skip


def _shown(viewer: Viewer, table: TableView, found: pb.RulesText, form: Form, status: int = 200) -> Response:
    form.faces(found.version)
    text, code = text_in(found, viewer.language)
    before = same_language(found.earlier, code)
    # A PDF is compared with nothing, and nothing with a PDF.
    changed = changes(before, text) if before and text else []
    return viewer.page(
        "rules/text.html", status, table=table, tab="tables", form=form, found=found, rules=found.rules,
        dated=dated(found.rules, viewer.language), standing=standing(found.rules, viewer.language),
        text=list(grouped(blocks_of(text))), lang="" if code == viewer.language.code else code,
        changed=changed, unchanged=bool(changed) and all(change.mark == "same" for change in changed),
        accepted=accepted_by(found, table), outstanding=outstanding(found, table),
        sees_all=found.everybody, mine=_mine(found, table),
        done=viewer.request.query_params.get("done") == "1",
        reminded_at=from_timestamp(found.rules.reminded_at) if found.rules.HasField("reminded_at") else None,
        decided_at=from_timestamp(found.rules.decided_at) if found.rules.HasField("decided_at") else None,
    )  # fmt: skip


def _mine(found: pb.RulesText, table: TableView) -> list[str]:
    """For which organisations who looks would accept a protocol."""
    names = organisation_names(table)
    own = {mandate.organisation_id for mandate in table.my_mandates}
    return sorted((names[party] for party in found.outstanding if party in own), key=name_key)

"""The mayor decides on rules: from which day on, or back to the coordinator with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.errors import NotFound
from services.portal.web.request.checked import answers_page, between_again, changes, checked
from services.portal.web.request.viewer import Posted, SignedIn, Viewer
from services.portal.web.rules.routes import read_rules
from services.portal.web.rules.view import capital
from services.portal.web.ui.answers import Answer, Answers
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView

router = APIRouter(include_in_schema=False)

WAYS = ("in_force", "send_back")
DECIDED: Mapping[str, str] = {"in_force": _("It will be in force"), "send_back": _("Back to the coordinator")}


@router.get("/cells/{cell}/rules/{rules}/decide")
async def deciding(viewer: SignedIn, cell: UUID, rules: UUID) -> Response:
    """The two ways to answer."""
    table, found = await _to_decide(viewer, cell, rules)
    form = await viewer.form_with_draft()
    again = between_again(viewer, form, found.version, lambda: _read(viewer, table, found, form)[1])
    return again or _shown(viewer, table, found, form)


@router.post("/cells/{cell}/rules/{rules}/decide")
async def decide_rules(sender: Posted, cell: UUID, rules: UUID) -> Response:
    """Decide, read once more before it is done."""
    table, found = await _to_decide(sender, cell, rules)
    form = sender.sent
    if changes(form):
        return _shown(sender, table, found, form)
    asked, between = _read(sender, table, found, form)
    onward = f"{table.address}/rules/{rules}?done=1"
    done = await checked(
        sender, sender.services.rules.DecideRules, asked, cell, lambda _: onward, between=between,
        version=found.version,
    )  # fmt: skip
    return done or _shown(sender, table, found, form, 422)


async def _to_decide(viewer: Viewer, cell: UUID, rules: UUID) -> tuple[TableView, pb.RulesText]:
    table, found = await read_rules(viewer, cell, rules)
    if "decide_rules" not in found.rules.may:
        raise NotFound
    return table, found


def _read(
    viewer: Viewer, table: TableView, found: pb.RulesText, form: Form
) -> tuple[pb.DecideRulesRequest, Callable[[], Response]]:
    way = form.choice("way", WAYS, missing=_("Choose what you decide."))
    asked = pb.DecideRulesRequest(rules_id=found.rules.rules_id, expected_version=form.version)
    if way == "send_back":
        asked.reason = form.text("reason", pb.DecideRulesRequest, missing=_("Write why you send it back."))
    else:
        setattr(asked, "from", form.iso_day("from", missing=_("Write the first day.") if way else ""))
    return asked, lambda: _between(viewer, table, asked, form, way)


def _between(viewer: Viewer, table: TableView, asked: pb.DecideRulesRequest, form: Form, way: str) -> Response:
    language, say = viewer.language, viewer.language.text
    said = [Answer(say(_("What do you decide?")), say(DECIDED[way]), "way")]
    if way == "send_back":
        said.append(Answer(say(_("Why?")), asked.reason, "reason"))
    else:
        first = language.day(date.fromisoformat(getattr(asked, "from")))
        said.append(Answer(say(_("First day")), first, "from"))
    back = (f"{table.address}/rules/{asked.rules_id}", say(_("Do not decide yet")))
    answers = Answers(say(_("Is this what you decide?")), said, say(_("Decide")), back)
    return answers_page(viewer, form, answers, table=table, tab="tables")


def _shown(viewer: Viewer, table: TableView, found: pb.RulesText, form: Form, status: int = 200) -> Response:
    form.faces(found.version)
    return viewer.page(
        "rules/decide.html", status, table=table, tab="tables", form=form, draft_form="form", rules=found.rules,
        title=capital(Labels(viewer.language).of("rules_kind", found.rules.kind)), decided=DECIDED,
        here=f"{table.address}/rules/{found.rules.rules_id}",
    )  # fmt: skip

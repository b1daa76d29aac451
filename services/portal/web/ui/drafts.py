"""Forms as they were left: which draft is shown, and what else was typed or saved, told beside it field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from services.portal.model import DraftRef, Fields
from services.portal.queries.find_drafts import DraftView
from services.portal.web.ui.forms import Beside, Form
from services.portal.web.ui.language import Language

NEW = "new"
"""Asked for in place of a draft: an empty form, whatever was kept."""


def left(language: Language, found: Iterable[DraftView], asked: str, *, many: bool) -> Form:
    """The form with the draft that is asked for, else the newest; the others beside it.

    Where a form makes `many` things, texts of another opening are another thing: they are named only.
    """
    drafts = list(found)
    shown = next((draft for draft in drafts if str(draft.ref.draft_id) == asked), None)
    if shown is None and drafts and asked != NEW:
        shown = drafts[0]
    form = Form(language, shown.fields if shown else None)
    form.kept = shown
    rest = [draft for draft in drafts if draft is not shown]
    rivals = [draft for draft in rest if not many or (shown and draft.opened == shown.opened)]
    form.others = [draft for draft in rest if draft not in rivals]
    if shown:
        form.fields["key"] = [str(shown.opened)]
    beside(form, shown.ref if shown else None, rivals)
    return form


def beside(form: Form, own: DraftRef | None, rivals: Iterable[DraftView]) -> None:
    """From now on the form is of the draft `own`, and its page has shown the rivals; those that say the same too."""
    rivals = list(rivals)
    form.fields["draft"] = [" ".join([str(own) if own else "-", *(str(draft.ref) for draft in rivals)])]
    form.beside = [
        Beside(draft.fields, draft.saved_at, draft.device, str(draft.ref.draft_id))
        for draft in rivals
        if Form(form.language, draft.fields).typed != form.typed
    ]


def compare(form: Form, draw: Callable[[Form], object]) -> None:
    """Put into each text beside the form what differs, in the words of its page, which is drawn with each."""
    mine = _drawn(form, form.fields, draw)
    for text in form.beside:
        theirs = _drawn(form, text.fields, draw)
        lines = [(label, said) for name, (label, said) in theirs.items() if mine.get(name, ("", ""))[1] != said]
        # What it lacks stands in the form below; it is named only where that is all the difference.
        text.lines = [line for line in lines if line[1]] or lines


def _drawn(form: Form, fields: Fields, draw: Callable[[Form], object]) -> dict[str, tuple[str, str]]:
    plain = Form(form.language, fields)
    draw(plain)
    return plain.told

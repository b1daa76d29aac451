"""An act that is looked at once more: form, page with every answer in words, act. All three are of one address.

The page between carries the form on in hidden fields and under the same key, so nothing of it is in the server and a
double click stays one act. Kept meanwhile (another language, a longer stay), it is a draft like any other, and comes
back as that page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import grpc
from fastapi import Response

from services.portal.backends.calls import Refused
from services.portal.web.request.submit import submit
from services.portal.web.request.viewer import Sender, Viewer
from services.portal.web.ui.answers import Answer, Answers
from services.portal.web.ui.forms import WHOLE, Form
from services.portal.web.ui.sentences import SENTENCES

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")


def changes(form: Form) -> bool:
    """Whether the sender comes back from the page between, to change something: the form is shown as it was typed."""
    return bool(form.value("change"))


async def checked(
    sender: Sender,
    method: grpc.aio.UnaryUnaryMultiCallable[Asked, Answered],
    asked: Asked,
    cell: UUID,
    onward: Callable[[Answered], str],
    *,
    between: Callable[[], Response],
    version: int = 0,
    mend: Callable[[Refused], bool] | None = None,
) -> Response | None:
    """The page `between` for a form that was not looked at yet; for one that was, as `submit`.

    `version` is what the form is about now, when it has one: of what changed meanwhile the form says so first.
    """
    form = sender.sent
    if form.errors or form.value("checked"):
        return await submit(sender, method, asked, cell, onward, mend=mend)
    if version and form.version != version:
        form.fail(WHOLE, SENTENCES["VersionChanged"])
        return None
    if await sender.drafts.ended_by(form) is None:
        return None
    return between()


def between_again(
    viewer: Viewer, form: Form, version: int, read: Callable[[], Callable[[], Response]]
) -> Response | None:
    """The page between, asked for with what was kept there; None when the form itself has to be shown.

    `read` reads the form, as its sending does, and gives how the page between is made.
    """
    asked_for = viewer.request.query_params.get("check") == "1" and form.kept is not None
    if not asked_for or form.beside or form.value("version") != str(version or ""):
        return None
    page = read()
    if not form.errors:
        return page()
    form.errors.clear()
    return None


def answers_page(
    viewer: Viewer, form: Form, answers: Answers, status: int = 200, *, kept: bool = True, **context: Any
) -> Response:
    """The page between; `kept=False` for one that comes without a form, so that there is nothing to keep."""
    draft_form = "form" if kept else ""
    return viewer.page("check.html", status, form=form, answers=answers, draft_form=draft_form, **context)


def overtaken(
    viewer: Viewer, said: str, onward: tuple[str, str], typed: str = "", told: Sequence[Answer] = (), **context: Any
) -> Response:
    """Somebody else did it first: `said` tells who did what and when, `told` what it is, `onward` where it is seen and
    how that is called; `typed` is what would be lost otherwise.
    """
    return viewer.page("overtaken.html", 409, said=said, onward=onward, typed=typed, told=told, **context)

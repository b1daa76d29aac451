"""What the handlers of forms have in common: ask what the form says, go on, or let the form be shown again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import grpc
from fastapi import Response

from services.portal.backends.calls import Refused
from services.portal.web.request.viewer import Sender

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


SENT_BEFORE = "IdempotencyKeyReused"


async def submit(
    sender: Sender,
    method: grpc.aio.UnaryUnaryMultiCallable[Asked, Answer],
    asked: Asked,
    cell: UUID,
    onward: Callable[[Answer], str],
    *,
    drafted: bool = True,
    mend: Callable[[Refused], bool] | None = None,
) -> Response | None:
    """On to the address `onward` gives for the answer; None when the form must be shown again, its faults in it.

    Nothing is asked of a form that has faults already, or while there is another text of it that the page did not show.
    Its drafts are dropped when it is done; `drafted=False` for a form
    that is never kept as one. `mend` may say at a field what was refused; else it is put to the field it names. Raises
    Refused when a person cannot mend it in this form.
    """
    form = sender.sent
    if form.errors:
        return None
    drafts = await sender.drafts.ended_by(form) if drafted else []
    if drafts is None:
        return None
    try:
        answer = await sender.ask(method, asked, cell, form.key)
    except Refused as refused:
        if mend is None or not mend(refused):
            form.refuse(refused)
        if refused.problem.code == SENT_BEFORE:
            # Another text than the one that was done: whether it has to be done as well is asked, by a form of its own.
            del form.fields["key"]
        return None
    if drafts:
        await sender.drafts.drop(drafts)
    return sender.go(onward(answer))

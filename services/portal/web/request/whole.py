"""Lists that a page shows whole: their pages, asked one after the other up to a bound, and whether it ended there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import grpc

from rondetafel.case.v1 import case_pb2
from rondetafel.meeting.v1 import meeting_pb2
from services.portal.backends.calls import Refused
from services.portal.web.request.viewer import Viewer

PAGE = 50
MOST_PAGES = 40
"""2,000 entries: more than a person reads on one page, and a bound of what one request may ask of a service."""
HIDDEN = (403, 404)
ASKED_FOR = ("UndertakingMissing", "SecondFactorMissing")
"""Refusals that lead to a page where something is asked of the viewer."""


class Paged(Protocol):
    """An answer that says where the next one begins; empty on the last."""

    next_cursor: str


Answer = TypeVar("Answer", bound=Paged)
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Whole(Generic[Answer, Entry]):
    """All entries, and the last answer for what it says besides; `cut`: there are more, and the page has to say so."""

    entries: list[Entry]
    last: Answer
    cut: bool


async def whole(
    viewer: Viewer,
    method: grpc.aio.UnaryUnaryMultiCallable[Any, Answer],
    asked: Any,
    cell: UUID,
    entries_of: Callable[[Answer], Iterable[Entry]],
    most_pages: int = MOST_PAGES,
) -> Whole[Answer, Entry]:
    """The whole list that is `asked` for, from its cursor on; up to so many answers. Raises Refused."""
    asked.page_size = PAGE
    found: list[Entry] = []
    for _ in range(most_pages):
        answer = await viewer.ask(method, asked, cell)
        found.extend(entries_of(answer))
        asked.cursor = answer.next_cursor
        if not asked.cursor:
            break
    return Whole(found, answer, bool(answer.next_cursor))


async def whole_case(viewer: Viewer, cell: UUID, case: UUID) -> case_pb2.Case:
    """A case with all contributions its reader may read; `more_after` is set where even these end. Raises Refused."""
    asked = case_pb2.ReadCaseRequest(case_id=str(case))
    found = await viewer.ask(viewer.services.case.ReadCase, asked, cell)
    for _ in range(MOST_PAGES):
        if not found.more_after:
            break
        await _read_on(viewer, cell, asked, found)
    return found


async def case_to_its_end(viewer: Viewer, cell: UUID, case: UUID) -> case_pb2.Case:
    """A case with all contributions its reader may read, without a bound: for who looks for one's own among them, which
    may be the last and must not be taken for not there. Raises Refused.
    """
    asked = case_pb2.ReadCaseRequest(case_id=str(case))
    found = await viewer.ask(viewer.services.case.ReadCase, asked, cell)
    while found.more_after:
        await _read_on(viewer, cell, asked, found)
    return found


async def _read_on(viewer: Viewer, cell: UUID, asked: case_pb2.ReadCaseRequest, found: case_pb2.Case) -> None:
    asked.after = found.more_after
    more = await viewer.ask(viewer.services.case.ReadCase, asked, cell)
    found.contributions.extend(more.contributions)
    found.more_after = more.more_after


Sessions = Whole[meeting_pb2.ListCaseSessionsResponse, meeting_pb2.CaseSession]


async def whole_sessions(viewer: Viewer, cell: UUID, case: UUID) -> Sessions:
    """The sessions of a case, with what was decided; none when the meeting service shows the viewer none, or has not
    heard of a new case yet. Raises Refused.
    """
    asked = meeting_pb2.ListCaseSessionsRequest(case_id=str(case))
    try:
        return await whole(viewer, viewer.services.session.ListCaseSessions, asked, cell, lambda found: found.sessions)
    except Refused as refused:
        if refused.problem.status in HIDDEN and refused.problem.code not in ASKED_FOR:
            return Whole([], meeting_pb2.ListCaseSessionsResponse(), cut=False)
        raise

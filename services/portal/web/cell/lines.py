"""The cases of a table as lines: the code, whom it is about for who reads that, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rondetafel.case.v1 import case_pb2
from services.portal.web.ui.concerned import heading_of
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView


@dataclass(frozen=True, slots=True)
class Line:
    """One case. `heading` is empty for who reads no identity, `next` where no date is known."""

    address: str
    frame: case_pb2.Frame
    heading: str
    town: str
    next: str


def lines_of(cases: Iterable[case_pb2.Frame], table: TableView, language: Language, today: date) -> list[Line]:
    """In the order they come; the town is said where a table has several."""
    several = len(table.towns) > 1
    return [
        Line(
            f"{table.address}/cases/{case.case_id}", case, heading_of(case.concerned, language),
            table.town(case.nis_code) if several else "", _next(case, language, today),
        )
        for case in cases
    ]  # fmt: skip


def _next(case: case_pb2.Frame, language: Language, today: date) -> str:
    if case.HasField("next_session_at"):
        moment = language.moment(from_timestamp(case.next_session_at), today=today)
        return language.text(_("Session on %(moment)s."), moment=moment)
    if case.review_on:
        day = language.day(date.fromisoformat(case.review_on), weekday=False, today=today)
        return language.text(_("To be looked at again before %(day)s."), day=day)
    return ""

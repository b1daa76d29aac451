"""What the logs prove, for who looks at logs and sits at no table: the first thing on the start page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rondetafel.audit.v1 import audit_pb2 as pb
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.table import TableView


@dataclass(frozen=True, slots=True)
class Proof:
    """One sentence about logs, how many acts they hold, whether all is `well`; `address`: of the log, if it is one."""

    sentence: str
    size: int
    well: bool
    address: str = ""


def proofs_of(logs: Iterable[tuple[TableView, pb.SearchAuditResponse]], language: Language) -> list[Proof]:
    """What a log cannot explain, each log for itself; then all others together."""
    told = list(logs)
    found = [
        Proof(_unexplained(table, log, language), log.log_size, False, f"{table.address}/log")
        for table, log in told
        if log.findings_open
    ]
    whole = [(table, log) for table, log in told if not log.findings_open]
    if len(whole) == 1:
        (table, log), *_rest = whole
        sentence = language.text(_("Nothing is missing in the log of %(cell)s"), cell=table.name)
        return [*found, Proof(sentence, log.log_size, True, f"{table.address}/log")]
    if whole:
        sentence = language.plural(
            "Nothing is missing in %(num)d log", "Nothing is missing in %(num)d logs", len(whole)
        )
        return [*found, Proof(sentence, sum(log.log_size for _table, log in whole), True)]
    return found


def _unexplained(table: TableView, log: pb.SearchAuditResponse, language: Language) -> str:
    return language.plural(
        "One thing the log of %(cell)s cannot explain", "%(num)d things the log of %(cell)s cannot explain",
        log.findings_open, cell=table.name,
    )  # fmt: skip

"""Which other signals are perhaps about the same person, for the coordinator: a line for each, nothing without any."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.request.viewer import Viewer
from services.portal.web.signal.view import capital
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView


@dataclass(frozen=True, slots=True)
class MatchLine:
    """One of them: the code of its case, or when it was told; nothing of whom."""

    address: str
    code: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Matches:
    """Those found; `more`: there may be others."""

    lines: tuple[MatchLine, ...] = ()
    more: bool = False


async def find_matches(viewer: Viewer, table: TableView, cell: UUID, signal: pb.Signal) -> Matches:
    """Those the reader of this signal is told of."""
    if "list_possible_matches" not in signal.may:
        return Matches()
    asked = pb.ListPossibleMatchesRequest(signal_id=signal.signal_id)
    found = await viewer.ask(viewer.services.signal.ListPossibleMatches, asked, cell)
    return Matches(tuple(_line(viewer, table, match) for match in found.matches), found.more)


def _line(viewer: Viewer, table: TableView, match: pb.PossibleMatch) -> MatchLine:
    say, labels = viewer.language.text, Labels(viewer.language)
    received_at = from_timestamp(match.received_at)
    town = [table.town(match.nis_code)] if len(table.found.cell.towns) > 1 else []
    if match.case_id:
        day = viewer.language.day(received_at, weekday=False, today=viewer.today)
        said = [labels.of("case_state", match.case_state), say(_("Signal of %(moment)s"), moment=day), *town]
        return MatchLine(f"{table.address}/cases/{match.case_id}", match.code, "", ". ".join(_begun(said)))
    # By the hour too: what was told on one day has no code by which to tell it apart.
    moment = viewer.language.moment(received_at, today=viewer.today)
    told, said = say(_("Signal of %(moment)s"), moment=moment), [labels.of("signal_state", match.state), *town]
    return MatchLine(f"{table.address}/signals/{match.signal_id}", "", told, ". ".join(_begun(said)))


def _begun(words: list[str]) -> list[str]:
    return [capital(word) for word in words]

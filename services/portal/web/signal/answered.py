"""Who answered a case as mayor, and when: in words, as far as the reader may know it."""

from __future__ import annotations

from datetime import date

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView


def is_listed(case: pb.Case) -> bool:
    """Whether the answer put it on the list; else it refused it."""
    return case.frame.HasField("listed_at") and case.frame.listed_at == case.answered_at


def answered(table: TableView, case: pb.Case, language: Language, today: date) -> str:
    """A sentence; without a name where nobody is known, as of a case that was answered before names were kept."""
    frame = case.frame
    if case.answered_by and case.HasField("answered_at"):
        refused = _("%(name)s refused this case on %(moment)s.")
        said = _("%(name)s put this case on the list on %(moment)s.") if is_listed(case) else refused
        moment = language.moment(from_timestamp(case.answered_at), today=today)
        return language.text(said, name=table.person(case.answered_by).name, moment=moment)
    if frame.HasField("listed_at"):
        moment = language.moment(from_timestamp(frame.listed_at), today=today)
        return language.text(_("The mayor or the delegate put this case on the list on %(moment)s."), moment=moment)
    return language.text(_("The mayor or the delegate answered this case meanwhile. Its page tells how."))

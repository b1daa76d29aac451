"""Whether the person concerned is informed, in words."""

from __future__ import annotations

from datetime import date

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView

LATE = "late"


def informing(table: TableView, found: pb.Information, language: Language, today: date) -> str:
    """How it stands, and who said so."""
    say, day = language.text, language.day(date.fromisoformat(found.day), weekday=False, today=today)
    if not found.said_by:
        return say(_("Late since %(day)s.") if found.standing == LATE else _("There is time until %(day)s."), day=day)
    by = table.person(found.said_by).name
    at = language.moment(from_timestamp(found.said_at), today=today)
    if found.standing == "informed":
        return say(_("Informed on %(day)s, said %(by)s on %(moment)s."), day=day, by=by, moment=at)
    why = Labels(language).of("information_reason", found.why)
    put_off = _("Put off until %(day)s (%(why)s), said %(by)s on %(moment)s.")
    over = _("It was put off until %(day)s (%(why)s), said %(by)s on %(moment)s. That day is past.")
    return say(over if found.standing == LATE else put_off, day=day, why=why[:1].lower() + why[1:], by=by, moment=at)

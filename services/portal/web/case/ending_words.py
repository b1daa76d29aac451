"""An invitation that is about to end, or was ended, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rondetafel.case.v1 import case_pb2 as pb
from services.portal.web.case.circle_view import Guest
from services.portal.web.ui.labels import Labels
from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _
from services.portal.web.ui.moments import from_timestamp
from services.portal.web.ui.table import TableView


@dataclass(frozen=True, slots=True)
class Ended:
    """An invitation that was ended: whose, and a sentence of who did so, when and why."""

    name: str
    said: str


def ended(table: TableView, entry: pb.EndedInvitation, language: Language, today: date) -> Ended:
    """One of them."""
    reason = Labels(language).of("invitation_end", entry.reason)
    sentence = language.text(
        _("%(by)s ended the invitation of %(name)s on %(moment)s: %(reason)s."),
        by=table.person(entry.ended_by).name, name=(name := table.person(entry.person_id).name_within),
        moment=language.moment(from_timestamp(entry.ended_at), today=today), reason=reason[:1].lower() + reason[1:],
    )  # fmt: skip
    return Ended(name, sentence)


def what_happens(guest: Guest, case: pb.Case, language: Language) -> list[str]:
    """What ending it does and does not, sentence by sentence; what was read already comes second."""
    say, name = language.text, guest.who.name_within
    opened = _("%(name)s opened this case already. What was read cannot be taken back.")
    said = [
        say(_("From now on %(name)s reads nothing of this case, here and at a session."), name=name),
        say(opened if guest.entry.opened else _("%(name)s has not opened this case yet."), name=name),
        say(_("What %(name)s shared stays with the case."), name=name),
    ]
    mine = [action for action in case.actions if action.open and action.owner_id == guest.who.person_id]
    if mine:
        said.append(
            language.plural(
                "%(num)d action of the plan keeps this name.", "%(num)d actions of the plan keep this name.", len(mine)
            )
        )
    return [
        *said,
        say(_("No message is sent. Tell %(name)s yourself."), name=name),
        say(_("Coordinator and mayor read on the page of the circle who ended it, when and why.")),
        say(_("Was it a mistake? Then you can invite %(name)s again."), name=name),
    ]

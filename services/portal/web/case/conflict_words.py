"""What a conflict of interest does, in words."""

from __future__ import annotations

from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _


def what_declaring_does(language: Language) -> list[str]:
    """To who declares it; what cannot be undone alone comes second."""
    return [
        language.text(said)
        for said in (
            _("From now on you read nothing of this case, here and at a session, whatever seat you hold."),
            _("You cannot undo this yourself. Coordinator or mayor can."),
            _("What you shared stays with the case."),
            _("Nobody asks why. The circle reads that you keep out; coordinator and mayor also read since when."),
            _("Do you hold a seat alone? Then first ask your coordinator for a deputy, who acts for it in this case."),
        )
    ]


def what_deciding_does(language: Language) -> list[str]:
    """To the person kept out."""
    return [
        language.text(said)
        for said in (
            _("From now on this person reads nothing of this case, here and at a session, whatever seat they hold."),
            _("Invitations of the person to this case end, and there can be no new one."),
            _("What the person shared stays with the case."),
            _("No message is sent. Tell the person yourself."),
            _("Does the person hold a seat alone? Without a deputy no session can decide on this case."),
        )
    ]


def what_lifting_does(name: str, language: Language) -> list[str]:
    """To the person let in."""
    return [
        language.text(said, name=name)
        for said in (
            _("If %(name)s holds a seat, %(name)s reads this case again at once."),
            _("Was %(name)s invited? Then a new invitation is needed."),
            _("No message is sent. Tell %(name)s yourself."),
        )
    ]

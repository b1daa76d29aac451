"""What is said of a case by its state: texts and signs, no rules. What may be done, the service says."""

from __future__ import annotations

from collections.abc import Mapping

from services.portal.web.ui.language import message as _

QUIET: Mapping[str, str] = {
    "PROPOSED": _("The mayor decides whether this case goes on the list. When that is done, it stands here."),
    "REOPENED": _("A new signal came in. The mayor decides whether this case goes on the list again."),
    "LISTED": _("The coordinator composes the circle and plans a session. It then stands among the sessions."),
    "SCHEDULED": _("A session is planned. What is asked of you stands on your start page."),
    "DISCUSSED": _("The table talked about this case. What is asked of you stands on your start page."),
    "FOLLOW_UP": _("The plan runs. What is asked of you stands on your start page."),
    "AFTERCARE": _("The table stays near. What is asked of you stands on your start page."),
    "REFUSED": _(
        "The mayor did not put this case on the list. The table does not follow it;"
        " the law limits how long it may be kept."
    ),
    "ON_HOLD": _("This case is on hold. Plan nothing and share nothing until it goes on."),
    "CLOSED_NO_ACTION": _("The table decided that no follow-up is needed. The law limits how long it may be kept."),
    "CLOSED": _("The table does not follow this case any more. The law limits how long it may be kept."),
    "TRANSFERRED": _("Another table follows this case now. The law limits how long it may be kept."),
    "RETAINED": _("This case is over. The law limits how long it may be kept."),
    "ERASED": _("This case is erased."),
    "RESTRICTED": _("The data protection officer has restricted this case. For now nobody works on it."),
}
"""What is said when nothing is asked of the reader: what happens next, or that it is over."""

PREPARE: Mapping[str, str] = {
    "FOLLOW_UP": _("%(moment)s the table looks how it goes. Prepare your contribution."),
}
PREPARE_TALK = _("%(moment)s the table talks about this case. Prepare your contribution.")
"""What is said of the session to come; the other for every state without a sentence of its own."""
PREPARE_ALREADY = _("The table asks what you know of this case. No session is planned yet; you can prepare already.")

LIST_REASONS: Mapping[str, str] = {"REFUSED": _("Why the mayor did not put it on the list")}
LISTED_REASONS = _("Why the mayor put it on the list")
"""The title of the mayor's reasons, likewise."""

SIGNS: Mapping[str, tuple[str, str]] = {
    "AGREED": ("circle", ""),
    "BUSY": ("circle-dot", ""),
    "DONE": ("circle-check", "done"),
    "BLOCKED": ("hand", "heed"),
    "DROPPED": ("x", ""),
}
"""The sign of an action's state, and its kind (macros/tag.html)."""

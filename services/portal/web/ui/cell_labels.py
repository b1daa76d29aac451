"""Codes of a cell, of the seats and mandates of its people and of its rules, in words (labels.py)."""

from __future__ import annotations

from collections.abc import Mapping

from services.portal.web.ui.language import message as _

SET_UP_LINES: Mapping[str, str] = {
    "mayor": _("The seat of the mayor"),
    "coordinator": _("A coordinator"),
    "police": _("The seat of the police, with a clearance"),
    "prevention": _("The seat of the prevention official"),
    "dpo": _("A data protection officer"),
    "rules": _("Internal rules or a cooperation protocol, in force"),
    "dpia": _("The data protection impact assessment"),
    "danger_contact": _("Whom to reach in acute danger"),
    "contact": _("The municipality's address for letters"),
    "deputy": _("A deputy of the coordinator"),
    "colour": _("The colour of the pages"),
}
SEAT_STANDINGS: Mapping[str, str] = {
    "uncleared": _("Somebody sits there; the clearance is over."),
    "later": _("Somebody is known for it, and does not count today."),
    "suspended": _("Who sits there is suspended."),
    "unsworn": _("Somebody came, and has not accepted secrecy yet."),
    "invited": _("Somebody is invited, and has not come yet."),
    "nobody": _("Nobody is invited yet."),
}
CELL_STATES: Mapping[str, str] = {
    "SETTING_UP": _("being set up"),
    "ACTIVE": _("active"),
    "SUSPENDED": _("suspended by the host"),
}
CELL_SUSPENSION_REASONS: Mapping[str, str] = {
    "asked_by_cell": _("The municipality asked for it"),
    "incident": _("An incident is being looked into"),
    "authority": _("An authority ordered it"),
    "contract": _("The agreement with the host is over"),
}
GIVEN_BY: Mapping[str, str] = {
    "FOUNDING": _("Given by the host, before there was a mayor"),
    "RECOVERY": _("Given by the host and oversight, when the cell had nobody"),
    "CELL": _("Given by the cell"),
    "PROPOSAL": _("Proposed by the host, given by the cell"),
    "APPOINTMENT": _("Appointed by the host"),
    "EARLIER": _("Given before this was kept"),
}
END_REASONS: Mapping[str, str] = {
    "successor": _("Somebody follows"),
    "left": _("Left the organisation or the table"),
    "conflict_of_interest": _("A conflict of interest"),
    "other": _("Something else"),
}
SUSPENSION_REASONS: Mapping[str, str] = {
    "inquiry": _("Something is being looked into"),
    "conflict_of_interest": _("A conflict of interest"),
    "long_absence": _("Away for a long time"),
    "lost_access": _("Device or password may be in other hands"),
    "other": _("Something else"),
}
DEPUTY_TURNS: Mapping[str, str] = {
    "always": _("Always, beside the person replaced"),
    "absent": _("Only while the person replaced is absent"),
}
INVITATION_STATES: Mapping[str, str] = {
    "SENT": _("The letter is sent"),
    "ACCEPTED": _("Came, and has the mandate"),
    "WITHDRAWN": _("Taken back"),
    "EXPIRED": _("Did not come in time"),
}
RULES_KINDS: Mapping[str, str] = {
    "internal_rules": _("internal rules"),
    "cooperation_protocol": _("cooperation protocol"),
    "undertaking": _("own promise of secrecy"),
}
RULES_STANDINGS: Mapping[str, str] = {
    "waiting": _("waits for the mayor"),
    "sent_back": _("sent back"),
    "replaced": _("replaced before it was decided"),
    "coming": _("to come"),
    "in_force": _("in force"),
    "past": _("no longer in force"),
}

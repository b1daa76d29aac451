"""The acts of the log in words: what was done, by the name of the handler that did it. A test knows all handlers."""

from __future__ import annotations

from collections.abc import Mapping

from services.portal.web.language import message as _

ACTS: Mapping[str, str] = {
    # The partner directory.
    "create_cell": _("opened a cell"),
    "change_brand_colour": _("changed the colour of the pages"),
    "register_organisation": _("registered an organisation"),
    "appoint_host": _("let somebody act for the host"),
    "invite_person": _("gave somebody a mandate"),
    "list_proposals": _("looked at what the host proposes"),
    "confirm_proposal": _("said yes to the host's proposal"),
    "decline_proposal": _("said no to the host's proposal"),
    "announce": _("announced what the host did here"),
    "note_letter": _("noted that a letter was sent to the municipality"),
    "disable_identity": _("shut somebody out"),
    "enable_identity": _("let somebody sign in again"),
    "accept_undertaking": _("promised secrecy"),
    "end_mandate": _("ended a mandate"),
    "list_mandates": _("looked at who sits here"),
    "read_table": _("opened a page of this table"),
    "list_my_cells": _("looked at the own tables"),
    "list_cells": _("looked at the cells"),
    "list_municipalities": _("looked at the municipalities"),
    "get_mandates": _("asked what somebody may do here"),
    # Signals and cases.
    "enter_signal": _("passed on a signal"),
    "read_signal": _("read a signal"),
    "list_signals": _("looked at the signals"),
    "propose_case": _("proposed a case"),
    "place_on_list": _("placed a case on the list"),
    "refuse_case": _("refused a case"),
    "invite_to_circle": _("invited somebody to a case"),
    "write_contribution": _("wrote a contribution in private"),
    "revise_contribution": _("changed a private contribution"),
    "decline_contribution": _("had nothing to share"),
    "assess_contribution": _("weighed a contribution"),
    "share_contribution": _("shared a contribution"),
    "read_case": _("read a case"),
    "list_cases": _("looked at the list of cases"),
    "list_waiting": _("looked at what waits"),
    "schedule_cases": _("noted a session with a case"),
    "apply_decision": _("noted the decision on a case"),
    # Sessions.
    "plan_session": _("planned a session"),
    "open_session": _("opened a session"),
    "record_decision": _("recorded a decision"),
    "read_session": _("read a session"),
    "list_sessions": _("looked at the sessions"),
    "list_case_sessions": _("looked at the sessions on a case"),
    "apply_case": _("noted the state of a case"),
    "apply_circle": _("noted the circle of a case"),
    # The log itself, and what every service notes.
    "search_audit": _("searched this log"),
    "check_heights": _("checked that the log is complete"),
    "apply_mandates": _("noted a mandate"),
    "note_cell": _("noted a cell"),
    "wrap_cell_keys": _("put the keys of the cell under a new root key"),
    "renew_cell_key": _("gave the cell a new key"),
    "wrap_object_keys": _("put the keys of cases under the new key of the cell"),
    "end_sign_in": _("ended a sign-in"),
    "renew_fact_key": _("made a key to sign mandates with"),
    "open_fact_key": _("took the key to sign mandates with"),
    "record_refusals": _("noted calls that were refused"),
    "record_sign_in_failures": _("noted failures at the sign-in service"),
    "record_realm_changes": _("noted changes to the sign-in service"),
    "apply_revocations": _("noted that a sign-in no longer counts"),
}
"""What is recorded in the log of a cell. What the portal records stands in the host's own log."""

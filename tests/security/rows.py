"""The rows of the isolation matrix: for each door the rightful caller's request, and who is refused how.

`make` brings about a fresh state in which the rightful caller succeeds, and gives the request.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from uuid import uuid4

from tests.security.asks import Ask as Ask
from tests.security.asks import Row as Row
from tests.security.circles import CIRCLES
from tests.security.consulting import (
    addition,
    answer_to_check,
    assessment,
    cancelling,
    case_on_an_agenda,
    checked_signal,
    contribution,
    decision,
    dismissal,
    dismissed_signal,
    listing,
    new_signal,
    nothing_to_share,
    one_case,
    one_session,
    one_signal,
    opening,
    plan,
    preparing,
    proposal,
    question_to_reporter,
    redirection,
    refusal,
    revision,
    second_thought,
    sharing,
    unchecked_signal,
    undoing,
)
from tests.security.invited import coming, new_list, new_mandate, waiting_invitation
from tests.security.law import kept_law, new_law, unconfirmed_law
from tests.security.mandates import (
    changed_mandate,
    ending_mandate,
    longer_mandate,
    marked_absent,
    marking_absent,
    naming_deputy,
    new_organisation,
    shorter_mandate,
    suspended_mandate,
    suspended_organisation,
    suspending_mandate,
    suspending_organisation,
)
from tests.security.providers import PROVIDERS
from tests.security.questioned import QUESTIONS
from tests.security.ruled import RULES
from tests.security.setting_up import (
    cell_to_suspend,
    founded_seat,
    founding_seat,
    new_contact,
    new_danger_contact,
    new_dpia,
    ready_cell,
    suspended_cell,
    unused_cell,
)
from tests.security.sign_ins import another_sign_in, robbed
from tests.security.world import CAST, World

ABSENT_CASE = (404, "NotFound")
ROLE = (403, "RoleMissing")
PART = (403, "PartMissing")
OUTSIDE_THE_GIVERS = {
    "insider": ROLE, "dpo": ROLE, "oversight": ROLE, "officer": ROLE, "host": ABSENT_CASE, "hilde": ABSENT_CASE,
}  # fmt: skip
"""Neither mayor nor coordinator; the host proposes and does not answer itself."""

NAMELESS_FOR_THE_HOST = {name: refused for name, refused in OUTSIDE_THE_GIVERS.items() if name != "host"}
"""The host's client founds cells, so it sees who is invited, without names."""
OUTSIDE_THE_HOST = {"coordinator": ABSENT_CASE, "oversight": ABSENT_CASE, "host": ABSENT_CASE}
"""Not a person of the host; its client is none."""
OUTSIDE_THE_REGISTER = {"coordinator": ABSENT_CASE, "mayor": ABSENT_CASE, "dpo": ABSENT_CASE, "insider": ABSENT_CASE}
"""Everybody reads the law; the host alone keeps it."""
OUTSIDE_THE_DPO = {
    "coordinator": ROLE, "mayor": ROLE, "insider": ROLE, "oversight": ROLE, "host": ABSENT_CASE, "hilde": ABSENT_CASE,
}  # fmt: skip
"""Who confirms no law for the cell."""
NOT_THE_HOST = {"coordinator": ABSENT_CASE, "dpo": ABSENT_CASE}
HOST_OUTSIDE = {"host": ABSENT_CASE, "hilde": ABSENT_CASE}
OUTSIDE_THE_DESK = {"mayor": ROLE, "insider": ROLE, "oversight": ROLE} | HOST_OUTSIDE
"""Who sets up no cell; its mayor looks on."""
OUTSIDE_OVERSIGHT = {"dpo": ROLE, "host": ABSENT_CASE, "hilde": ABSENT_CASE, "hugo": ABSENT_CASE}
"""Who does not watch the cell; the two of the host least of all."""


async def nothing(world: World) -> Ask:
    return Ask()


async def new_cell(world: World) -> Ask:
    from tests.e2e.fresh import next_nis_code

    return Ask(body={"nis_codes": [next_nis_code()], "name": "Nog een cel", "brand_colour": "#1b6c68"})


async def new_colour(world: World) -> Ask:
    return Ask(body={"brand_colour": "#7a2230"})


async def some_identity(world: World) -> Ask:
    return Ask(body={"kind": "subject", "value": str(uuid4())})


async def proposed_mandate(world: World) -> Ask:
    body = world.mandate(f"proposed-{secrets.token_hex(4)}@{world.tag}.example", CAST["oversight"])
    made = await world["host"].post(world.path("mandates"), body)
    assert made.body["state"] == "PROPOSED"
    return Ask({"proposal": made.body["id"]}, {}, made.etag)


async def new_recovery(world: World) -> Ask:
    return Ask(body=world.recovery(await world.lost()))


async def proposed_recovery(world: World) -> Ask:
    made = await world["hilde"].post("/recoveries", world.recovery(await world.lost()))
    return Ask({"recovery": made.body["id"]}, {}, made.etag)


async def seconded_recovery(world: World) -> Ask:
    cell = await world.lost()
    made = await world["hilde"].post("/recoveries", world.recovery(cell))
    path = f"/recoveries/{made.body['id']}"
    seconded = await world["hugo"].post(f"{path}/second", {}, if_match=made.etag)
    return Ask({"recovery": made.body["id"]}, {}, seconded.etag, cell)


async def undertaking(world: World) -> Ask:
    cells = (await world["insider"].get("/me")).body["cells"]
    return Ask(body={"text_version": cells[0]["undertaking_text_version"]})


async def profile(world: World) -> Ask:
    etag = (await world["insider"].get("/me/profile")).etag
    return Ask(body={"language": "nl", "telephone": "0470 12 34 56", "reachable": "9-16"}, etag=etag)


ROWS: Mapping[str, Row] = {
    "list_my_cells": Row("insider", nothing, in_cell=False),
    "list_legal_bases": Row("insider", nothing, in_cell=False),
    "add_legal_basis": Row("host", new_law, OUTSIDE_THE_REGISTER, in_cell=False),
    "confirm_legal_basis": Row("dpo", unconfirmed_law, OUTSIDE_THE_DPO),
    **RULES,
    **QUESTIONS,
    "end_legal_basis": Row("host", kept_law, OUTSIDE_THE_REGISTER, in_cell=False),
    "create_cell": Row("host", new_cell, NOT_THE_HOST, in_cell=False),
    "list_cells": Row("host", nothing, NOT_THE_HOST, in_cell=False),
    "read_cell": Row("host", unused_cell, NOT_THE_HOST, in_cell=False),
    "withdraw_cell": Row("host", unused_cell, NOT_THE_HOST, in_cell=False),
    "suspend_cell": Row("host", cell_to_suspend, NOT_THE_HOST, in_cell=False),
    "found_seat": Row("hilde", founding_seat, NOT_THE_HOST, in_cell=False),
    "resend_founding": Row("hilde", founded_seat, NOT_THE_HOST, in_cell=False),
    "withdraw_founding": Row("hilde", founded_seat, NOT_THE_HOST, in_cell=False),
    "resume_cell": Row("host", suspended_cell, NOT_THE_HOST, in_cell=False),
    "read_table": Row("insider", nothing, {"host": (404, "NotFound"), "hilde": (404, "NotFound")}),
    "change_brand_colour": Row(
        "coordinator", new_colour, {"mayor": ROLE, "insider": ROLE, "dpo": ROLE, "hilde": (404, "NotFound")}
    ),
    "read_set_up": Row("mayor", nothing, {"insider": ROLE, "oversight": ROLE} | HOST_OUTSIDE),
    "set_dpia": Row("dpo", new_dpia, OUTSIDE_THE_DESK),
    "set_danger_contact": Row("coordinator", new_danger_contact, OUTSIDE_THE_DESK | {"dpo": ROLE}),
    "change_contact": Row("coordinator", new_contact, OUTSIDE_THE_DESK | {"dpo": ROLE}),
    "open_table": Row("coordinator", ready_cell, {"mayor": ROLE, "dpo": ROLE} | HOST_OUTSIDE),
    "register_organisation": Row("host", new_organisation, {"insider": (404, "NotFound")}, in_cell=False),
    "disable_identity": Row("host", some_identity, {"coordinator": (404, "NotFound")}, in_cell=False),
    "enable_identity": Row("host", some_identity, {"coordinator": (404, "NotFound")}, in_cell=False),
    **PROVIDERS,
    "list_providers": Row("host", nothing, OUTSIDE_THE_REGISTER, in_cell=False),
    "list_my_sign_ins": Row("insider", nothing, in_cell=False),
    "end_my_sign_in": Row("insider", another_sign_in, {"colleague": ABSENT_CASE, "host": ABSENT_CASE}, in_cell=False),
    "end_my_other_sign_ins": Row("robbed", robbed, {"host": ABSENT_CASE}, in_cell=False),
    "report_theft": Row("robbed", robbed, {"host": ABSENT_CASE}, in_cell=False),
    "list_thefts": Row("hilde", nothing, OUTSIDE_THE_REGISTER, in_cell=False),
    "list_mandates": Row("coordinator", nothing, {"hilde": (404, "NotFound")}),
    "invite_person": Row("coordinator", new_mandate, {"insider": ROLE, "dpo": ROLE, "oversight": ROLE}),
    "check_seats": Row("coordinator", new_list, NAMELESS_FOR_THE_HOST),
    "import_seats": Row("coordinator", new_list, OUTSIDE_THE_GIVERS | {"host": (400, "SeatsFaulty")}),
    "accept_invitation": Row("outsider", coming, in_cell=False),
    "resend_invitation": Row("coordinator", waiting_invitation, OUTSIDE_THE_GIVERS | {"host": ROLE}),
    "withdraw_invitation": Row("coordinator", waiting_invitation, OUTSIDE_THE_GIVERS | {"host": ROLE}),
    "list_invitations": Row("coordinator", nothing, NAMELESS_FOR_THE_HOST),
    "list_proposals": Row("coordinator", nothing, OUTSIDE_THE_GIVERS),
    "confirm_proposal": Row("coordinator", proposed_mandate, OUTSIDE_THE_GIVERS),
    "decline_proposal": Row("coordinator", proposed_mandate, OUTSIDE_THE_GIVERS),
    "propose_recovery": Row("hilde", new_recovery, OUTSIDE_THE_HOST, in_cell=False),
    "second_recovery": Row("hugo", proposed_recovery, OUTSIDE_THE_HOST, in_cell=False),
    "confirm_recovery": Row("oversight", seconded_recovery, OUTSIDE_OVERSIGHT),
    "list_recoveries": Row("oversight", nothing, OUTSIDE_OVERSIGHT | {"coordinator": ROLE, "mayor": ROLE}),
    "end_mandate": Row("coordinator", ending_mandate, {"insider": ROLE, "outsider": ROLE, "dpo": ROLE}),
    "extend_mandate": Row("coordinator", longer_mandate, OUTSIDE_THE_GIVERS),
    "shorten_mandate": Row("coordinator", shorter_mandate, OUTSIDE_THE_GIVERS),
    "change_mandate": Row("coordinator", changed_mandate, OUTSIDE_THE_GIVERS),
    "suspend_mandate": Row("coordinator", suspending_mandate, OUTSIDE_THE_GIVERS),
    "resume_mandate": Row("coordinator", suspended_mandate, OUTSIDE_THE_GIVERS),
    "name_deputy": Row("coordinator", naming_deputy, OUTSIDE_THE_GIVERS),
    "mark_absent": Row("coordinator", marking_absent, OUTSIDE_THE_GIVERS),
    "end_absence": Row("coordinator", marked_absent, OUTSIDE_THE_GIVERS),
    "suspend_organisation": Row("coordinator", suspending_organisation, OUTSIDE_THE_GIVERS),
    "resume_organisation": Row("coordinator", suspended_organisation, OUTSIDE_THE_GIVERS),
    "accept_undertaking": Row("insider", undertaking),
    "read_my_profile": Row("insider", nothing, in_cell=False),
    "change_my_profile": Row("insider", profile, in_cell=False),
    "read_contacts": Row("insider", nothing, {"dpo": ROLE, "oversight": ROLE, "hilde": (404, "NotFound")}),
    "export_contacts": Row(
        "coordinator", nothing, {"insider": ROLE, "mayor": ROLE, "dpo": ROLE, "oversight": ROLE}
    ),
    "enter_signal": Row("insider", new_signal, {"dpo": ROLE, "oversight": ROLE}),
    "list_signals": Row("coordinator", nothing, {"oversight": ROLE}),
    "read_signal": Row(
        "insider", one_signal,
        {"outsider": ABSENT_CASE, "colleague": ABSENT_CASE, "other_mayor": ABSENT_CASE, "oversight": ROLE},
    ),
    "start_check": Row("coordinator", unchecked_signal, {"insider": ROLE, "mayor": ROLE, "dpo": ROLE}),
    "read_check": Row(
        "officer", checked_signal, {"insider": ROLE, "outsider": ROLE, "dpo": ROLE, "other_mayor": ABSENT_CASE}
    ),
    "list_possible_matches": Row(
        "coordinator", checked_signal, {"insider": ROLE, "mayor": ROLE, "officer": ROLE, "outsider": ROLE, "dpo": ROLE}
    ),
    "answer_check": Row(
        "officer", answer_to_check, {"coordinator": ROLE, "mayor": ROLE, "insider": ROLE, "outsider": ROLE}
    ),
    "dismiss_signal": Row("coordinator", dismissal, {"insider": ROLE, "mayor": ROLE, "officer": ROLE, "dpo": ROLE}),
    "redirect_signal": Row("coordinator", redirection, {"insider": ROLE, "mayor": ROLE, "officer": ROLE, "dpo": ROLE}),
    "withdraw_signal": Row(
        "insider", unchecked_signal, {"outsider": ABSENT_CASE, "colleague": ABSENT_CASE, "other_mayor": ABSENT_CASE,
                                      "dpo": ROLE, "oversight": ROLE}
    ),
    "ask_reporter": Row(
        "coordinator", question_to_reporter, {"insider": ROLE, "mayor": ROLE, "officer": ROLE, "dpo": ROLE}
    ),
    "add_to_signal": Row(
        "insider", addition, {"outsider": ABSENT_CASE, "colleague": ABSENT_CASE, "other_mayor": ABSENT_CASE,
                              "coordinator": (403, "NotTheReporter"), "dpo": ROLE, "oversight": ROLE}
    ),
    "reconsider_signal": Row("coordinator", dismissed_signal, {"insider": ROLE, "mayor": ROLE, "dpo": ROLE}),
    "propose_case": Row("coordinator", proposal, {"insider": ROLE, "mayor": ROLE}),
    "list_cases": Row("insider", nothing, {"oversight": ROLE}),
    "read_case": Row(
        "insider", one_case, {"outsider": ABSENT_CASE, "other_mayor": ABSENT_CASE, "oversight": ROLE}
    ),
    "list_waiting": Row("insider", nothing, {"oversight": ROLE, "dpo": ROLE}),
    "place_on_list": Row("mayor", listing, {"other_mayor": ABSENT_CASE, "coordinator": ROLE, "insider": ROLE}),
    "reconsider_case": Row("mayor", second_thought, {"other_mayor": ABSENT_CASE, "coordinator": ROLE, "insider": ROLE}),
    "refuse_case": Row("mayor", refusal, {"other_mayor": ABSENT_CASE, "coordinator": ROLE, "insider": ROLE}),
    **CIRCLES,
    "write_contribution": Row(
        "insider", contribution,
        {"outsider": ABSENT_CASE, "other_mayor": ABSENT_CASE, "identity_only": PART, "dpo": ROLE},
    ),
    "decline_contribution": Row(
        "insider", nothing_to_share,
        {"outsider": ABSENT_CASE, "other_mayor": ABSENT_CASE, "identity_only": PART, "dpo": ROLE},
    ),
    "revise_contribution": Row(
        "insider", revision,
        {"colleague": ABSENT_CASE, "outsider": ABSENT_CASE, "identity_only": ABSENT_CASE, "mayor": ABSENT_CASE},
    ),
    "assess_contribution": Row(
        "insider", assessment,
        {"colleague": ABSENT_CASE, "outsider": ABSENT_CASE, "identity_only": ABSENT_CASE, "mayor": ABSENT_CASE},
    ),
    "share_contribution": Row(
        "insider", sharing,
        {"colleague": ABSENT_CASE, "outsider": ABSENT_CASE, "identity_only": ABSENT_CASE, "mayor": ABSENT_CASE},
    ),
    "plan_session": Row("coordinator", plan, {"mayor": ROLE, "insider": ROLE}),
    "list_sessions": Row("insider", nothing, {"oversight": ROLE}),
    "list_case_sessions": Row(
        "insider", case_on_an_agenda,
        {"outsider": ABSENT_CASE, "other_mayor": ABSENT_CASE, "oversight": ROLE, "dpo": ROLE},
    ),
    "read_session": Row("insider", one_session, {"oversight": ROLE}),
    "open_session": Row("mayor", opening, {"insider": ROLE, "outsider": ROLE}),
    "cancel_session": Row("coordinator", cancelling, {"mayor": ROLE, "insider": ROLE, "outsider": ROLE}),
    "undo_opening": Row("mayor", undoing, {"insider": ROLE, "officer": ROLE, "outsider": ROLE}),
    "prepare_decision": Row(
        "coordinator", preparing, {"insider": ROLE, "officer": ROLE, "outsider": ROLE, "mayor": ROLE},
    ),
    "record_decision": Row("mayor", decision, {"other_mayor": ABSENT_CASE, "coordinator": ROLE, "insider": ROLE}),
    "search_audit": Row("dpo", nothing, {"coordinator": ROLE, "mayor": ROLE, "insider": ROLE}),
}  # fmt: skip

"""The rows of the isolation matrix: for each door the rightful caller's request, and who is refused how.

`make` brings about a fresh state in which the rightful caller succeeds, and gives the request.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from uuid import uuid4

from tests.security.asks import Ask as Ask
from tests.security.asks import Row as Row
from tests.security.law import kept_law, new_law, unconfirmed_law
from tests.security.ruled import RULES
from tests.security.world import CAST, World

ABSENT_CASE = (404, "NotFound")
ROLE = (403, "RoleMissing")
PART = (403, "PartMissing")
OUTSIDE_THE_GIVERS = {
    "insider": ROLE, "dpo": ROLE, "oversight": ROLE, "officer": ROLE, "host": ABSENT_CASE, "hilde": ABSENT_CASE,
}  # fmt: skip
"""Neither mayor nor coordinator; the host proposes and does not answer itself."""

OUTSIDE_THE_HOST = {"coordinator": ABSENT_CASE, "oversight": ABSENT_CASE, "host": ABSENT_CASE}
"""Not a person of the host; its client is none."""
OUTSIDE_THE_REGISTER = {"coordinator": ABSENT_CASE, "mayor": ABSENT_CASE, "dpo": ABSENT_CASE, "insider": ABSENT_CASE}
"""Everybody reads the law; the host alone keeps it."""
OUTSIDE_THE_DPO = {
    "coordinator": ROLE, "mayor": ROLE, "insider": ROLE, "oversight": ROLE, "host": ABSENT_CASE, "hilde": ABSENT_CASE,
}  # fmt: skip
"""Who confirms no law for the cell."""
OUTSIDE_OVERSIGHT = {"dpo": ROLE, "host": ABSENT_CASE, "hilde": ABSENT_CASE, "hugo": ABSENT_CASE}
"""Who does not watch the cell; the two of the host least of all."""


async def nothing(world: World) -> Ask:
    """A question without a body."""
    return Ask()


async def one_case(world: World) -> Ask:
    return Ask({"case": world.ids["case"]})


async def one_signal(world: World) -> Ask:
    return Ask({"signal": world.ids["signal"]})


async def one_session(world: World) -> Ask:
    return Ask({"session": (await world.planned(world.ids["case"])).body["id"]})


async def new_cell(world: World) -> Ask:
    from tests.e2e.fresh import next_nis_code

    return Ask(body={"nis_codes": [next_nis_code()], "name": "Nog een cel", "brand_colour": "#1b6c68"})


async def new_colour(world: World) -> Ask:
    return Ask(body={"brand_colour": "#7a2230"})


async def new_organisation(world: World) -> Ask:
    first = f"0{secrets.randbelow(10**7):07d}"
    number = f"{first}{97 - int(first) % 97:02d}"
    return Ask(body={"kbo_number": number, "name": "Jeugdhuis Test", "kind": "youth_work"})


async def some_identity(world: World) -> Ask:
    return Ask(body={"kind": "subject", "value": str(uuid4())})


async def new_mandate(world: World) -> Ask:
    return Ask(body=world.mandate(f"new-{secrets.token_hex(4)}@{world.tag}.example", CAST["outsider"]))


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


async def ending_mandate(world: World) -> Ask:
    body = world.mandate(f"leaving-{secrets.token_hex(4)}@{world.tag}.example", CAST["outsider"])
    made = await world["coordinator"].post(world.path("mandates"), body)
    return Ask({"mandate": made.body["id"]}, {"reason": "left"}, made.etag)


async def undertaking(world: World) -> Ask:
    cells = (await world["insider"].get("/me")).body["cells"]
    return Ask(body={"text_version": cells[0]["undertaking_text_version"]})


async def new_signal(world: World) -> Ask:
    return Ask(body=world.pen.signal(world.nis_codes[0]))


async def proposal(world: World) -> Ask:
    return Ask(body=world.pen.proposal(await world.signal()), etag='"1"')


async def listing(world: World) -> Ask:
    case = await world.proposed()
    return Ask({"case": case.body["id"]}, world.pen.listing(), case.etag)


async def refusal(world: World) -> Ask:
    case = await world.proposed()
    return Ask({"case": case.body["id"]}, {"reasons": "Gewone hulp volstaat."}, case.etag)


async def second_thought(world: World) -> Ask:
    case = await world.proposed()
    path = world.path(f"cases/{case.body['id']}/refuse")
    refused = await world["mayor"].post(path, {"reasons": "Gewone hulp volstaat."}, if_match=case.etag)
    return Ask({"case": case.body["id"]}, {}, refused.etag)


async def case_on_an_agenda(world: World) -> Ask:
    await world.planned(world.ids["case"])
    return Ask({"case": world.ids["case"]})


async def invitation(world: World) -> Ask:
    case_id = await world.listed()
    etag = (await world["coordinator"].get(world.path(f"cases/{case_id}"))).etag
    return Ask({"case": case_id}, world.pen.invitation(world.person_ids["colleague"], "family"), etag)


async def invited(world: World) -> Ask:
    case_id = await world.listed("colleague")
    case = await world["coordinator"].get(world.path(f"cases/{case_id}"))
    entry = next(entry["entry_id"] for entry in case.body["circle"] if entry["person_id"])
    return Ask({"case": case_id, "entry": entry}, {"reason": "no_longer_needed"}, case.etag)


async def contribution(world: World) -> Ask:
    return Ask({"case": world.ids["case"]}, world.pen.draft("family", "Moeder komt mee naar het gesprek."))


async def revision(world: World) -> Ask:
    draft = await world.draft(world.ids["case"])
    return Ask({"contribution": draft.body["id"]}, world.pen.draft("family", "Anders gezegd."), draft.etag)


async def nothing_to_share(world: World) -> Ask:
    return Ask({"case": world.ids["case"]}, {})


async def assessment(world: World) -> Ask:
    draft = await world.draft(world.ids["case"])
    return Ask({"contribution": draft.body["id"]}, world.pen.assessment(), draft.etag)


async def sharing(world: World) -> Ask:
    weighed = await world.assessed(world.ids["case"])
    return Ask({"contribution": weighed.body["id"]}, {}, weighed.etag)


async def plan(world: World) -> Ask:
    await world.planned(world.ids["case"])
    return Ask(body=world.pen.plan(world.ids["case"]))


async def opening(world: World) -> Ask:
    planned = await world.planned(world.ids["case"])
    return Ask({"session": planned.body["id"]}, world.seats(), planned.etag)


async def cancelling(world: World) -> Ask:
    planned = await world.planned(world.ids["case"])
    return Ask({"session": planned.body["id"]}, {}, planned.etag)


async def undoing(world: World) -> Ask:
    session, etag, _ = await world.opened(await world.listed("insider"))
    return Ask({"session": session}, {}, etag)


async def preparing(world: World) -> Ask:
    session, _, item = await world.opened(await world.listed("insider"))
    lead = world.person_ids["insider"]
    return Ask({"session": session}, world.pen.follow_up(item, lead, lead), '"0"')


async def decision(world: World) -> Ask:
    session, etag, item = await world.opened(await world.listed("insider"))
    lead = world.person_ids["insider"]
    return Ask({"session": session}, world.pen.follow_up(item, lead, lead), etag)


ROWS: Mapping[str, Row] = {
    "list_my_cells": Row("insider", nothing, in_cell=False),
    "list_legal_bases": Row("insider", nothing, in_cell=False),
    "add_legal_basis": Row("host", new_law, OUTSIDE_THE_REGISTER, in_cell=False),
    "confirm_legal_basis": Row("dpo", unconfirmed_law, OUTSIDE_THE_DPO),
    **RULES,
    "end_legal_basis": Row("host", kept_law, OUTSIDE_THE_REGISTER, in_cell=False),
    "create_cell": Row("host", new_cell, {"coordinator": (404, "NotFound"), "dpo": (404, "NotFound")}, in_cell=False),
    "list_cells": Row("host", nothing, {"coordinator": (404, "NotFound"), "dpo": (404, "NotFound")}, in_cell=False),
    "read_table": Row("insider", nothing, {"host": (404, "NotFound"), "hilde": (404, "NotFound")}),
    "change_brand_colour": Row(
        "coordinator", new_colour, {"mayor": ROLE, "insider": ROLE, "dpo": ROLE, "hilde": (404, "NotFound")}
    ),
    "register_organisation": Row("host", new_organisation, {"insider": (404, "NotFound")}, in_cell=False),
    "disable_identity": Row("host", some_identity, {"coordinator": (404, "NotFound")}, in_cell=False),
    "enable_identity": Row("host", some_identity, {"coordinator": (404, "NotFound")}, in_cell=False),
    "list_mandates": Row("coordinator", nothing, {"hilde": (404, "NotFound")}),
    "invite_person": Row("coordinator", new_mandate, {"insider": ROLE, "dpo": ROLE, "oversight": ROLE}),
    "list_proposals": Row("coordinator", nothing, OUTSIDE_THE_GIVERS),
    "confirm_proposal": Row("coordinator", proposed_mandate, OUTSIDE_THE_GIVERS),
    "decline_proposal": Row("coordinator", proposed_mandate, OUTSIDE_THE_GIVERS),
    "propose_recovery": Row("hilde", new_recovery, OUTSIDE_THE_HOST, in_cell=False),
    "second_recovery": Row("hugo", proposed_recovery, OUTSIDE_THE_HOST, in_cell=False),
    "confirm_recovery": Row("oversight", seconded_recovery, OUTSIDE_OVERSIGHT),
    "list_recoveries": Row("oversight", nothing, OUTSIDE_OVERSIGHT | {"coordinator": ROLE, "mayor": ROLE}),
    "end_mandate": Row("coordinator", ending_mandate, {"insider": ROLE, "outsider": ROLE, "dpo": ROLE}),
    "accept_undertaking": Row("insider", undertaking),
    "enter_signal": Row("insider", new_signal, {"dpo": ROLE, "oversight": ROLE}),
    "list_signals": Row("coordinator", nothing, {"oversight": ROLE}),
    "read_signal": Row(
        "insider", one_signal,
        {"outsider": ABSENT_CASE, "colleague": ABSENT_CASE, "other_mayor": ABSENT_CASE, "oversight": ROLE},
    ),
    "propose_case": Row("coordinator", proposal, {"insider": ROLE, "mayor": ROLE}),
    "list_cases": Row("insider", nothing, {"oversight": ROLE}),
    "read_case": Row(
        "insider", one_case, {"outsider": ABSENT_CASE, "other_mayor": ABSENT_CASE, "oversight": ROLE}
    ),
    "list_waiting": Row("insider", nothing, {"oversight": ROLE, "dpo": ROLE}),
    "place_on_list": Row("mayor", listing, {"other_mayor": ABSENT_CASE, "coordinator": ROLE, "insider": ROLE}),
    "reconsider_case": Row("mayor", second_thought, {"other_mayor": ABSENT_CASE, "coordinator": ROLE, "insider": ROLE}),
    "refuse_case": Row("mayor", refusal, {"other_mayor": ABSENT_CASE, "coordinator": ROLE, "insider": ROLE}),
    "invite_to_circle": Row("coordinator", invitation, {"mayor": ROLE, "insider": ROLE, "outsider": ROLE}),
    "end_invitation": Row("coordinator", invited, {"other_mayor": ABSENT_CASE, "insider": ROLE, "outsider": ROLE}),
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

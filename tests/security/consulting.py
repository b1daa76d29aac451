"""Requests of a consultation, from a signal to a decision, for the isolation matrix."""

from __future__ import annotations

from tests.security.asks import Ask
from tests.security.world import World


async def one_case(world: World) -> Ask:
    return Ask({"case": world.ids["case"]})


async def one_signal(world: World) -> Ask:
    return Ask({"signal": world.ids["signal"]})


async def one_session(world: World) -> Ask:
    return Ask({"session": (await world.planned(world.ids["case"])).body["id"]})


async def new_signal(world: World) -> Ask:
    return Ask(body=world.pen.signal(world.nis_codes[0]))


async def proposal(world: World) -> Ask:
    return Ask(body=world.pen.proposal(await world.signal()), etag='"1"')


async def unchecked_signal(world: World) -> Ask:
    return Ask({"signal": await world.signal()}, etag='"1"')


async def checked_signal(world: World) -> Ask:
    signal = await world.signal()
    await world["coordinator"].post(world.path(f"signals/{signal}/check"), {}, if_match='"1"')
    return Ask({"signal": signal})


async def answer_to_check(world: World) -> Ask:
    asked = await checked_signal(world)
    return Ask(asked.ids, {"answer": "no_objection"}, etag='"1"')


async def dismissal(world: World) -> Ask:
    asked = await unchecked_signal(world)
    return Ask(asked.ids, {"reason": "other_purpose", "noted": "Geen geweld.", "told": "Dank je."}, asked.etag)


async def redirection(world: World) -> Ask:
    asked = await unchecked_signal(world)
    return Ask(asked.ids, {"help": "school_support", "told": "Bel het CLB."}, asked.etag)


async def dismissed_signal(world: World) -> Ask:
    asked = await dismissal(world)
    path = world.path(f"signals/{asked.ids['signal']}/dismiss")
    ended = await world["coordinator"].post(path, dict(asked.body or {}), if_match=asked.etag)
    return Ask(asked.ids, {}, ended.etag)


async def question_to_reporter(world: World) -> Ask:
    asked = await unchecked_signal(world)
    return Ask(asked.ids, {"text": "Sinds wanneer?", "language": "nl"}, asked.etag)


async def addition(world: World) -> Ask:
    asked = await question_to_reporter(world)
    path = world.path(f"signals/{asked.ids['signal']}")
    done = await world["coordinator"].post(f"{path}/ask", dict(asked.body or {}), if_match=asked.etag)
    entry = (await world["coordinator"].get(path)).body["exchange"][0]["entry_id"]
    return Ask(asked.ids, {"text": "Sinds de herfst.", "language": "nl", "answers": entry}, done.etag)


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

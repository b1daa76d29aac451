"""The rows of questions without a name, and what they ask for, fresh each time: asked, answered, told to the table."""

from __future__ import annotations

from collections.abc import Mapping

from tests.security.asks import Ask, Row
from tests.security.world import World

ABSENT = (404, "NotFound")
ROLE = (403, "RoleMissing")
OUTSIDE_THE_QUESTION = {
    "outsider": ABSENT, "colleague": ABSENT, "mayor": ABSENT, "officer": ABSENT, "dpo": ROLE,
    "oversight": ROLE,
}  # fmt: skip
"""Who neither asked it nor coordinates."""


async def new_question(world: World) -> Ask:
    return Ask(body={"text": "Hoe begin ik dat gesprek?", "language": "nl"})


async def one_question(world: World) -> Ask:
    # Of one person ten are open at once.
    running = (await world["insider"].get(world.path("questions"), time="current", page_size=50)).body["questions"]
    for question in running if len(running) > 8 else ():
        path = world.path(f"questions/{question['question_id']}/close")
        await world["insider"].post(path, {}, if_match=f'"{question["version"]}"')
    asked = await world["insider"].post(world.path("questions"), (await new_question(world)).body or {})
    return Ask({"question": asked.body["id"]})


async def open_question(world: World) -> Ask:
    return Ask((await one_question(world)).ids, {}, '"1"')


async def answer_to_question(world: World) -> Ask:
    return Ask((await one_question(world)).ids, {"prepared": "talk_first", "language": "nl"}, '"1"')


async def lesson(world: World) -> Ask:
    answered = await answer_to_question(world)
    path = world.path(f"questions/{answered.ids['question']}/answer")
    await world["coordinator"].post(path, dict(answered.body or {}), if_match=answered.etag)
    return Ask(answered.ids, {"question": "Hoe begin ik?", "answer": "Vraag, en luister.", "language": "nl"})


async def taught_answer(world: World) -> Ask:
    told = await lesson(world)
    path = world.path(f"questions/{told.ids['question']}/publish")
    entry = await world["coordinator"].post(path, dict(told.body or {}))
    return Ask({"answer": entry.body["id"]}, {}, '"1"')


async def nothing(world: World) -> Ask:
    return Ask()


QUESTIONS: Mapping[str, Row] = {
    "ask_question": Row("insider", new_question, {"dpo": ROLE, "oversight": ROLE}),
    "read_question": Row("insider", one_question, OUTSIDE_THE_QUESTION),
    "close_question": Row("insider", open_question, OUTSIDE_THE_QUESTION),
    "answer_question": Row("coordinator", answer_to_question, {"insider": ROLE, "mayor": ROLE, "dpo": ROLE}),
    "publish_answer": Row("coordinator", lesson, {"insider": ROLE, "mayor": ROLE, "dpo": ROLE}),
    "withdraw_answer": Row("coordinator", taught_answer, {"insider": ROLE, "mayor": ROLE, "dpo": ROLE}),
    "list_answers": Row("insider", nothing, {"oversight": ROLE}),
    "list_questions": Row("insider", nothing, {"dpo": ROLE, "oversight": ROLE}),
}

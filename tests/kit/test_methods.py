"""The methods of a proto service: each is served once and answers what the proto says, or nothing starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import pytest
from google.protobuf.message import Message

from rondetafel.kit.v1 import kit_pb2
from services.kit.execute import Work
from services.kit.methods import PORTAL, Context, Method, Served, by_hand, command, expect_all_served, peers_of, query
from services.kit.outbox import Receipt
from services.kit.rpc import ServicerAdapter
from services.kit.shapes import Unfitting
from tests.doors import NOBODY, Doors
from tests.kit.form import FILE, Person, Things, message
from tests.kit.test_reading import Somebody

ID = UUID("01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55")
SERVICE = FILE.services_by_name["ThingService"]


@dataclass(frozen=True, slots=True)
class DoThing:
    """A command."""

    thing_id: UUID


@dataclass(frozen=True, slots=True)
class ListThings:
    """A query."""


@dataclass(frozen=True, slots=True)
class DoOther:
    """A command that has no method."""


async def do_thing(work: Work, command: DoThing) -> Receipt:
    """Its handler."""
    return Receipt(command.thing_id, "DONE", 2)


async def list_things(work: Work, query: ListThings) -> tuple[Somebody, ...]:
    """Its handler."""
    return (Somebody("An", None),)


async def do_other(work: Work, command: DoOther) -> Receipt:
    """Its handler."""
    raise NotImplementedError


class Adapter:
    """Runs handlers, and says as whom."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    async def run(self, context: object, handler: Any, asked: Any) -> Any:
        self.ran.append("person")
        return await handler(cast(Work, None), asked)

    async def run_for_service(self, context: object, handler: Any, asked: Any) -> Any:
        self.ran.append("service")
        return await handler(cast(Work, None), asked)


DO, LIST = command(do_thing, DoThing), query(list_things, ListThings, Things)


async def test_a_method_leads_to_its_handler_and_back() -> None:
    adapter = Adapter()
    doors = Doors(adapter, [Served(SERVICE, DO, LIST)])
    assert await doors.DoThing(message("DoThingRequest")(thing_id=str(ID)), NOBODY) == kit_pb2.Receipt(
        id=str(ID), state="DONE", version=2
    )
    assert await doors.ListThings(message("ListThingsRequest")(), NOBODY) == Things(people=[Person(given_name="An")])
    assert adapter.ran == ["person", "person"]


async def test_a_method_may_run_for_the_process_that_calls() -> None:
    adapter = Adapter()
    served = Served(SERVICE, command(do_thing, DoThing, for_service=True), LIST)
    await Doors(adapter, [served]).DoThing(message("DoThingRequest")(thing_id=str(ID)), NOBODY)
    assert adapter.ran == ["service"]


async def test_a_method_may_be_a_function() -> None:
    async def call(adapter: ServicerAdapter, request: Message, context: Context) -> kit_pb2.Receipt:
        return kit_pb2.Receipt(state="BY HAND")

    served = Served(SERVICE, by_hand(message("DoThingRequest"), kit_pb2.Receipt, call), LIST)
    assert (await Doors(Adapter(), [served]).DoThing(message("DoThingRequest")(), NOBODY)).state == "BY HAND"


@pytest.mark.parametrize(
    "methods",
    [
        (DO,),
        (DO, DO, LIST),
        (DO, LIST, command(do_other, DoOther)),
        (DO, query(list_things, ListThings, Person)),
    ],
)
def test_a_service_that_is_not_served_as_it_says_is_refused(methods: tuple[Method, ...]) -> None:
    Served(SERVICE, LIST, DO)
    with pytest.raises(Unfitting):
        Served(SERVICE, *methods)


def test_every_service_of_a_file_is_served_once() -> None:
    served = Served(SERVICE, DO, LIST)
    expect_all_served(FILE, [served])
    for wrong in ([], [served, served]):
        with pytest.raises(Unfitting):
            expect_all_served(FILE, wrong)


def test_peers_are_those_the_proto_names_or_the_portal() -> None:
    assert peers_of(FILE) == {"DoThing": frozenset({"cli"}), "ListThings": PORTAL}

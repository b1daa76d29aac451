"""What services refuse is put to the field it is about, by the name the field has in the message."""

from __future__ import annotations

import pytest
from google.protobuf.message import Message

from rondetafel.case.v1 import case_pb2 as pb
from rondetafel.partner_directory.v1.partner_directory_pb2 import CreateCellRequest
from services.kit.field_rules import limit_of
from services.kit.problems import Problem
from services.portal.backends.calls import Refused
from services.portal.web.ui.forms import WHOLE, Form
from services.portal.web.ui.language import Languages

LANGUAGES = Languages()


def form(**fields: list[str]) -> Form:
    """With three rows of criteria of which the second is left empty, a list of ticks, and a day."""
    shown = Form(LANGUAGES["en"], fields)
    shown.rows("criteria", [0, 2])
    for row in (0, 2):
        shown.choice(f"criteria[{row}].code", {""}, missing="Choose.")
        shown.text(f"criteria[{row}].argument", pb.ProposeCaseRequest)
    shown.choices("parts", {"content"})
    shown.day("review_on")
    return shown


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("criteria[0].argument", "criteria[0].argument"),
        ("criteria[1].argument", "criteria[2].argument"),
        ("criteria[1].code", "criteria[2].code"),
        ("criteria", "criteria[0].code"),
        ("parts", "parts"),
        ("parts[3]", "parts"),
        ("review_on", "review_on"),
        ("criteria[7].argument", WHOLE),
        ("If-Match", WHOLE),
        ("state", WHOLE),
        ("", WHOLE),
    ],
)
def test_what_is_refused_stands_at_the_field_that_was_read_for_it(path: str, field: str) -> None:
    refused = form()
    refused.refuse(Refused(Problem(400, "FieldMissing", "", field=path)))
    assert list(refused.errors) == [field]


def test_a_text_is_as_long_as_the_message_allows() -> None:
    longest = limit_of(pb.ProposeCaseRequest, "criteria[0].argument")
    name = "criteria[0].argument"
    fits = Form(LANGUAGES["en"], {name: ["a" * longest]})
    fits.text(name, pb.ProposeCaseRequest)
    assert not fits.errors
    too_long = Form(LANGUAGES["en"], {name: ["a" * (longest + 1)]})
    too_long.text(name, pb.ProposeCaseRequest)
    assert str(longest) in too_long.error(name)


@pytest.mark.parametrize(
    ("name", "asked", "typed", "read"),
    [
        ("best_interest", pb.ProposeCaseRequest, "\ufeffRust.\r\n\x0bThuis. \u200b", "Rust.\n\nThuis."),
        ("person.given_name", pb.EnterSignalRequest, " Maria\u00a0 (Mieke)\u200b", "Maria (Mieke)"),
        ("contact", CreateCellRequest, "jan.d'hondt@town.example\u200b", "jan.d'hondt@town.example"),
    ],
)
def test_a_text_is_read_as_the_door_will_read_it(name: str, asked: type[Message], typed: str, read: str) -> None:
    sent = Form(LANGUAGES["en"], {name: [typed]})
    assert sent.text(name, asked) == read
    assert not sent.errors
    assert sent.value(name) == typed


@pytest.mark.parametrize(
    ("name", "asked", "typed", "said"),
    [
        ("person.given_name", pb.EnterSignalRequest, "\u200b", "Write it."),
        ("person.given_name", pb.EnterSignalRequest, "42", "letter"),
        ("contact", CreateCellRequest, "town.example", "e-mail address"),
    ],
)
def test_a_name_and_an_address_say_what_they_lack(name: str, asked: type[Message], typed: str, said: str) -> None:
    sent = Form(LANGUAGES["en"], {name: [typed]})
    sent.text(name, asked, missing="Write it.")
    assert said in sent.error(name)
    empty = Form(LANGUAGES["en"], {name: [""]})
    empty.text(name, asked)
    assert not empty.errors


def test_a_draft_of_other_names_is_shown_as_far_as_they_fit() -> None:
    kept = form(**{"criteria[0].argument": ["Since May."], "argument-2": ["Of before."]})
    assert kept.value("criteria[0].argument") == "Since May."
    assert kept.value("criteria[1].argument") == ""
    assert not kept.error("criteria[0].argument")

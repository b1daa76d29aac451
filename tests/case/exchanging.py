"""What is asked and answered about a signal, for tests that need it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from services.case.commands.add_to_signal import AddToSignal, add_to_signal
from services.case.commands.ask_reporter import AskReporter, ask_reporter
from services.case.commands.propose_case import propose_case
from services.case.exchange import EntryView
from services.case.queries.list_possible_matches import ListPossibleMatches, list_possible_matches
from tests.case.outcomes import signal_of
from tests.case.story import Story
from tests.harness import Person

SIGNAL_VERBS = ("propose_case", "ask_reporter", "add_to_signal", "list_possible_matches")
QUESTION, ANSWER, MORE = "Sinds wanneer blijft Sofie weg?", "Sofie blijft weg sinds Allerheiligen.", "Haar zus belde."


def question(our: Story, text: str = QUESTION) -> AskReporter:
    """The coordinator asks."""
    return AskReporter(our.signal.id, our.signal.version, text, "nl")


def addition(our: Story, text: str = MORE, answers: UUID | None = None) -> AddToSignal:
    """Whoever told it adds something, or answers."""
    return AddToSignal(our.signal.id, our.signal.version, text, "nl", answers)


def acts_on(our: Story, version: int) -> dict[str, tuple[Any, Any]]:
    """The right request of each of these verbs, of a signal of that version."""
    asked, added = replace(question(our), expected_version=version), replace(addition(our), expected_version=version)
    proposal = our.proposal(expected_version=version)
    alike = ListPossibleMatches(our.signal.id)
    acts = ((propose_case, proposal), (ask_reporter, asked), (add_to_signal, added), (list_possible_matches, alike))
    return dict(zip(SIGNAL_VERBS, acts, strict=True))


async def ask(our: Story, text: str = QUESTION) -> UUID:
    """A question of the coordinator: its entry."""
    our.signal = await our.coordinator.run(ask_reporter, question(our, text))
    return (await entries(our, our.coordinator))[-1].entry_id


async def add(our: Story, text: str = MORE, answers: UUID | None = None) -> Story:
    """Something of the reporter's."""
    our.signal = await our.reporter.run(add_to_signal, addition(our, text, answers))
    return our


async def entries(our: Story, reader: Person) -> tuple[EntryView, ...]:
    """What somebody reads of it."""
    return (await signal_of(our, reader)).exchange


async def said(our: Story, reader: Person) -> list[tuple[Any, ...]]:
    """The same in few words."""
    return [(entry.kind, entry.text, entry.author_id, entry.open) for entry in await entries(our, reader)]

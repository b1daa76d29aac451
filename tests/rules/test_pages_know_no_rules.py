"""Pages ask what may be done and where things stand; which state allows what, and which role, they do not know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from services.case.model import ActionState, CaseState, ContributionState, SignalState
from services.kit.policy import Role
from services.meeting.model import SessionState
from tests.rules.sources import ROOT

WEB = ROOT / "services" / "portal" / "web"
STATES = frozenset(
    str(state) for kind in (ActionState, CaseState, ContributionState, SessionState, SignalState) for state in kind
)
ROLES = frozenset(str(role) for role in Role) - {Role.HOST.value}
QUOTED = re.compile(r"""["']([A-Za-z_]+)["']""")
ASKED = re.compile(r"\bkit\.policy\b|\bhas_role\b|\bsits_for\b|\.roles? (?:not )?in\b|\.roles?\)? (?:[&-]|==)")

TEXTS: Mapping[str, str] = {
    "ui/labels.py": "the words of all codes",
    "ui/signal_labels.py": "the words of codes of signals",
    "ui/cell_labels.py": "the words of codes of a cell and its people",
    "case/words.py": "what is said of a case by its state, and the signs of an action's",
    "templates/signal/signal.html": "what is said of a signal by its state",
    "session/plan_routes.py": "what is said besides of a case that is on an agenda already",
    "case/circle_view.py": "the seat of the coordinator, where it stands in the ring",
    "ui/table.py": "the seat of the coordinator, who is named to whoever told something",
    "cell/seat_words.py": "the role of the invented person in the example of a list",
    "session/seats.py": "the names of the three seats, and what is said when one is empty",
}
"""Where a state or a role stands as a key of texts or as the name of a seat; none of these asks a question with it."""


def questions(path: Path, text: str) -> Iterator[str]:
    """Lines that name a state or a role, or ask for one."""
    name = str(path.relative_to(WEB))
    for number, line in enumerate(text.splitlines(), start=1):
        named = STATES | ROLES if path.suffix == ".py" else STATES
        words = set(QUOTED.findall(line)) & named
        if ASKED.search(line) or (words and name not in TEXTS):
            yield f"{name}:{number}: {line.strip()}"


def sources() -> list[Path]:
    """The pages' code and templates."""
    return [path for path in sorted(WEB.rglob("*")) if path.suffix in (".py", ".html")]


def test_pages_ask_for_no_state_and_no_role() -> None:
    found = [line for path in sources() for line in questions(path, path.read_text())]
    assert found == []


def test_the_texts_are_those_that_are_needed() -> None:
    for name in TEXTS:
        words = set(QUOTED.findall((WEB / name).read_text()))
        assert words & (STATES | ROLES), f"{name} needs no exception"


@pytest.mark.parametrize(
    "line",
    [
        'if frame.state not in ("LISTED", "SCHEDULED"):',
        'if table.has_role("coordinator"):',
        "from services.kit.policy import SEATS",
        "return any(mandate.role in roles for mandate in mandates)",
        'may_plan = "coordinator" in cell.roles',
    ],
)
def test_the_rule_reports(line: str) -> None:
    assert list(questions(WEB / "case" / "x.py", line)) != []
    assert list(questions(WEB / "case" / "x.py", 'if "place_on_list" in case.may:')) == []

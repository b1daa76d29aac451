"""`python -m deploy.states [FOLDER]`: a picture of each machine into the folder, docs/states without one."""

from __future__ import annotations

import sys
from pathlib import Path

from deploy.local.instance import REPOSITORY
from deploy.states.drawing import Machine, draw
from services.case.model.states import (
    CASE_MOVES,
    CONTRIBUTION_MOVES,
    QUESTION_MOVES,
    SIGNAL_MOVES,
    CaseState,
)
from services.meeting.model.states import NEXT

FOLDER = REPOSITORY / "docs" / "states"
MACHINES = (
    Machine("signal", "The states of a signal", SIGNAL_MOVES),
    Machine("question", "The states of a question without a name", QUESTION_MOVES),
    Machine("case", "The states of a case", CASE_MOVES, frozenset({CaseState.RESTRICTED})),
    Machine("contribution", "The states of a contribution", CONTRIBUTION_MOVES),
    Machine("session", "The states of a session", NEXT),
)


def write(folder: Path) -> None:
    """All of them; what lies there and is none of them is left."""
    folder.mkdir(parents=True, exist_ok=True)
    for machine in MACHINES:
        (folder / f"{machine.name}.svg").write_text(draw(machine))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)

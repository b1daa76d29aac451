"""Questions without a name, and what they taught."""

from __future__ import annotations

from tests.pages.routes import PageState

SEND = "#form button:not([name])"
CELL = "/cells/{cell}"
ASKED, TOLD = f"{CELL}/questions/{{question}}", f"{CELL}/questions/{{told_question}}"
NAMING = (("#text", "Wat zeg ik tegen Karim El Amrani, geboren op 24 november 2009?"),)
QUESTIONS = (
    PageState(f"{CELL}/questions/new", "empty", "nele"),
    PageState(f"{CELL}/questions/new", "sent empty", "nele", status=422, send=SEND),
    PageState(f"{CELL}/questions/new", "seems to name somebody", "nele", send=SEND, typed=NAMING),
    PageState(f"{CELL}/questions", "of the cell", "an"),
    PageState(f"{CELL}/questions", "my own", "nele"),
    PageState(f"{CELL}/questions", "none yet", "sofie"),
    PageState(ASKED, "asked, the coordinator", "an"),
    PageState(ASKED, "asked, sent empty", "an", status=422, send=SEND),
    PageState(ASKED, "asked, who asked", "nele"),
    PageState(ASKED, "answered, who asked", "nele", TOLD),
    PageState(f"{CELL}/signals/new", "from a question", "nele", f"{CELL}/signals/new?draft=new&question={{question}}"),
    PageState(f"{CELL}/answers", "of the cell", "nele"),
    PageState(f"{CELL}/answers", "the coordinator", "an"),
    PageState(f"{ASKED}/publish", "empty", "an", f"{TOLD}/publish"),
    PageState(f"{ASKED}/publish", "sent empty", "an", f"{TOLD}/publish", status=422, send=SEND),
    PageState(ASKED, "of another", "sofie", status=404, marked=False),
)

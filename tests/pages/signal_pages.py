"""Signals: told, asked about, checked, and what comes of them."""

from __future__ import annotations

from tests.pages.routes import PageState, at

SEND = "#form button:not([name])"
LONG_REASONS = "De partners zien samen genoeg aanknopingspunten.\nZij spreken af wie wat doet, en wanneer."
CELL = "/cells/{cell}"
CHECKED = f"{CELL}/signals/{{signal}}"
CHECK = f"{CHECKED}/check"
BACK = f"{CHECKED}/reconsider"
DISMISSING = (("#reason", ""), ("#noted", LONG_REASONS), ("#told", LONG_REASONS))
"""Everything that is asked of who does not retain a signal."""
CONTRADICTED = (
    ("#observed", LONG_REASONS), ("#tried", "Een gesprek."), ("#reason", "Samen overleggen."),
    ("[name='person.given_name']", "Robin"), ("[name='person.birth_date']", "1979"), ("#minor", ""),
)  # fmt: skip
"""A signal about an adult who is said to be a minor."""

SIGNALS = (
    PageState(f"{CELL}/signals/new", "empty", "nele"),
    PageState(f"{CELL}/signals/new", "sent empty", "nele", status=422, send=SEND),
    PageState(f"{CELL}/signals/new", "two that exclude each other", "nele", send=SEND, typed=CONTRADICTED),
    PageState(f"{CELL}/signals/new", "before the undertaking", "newcomer"),
    PageState(f"{CELL}/signals", "of the cell", "an"),
    PageState(f"{CELL}/signals", "my own", "nele"),
    PageState(f"{CELL}/signals", "none yet", "sofie"),
    PageState(f"{CELL}/signals/{{signal}}/thanks", "entered", "nele", marked=False),
    PageState(f"{CELL}/signals/{{signal}}", "received, the coordinator", "an"),
    PageState(CHECKED, "about nobody else", "an", at(CHECKED, signal="unlike")),
    PageState(f"{CELL}/signals/{{signal}}", "received, who told it", "nele"),
    PageState(
        f"{CELL}/signals/{{signal}}", "proposed", "nele", at(f"{CELL}/signals/{{signal}}", signal="signal_proposed")
    ),
    PageState(f"{CELL}/signals/{{signal}}", "of another", "sofie", status=404, marked=False),
    PageState(f"{CHECK}/start", "before it is asked", "an", at(f"{CHECK}/start", signal="signal")),
    PageState(f"{CELL}/signals/{{signal}}", "being checked, the coordinator", "an", at(CHECKED, signal="asked")),
    PageState(f"{CELL}/signals/{{signal}}", "held, the coordinator", "an", at(CHECKED, signal="held")),
    PageState(f"{CELL}/signals/{{signal}}", "held, who told it", "nele", at(CHECKED, signal="held")),
    PageState(CHECKED, "asked and open, who told it", "nele", at(CHECKED, signal="wondered")),
    PageState(CHECKED, "an answer sent empty", "nele", at(CHECKED, signal="wondered"), status=422, send=SEND),
    PageState(CHECKED, "asked and open, the coordinator", "an", at(CHECKED, signal="wondered")),
    PageState(CHECKED, "answered and added, the coordinator", "an", at(CHECKED, signal="answered")),
    PageState(CHECKED, "answered and added, who told it", "nele", at(CHECKED, signal="answered")),
    PageState(f"{CHECKED}/propose", "beside an exchange", "an", at(f"{CHECKED}/propose", signal="answered")),
    PageState(CHECK, "to be answered", "karim", at(CHECK, signal="asked")),
    PageState(CHECK, "sent empty", "karim", at(CHECK, signal="asked"), status=422, send=SEND),
    PageState(CHECK, "held, the police", "karim", at(CHECK, signal="held")),
    PageState(CHECK, "held, the mayor", "lieve", at(CHECK, signal="held"), marked=False),
    PageState(CHECK, "somebody else", "nele", at(CHECK, signal="held"), status=404, marked=False),
    PageState(f"{CHECKED}/dismiss", "empty", "an"),
    PageState(f"{CHECKED}/dismiss", "sent empty", "an", status=422, send=SEND),
    PageState(f"{CHECKED}/dismiss", "read once more", "an", send=SEND, typed=DISMISSING),
    PageState(f"{CHECKED}/dismiss", "somebody else", "nele", status=404, marked=False),
    PageState(f"{CHECKED}/redirect", "held, the coordinator", "an", at(f"{CHECKED}/redirect", signal="held")),
    PageState(f"{CHECKED}/redirect", "sent empty", "an", status=422, send=SEND),
    PageState(f"{CHECKED}/withdraw", "before it is withdrawn", "nele"),
    PageState(CHECKED, "not retained, the coordinator", "an", at(CHECKED, signal="dismissed")),
    PageState(CHECKED, "redirected, who told it", "nele", at(CHECKED, signal="redirected")),
    PageState(BACK, "before it is taken back", "an", at(BACK, signal="redirected")),
    PageState(f"{CELL}/signals/{{signal}}/propose", "empty", "an"),
    PageState(f"{CELL}/signals/{{signal}}/propose", "sent empty", "an", status=422, send=SEND),
)

"""The table of page states: every page of the portal, in each state that changes it, before those who see it so.

What stands in braces is found by places.py; the story's people are those of the demo town.
"""

from __future__ import annotations

from tests.pages.circle_pages import CIRCLE
from tests.pages.question_pages import QUESTIONS
from tests.pages.routes import PageState, at
from tests.pages.signal_pages import SIGNALS
from tests.pages.table_pages import RULES, TABLE

SEND = "#form button:not([name])"
LONG_REASONS = "De partners zien samen genoeg aanknopingspunten.\nZij spreken af wie wat doet, en wanneer."

CELL = "/cells/{cell}"
CASE = f"{CELL}/cases/{{case}}"
MINE = f"{CASE}/contribution/{{contribution}}"
SESSION = f"{CELL}/sessions/{{session}}"

NO_PAGES = {
    "/signin": "leads to the sign-in service",
    "/signin/callback": "leads back from it; without a sign-in that began here it is the page that says so",
    "/host/progress": "the part of the host's page that renews itself",
    "/signin/left": "what an open page asks, and nobody reads",
    f"{CELL}/rules/{{rules}}/file": "a file to be saved",
    f"{CELL}/mandates/list/example": "a file to be saved",
    "/events": "the stream of a browser's live pages",
}
"""Addresses that answer no page of their own, each with the reason."""


GUEST = f"{CELL}/mandates/invite?draft=new"
INVITATION = "/invitation/{cell}/{invitation}"
COMING = at(INVITATION, invitation="cell")
"""The page is the same whether there is such an invitation or not."""
DECISION = f"{SESSION}/cases/{{case}}/decision"
DECIDING = at(DECISION, session="open", case="at_table") + "?draft=new"
ACT = f"{CELL}/mandates/{{mandate}}/{{act}}"
LIVE = at(f"{SESSION}/cases/{{case}}", session="open", case="at_table")


OPEN_DOORS = (
    PageState("/", "nobody is signed in", None),
    PageState("/", "signed out just now", None, "/?out=1"),
    PageState("/", "a form was kept when the sign-in ended", None, "/?kept=1"),
    PageState("/", "no such page, not signed in", None, "/nothing", status=404),
    PageState("/", "signed out, the time was over", None, "/?over=1"),
    PageState("/", "everything was ended", None, "/?out=stolen"),
    PageState("/signin/callback", "no sign-in began here", None, status=401),
    PageState(INVITATION, "nobody is signed in", None, COMING, marked=False),
    PageState("/help", "read before signing in", None),
    PageState("/help", "read by a partner", "nele"),
    PageState("/help/privacy", "read before signing in", None),
    PageState("/help/stolen", "where the letter leads", None),
    PageState("/help/accessibility", "read before signing in", None),
    PageState("/help/controls", "for who builds pages", None),
)

MY_OWN = (
    PageState("/", "a coordinator", "an"),
    PageState("/", "a mayor", "lieve"),
    PageState("/", "a partner", "nele"),
    PageState("/", "a DPO", "tom"),
    PageState("/", "undertaking not accepted", "newcomer"),
    PageState("/", "without a mandate", "nobody"),
    PageState("/", "no such page, signed in", "an", "/cells/{cell}/nothing", status=404),
    PageState("/signin/second-step", "asked for", "an"),
    PageState("/signin/over", "signed in by another page", "an", "/signin/over?to=/me"),
    PageState("/me", "mine", "an"),
    PageState("/me/profile", "mine", "an"),
    PageState("/me/sign-ins", "mine", "an"),
    PageState("/me/sign-ins", "one was ended", "an", "/me/sign-ins?ended=1"),
    PageState("/me/sign-ins/not-me", "before it is said", "an"),
    PageState("/me/profile", "no number", "an", status=422, typed=(("#telephone", "0470"),), send=SEND),
    PageState(INVITATION, "signed in", "nobody", COMING, marked=False),
    PageState(INVITATION, "sent without a code", "nobody", COMING, status=422, send="main form button", marked=False),
    PageState("/help/law", "read by a partner", "nele"),
    PageState("/help/law", "read by a DPO", "tom"),
    PageState("/help/law", "without a mandate", "nobody"),
    PageState("/sessions", "a coordinator", "an"),
    PageState("/sessions", "without any", "wim"),
    PageState("/sessions", "a DPO", "tom"),
    PageState(f"{CELL}/sessions", "over, a partner", "nele"),
    PageState(f"{CELL}/waiting", "a coordinator", "an"),
    PageState(f"{CELL}/waiting", "somebody of another cell", "wim", status=404),
)

HOST = (
    PageState("/host", "the host", "hilde"),
    PageState("/host", "a town is found", "hilde", "/host?town=vaart"),
    PageState("/host", "no town is found", "hilde", "/host?town=xyz"),
    PageState("/host", "somebody else", "an", status=404),
    PageState("/host/flanders", "before all are made", "hilde"),
    PageState("/host/flanders", "somebody else", "an", status=404),
    PageState("/host/law", "the host", "hilde"),
    PageState("/host/law", "somebody else", "an", status=404),
    PageState("/host/law", "nothing is filled in", "hilde", status=422, send=SEND),
    PageState("/host/law/{legal_basis}/end", "the host", "hilde"),
    PageState("/host/law/{legal_basis}/end", "somebody else", "an", status=404),
    PageState("/host/law/{legal_basis}/end", "no day is filled in", "hilde", status=422, send=SEND),
    PageState("/host/thefts", "the host", "hilde"),
    PageState("/host/thefts", "somebody else", "an", status=404),
    PageState("/host/providers", "the host", "hilde"),
    PageState("/host/providers", "somebody else", "an", status=404),
    PageState("/host/providers", "nothing is filled in", "hilde", status=422, send=SEND),
    PageState("/host/providers/{provider}", "the host", "hilde"),
    PageState("/host/providers/{provider}", "somebody else", "an", status=404),
    PageState("/host/providers/{provider}", "one that speaks SAML", "hilde", "/host/providers/{saml_provider}"),
    PageState("/host/providers/saml", "the host", "hilde"),
    PageState("/host/providers/saml", "somebody else", "an", status=404),
    PageState("/host/providers/saml", "nothing is filled in", "hilde", status=422, send=SEND),
    PageState("/host/providers/{provider}/metadata", "the host", "hilde", "/host/providers/{saml_provider}/metadata"),
    PageState("/host/providers/{provider}/metadata", "one without metadata", "hilde", status=404),
    PageState("/host/providers/{provider}/metadata", "somebody else", "an", status=404),
    PageState("/host/cells/{cell}", "the host", "hilde"),
    PageState("/host/cells/{cell}", "one that nobody had", "hilde", "/host/cells/{unused}"),
    PageState("/host/cells/{cell}", "somebody else", "an", status=404),
    PageState("/host/cells/{cell}", "one that is suspended", "hilde", "/host/cells/{stopped}"),
    PageState("/host/cells/{cell}", "its coordinator is invited", "hilde", "/host/cells/{founded}"),
    PageState("/host/cells/{cell}/founding", "the host", "hilde", "/host/cells/{unused}/founding"),
    PageState("/host/cells/{cell}/founding", "sent empty", "hilde", "/host/cells/{unused}/founding", 422, SEND),
    PageState("/host/cells/{cell}/founding", "a cell with its mayor", "hilde", status=404),
    PageState("/host/cells/{cell}/founding", "somebody else", "an", status=404),
    PageState("/host/cells/{cell}/suspend", "the host", "hilde"),
    PageState("/host/cells/{cell}/suspend", "no reason", "hilde", "/host/cells/{cell}/suspend", 422, SEND),
    PageState("/host/cells/{cell}/suspend", "somebody else", "an", status=404),
    PageState("/host/cells/{cell}/resume", "the host", "hilde", "/host/cells/{stopped}/resume"),
    PageState("/host/cells/{cell}/resume", "somebody else", "an", status=404),
    PageState("/host", "a cell without a number", "hilde", status=422, send=SEND),
)

CASES = (
    PageState(CASE, "proposed, the mayor", "lieve", at(CASE, case="proposed")),
    PageState(CASE, "on the list, the coordinator", "an", at(CASE, case="listed")),
    PageState(CASE, "on the list, a draft of mine", "nele", at(CASE, case="listed")),
    PageState(CASE, "nothing to share, asked", "nele", at(CASE, case="listed") + "?nothing=1"),
    PageState(CASE, "planned, with contributions", "sofie", at(CASE, case="scheduled")),
    PageState(CASE, "followed up", "nele", at(CASE, case="followed")),
    PageState(CASE, "outside the circle", "wim", at(CASE, case="listed"), status=404, marked=False),
    PageState(f"{CASE}/list", "to be decided", "lieve", at(f"{CASE}/list", case="proposed")),
    PageState(f"{CASE}/list", "sent empty", "lieve", at(f"{CASE}/list", case="proposed"), status=422, send=SEND),
    PageState(
        f"{CASE}/list",
        "looked at once more",
        "lieve",
        at(f"{CASE}/list", case="proposed"),
        send=SEND,
        typed=(("#way", ""), ("#reasons", LONG_REASONS)),
    ),
    PageState(f"{CASE}/reconsider", "to be taken back", "lieve", at(f"{CASE}/reconsider", case="just_listed")),
)

SHARING = (
    PageState(f"{CASE}/contribution", "empty", "sofie", at(f"{CASE}/contribution", case="listed")),
    PageState(
        f"{CASE}/contribution", "sent empty", "sofie", at(f"{CASE}/contribution", case="listed"), status=422, send=SEND
    ),
    PageState(MINE, "a draft", "nele", at(MINE, case="listed", contribution="draft")),
    PageState(MINE, "shared", "nele", at(MINE, case="scheduled", contribution="shared")),
    PageState(MINE, "of another", "sofie", at(MINE, case="listed", contribution="draft"), status=404, marked=False),
    PageState(f"{MINE}/text", "a draft", "nele", at(f"{MINE}/text", case="listed", contribution="draft")),
    PageState(
        f"{MINE}/{{step}}", "sent empty", "nele", at(f"{MINE}/need", case="listed", contribution="draft"), status=422,
        send=SEND,
    ),
    *(
        PageState(
            f"{MINE}/{{step}}", step, "nele", at(f"{MINE}/{step}", case="weighing", contribution="weighed"),
        )
        for step in ("need", "informed", "less", "proportion", "share")
    ),
)  # fmt: skip

SESSIONS = (
    PageState(f"{CELL}/sessions/new", "empty", "an"),
    PageState(f"{CELL}/sessions/new", "sent empty", "an", status=422, send=SEND),
    PageState(
        f"{CELL}/sessions/new", "eleven hours, looked at once more", "an", send=SEND,
        typed=(
            ("#day", "1"), ("#day-month", "12"), ("#day-year", "2099"), ("#starts_at", "2.00"), ("#ends_at", "13.00"),
            ("#place", ""), ("#items", ""),
        ),
    ),
    PageState(
        SESSION, "opened, looked at once more", "lieve", at(SESSION, session="planned"), send=SEND, marked=False,
        typed=(("#present_person_ids", ""), ("#secrecy_declared", "")),
    ),
    PageState(SESSION, "planned, the mayor", "lieve", at(SESSION, session="planned"), marked=False),
    PageState(SESSION, "planned, a partner", "nele", at(SESSION, session="planned"), marked=False),
    PageState(SESSION, "opened without a seat", "lieve", at(SESSION, session="planned"), status=422, send=SEND,
              marked=False),
    PageState(SESSION, "open", "karim", at(SESSION, session="open"), marked=False),
    PageState(SESSION, "decided", "sofie", at(SESSION, session="decided"), marked=False),
    PageState(f"{SESSION}/cases/{{case}}", "the chair", "lieve", at(f"{SESSION}/cases/{{case}}", session="open",
              case="at_table"), scripts=True),
    PageState(f"{SESSION}/cases/{{case}}", "a partner", "nele", at(f"{SESSION}/cases/{{case}}", session="open",
              case="at_table"), scripts=True),
    PageState(f"{SESSION}/cases/{{case}}", "the coordinator", "an", LIVE, scripts=True),
    PageState(f"{SESSION}/cases/{{case}}", "prepared, the chair", "lieve",
              at(f"{SESSION}/cases/{{case}}", session="prepared", case="prepared_case"), scripts=True),
    PageState(f"{SESSION}/cases/{{case}}", "prepared, the coordinator", "an",
              at(f"{SESSION}/cases/{{case}}", session="prepared", case="prepared_case") + "?prepared=1", scripts=True),
    PageState(DECISION, "the chair", "lieve", DECIDING, scripts=True),
    PageState(DECISION, "prepared, the chair", "lieve", at(DECISION, session="prepared", case="prepared_case"),
              scripts=True),
    PageState(DECISION, "who prepares", "an", DECIDING, scripts=True),
    PageState(DECISION, "a partner", "nele", DECIDING, status=404, marked=False),
    PageState(DECISION, "sent empty", "lieve", DECIDING, status=422, send=SEND, scripts=True),
    PageState(
        DECISION, "looked at once more", "lieve", DECIDING, send=SEND,
        typed=(("#outcome-2", ""), ("#reasons", LONG_REASONS)),
    ),
    PageState(f"{SESSION}/cancel", "read once more", "an", at(f"{SESSION}/cancel", session="planned"), marked=False),
    PageState(f"{SESSION}/cancel", "a partner", "nele", at(f"{SESSION}/cancel", session="planned"), status=404,
              marked=False),
    PageState(f"{SESSION}/undo-opening", "read once more", "lieve", at(f"{SESSION}/undo-opening", session="open"),
              marked=False),
    PageState(SESSION, "cancelled", "nele", at(SESSION, session="cancelled"), marked=False),
    PageState(SESSION, "open, who opened it", "lieve", at(SESSION, session="open"), marked=False),
    PageState(f"{SESSION}/cases/{{case}}", "decided", "sofie", at(f"{SESSION}/cases/{{case}}", session="decided",
              case="followed"), scripts=True),
)  # fmt: skip

PAGES = (*OPEN_DOORS, *MY_OWN, *HOST, *TABLE, *RULES, *SIGNALS, *QUESTIONS, *CASES, *CIRCLE, *SHARING, *SESSIONS)

"""What a table shows of itself: its people, what it needs, what it agreed on."""

from __future__ import annotations

from datetime import timedelta

from deploy.local.towns import VAARTBEKE
from services.kit.clock import local_date, utc_now
from tests.pages.routes import PageState

SEND = "#form button:not([name])"
CELL = "/cells/{cell}"
ACT = f"{CELL}/mandates/{{mandate}}/{{act}}"
TODAY = local_date(utc_now())


def listed(role: str = "deelnemer") -> str:
    """A list of seats with one person on it."""
    days = f"{TODAY:%d/%m/%Y};{TODAY + timedelta(days=300):%d/%m/%Y}"
    return (
        "file E-mailadres;Voornaam;Naam;KBO;Rol;Van;Tot;Rechtsgrond\r\n"
        f"zoe@listed.example;Zoë;Đorđević;{VAARTBEKE.seats[0].kbo_number};{role};{days};law-2018-07-30\r\n"
    )


TABLE = (
    PageState(CELL, "a coordinator", "an"),
    PageState(CELL, "a partner", "nele"),
    PageState(CELL, "a DPO", "tom"),
    PageState(CELL, "somebody of another cell", "wim", status=404),
    PageState(f"{CELL}/contacts", "the coordinator", "an"),
    PageState(f"{CELL}/contacts", "a partner", "nele"),
    PageState(f"{CELL}/contacts", "a DPO", "tom", status=404),
    PageState(f"{CELL}/mandates", "the coordinator", "an"),
    PageState(f"{CELL}/mandates", "the mayor", "lieve"),
    PageState(f"{CELL}/mandates", "over, the mayor", "lieve", f"{CELL}/mandates?over=1"),
    PageState(f"{CELL}/mandates", "somebody else", "nele", status=404),
    PageState(CELL, "being set up", "ilse", "/cells/{unopened}"),
    PageState(f"{CELL}/set-up", "the coordinator, open", "an"),
    PageState(f"{CELL}/set-up", "a DPO, open", "tom"),
    PageState(f"{CELL}/set-up", "being set up", "ilse", "/cells/{unopened}/set-up"),
    PageState(f"{CELL}/set-up", "somebody else", "nele", status=404),
    PageState(f"{CELL}/set-up/{{what}}", "the assessment", "an", f"{CELL}/set-up/dpia", marked=False),
    PageState(f"{CELL}/set-up/{{what}}", "in danger", "an", f"{CELL}/set-up/danger", marked=False),
    PageState(f"{CELL}/set-up/{{what}}", "letters", "an", f"{CELL}/set-up/contact", marked=False),
    PageState(f"{CELL}/set-up/{{what}}", "the colour", "an", f"{CELL}/set-up/colour", marked=False),
    PageState(
        f"{CELL}/set-up/{{what}}",
        "nothing is said",
        "ilse",
        "/cells/{unopened}/set-up/dpia",
        status=422,
        send=SEND,
        marked=False,
    ),
    PageState(f"{CELL}/set-up/{{what}}", "somebody else", "nele", f"{CELL}/set-up/dpia", status=404, marked=False),
    PageState(f"{CELL}/mandates/invite", "empty", "an", f"{CELL}/mandates/invite?draft=new"),
    PageState(
        f"{CELL}/mandates/invite", "sent empty", "an", f"{CELL}/mandates/invite?draft=new", status=422, send=SEND
    ),
    PageState(f"{CELL}/mandates/invite", "somebody else", "nele", status=404),
    PageState(f"{CELL}/mandates/list", "the coordinator", "an"),
    PageState(f"{CELL}/mandates/list", "no list", "an", status=422, send="main form button"),
    PageState(f"{CELL}/mandates/list", "what it comes to", "an", typed=(("#file", listed()),), send=SEND),
    PageState(
        f"{CELL}/mandates/list", "with faults", "an", status=422, typed=(("#file", listed("sheriff")),), send=SEND
    ),
    PageState(f"{CELL}/mandates/list", "somebody else", "nele", status=404),
    PageState(f"{CELL}/mandates/invitations", "the coordinator", "an"),
    PageState(f"{CELL}/mandates/invitations", "somebody else", "nele", status=404),
    PageState(ACT, "a later last day", "an", f"{CELL}/mandates/{{mandate}}/extend", marked=False),
    PageState(ACT, "no day", "an", f"{CELL}/mandates/{{mandate}}/extend", status=422, send=SEND, marked=False),
    PageState(ACT, "an earlier last day", "an", f"{CELL}/mandates/{{mandate}}/shorten", marked=False),
    PageState(ACT, "a clearance", "lieve", f"{CELL}/mandates/{{police_mandate}}/change", marked=False),
    PageState(ACT, "suspended", "an", f"{CELL}/mandates/{{mandate}}/suspend", marked=False),
    PageState(ACT, "an absence", "an", f"{CELL}/mandates/{{police_mandate}}/absent", marked=False),
    PageState(ACT, "a deputy", "an", f"{CELL}/mandates/{{police_mandate}}/deputy", marked=False),
    PageState(ACT, "the own absence", "karim", f"{CELL}/mandates/{{police_mandate}}/absent", marked=False),
    PageState(ACT, "all of an organisation", "an", f"{CELL}/mandates/{{mandate}}/suspend-organisation", marked=False),
    PageState(ACT, "somebody else", "nele", f"{CELL}/mandates/{{mandate}}/extend", status=404, marked=False),
    PageState(f"{CELL}/law/{{legal_basis}}/confirm", "a DPO", "tom", marked=False),
    PageState(f"{CELL}/law/{{legal_basis}}/confirm", "somebody else", "an", status=404, marked=False),
    PageState(f"{CELL}/undertaking", "to be accepted", "newcomer"),
    PageState(f"{CELL}/undertaking", "accepted", "nele"),
    PageState(f"{CELL}/undertaking", "sent without a tick", "newcomer", status=422, send="main form button"),
    # Until yesterday: what is done today, and reading the log is, would make it another page each time.
    PageState(f"{CELL}/log", "a DPO", "tom", f"{CELL}/log?{{until_yesterday}}"),
    PageState(f"{CELL}/log", "oversight", "greet", f"{CELL}/log?{{until_yesterday}}"),
    PageState(f"{CELL}/log", "nothing found", "tom", f"{CELL}/log?to-day=1&to-month=1&to-year=2020"),
    PageState(f"{CELL}/log", "no such day", "tom", f"{CELL}/log?to-day=31&to-month=2&to-year=2026", status=422),
    PageState(f"{CELL}/log", "somebody else", "an", status=404),
)

RULE, NEW_RULES = f"{CELL}/rules/{{rules}}", f"{CELL}/rules/new/{{kind}}"
AT_UPLOAD = f"{CELL}/rules/upload/cooperation_protocol"
AT_NEW, AT_WAITING = f"{CELL}/rules/new/internal_rules", f"{CELL}/rules/{{waiting_rules}}"
# What a cell agrees on is about no person: it is printed without the reader's name.
RULES = (
    PageState(f"{CELL}/rules", "a coordinator", "an"),
    PageState(f"{CELL}/rules", "a partner", "nele"),
    PageState(f"{CELL}/rules", "somebody of another cell", "wim", status=404),
    PageState(RULE, "to be accepted", "nele", marked=False),
    PageState(RULE, "the mayor", "lieve", marked=False),
    PageState(RULE, "sent without a tick", "nele", status=422, send="main form button", marked=False),
    PageState(RULE, "somebody of another cell", "wim", status=404, marked=False),
    PageState(RULE, "a PDF", "nele", f"{CELL}/rules/{{pdf}}", marked=False),
    PageState(RULE, "waits for the mayor", "lieve", AT_WAITING, marked=False),
    PageState(NEW_RULES, "the coordinator", "an", AT_NEW, marked=False),
    PageState(NEW_RULES, "without a word", "an", f"{CELL}/rules/new/undertaking", 422, SEND, marked=False),
    PageState(f"{CELL}/rules/upload/{{kind}}", "the coordinator", "an", AT_UPLOAD, marked=False),
    PageState(f"{CELL}/rules/upload/{{kind}}", "no file", "an", AT_UPLOAD, 422, "main form button", marked=False),
    PageState(f"{CELL}/rules/upload/{{kind}}", "somebody else", "nele", AT_UPLOAD, 404, marked=False),
    PageState(NEW_RULES, "somebody else", "nele", AT_NEW, 404, marked=False),
    PageState(f"{RULE}/decide", "the mayor", "lieve", f"{AT_WAITING}/decide", marked=False),
    PageState(f"{RULE}/decide", "nothing is chosen", "lieve", f"{AT_WAITING}/decide", 422, SEND, marked=False),
    PageState(f"{RULE}/decide", "somebody else", "nele", f"{AT_WAITING}/decide", 404, marked=False),
)

"""The circle of a case: who sits there, who is invited, whose invitation ends, who is kept out."""

from __future__ import annotations

from tests.pages.routes import PRESSED, PageState, at

SEND = "#form button:not([name])"
CELL = "/cells/{cell}"
CASE = f"{CELL}/cases/{{case}}"
INVITE = f"{CASE}/circle/invite"
ENDING = f"{CASE}/circle/{{entry}}/end"
KEEP_OUT = f"{CASE}/circle/keep-out"
LIFTING = f"{CASE}/circle/kept-out/{{person}}"
WHY = "De partners zien samen genoeg aanknopingspunten.\nZij spreken af wie wat doet, en wanneer."
INVITING = at(INVITE, case="listed") + "?draft=new"
"""Begun anew: what another state typed there is kept, and given back otherwise."""
INVITED = (("#person_id", "option 1"), (SEND, PRESSED), ("#why", WHY), (SEND, PRESSED))
"""The steps of an invitation, up to the one that asks how long."""

INFORMING = f"{CASE}/information"

CIRCLE = (
    PageState(INFORMING, "nothing was said yet", "an", at(INFORMING, case="listed")),
    PageState(INFORMING, "sent empty", "an", at(INFORMING, case="listed"), status=422, send=SEND),
    PageState(INFORMING, "put off before", "an", at(INFORMING, case="kept_out")),
    PageState(INFORMING, "a partner", "nele", at(INFORMING, case="listed"), status=404, marked=False),
    PageState(CASE, "informing is put off", "sofie", at(CASE, case="kept_out")),
    PageState(f"{CASE}/circle", "the coordinator", "an", at(f"{CASE}/circle", case="listed")),
    PageState(f"{CASE}/circle", "a partner", "nele", at(f"{CASE}/circle", case="listed")),
    PageState(INVITE, "whom", "an", INVITING),
    PageState(INVITE, "sent empty", "an", INVITING, status=422, send=SEND),
    PageState(INVITE, "what for", "an", INVITING, send=SEND, typed=INVITED[:1]),
    PageState(INVITE, "until when", "an", INVITING, send=SEND, typed=INVITED[:3]),
    PageState(INVITE, "looked at once more", "an", INVITING, send=SEND, typed=INVITED),
    PageState(ENDING, "to be ended", "lieve", at(ENDING, case="listed")),
    PageState(ENDING, "sent empty", "an", at(ENDING, case="listed"), status=422, send=SEND),
    PageState(ENDING, "a partner", "nele", at(ENDING, case="listed"), status=404, marked=False),
    PageState(f"{CASE}/circle", "somebody was taken out", "lieve", at(f"{CASE}/circle", case="left")),
    PageState(ENDING, "somebody was first", "lieve", at(ENDING, case="left", entry="ended"), status=409),
    PageState(f"{CASE}/circle", "somebody is kept out", "an", at(f"{CASE}/circle", case="kept_out")),
    PageState(f"{CASE}/circle", "somebody is kept out, a partner", "sofie", at(f"{CASE}/circle", case="kept_out")),
    PageState(f"{CASE}/conflict", "a partner", "nele", at(f"{CASE}/conflict", case="listed")),
    PageState(KEEP_OUT, "whom", "lieve", at(KEEP_OUT, case="kept_out")),
    PageState(KEEP_OUT, "sent empty", "lieve", at(KEEP_OUT, case="kept_out"), status=422, send=SEND),
    PageState(KEEP_OUT, "the coordinator", "an", at(KEEP_OUT, case="listed"), status=404, marked=False),
    PageState(LIFTING, "somebody declared it", "an", at(LIFTING, case="kept_out", person="karims_id")),
    PageState(CELL, "out of a case just now", "karim", f"{CELL}?out=1"),
    PageState(INVITE, "a partner", "nele", at(INVITE, case="listed"), status=404, marked=False),
)

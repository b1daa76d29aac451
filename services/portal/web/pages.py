"""The pages, as long as there are three of them. All text is escaped here."""

from __future__ import annotations

from html import escape

from fastapi.responses import HTMLResponse

from services.portal.api.models.partner_directory import MyCell, MyCells

ROLES = {
    "mayor": "burgemeester",
    "mayor_delegate": "gemachtigde van de burgemeester",
    "police_chief": "korpschef",
    "information_officer": "information officer",
    "prevention_officer": "preventieambtenaar",
    "coordinator": "coördinator",
    "participant": "deelnemer",
    "minute_taker": "verslaggever",
    "dpo": "functionaris voor gegevensbescherming",
    "oversight": "toezicht",
}


def signed_out() -> HTMLResponse:
    """For who is not signed in."""
    return _page("Rondetafel", '<p>U bent niet aangemeld.</p><p><a href="/signin">Aanmelden</a></p>')


def my_cells(cells: MyCells, csrf_token: str) -> HTMLResponse:
    """The tables the person sits at; who sits at none is told why that can be."""
    rows = "".join(f"<li>{_cell(one)}</li>" for one in cells.cells)
    listed = f"<ul>{rows}</ul>" if rows else (
        "<p>U bent aangemeld, maar u hebt op dit ogenblik geen mandaat in een cel. Werd u uitgenodigd? Vraag de"
        " coördinator van uw gemeente na voor welke organisatie en vanaf welke dag uw mandaat geldt.</p>"
    )  # fmt: skip
    form = (
        '<form method="post" action="/signout">'
        f'<input type="hidden" name="csrf_token" value="{escape(csrf_token)}"><button>Afmelden</button></form>'
    )
    return _page("Mijn cellen", f"<h1>Mijn cellen</h1>{listed}{form}")


SENTENCES = {
    401: ("U bent niet meer aangemeld", "Meld u opnieuw aan vanaf het begin."),
    403: ("Dit kan niet", "Ga terug naar het begin en probeer het opnieuw."),
    404: ("Deze pagina bestaat niet", "Controleer het adres."),
    503: ("Even niet bereikbaar", "Probeer het over enkele ogenblikken opnieuw."),
}
SIGN_IN_FAILED = ("Aanmelden is niet gelukt", "Probeer het opnieuw vanaf het begin.")
OTHERWISE = ("Er ging iets mis", "Probeer het opnieuw. Blijft het mislukken, verwittig dan uw host.")


def refusal(status: int) -> HTMLResponse:
    """What is the case and what to do about it."""
    return _told(status, *SENTENCES.get(503 if status == 504 else status, OTHERWISE))


def sign_in_failed() -> HTMLResponse:
    """The browser came back without a sign-in."""
    return _told(401, *SIGN_IN_FAILED)


def _told(status: int, sentence: str, advice: str) -> HTMLResponse:
    return _page(sentence, f'<h1>{sentence}</h1><p>{advice}</p><p><a href="/">Naar het begin</a></p>', status)


def _cell(cell: MyCell) -> str:
    roles = ", ".join(ROLES.get(role, role) for role in cell.roles)
    unsworn = "" if cell.undertaking_accepted else " – geheimhoudingsverklaring nog te aanvaarden"
    return f"{escape(cell.name)} ({escape(roles)}){unsworn}"


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    return HTMLResponse(
        f'<!doctype html><html lang="nl"><head>{head}</head><body><main>{body}</main></body></html>', status
    )

"""Pages keep the rules of the house: forms are checked, templates run no script and carry no style of their own."""

from __future__ import annotations

import re

import pytest
from fastapi.routing import APIRoute

from services.portal.web.request.viewer import posted
from services.portal.web.routes import ROUTERS
from tests.rules.sources import ROOT

TEMPLATES = ROOT / "services" / "portal" / "web" / "templates"
WITHOUT_TOKEN = {
    "/signin": "changes nothing here: it leads to the sign-in service",
    "/preferences": "of who is not signed in only this browser's cookies; the person's own only with the token",
    "/signout": "checks by itself, so that who is signed out already is told the same",
    "/signin/backchannel-logout": "sent by the sign-in service, signed by it",
}
NOT_KEPT = {
    "account/start.html": "nobody is signed in yet for whom it could be kept, an address of a page names nobody, and"
    " the browser fills it in by itself",
    "account/invitation.html": "a one-time code, which is kept nowhere",
}
"""Templates with a form of text that nothing keeps, and why that is right."""
FORM = re.compile(r"<form\b[^>]*\bmethod=\"post\"[^>]*>.*?</form>", re.DOTALL)
TEXT = re.compile(r"\b(?:input|textarea|date_input)\(|<textarea|<input(?! type=\"hidden\")|{% (?:include|block)")
"""By which a form has a field for text, or a part of another file that may have one."""
FORBIDDEN = {
    "an address without its query": r"\burl\.path\b",
    "an order of its own": r"\|\s*(?:dict)?sort\b",
    "a style of its own": r"\sstyle=",
    "an event handler": r"\son[a-z]+=",
    "script that htmx evaluates": r"hx-on|hx-vars|js:|javascript:|hx-trigger=\"[^\"]*\[",
    "a script in the page": r"<script(?![^>]*\ssrc=)",
    "text let through unescaped": r"\|\s*safe\b|autoescape\s+false|Markup\(",
    "something of another site": r"(?:src|href|action)=\"(?:https?:)?//",
}


def routes(method: str) -> list[APIRoute]:
    every = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return [route for route in every if method in (route.methods or ())]


@pytest.mark.parametrize("route", routes("POST"), ids=lambda route: route.path)
def test_every_form_is_checked_to_come_from_our_own_page(route: APIRoute) -> None:
    asked = {dependency.call for dependency in route.dependant.dependencies}
    assert (posted in asked) != (route.path in WITHOUT_TOKEN)


def test_pages_are_no_part_of_the_api_document() -> None:
    assert not any(route.include_in_schema for method in ("GET", "POST") for route in routes(method))


def findings(text: str) -> list[str]:
    """Names of what is found in a template."""
    return [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)]


def test_templates_hold_nothing_a_strict_policy_would_stop() -> None:
    found = {str(path.relative_to(TEMPLATES)): findings(path.read_text()) for path in TEMPLATES.rglob("*.html")}
    assert {name: what for name, what in found.items() if what} == {}


def not_carried(name: str, text: str) -> list[str]:
    """What a template lacks whose form can be kept (decision 45); the controls are drawn by one macro."""
    if name == "macros/forms.html":
        return []
    kept = '<form id="form"' in text and "name='later'" in text
    wanted = {
        "a form that can be kept says from what it began": not kept or "{{ carried(viewer, form) }}" in text,
        "only that macro proves what was shown": "'shown'" not in text,
        "the version it carries is the one it says it faces": "carried(" not in text or "hidden('version'" not in text,
    }
    return [what for what, held in wanted.items() if not held]


def test_forms_that_can_be_kept_carry_what_they_began_from() -> None:
    found = {str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")}
    lacking = {name: not_carried(name, text) for name, text in found.items()}
    assert {name: what for name, what in lacking.items() if what} == {}
    later = """<form id="form">{{ hidden('shown', viewer.shown) }}{{ button('', name='later') }}"""
    assert len(not_carried("x", later)) == 2
    assert len(not_carried("x", "{{ carried(viewer, form) }}{{ hidden('version', 3) }}")) == 1


def forgetful(text: str, pages: str) -> bool:
    """Whether a template has a form of text that cannot be kept: one that can carries what keeping needs, is called
    `form`, and its page is drawn as one with such a form (`draft_form`)."""
    forms = [form for form in FORM.findall(text) if TEXT.search(form)]
    kept = [form for form in forms if 'id="form"' in form and "carried(viewer, form)" in form]
    return kept != forms or (bool(forms) and "draft_form=" not in pages)


def drawn_by(name: str) -> str:
    """The files that draw a page of this template, as text."""
    files = [path.read_text() for path in (ROOT / "services" / "portal" / "web").rglob("*.py")]
    return "\n".join(text for text in files if any(re.fullmatch(drawn, name) for drawn in templates_in(text)))


def templates_in(text: str) -> list[str]:
    """Patterns of the names of templates in a file; a part that is worked out stands for any name."""
    return [re.sub(r"{[^}]*}", "[a-z_]+", drawn) for drawn in re.findall(r'"([a-z_/{}.\[\]]+\.html)"', text)]


def test_a_form_of_text_can_be_kept_or_says_why_not() -> None:
    found = {str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")}
    heirs = {name: re.findall(r"{% extends '([^']+)' %}", text) for name, text in found.items()}
    draw = {name: drawn_by(name) + "".join(drawn_by(heir) for heir in heirs if name in heirs[heir]) for name in found}
    assert {name for name, text in found.items() if forgetful(text, draw[name])} == set(NOT_KEPT)
    kept = '<form id="form" method="post">{{ carried(viewer, form) }}{{ textarea(1) }}</form>'
    assert not forgetful(kept, 'draft_form="form"')
    assert forgetful(kept, "")
    assert forgetful(kept.replace("carried", "hidden"), 'draft_form="form"')
    assert forgetful(kept + '<form method="post"><input name="a"></form>', 'draft_form="form"')
    assert not forgetful('<form method="post">{{ radios(1) }}<input type="hidden"></form>', "")


def test_the_search_reports() -> None:
    assert findings('<p style="color: red">') == ["a style of its own"]
    assert findings("<script>alert(1)</script>") == ["a script in the page"]
    assert findings("{% for person in people | sort %}") == ["an order of its own"]
    assert findings('href="{{ viewer.request.url.path }}"') == ["an address without its query"]
    assert findings("{{ text | safe }}") == ["text let through unescaped"]
    assert findings('<script src="{{ asset(name) }}" defer></script>') == []

"""Every pattern, filled: in each language, without faults of its own, and with whatever people type kept as text."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from services.portal.model import LANGUAGES
from services.portal.web.help.examples import examples
from services.portal.web.ui.assets import Assets
from services.portal.web.ui.forms import Form
from services.portal.web.ui.labels import whole
from services.portal.web.ui.language import Languages
from services.portal.web.ui.render import Renderer

TYPED = "<i>\"'&{{ 1 }}"
ESCAPED = "&lt;i&gt;&#34;&#39;&amp;{{ 1 }}"


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(Languages(), Assets())


@pytest.fixture(params=LANGUAGES)
def shown(request: pytest.FixtureRequest, renderer: Renderer) -> str:
    language = renderer.languages[request.param]
    return renderer.html(language, "gallery.html", {"shown": examples(language)})


def filled(renderer: Renderer, source: str, **context: object) -> str:
    """A template given as text, in Dutch."""
    return renderer._environments["nl"].from_string(source).render(context)


def test_ids_are_unique_and_what_points_to_one_finds_it(shown: str) -> None:
    ids = Counter(re.findall(r'\sid="([^"]+)"', shown))
    assert [id_ for id_, times in ids.items() if times > 1] == []
    pointed = re.findall(r'(?:for|aria-describedby|aria-labelledby|href)="#?([\w -]+)"', shown)
    assert {name for names in pointed for name in names.split()} <= set(ids)


def test_every_control_has_its_label(shown: str) -> None:
    controls = re.findall(r"<(?:input|select|textarea)\b[^>]*>", shown)
    labelled = set(re.findall(r'<label[^>]*for="([^"]+)"', shown))
    named = [re.search(r'\bid="([^"]+)"', control) for control in controls if 'type="hidden"' not in control]
    assert named
    assert {found[1] for found in named if found} <= labelled
    assert all(named)


def test_every_picture_is_said_in_words_or_beside_them(shown: str) -> None:
    for opening in re.findall(r"<svg\b[^>]*>", shown):
        assert 'aria-hidden="true"' in opening or re.search(r'role="img" aria-label="[^"]{10,}"', opening), opening


def test_what_a_person_typed_stays_text(renderer: Renderer) -> None:
    form = Form(renderer.languages["nl"], {"field": [TYPED], "box": [TYPED]})
    form.errors["field"] = TYPED
    html = filled(
        renderer,
        "{% import 'macros/forms.html' as f %}{% from 'macros/say.html' import say %}"
        "{% from 'macros/ring.html' import big %}{{ f.error_summary(form.errors) }}{{ f.button(t, t, t) }}"
        "{{ f.input('field', t, form, hint=t) }}{{ f.textarea('field', t, form, hint=t) }}"
        "{{ f.select('field', t, [(t, t)], form) }}{{ f.radios('field', t, [(t, t, t)], form) }}"
        "{{ f.checkboxes('box', t, [(t, t, t)], form) }}{{ f.date_input('day', t, form, hint=t) }}"
        "{{ f.summary_list([(t, t, {'href': '#', 'text': t, 'about': t})]) }}{{ f.task_list([(t, '#', t, t)]) }}"
        "{% call f.details(t) %}{{ t }}{% endcall %}{{ say(t, t, t, origin=t, foot=t) }}"
        "{{ big([{'kind': 'you', 'name': t}], t, t, t) }}",
        t=TYPED, form=form,
    )  # fmt: skip
    assert "<i>" not in html
    assert html.count(ESCAPED) > 30
    assert html.count('aria-invalid="true"') == 3
    assert 'href="#field"' in html


def test_a_name_a_page_was_not_given_stops_it(renderer: Renderer) -> None:
    assert filled(renderer, "{{ given }}", given="here") == "here"
    with pytest.raises(UndefinedError):
        filled(renderer, "{{ forgotten }}")


@pytest.mark.parametrize(
    ("minutes", "shows"), [(3, "now"), (14, "in-5"), (29, "in-20"), (30, "in-24"), (120, "in-114"), (600, "in-114")]
)
def test_sign_out_is_announced_five_minutes_before_or_earlier(renderer: Renderer, minutes: int, shows: str) -> None:
    now = datetime(2026, 11, 24, 13, tzinfo=UTC)
    viewer = SimpleNamespace(now=now, ends_at=now + timedelta(minutes=minutes), csrf_token="secret", here="/tables?a=b")
    source = "{% from 'macros/notice.html' import leaving %}{{ leaving(viewer, form) }}"
    alone = filled(renderer, source, viewer=viewer, form="")
    assert f"notice--{shows}" in alone
    assert 'name="csrf_token" value="secret"' in alone
    assert 'name="to" value="/tables?a=b"' in alone
    assert 'form="draft"' in filled(renderer, source, viewer=viewer, form="draft")


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("Casus 23088-26-0014 & meer", 'Casus <span class="whole">23088-26-0014</span> &amp; meer'),
        ("23088-26-0014, 23088-26-0015", '<span class="whole">{}14</span>, <span class="whole">{}15</span>'),
        ("VV-26-014: VV-26", '<span class="whole">VV-26-014</span>: VV-26'),
        ("GBL-26-1014.", '<span class="whole">GBL-26-1014</span>.'),
        ("<b>23-26</b>", "&lt;b&gt;23-26&lt;/b&gt;"),
    ],
)
def test_codes_stay_whole_and_the_rest_is_escaped(sentence: str, shown: str) -> None:
    assert whole(sentence) == Markup(shown.replace("{}", "23088-26-00"))

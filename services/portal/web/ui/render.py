"""Templates to pages: one environment per language, everything a person typed is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    Template,
)
from jinja2.bccache import Bucket
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

from services.kit.telephone import dialled
from services.portal.web.ui import drawing, labels, towns
from services.portal.web.ui.absent import Absent
from services.portal.web.ui.assets import Assets
from services.portal.web.ui.isolates import isolated
from services.portal.web.ui.language import NAMES, Language, Languages
from services.portal.web.ui.theme import theme_class

TEMPLATES = Path(__file__).parents[1] / "templates"


class Compiled(BytecodeCache):
    """What was compiled for one language serves the others too."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept of this template, if anything."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


class Shared(Template):
    """Imported once for all: every template here has the same globals.

    Jinja compares them at each import to find out, and a form's macros import others at each call: a tenth of a page.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class Renderer:
    """Fills templates. All are compiled at start, so that no page waits for it; nothing is looked up on disk later."""

    def __init__(self, languages: Languages, assets: Assets) -> None:
        self.languages = languages
        self.assets = assets
        compiled = Compiled()
        self._environments = {language.code: _environment(language, assets, compiled) for language in languages}
        names = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
        for environment in self._environments.values():
            for name in names:
                template = environment.get_template(name)
                if name.startswith("macros/"):
                    assert template.module

    def html(self, language: Language, template: str, context: Mapping[str, Any]) -> str:
        """The filled template. Raises UndefinedError for a name it is not given."""
        return isolated(self._environments[language.code].get_template(template).render(context))


def _environment(language: Language, assets: Assets, compiled: Compiled) -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(TEMPLATES),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
                PackageLoader("govuk_frontend_jinja"),
            ]
        ),
        autoescape=True, undefined=Absent, auto_reload=False, trim_blocks=True, lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"], bytecode_cache=compiled,
    )  # fmt: skip
    environment.template_class = Shared
    environment.install_gettext_translations(language.translations, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {
        # Jinja's own goes through three calls, each of which looks who it is.
        "_": language.within_markup,
        "asset": assets.address,
        "theme_address": assets.theme_address,
        "language": language,
        "language_names": NAMES,
        "day": language.day,
        "time": language.time,
        "moment": language.moment,
        "number": language.number,
        "dialled": dialled,
        "label": labels.Labels(language).of,
        "cell_name": partial(towns.cell_name, language=language),
        "theme_class": theme_class,
        "ring_positions": drawing.ring_positions,
        "seat_radius": drawing.seat_radius,
        "shorten": drawing.shorten,
        "whole": labels.whole,
        "heights": drawing.heights,
    }
    return environment

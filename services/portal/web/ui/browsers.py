"""What somebody is signed in with, as people call it."""

from __future__ import annotations

from collections.abc import Mapping

from services.portal.web.ui.language import Language
from services.portal.web.ui.language import message as _

NAMES: Mapping[str, str] = {
    "chrome": "Chrome", "edge": "Edge", "firefox": "Firefox", "opera": "Opera", "safari": "Safari",
    "samsung": "Samsung Internet",
}  # fmt: skip
SAID: Mapping[str, str] = {"client": _("A programme that asks the API"), "other": _("Another browser")}
BROWSERS = frozenset({*NAMES, *SAID})


def name_of(language: Language, family: str) -> str:
    """Names of products are the same in every language."""
    return NAMES.get(family) or language.text(SAID.get(family, SAID["other"]))

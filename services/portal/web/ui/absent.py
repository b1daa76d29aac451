"""What a template is not given."""

from __future__ import annotations

from typing import Any

from jinja2 import ChainableUndefined, StrictUndefined


class Absent(StrictUndefined):
    """A name that nobody gave stops the page. A key that a mapping has not is empty: the form components ask for all
    their options that way, and for a caller that may be there.
    """

    def __new__(cls, hint: str | None = None, obj: Any = None, name: str | None = None, *_: Any) -> Any:
        if isinstance(obj, dict) or name in ("caller", "undefined", "null"):
            return ChainableUndefined(hint, obj, name)
        return super().__new__(cls)

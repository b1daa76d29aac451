"""FastAPI works out every included route anew for each application, at its first request: half a second for ours.

The tests make hundreds of the same application. Here what was worked out for a route is kept for the next, where it is
included in the same way; everything else of each application is its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import pytest
from fastapi import routing

CONTEXT: Any = routing._EffectiveRouteContext
OF_THE_APPLICATION = ("included_router", "dependency_overrides_provider")
"""Where one inclusion differs from another of the same router; no test of ours overrides dependencies."""


@contextmanager
def routes_worked_out_once() -> Iterator[Callable[[], int]]:
    """For as long as this lasts; gives how many were worked out."""
    afresh: Callable[..., Any] = CONTEXT.from_api_route
    kept: dict[object, tuple[object, Any]] = {}

    def from_api_route(*, original_route: object, include_context: Any) -> Any:
        how = [getattr(include_context, field.name) for field in fields(include_context)
               if field.name not in OF_THE_APPLICATION]  # fmt: skip
        name = id(original_route), repr(how)
        if name not in kept:
            made = afresh(original_route=original_route, include_context=include_context)
            kept[name] = original_route, made
        return kept[name][1]

    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(CONTEXT, "from_api_route", from_api_route)
        yield lambda: len(kept)

"""The methods of a service, called without wire and token: those have tests of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, cast

from services.kit.methods import Context, Served
from services.kit.rpc import ServicerAdapter

NOBODY = cast(Context, None)


class Doors:
    """Every method by its name, as the generated stub has them; `adapter` stands for what leads to the handlers."""

    def __init__(self, adapter: object, served: Iterable[Served]) -> None:
        calls = {name: call for methods in served for name, call in methods.calls.items()}
        self._methods = {name: partial(call, cast(ServicerAdapter, adapter)) for name, call in calls.items()}

    def __getattr__(self, method: str) -> Callable[[Any, Context], Awaitable[Any]]:
        try:
            return self._methods[method]
        except KeyError:
            raise AttributeError(method) from None

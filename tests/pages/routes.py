"""A page in one state, and whether the table of them (pages.py) is that of the portal's routes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.routing import APIRoute

NO_PAGES_BELOW = ("/api/", "/assets/")


PRESSED = "(pressed)"
"""What is typed into a button."""


@dataclass(frozen=True, slots=True)
class PageState:
    """One page in one state.

    `address` may name what places.py found, as in `/cells/{cell}`; `send` is a CSS selector of a button that is pressed
    there, with nothing filled in but `typed`: selectors of controls, each with what is typed, "option N" of a list,
    "file" and what stands in one that is chosen, nothing for what is ticked, or `PRESSED` for a button that leads to
    the next step; `marked` says whether the reader's name must stand on each sheet in print, which is so for a page of
    one thing in a cell unless told otherwise; `scripts`, that it has some of its own, which the matrix checks.
    """

    route: str
    state: str
    person: str | None
    address: str = ""
    status: int = 200
    send: str = ""
    typed: tuple[tuple[str, str], ...] = ()
    marked: bool | None = None
    scripts: bool = False

    def __str__(self) -> str:
        return f"{self.route}: {self.state}"

    @property
    def is_marked(self) -> bool:
        """Whether it is printed with the reader's name."""
        return self.route.count("{") > 1 if self.marked is None else self.marked

    @property
    def at(self) -> str:
        """The address, with its blanks."""
        return self.address or self.route


def routes(routers: Iterable[APIRouter]) -> set[str]:
    """Addresses with blanks that these routers answer to GET."""
    found = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    return {
        route.path for route in found if "GET" in (route.methods or ()) and not route.path.startswith(NO_PAGES_BELOW)
    }


def differences(routers: Iterable[APIRouter], pages: Iterable[PageState], others: Iterable[str]) -> list[str]:
    """Routes nobody looks at, and pages that have no route."""
    there, looked_at = routes(routers), {page.route for page in pages}
    return [f"no page state for {route}" for route in sorted(there - looked_at - set(others))] + [
        f"no route for {route}" for route in sorted((looked_at | set(others)) - there)
    ]


def at(address: str, **filled: str) -> str:
    """The address with some blanks filled by others."""
    for blank, name in filled.items():
        address = address.replace(f"{{{blank}}}", f"{{{name}}}")
    return address

"""The demo people of a local platform: their tokens by the real code flow, their passwords and one-time codes.

Imports the local runner only when asked: a deployed platform has neither it nor demo people.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import click

from services.cli.place import Place
from services.kit.errors import RondetafelError

NOT_HERE = "Demo people exist only beside a local platform: start one with `make run`."


@click.group()
def demo() -> None:
    """The invented people of a local platform."""


@demo.command()
@click.argument("name")
@click.pass_obj
def token(place: Place, name: str) -> None:
    """An access token of this person, by the real code flow; good for a minute at least."""

    def sign_in(root: Path) -> str:
        from deploy.local.accounts import running_instance
        from deploy.local.code_flow import CodeFlow

        return asyncio.run(CodeFlow(running_instance(root)).token(name))

    click.echo(_locally(place, sign_in))


@demo.command()
@click.argument("name")
@click.pass_obj
def code(place: Place, name: str) -> None:
    """The one-time code this person types at the second step of the sign-in."""

    def read(root: Path) -> str:
        from deploy.local.accounts import running_instance
        from deploy.local.people import People

        return People(running_instance(root)).code(name)

    click.echo(_locally(place, read))


@demo.command()
@click.pass_obj
def people(place: Place) -> None:
    """Who there is, and with which password each signs in."""

    def read(root: Path) -> str:
        from deploy.local.accounts import accounts, running_instance

        return "\n".join(accounts(running_instance(root), passwords=True))

    click.echo(_locally(place, read))


def _locally(place: Place, work: Callable[[Path], str]) -> str:
    """Do it with the local runner; what is missing is said in one sentence."""
    try:
        from deploy.local.process import StartFailed
    except ImportError:
        raise click.ClickException(NOT_HERE) from None
    try:
        return work(place.root.resolve())
    except ImportError:
        raise click.ClickException(NOT_HERE) from None
    except (StartFailed, RondetafelError) as failure:
        raise click.ClickException(str(failure)) from None

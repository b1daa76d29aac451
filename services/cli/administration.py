"""What the host does: cells, organisations, mandates."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import click

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.cli import cells
from services.cli.directory import Directory, Existing, Refused, directory
from services.cli.place import Place
from services.kit.errors import RondetafelError

REGIONS = ("flanders", "wallonia", "brussels")
Result = TypeVar("Result")


class AlreadyThere(click.ClickException):
    """Not a failure, and not done now either: an exit code of its own."""

    exit_code = 3


@click.group()
def cell() -> None:
    """Cells: the round tables of one or more municipalities."""


@cell.command("create")
@click.option("--nis", "nis_codes", multiple=True, help="NIS code of a municipality; several make one shared cell.")
@click.option("--name", default="", help="Name to show; default: the first municipality's.")
@click.option(
    "--colour", default="", help="The colour its pages are tinted with, such as #1b6c68; default: the house's."
)
@click.option(
    "--contact", default="", help="E-mail address of the municipality, of no person: told what the host does there."
)
@click.option("--region", type=click.Choice(REGIONS), help="A cell for each present municipality of a region.")
@click.pass_obj
def create(place: Place, nis_codes: tuple[str, ...], name: str, colour: str, contact: str, region: str | None) -> None:
    """Create one cell (--nis), or one for each municipality of a region (--region); those that exist stay."""
    if bool(nis_codes) == bool(region):
        raise click.UsageError("Give either --nis (once or more) or --region.")
    if region and (name or colour or contact):
        raise click.UsageError(
            "--name, --colour, --contact go with --nis only; a region's cells are named as their towns."
        )
    if region:
        _create_region(place, region)
    else:
        receipt = ask(place, lambda host: cells.create_cell(host, nis_codes, name, colour, contact))
        click.echo(f"Cell {receipt.id}")


@cell.command("withdraw")
@click.option("--cell", "cell_id", type=click.UUID, required=True, help="The cell, as `cell create` told it.")
@click.pass_obj
def withdraw(place: Place, cell_id: UUID) -> None:
    """Take back a cell in which nobody was ever given or proposed anything; its municipalities are free again."""
    request = pb.WithdrawCellRequest(host_cell_id=str(cell_id))
    ask(place, lambda host: host.act(host.cell.WithdrawCell, request))
    click.echo(f"Cell {cell_id} is taken back.")


def _create_region(place: Place, region: str) -> None:
    async def create_all(host: Directory) -> cells.Tally:
        towns = await cells.municipalities(host, region)
        with click.progressbar(length=len(towns), label=f"Cells of {region}", show_pos=True) as bar:
            return await cells.create_cells(host, towns, lambda: bar.update(1))

    tally = ask(place, create_all)
    click.echo(f"{tally.created} created, {tally.existing} existed, {len(tally.refused)} failed")
    if tally.refused:
        raise click.ClickException(f"{tally.refused[0]} Give the command again to go on.")


@click.group()
def organisation() -> None:
    """Organisations: the partners around the tables."""


@organisation.command("register")
@click.option("--kbo", "kbo_number", required=True, help="Enterprise number, 10 digits.")
@click.option("--name", required=True)
@click.option("--kind", required=True, help="Kind of partner, such as municipality, local_police, caw or clb.")
@click.pass_obj
def register(place: Place, kbo_number: str, name: str, kind: str) -> None:
    """Make an organisation known by its KBO number."""
    request = pb.RegisterOrganisationRequest(kbo_number=kbo_number, name=name, kind=kind)
    receipt = ask(place, lambda host: host.act(host.organisation.RegisterOrganisation, request))
    click.echo(f"Organisation {receipt.id}")


@click.group()
def person() -> None:
    """People and their mandates."""


@person.command("invite")
@click.option("--cell", "cell_id", type=click.UUID, required=True, help="The cell, as `cell create` told it.")
@click.option("--email", required=True)
@click.option("--given-name", required=True)
@click.option("--family-name", required=True)
@click.option("--kbo", "kbo_number", required=True, help="The organisation the person speaks for.")
@click.option("--role", required=True, help="Such as mayor, coordinator, information_officer, dpo.")
@click.option("--nis", "nis_codes", multiple=True, help="Towns of the cell it is for; default: all.")
@click.option("--from", "from", required=True, help="First day, such as 2026-11-24.")
@click.option("--to", required=True, help="Last day, inclusive.")
@click.option("--legal-basis", required=True, help="Code of the legal basis, such as law-2018-07-30.")
@click.option("--clearance-until", default="", help="Police only: last day of the clearance.")
@click.option("--language", default="", help="Of the letter: nl, fr, de or en; default: that of the first town.")
@click.pass_obj
def invite(place: Place, /, cell_id: UUID, **fields: Any) -> None:
    """Invite the first coordinator and mayor of a cell; to a cell that has a mayor, propose somebody.

    Once the mayor has come, the cell gives its mandates itself: a coordinator who comes later is invited by the mayor.
    """
    request = pb.InvitePersonRequest(**fields)
    receipt = ask(place, lambda host: host.act(host.mandate.InvitePerson, request, cell_id=cell_id))
    if receipt.state == "PROPOSED":
        click.echo(f"Proposal {receipt.id}: it counts when the mayor or the coordinator of the cell says yes.")
    else:
        click.echo(f"Invitation {receipt.id}: a letter goes out; content opens 72 hours after the person came.")


@person.command("appoint-host")
@click.option("--email", required=True)
@click.option("--given-name", required=True)
@click.option("--family-name", required=True)
@click.option("--kbo", "kbo_number", required=True, help="The host's own organisation.")
@click.option("--from", "from", required=True, help="First day, such as 2026-11-24.")
@click.option("--to", required=True, help="Last day, inclusive.")
@click.pass_obj
def appoint_host(place: Place, /, **fields: Any) -> None:
    """Let a person act for the host: open cells and register organisations, without a look into any cell."""
    request = pb.AppointHostRequest(**fields)
    receipt = ask(place, lambda host: host.act(host.mandate.AppointHost, request))
    click.echo(f"Mandate {receipt.id}")


@click.group()
def identity() -> None:
    """Who may sign in at all: people, identity providers and organisations of the sign-in service."""


_KIND = click.option(
    "--kind", required=True, type=click.Choice(("subject", "provider", "organisation")),
    help="A person's account, an identity provider, or an organisation.",
)  # fmt: skip
_VALUE = click.option("--value", required=True, help="The account's id, the provider's alias, the organisation's id.")


@identity.command("disable")
@_KIND
@_VALUE
@click.pass_obj
def disable(place: Place, kind: str, value: str) -> None:
    """Shut out at once: no token counts any more, and the sign-in service gives none."""
    request = pb.DisableIdentityRequest(kind=kind, value=value)
    ask(place, lambda host: host.act(host.identity.DisableIdentity, request))
    click.echo("Disabled")


@identity.command("enable")
@_KIND
@_VALUE
@click.pass_obj
def enable(place: Place, kind: str, value: str) -> None:
    """Let in again who signs in from now on."""
    request = pb.EnableIdentityRequest(kind=kind, value=value)
    ask(place, lambda host: host.act(host.identity.EnableIdentity, request))
    click.echo("Enabled")


def ask(place: Place, question: Callable[[Directory], Awaitable[Result]]) -> Result:
    """The answer of the directory, or its refusal as a command tells it."""
    access = place.access()

    async def asked() -> Result:
        async with directory(access) as host:
            return await question(host)

    try:
        return asyncio.run(asked())
    except Existing as existing:
        raise AlreadyThere(str(existing)) from None
    except (Refused, RondetafelError) as refusal:
        raise click.ClickException(str(refusal)) from None

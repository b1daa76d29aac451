"""What the host does with the law: the register of legal bases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.cli.administration import ask
from services.cli.directory import Directory
from services.cli.place import Place


@click.group()
def law() -> None:
    """The law these tables rest on: the register of legal bases, with their days."""


@law.command("list")
@click.pass_obj
def show(place: Place) -> None:
    """Every version, the newest first: code, days, what it is for, and how many mandates outlast its last day."""
    for version in ask(place, _versions):
        days = f"{getattr(version, 'from')} to {version.to or '...':10}"
        beyond = f", {version.mandates_beyond} mandates beyond" if version.mandates_beyond else ""
        click.echo(f"{days}  {version.code}  ({', '.join(version.allows)}{beyond})")


@law.command("add")
@click.option("--code", required=True, help="Small letters, digits, hyphens; one there is already gets a new version.")
@click.option("--from", "from", required=True, help="First day, such as 2027-09-01.")
@click.option("--to", default="", help="Last day, inclusive; default: none is known.")
@click.option("--replaces", default="", help="Code of the one that ends the day before; default: its own.")
@click.option("--allows", multiple=True, required=True, help="hold_cell, speak, take_part or process_data; several.")
@click.option("--kind", "partner_kinds", multiple=True, help="Kind of partner it is for; several. Default: all.")
@click.option("--region", "regions", multiple=True, help="Where it applies; several. Default: everywhere.")
@click.option("--title-nl", required=True, help="The full title.")
@click.option("--title-fr", required=True)
@click.option("--title-de", default="", help="Default: the Dutch one; so are the others.")
@click.option("--title-en", default="")
@click.option("--name-nl", required=True, help="How a sentence calls it.")
@click.option("--name-fr", required=True)
@click.option("--name-de", default="")
@click.option("--name-en", default="")
@click.option("--source", required=True, help="Where it was read, and what is to be confirmed; in English.")
@click.pass_obj
def add(place: Place, /, **fields: Any) -> None:
    """Put in a new legal basis, or a new version of one; what it takes the place of ends the day before."""
    request = pb.AddLegalBasisRequest(**fields)
    receipt = ask(place, lambda host: host.act(host.law.AddLegalBasis, request))
    click.echo(f"Legal basis {receipt.id}")
    _tell_resting(ask(place, _versions), {request.code, request.replaces})


@law.command("end")
@click.option("--code", required=True)
@click.option("--last-day", required=True, help="Inclusive; today or later.")
@click.pass_obj
def end(place: Place, code: str, last_day: str) -> None:
    """Give the newest version of a legal basis its last day. Mandates on it go on to their own end."""
    newest = next((version for version in ask(place, _versions) if version.code == code), None)
    if newest is None:
        raise click.ClickException(f"There is no legal basis {code}.")
    request = pb.EndLegalBasisRequest(
        legal_basis_id=newest.legal_basis_id, expected_version=newest.version, last_day=last_day
    )
    ask(place, lambda host: host.act(host.law.EndLegalBasis, request))
    click.echo(f"{code} is in force to {last_day}.")
    _tell_resting(ask(place, _versions), {code})


async def _versions(host: Directory) -> list[pb.LegalBasisVersion]:
    return list((await host.ask(host.law.ListLegalBases, pb.ListLegalBasesRequest())).legal_bases)


def _tell_resting(versions: Iterable[pb.LegalBasisVersion], codes: set[str]) -> None:
    for version in versions:
        if version.code in codes and version.to and version.mandates_beyond:
            click.echo(f"{version.mandates_beyond} mandates on {version.code} outlast {version.to}, and go on.")

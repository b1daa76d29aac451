"""`rondetafel`: reads the settings and gives each command its place."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click
from pydantic import ValidationError

from services.cli.administration import cell, identity, organisation, person
from services.cli.demo import demo
from services.cli.law import law
from services.cli.place import Place
from services.cli.providers import provider
from services.cli.seats import seat
from services.cli.settings import Settings
from services.cli.status import platform_status


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--root", type=click.Path(path_type=Path), default=Path(".run"), envvar="RONDETAFEL_ROOT", show_default=True,
    help="Directory of the local platform.",
)  # fmt: skip
@click.pass_context
def rondetafel(context: click.Context, root: Path) -> None:
    """Rondetafel: cells, organisations and mandates as the host sees them; help at a local platform."""
    context.obj = Place(root, lambda: _settings(root))


@rondetafel.command()
@click.pass_obj
def status(place: Place) -> None:
    """Describe the local platform and the health of each part; exit 0 only when all are healthy."""
    try:
        found = asyncio.run(platform_status(place.root / "platform.json"))
    except FileNotFoundError:
        raise click.ClickException("No platform runs here: start it with `make run`.") from None
    click.echo(found)
    sys.exit(0 if found.healthy else 1)


def _settings(root: Path) -> Settings:
    try:
        return Settings(_env_file=root / "cli.env")  # type: ignore[call-arg]
    except ValidationError as error:
        missing = ", ".join(f"RONDETAFEL_{str(problem['loc'][0]).upper()}" for problem in error.errors())
        raise click.ClickException(f"No platform is known here: start it with `make run`, or set {missing}.") from None


def main() -> None:
    """The entry point."""
    for group in (cell, organisation, person, seat, identity, provider, law, demo):
        rondetafel.add_command(group)
    rondetafel()


if __name__ == "__main__":
    main()

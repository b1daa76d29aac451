"""What the host does with providers: where people of partner organisations sign in."""

from __future__ import annotations

from typing import Any, BinaryIO

import click

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.cli.administration import ask
from services.cli.directory import Directory
from services.cli.place import Place

PAGE = 50
MOST_BYTES = 256 * 1024


@click.group()
def provider() -> None:
    """Where people of partner organisations sign in: their own identity providers."""


@provider.command("list")
@click.pass_obj
def show(place: Place) -> None:
    """All of them: alias, state, domains, and whether the sign-in service is as far."""
    for found in ask(place, _providers):
        domains = ", ".join(domain.domain for domain in found.domains)
        behind = "" if found.mirrored else "  (not mirrored yet)"
        ends = f"  (ends {found.saml.ends_at.ToDatetime():%Y-%m-%d})" if found.saml.needs_new else ""
        wrong = f"  ({found.saml.wrong})" if found.saml.wrong else ""
        click.echo(f"{found.alias:24} {found.state:8}  {domains}{behind}{ends}{wrong}")


@provider.command("add")
@click.option("--alias", required=True, help="Small letters, digits, hyphens; for good.")
@click.option("--name", required=True, help="What the host calls it.")
@click.option("--issuer", required=True, help="Its address; what stands there of OpenID Connect is read.")
@click.option("--client-id", required=True, help="As whom we are registered there.")
@click.option(
    "--client-secret", prompt="Client secret (empty: by our own key)", hide_input=True, default="", show_default=False,
    envvar="RONDETAFEL_PROVIDER_SECRET", help="Asked for when left out; empty: we prove ourselves by our own key.",
)  # fmt: skip
@click.option("--kbo", "kbo_numbers", multiple=True, required=True, help="Number of an organisation; several.")
@click.option("--domain", "domains", multiple=True, required=True, help="Of e-mail addresses it speaks for; several.")
@click.option("--trusted-level", "trusted_levels", multiple=True, help="Value of `acr` for two factors; several.")
@click.pass_obj
def add(place: Place, /, domains: tuple[str, ...], trusted_levels: tuple[str, ...], **fields: Any) -> None:
    """Add one, disabled. The partner then lets in the address of return that is told here."""
    request = pb.AddProviderRequest(**fields, domains=" ".join(domains), trusted_levels=" ".join(trusted_levels))
    receipt = ask(place, lambda host: host.act(host.provider.AddProvider, request))
    click.echo(f"Provider {receipt.id}")
    click.echo(f"Address of return, to be let in there: {place.access().issuer}/broker/{request.alias}/endpoint")


@provider.command("add-saml")
@click.option("--alias", required=True, help="Small letters, digits, hyphens; for good.")
@click.option("--name", required=True, help="What the host calls it.")
@click.option("--metadata-url", default="", help="Where its metadata stands; it is read again every day.")
@click.option("--metadata-file", type=click.File("rb"), help="In its place: the file with it, at most 256 kB.")
@click.option("--kbo", "kbo_numbers", multiple=True, required=True, help="Number of an organisation; several.")
@click.option("--domain", "domains", multiple=True, required=True, help="Of e-mail addresses it speaks for; several.")
@click.option("--email-attribute", default="urn:oid:0.9.2342.19200300.100.1.3", show_default=True)
@click.option("--given-name-attribute", default="urn:oid:2.5.4.42", show_default=True)
@click.option("--family-name-attribute", default="urn:oid:2.5.4.4", show_default=True)
@click.pass_obj
def add_saml(place: Place, /, metadata_file: BinaryIO | None, domains: tuple[str, ...], **fields: Any) -> None:
    """Add one that speaks SAML, disabled. The partner then reads in our metadata, whose address is told here."""
    request = pb.AddSamlProviderRequest(**fields, domains=" ".join(domains), metadata=_text(metadata_file))
    receipt = ask(place, lambda host: host.act(host.provider.AddSamlProvider, request))
    click.echo(f"Provider {receipt.id}")
    click.echo(f"Our metadata, to be read in there: {place.access().issuer}/broker/{request.alias}/endpoint/descriptor")


@provider.command("renew")
@click.argument("alias")
@click.option("--metadata-url", default="", help="Where its metadata stands from now on.")
@click.option("--metadata-file", type=click.File("rb"), help="In its place: the file with it, at most 256 kB.")
@click.pass_obj
def renew(place: Place, alias: str, metadata_url: str, metadata_file: BinaryIO | None) -> None:
    """Give new metadata of one that speaks SAML; without address and file it is read again where it stands."""
    found = _that(place, alias)
    request = pb.RenewMetadataRequest(
        provider_id=found.provider_id, expected_version=found.version, metadata_url=metadata_url,
        metadata=_text(metadata_file),
    )  # fmt: skip
    ask(place, lambda host: host.act(host.provider.RenewMetadata, request))
    click.echo("The new metadata counts")


@provider.command("enable")
@click.argument("alias")
@click.pass_obj
def enable(place: Place, alias: str) -> None:
    """Let people sign in by it."""
    found = _that(place, alias)
    request = pb.EnableProviderRequest(provider_id=found.provider_id, expected_version=found.version)
    ask(place, lambda host: host.act(host.provider.EnableProvider, request))
    click.echo("Enabled")


@provider.command("disable")
@click.argument("alias")
@click.pass_obj
def disable(place: Place, alias: str) -> None:
    """Shut it out at once: whoever signed in by it is out within a second."""
    found = _that(place, alias)
    request = pb.DisableProviderRequest(provider_id=found.provider_id, expected_version=found.version)
    ask(place, lambda host: host.act(host.provider.DisableProvider, request))
    click.echo("Disabled")


def _text(file: BinaryIO | None) -> str:
    """Of metadata; what is no text is refused as no metadata."""
    return file.read(MOST_BYTES + 1).decode("utf-8", "replace") if file else ""


def _that(place: Place, alias: str) -> pb.Provider:
    found = next((known for known in ask(place, _providers) if known.alias == alias), None)
    if found is None:
        raise click.ClickException(f"There is no provider {alias}.")
    return found


async def _providers(host: Directory) -> list[pb.Provider]:
    found: list[pb.Provider] = []
    cursor = ""
    while True:
        page = await host.ask(host.provider.ListProviders, pb.ListProvidersRequest(page_size=PAGE, cursor=cursor))
        found += page.providers
        cursor = page.next_cursor
        if not cursor:
            return found

"""Where people of partner organisations sign in."""

from __future__ import annotations

from rondetafel.partner_directory.v1 import partner_directory_pb2 as pb
from services.kit.methods import Served, command, query
from services.kit.shapes import Differences
from services.kit.writing import writer
from services.partner_directory.commands.provider.add_provider import AddProvider, add_provider
from services.partner_directory.commands.provider.add_saml_provider import AddSamlProvider, add_saml_provider
from services.partner_directory.commands.provider.disable_provider import DisableProvider, disable_provider
from services.partner_directory.commands.provider.enable_provider import EnableProvider, enable_provider
from services.partner_directory.commands.provider.judge_sign_in import JudgeSignIn, judge_sign_in
from services.partner_directory.commands.provider.renew_metadata import RenewMetadata, renew_metadata
from services.partner_directory.metadata import Certificate
from services.partner_directory.model import Organisation, ProviderDomain
from services.partner_directory.queries.list_providers import ListProviders, list_providers
from services.partner_directory.queries.read_provider import MetadataView, ProviderView, ReadProvider, read_provider

SHOWN = Differences(
    flat=("provider",),
    nested=(
        writer(pb.ProviderOrganisation, Organisation),
        writer(pb.ProviderDomain, ProviderDomain),
        writer(
            pb.SamlMetadata,
            MetadataView,
            Differences(nested=(writer(pb.SamlCertificate, Certificate, Differences(unused=("text",))),)),
        ),
    ),
)

SERVED = Served(
    pb.DESCRIPTOR.services_by_name["ProviderService"],
    command(add_provider, AddProvider),
    command(add_saml_provider, AddSamlProvider),
    command(renew_metadata, RenewMetadata),
    command(enable_provider, EnableProvider),
    command(disable_provider, DisableProvider),
    query(
        list_providers,
        ListProviders,
        pb.ListProvidersResponse,
        Differences(nested=(writer(pb.Provider, ProviderView, SHOWN),)),
    ),
    query(read_provider, ReadProvider, pb.Provider, SHOWN),
    command(judge_sign_in, JudgeSignIn, for_service=True),
)

"""Right requests about providers of partners (tests/kit/spoiled.py)."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message

from rondetafel.partner_directory.v1 import partner_directory_pb2 as directory_pb

ID = "01932f6e-5f0a-7c3e-9b1d-2f6d3a1e4c55"
PROVIDERS: dict[type[Message], dict[str, Any]] = {
    directory_pb.AddProviderRequest: {
        "alias": "caw-kanaal", "name": "CAW", "issuer": "https://login.caw.example", "client_id": "rondetafel",
        "client_secret": "geheim", "kbo_numbers": ["0417497106"], "domains": "caw.example", "trusted_levels": "mfa",
    },
    directory_pb.AddSamlProviderRequest: {
        "alias": "school-zuid", "name": "School", "metadata_url": "https://login.school.example/metadata",
        "metadata": "<EntityDescriptor/>", "kbo_numbers": ["0417497106"], "domains": "school.example",
        "email_attribute": "mail", "given_name_attribute": "givenName", "family_name_attribute": "sn",
    },
    directory_pb.RenewMetadataRequest: {
        "provider_id": ID, "expected_version": 1, "metadata_url": "https://login.school.example/metadata",
        "metadata": "<EntityDescriptor/>",
    },
    directory_pb.EnableProviderRequest: {"provider_id": ID, "expected_version": 1},
    directory_pb.DisableProviderRequest: {"provider_id": ID, "expected_version": 1},
    directory_pb.ListProvidersRequest: {"page_size": 5, "cursor": ID},
    directory_pb.ReadProviderRequest: {"provider_id": ID},
    directory_pb.NoteSignInRequest: {
        "session_id": "abc", "person_id": ID, "browser": "edge", "provider": "caw-kanaal",
        "until": {"seconds": 1_900_000_000},
    },
    directory_pb.ListMySignInsRequest: {},
    directory_pb.EndMySignInRequest: {"sign_in_id": ID},
    directory_pb.EndMyOtherSignInsRequest: {},
    directory_pb.ReportTheftRequest: {},
    directory_pb.ListTheftsRequest: {"page_size": 5, "cursor": ID},
    directory_pb.JudgeSignInRequest: {"alias": "caw-kanaal", "domain": "caw.example", "named_domain": "caw.example"},
}  # fmt: skip

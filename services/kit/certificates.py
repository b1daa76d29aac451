"""The certificate of a process, and what a gRPC server makes of it. Renewed files count without a restart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import grpc


def read_certificates(tls_directory: Path) -> tuple[bytes, bytes, bytes]:
    """Key, certificate and authority, in PEM."""
    names = ("key.pem", "certificate.pem", "ca.pem")
    key, certificate, authority = ((tls_directory / name).read_bytes() for name in names)
    return key, certificate, authority


def renewed_at(tls_directory: Path) -> float:
    """When the certificate was written, in seconds; another value after each renewal."""
    return (tls_directory / "certificate.pem").stat().st_mtime


def server_credentials(tls_directory: Path) -> grpc.ServerCredentials:
    """Mutual TLS. gRPC asks at each handshake what counts now, and is told a configuration after a renewal alone.

    A configuration that is replaced while another handshake is under way is used after it was freed (grpcio 1.85.1):
    replaced at each one, as it once was, whoever could open some dozens of connections could end the process.
    """
    told = renewed_at(tls_directory)

    def renewed() -> grpc.ServerCertificateConfiguration | None:
        nonlocal told
        if (now := renewed_at(tls_directory)) == told:
            return None
        told = now
        return _configuration(tls_directory)

    # Its stub does not know that None means: as before.
    fetch = cast(Callable[[], grpc.ServerCertificateConfiguration], renewed)
    return grpc.dynamic_ssl_server_credentials(_configuration(tls_directory), fetch, require_client_authentication=True)


def _configuration(tls_directory: Path) -> grpc.ServerCertificateConfiguration:
    key, certificate, authority = read_certificates(tls_directory)
    return grpc.ssl_server_certificate_configuration([(key, certificate)], authority)

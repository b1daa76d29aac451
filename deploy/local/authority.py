"""The local certificate authority: by its certificates services know each other."""

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.local.secret_files import SecretFiles, write_private

AUTHORITY_LIFE = timedelta(days=3650)
CERTIFICATE_LIFE = timedelta(days=90)
RENEW_BEFORE_END = timedelta(days=30)


class Authority:
    """Issues the certificates for mutual TLS; its own key stays among the instance's secrets."""

    def __init__(self, secrets: SecretFiles, directory: Path) -> None:
        self._directory = directory
        self._key = _read_key(secrets.path("authority.pem", new_key))
        self._certificate_file = directory / "ca.pem"
        if not self._certificate_file.exists():
            write_private(self._certificate_file, _pem(self._certify_itself()))
        self._certificate = _read_certificate(self._certificate_file)

    def issue(self, names: Iterable[str]) -> None:
        """Give each name a directory with ca.pem, certificate.pem, key.pem; renew what nears its end."""
        for name in names:
            directory = self._directory / name
            if self._needs_new(directory / "certificate.pem"):
                self._issue(name, directory)

    def _needs_new(self, file: Path) -> bool:
        if not file.exists():
            return True
        return _read_certificate(file).not_valid_after_utc - datetime.now(UTC) < RENEW_BEFORE_END

    def _issue(self, name: str, directory: Path) -> None:
        key_file = directory / "key.pem"
        write_private(key_file, new_key())
        key = _read_key(key_file)
        builder = _builder(name, key.public_key(), CERTIFICATE_LIFE)
        uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        certificate = (
            builder.issuer_name(self._certificate.subject)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        shutil.copyfile(self._certificate_file, directory / "ca.pem")
        write_private(directory / "certificate.pem", _pem(certificate))

    def _certify_itself(self) -> x509.Certificate:
        name = "rondetafel local authority"
        return (
            _builder(name, self._key.public_key(), AUTHORITY_LIFE)
            .issuer_name(_named(name))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, hashes.SHA256())
        )


def new_key() -> bytes:
    """A fresh EC P-256 private key as PEM."""
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _builder(name: str, public: ec.EllipticCurvePublicKey, life: timedelta) -> x509.CertificateBuilder:
    # A clock that runs some minutes behind must not refuse a new certificate.
    begin = datetime.now(UTC) - timedelta(minutes=10)
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + life)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _read_certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)

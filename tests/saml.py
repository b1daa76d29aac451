"""Metadata and keys of providers of SAML, as tests need them: right, and wrong in one thing at a time."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod
from signxml.signer import XMLSigner

MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-"


def key_of(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """One for each name, made once."""
    return _key(name, bits)


@cache
def _key(name: str, bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def certificate(
    name: str, begins: datetime, ends: datetime, *, bits: int = 2048, curve: bool = False,
) -> x509.Certificate:  # fmt: skip
    """Signed by itself."""
    key: Any = ec.generate_private_key(ec.SECP256R1()) if curve else key_of(name, bits)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(called).issuer_name(called).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)
    return made.sign(key, hashes.SHA256())


def text_of(found: x509.Certificate) -> str:
    """Base64 of its DER, as metadata has it."""
    return base64.b64encode(found.public_bytes(serialization.Encoding.DER)).decode()


def fingerprint_of(found: x509.Certificate) -> str:
    return found.fingerprint(hashes.SHA256()).hex()


def lasting(name: str, now: datetime, days: float = 700, begins: float = -1) -> x509.Certificate:
    """One that counts from yesterday on for so many days."""
    day = now.replace(microsecond=0)
    return certificate(name, day + timedelta(days=begins), day + timedelta(days=days))


@dataclass(frozen=True)
class Metadata:
    """What stands in it. `signed` is the name whose key signs it, with the certificate it comes with."""

    entity_id: str
    certificates: tuple[str, ...]
    valid_until: str = ""
    formats: tuple[str, ...] = (PERSISTENT,)
    bindings: tuple[str, ...] = ("Redirect", "POST")
    at: str = "https://login.example/sso"
    use: str = "signing"
    role: str = "IDPSSODescriptor"
    signed: tuple[str, x509.Certificate] | None = field(default=None, compare=False)

    def but(self, **changes: Any) -> bytes:
        """The text of one that differs in these."""
        return replace(self, **changes).text()

    def text(self) -> bytes:
        until = f' validUntil="{self.valid_until}"' if self.valid_until else ""
        keys = "".join(
            f'<KeyDescriptor use="{self.use}"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{text}</ds:X509Certificate>'
            "</ds:X509Data></ds:KeyInfo></KeyDescriptor>"
            for text in self.certificates
        )
        formats = "".join(f"<NameIDFormat>{name}</NameIDFormat>" for name in self.formats)
        places = "".join(
            f'<SingleSignOnService Binding="{BINDING}{name}" Location="{self.at}/{name.lower()}"/>'
            for name in self.bindings
        )
        text = (
            f'<EntityDescriptor xmlns="{MD}" xmlns:ds="{DS}" entityID="{self.entity_id}" ID="_made"{until}>'
            f'<{self.role} protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
            f"{keys}{formats}{places}</{self.role}></EntityDescriptor>"
        ).encode()
        return signed_by(text, *self.signed) if self.signed else text


def signed_by(text: bytes, name: str, by: x509.Certificate, digest: str = "sha256") -> bytes:
    """The text with a signature over the whole of it."""
    signer = XMLSigner(
        signature_algorithm=f"rsa-{digest}", digest_algorithm=digest,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )  # fmt: skip
    root = etree.fromstring(text)
    return bytes(etree.tostring(signer.sign(root, key=key_of(name), cert=[by], reference_uri=str(root.get("ID")))))


def right(name: str = "partner", now: datetime | None = None, **changes: Any) -> Metadata:
    """One that is in order."""
    now = now or datetime.now(UTC)
    values: dict[str, Any] = {
        "entity_id": f"https://{name}.example/saml", "certificates": (text_of(lasting(name, now)),),
    }  # fmt: skip
    return Metadata(**values | changes)

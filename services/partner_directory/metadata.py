"""What a provider of SAML 2.0 says of itself, in its metadata: read, judged, and refused in words.

It is a text of somebody else, so it is read without DTD, entities and other encodings, and within a bound. Where it is
signed, only what was signed is read.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from services.partner_directory.errors import (
    CertificateExpired,
    CertificateMissing,
    CertificateWeak,
    MetadataExpired,
    MetadataSignatureWrong,
    NameIdNotPersistent,
    NotMetadata,
    SignInAddressMissing,
)
from services.partner_directory.providing import SamlSays

MOST_BYTES = 256 * 1024
MOST_CERTIFICATES = 10
LONGEST_ENTITY_ID = 300
LEAST_BITS, MOST_BITS = 2048, 8192
MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
SAML2 = "urn:oasis:names:tc:SAML:2.0:protocol"
BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
SIGNATURES = frozenset({SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA384, SignatureMethod.RSA_SHA512})
DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})


@dataclass(frozen=True, slots=True)
class Certificate:
    """One of a provider: base64 of its DER, as it stands in metadata; its SHA-256; and when it counts."""

    text: str
    fingerprint: str
    begins_at: datetime
    ends_at: datetime


def certificate_of(text: str) -> Certificate:
    """One that was judged when it was read."""
    return _shown(x509.load_der_x509_certificate(base64.b64decode(text)))


def read_certificate(text: str) -> Certificate:
    """Of base64. Raises CertificateWeak, also for what is no certificate."""
    try:
        found = x509.load_der_x509_certificate(base64.b64decode("".join(text.split()), validate=True))
        key, made_by = found.public_key(), found.signature_hash_algorithm
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        raise _weak() from None
    if not isinstance(key, rsa.RSAPublicKey) or not LEAST_BITS <= key.key_size <= MOST_BITS:
        raise _weak()
    if not isinstance(made_by, HASHES):
        raise _weak()
    return _shown(found)


def _shown(found: x509.Certificate) -> Certificate:
    text = base64.b64encode(found.public_bytes(serialization.Encoding.DER)).decode()
    fingerprint = found.fingerprint(hashes.SHA256()).hex()
    return Certificate(text, fingerprint, found.not_valid_before_utc, found.not_valid_after_utc)


def read_metadata(content: bytes, now: datetime) -> SamlSays:
    """Raises NotMetadata, or what else is wrong with it, each by its name."""
    root = _tree(content)
    signer = ""
    if root.find(f"{DS}Signature") is not None:
        root, signer = _signed(root, now)
    role = _role(root)
    valid_until = min(filter(None, (_moment(root), _moment(role))), default=None)
    if valid_until is not None and valid_until <= now:
        raise MetadataExpired(field="metadata", expected="metadata that still counts; ask for a new one")
    formats = {(found.text or "").strip() for found in role.iterfind(f"{MD}NameIDFormat")}
    if formats and PERSISTENT not in formats:
        raise NameIdNotPersistent(field="metadata", expected=f"a provider that gives {PERSISTENT}")
    sign_in = _endpoint(role, "SingleSignOnService")
    if sign_in is None:
        raise SignInAddressMissing(field="metadata", expected="a SingleSignOnService by HTTP-POST or HTTP-Redirect")
    sign_out = _endpoint(role, "SingleLogoutService") or ("", False)
    return SamlSays(root.get("entityID", ""), *sign_in, *sign_out, _certificates(role, now), valid_until, signer)


def _tree(content: bytes) -> etree._Element:
    # Whatever the text says of its own encoding, it is read as the one that was looked at here.
    try:
        text = content.decode("utf-8-sig")
        if len(content) > MOST_BYTES or "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise _no_metadata()
        parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        return etree.fromstring(text.encode(), parser)
    except (UnicodeDecodeError, etree.XMLSyntaxError):
        raise _no_metadata() from None


def _signed(root: etree._Element, now: datetime) -> tuple[etree._Element, str]:
    """What was signed, which must be the whole of it, and by whom."""
    certificates = root.findall(f"{DS}Signature/{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate")
    if len(certificates) != 1:
        raise _signature_wrong()
    signer = read_certificate(certificates[0].text or "")
    expected = SignatureConfiguration(
        location="./", signature_methods=SIGNATURES, digest_algorithms=DIGESTS, verification_time=now
    )
    try:
        by = x509.load_der_x509_certificate(base64.b64decode(signer.text))
        found = XMLVerifier().verify(root, x509_cert=by, id_attribute="ID", expect_config=expected)
    except (SignXMLException, ValueError):
        raise _signature_wrong() from None
    if isinstance(found, list) or found.signed_xml is None:
        raise _signature_wrong()
    if (found.signed_xml.tag, found.signed_xml.get("ID")) != (root.tag, root.get("ID")):
        raise _signature_wrong()
    # What is read is what was signed, never what stood around it.
    return found.signed_xml, signer.fingerprint


def _role(root: etree._Element) -> etree._Element:
    """The part of it that is a provider's. Raises NotMetadata, also for that of a whole federation."""
    entity_id = root.get("entityID", "")
    roles = [
        found for found in root.iterfind(f"{MD}IDPSSODescriptor")
        if SAML2 in found.get("protocolSupportEnumeration", "").split()
    ]  # fmt: skip
    named = entity_id.isprintable() and entity_id.isascii() and " " not in entity_id
    if root.tag != f"{MD}EntityDescriptor" or not 0 < len(entity_id) <= LONGEST_ENTITY_ID or not named:
        raise _no_metadata()
    if len(roles) != 1:
        raise _no_metadata()
    return roles[0]


def _moment(element: etree._Element) -> datetime | None:
    typed = element.get("validUntil")
    if typed is None:
        return None
    try:
        moment = datetime.fromisoformat(typed)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise _no_metadata() from None


def _endpoint(role: etree._Element, name: str) -> tuple[str, bool] | None:
    """Its address, and whether by POST, which is taken before redirect."""
    for binding in ("POST", "Redirect"):
        for found in role.iterfind(f"{MD}{name}"):
            if found.get("Binding") == BINDING + binding and found.get("Location"):
                return found.get("Location", ""), binding == "POST"
    return None


def _certificates(role: etree._Element, now: datetime) -> tuple[str, ...]:
    """Those that count now or later: while a new one takes the place of an old one, both."""
    found = {read.fingerprint: read for read in map(read_certificate, _texts(role))}
    if not 0 < len(found) <= MOST_CERTIFICATES:
        raise CertificateMissing(field="metadata", expected=f"1 to {MOST_CERTIFICATES} certificates for signing")
    lasting = sorted((read for read in found.values() if read.ends_at > now), key=lambda read: read.ends_at)
    if not any(read.begins_at <= now for read in lasting):
        raise CertificateExpired(field="metadata", expected="a certificate that counts now")
    return tuple(read.text for read in lasting)


def _texts(role: etree._Element) -> Iterator[str]:
    for key in role.iterfind(f"{MD}KeyDescriptor"):
        if key.get("use", "signing") == "signing":
            for found in key.iterfind(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate"):
                yield found.text or ""


def _no_metadata() -> NotMetadata:
    return NotMetadata(field="metadata", expected="SAML 2.0 metadata of one provider, at most 256 kB")


def _weak() -> CertificateWeak:
    return CertificateWeak(field="metadata", expected="RSA of 2048 bits or more, signed by SHA-256 or better")


def _signature_wrong() -> MetadataSignatureWrong:
    return MetadataSignatureWrong(
        field="metadata", expected="a signature over the whole, by RSA with SHA-256 or better"
    )

"""Metadata of providers of SAML: what is in order is read, and what is wrong is told by its name."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from lxml import etree

from services.kit.errors import Invalid
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
from services.partner_directory.metadata import MOST_BYTES, read_metadata
from tests.saml import DS, MD, Metadata, certificate, fingerprint_of, lasting, right, signed_by, text_of

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)
OLD, NEW = lasting("old", NOW, days=9), lasting("new", NOW, days=700, begins=5)
RIGHT = right(now=NOW)
SIGNED = right(now=NOW, signed=("signer", lasting("signer", NOW)))
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
BEFORE, AFTER = NOW - timedelta(days=300), NOW + timedelta(days=300)


def test_what_is_in_order_is_read() -> None:
    says = read_metadata(RIGHT.text(), NOW)
    assert (says.entity_id, says.signer, says.valid_until) == ("https://partner.example/saml", "", None)
    assert (says.sign_in_address, says.sign_in_by_post) == ("https://login.example/sso/post", True)
    assert says.certificates == RIGHT.certificates
    only = read_metadata(RIGHT.but(bindings=("Redirect",), formats=()), NOW)
    assert (only.sign_in_address, only.sign_in_by_post) == ("https://login.example/sso/redirect", False)
    until = read_metadata(RIGHT.but(valid_until="2027-01-01T00:00:00Z"), NOW)
    assert until.valid_until == datetime(2027, 1, 1, tzinfo=UTC)


def test_while_one_certificate_takes_the_place_of_another_both_count_and_what_is_over_does_not() -> None:
    over = lasting("over", NOW, days=-1, begins=-9)
    says = read_metadata(RIGHT.but(certificates=tuple(map(text_of, (NEW, over, OLD)))), NOW)
    assert says.certificates == (text_of(OLD), text_of(NEW))


def test_what_is_signed_is_read_as_it_was_signed_and_by_whom_is_kept() -> None:
    says = read_metadata(SIGNED.text(), NOW)
    assert says.signer == fingerprint_of(lasting("signer", NOW))
    assert says.entity_id == RIGHT.entity_id


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (b"", NotMetadata),
        (b"<html/>", NotMetadata),
        (b"not xml", NotMetadata),
        (RIGHT.text().decode().encode("utf-16"), NotMetadata),
        (b"<!DOCTYPE a>" + RIGHT.text(), NotMetadata),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + RIGHT.text(), NotMetadata),
        (b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE a+AD4-' + RIGHT.text(), NotMetadata),
        (RIGHT.text() + b" " * MOST_BYTES, NotMetadata),
        (b"<a>" * 5000 + b"</a>" * 5000, NotMetadata),
        (f'<EntitiesDescriptor xmlns="{MD}">'.encode() + RIGHT.text() + b"</EntitiesDescriptor>", NotMetadata),
        (RIGHT.but(role="SPSSODescriptor"), NotMetadata),
        (RIGHT.but(entity_id=""), NotMetadata),
        (RIGHT.but(entity_id="https://p.example/" + "x" * 300), NotMetadata),
        (RIGHT.but(entity_id="two words"), NotMetadata),
        (RIGHT.but(valid_until="tomorrow"), NotMetadata),
        (RIGHT.but(valid_until="2026-12-01T03:00:00Z"), MetadataExpired),
        (RIGHT.but(bindings=("Artifact",)), SignInAddressMissing),
        (RIGHT.but(formats=(TRANSIENT,)), NameIdNotPersistent),
        (RIGHT.but(certificates=()), CertificateMissing),
        (RIGHT.but(use="encryption"), CertificateMissing),
        (RIGHT.but(certificates=tuple(text_of(lasting(f"many {i}", NOW)) for i in range(11))), CertificateMissing),
        (RIGHT.but(certificates=(text_of(lasting("over", NOW, days=-1, begins=-9)),)), CertificateExpired),
        (RIGHT.but(certificates=(text_of(NEW),)), CertificateExpired),
        (RIGHT.but(certificates=("bm8gY2VydGlmaWNhdGU=",)), CertificateWeak),
        (RIGHT.but(certificates=(text_of(certificate("short", BEFORE, AFTER, bits=1024)),)), CertificateWeak),
        (RIGHT.but(certificates=(text_of(certificate("curve", BEFORE, AFTER, curve=True)),)), CertificateWeak),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_name(text: bytes, refusal: type[Invalid]) -> None:
    assert read_metadata(RIGHT.text(), NOW)
    with pytest.raises(refusal) as refused:
        read_metadata(text, NOW)
    assert (type(refused.value), refused.value.field) == (refusal, "metadata")


def test_a_certificate_by_sha_1_is_not_taken() -> None:
    """None can be made with it any more: the name of its hash is changed in one that was."""
    sha256, sha1 = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")
    der = base64.b64decode(text_of(lasting("partner", NOW)))
    assert (der.count(sha256), hashes.SHA1.name) == (2, "sha1")
    with pytest.raises(CertificateWeak):
        read_metadata(RIGHT.but(certificates=(base64.b64encode(der.replace(sha256, sha1)).decode(),)), NOW)


def _moved(text: bytes) -> bytes:
    """Signed once, and now within something else that names another address."""
    inner = etree.fromstring(text)
    outer = etree.fromstring(RIGHT.but(at="https://evil.example"))
    signature = inner.find(f"{{{DS}}}Signature")
    assert signature is not None
    outer.set("ID", "_other")
    outer.insert(0, signature)
    outer.append(inner)
    return bytes(etree.tostring(outer))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"login.example", b"evil.example"),
        lambda text: text.replace(b"<ds:SignatureValue>", b"<ds:SignatureValue>AAAA"),
        lambda text: text.replace(b"X509Certificate", b"X509Other"),
        lambda text: signed_by(RIGHT.text(), "other", lasting("signer", NOW)),
        lambda text: signed_by(RIGHT.text(), "signer", lasting("over", NOW, days=-1, begins=-9)),
        _moved,
    ],
)
def test_a_signature_that_does_not_hold_is_none(change: Callable[[bytes], bytes]) -> None:
    assert read_metadata(SIGNED.text(), NOW)
    with pytest.raises(MetadataSignatureWrong):
        read_metadata(change(SIGNED.text()), NOW)


def test_a_signature_in_a_weak_way_is_none() -> None:
    text = SIGNED.text().replace(b"2001/04/xmldsig-more#rsa-sha256", b"2000/09/xmldsig#rsa-sha1")
    with pytest.raises(MetadataSignatureWrong):
        read_metadata(text, NOW)


def test_comments_change_nothing_of_what_is_read() -> None:
    """Neither cut in two by one nor glued over one: what is read is what is signed."""
    commented = RIGHT.text().replace(b"<NameIDFormat>urn:", b"<NameIDFormat>urn:<!-- a -->")
    assert isinstance(RIGHT, Metadata)
    assert read_metadata(commented, NOW) == read_metadata(RIGHT.text(), NOW)

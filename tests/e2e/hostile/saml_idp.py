"""A small provider of SAML that is no Keycloak: it follows the standard, until a test bends it."""

from __future__ import annotations

import base64
import html
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from cryptography import x509
from lxml import etree
from signxml.algorithms import CanonicalizationMethod
from signxml.signer import XMLSigner

from tests.e2e.hostile.serving import Asked, Told
from tests.saml import Metadata, key_of, lasting, text_of

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
DS = "http://www.w3.org/2000/09/xmldsig#"
EMAIL = "urn:oid:0.9.2342.19200300.100.1.3"


@dataclass
class Said:
    """What the response will say, before it is signed."""

    issuer: str
    destination: str
    audience: str
    in_response_to: str
    sub: str
    email: str
    begins: datetime
    ends: datetime
    id: str = field(default_factory=lambda: f"_{secrets.token_hex(16)}")

    def xml(self) -> etree._Element:
        """The response, unsigned."""
        begins, ends = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (self.begins, self.ends))
        answers = f'InResponseTo="{self.in_response_to}"' if self.in_response_to else ""
        return etree.fromstring(
            f"""
<samlp:Response xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" ID="_r{self.id}" Version="2.0" IssueInstant="{begins}"
 Destination="{self.destination}" {answers}><saml:Issuer>{self.issuer}</saml:Issuer><samlp:Status>
<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<saml:Assertion ID="{self.id}" Version="2.0" IssueInstant="{begins}"><saml:Issuer>{self.issuer}</saml:Issuer>
<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{self.sub}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
 NotOnOrAfter="{ends}" Recipient="{self.destination}" {answers}/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{begins}" NotOnOrAfter="{ends}"><saml:AudienceRestriction>
<saml:Audience>{self.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{begins}" SessionIndex="{self.id}"><saml:AuthnContext><saml:AuthnContextClassRef>
urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="{EMAIL}"><saml:AttributeValue>{self.email}</saml:AttributeValue>
</saml:Attribute><saml:Attribute Name="urn:oid:2.5.4.42"><saml:AttributeValue>Nele</saml:AttributeValue>
</saml:Attribute><saml:Attribute Name="urn:oid:2.5.4.4"><saml:AttributeValue>Claes</saml:AttributeValue>
</saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>""".strip()
        )


def assertion_of(response: etree._Element) -> etree._Element:
    """Its first one."""
    found = response.find(f".//{{{SAML}}}Assertion")
    assert found is not None
    return found


class _Signer(XMLSigner):
    """Which signs in ways that are too weak, too."""

    def check_deprecated_methods(self) -> None:
        """Nobody is kept from it here."""


def signed(response: etree._Element, name: str, by: x509.Certificate, digest: str = "sha256") -> etree._Element:
    """The same with the assertion signed, the signature behind its issuer."""
    assertion = assertion_of(response)
    place = etree.SubElement(assertion, f"{{{DS}}}Signature", Id="placeholder", nsmap={"ds": DS})
    assertion.insert(1, place)
    signer = _Signer(
        signature_algorithm=f"rsa-{digest}", digest_algorithm=digest,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )  # fmt: skip
    made = signer.sign(assertion, key=key_of(name), cert=[by], reference_uri=str(assertion.get("ID")))
    parent = assertion.getparent()
    assert parent is not None
    parent.replace(assertion, made)
    return response


Bend = Callable[["Provider", Said], bytes]
"""Makes another response of the right one."""


def rightly(provider: Provider, said: Said) -> bytes:
    """As the standard says."""
    return bytes(etree.tostring(signed(said.xml(), provider.name, provider.certificate)))


@dataclass
class Provider:
    """Signs in at once whoever `sub` and `email` say, without a page. `bend` is what it does to the next responses."""

    name: str = "hostile saml"
    at: str = ""
    sub: str = ""
    email: str = ""
    bend: Bend = rightly
    sent: list[str] = field(default_factory=list)

    @property
    def certificate(self) -> x509.Certificate:
        """By which its answers are checked."""
        return lasting(self.name, BEGAN)

    @property
    def asked(self) -> dict[str, str]:
        """What the host writes of it, its metadata as a file."""
        made = Metadata(f"{self.at}/saml", (text_of(self.certificate),), bindings=("Redirect",), at=f"{self.at}/sso")
        return {
            "metadata_url": "", "metadata": made.text().decode(), "email_attribute": EMAIL,
            "given_name_attribute": "urn:oid:2.5.4.42", "family_name_attribute": "urn:oid:2.5.4.4",
        }  # fmt: skip

    def answer(self, asked: Asked) -> Told:
        request = etree.fromstring(zlib.decompress(base64.b64decode(asked.query["SAMLRequest"]), -15))
        back = str(request.get("AssertionConsumerServiceURL"))
        now = datetime.now(UTC)
        said = Said(
            f"{self.at}/saml", back, service_of(back), str(request.get("ID")), self.sub, self.email, now,
            now + timedelta(seconds=60),
        )  # fmt: skip
        self.sent.append(base64.b64encode(self.bend(self, said)).decode())
        return Told(posting(back, self.sent[-1], asked.query.get("RelayState", "")))


def service_of(back: str) -> str:
    """What we are called: the address of the realm."""
    parts = urlsplit(back)
    return f"{parts.scheme}://{parts.netloc}{parts.path.partition('/broker/')[0]}"


def posting(to: str, response: str, state: str) -> bytes:
    """The page that a browser sends on."""
    fields = f'<input type="hidden" name="SAMLResponse" value="{response}">'
    fields += f'<input type="hidden" name="RelayState" value="{html.escape(state)}">' if state else ""
    return f'<form method="post" action="{html.escape(to)}">{fields}</form>'.encode()


BEGAN = datetime.now(UTC)

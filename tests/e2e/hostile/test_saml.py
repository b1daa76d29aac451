"""A hostile provider of SAML, and a hostile browser between, before the real sign-in service.

What they bend lets nobody in, and is recorded. The provider is no Keycloak; who comes rightly comes by the same one.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from deploy.local.browser import Browser, Form
from deploy.local.platform import Platform
from tests.e2e.hostile.coming import LET_IN, Front, Somebody, enabled, now
from tests.e2e.hostile.saml_idp import DS, SAML, Bend, Provider, Said, assertion_of, rightly, signed
from tests.e2e.hostile.serving import served
from tests.e2e.partners import the_host
from tests.saml import lasting

Wrap = Callable[[etree._Element, etree._Element, etree._Element], None]
"""Puts something evil into a response beside what was signed: response, what was signed, and the evil one."""


def saying(change: Callable[[Said], Said]) -> Bend:
    """Something else, rightly signed."""
    return lambda provider, said: rightly(provider, change(said))


def moved(**span: float) -> Bend:
    """At another time."""
    by = timedelta(**span)
    return saying(lambda said: replace(said, begins=said.begins + by, ends=said.ends + by))


def unsigned(_: Provider, said: Said) -> bytes:
    return bytes(etree.tostring(said.xml()))


def touched(provider: Provider, said: Said) -> bytes:
    """Another subject put in after it was signed."""
    return rightly(provider, said).replace(f">{said.sub}<".encode(), f">{said.sub}-evil<".encode())


def by_another_key(_: Provider, said: Said) -> bytes:
    return bytes(etree.tostring(signed(said.xml(), "thief", lasting("thief", said.begins))))


def with_entities(provider: Provider, said: Said) -> bytes:
    """Which would read a file of the sign-in service."""
    text = rightly(provider, said).replace(f">{said.sub}<".encode(), b">&file;<")
    return b'<!DOCTYPE a [<!ENTITY file SYSTEM "file:///etc/hostname">]>' + text


def commented(provider: Provider, said: Said) -> bytes:
    """A comment in the middle of the name, which the signature does not cover."""
    name, _, rest = said.sub.rpartition(".")
    return rightly(provider, said).replace(f">{said.sub}<".encode(), f">{name}<!-- -->.{rest}<".encode())


def wrapped(wrap: Wrap) -> Bend:
    """Signature wrapping: what is signed stays whole, and somebody else stands where it is looked for."""

    def bend(provider: Provider, said: Said) -> bytes:
        response = etree.fromstring(rightly(provider, said))
        true = assertion_of(response)
        evil = deepcopy(true)
        signature = evil.find(f"{{{DS}}}Signature")
        assert signature is not None
        evil.remove(signature)
        evil.set("ID", "_evil")
        for element in evil.iter(f"{{{SAML}}}NameID"):
            element.text = f"{said.sub}-evil"
        wrap(response, true, evil)
        return bytes(etree.tostring(response))

    return bend


def _signature(true: etree._Element) -> etree._Element:
    found = true.find(f"{{{DS}}}Signature")
    assert found is not None
    return found


def _before(response: etree._Element, true: etree._Element, evil: etree._Element) -> None:
    response.insert(response.index(true), evil)


def _behind(response: etree._Element, true: etree._Element, evil: etree._Element) -> None:
    response.append(evil)


def _around(response: etree._Element, true: etree._Element, evil: etree._Element) -> None:
    response.replace(true, evil)
    evil.append(true)


def _with_its_signature(response: etree._Element, true: etree._Element, evil: etree._Element) -> None:
    evil.insert(1, _signature(true))
    response.insert(response.index(true), evil)


def _within_its_signature(response: etree._Element, true: etree._Element, evil: etree._Element) -> None:
    signature = _signature(true)
    response.replace(true, evil)
    evil.insert(1, signature)
    etree.SubElement(signature, f"{{{DS}}}Object").append(true)


def _in_extensions(response: etree._Element, true: etree._Element, evil: etree._Element) -> None:
    extensions = etree.Element("{urn:oasis:names:tc:SAML:2.0:protocol}Extensions")
    response.insert(1, extensions)
    extensions.append(deepcopy(true))
    response.replace(true, evil)


def _of_the_same_name(response: etree._Element, true: etree._Element, evil: etree._Element) -> None:
    evil.set("ID", str(true.get("ID")))
    response.insert(response.index(true), evil)


WRAPS: dict[str, Wrap] = {
    "before": _before, "behind": _behind, "around": _around, "with its signature": _with_its_signature,
    "within its signature": _within_its_signature, "in extensions": _in_extensions,
    "of the same name": _of_the_same_name,
}  # fmt: skip
ATTACKS: dict[str, Bend] = {
    "unsigned": unsigned,
    "changed after it was signed": touched,
    "by another key": by_another_key,
    "with entities": with_entities,
    "another issuer (mix-up)": saying(lambda said: replace(said, issuer="https://login.elsewhere.example")),
    "another destination": saying(lambda said: replace(said, destination="https://elsewhere.example/endpoint")),
    "another audience": saying(lambda said: replace(said, audience="https://elsewhere.example")),
    "the answer to something else": saying(lambda said: replace(said, in_response_to="_of-another")),
    "unasked, in a sign-in": saying(lambda said: replace(said, in_response_to="")),
    "expired": moved(hours=-2),
    "not valid yet": moved(hours=2),
    "a foreign domain": saying(lambda said: replace(said, email="somebody@elsewhere.example")),
    "no address": saying(lambda said: replace(said, email="")),
    **{f"wrapped: {name}": wrapped(wrap) for name, wrap in WRAPS.items()},
}

UNTOLD = {"a foreign domain", "no address"}
"""Refused too, at a page of the sign-in service, which tells of no failure then."""


@pytest.fixture(scope="module")
async def partner(platform: Platform) -> AsyncIterator[Front]:
    """The provider, enabled."""
    site = Provider()
    async with served(site), the_host(platform) as host:
        yield await enabled(platform, host, site)


def site_of(partner: Front) -> Provider:
    assert isinstance(partner.site, Provider)
    return partner.site


async def test_a_response_that_is_bent_lets_nobody_in_and_stands_in_the_hosts_log(partner: Front) -> None:
    begun, let_in, site = now(), {}, site_of(partner)
    for name, bend in {"rightly": rightly, **ATTACKS, "rightly again": rightly}.items():
        site.bend, who = bend, partner.somebody()
        taken = await partner.lets_in(who)
        evil = await partner.known(replace(who, sub=f"{who.sub}-evil", email="nobody@elsewhere.example"))
        assert evil == [], name
        let_in[name] = taken
    assert [name for name, taken in let_in.items() if taken] == ["rightly", "rightly again"]
    await partner.expect_recorded(begun, len(ATTACKS.keys() - UNTOLD))


async def test_a_comment_in_the_name_makes_nobody_another(partner: Front) -> None:
    """What was signed counts whole: the person of the longer name comes in as that person, or not at all."""
    site = site_of(partner)
    site.bend, victim = rightly, partner.somebody()
    assert await partner.lets_in(victim)
    site.bend = commented
    await partner.lets_in(Somebody(f"{victim.sub}.evil", f"other-{victim.email}"))
    assert len(await partner.known(victim)) == 1


async def test_an_answer_counts_once_and_for_who_asked(partner: Front) -> None:
    site = site_of(partner)
    site.bend, who = rightly, partner.somebody()
    assert await partner.lets_in(who)
    seen = site.sent[-1]
    site.bend = lambda *_: base64.b64decode(seen)
    async with Browser() as browser:
        page = await partner.comes(who, browser)
        assert (page.status_code >= 400, LET_IN in page.text) == (True, False)


async def test_nobody_comes_unasked(partner: Front) -> None:
    """As by the button of an own portal (IdP-initiated), with an answer that is right in all else."""
    site = site_of(partner)
    site.bend = rightly
    assert await partner.lets_in(partner.somebody())
    site.bend, who = saying(lambda said: replace(said, in_response_to="")), partner.somebody()
    async with Browser() as browser:
        await partner.comes(who, browser)
    instance = partner.platform.instance
    endpoint = f"{instance.issuer}/broker/{partner.alias}/endpoint"
    async with Browser() as browser:
        page = await browser.submit(Form(endpoint), {"SAMLResponse": site.sent[-1]})
        assert (page.status_code >= 400, LET_IN in page.text) == (True, False)
    assert await partner.known(who) == []


async def test_who_comes_by_another_name_is_nobody_known(partner: Front) -> None:
    site_of(partner).bend = rightly
    await partner.expect_no_other()

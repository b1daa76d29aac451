"""A kept database of Keycloak has nothing of the instance it was made for, and a copy no key of another."""

from __future__ import annotations

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

from tests.ready_made import filled, named, rekeyed

OWN = {"PORTAL_URL": "http://localhost:15868", "PORTAL_KEY_X": "x-of-the-portal"}
BEFORE = {
    "kid": "22250071-2b68-41f3-9ff5-7ca083c86f0a",
    "secret": base64.urlsafe_b64encode(b"s" * 64).decode().rstrip("="),
    "privateKey": "an RSA key",
    "certificate": "its certificate",
    "ecdsaPrivateKey": "an ECDSA key",
    "ecdsaPublicKey": "its public half",
    "eddsaPrivateKey": "an EdDSA key",
    "eddsaPublicKey": "its other half",
}
HALVES = BEFORE.keys() - {"kid", "secret"}
OF = {"certificate": "privateKey", "kid": "secret"}
KEYS = "".join(
    f"row-{name}\tkey-{OF.get(name, name).replace('Public', 'Private')}\t{name}\t{value}\n"
    for name, value in BEFORE.items()
)
DUMP = (
    "CREATE TABLE public.client (secret text);\n"
    "COPY public.client (id, client_id, secret, base_url) FROM stdin;\n"
    "one\tportal\tsecret-of-the-portal\thttp://localhost:15868/\n"
    "two\tmaster-realm\t\\N\t\\N\n"
    "\\.\n\n"
    "COPY public.client_attributes (client_id, name, value) FROM stdin;\n"
    'one\tjwks.string\t{"keys":[{"x":"x-of-the-portal"}]}\n'
    "\\.\n\n"
    "COPY public.component_config (id, component_id, name, value) FROM stdin;\n"
    f"{KEYS}row-size\tkey-privateKey\tkeySize\t2048\n"
    "\\.\n"
)


def config(text: str) -> dict[str, str]:
    """The parts of the keys in a dump."""
    rows = text.partition("component_config")[2].splitlines()[1:]
    return {row.split("\t")[2]: row.split("\t")[3] for row in rows if "\t" in row}


def test_what_is_kept_has_nothing_of_its_instance_and_another_gets_its_own() -> None:
    kept = named(DUMP, OWN)
    assert [value for value in OWN.values() if value in kept] == []
    assert filled(kept, OWN) == DUMP
    others = {"PORTAL_URL": "http://localhost:20000", "PORTAL_KEY_X": "another-x"}
    assert "one\tportal\tsecret-of-the-portal\thttp://localhost:20000/" in filled(kept, others)
    assert '[{"x":"another-x"}]' in filled(kept, others)


def test_what_cannot_be_named_is_not_kept() -> None:
    with pytest.raises(ValueError, match="PORTAL_KEY_Y"):
        named(DUMP, OWN | {"PORTAL_KEY_Y": "y-that-is-nowhere"})


def test_a_copy_has_keys_and_secrets_that_no_other_has_and_all_else_as_it_was() -> None:
    one, other = rekeyed(DUMP), rekeyed(DUMP)
    for name, before in BEFORE.items():
        assert len({before, config(one)[name], config(other)[name]}) == 3, name
    assert "secret-of-the-portal" not in one
    assert "two\tmaster-realm\t\\N\t\\N\n" in one
    same = [(line, new) for line, new in zip(DUMP.splitlines(), one.splitlines(), strict=True) if line == new]
    assert len(same) == len(DUMP.splitlines()) - len(BEFORE) - 1


def test_the_halves_of_a_key_belong_together() -> None:
    parts = config(rekeyed(DUMP))
    found = {name: base64.b64decode(value) for name, value in parts.items() if name in HALVES}
    for kind in ("ecdsa", "eddsa"):
        private = load_der_private_key(found[f"{kind}PrivateKey"], password=None)
        assert private.public_key() == load_der_public_key(found[f"{kind}PublicKey"])
    certificate = x509.load_der_x509_certificate(found["certificate"])
    assert certificate.public_key() == load_der_private_key(found["privateKey"], password=None).public_key()

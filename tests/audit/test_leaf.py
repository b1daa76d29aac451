"""The leaf: its exact bytes, RFC 8785 by a second opinion, and what is refused."""

from __future__ import annotations

import importlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from services import partner_directory
from services.audit.errors import LeafMalformed
from services.audit.model.leaf import MAX_BYTES, Leaf, canonical, leaf_bytes, leaf_hash, make_leaf, parse_leaf
from services.audit.model.record import Record, Source
from services.kit.policy import Verb

GOLDEN = Path(__file__).parent / "leaf.json"
TENANT = UUID("0b8e7c52-5a3a-4c1c-9f57-0d2f3a6b7c8d")
RECORD = Record(
    record_id=UUID("01936f2e-8a00-7c3e-8d21-6f0a1b2c3d4e"),
    source=Source("partner_directory", UUID("5f0c2a9e-1111-4222-8333-944455566677")),
    seq=4711,
    heard_at=datetime(2026, 11, 24, 9, 0, 1, tzinfo=UTC),
    at=datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=UTC),
    verb="disclose",
    action="share_contribution",
    outcome="allow",
    purpose="prevent_terrorist_offences",
    legal_basis="decree-vl-2021-05-21",
    actor_id="7d8f7c1e-aaaa-5bbb-8ccc-d00000000001",
    actor_kind="person",
    organisation_id="7d8f7c1e-aaaa-5bbb-8ccc-d00000000002",
    on_behalf_of="",
    object_ids=(UUID("01936f2e-8a00-7c3e-8d21-000000000001"), UUID("01936f2e-8a00-7c3e-8d21-000000000002")),
    fields=("frame", "content"),
    count=2,
    acr=2,
    trace_id="0af7651916cd43dd8448eb211c80319c",
    codes={"role": "coordinator"},
)


def leaf_of(record: Record, objects: list[str] | None = None) -> Leaf:
    """The leaf of a record with invented pseudonyms."""
    named = ["bbbbbbbbbbbbbbbbbbbbbb", "cccccccccccccccccccccc"] if objects is None else objects
    return make_leaf(
        record, TENANT, actor="aaaaaaaaaaaaaaaaaaaaaa", org="dddddddddddddddddddddd", on_behalf_of="", objects=named,
        detail="e" * 43,
    )  # fmt: skip


def test_a_record_makes_exactly_these_bytes() -> None:
    assert leaf_bytes(leaf_of(RECORD)) == GOLDEN.read_bytes()
    assert leaf_hash(GOLDEN.read_bytes()).hex() == "a46cf49f873a9e962ce9b3810edc0211e82e233f7c59e8a3aa4a77a7c9784378"


def test_a_leaf_is_read_back() -> None:
    assert parse_leaf(GOLDEN.read_bytes()) == leaf_of(RECORD)


codes = st.from_regex("[A-Za-z0-9_.:-]{0,48}", fullmatch=True)
names = st.from_regex("[A-Za-z0-9_-]{22}", fullmatch=True)
numbers = st.integers(1, 2**53 - 1)
records = st.builds(
    replace,
    st.just(RECORD),
    record_id=st.uuids(),
    seq=numbers,
    count=numbers,
    at=st.integers(0, 2**37 - 1).map(lambda tick: datetime.fromtimestamp(tick, UTC)),
    verb=st.sampled_from([verb.value for verb in Verb]),
    outcome=st.sampled_from(["allow", "deny", "error"]),
    legal_basis=codes,
    purpose=codes,
    fields=st.lists(codes, max_size=3).map(tuple),
    trace_id=st.from_regex("([0-9a-f]{32})?", fullmatch=True),
)


@given(records, st.lists(names, max_size=20))
def test_our_bytes_are_those_of_rfc_8785(record: Record, objects: list[str]) -> None:
    leaf = leaf_of(record, objects)
    assert leaf_bytes(leaf) == rfc8785.dumps(cast(Any, leaf))
    assert parse_leaf(leaf_bytes(leaf)) == leaf


@given(st.dictionaries(codes, st.text(st.characters(exclude_categories=["Cs"])) | numbers))
def test_details_are_canonical_too(value: dict[str, Any]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_the_largest_leaf_has_two_kilobytes() -> None:
    largest = replace(
        RECORD, seq=2**53 - 1, count=2**31 - 1, verb="administer", action="a" * 32, purpose="p" * 32,
        legal_basis="l" * 48, fields=("frame", "identity", "proposal", "content"),
    )  # fmt: skip
    leaf = leaf_of(largest, ["b" * 22] * 50)
    leaf["on_behalf_of"] = "f" * 22
    assert len(leaf_bytes(leaf)) <= MAX_BYTES == 2048
    leaf["purpose"] = leaf["action"] = "p" * 48
    leaf["fields"] = ["f" * 48] * 8
    with pytest.raises(LeafMalformed):
        leaf_bytes(leaf)


@pytest.mark.parametrize("service", ["partner_directory", "case", "meeting", "audit", "portal"])
def test_every_act_of_the_product_fits_a_leaf(service: str) -> None:
    """With fifty cases, on behalf of somebody, under the longest name of a legal basis."""
    text = (Path(partner_directory.__file__).parent / "data" / "law.json").read_text()
    legal_basis = max((basis["code"] for basis in json.loads(text)), key=len)
    for handler, rule in importlib.import_module(f"services.{service}.policy").POLICY.items():
        act = replace(
            RECORD, action=handler.__name__, verb=rule.verb.value, fields=rule.fields, purpose=rule.purpose,
            legal_basis=legal_basis, seq=2**53 - 1, count=2**31 - 1,
        )  # fmt: skip
        leaf = leaf_of(act, ["b" * 22] * 50)
        leaf["on_behalf_of"] = "f" * 22
        assert parse_leaf(leaf_bytes(leaf))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("v", 2), ("v", True), ("v", 1.0), ("id", "not-a-uuid"), ("at", "2026-11-24T09:00:00Z"), ("tenant", ""),
        ("producer_seq", -1), ("producer_seq", 2**53), ("producer_seq", "1"), ("verb", "gossip"),
        ("action", "free text"), ("outcome", "perhaps"), ("purpose", "een vrije tekst"), ("actor", "Jan Janssens"),
        ("objects", ["01936f2e-8a00-7c3e-8d21-000000000001"]), ("objects", ["b" * 22] * 51), ("objects", "b"),
        ("fields", [1]), ("count", None), ("trace_id", "xyz"), ("detail", "short"),
    ],
)  # fmt: skip
def test_a_key_that_does_not_have_its_form_is_named(key: str, value: object) -> None:
    leaf = dict(leaf_of(RECORD))
    assert parse_leaf(canonical(leaf))
    with pytest.raises(LeafMalformed) as refused:
        parse_leaf(canonical(leaf | {key: value}))
    assert refused.value.field == key


def test_unknown_and_missing_keys_are_refused() -> None:
    leaf: dict[str, Any] = dict(leaf_of(RECORD))
    for wrong in (leaf | {"name": "x"}, {key: part for key, part in leaf.items() if key != "acr"}, {}):
        with pytest.raises(LeafMalformed):
            parse_leaf(canonical(wrong))


def test_other_than_canonical_bytes_are_refused() -> None:
    golden = GOLDEN.read_bytes()
    leaf = json.loads(golden)
    wrong = [
        golden + b"\n",
        golden.replace(b":", b": ", 1),
        golden.replace(b'{"acr":2,', b'{"acr":2,"acr":2,'),
        json.dumps(dict(reversed(leaf.items())), separators=(",", ":")).encode(),
        golden.replace(b'"frame"', b'"\\u0066rame"'),
        b"[]",
        b"\xff",
        b"",
    ]
    for bytes_ in wrong:
        with pytest.raises(LeafMalformed):
            parse_leaf(bytes_)


@given(st.integers(0, len(GOLDEN.read_bytes()) * 8 - 1))
def test_a_flipped_bit_is_refused_or_another_leaf(bit: int) -> None:
    golden = GOLDEN.read_bytes()
    flipped = bytearray(golden)
    flipped[bit // 8] ^= 1 << bit % 8
    try:
        parse_leaf(bytes(flipped))
    except LeafMalformed:
        return
    assert leaf_hash(bytes(flipped)) != leaf_hash(golden)

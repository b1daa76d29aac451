"""The directory's public keys: asked for when an unknown id arrives, never too often, and never taken on trust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rondetafel.kit.v1 import kit_pb2
from services.kit.errors import Unavailable
from services.kit.fact_keys import COOL_DOWN_SECONDS, RENEW_SECONDS, FactKeys, Unsigned
from services.kit.signatures import Signer, signed_bytes
from tests.facts import public_of

OLD, NEW, STRANGER = (Signer(uuid4(), letter * 32) for letter in (b"o", b"n", b"s"))


@dataclass
class Directory:
    """Tells its keys, or is away."""

    keys: list[Signer] = field(default_factory=lambda: [OLD])
    away: bool = False
    asked: int = 0
    now: float = 100.0

    async def fetch(self) -> Mapping[str, bytes]:
        self.asked += 1
        if self.away:
            raise Unavailable
        return {str(key.key_id): public_of(key) for key in self.keys}

    def monotonic(self) -> float:
        return self.now

    def known(self) -> FactKeys:
        return FactKeys(self.fetch, monotonic=self.monotonic)


def signed(by: Signer) -> kit_pb2.Envelope:
    told = kit_pb2.Envelope(type="mandate.changed", tenant_id="t", message_id="m", payload=b"payload")
    by.sign(told)
    return told


async def test_a_key_is_asked_for_once_and_used() -> None:
    directory = Directory()
    keys = directory.known()
    for _ in range(3):
        await keys.check(signed(OLD))
    assert directory.asked == 1


async def test_while_the_directory_is_away_a_signed_fact_waits_and_is_taken_later() -> None:
    directory = Directory(away=True)
    keys = directory.known()
    for _ in range(2):
        with pytest.raises(Unavailable):
            await keys.check(signed(OLD))
    assert directory.asked == 1, "once per cool-down"
    directory.away = False
    directory.now += COOL_DOWN_SECONDS
    await keys.check(signed(OLD))


async def test_a_new_key_is_asked_for_when_it_comes_and_the_old_one_still_counts() -> None:
    directory = Directory()
    keys = directory.known()
    await keys.check(signed(OLD))
    directory.keys.append(NEW)
    directory.now += COOL_DOWN_SECONDS / 2
    with pytest.raises(Unavailable):
        await keys.check(signed(NEW))
    directory.now += COOL_DOWN_SECONDS
    await keys.check(signed(NEW))
    await keys.check(signed(OLD))


async def test_unknown_ids_are_refused_by_one_question_however_many_there_are() -> None:
    directory = Directory()
    keys = directory.known()
    await keys.check(signed(OLD))
    directory.now += COOL_DOWN_SECONDS / 2
    strangers = [Signer(uuid4(), b"s" * 32) for _ in range(500)]
    for stranger in strangers:
        with pytest.raises(Unavailable):
            await keys.check(signed(stranger))
    directory.now += COOL_DOWN_SECONDS
    for stranger in strangers:
        with pytest.raises(Unsigned):
            await keys.check(signed(stranger))
    assert directory.asked == 2


async def test_a_key_the_directory_names_no_more_is_gone_with_the_next_renewal() -> None:
    directory = Directory(keys=[OLD, NEW])
    keys = directory.known()
    await keys.check(signed(OLD))
    directory.keys.remove(OLD)
    directory.now += RENEW_SECONDS
    await keys.check(signed(OLD))
    await keys.check(signed(NEW))
    assert keys._fetching is not None
    await keys._fetching
    with pytest.raises(Unsigned):
        await keys.check(signed(OLD))
    await keys.check(signed(NEW))


async def test_known_keys_are_used_while_the_directory_is_away() -> None:
    directory = Directory()
    keys = directory.known()
    await keys.check(signed(OLD))
    directory.away = True
    for _ in range(3):
        directory.now += RENEW_SECONDS
        await keys.check(signed(OLD))
        await keys.close()


async def test_a_foreign_signature_under_a_known_id_is_refused() -> None:
    keys = Directory().known()
    await keys.check(signed(OLD))
    with pytest.raises(Unsigned):
        await keys.check(signed(Signer(OLD.key_id, STRANGER.seed)))


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ENVELOPES = st.builds(
    kit_pb2.Envelope, type=NAMES, producer=NAMES, tenant_id=NAMES, message_id=NAMES, payload=st.binary(max_size=12)
)


@given(ENVELOPES, ENVELOPES)
def test_no_two_envelopes_have_the_same_signed_bytes(one: kit_pb2.Envelope, other: kit_pb2.Envelope) -> None:
    assert (signed_bytes(one) == signed_bytes(other)) == (one == other)


@given(NAMES, NAMES, NAMES)
def test_text_cannot_be_moved_from_one_part_to_the_next(first: str, moved: str, last: str) -> None:
    one = kit_pb2.Envelope(type=first + moved, producer=last)
    other = kit_pb2.Envelope(type=first, producer=moved + last)
    assert (signed_bytes(one) == signed_bytes(other)) == (not moved)

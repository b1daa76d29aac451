"""Pictures for the repository stay small."""

from __future__ import annotations

import io
import random

from PIL import Image

from tests.pages.screenshots import MOST_BYTES, small


def png(width: int, height: int, seen: bytes) -> bytes:
    """A picture of these pixels, three bytes each."""
    packed = io.BytesIO()
    Image.frombytes("RGB", (width, height), seen).save(packed, "PNG")
    return packed.getvalue()


def test_a_picture_fits_and_keeps_its_size() -> None:
    noise = random.Random(1).randbytes(100 * 100 * 3)
    packed = small(png(100, 100, noise))
    assert len(packed) <= MOST_BYTES
    assert Image.open(io.BytesIO(packed)).size == (100, 100)


def test_one_that_is_too_much_is_cut_off() -> None:
    noise = random.Random(1).randbytes(400 * 600 * 3)
    packed = small(png(400, 600, noise))
    assert len(packed) <= MOST_BYTES
    width, height = Image.open(io.BytesIO(packed)).size
    assert width == 400
    assert height < 600

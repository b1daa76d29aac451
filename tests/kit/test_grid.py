"""Answers leave at fixed moments."""

from __future__ import annotations

import pytest

from services.kit.grid import Grid
from tests.gate.clock import Seconds


@pytest.mark.parametrize(("took", "leaves"), [(0.0, 0.5), (0.004, 0.5), (0.499, 0.5), (0.5, 0.5), (0.51, 1.0)])
async def test_whatever_it_took_it_leaves_at_the_next_moment(took: float, leaves: float) -> None:
    clock = Seconds()
    grid = Grid(0.5, clock, clock.sleep)
    came = grid.now()
    clock.now += took
    await grid.leave(came)
    assert clock.now - came == pytest.approx(leaves)


def test_moments_are_apart() -> None:
    with pytest.raises(ValueError, match="apart"):
        Grid(0)

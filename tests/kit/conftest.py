"""What the tests of the kit share."""

import pytest

from tests.kit.issuer import Issuer


@pytest.fixture
def issuer() -> Issuer:
    """An issuer with a clock, keys and a verifier of its own."""
    return Issuer()

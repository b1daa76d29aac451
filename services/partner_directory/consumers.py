"""What the partner directory hears: nothing yet beyond what every service does (ended sign-ins)."""

from services.kit.consume import Hears

HEARS: dict[str, Hears] = {}

"""The host's desk of a local platform: an invented one, or what the runner's environment says."""

import os
from collections.abc import Mapping

from services.kit.desk import Desk, DeskSettings

INVENTED = {
    "DESK_NAME": "Steunpunt Rondetafel (demo)",
    "DESK_TELEPHONE": "+3212345678",
    "DESK_EMAIL": "help@rondetafel.example",
}


def desk_settings(asked: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The settings of whoever shows it; all of them as asked as soon as one is."""
    told = {name: asked.get(f"RONDETAFEL_{name}", "") for name in INVENTED}
    return told if any(told.values()) else dict(INVENTED)


def desk_of(asked: Mapping[str, str] = os.environ) -> Desk:
    """The same, for Keycloak's pages. Raises ValidationError."""
    return DeskSettings(**{name.lower(): value for name, value in desk_settings(asked).items()}).desk

"""That a form comes from a page of ours, which this browser was shown."""

from __future__ import annotations

import hmac

from services.portal.model import SignInSecret
from services.portal.web.ui.forms import Form

MASKED = 128
"""Letters of a masked CSRF token: the mask and the token, each 32 bytes in hexadecimal."""


def was_shown(form: Form, secret: SignInSecret, address: str) -> bool:
    """Whether the form comes from the page at this address: only that may be kept as a draft."""
    return hmac.compare_digest(form.value("shown").encode(), secret.page_token(address).encode())


def unmasked(sent: str) -> bytes:
    """The token behind a masked one; anything else comes back empty or wrong, and is refused."""
    if len(sent) != MASKED:
        return b""
    try:
        raw = bytes.fromhex(sent)
    except ValueError:
        return b""
    half = len(raw) // 2
    return bytes(masking ^ masked for masking, masked in zip(raw[:half], raw[half:], strict=False)).hex().encode()

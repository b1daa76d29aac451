"""Telephone numbers, which services tell as ITU-T E.164 has them, as people here read and dial them."""

from __future__ import annotations

import phonenumbers

_HERE = 32


def dialled(number: str) -> str:
    """A Belgian number as one dials it at home, another with its country: "0470 12 34 56", "+33 1 42 68 53 00"."""
    return _formatted(number, abroad=False)


def dialled_abroad(number: str) -> str:
    """With its country always, for what leaves the pages: "+32 470 12 34 56"."""
    return _formatted(number, abroad=True)


def _formatted(number: str, *, abroad: bool) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    forms = phonenumbers.PhoneNumberFormat
    at_home = parsed.country_code == _HERE and not abroad
    return phonenumbers.format_number(parsed, forms.NATIONAL if at_home else forms.INTERNATIONAL)

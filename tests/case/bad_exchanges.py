"""Bad input for what is said about a signal: a method, a field, its value, the error and where it is said."""

from __future__ import annotations

from typing import Any

from services.kit.errors import Invalid
from services.kit.fields import FieldMalformed, FieldMissing, TextTooLong, UnknownCode

WRONG_EXCHANGES: list[tuple[str, str, Any, type[Invalid], str]] = [
    ("AskReporter", "signal_id", "x", FieldMalformed, "signal_id"),
    ("AskReporter", "text", " \u200b", FieldMissing, "text"),
    ("AskReporter", "text", 4_001 * "x", TextTooLong, "text"),
    ("AskReporter", "language", "es", UnknownCode, "language"),
    ("AddToSignal", "signal_id", "x", FieldMalformed, "signal_id"),
    ("AddToSignal", "text", "\x00", FieldMissing, "text"),
    ("AddToSignal", "text", 4_001 * "x", TextTooLong, "text"),
    ("AddToSignal", "language", "", UnknownCode, "language"),
    ("AddToSignal", "answers", "x", FieldMalformed, "answers"),
]

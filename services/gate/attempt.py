"""What a form that was sent to Keycloak tries, and what Keycloak made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import parse_qsl, urlencode, urlsplit

from services.gate.errors import FormUnreadable
from services.gate.sessions import Page, same_account

MOST_FIELDS = 40
FORM = "application/x-www-form-urlencoded"
NOTHING_TYPED = " "
"""What an empty password goes on as. Keycloak answers an empty one without looking, but only where the account is known
(keycloak/keycloak issue 51887); it compares this one like any other."""


class Step(Enum):
    """What is tried."""

    PASSWORD = "password"  # noqa: S105 - the name of a step
    CODE = "code"
    ADDRESS = "address"
    """Only who somebody is: nothing can be guessed, but the answer must not tell whether it is known."""
    STRAY = "stray"
    """A code where none was asked for: it goes no further, and counts for nobody."""
    NOTHING = "nothing"
    """A choice, a new password, or a security key, which nobody guesses."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One form."""

    step: Step
    account: str | None
    body: bytes = field(repr=False)
    """The form as both of us read it: each name once, as UTF-8."""


def attempt_of(content_type: str, body: bytes, *, guessable: bool, code_asked: bool) -> Attempt:
    """Read a form. `guessable` is False where Keycloak only asks what the person chooses, `code_asked` says whether the
    page of the code was shown in this sign-in. What belongs to another step is left out, so that nobody has a password
    counted as a code, or a code as a password. Raises FormUnreadable.
    """
    fields = _fields(content_type, body)
    step = _step(fields, code_asked) if guessable else Step.NOTHING
    if step is Step.PASSWORD:
        fields.pop("otp", None)
        fields["password"] = fields["password"] or NOTHING_TYPED
    elif step is Step.CODE:
        fields.pop("password", None)
        fields.pop("username", None)
    account = same_account(fields.get("username", "")) or None
    return Attempt(step, account, urlencode(fields).encode())


def _step(fields: Mapping[str, str], code_asked: bool) -> Step:
    if "otp" in fields and code_asked:
        return Step.CODE
    if "password" in fields:
        return Step.PASSWORD
    if "otp" in fields:
        return Step.STRAY
    return Step.ADDRESS if "username" in fields else Step.NOTHING


def _fields(content_type: str, body: bytes) -> dict[str, str]:
    kind, _, parameters = content_type.partition(";")
    if body and (kind.strip().lower() != FORM or parameters.strip().lower() not in ("", "charset=utf-8")):
        raise FormUnreadable(field="Content-Type", expected=FORM)
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=MOST_FIELDS,
            errors="strict",
        )  # fmt: skip
    except ValueError as error:
        raise FormUnreadable(field="body", expected="a form in UTF-8") from error
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise FormUnreadable(field="body", expected="each field once")
    return fields


class Outcome(Enum):
    """What came of it."""

    REFUSED = "refused"
    PASSED = "passed"
    SIGNED_IN = "signed_in"
    """The last step was done: the browser goes back to the client with a code."""


# Pages that only follow on what was right. Any other page, and any complaint, counts as a refusal.
_AFTER = {
    Step.PASSWORD: frozenset(
        {"login-otp", "login-config-totp", "login-update-password", "webauthn-authenticate", "select-authenticator"}
    ),
    Step.CODE: frozenset({"login-config-totp", "login-update-password", "webauthn-register", "delete-credential"}),
}


def outcome_of(step: Step, status: int, location: str, page: Page | None) -> Outcome:
    """What Keycloak's answer says. What it does not clearly say was not right."""
    if status in (302, 303):
        target = urlsplit(location)
        asked: Mapping[str, str] = dict(parse_qsl(target.query))
        if "code" in asked and "state" in asked and "error" not in asked and "/realms/" not in target.path:
            return Outcome.SIGNED_IN
        onward = target.path.endswith(("/login-actions/required-action", "/broker/after-post-broker-login"))
        return Outcome.PASSED if onward else Outcome.REFUSED
    if status == 200 and page is not None and page.name in _AFTER.get(step, frozenset()):
        return Outcome.PASSED
    return Outcome.REFUSED

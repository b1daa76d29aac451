"""What a form tries, read as Keycloak will read it, and what its answer says."""

from __future__ import annotations

import pytest

from services.gate.attempt import FORM, Outcome, Step, attempt_of, outcome_of
from services.gate.errors import FormUnreadable
from services.gate.sessions import Page, page_of, same_account


@pytest.mark.parametrize(
    ("body", "step"),
    [
        (b"username=a&password=b&credentialId=", Step.PASSWORD),
        (b"password=b", Step.PASSWORD),
        (b"username=a&password=", Step.PASSWORD),
        (b"otp=123456", Step.CODE),
        (b"otp=123456&password=b&username=a", Step.CODE),
        (b"username=a", Step.ADDRESS),
        (b"tryAnotherWay=on", Step.NOTHING),
        (b"", Step.NOTHING),
        (b"credentialId=x&authenticatorData=y&signature=z", Step.NOTHING),
    ],
)
def test_which_step_a_form_is(body: bytes, step: Step) -> None:
    assert attempt_of(FORM, body, guessable=True, code_asked=True).step is step
    assert attempt_of(FORM, body, guessable=False, code_asked=True).step is Step.NOTHING, (
        "what somebody chooses is not guessed"
    )


def test_a_password_is_never_counted_as_a_code_nor_a_code_as_a_password() -> None:
    """Else who knows no password could use up the turns that strange devices have for codes."""
    both = b"otp=1&password=b&username=a"
    asked = attempt_of(FORM, both, guessable=True, code_asked=True)
    assert (asked.step, asked.body) == (Step.CODE, b"otp=1")
    before = attempt_of(FORM, both, guessable=True, code_asked=False)
    assert (before.step, before.body) == (Step.PASSWORD, b"password=b&username=a")
    assert attempt_of(FORM, b"otp=1", guessable=True, code_asked=False).step is Step.STRAY


def test_an_empty_password_is_compared_like_any_other() -> None:
    """Keycloak refuses it without looking, but only where the account is known."""
    assert attempt_of(FORM, b"username=a&password=", guessable=True, code_asked=True).body == b"username=a&password=+"
    assert (
        attempt_of(FORM, b"username=a&password=b%20c", guessable=True, code_asked=True).body
        == b"username=a&password=b+c"
    )


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b"username=a&username=b&password=c"),
        (FORM, b"password=a&password=b"),
        (FORM, b"username=%ff&password=b"),
        (FORM, "username=é&password=b".encode()),
        (FORM, b"username"),
        (FORM, b"a=1&" * 50),
        (f"{FORM}; charset=utf-16", b"username=a&password=b"),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("application/json", b"{}"),
        ("", b"username=a&password=b"),
    ],
)
def test_a_form_that_keycloak_might_read_otherwise_does_not_pass(kind: str, body: bytes) -> None:
    assert attempt_of(f"{FORM}; charset=UTF-8", b"username=a&password=b", guessable=True, code_asked=True)
    with pytest.raises(FormUnreadable):
        attempt_of(kind, body, guessable=True, code_asked=True)


def test_the_same_address_is_the_same_account() -> None:
    spellings = ("a@b.be", " A@B.be ", "a@b.BE", "ａ@b.be", "\ta@b.be\n", "a@b.be\u200b")
    assert len({same_account(item) for item in spellings}) == 1
    assert same_account("a@büllingen.be") == same_account("A@xn--bllingen-65a.be")
    assert same_account("Somebody\ufeff") == same_account("somebody")
    assert same_account("ab@b.be") != same_account("a@b.be")


LOCATION = "http://localhost:1/signin/callback"
STEPS = "http://x/realms/rondetafel/login-actions"


@pytest.mark.parametrize(
    ("status", "location", "page", "outcome"),
    [
        (302, f"{LOCATION}?state=s&session_state=x&code=c", None, Outcome.SIGNED_IN),
        (302, f"{LOCATION}?error=temporarily_unavailable&state=s", None, Outcome.REFUSED),
        (302, f"{LOCATION}?error=access_denied&state=s&code=c", None, Outcome.REFUSED),
        (302, f"{STEPS}/required-action?execution=UPDATE_PASSWORD", None, Outcome.PASSED),
        (302, f"{STEPS}/authenticate?tab_id=y&code=c&state=z", None, Outcome.REFUSED),
        (200, "", "login-otp", Outcome.PASSED),
        (200, "", "login-config-totp", Outcome.PASSED),
        (200, "", "login", Outcome.REFUSED),
        (200, "", "login-username", Outcome.REFUSED),
        (200, "", "error", Outcome.REFUSED),
        (200, "", "something-new", Outcome.REFUSED),
        (200, "", None, Outcome.REFUSED),
        (400, "", None, Outcome.REFUSED),
        (500, "", None, Outcome.REFUSED),
    ],
)  # fmt: skip
def test_what_is_not_clearly_right_was_wrong(status: int, location: str, page: str | None, outcome: Outcome) -> None:
    shown = Page(page, None, "nl") if page else None
    assert outcome_of(Step.PASSWORD, status, location, shown) is outcome


def test_the_code_page_again_is_a_wrong_code() -> None:
    assert outcome_of(Step.CODE, 200, "", Page("login-otp", None, "nl")) is Outcome.REFUSED


def test_a_page_says_which_it_is_and_whose() -> None:
    body = '<body data-page-id="login-login-otp" data-account="d&#39;h&amp;x@b.be" class="x"><p data-account="y">'
    assert page_of(f'<html lang="fr">{body}'.encode()) == Page("login-otp", "d'h&x@b.be", "fr")
    assert page_of(b'<html lang="nl"><body data-page-id="login-login">') == Page("login", None, "nl")
    assert page_of(b'<html lang="nl"><body><p data-page-id="login-login">') is None
    assert page_of(b"{}") is None

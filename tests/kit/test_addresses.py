"""One mailbox is one address, however it is typed; what no mail server would take is none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.provisional import domains

from services.kit.addresses import NotAnAddress, read_address, readable_address

SAME = [
    ("nele@caw.example", "Nele@CAW.example", " nele@caw.example\u00a0", "\ufeffnele@caw.example\u200b"),
    ("nele@caw.example", "ｎele＠caw。example", "nele@\u00adcaw.example"),
    ("anna@büllingen.example", "anna@xn--bllingen-65a.example", "Anna@BU\u0308LLINGEN.example"),
    ("anna@büllingen.example", "anna@XN--BLLINGEN-65A.example"),
    ("jan.d'hondt@caw.example", "jan.d’hondt@caw.example"),
    ("jürgen@caw.example", "ju\u0308rgen@caw.example", "JÜRGEN@caw.example"),
    ("ﬁen@caw.example", "fien@caw.example"),
]  # fmt: skip


@pytest.mark.parametrize("spellings", SAME)
def test_spellings_of_one_address_are_equal(spellings: tuple[str, ...]) -> None:
    assert len({read_address(spelling) for spelling in spellings}) == 1


def test_the_two_forms_of_an_address() -> None:
    address = read_address("Anna@Büllingen.example")
    assert (address.readable, address.mailable) == ("anna@büllingen.example", "anna@xn--bllingen-65a.example")
    assert read_address("nele@caw.example").readable == read_address("nele@caw.example").mailable


@pytest.mark.parametrize(
    ("one_person", "another"),
    [
        ("nele@caw.example", "nele.claes@caw.example"),
        ("nele@caw.example", "nele@caw.example.be"),
        ("strasse@caw.example", "straße@caw.example"),
        ("anna@fass.example", "anna@faß.example"),
        ("nele+a@caw.example", "nele@caw.example"),
        ("nele@caw.example", "n\u0435le@caw.example"),
    ],
)
def test_two_mailboxes_are_two(one_person: str, another: str) -> None:
    assert read_address(one_person) != read_address(another)


@pytest.mark.parametrize(
    "address",
    [
        "jan.d'hondt@caw.example", "tom/aerts@caw.example", "a!#$%&'*+-/=?^_`{|}~z@caw.example", "أحمد@caw.example",
        f"{'y' * 64}@caw.example", "a@b.example", "nele@10.example", "nele@ab--cd.example", "nele@例え.example",
    ],
)  # fmt: skip
def test_what_mail_servers_take_is_an_address(address: str) -> None:
    assert read_address(address).readable == address


@pytest.mark.parametrize(
    "typed",
    [
        "", "nele", "nele@caw", "@caw.example", "nele@", "nele@@caw.example", "a b@caw.example", "a\u1680b@caw.example",
        ".nele@caw.example", "nele.@caw.example", "ne..le@caw.example", "nele@caw..example", "nele@caw.example.",
        "nele@-caw.example", "nele@c_w.example", "nele@xn--a.example", "nele@☃.example", "nele@[127.0.0.1]",
        "a@caw.example, b@caw.example", "Nele <nele@caw.example>", '"ne le"@caw.example', "nele(x)@caw.example",
        f"{'y' * 65}@caw.example", f"{'é' * 33}@caw.example", f"nele@{'y' * 64}.example",
        f"nele@{'.'.join(['y' * 60] * 4)}.example", f"nele@{'ü' * 60}.example",
    ],
)  # fmt: skip
def test_what_no_mail_server_takes_is_none(typed: str) -> None:
    with pytest.raises(NotAnAddress) as refused:
        read_address(typed)
    assert str(refused.value) == ""
    assert readable_address(typed) == typed


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20), domains(max_length=60))
def test_whatever_is_an_address_is_the_same_in_each_of_its_forms(local_part: str, domain: str) -> None:
    try:
        address = read_address(f"{local_part}@{domain}")
    except NotAnAddress:
        return
    assert read_address(address.readable) == read_address(address.mailable) == address
    assert address.readable == address.readable.lower()

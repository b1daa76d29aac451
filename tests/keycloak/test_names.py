"""People are called what they are called, by their addresses too; one address is one account, however it is typed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import pytest

from deploy.local.browser import Browser
from deploy.local.instance import Instance
from deploy.local.keycloak import Keycloak
from deploy.local.realm import PROFILE, bring_up_to_date
from deploy.local.realm_admin import RealmAdmin
from services.kit.identities import person_id
from services.kit.oidc import OidcClient
from services.partner_directory.errors import AccountRefused
from services.partner_directory.users import Users
from tests.keycloak.walking import PASSWORD, Walk, page_id

OF_BEFORE: dict[str, dict[str, Any]] = {
    "username": {"username-prohibited-characters": {}, "up-username-not-idn-homograph": {}},
    "firstName": {"person-name-prohibited-characters": {}},
    "lastName": {"person-name-prohibited-characters": {}},
}
"""What a realm made before now forbids in names."""
CALLED = [
    ("Maria (Mieke)", "Peeters/Maes", "jan.d'hondt@names.example", "Jan.D’Hondt@names.example\u200b"),
    ("An & Els", "’t Jonck", "tom/aerts@names.example", "\ufeffTom/Aerts@NAMES.example"),
    ("O'Neil", "Đorđević", f"{'y' * 64}@names.example", f"{'Y' * 64}@names.example"),
    ("أحمد", "山田", "anna@büllingen.example", "anna@xn--bllingen-65a.example"),
    ("<b>#1</b>; 100% [*]", "\"Els\"", "jürgen+a@names.example", "JU\u0308RGEN+a@names.example"),
]  # fmt: skip


@pytest.fixture
async def users(client: Callable[[str], OidcClient], instance: Instance) -> AsyncIterator[Users]:
    users = Users(client("partner-directory"), instance.issuer, instance.keycloak_url)
    yield users
    await users.close()


@pytest.mark.parametrize(("given_name", "family_name", "typed", "typed_otherwise"), CALLED)
async def test_invited_by_any_spelling_it_is_one_person_of_that_name_who_signs_in_by_any(
    users: Users, admin: RealmAdmin, client: Callable[[str], OidcClient], instance: Instance,
    given_name: str, family_name: str, typed: str, typed_otherwise: str,
) -> None:  # fmt: skip
    found = await users.find_or_create(typed, given_name, family_name)
    assert await users.find_or_create(typed_otherwise, "Anders", "Genoemd") == found
    account = await account_of(admin, instance, found)
    assert (account["firstName"], account["lastName"]) == (given_name, family_name)
    await admin.put(f"users/{account['id']}/reset-password", {"type": "password", "value": PASSWORD})
    for name in {account["username"], account["email"]}:
        async with Browser() as browser:
            walk = Walk(browser, client("portal"), instance)
            page = await walk.fill(await walk.begin(name), username=name, password=PASSWORD)
        assert page_id(page) == "login-config-totp", "the password was right, and the second step follows"


async def account_of(admin: RealmAdmin, instance: Instance, person: UUID) -> dict[str, Any]:
    """The one account of this person."""
    found = [user for user in await admin.get("users", max=1000) if person_id(instance.issuer, user["id"]) == person]
    (account,) = found
    return dict(account)


@pytest.mark.parametrize("kept", ["lea@faß.example", "lea@xn--fa-hia.example"])
async def test_an_account_of_before_is_found_in_whatever_form_it_was_kept(
    users: Users, admin: RealmAdmin, instance: Instance, kept: str
) -> None:
    made = await admin.post("users", {"username": kept, "email": kept, "enabled": True})
    before = made.headers["location"].rpartition("/")[2]
    try:
        for typed in ("lea@faß.example", "Lea@xn--fa-hia.example"):
            assert await users.find_or_create(typed, "Lea", "Maes") == person_id(instance.issuer, before)
    finally:
        await admin.delete(f"users/{before}")


async def test_an_address_that_is_anothers_user_name_is_refused_for_ever(users: Users, admin: RealmAdmin) -> None:
    """A partner's provider chooses the user names of its people; whoever is called by an address does not get it."""
    assert await users.find_or_create("free@names.example", "Nele", "Claes")
    taken = {"username": "taken@names.example", "email": "somebody.else@names.example", "enabled": True}
    await admin.post("users", taken)
    with pytest.raises(AccountRefused) as refused:
        await users.find_or_create("taken@names.example", "Nele", "Claes")
    assert refused.value.field == "email"


async def test_what_keycloak_takes_from_nobody_is_a_fault_of_that_field_until_the_realm_is_up_to_date(
    users: Users, keycloak: Keycloak, admin: RealmAdmin
) -> None:
    """An installation of before: its realm forbids what people are called, and the next start lets them be."""
    profile = await admin.get("users/profile")
    before = json.loads(json.dumps(profile))
    for attribute in before["attributes"]:
        attribute["validations"] = attribute.get("validations", {}) | OF_BEFORE.get(attribute["name"], {})
    await admin.put("users/profile", before)
    wrong = {
        "given_name": ("ok1@names.example", "Maria (Mieke)", "Maes"),
        "family_name": ("ok2@names.example", "Maria", "Peeters/Maes"),
        "email": ("piet.d'hondt@names.example", "Piet", "D'Hondt"),
    }
    try:
        for field, person in wrong.items():
            with pytest.raises(AccountRefused) as refused:
                await users.find_or_create(*person)
            assert refused.value.field == field
            assert not any(word in str(vars(refused.value)) + str(refused.value) for word in person)
    finally:
        await bring_up_to_date(admin, keycloak.wanted())
    assert await admin.get("users/profile") == profile
    for person in wrong.values():
        assert await users.find_or_create(*person)


async def test_a_profile_as_wanted_is_not_written_anew(keycloak: Keycloak, admin: RealmAdmin) -> None:
    changes: dict[str, str | int | bool] = {"resourcePath": "users/profile", "max": 500}
    written = await admin.get("admin-events", **changes)
    wanted = keycloak.wanted()
    await bring_up_to_date(admin, wanted)
    assert await admin.get("admin-events", **changes) == written
    config = wanted["components"][PROFILE][0]["config"]["kc.user.profile.config"]
    config[0] = config[0].replace('"max":255', '"max":254')
    await bring_up_to_date(admin, wanted)
    assert (await admin.get("users/profile"))["attributes"][0]["validations"]["length"]["max"] == 254
    await bring_up_to_date(admin, keycloak.wanted())

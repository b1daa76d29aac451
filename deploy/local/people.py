"""People of the realm with password and one-time codes: the demo's and those of tests."""

import asyncio
import fcntl
import json
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from uuid import UUID

import pyotp

from deploy.local.instance import Instance
from deploy.local.process import StartFailed
from deploy.local.realm_admin import RealmAdmin
from deploy.local.secret_files import write_private
from services.kit.identities import person_id

PERIOD = 30


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in; `name` is the short one used at the command line."""

    name: str
    first_name: str
    last_name: str
    email: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)

    @classmethod
    def invent(cls, name: str, full_name: str, domain: str = "vaartbeke.example") -> "Person":
        """A person with fresh secrets."""
        first, _, last = full_name.partition(" ")
        local_part = full_name.lower().replace(" ", ".")
        return cls(name, first, last, f"{local_part}@{domain}", secrets.token_urlsafe(12), pyotp.random_base32())


# What each of them is in the demo stands in deploy/local/towns.py.
DEMO_PEOPLE = {
    "an": ("An Peeters", "vaartbeke.example"),
    "lieve": ("Lieve Maes", "vaartbeke.example"),
    "karim": ("Karim Haddad", "politie-vaart.example"),
    "joris": ("Joris Wouters", "vaartbeke.example"),
    "nele": ("Nele Claes", "caw-kanaal.example"),
    "sofie": ("Sofie Lemmens", "clb-kanaal.example"),
    "wout": ("Wout Lammens", "de-sluis.example"),
    "els": ("Els Jansen", "ocmw-vaartbeke.example"),
    "jonas": ("Jonas Mertens", "cgg-kompas.example"),
    "tom": ("Tom De Smet", "vaartbeke.example"),
    "greet": ("Greet Jacobs", "toezicht.example"),
    "wim": ("Wim Aerts", "dijkgem.example"),
    "rita": ("Rita Goossens", "dijkgem.example"),
    "bram": ("Bram Vos", "politie-vaart.example"),
    "ilse": ("Ilse Vermeulen", "dijkgem.example"),
    "hanne": ("Hanne Willems", "dijkgem.example"),
    "dirk": ("Dirk Pauwels", "dijkgem.example"),
    "pieter": ("Pieter Bogaert", "buurtsport.example"),
    "hilde": ("Hilde Baert", "host.example"),
}


class People:
    """The people of one instance, kept in `secrets/people.json` (0600)."""

    def __init__(self, instance: Instance) -> None:
        self._file = instance.root / "secrets" / "people.json"
        self._codes = instance.root / "secrets" / "codes"
        self._issuer = instance.issuer

    def __iter__(self) -> Iterator[Person]:
        return iter(self._stored().values())

    def __getitem__(self, name: str) -> Person:
        try:
            return self._stored()[name]
        except KeyError:
            known = ", ".join(self._stored()) or "nobody yet: start the platform first"
            raise StartFailed(f"There is no {name} among the people here ({known}).") from None

    async def add(self, admin: RealmAdmin, people: Iterable[Person]) -> None:
        """Make them users of the realm. Who is known by that name keeps the secrets of the first time."""
        for person in people:
            await _add_user(admin, self._kept(person))

    async def add_demo(self, admin: RealmAdmin) -> None:
        """The people of Vaartbeke and around."""
        await self.add(admin, [Person.invent(name, *rest) for name, rest in DEMO_PEOPLE.items()])

    async def ids(self, admin: RealmAdmin) -> dict[str, UUID]:
        """The id under which all services know each of them, by name."""
        users = {person.name: await admin.get("users", email=person.email, exact=True) for person in self}
        return {name: person_id(self._issuer, user["id"]) for name, (user,) in users.items()}

    def code(self, name: str) -> str:
        """The present one-time code, or the next when somebody used the present one; for a human to type."""
        person = self[name]
        with self._used(name) as used:
            return _code(person, next(iter(_unused(used)), _step()))

    async def take_code(self, name: str) -> str:
        """A one-time code that Keycloak accepts now and that is nobody else's.

        Each works once, so there are three in 30 seconds: the present, the next and the last one. Who needs more waits
        for the next period to begin.
        """
        person = self[name]
        while True:
            with self._used(name) as used:
                for step in _unused(used):
                    used.append(step)
                    return _code(person, step)
            await asyncio.sleep(PERIOD - time.time() % PERIOD)

    @contextmanager
    def _used(self, name: str) -> Iterator[list[int]]:
        """The periods whose code is used up, shared by all processes of the instance."""
        self._codes.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._codes / name).open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            used = [int(line) for line in file.read().split()]
            yield used
            file.truncate(0)
            file.write("\n".join(str(step) for step in used if step >= _step() - 2))

    def _kept(self, person: Person) -> Person:
        """As known from the first time; written down before anything else happens with it."""
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            stored = self._stored()
            kept = stored.setdefault(person.name, person)
            self._store(stored)
        return kept

    def _stored(self) -> dict[str, Person]:
        if not self._file.exists():
            return {}
        return {name: Person(**facts) for name, facts in json.loads(self._file.read_text()).items()}

    def _store(self, people: dict[str, Person]) -> None:
        content = json.dumps({name: asdict(person) for name, person in people.items()}, indent=2)
        write_private(self._file, content.encode())


async def _add_user(admin: RealmAdmin, person: Person) -> None:
    if await admin.get("users", email=person.email, exact=True):
        return
    await admin.post(
        "users",
        {
            "username": person.email,
            "email": person.email,
            "emailVerified": True,
            "firstName": person.first_name,
            "lastName": person.last_name,
            "enabled": True,
            "credentials": [{"type": "password", "value": person.password}, _one_time_codes(person)],
        },
    )


def _one_time_codes(person: Person) -> dict[str, str]:
    how = {"subType": "totp", "digits": 6, "period": PERIOD, "algorithm": "HmacSHA1", "secretEncoding": "BASE32"}
    return {
        "type": "otp",
        "secretData": json.dumps({"value": person.totp_secret}),
        "credentialData": json.dumps(how),
    }


def _step() -> int:
    return int(time.time()) // PERIOD


def _unused(used: list[int]) -> list[int]:
    now = _step()
    return [step for step in (now, now + 1, now - 1) if step not in used]


def _code(person: Person, step: int) -> str:
    return pyotp.TOTP(person.totp_secret).at(step * PERIOD)

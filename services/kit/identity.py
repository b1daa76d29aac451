"""Who calls: Keycloak's tokens checked, remembered, and refused once they are revoked."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

import jwt

from services.kit.clock import Clock, utc_now
from services.kit.errors import Unauthenticated
from services.kit.signing_keys import SigningKeys

PERSON_NAMESPACE = UUID("0c6a5a5e-3f0b-5d6e-8a43-5b1d3a1c7e10")
LONGEST_LIFETIME = timedelta(minutes=10)
"""No token that lives longer is accepted, so a revocation may be forgotten after this time."""
LONGEST_SIGN_IN = timedelta(hours=10)
"""As long as Keycloak keeps a sign-in at most (ssoSessionMaxLifespan). What was proved longer ago was proved in no
sign-in that can still be going on, so it gives no level. Keycloak itself asks anew after 8 hours, when the person comes
by it; here that would throw people out in the middle of their work."""
CALLERS = frozenset({"portal", "host"})
"""The clients whose tokens the services take: the portal's for people, the host's own."""
CLOCK_SKEW = timedelta(seconds=10)
MAX_TOKEN_LENGTH = 16_384
MAX_REMEMBERED = 10_000
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """What a valid access token says. Nothing else of it is passed on.

    `acr` is the level of the sign-in, 0 when there is none that counts now; of Keycloak's claim `loa`, which says when
    each level was reached in this sign-in, whatever a client asked for. `is_service` marks a client acting for itself:
    it has no person, no session and no level. `provider` is the alias of the identity provider, None for local people;
    `organisations` are the ids of the Keycloak organisations in the token.
    """

    issuer: str
    subject: str
    session_id: str | None
    client_id: str
    acr: int
    auth_time: datetime | None
    level_at: datetime | None
    issued_at: datetime
    expires_at: datetime
    is_service: bool
    provider: str | None
    organisations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """How the person who signed in is called, to greet by and to step up with; decides nothing. Empty when not told."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class EndedSession:
    """What a valid logout token says: this session ended, or, without a session, all sessions of the subject."""

    subject: str | None
    session_id: str | None


def person_id(issuer: str, subject: str) -> UUID:
    """The id every service computes for the person behind a token, without asking anybody."""
    return uuid5(PERSON_NAMESPACE, f"{issuer}|{subject}")


class Revoked(StrEnum):
    """What can be revoked as a whole."""

    SESSION = "session"
    SUBJECT = "subject"
    PROVIDER = "provider"
    ORGANISATION = "organisation"


class Revocations:
    """What was revoked lately, fed by `session.ended` and `identity.disabled`.

    A session is refused whole: it never comes back. For the others the tokens issued before the moment count, with
    CLOCK_SKEW on top, because that moment and the token's come from different clocks.
    """

    def __init__(self, *, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._moments: dict[tuple[Revoked, str], datetime] = {}

    def add(self, kind: Revoked, value: str, before: datetime) -> None:
        """Refuse what was issued before this moment. Repeats and late arrivals never weaken an earlier call."""
        self._forget()
        key = (kind, value)
        self._moments[key] = max(before, self._moments.get(key, before))

    def refuses(self, token: VerifiedToken) -> bool:
        """Whether the token is revoked now."""
        if token.session_id is not None and (Revoked.SESSION, token.session_id) in self._moments:
            return True
        keys = [(Revoked.SUBJECT, token.subject)]
        keys += [(Revoked.ORGANISATION, organisation) for organisation in token.organisations]
        if token.provider is not None:
            keys.append((Revoked.PROVIDER, token.provider))
        moments = [self._moments[key] for key in keys if key in self._moments]
        return any(token.issued_at < moment + CLOCK_SKEW for moment in moments)

    def _forget(self) -> None:
        horizon = self._clock() - LONGEST_LIFETIME - 2 * CLOCK_SKEW
        self._moments = {key: moment for key, moment in self._moments.items() if moment > horizon}


class TokenVerifier:
    """Checks the tokens of one issuer for one audience, made for one of a few clients.

    Pinned: issuer, audience, clients, algorithms, and the algorithm of each key. A token once checked is remembered by
    its hash until it expires; its time and the revocations are looked at every time all the same.
    """

    def __init__(
        self, issuer: str, audience: str, keys: SigningKeys, revocations: Revocations, *,
        clients: frozenset[str] = CALLERS, clock: Clock = utc_now,
    ) -> None:  # fmt: skip
        self._issuer = issuer
        self._audience = audience
        self._clients = clients
        self._keys = keys
        self._revocations = revocations
        self._clock = clock
        self._remembered: OrderedDict[bytes, VerifiedToken] = OrderedDict()

    def at(self, audience: str, clients: frozenset[str]) -> TokenVerifier:
        """The check of another door of this process, by the same keys and revocations."""
        return TokenVerifier(self._issuer, audience, self._keys, self._revocations, clients=clients, clock=self._clock)

    async def verify(self, token: str) -> VerifiedToken:
        """What the token says. Raises Unauthenticated when it is not good now, for whatever reason."""
        digest = hashlib.sha256(token.encode()).digest()
        verified = self._remembered.get(digest)
        if verified is None:
            claims = await self._claims(token, self._audience, "JWT")
            if claims.get("typ") != "Bearer":
                raise Unauthenticated("This is not an access token.")
            verified = _verified(claims)
            if verified.client_id not in self._clients:
                raise Unauthenticated("The token was made for another client.")
            self._remember(digest, verified)
        if verified.expires_at <= self._clock():
            self._remembered.pop(digest, None)
            raise Unauthenticated("The token has expired.")
        if self._revocations.refuses(verified):
            raise Unauthenticated("The sign-in was ended.")
        return verified if self._level_counts(verified) else replace(verified, acr=0)

    def _level_counts(self, verified: VerifiedToken) -> bool:
        """Whether sign-in and level are told, in no sign-in that must have ended, and not in the future."""
        now = self._clock()
        moments = (verified.auth_time, verified.level_at)
        return all(one is not None and now - LONGEST_SIGN_IN < one <= now + CLOCK_SKEW for one in moments)

    async def verify_logout(self, token: str, client_id: str) -> EndedSession:
        """What a back-channel logout token for this client says. Raises Unauthenticated when it is not good."""
        claims = await self._claims(token, client_id, "logout+jwt")
        if LOGOUT_EVENT not in claims.get("events", {}) or "nonce" in claims:
            raise Unauthenticated("This is not a logout token.")
        ended = EndedSession(subject=claims.get("sub"), session_id=claims.get("sid"))
        if ended.subject is None and ended.session_id is None:
            raise Unauthenticated("The logout token names nobody.")
        return ended

    async def verify_id_token(self, token: str, client_id: str, nonce: str) -> SignedInPerson:
        """Who signed in, of an id token made for this client and this very sign-in; else raises Unauthenticated."""
        claims = await self._claims(token, client_id, "JWT")
        if claims.get("typ") != "ID" or not hmac.compare_digest(str(claims.get("nonce")), nonce):
            raise Unauthenticated("The id token is not the answer to this sign-in.")
        return SignedInPerson(str(claims.get("name", "")), str(claims.get("email", "")))

    async def _claims(self, token: str, audience: str, kind: str) -> Mapping[str, Any]:
        """The claims of a token that is good now; times by our clock, not the library's."""
        if len(token) > MAX_TOKEN_LENGTH:
            raise Unauthenticated("The token is too long.")
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != kind:
                raise Unauthenticated("The token is of another kind.")
            # The key knows its algorithm, one of ours; what the header says of it does not count.
            key = await self._keys.get(str(header.get("kid")))
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=audience,
                issuer=self._issuer,
                options={
                    "require": ["iss", "aud", "exp", "iat"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
            self._check_times(claims)
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
            raise Unauthenticated("The token is not valid.") from error
        return claims

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        issued_at, expires_at = _moment(claims["iat"]), _moment(claims["exp"])
        begins_at = max(issued_at, _moment(claims.get("nbf", 0)))
        if begins_at > self._clock() + CLOCK_SKEW:
            raise Unauthenticated("The token is not valid yet.")
        if expires_at <= self._clock():
            raise Unauthenticated("The token has expired.")
        if expires_at - issued_at > LONGEST_LIFETIME:
            raise Unauthenticated("The token lives too long.")

    def _remember(self, digest: bytes, verified: VerifiedToken) -> None:
        if len(self._remembered) >= MAX_REMEMBERED:
            self._remembered.popitem(last=False)
        self._remembered[digest] = verified


def _verified(claims: Mapping[str, Any]) -> VerifiedToken:
    # Keycloak sets client_id in the client credentials grant and in no other.
    is_service = "client_id" in claims
    organisations = claims.get("organization", {})
    if not is_service and not claims.get("sid"):
        # A client's own token, exchanged, looks like a person's but for this.
        raise Unauthenticated("The token is of no sign-in.")
    try:
        acr, level_at = (0, None) if is_service else _level(claims.get("loa"))
        return VerifiedToken(
            issuer=claims["iss"],
            subject=claims["sub"],
            session_id=claims.get("sid"),
            client_id=claims["azp"],
            acr=acr,
            auth_time=_moment(claims["auth_time"]) if "auth_time" in claims else None,
            level_at=level_at,
            issued_at=_moment(claims["iat"]),
            expires_at=_moment(claims["exp"]),
            is_service=is_service,
            provider=claims.get("idp"),
            organisations=frozenset(organisation["id"] for organisation in organisations.values()),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unauthenticated("The token lacks what we need to know.") from error


def _level(loa: object) -> tuple[int, datetime | None]:
    """The highest of our levels, and when it was reached: Keycloak's note, such as {"2": 1795918712}."""
    reached = {int(level): at for level, at in loa.items() if level in ("1", "2")} if isinstance(loa, dict) else {}
    if not reached:
        return 0, None
    return max(reached), _moment(reached[max(reached)])


def _moment(seconds: object) -> datetime:
    if not isinstance(seconds, int | float):
        raise TypeError("a time in a token is a number")
    return datetime.fromtimestamp(seconds, UTC)

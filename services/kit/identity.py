"""Who calls: Keycloak's tokens checked, remembered, and refused once they are revoked."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from services.kit.clock import Clock, utc_now
from services.kit.errors import Unauthenticated
from services.kit.identities import Revocation, Revoked, identity_id, sign_in_id
from services.kit.signing_keys import SigningKeys
from services.kit.texts import tidy_line

LONGEST_LIFETIME = timedelta(minutes=10)
"""No token that lives longer is accepted."""
LONGEST_SIGN_IN = timedelta(hours=10)
"""As long as Keycloak keeps a sign-in at most (ssoSessionMaxLifespan). What was proved longer ago was proved in no
sign-in that can still be going on, so it gives no level. Keycloak itself asks anew after 8 hours, when the person comes
by it; here that would throw people out in the middle of their work."""
CALLERS = frozenset({"portal", "host"})
"""The clients whose tokens the services take: the portal's for people, the host's own."""
SIGN_INS_KEPT = timedelta(days=1)
"""How long it is known that a sign-in ended. Longer than one can live at the sign-in service (10 hours), where it may
go on and give new tokens when its end could not be told there."""
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
    `organisations` are the ids of the Keycloak organisations in the token. `identities` is all of it
    that can be revoked.
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
    identities: tuple[UUID, ...] = field(init=False)

    def __post_init__(self) -> None:
        named = [(Revoked.SUBJECT, self.subject), (Revoked.SESSION, self.session_id), (Revoked.PROVIDER, self.provider)]
        named += [(Revoked.ORGANISATION, organisation) for organisation in sorted(self.organisations)]
        found = tuple(identity_id(self.issuer, kind, value) for kind, value in named if value is not None)
        object.__setattr__(self, "identities", found)


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """How the person who signed in is called, to greet by and to step up with; decides nothing. Empty when not told.

    `email_there` is the address a partner's provider gives now, where one signs in by such a one, `named_there` what it
    calls the person; `email` is the address of the first time.
    """

    name: str
    email: str
    email_there: str = ""
    named_there: str = ""


@dataclass(frozen=True, slots=True)
class EndedSession:
    """What a valid logout token says: this session ended, or, without a session, all sessions of the subject."""

    subject: str | None
    session_id: str | None


class Revocations:
    """What a process remembers of it, for a first quick refusal. What every act is refused by is the database's.

    The newest fact wins, in whatever order they come.
    """

    def __init__(self, *, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._known: dict[UUID, Revocation] = {}
        self._tidied_at = clock()

    def add(self, revocation: Revocation) -> None:
        """Remember it. Repeats and late arrivals never weaken a later fact."""
        self._forget()
        known = self._known.get(revocation.identity_id)
        if known is None or known.fact_version < revocation.fact_version:
            self._known[revocation.identity_id] = revocation

    def end(self, session_id: str) -> None:
        """This sign-in ended just now; the directory will say so too."""
        self.add(Revocation(sign_in_id(session_id), Revoked.SESSION, self._clock(), refuses_all=True, fact_version=0))

    def refuses(self, token: VerifiedToken) -> bool:
        """Whether the token is revoked now."""
        found = [self._known[identity] for identity in token.identities if identity in self._known]
        return any(
            revocation.refuses_all or token.issued_at < revocation.revoked_at + CLOCK_SKEW for revocation in found
        )

    def _forget(self) -> None:
        now = self._clock()
        if now - self._tidied_at < LONGEST_LIFETIME:
            return
        self._tidied_at, horizon = now, now - SIGN_INS_KEPT
        self._known = {
            name: revocation
            for name, revocation in self._known.items()
            if revocation.kind is not Revoked.SESSION or revocation.revoked_at > horizon
        }


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
        return all(moment is not None and now - LONGEST_SIGN_IN < moment <= now + CLOCK_SKEW for moment in moments)

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
        told = (tidy_line(str(claims.get(name, ""))) for name in ("name", "email", "idp_email", "idp_user"))
        return SignedInPerson(*told)

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

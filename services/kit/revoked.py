"""The table of revocations, which every act asks; SQL for migrations. Frozen once released, like kit/schema.py."""

from __future__ import annotations

from sqlalchemy import Connection, text

from services.kit.grants import granted
from services.kit.identities import sign_in_id
from services.kit.schema import statements

REVOKED_STATE = "RT401"
"""The SQLSTATE of an act begun with a token that was revoked."""

# A sign-in never comes back: no statement of anybody makes its tokens count again.
_REVOKED = """
CREATE TABLE revoked (
    identity_id uuid PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('session', 'subject', 'provider', 'organisation')),
    revoked_at timestamptz NOT NULL, refuses_all boolean NOT NULL, fact_version bigint NOT NULL,
    CHECK (kind <> 'session' OR refuses_all));
CREATE INDEX revoked_fact ON revoked (fact_version);
CREATE INDEX revoked_session ON revoked (revoked_at) WHERE kind = 'session';
"""

# The same round trip as before, with one look into the index per identity; none for acts without a token. The ten
# seconds are kit.identity.CLOCK_SKEW.
_BEGIN_ACT = """
CREATE FUNCTION begin_act(cell uuid, actor uuid, moment timestamptz, about uuid, refusal boolean,
                          identities uuid[], issued timestamptz)
RETURNS SETOF my_mandate LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(identities) > 0 THEN
        IF EXISTS (SELECT 1 FROM revoked WHERE identity_id = ANY (identities)
                      AND (refuses_all OR issued < revoked_at + interval '10 seconds')) THEN
            RAISE EXCEPTION 'the token was revoked' USING ERRCODE = 'RT401';
        END IF;
    END IF;
    RETURN QUERY SELECT * FROM begin_act(cell, actor, moment, about, refusal);
END $$
"""
_KEEP_ENDED = "INSERT INTO revoked VALUES (:identity_id, 'session', :revoked_at, true, 0) ON CONFLICT DO NOTHING"
_CHANGE = "UPDATE (revoked_at, refuses_all, fact_version)"


def revoked_0001(service: str, connection: Connection, *, of_the_directory: bool = False) -> None:
    """In place of the table that single processes read at their start; what that one held is taken over.

    It was kept by `sid`; fact 0 says that the directory never numbered it. `of_the_directory`: people shut out and let
    in there, so the app writes too; elsewhere it is told alone.
    """
    ended = connection.execute(text("SELECT session_id, revoked_before FROM revocation")).all()
    app = f"SELECT, INSERT, {_CHANGE}" if of_the_directory else "SELECT"
    grants = granted(service, "revoked", app=app, hearing=f"SELECT, INSERT, {_CHANGE}, DELETE", erasing="SELECT")
    for statement in [*statements(_REVOKED, grants, "DROP TABLE revocation"), _BEGIN_ACT]:
        connection.execute(text(statement))
    for session_id, revoked_at in ended:
        values = {"identity_id": sign_in_id(session_id), "revoked_at": revoked_at}
        connection.execute(text(_KEEP_ENDED), values)

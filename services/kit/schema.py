"""The tables every service has, as SQL for its first migration. Frozen once released: changes are new functions.

Every table is in one of three lists (docs/architecture.md): TENANT tables have `tenant_id` first in their keys and
forced row security; PLATFORM tables hold nothing personal of cells; PERSON tables are visible to the person alone.
"""

from __future__ import annotations

TENANT = "(SELECT current_setting('rondetafel.tenant')::uuid)"
ACTOR = "(SELECT current_setting('rondetafel.actor')::uuid)"
NOW = "(SELECT current_setting('rondetafel.now')::timestamptz)"
# Trusted by the first walls; no wall asks it any more, for whoever holds a password sets it (kit/grants.py).
SYSTEM = "(SELECT current_setting('rondetafel.system') <> '')"

SPINE_TENANT_TABLES = frozenset(
    {"outbox", "inbox", "idempotency", "producer_height", "cell_key", "object_key", "mandate", "term"}
)
SPINE_PLATFORM_TABLES = frozenset({"producer_epoch", "known_cell", "fact_seen", "revoked", "alembic_version"})

_SPINE = """
CREATE TABLE outbox (
    tenant_id uuid NOT NULL, message_id uuid NOT NULL, stream text NOT NULL CHECK (stream IN ('event', 'audit')),
    type text NOT NULL, subject text NOT NULL, payload bytea NOT NULL, traceparent text NOT NULL DEFAULT '',
    producer_epoch uuid, producer_seq bigint, created_at timestamptz NOT NULL, published_at timestamptz,
    PRIMARY KEY (tenant_id, message_id));
CREATE INDEX outbox_unpublished ON outbox (created_at) WHERE published_at IS NULL;
CREATE INDEX outbox_audit ON outbox (tenant_id, producer_epoch, producer_seq) WHERE stream = 'audit';
CREATE TABLE inbox (
    tenant_id uuid NOT NULL, consumer text NOT NULL, message_id uuid NOT NULL, handled_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, consumer, message_id));
CREATE TABLE idempotency (
    tenant_id uuid NOT NULL, caller_id uuid NOT NULL, key text NOT NULL CHECK (length(key) BETWEEN 1 AND 128),
    handler text NOT NULL, request_hash bytea NOT NULL, result_id uuid NOT NULL, result_state text NOT NULL,
    result_version bigint NOT NULL, created_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, caller_id, key));
CREATE TABLE producer_epoch (epoch uuid NOT NULL, since timestamptz NOT NULL DEFAULT now());
INSERT INTO producer_epoch (epoch) VALUES (gen_random_uuid());
CREATE TABLE producer_height (
    tenant_id uuid NOT NULL, epoch uuid NOT NULL, seq bigint NOT NULL, PRIMARY KEY (tenant_id, epoch));
CREATE TABLE cell_key (
    tenant_id uuid NOT NULL, key_version smallint NOT NULL, wrapped bytea NOT NULL, created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key_version));
CREATE TABLE object_key (
    tenant_id uuid NOT NULL, object_id uuid NOT NULL, wrapped bytea NOT NULL, created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, object_id));
CREATE TABLE known_cell (cell_id uuid PRIMARY KEY);
INSERT INTO known_cell VALUES ('00000000-0000-8000-8000-000000000001');
CREATE TABLE fact_seen (fact_version bigint PRIMARY KEY);
INSERT INTO fact_seen VALUES (0);
CREATE TABLE revocation (session_id text PRIMARY KEY, revoked_before timestamptz NOT NULL);
CREATE TABLE mandate (
    tenant_id uuid NOT NULL, mandate_id uuid NOT NULL, person_id uuid NOT NULL, organisation_id uuid NOT NULL,
    organisation_kind text NOT NULL, role text NOT NULL, nis_codes text[] NOT NULL, starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL, legal_basis text NOT NULL, clearance_ends_at timestamptz,
    undertaken_until timestamptz, fact_version bigint NOT NULL, PRIMARY KEY (tenant_id, mandate_id));
CREATE INDEX mandate_person ON mandate (tenant_id, person_id);
"""

_GRANTS = """
GRANT SELECT, INSERT ON outbox, inbox, cell_key, object_key TO {app};
GRANT SELECT, INSERT, UPDATE ON idempotency, producer_height, mandate TO {app};
GRANT DELETE ON object_key, inbox, idempotency TO {app};
GRANT SELECT ON producer_epoch TO {app};
GRANT SELECT, INSERT ON known_cell TO {app};
GRANT SELECT, INSERT, DELETE ON fact_seen, revocation TO {app};
GRANT SELECT, UPDATE (published_at), DELETE ON outbox TO {relay};
CREATE POLICY relay ON outbox TO {relay} USING (true);
"""

# Cell, actor, moment and process name are set before anything is read, and the actor's valid mandates come along: one
# round trip instead of two. `refusal`: a cell nobody knows is recorded by the host's log, by the same statement.
BEGIN_ACT = """
CREATE FUNCTION begin_act(cell uuid, actor uuid, moment timestamptz, process text, about uuid, refusal boolean)
RETURNS SETOF my_mandate LANGUAGE plpgsql AS $$
BEGIN
    IF refusal AND NOT EXISTS (SELECT 1 FROM known_cell WHERE cell_id = cell) THEN
        cell := '00000000-0000-8000-8000-000000000001';
    END IF;
    PERFORM set_config('rondetafel.tenant', cell::text, true), set_config('rondetafel.actor', actor::text, true),
            set_config('rondetafel.now', moment::text, true), set_config('rondetafel.system', process, true),
            set_config('rondetafel.about', coalesce(about::text, ''), true);
    RETURN QUERY SELECT * FROM my_mandate;
END $$
"""

MY_MANDATE = f"""
CREATE VIEW my_mandate WITH (security_invoker = true) AS
    SELECT * FROM mandate
     WHERE tenant_id = {TENANT} AND person_id = {ACTOR} AND starts_at <= {NOW} AND ends_at > {NOW};
"""


def tenant_walls(table: str, app: str) -> str:
    """SQL that puts `table` behind the wall of its cell: an unset tenant is an error, never 'all'."""
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY cell ON {table} TO {app} USING (tenant_id = {TENANT}) WITH CHECK (tenant_id = {TENANT});"
    )


def told_walls(table: str, app: str, *verbs: str) -> str:
    """SQL of the wall round what a service is told: none but our named processes write it; people's acts come as facts.

    `verbs` are those the app role is granted: INSERT, UPDATE, DELETE.
    """
    checks = {"INSERT": "WITH CHECK", "UPDATE": "USING", "DELETE": "USING"}
    return "".join(
        f"CREATE POLICY told_{verb.lower()} ON {table} AS RESTRICTIVE FOR {verb} TO {app} {checks[verb]} ({SYSTEM});"
        for verb in verbs
    )


def spine_0001(service: str, *, projects_mandates: bool = True) -> list[str]:
    """SQL statements of the common tables, their walls, grants and the view `my_mandate`.

    `projects_mandates=False` is the directory's: it owns the mandates and makes a richer table of that name itself,
    and calls `my_mandates_0001` after it.
    """
    app, relay = f"{service}_app", f"{service}_relay"
    tables, grants, walled = _SPINE, _GRANTS, SPINE_TENANT_TABLES - {"term"}
    if not projects_mandates:
        tables = tables[: tables.index("CREATE TABLE mandate")]
        grants = grants.replace("producer_height, mandate", "producer_height")
        walled = walled - {"mandate"}
    made = statements(tables, *(tenant_walls(name, app) for name in sorted(walled)))
    made += statements(grants.format(app=app, relay=relay))
    if projects_mandates:
        made += [*my_mandates_0001(app), *statements(told_walls("mandate", app, "INSERT", "UPDATE"))]
    return made


def my_mandates_0001(app: str) -> list[str]:
    """SQL of the view of the actor's own valid mandates and of the function that begins every act, after `mandate`."""
    return [*statements(MY_MANDATE, f"GRANT SELECT ON my_mandate TO {app}"), BEGIN_ACT]


# Who sits in thousands of circles shall not pay for all of them to read one case: an act about one case says so, and
# the circle is looked up for that one alone. It can only narrow; unset or empty, all circles count.
_ABOUT = "nullif(current_setting('rondetafel.about', true), '')"
FIRST = f"(SELECT coalesce({_ABOUT}, '00000000-0000-0000-0000-000000000000')::uuid)"
LAST = f"(SELECT coalesce({_ABOUT}, 'ffffffff-ffff-ffff-ffff-ffffffffffff')::uuid)"

_CIRCLE = f"""
CREATE TABLE circle_entry (
    tenant_id uuid NOT NULL, entry_id uuid NOT NULL, object_id uuid NOT NULL, person_id uuid, seat text,
    nis_code text NOT NULL, parts text[] NOT NULL, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
    life_domains text[] NOT NULL DEFAULT '{{}}', invited_by uuid, why bytea,
    PRIMARY KEY (tenant_id, entry_id), CHECK (num_nonnulls(person_id, seat) = 1));
CREATE INDEX circle_entry_person ON circle_entry (tenant_id, person_id, object_id);
CREATE INDEX circle_entry_seat ON circle_entry (tenant_id, seat, object_id);
CREATE INDEX circle_entry_object ON circle_entry (tenant_id, object_id);
CREATE VIEW my_seat WITH (security_invoker = true) AS
    SELECT CASE WHEN role IN ('mayor', 'mayor_delegate') THEN 'mayor'
                WHEN role IN ('police_chief', 'information_officer') THEN 'police'
                WHEN role = 'prevention_officer' THEN 'prevention'
                WHEN role = 'coordinator' THEN 'coordinator' END AS seat, nis_codes
      FROM my_mandate WHERE undertaken_until > {NOW};
CREATE VIEW my_circle WITH (security_invoker = true) AS
    SELECT object_id, parts FROM circle_entry
     WHERE tenant_id = {TENANT} AND person_id = {ACTOR} AND starts_at <= {NOW} AND ends_at > {NOW}
       AND object_id BETWEEN {FIRST} AND {LAST}
       AND EXISTS (SELECT 1 FROM my_mandate WHERE undertaken_until > {NOW})
    UNION ALL
    SELECT entry.object_id, entry.parts FROM circle_entry AS entry JOIN my_seat AS mine
        ON entry.seat = mine.seat AND entry.nis_code = ANY (mine.nis_codes)
     WHERE entry.tenant_id = {TENANT} AND entry.starts_at <= {NOW} AND entry.ends_at > {NOW}
       AND entry.object_id BETWEEN {FIRST} AND {LAST};
"""


def circle_0001(app: str) -> list[str]:
    """SQL of the circle: who may see which parts of one case or signal (`object_id`), by person or by seat.

    The views `my_seat` and `my_circle` are the acting person's own, and only together with a mandate valid now and an
    accepted undertaking (invariants 4, 7, 15). The mandatory seats and the coordinator's are held by whoever has them.
    """
    grants = (
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON circle_entry TO {app};GRANT SELECT ON my_seat, my_circle TO {app}"
    )
    return [*_split(_CIRCLE), *_split(tenant_walls("circle_entry", app)), *_split(grants)]


def circle_walls(table: str, id_column: str, part: str, app: str, also: str = "") -> str:
    """SQL of the restrictive wall: rows of `table` are for who has `part` of their case, to read and to write.

    `also` is a further condition that must hold to read or change, such as "shared or my own".
    """
    inside = f"{id_column} IN (SELECT object_id FROM my_circle WHERE '{part}' = ANY (parts))"
    reading = f"{inside} AND ({also})" if also else inside
    return f"CREATE POLICY circle ON {table} AS RESTRICTIVE TO {app} USING ({reading}) WITH CHECK ({inside});"


def frame_walls(table: str, id_column: str, roles: tuple[str, ...], app: str) -> str:
    """SQL of the frame's wall: readable in the circle, by `roles` for their own towns, and by our named processes."""
    named = ", ".join(f"'{role}'" for role in roles)
    towns = f"nis_code IN (SELECT unnest(nis_codes) FROM my_mandate WHERE role IN ({named}))"
    inside = f"{id_column} IN (SELECT object_id FROM my_circle)"
    return f"CREATE POLICY frame ON {table} AS RESTRICTIVE FOR SELECT TO {app} USING ({towns} OR {inside} OR {SYSTEM});"


def _split(script: str) -> list[str]:
    return [part for part in script.split(";") if part.strip()]


def statements(*scripts: str) -> list[str]:
    """The single statements of several scripts; asyncpg runs one at a time. No semicolon may stand inside one."""
    return [part for script in scripts for part in _split(script)]

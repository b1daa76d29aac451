"""Who may do what with the tables every service has, by database role (decision 25); SQL for migrations.

Frozen once released, like kit/schema.py: changes are new functions.
"""

from __future__ import annotations

from services.kit.schema import MY_MANDATE, statements, tenant_walls

WORKING = ("app", "hearing", "erasing")
"""The roles as which handlers work (`DatabaseRole`)."""

# No process is named any more: what a process may do is what its role may do.
_BEGIN_ACT = """
CREATE FUNCTION begin_act(cell uuid, actor uuid, moment timestamptz, about uuid, refusal boolean)
RETURNS SETOF my_mandate LANGUAGE plpgsql AS $$
BEGIN
    IF refusal AND NOT EXISTS (SELECT 1 FROM known_cell WHERE cell_id = cell) THEN
        cell := '00000000-0000-8000-8000-000000000001';
    END IF;
    PERFORM set_config('rondetafel.tenant', cell::text, true), set_config('rondetafel.actor', actor::text, true),
            set_config('rondetafel.now', moment::text, true),
            set_config('rondetafel.about', coalesce(about::text, ''), true);
    RETURN QUERY SELECT * FROM my_mandate;
END $$
"""

_SPINE_TENANT_TABLES = ("outbox", "inbox", "idempotency", "producer_height", "cell_key", "object_key")
# The record of an act is written by whoever acts, and read by the relay alone.
_COUNT = "SELECT, INSERT, UPDATE (seq)"
_SPINE = {
    "outbox": {"app": "INSERT", "hearing": "INSERT", "erasing": "INSERT"},
    "producer_epoch": {"app": "SELECT", "hearing": "SELECT", "erasing": "SELECT"},
    "producer_height": {"app": _COUNT, "hearing": _COUNT, "erasing": _COUNT},
    "inbox": {"hearing": "INSERT"},
    "idempotency": {
        "app": "SELECT, INSERT, UPDATE (handler, request_hash, result_id, result_state, result_version, created_at)"
    },
    "cell_key": {"app": "SELECT, INSERT"},
    "object_key": {"app": "SELECT, INSERT", "erasing": "SELECT (tenant_id, object_id), DELETE"},
    "known_cell": {"app": "SELECT", "hearing": "SELECT, INSERT", "erasing": "SELECT"},
    "fact_seen": {"hearing": "SELECT, INSERT, DELETE"},
    "revocation": {"hearing": "SELECT, INSERT, DELETE"},
}
_TOLD_MANDATES = {
    "app": "SELECT",
    "hearing": "SELECT, INSERT, UPDATE (role, nis_codes, starts_at, ends_at, legal_basis, clearance_ends_at,"
    " undertaken_until, fact_version)",
    "erasing": "SELECT",
}


def granted(service: str, table: str, **rights: str) -> str:
    """SQL that gives the working roles these rights on `table`, and takes away all others they had.

    By role: app="SELECT, UPDATE (state)".
    """
    roles = ", ".join(f"{service}_{role}" for role in WORKING)
    given = "".join(f"GRANT {what} ON {table} TO {service}_{role};" for role, what in rights.items())
    return f"REVOKE ALL ON {table} FROM {roles};{given}"


def cell_of_all(service: str, table: str) -> str:
    """SQL that puts the cell's wall round all working roles; until then it let none but the app in."""
    return f"ALTER POLICY cell ON {table} TO " + ", ".join(f"{service}_{role}" for role in WORKING) + ";"


def untold(table: str, *verbs: str) -> str:
    """SQL that drops what `told_walls` made: who is not granted a verb needs no wall."""
    return "".join(f"DROP POLICY told_{verb.lower()} ON {table};" for verb in verbs)


def frame_walls_0002(table: str, id_column: str, roles: tuple[str, ...]) -> str:
    """SQL of the frame's wall as `frame_walls` made it, without the door for a process that names itself."""
    named = ", ".join(f"'{role}'" for role in roles)
    towns = f"nis_code IN (SELECT unnest(nis_codes) FROM my_mandate WHERE role IN ({named}))"
    return f"ALTER POLICY frame ON {table} USING ({towns} OR {id_column} IN (SELECT object_id FROM my_circle));"


def spine_roles_0001(service: str, *, projects_mandates: bool = True) -> list[str]:
    """SQL statements that share the common tables out between the working roles.

    `projects_mandates=False` is the directory's, which grants its own mandates itself.
    """
    made = [granted(service, table, **rights) for table, rights in _SPINE.items()]
    made += [cell_of_all(service, table) for table in _SPINE_TENANT_TABLES]
    made += [f"GRANT SELECT ON my_mandate TO {service}_hearing, {service}_erasing;"]
    if projects_mandates:
        made += [granted(service, "mandate", **_TOLD_MANDATES), cell_of_all(service, "mandate")]
        made += [untold("mandate", "INSERT", "UPDATE")]
    dropped = "DROP FUNCTION begin_act(uuid, uuid, timestamptz, text, uuid, boolean)"
    return [*statements(*made), dropped, _BEGIN_ACT]


_ROTATION = {
    "cell_key": "SELECT, INSERT, UPDATE (wrapped)",
    "object_key": "SELECT, UPDATE (wrapped)",
    "outbox": "INSERT",
    "producer_height": _COUNT,
    "producer_epoch": "SELECT",
    "known_cell": "SELECT",
    "mandate": "SELECT",
    "my_mandate": "SELECT",
}


def rotation_0001(service: str) -> list[str]:
    """SQL that lets the role `keys` wrap keys anew and record it, and nothing else (decision 34).

    Every act asks for the actor's mandates: it may ask, and no wall lets it see one.
    """
    roles = ", ".join(f"{service}_{role}" for role in (*WORKING, "keys"))
    walled = ("cell_key", "object_key", "outbox", "producer_height")
    made = [f"GRANT {what} ON {table} TO {service}_keys" for table, what in _ROTATION.items()]
    return made + [f"ALTER POLICY cell ON {table} TO {roles}" for table in walled]


# A moment that no Python can read would stop whoever looks at the outbox, before any seal is checked.
_ADD_SEAL = """
ALTER TABLE outbox ADD COLUMN seal bytea, ADD COLUMN refused_at timestamptz,
    ADD COLUMN of_before boolean NOT NULL DEFAULT true,
    ADD CONSTRAINT outbox_moment CHECK (created_at BETWEEN '2000-01-01T00:00:00Z' AND '9000-01-01T00:00:00Z');
ALTER TABLE outbox ALTER COLUMN of_before SET DEFAULT false;
DROP INDEX outbox_unpublished;
CREATE INDEX outbox_unpublished ON outbox (created_at) WHERE published_at IS NULL AND refused_at IS NULL;
"""
_WRITTEN = (
    "tenant_id, message_id, stream, type, subject, payload, traceparent, producer_epoch, producer_seq, created_at, seal"
)


def sealed_outbox_0001(service: str) -> list[str]:
    """SQL of the seal on each outbox row (decision 25). Rows that are there are marked as of before there were seals.

    That mark, like what the relay marks, is set by no role that writes rows: they are granted the columns of an act.
    """
    roles = ", ".join(f"{service}_{role}" for role in (*WORKING, "keys"))
    return statements(
        _ADD_SEAL,
        f"REVOKE INSERT ON outbox FROM {roles}; GRANT INSERT ({_WRITTEN}) ON outbox TO {roles}",
        f"GRANT UPDATE (refused_at) ON outbox TO {service}_relay",
    )


_TERM = """
CREATE TABLE term (
    tenant_id uuid NOT NULL, kind text NOT NULL CHECK (length(kind) BETWEEN 1 AND 40), object_id uuid NOT NULL,
    due_at timestamptz NOT NULL, next_at timestamptz NOT NULL, tries smallint NOT NULL DEFAULT 0 CHECK (tries >= 0),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'set_aside')),
    PRIMARY KEY (tenant_id, kind, object_id));
CREATE INDEX term_next ON term (state, next_at);
"""


def terms_0001(service: str, *of_before: str) -> list[str]:
    """SQL of the terms (decision 60): set and done by acts in their cell; the role `clock` sees those of all cells.

    Of other tables it reads what begins every act, and nothing of any cell. `of_before`: statements that set the
    terms of what is there already, before there are walls.
    """
    clock, rights = f"{service}_clock", "SELECT, INSERT, UPDATE (due_at, next_at, tries, state)"
    made = [granted(service, "term", **dict.fromkeys(WORKING, rights)), tenant_walls("term", f"{service}_app")]
    made += [cell_of_all(service, "term"), f"CREATE POLICY clock ON term TO {clock} USING (true);"]
    made += [f"GRANT SELECT, UPDATE (next_at, tries, state), DELETE ON term TO {clock};"]
    # Every act asks for the actor's mandates: it may ask, and no wall lets it see one.
    made += [f"GRANT SELECT ON mandate, my_mandate, known_cell TO {clock};"]
    return statements(_TERM, *of_before, *made)


def tidying_0001(service: str) -> list[str]:
    """SQL that lets the role `clock` take away keys of requests, messages handled and sign-ins ended in their time.

    Of each it reads the moment alone. The cell's wall stands for all others.
    """
    clock = f"{service}_clock"
    made = [f"GRANT SELECT ({moment}), DELETE ON {table} TO {clock};" for table, moment in _HAVE_THEIR_TIME.items()]
    made += [f"CREATE POLICY clock ON {table} TO {clock} USING (true);" for table in ("idempotency", "inbox")]
    return statements(*made)


_HAVE_THEIR_TIME = {"idempotency": "created_at", "inbox": "handled_at", "revoked": "kind, revoked_at"}


def deputies_0001(service: str) -> list[str]:
    """SQL of the person for whom a deputy's mandate counts, where a service is told of it (decision 65)."""
    return statements(
        "ALTER TABLE mandate ADD COLUMN deputy_for uuid",
        f"CREATE OR REPLACE {MY_MANDATE.partition('CREATE ')[2].strip().removesuffix(';')}",
        f"GRANT UPDATE (deputy_for) ON mandate TO {service}_hearing",
    )

"""The walls of circle and frame, as they look at the circle of each row (decision 48); SQL for migrations.

Frozen once released, like kit/schema.py: changes are new functions.

What the caller is comes from the caller's own mandates, once in each statement (`ARRAY(SELECT ...)` hangs on no row).
Whether a row is shown hangs on its own few entries, and not on how many circles the caller is in. OFFSET 0 keeps it so:
PostgreSQL would else build the set of all my circles for a table that it takes to be large.
"""

from __future__ import annotations

from services.kit.schema import NOW, TENANT, statements

# A place is what an entry of a circle names, a person or a town's seat. Who holds no valid mandate with an undertaking
# in force has none.
_PLACES = f"""
ALTER TABLE circle_entry ADD COLUMN holder text NOT NULL
    GENERATED ALWAYS AS (coalesce(person_id::text, seat || ':' || nis_code)) STORED;
CREATE VIEW my_place WITH (security_invoker = true) AS
    SELECT CASE WHEN town IS NULL THEN person_id::text ELSE seat || ':' || town END AS holder
      FROM (SELECT person_id, unnest(array_append(nis_codes, NULL)) AS town,
                   CASE WHEN role IN ('mayor', 'mayor_delegate') THEN 'mayor'
                        WHEN role IN ('police_chief', 'information_officer') THEN 'police'
                        WHEN role = 'prevention_officer' THEN 'prevention'
                        WHEN role = 'coordinator' THEN 'coordinator' END AS seat
              FROM my_mandate WHERE undertaken_until > {NOW}) AS held
     WHERE town IS NULL OR seat IS NOT NULL;
CREATE OR REPLACE VIEW my_circle WITH (security_invoker = true) AS
    SELECT object_id, parts FROM circle_entry
     WHERE tenant_id = {TENANT} AND starts_at <= {NOW} AND ends_at > {NOW}
       AND holder = ANY (ARRAY(SELECT holder FROM my_place));
DROP VIEW my_seat;
DROP INDEX circle_entry_person;
DROP INDEX circle_entry_seat;
"""


def places_0001(app: str) -> list[str]:
    """SQL of `my_place`, where the acting person sits, and of `my_circle` made of it; `my_seat` is gone.

    Asked for one object, as all walls do, `my_circle` costs the entries of that object.
    """
    return statements(_PLACES, f"GRANT SELECT ON my_place TO {app}")


def in_circle(column: str, part: str | None = None) -> str:
    """The condition that the caller is in the circle of the object in `column` (table included); reads `part` of it."""
    reads = f" AND '{part}' = ANY (my_circle.parts)" if part else ""
    return f"EXISTS (SELECT 1 FROM my_circle WHERE my_circle.object_id = {column}{reads} OFFSET 0)"


def circle_walls_0002(table: str, id_column: str, part: str, also: str = "") -> str:
    """SQL that has the wall of `circle_walls` look at the row's own circle; `also` as there."""
    inside = in_circle(f"{table}.{id_column}", part)
    reading = f"{inside} AND ({also})" if also else inside
    return f"ALTER POLICY circle ON {table} USING ({reading}) WITH CHECK ({inside});"


def frame_walls_0003(table: str, id_column: str, roles: tuple[str, ...]) -> str:
    """SQL that has the wall of `frame_walls_0002` look at the row's own circle, where its town is not the caller's."""
    named = ", ".join(f"'{role}'" for role in roles)
    towns = f"nis_code = ANY (ARRAY(SELECT unnest(nis_codes) FROM my_mandate WHERE role IN ({named})))"
    return f"ALTER POLICY frame ON {table} USING ({towns} OR {in_circle(f'{table}.{id_column}')});"


def circle_unless_0001(kept_out: str) -> str:
    """SQL that has `my_circle` leave out the entries of which this condition, over `circle_entry`, holds."""
    return f"""
CREATE OR REPLACE VIEW my_circle WITH (security_invoker = true) AS
    SELECT object_id, parts FROM circle_entry
     WHERE tenant_id = {TENANT} AND starts_at <= {NOW} AND ends_at > {NOW}
       AND holder = ANY (ARRAY(SELECT holder FROM my_place)) AND NOT {kept_out};
"""

-- The roles of one service; run in the database postgres, as often as one likes.
-- ${service}_owner owns every object and cannot log in; only migrations act as it.
DO $$$$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['owner', 'migrator', 'app', 'hearing', 'erasing', 'keys', 'clock', 'relay'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${service}_' || name) THEN
            EXECUTE format('CREATE ROLE %I', '${service}_' || name);
        END IF;
    END LOOP;
END
$$$$;

ALTER ROLE ${service}_owner NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
ALTER ROLE ${service}_migrator LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
    PASSWORD '${migrator_password}';
-- What people do and ask: writes nothing that others tell, takes nothing away.
ALTER ROLE ${service}_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
    PASSWORD '${app_password}';
-- Writes what others tell this service.
ALTER ROLE ${service}_hearing LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
    PASSWORD '${hearing_password}';
-- Takes away keys and content, and can read neither.
ALTER ROLE ${service}_erasing LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
    PASSWORD '${erasing_password}';
-- Wraps keys anew.
ALTER ROLE ${service}_keys LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
    PASSWORD '${keys_password}';
-- Sees which terms are due, in all cells, and nothing else.
ALTER ROLE ${service}_clock LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
    PASSWORD '${clock_password}';
ALTER ROLE ${service}_relay LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
    PASSWORD '${relay_password}';

-- The migrator says SET ROLE; it inherits nothing without saying so.
GRANT ${service}_owner TO ${service}_migrator WITH INHERIT FALSE, SET TRUE;

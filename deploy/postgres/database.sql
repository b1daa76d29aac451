-- Who may enter the database of one service; run in that database, as often as one likes.
-- What each role may do with which table is granted by the migrations.
REVOKE ALL ON DATABASE ${database} FROM PUBLIC;
GRANT CONNECT ON DATABASE ${database}
    TO ${service}_migrator, ${service}_app, ${service}_hearing, ${service}_erasing, ${service}_keys, ${service}_clock,
       ${service}_relay;
ALTER SCHEMA public OWNER TO ${service}_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public
    TO ${service}_app, ${service}_hearing, ${service}_erasing, ${service}_keys, ${service}_clock, ${service}_relay;

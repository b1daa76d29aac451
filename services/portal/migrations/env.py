"""Alembic's entry: the kit runs the migrations of this folder."""

from services.kit.migrate import run_migrations

run_migrations()

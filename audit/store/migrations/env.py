"""Alembic runs this; the connection and its one transaction belong to `store.migrate`."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # SQLite can take a schema change back; Alembic assumes that it cannot.
    transactional_ddl=True,
    target_metadata=None,
)
context.run_migrations()

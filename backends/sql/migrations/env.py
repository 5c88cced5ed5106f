"""Alembic's environment: it runs on the connection that `migrate` hands over."""

from alembic import context

from backends.sql.schema import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()

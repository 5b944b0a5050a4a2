"""The history of the tables; Alembic runs it at every start."""

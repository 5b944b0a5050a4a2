"""The record: tables, queries, migrations. SQLite by default; only ``database`` keys on that."""

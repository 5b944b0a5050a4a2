"""The record: tables, queries, migrations. SQLite by default; only ``database`` keys on that.

It is the door to SQLAlchemy: what the other parts need of it, they take from here.
"""

from sqlalchemy import Connection, Row
from sqlalchemy.exc import OperationalError

__all__ = ["Connection", "OperationalError", "Row"]

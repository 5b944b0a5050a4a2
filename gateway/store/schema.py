"""The tables. Every time is aware UTC; every change here needs a migration beside it."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Utc(TypeDecorator[datetime]):
    """Aware UTC in and out, also where the database knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: want aware UTC")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC)


devices = Table(
    "devices",
    metadata,
    Column("device", String(40), primary_key=True),
    Column("public_jwk", JSON, nullable=False),
    Column("enrolled_at", Utc, nullable=False),
)

sites = Table(
    "sites",
    metadata,
    Column("site_id", String(40), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("address", String(200), nullable=False),
    Column("latitude_deg", Float),
    Column("longitude_deg", Float),
)

occurrences = Table(
    "occurrences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.site_id"), nullable=False),
    Column("scenario", String(20), nullable=False),
    Column("first_at", Utc, nullable=False),
    Column("last_at", Utc, nullable=False),
    Index("ix_occurrences_site_id_scenario_last_at", "site_id", "scenario", "last_at"),
)
"""Alerts of one site and offence that lie close together in time are one occurrence."""

warnings = Table(
    "warnings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", ForeignKey("sites.site_id"), nullable=False),
    Column("scenario", String(20), nullable=False),
    Column("color", String(6), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("latched", Boolean, nullable=False),
    Column("shelved_until", Utc),
    Column("acknowledged_by", String(80)),
    Column("acknowledged_at", Utc),
    Column("comment", Text, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("alert_count", Integer, nullable=False),
    Column("footage", String(10), nullable=False),
    Column("snapshot_sha256", String(64)),
    Column("reasons", JSON, nullable=False),
    Column("raised_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("due_at", Utc),
    Column("closed_at", Utc),
    Column("version", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Index(
        "uq_warnings_open_site_id_scenario",
        "site_id",
        "scenario",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(
        "ix_warnings_open_rank_id",
        "rank",
        "id",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index("ix_warnings_due_at", "due_at"),
)

history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("warning_id", ForeignKey("warnings.id"), nullable=False, index=True),
    Column("at", Utc, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("by", String(80)),
    Column("comment", Text, nullable=False),
    Column("color", String(6), nullable=False),
    Column("reasons", JSON, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("alert_id", String(36), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("device", ForeignKey("devices.device"), nullable=False),
    Column("boot_id", String(36), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("warning_id", ForeignKey("warnings.id"), nullable=False, index=True),
    Column("payload", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("captured_at", Utc, nullable=False),
    Column("happened_at", Utc, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("phase", String(10), nullable=False),
    Column("age_s", Float),
    Column("clock_offset_s", Float),
    Column("late", Boolean, nullable=False),
    UniqueConstraint("alert_id", "revision"),
    Index("ix_alerts_device_boot_id_sequence", "device", "boot_id", "sequence"),
)
"""``payload`` is kept byte for byte as it was signed. ``happened_at`` is ``captured_at`` put right
by the box's monotonic clock; ``clock_offset_s`` says by how much, where its wall clock is wrong."""

evidence_items = Table(
    "evidence_items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("alert_id", String(36), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("warning_id", ForeignKey("warnings.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("media_type", String(40), nullable=False),
    UniqueConstraint("alert_id", "sha256"),
    Index("ix_evidence_items_sha256", "sha256"),
)
"""What alerts name; the file itself may not have arrived."""

evidence_files = Table(
    "evidence_files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("media_type", String(40), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("device", ForeignKey("devices.device"), nullable=False),
    Column("stored_at", Utc, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("received_at", Utc, nullable=False),
    Column("topic", Text, nullable=False),
    Column("signer", String(40)),
    Column("fault", Text, nullable=False),
    Column("message", LargeBinary, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
)
"""``signer`` is set where the signature held. ``message`` is cut off at a bound."""

boxes = Table(
    "boxes",
    metadata,
    Column("device", ForeignKey("devices.device"), primary_key=True),
    Column("online", Boolean, nullable=False),
    Column("boot_id", String(36), nullable=False),
    Column("connection", Integer, nullable=False),
    Column("software", String(40), nullable=False),
    Column("last_seen_at", Utc, nullable=False),
    Column("health", JSON),
    Column("shown_at", Utc, nullable=False),
)
"""``shown_at``: when it last went into the feed; its figures change more often than that."""

health_samples = Table(
    "health_samples",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("device", ForeignKey("devices.device"), nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("position", Integer, nullable=False),
)
"""How far a replayable copy has come in ``health_samples``."""

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("happened_at", Utc),
    Column("data", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""The feed. An id is never used twice, so that a browser can say where it left off."""

users = Table(
    "users",
    metadata,
    Column("username", String(80), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("username", ForeignKey("users.username"), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
)

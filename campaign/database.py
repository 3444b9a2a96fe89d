"""The database's ground: safe SQLite, aware times, and the one way to write.

SQLite's settings and the reasons for them are in reliability.md, "Storage".
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from flask import has_request_context, request
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Session

try:
    import pysqlite3.dbapi2 as _shipped_sqlite
except ImportError:  # no wheel for this machine: the standard module, in its safe journal mode
    _shipped_sqlite = None

# WAL resets could corrupt a database before this version (reliability.md, "Storage").
SAFE_WAL = (3, 51, 3)
# PostgreSQL advisory lock: shared by all writers, taken whole for a publication.
PUBLICATION_LOCK = 0x0CA3
# Held while a sender counts what others have taken up, so that a rate holds across workers.
CLAIM_LOCK = 0x0CA4
# Held while the mailboxes of the settings get their rows, so that two clocks add each once.
MAILBOX_LOCK = 0x0CA5


class Base(DeclarativeBase):
    """Base of all tables; constraints get names that migrations can rely on."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Utc(sa.types.TypeDecorator[datetime]):
    """An aware time, kept in UTC. A naive one is refused, never guessed."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[StrEnum]) -> sa.Enum:
    """A column type for a StrEnum: its values as text, held by a CHECK."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def one_of(column: Any, values: Iterable[StrEnum]) -> sa.ColumnElement[bool]:
    """That a column holds one of these values, which are written out in the statement.

    SQLite finds a partial index by the condition that stands in a statement, and a value that is
    bound later is none. The values are ours, never what somebody sent.
    """
    written = sa.bindparam(
        None, list(values), expanding=True, literal_execute=True, type_=column.type
    )
    found: sa.ColumnElement[bool] = column.in_(written)
    return found


def new_ref() -> str:
    """An opaque id (128 random bits) under which history and addresses may speak of a row."""
    return secrets.token_hex(16)


def engine_options(database_url: str) -> dict[str, Any]:
    """Options for `create_engine`: a current SQLite where we have one, a checked pool elsewhere."""
    if not database_url.startswith("sqlite"):
        return {"pool_pre_ping": True}
    options: dict[str, Any] = {"connect_args": {"timeout": 5, "check_same_thread": False}}
    if _shipped_sqlite is not None:
        options["module"] = _shipped_sqlite
    return options


def _sqlite_module() -> ModuleType:
    return _shipped_sqlite if _shipped_sqlite is not None else sqlite3


def prepare_engine(engine: sa.Engine) -> None:
    """Give every SQLite connection the settings of reliability.md; PostgreSQL needs none."""
    if engine.dialect.name != "sqlite":
        return
    wal = _sqlite_module().sqlite_version_info >= SAFE_WAL

    @event.listens_for(engine, "connect")
    def settle(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where we say, not where it guesses
        cursor = connection.cursor()
        for pragma in (
            "busy_timeout = 5000",
            f"journal_mode = {'WAL' if wal else 'DELETE'}",
            "foreign_keys = ON",
            "synchronous = FULL",
            "mmap_size = 0",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes") or _library_writes()
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _library_writes() -> bool:
    """Sign-in pages are Flask-Security's: it reads, then writes, in a transaction of its own."""
    return has_request_context() and request.method == "POST" and request.blueprint == "security"


@contextmanager
def transaction(session: Any = None, *, publishes: bool = False) -> Iterator[Session]:
    """One act: everything inside is written together or not at all.

    What was read before is forgotten first, so that decisions rest on what is stored now.
    A publication waits until no other act is under way and lets none begin (SQLite: any
    write does; PostgreSQL: an advisory lock that all writers share and a publication takes
    whole), so that its gate sees every reply that was stored before it.

    Raises:
        RuntimeError: an act within an act; nothing would be all-or-nothing any more.
    """
    if session is None:
        from campaign.extensions import db

        session = db.session()
    if session.info.get("in_act"):
        raise RuntimeError("an act cannot begin inside another act")
    session.rollback()
    session.info["in_act"] = True
    try:
        connection = session.connection(execution_options={"writes": True})
        if connection.dialect.name == "postgresql":
            lock = "pg_advisory_xact_lock" if publishes else "pg_advisory_xact_lock_shared"
            connection.exec_driver_sql(f"SELECT {lock}({PUBLICATION_LOCK})")
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("in_act", None)


def one_at_a_time(session: Session, lock: int) -> None:
    """Within an act: wait until no other act holds this lock; SQLite has one writer anyhow."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({lock})")

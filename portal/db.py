"""Database session, the four column types of the house, and work after a commit."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Parent of every stored class; constraint names are fixed for migrations."""

    metadata = sa.MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)


class Rupiah(TypeDecorator[Decimal]):
    """Money: whole sen in a BIGINT, Decimal rupiah with two places in Python."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        sen = value * 100
        if sen != sen.to_integral_value():
            raise ValueError(f"rupiah with less than a sen: {value}")
        return int(sen)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class Exact(TypeDecorator[Decimal]):
    """A decimal number kept digit by digit, as text; NaN and infinities are refused."""

    impl = sa.String(64)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if not value.is_finite():
            raise ValueError(f"not a finite number: {value}")
        return format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Instant(TypeDecorator[datetime]):
    """A point in time, aware and in UTC; naive values are refused."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class JsonText(TypeDecorator[Any]):
    """JSON as canonical text, so that equal content has equal bytes on every database."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """The one spelling of a JSON value: sorted keys, no blanks, real letters."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def changed_rows(statement: sa.Executable) -> int:
    """Run an INSERT, UPDATE or DELETE and tell how many rows it changed: the house's claim."""
    result = db.session.execute(statement)
    assert isinstance(result, sa.CursorResult)  # noqa: S101 - what a DML statement gives
    return result.rowcount


def after_commit(work: Callable[[], None]) -> None:
    """Run ``work`` once the present transaction has committed; a rollback drops it."""
    db.session().info.setdefault("after_commit", []).append(work)


def _run_after_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for work in session.info.pop("after_commit", []):
        work()


def _drop_after_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop("after_commit", None)


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=5000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def init_app(app: Flask) -> None:
    """Bind the session to the app and set what each database needs."""
    db.init_app(app)
    with app.app_context():
        engine: Engine = db.engine
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _sqlite_pragmas)


event.listen(db.session, "after_commit", _run_after_commit)
event.listen(db.session, "after_rollback", _drop_after_commit)

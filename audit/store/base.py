"""What all rows share: constraint names, column types, ids in order of time, rows that stay."""

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import JSON, Date, DateTime, Dialect, Enum, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column
from sqlalchemy.types import TypeDecorator

# Whole values, replaced and never changed in place: SQLAlchemy sees only a new value.
Document = Mapping[str, Any]

# Stands for a value that was replaced without having been read.
UNKNOWN: Final = object()


class UtcTime(TypeDecorator[datetime]):
    """Times with a zone, kept in UTC; a time without one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a bare time; SQLite keeps no zone, so it is given plain UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time needs its zone before it is stored.")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC, whatever zone the server speaks in."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def write_json(document: object) -> str:
    """Return `document` as JSON; numbers that JSON does not know, such as NaN, are refused."""
    return json.dumps(document, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


_json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True, eq=False):
    """Rows are dataclasses whose constructors the type checker knows."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        UUID: Uuid(),
        date: Date(),
        datetime: UtcTime(),
        Document: _json,
        Sequence[str]: _json,
        Sequence[Document]: _json,
        Mapping[str, Sequence[Document]]: _json,
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=True,
            length=40,
            values_callable=lambda states: [state.value for state in states],
        ),
    }


def new_id() -> UUID:
    """Return a version 7 UUID: ids made later on this machine sort later."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    # RFC 9562, method 3: the twelve bits after the version carry the fraction of the millisecond.
    fraction = rest * 4096 // 1_000_000
    high = (milliseconds & 0xFFFF_FFFF_FFFF) << 16 | 0x7000 | fraction
    return UUID(int=high << 64 | 0b10 << 62 | secrets.randbits(62))


class Identified(MappedAsDataclass, kw_only=True):
    """A row with an id that may be made anywhere, on a device too, before the row exists."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)


class Kept:
    """Rows that stay: never deleted, and changed only where their class says so.

    The flush refuses first, with words; the triggers of the migrations refuse everyone else.
    """

    def may_change(self, column: str, before: object) -> bool:
        """Say whether `column`, so far `before`, may take the value it was given."""
        del column, before
        return False

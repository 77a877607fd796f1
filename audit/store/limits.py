"""Which rows someone sees who is limited to chosen sites: found by what a row belongs to."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select

from audit.store.base import Base

_SITE = "site"
# The column that names what a row belongs to, and its table; the first that a table has counts.
_BELONGS = (("audit_id", "audit"), ("report_id", "report"), ("practitioner_id", "practitioner"))


def limit(row_class: Any, sites: Collection[UUID]) -> ColumnElement[bool] | None:
    """Return what narrows `row_class` to `sites`; None for rows that belong to no site.

    Rows beside it are taken from tables, which are not narrowed again.
    """
    condition: ColumnElement[bool] | None = _limit(row_class, row_class.__table__, sites)
    return condition


def _limit(columns: Any, table: Table, sites: Collection[UUID]) -> Any:
    if table.name == _SITE:
        return columns.id.in_(sites)
    if "site_id" in table.c:
        return columns.site_id.in_(sites)
    for column, parent in _BELONGS:
        if column in table.c:
            above = Base.metadata.tables[parent]
            # Said as "not elsewhere": what a tablet sent may belong to an audit that is yet to be.
            elsewhere = select(above.c.id).where(~_limit(above.c, above, sites))
            return getattr(columns, column).not_in(elsewhere)
    return None

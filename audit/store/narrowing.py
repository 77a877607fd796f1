"""Lets only selects pass that take everything from mapped classes.

Such a select can be narrowed to an organisation; a table, a bare column or a piece of written SQL
beside mapped classes could not be.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    CTE,
    Alias,
    BinaryExpression,
    ColumnClause,
    CompoundSelect,
    Extract,
    Lateral,
    Select,
    SelectBase,
    Subquery,
    TableClause,
    TextClause,
    UnaryExpression,
    UpdateBase,
)
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import custom_op

# Databases have functions that run SQL given as text, so only these are called.
FUNCTIONS = frozenset(
    (
        "avg",
        "cast",
        "char_length",
        "coalesce",
        "count",
        "date",
        "length",
        "lower",
        "max",
        "min",
        "nullif",
        "round",
        "row_number",
        "strftime",
        "substr",
        "sum",
        "to_char",
        "trim",
        "upper",
    )
)
_WRITTEN = ("_prefixes", "_suffixes", "_hints", "_statement_hints")


class ScopeError(RuntimeError):
    """Code reached outside its scope: a bug, never a refusal to be shown."""


def refuse_raw(statement: object) -> None:
    """Walk all selects within `statement`; each may take rows only from mapped classes."""
    selects = [statement]
    while selects:
        one = selects.pop()
        if not isinstance(one, Select | CompoundSelect):
            raise ScopeError("Only selects of mapped classes run in a session.")
        _refuse_written(one)
        named, known = set[object](), set[object]()
        elements = list(_parts(one))
        while elements:
            element = elements.pop()
            if isinstance(element, SelectBase):
                selects.append(element)
                continue
            _look_at(element, named, known)
            if not (_mapped(element) or isinstance(element, TableClause | Alias)):
                elements.extend(element.get_children())
        if not named <= known:
            raise ScopeError("A table cannot be narrowed, so it is not selected from.")


def _parts(one: ClauseElement) -> Iterator[Any]:
    # A select's own walk adds the tables behind its columns; only those named count here.
    walk = ClauseElement.get_children if isinstance(one, Select) else type(one).get_children
    return iter(walk(one))


def _look_at(element: object, named: set[object], known: set[object]) -> None:
    match element:
        case TableClause() | Alias():
            (known if _mapped(element) else named).add(element)
        case ColumnClause(is_literal=True, name="1" | "*"):
            pass
        case ColumnClause(table=Subquery() | CTE() | Lateral()):
            pass
        case ColumnClause(table=TableClause() | Alias()):
            # A bare column is harmless where its table is one that is narrowed: `get` uses them.
            (known if _mapped(element) else named).add(element.table)
        case ColumnClause() | TextClause() | UpdateBase():
            raise ScopeError("Bare columns and text cannot be narrowed, so they do not run.")
        case _:
            _refuse_disguised(element)


def _refuse_written(one: Select[Any] | CompoundSelect[Any]) -> None:
    """Refuse what is put into the SQL as written, and conditions hidden in loading options."""
    if any(getattr(one, name, ()) for name in _WRITTEN):
        raise ScopeError("Prefixes, suffixes and hints are text, so they do not run.")
    for option in getattr(one, "_with_options", ()):
        parts = getattr(option, "context", ())
        hidden = any(getattr(part, "_extra_criteria", ()) for part in parts)
        if hidden or isinstance(option, LoaderCriteriaOption):
            raise ScopeError("Conditions belong into the select, not into its options.")


def _refuse_disguised(element: object) -> None:
    match element:
        case FunctionElement() if getattr(element, "name", "") not in FUNCTIONS:
            raise ScopeError("This function is not known to be harmless: see `FUNCTIONS`.")
        case Extract(field=field) if not field.isalpha():
            raise ScopeError("Only a plain part of a time can be extracted.")
        case BinaryExpression() | UnaryExpression():
            if custom_op in {type(element.operator), type(getattr(element, "modifier", None))}:
                raise ScopeError("An operator written as text does not run.")
        case _:
            pass


def _mapped(element: object) -> bool:
    # What comes from a mapped class carries this mark; the library has no public reading of it.
    return "parentmapper" in getattr(element, "_annotations", {})

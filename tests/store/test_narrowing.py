"""Every form a query can take is narrowed to its organisation, or does not run."""

from types import MappingProxyType
from uuid import UUID

import pytest
from sqlalchemy import (
    Engine,
    UnaryExpression,
    case,
    cast,
    column,
    delete,
    exists,
    extract,
    func,
    insert,
    join,
    literal,
    literal_column,
    select,
    table,
    text,
    tuple_,
    union,
    union_all,
    update,
)
from sqlalchemy import Text as SqlText
from sqlalchemy.orm import (
    Bundle,
    aliased,
    joinedload,
    selectinload,
    with_loader_criteria,
)
from sqlalchemy.sql.operators import custom_op

from audit.store.people import Membership, Person, SignIn
from audit.store.scope import (
    Organisation,
    ScopeError,
    organisation_scope,
)
from audit.store.session import transaction
from audit.store.sites import Site, Sterilizer
from tests.factories import make_world

Other = aliased(Site)
RAW = Site.__table__
RAW_STERILIZER = Sterilizer.__table__
_names = select(Site.name).cte()
_sites = select(Site.id, Site.name).subquery()
_tree = select(Site.id, Site.name).cte(recursive=True)
_tree = _tree.union_all(
    select(Site.id, Site.name).join(_tree, _tree.c.id == Site.id).where(_tree.c.name == "none")
)

# Each of these runs, and must say the same whether or not another organisation exists.
NARROWED = MappingProxyType(
    {
        "entity": select(Site.name, Site),
        "columns": select(Site.name),
        "label": select(Site.name.label("called")),
        "cast": select(cast(Site.name, SqlText)),
        "count": select(func.count()).select_from(Site),
        "count of where": select(func.count()).where(Site.name != ""),
        "count of column": select(func.count(Site.id)),
        "alias": select(Other.name),
        "alias of subquery": select(aliased(Site, select(Site).subquery()).name),
        "alias of table": select(aliased(Site, RAW.alias()).name),
        "two of one": select(Site.name, Other.name).join(Other, Other.zone == Site.zone),
        "bundle": select(Bundle("both", Site.name, Site.id)),
        "subquery": select(_sites.c.name),
        "common table": select(_names.c.name),
        "recursive common table": select(_tree.c.name),
        "union": union(select(Site.name), select(Other.name)),
        "union all": union_all(select(Site.name), select(Other.name)),
        "union below": select(union_all(select(Site.name), select(Person.name)).subquery().c.name),
        "scalar subquery": select(Person.name, select(func.count(Site.id)).scalar_subquery()),
        "subquery in order": select(Person.name).order_by(
            select(func.count(Site.id)).scalar_subquery()
        ),
        "join": select(Site.name, Sterilizer.name).join(Sterilizer, Sterilizer.site_id == Site.id),
        "outer join": select(Person.name, Site.name).outerjoin(Site, Site.name != ""),
        "join by relationship": select(Sterilizer.name).join(Sterilizer.site),
        "has": select(Sterilizer.name).where(Sterilizer.site.has(Site.name != "")),
        "exists": select(Person.name).where(exists(select(Site.id).where(Site.name == "B site"))),
        "bare exists": select(Person.name, exists().where(Site.name == "B site")),
        "in": select(Person.name).where(Person.name.in_(select(Site.name))),
        "tuple in": select(Person.name).where(tuple_(Person.id).in_(select(Membership.person_id))),
        "having": select(Site.zone, func.count()).group_by(Site.zone).having(func.count() > 1),
        "window": select(Site.name, func.count(Site.id).over()),
        "part of time": select(Site.name, extract("year", Organisation.created_at)).join(
            Organisation, Organisation.id == Site.organisation_id
        ),
        "negation": select(Site.name).where(~Site.active),
        "case": select(case((Site.name == "B site", 1), else_=0)),
        "literal beside": select(Site.name, literal(1)),
        "distinct": select(Site.zone).distinct(),
        "order by name": select(Site.name).order_by("name"),
        "joined loading": select(Sterilizer).options(joinedload(Sterilizer.site)),
        "selected loading": select(Sterilizer).options(selectinload(Sterilizer.site)),
        "own raw column": select(Site.name, RAW.c.name),
        "person": select(Person.email),
        "alias of person": select(aliased(Person).email),
        "members": select(Membership.person_id),
        "sign-in": select(SignIn.token_digest),
        "organisation": select(Organisation.name),
        "alias of organisation": select(aliased(Organisation).name),
    }
)

# None of these can be narrowed for certain, so none runs.
REFUSED = MappingProxyType(
    {
        "table": select(RAW),
        "table column alone": select(RAW.c.name),
        "table column beside": select(Person.name, RAW.c.name),
        "table column kept": select(Person).with_only_columns(RAW.c.name),
        "table alias": select(Site.name, RAW.alias().c.name),
        "table joined": select(Site.name).join(RAW_STERILIZER, RAW_STERILIZER.c.site_id == Site.id),
        "table in join": select(Site.name).select_from(
            join(Site, RAW_STERILIZER, Site.id == RAW_STERILIZER.c.site_id)
        ),
        "table below": select(select(RAW.c.name).subquery().c.name),
        "table in scalar": select(Person.name, select(RAW.c.name).limit(1).scalar_subquery()),
        "table counted": select(
            Person.name, select(func.count()).select_from(RAW).scalar_subquery()
        ),
        "table alias from": select(Site.name).select_from(RAW.alias()),
        "other table from": select(Site.name).select_from(RAW_STERILIZER),
        "table in exists": select(Person.name).where(exists(select(RAW.c.id))),
        "table in order": select(Person.name).order_by(RAW.c.name),
        "table in union": union(select(Site.name), select(RAW.c.name)),
        "table in in": select(Site.name).where(Site.id.in_(select(RAW_STERILIZER.c.site_id))),
        "light table": select(Site.name).select_from(table("site")),
        "light column": select(Site.name, column("name")),
        "text": text("SELECT name FROM site"),
        "text as column": select(Site.name, text("(SELECT max(name) FROM site)")),
        "literal column": select(Site.name, literal_column("(SELECT max(name) FROM site)")),
        "text in where": select(Site.name).where(text("1 = 1")),
        "text in group": select(func.count(Site.id)).group_by(text("1")),
        "from text": select(Site).from_statement(text("SELECT * FROM site")),
        "from text columns": select(Site).from_statement(
            text("SELECT id, name FROM site").columns(Site.id, Site.name)
        ),
        "from select": select(Site).from_statement(select(Site)),
        "text in in": select(Site.name).where(
            Site.id.in_(text("SELECT id FROM site").columns(RAW.c.id))
        ),
        "function of rows": select(Site.name, func.json_each("[1]").table_valued("value").c.value),
        "update": update(Site).values(name="x"),
        "delete": delete(Site),
        "insert": insert(Site).values(name="x"),
        "prefix": select(Site.name).prefix_with("/* */"),
        "suffix": select(Site.name).suffix_with("UNION SELECT name FROM site"),
        "hint": select(Site.name).with_statement_hint("UNION SELECT name FROM site"),
        "table hint": select(Site.name).with_hint(Site, "UNION SELECT name FROM site"),
        "union's prefix": union(select(Site.name), select(Other.name).prefix_with("DISTINCT")),
        "operator": select(Site.name.op("|| (SELECT max(name) FROM site) ||")("x")),
        "boolean operator": select(Site.name).where(Site.name.bool_op("<> '' OR 1 =")(1)),
        "sign": select(Site.name).where(UnaryExpression(Site.active, operator=custom_op("NOT"))),
        "part of time": select(
            Organisation.name,
            extract("year FROM (SELECT max(created_at) FROM site)) --", Organisation.created_at),
        ),
        "unknown function": select(func.query_to_xml(Site.name)),
        "condition in loading": select(Sterilizer).options(
            selectinload(Sterilizer.site.and_(exists(select(RAW.c.id))))
        ),
        "condition in joined loading": select(Sterilizer).options(
            joinedload(Sterilizer.site.and_(exists(select(RAW.c.id))))
        ),
        "condition in criteria": select(Site).options(
            with_loader_criteria(Site, exists(select(RAW.c.id)))
        ),
        "condition in join": select(Sterilizer.name).join(
            Sterilizer.site.and_(exists(select(RAW.c.id)))
        ),
        "delete beside": select(Site.name).add_cte(delete(RAW).cte()),
        "insert beside": select(Site.name).add_cte(
            insert(Site).values(name="x").returning(Site.id).cte()
        ),
        "nothing mapped": select(literal(1)),
        "bare function": select(func.now()),
    }
)


def results(engine: Engine, organisation_id: UUID) -> dict[str, list[str]]:
    found = {}
    for name, statement in NARROWED.items():
        with transaction(engine, organisation_scope(organisation_id), writing=False) as session:
            found[name] = sorted(str(row) for row in session.execute(statement))
    return found


def test_no_form_of_a_query_shows_that_another_organisation_exists(engine: Engine) -> None:
    own, _, _ = make_world(engine, "A")
    alone = results(engine, own)

    make_world(engine, "B")
    together = results(engine, own)

    assert together == alone
    assert all("B " not in row for rows in together.values() for row in rows)
    assert together["columns"] == ["('A site',)"]


@pytest.mark.parametrize("form", REFUSED)
def test_what_cannot_be_narrowed_does_not_run(sqlite_engine: Engine, form: str) -> None:
    own, _, _ = make_world(sqlite_engine, "A")
    scope = organisation_scope(own)

    with transaction(sqlite_engine, scope) as session, pytest.raises(ScopeError):
        session.execute(REFUSED[form])

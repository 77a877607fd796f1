"""Who may use a view is said at the view."""

import pytest
from flask import Flask

from audit.web.access import Permission, guard

PUBLIC = {
    "GET /health": "machines look whether it runs",
    "GET /login": "signing in",
    "POST /login": "signing in",
    "POST /logout": "signing out",
    "GET /join/<token>": "who is invited has no account yet",
    "POST /join/<token>": "as above",
    "GET /password/<token>": "who forgot theirs cannot sign in",
    "POST /password/<token>": "as above",
    "GET /setup": "the first start",
    "POST /setup": "the first start",
    "GET /verify": "anyone may check a file",
    "POST /verify": "anyone may check a file",
    "GET /v/<code>": "anyone may look up a report",
    "GET /static/b/<build>/<path:name>": "style, script and icons",
    "GET /device/session": "a tablet asks whether it is connected, and who is signed in",
    "GET /sw.js": "keeps those pages",
    "GET /manifest.webmanifest": "installing",
    "GET /visit": "a tablet keeps it; it holds nothing of anyone",
    "GET /visit/plain": "for a browser without scripts: it only leads on",
    "GET /visit/<code>/<int:version>": "as above: a shipped checklist",
    "GET /visit/<code>/<int:version>/<pack>/<int:pack_version>": "as above",
}


def mark_of(app: Flask, endpoint: str) -> Permission | None:
    """Return the permission a view needs, None for a public one; no mark at all is a fault."""
    permission: Permission | None = app.view_functions[endpoint]._needed_permission
    return permission


def test_every_view_says_who_may_use_it(app: Flask) -> None:
    marks = {endpoint: mark_of(app, endpoint) for endpoint in app.view_functions}

    assert all(mark is None or mark in set(Permission) for mark in marks.values())


def test_only_what_strangers_need_is_public(app: Flask) -> None:
    public = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if mark_of(app, rule.endpoint) is None
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert public - PUBLIC.keys() == set()


def test_nothing_is_changed_by_a_view_that_only_needs_to_read(app: Flask) -> None:
    changing = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if mark_of(app, rule.endpoint) is Permission.READ and "POST" in (rule.methods or set())
    }

    assert changing == set()


def test_view_that_does_not_say_stops_the_start() -> None:
    bare = Flask("bare")
    bare.add_url_rule("/open", "open", lambda: "")

    with pytest.raises(RuntimeError, match=r"do not say who may use them: .*open"):
        guard(bare)

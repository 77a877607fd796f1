"""What holds for every answer: headers, refusals, forms, hosts."""

import json

import pytest
from flask import Flask

from audit.app import create_app
from audit.errors import Conflict, Invalid
from audit.settings import Settings
from audit.store.people import Role
from audit.web.access import public
from tests.web.conftest import House, SignedIn, Visitor, database_of

HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Cache-Control",
}


@pytest.mark.parametrize(
    "address", ["/", "/login", "/health", "/nope", "/static/b/0/css/base.css", "/sites/%00"]
)
def test_every_answer_has_the_headers(visitor: Visitor, house: House, address: str) -> None:
    answer = visitor.get(address)

    assert house
    assert set(answer.headers.keys()) >= HEADERS
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_private_pages_are_never_kept(owner: Visitor) -> None:
    page = owner.get("/sites")

    assert page.headers["Cache-Control"] == "no-store, private"
    assert "Cookie" in page.headers["Vary"]


def test_form_without_its_proof_changes_nothing(owner: Visitor) -> None:
    sent = owner.client.post("/sites/new", data={"name": "Sneaked in"})

    assert sent.status_code == 400
    assert "Nothing was saved" in sent.text
    assert "Sneaked in" not in owner.get("/sites").text


def test_strange_host_is_refused(app: Flask) -> None:
    answer = app.test_client().get("/login", headers={"Host": "evil.test"})

    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_wrong_method_names_the_right_ones(owner: Visitor) -> None:
    answer = owner.client.get("/logout")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_programs_get_problems_as_json(visitor: Visitor) -> None:
    answer = visitor.client.get("/nope", headers={"Accept": "application/json"})

    assert answer.mimetype == "application/problem+json"
    assert json.loads(answer.text)["code"] == "http_404"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.INSPECTOR])
def test_role_too_small_is_told_so(signed_in: SignedIn, role: Role) -> None:
    page = signed_in(role).get("/sites/new")

    assert page.status_code == 403
    assert "Your role does not allow this." in page.text


def test_health_says_version_database_and_schema(visitor: Visitor) -> None:
    found = json.loads(visitor.get("/health").text)

    assert found["version"]
    assert "synchronous" in found["database"]
    assert found["schema"]["up_to_date"]


def test_bug_shows_a_reference_and_no_trace(app: Flask, visitor: Visitor) -> None:
    # Views are added before the first request, as an installation would have them.
    app.add_url_rule("/bug", "bug", public(lambda: str(1 // 0)))

    page = visitor.get("/bug")

    assert page.status_code == 500
    assert "name this reference" in page.text
    assert "ZeroDivisionError" not in page.text
    assert set(page.headers.keys()) >= HEADERS


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(Conflict("Changed.", code="changed"), 409), (Invalid("Not so.", code="no"), 422)],
)
def test_refusal_becomes_a_page(
    app: Flask, visitor: Visitor, refusal: Exception, status: int
) -> None:
    def refuse() -> str:
        raise refusal

    app.add_url_rule("/refuse", "refuse", public(refuse))

    page = visitor.get("/refuse")

    assert page.status_code == status
    assert str(refusal) in page.text


def test_https_keeps_cookies_to_this_very_host(
    app: Flask, sqlite_url: str, house: House, tmp_path: object
) -> None:
    del app
    settings = Settings(
        data_dir=f"{tmp_path}/data", database_url=sqlite_url, base_url="https://localhost"
    )
    secure = create_app(settings)

    client = secure.test_client()
    page = client.get("/login", base_url="https://localhost")
    database_of(secure).engine.dispose()

    assert house
    assert "max-age" in page.headers["Strict-Transport-Security"]
    assert page.headers["Set-Cookie"].startswith("__Host-form=")
    assert "Secure" in page.headers["Set-Cookie"]

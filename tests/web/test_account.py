"""One's own account: where one is signed in, and a new password."""

import re

from flask import Flask

from audit.store.people import Role
from tests.web.conftest import PASSWORD, House, Visitor

PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


def second(app: Flask, house: House) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.client.environ_base["HTTP_USER_AGENT"] = PHONE
    visitor.sign_in(house.emails[Role.OWNER])
    return visitor


def test_every_device_is_listed_and_can_be_signed_out(
    app: Flask, owner: Visitor, house: House
) -> None:
    phone = second(app, house)
    page = owner.get("/account").text
    [end] = re.findall(r'action="(/account/stays/[\w-]+/end)"', page)

    owner.post(end)

    assert "Chrome on an Android device" in page
    assert phone.get("/").location.startswith("/login")
    assert owner.get("/").status_code == 200
    assert owner.post(end).status_code == 404


def test_everything_else_is_signed_out_at_once(app: Flask, owner: Visitor, house: House) -> None:
    others = [second(app, house) for _ in range(2)]
    owner.get("/account")

    owner.post("/account/stays/end")

    assert all(one.get("/").location.startswith("/login") for one in others)
    assert owner.get("/").status_code == 200


def test_nobody_ends_the_stay_of_someone_else(app: Flask, owner: Visitor, house: House) -> None:
    inspector = Visitor(app.test_client())
    inspector.sign_in(house.emails[Role.INSPECTOR])
    second(app, house)
    [end] = re.findall(r'action="(/account/stays/[\w-]+/end)"', owner.get("/account").text)

    sent = inspector.post(end)

    assert sent.status_code == 404


def test_a_new_password_signs_everyone_else_out(app: Flask, owner: Visitor, house: House) -> None:
    phone = second(app, house)
    owner.get("/account/password")

    owner.post("/account/password", password=PASSWORD, fresh="quite another set of words")

    assert owner.get("/").status_code == 200
    assert phone.get("/").location.startswith("/login")
    assert "do not match" in phone.sign_in(house.emails[Role.OWNER]).text
    sent = phone.sign_in(house.emails[Role.OWNER], "quite another set of words")
    assert sent.location == "/"


def test_a_new_password_needs_the_old_one_and_enough_letters(owner: Visitor) -> None:
    owner.get("/account/password")

    wrong = owner.post("/account/password", password="not mine", fresh="quite another set")
    short = owner.post("/account/password", password=PASSWORD, fresh="short")

    assert "This is not your password." in wrong.text
    assert "Use at least 10 characters." in short.text
    assert 'href="#fresh"' in short.text

"""Styles, scripts and icons as they are sent."""

import gzip

import pytest
from flask import Flask

from audit.web.static_files import files_of


@pytest.mark.parametrize("name", ["css/tokens.css", "icons/icons.svg", "js/page.js"])
def test_static_files_are_kept_for_ever_under_their_build(app: Flask, name: str) -> None:
    client = app.test_client()
    address = files_of(app).address(name)

    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert "immutable" in plain.headers["Cache-Control"]
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data)


@pytest.mark.parametrize("name", ["vendor/signature_pad/LICENSE", "../app.py", "css/none.css"])
def test_nothing_else_is_sent_as_a_static_file(app: Flask, name: str) -> None:
    start = files_of(app).address("css/base.css").removesuffix("css/base.css")

    assert app.test_client().get(start + name).status_code == 404


def test_files_of_another_build_are_not_found(app: Flask) -> None:
    files = files_of(app)
    address = files.address("js/form.js").replace(files.build, "0" * len(files.build))

    assert app.test_client().get(address).status_code == 404


def test_template_cannot_name_a_static_file_that_is_not_there(app: Flask) -> None:
    with pytest.raises(LookupError):
        files_of(app).address("css/none.css")

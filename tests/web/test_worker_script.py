import gzip

from flask import Flask
from flask.testing import FlaskClient


def _client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_the_worker_comes_packed_to_who_can_unpack_it(app: Flask) -> None:
    plain = _client(app).get("/sw.js")

    packed = _client(app).get("/sw.js", headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data


def test_a_worker_that_is_known_is_not_sent_again(app: Flask) -> None:
    known = _client(app).get("/sw.js", headers={"Accept-Encoding": "gzip"}).headers["ETag"]

    again = _client(app).get("/sw.js", headers={"If-None-Match": known})

    assert again.status_code == 304
    assert again.data == b""

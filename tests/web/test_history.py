"""Everyone who may read an audit sees who did what, old values beside the new."""

from pathlib import Path

import pytest
from flask import Flask

from audit.store.people import Role
from tests.web.conftest import House, SignedIn, Visitor
from tests.web.small_visit import answer, complete, offer_small_library, sign, start


@pytest.fixture(autouse=True)
def _small_library(app: Flask, tmp_path: Path) -> None:
    offer_small_library(app, tmp_path / "checklists")


def test_a_changed_response_stands_beside_what_it_was(
    owner: Visitor, signed_in: SignedIn, house: House
) -> None:
    audit_id = start(owner, house)
    answer(owner, audit_id)
    answer(owner, audit_id, water_warm="39")

    page = signed_in(Role.AUDITOR).get(f"/audits/{audit_id}/history").text

    assert "Responded" in page
    assert "Ines Owner, owner" in page
    assert "<del>41.5 °C</del> <ins>39 °C</ins>" in page


def test_every_act_is_told_in_words(owner: Visitor, house: House) -> None:
    audit_id = complete(owner, house)
    sign(owner, audit_id)

    page = owner.get(f"/audits/{audit_id}/history").text

    for words in (
        "Begun",
        "Named what is looked at",
        "Completed: the responses are closed",
        "Signed",
    ):
        assert words in page
    assert f"/audits/{audit_id}/history" in owner.get(f"/audits/{audit_id}/result").text

"""The words of a checklist, and the digest that tells one content from another."""

from decimal import Decimal

import pytest

from audit.domain.definitions import Fine, Limit
from tests.domain.samples import checklist, part, plain


@pytest.mark.parametrize(
    ("comparator", "held"),
    [
        ("<", (True, False, False)),
        ("<=", (True, True, False)),
        ("=", (False, True, False)),
        (">=", (False, True, True)),
        (">", (False, False, True)),
    ],
)
def test_limit_holds_below_at_and_above(comparator: str, held: tuple[bool, ...]) -> None:
    limit = Limit.model_validate({"comparator": comparator, "value": "60", "unit": "°C"})

    assert tuple(limit.holds(Decimal(n)) for n in ("59.9", "60.0", "60.1")) == held


def test_fine_says_each_amount_and_its_currency() -> None:
    fine = Fine.model_validate({"amounts": ["100", "1500.50"], "currency": "USD"})

    assert str(fine) == "100 / 1,500.50 USD"


def test_same_content_has_the_same_digest() -> None:
    said_out = checklist(part(plain(severity="major", required=True)))

    assert said_out.digest == checklist().digest


@pytest.mark.parametrize("kind", ["text", "scan", "person"])
def test_kind_of_an_item_is_part_of_the_digest(kind: str) -> None:
    others = {"text", "scan", "person"} - {kind}

    digests = {checklist(part(plain(kind=other))).digest for other in others}

    assert checklist(part(plain(kind=kind))).digest not in digests


@pytest.mark.parametrize(
    "change", [{"prompt": "Other?"}, {"severity": "minor"}, {"clauses": ["ut-gloves"]}]
)
def test_changed_item_changes_the_digest(change: dict[str, object]) -> None:
    assert checklist(part(plain(**change))).digest != checklist().digest

"""What was not met, worst first, and by when it must be put right."""

from datetime import date

import pytest

from audit.domain.findings import raise_findings
from audit.domain.packs import Deadlines
from audit.domain.responses import Response
from audit.domain.scoring import score
from tests.domain.samples import ask, checklist, no, part, plain, yes

TODAY = date(2026, 11, 23)
MADE = checklist(
    part(
        plain("small", severity="minor"),
        plain("grave", severity="critical"),
        plain("second_small", severity="minor"),
        plain("middle", severity="major"),
    )
)


def raised(given: dict[str, Response], deadlines: Deadlines | None = None) -> list[tuple[str, ...]]:
    result = score(ask(MADE, given), given, on=TODAY)
    found = raise_findings(result, deadlines or Deadlines(), on=TODAY)
    return [(one.line.asked.item.code, one.severity.value, str(one.due_on)) for one in found]


def test_findings_come_worst_first_and_otherwise_as_asked() -> None:
    given = {code: no() for code in ("small", "grave", "second_small", "middle")}

    assert raised(given) == [
        ("grave", "critical", "2026-11-25"),
        ("middle", "major", "2026-12-07"),
        ("small", "minor", "2026-12-23"),
        ("second_small", "minor", "2026-12-23"),
    ]


def test_what_was_corrected_comes_last_and_is_due_nothing() -> None:
    given = {"grave": no(corrected=True), "small": no(), "middle": yes()}

    assert raised(given) == [("small", "minor", "2026-12-23"), ("grave", "critical", "None")]


def test_place_sets_its_own_days() -> None:
    days = Deadlines(critical=0, major=2, minor=365)

    found = raised({"grave": no(), "middle": no(), "small": no()}, days)

    assert [due for *_, due in found] == ["2026-11-23", "2026-11-25", "2027-11-23"]


@pytest.mark.parametrize("given", [{}, {"grave": yes(), "middle": yes()}])
def test_nothing_found_raises_nothing(given: dict[str, Response]) -> None:
    assert raised(given) == []

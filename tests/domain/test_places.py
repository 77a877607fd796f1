"""Where a business can be, and what time it is there."""

from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from audit.domain.facts import Jurisdiction
from audit.domain.places import (
    PLACES,
    find_place,
    known_zones,
    offered_zones,
    place_name,
    read_zone,
)
from audit.domain.sterilizers import SterilizerKind
from audit.errors import Invalid


def test_every_place_has_a_code_of_its_own_that_a_pack_could_carry() -> None:
    codes = [TypeAdapter(Jurisdiction).validate_python(place.code) for place in PLACES]

    assert len(set(codes)) == len(codes)


def test_every_place_keeps_a_zone_that_can_be_chosen() -> None:
    assert {place.zone for place in PLACES} <= set(known_zones())
    assert all(ZoneInfo(zone).key == zone for zone in known_zones())


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("US-UT", "Utah, United States"),
        ("CA-ON", "Ontario, Canada"),
        ("AU-NSW", "New South Wales, Australia"),
        ("IE", "Ireland"),
        ("INT", "Somewhere else"),
        ("XX", "XX"),
    ],
)
def test_place_is_named_with_its_country(code: str, name: str) -> None:
    assert place_name(code) == name


def test_place_that_is_not_listed_is_none() -> None:
    assert find_place("XX") is None


def test_zone_is_read_or_refused() -> None:
    assert read_zone("America/Toronto") == "America/Toronto"
    with pytest.raises(Invalid) as refused:
        read_zone("Mars/Olympus")
    assert refused.value.code == "zone_unknown"


def test_forms_offer_each_zone_once_under_its_name_of_today() -> None:
    offered = offered_zones()

    assert {place.zone for place in PLACES} <= set(offered)
    assert {"Asia/Kolkata", "Europe/Kyiv", "Australia/Sydney", "UTC"} <= set(offered)
    assert not {"Asia/Calcutta", "Europe/Kiev", "Australia/NSW", "Etc/GMT+5"} & set(offered)


def test_zone_under_an_earlier_name_is_still_read() -> None:
    assert read_zone("Asia/Calcutta") == "Asia/Calcutta"


def test_classes_of_small_steam_sterilizers_are_known() -> None:
    assert {SterilizerKind(kind) for kind in "NBS"} < set(SterilizerKind)

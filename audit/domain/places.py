"""Where a business can be: its jurisdiction code, and the time zone most of the place keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from audit.errors import Invalid

ELSEWHERE = "INT"
_REGIONS = (
    "Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip

# Earlier names of zones, which still tell the time but stand beside the name in use today.
_EARLIER = """
Africa/Asmera Africa/Timbuktu America/Argentina/ComodRivadavia America/Atka America/Buenos_Aires
America/Catamarca America/Coral_Harbour America/Cordoba America/Ensenada America/Fort_Wayne
America/Godthab America/Indianapolis America/Jujuy America/Knox_IN America/Louisville
America/Mendoza America/Montreal America/Nipigon America/Pangnirtung America/Porto_Acre
America/Rainy_River America/Rosario America/Santa_Isabel America/Shiprock America/Thunder_Bay
America/Virgin Antarctica/South_Pole Asia/Ashkhabad Asia/Calcutta Asia/Choibalsan Asia/Chongqing
Asia/Chungking Asia/Dacca Asia/Harbin Asia/Istanbul Asia/Kashgar Asia/Katmandu Asia/Macao
Asia/Rangoon Asia/Saigon Asia/Tel_Aviv Asia/Thimbu Asia/Ujung_Pandang Asia/Ulan_Bator
Atlantic/Faeroe Atlantic/Jan_Mayen Australia/ACT Australia/Canberra Australia/Currie
Australia/LHI Australia/NSW Australia/North Australia/Queensland Australia/South
Australia/Tasmania Australia/Victoria Australia/West Australia/Yancowinna Europe/Belfast
Europe/Kiev Europe/Nicosia Europe/Tiraspol Europe/Uzhgorod Europe/Zaporozhye Pacific/Enderbury
Pacific/Johnston Pacific/Ponape Pacific/Samoa Pacific/Truk Pacific/Yap
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A country, or a state or province of one."""

    code: str
    country: str
    name: str
    zone: str

    @property
    def full_name(self) -> str:
        """The name with its country, as it stands on its own."""
        return self.name if self.name == self.country else f"{self.name}, {self.country}"


# One line per country: code of the state, its name, its zone.
_UNITED_STATES = """
AL Alabama=America/Chicago AK Alaska=America/Anchorage AZ Arizona=America/Phoenix
AR Arkansas=America/Chicago CA California=America/Los_Angeles CO Colorado=America/Denver
CT Connecticut=America/New_York DE Delaware=America/New_York
DC District_of_Columbia=America/New_York FL Florida=America/New_York GA Georgia=America/New_York
HI Hawaii=Pacific/Honolulu ID Idaho=America/Boise IL Illinois=America/Chicago
IN Indiana=America/Indiana/Indianapolis IA Iowa=America/Chicago KS Kansas=America/Chicago
KY Kentucky=America/New_York LA Louisiana=America/Chicago ME Maine=America/New_York
MD Maryland=America/New_York MA Massachusetts=America/New_York MI Michigan=America/Detroit
MN Minnesota=America/Chicago MS Mississippi=America/Chicago MO Missouri=America/Chicago
MT Montana=America/Denver NE Nebraska=America/Chicago NV Nevada=America/Los_Angeles
NH New_Hampshire=America/New_York NJ New_Jersey=America/New_York NM New_Mexico=America/Denver
NY New_York=America/New_York NC North_Carolina=America/New_York ND North_Dakota=America/Chicago
OH Ohio=America/New_York OK Oklahoma=America/Chicago OR Oregon=America/Los_Angeles
PA Pennsylvania=America/New_York RI Rhode_Island=America/New_York
SC South_Carolina=America/New_York SD South_Dakota=America/Chicago TN Tennessee=America/Chicago
TX Texas=America/Chicago UT Utah=America/Denver VT Vermont=America/New_York
VA Virginia=America/New_York WA Washington=America/Los_Angeles WV West_Virginia=America/New_York
WI Wisconsin=America/Chicago WY Wyoming=America/Denver
"""
_CANADA = """
AB Alberta=America/Edmonton BC British_Columbia=America/Vancouver MB Manitoba=America/Winnipeg
NB New_Brunswick=America/Moncton NL Newfoundland_and_Labrador=America/St_Johns
NS Nova_Scotia=America/Halifax NT Northwest_Territories=America/Yellowknife
NU Nunavut=America/Iqaluit ON Ontario=America/Toronto PE Prince_Edward_Island=America/Halifax
QC Quebec=America/Toronto SK Saskatchewan=America/Regina YT Yukon=America/Whitehorse
"""
_AUSTRALIA = """
ACT Australian_Capital_Territory=Australia/Sydney NSW New_South_Wales=Australia/Sydney
NT Northern_Territory=Australia/Darwin QLD Queensland=Australia/Brisbane
SA South_Australia=Australia/Adelaide TAS Tasmania=Australia/Hobart
VIC Victoria=Australia/Melbourne WA Western_Australia=Australia/Perth
"""
_UNITED_KINGDOM = """
ENG England=Europe/London NIR Northern_Ireland=Europe/London SCT Scotland=Europe/London
WLS Wales=Europe/London
"""
_COUNTRIES = """
AT Austria=Europe/Vienna BE Belgium=Europe/Brussels BR Brazil=America/Sao_Paulo
DK Denmark=Europe/Copenhagen FI Finland=Europe/Helsinki FR France=Europe/Paris
DE Germany=Europe/Berlin HK Hong_Kong=Asia/Hong_Kong IN India=Asia/Kolkata IE Ireland=Europe/Dublin
IT Italy=Europe/Rome JP Japan=Asia/Tokyo MX Mexico=America/Mexico_City
NL Netherlands=Europe/Amsterdam NZ New_Zealand=Pacific/Auckland NO Norway=Europe/Oslo
PL Poland=Europe/Warsaw PT Portugal=Europe/Lisbon SG Singapore=Asia/Singapore
ZA South_Africa=Africa/Johannesburg KR South_Korea=Asia/Seoul ES Spain=Europe/Madrid
SE Sweden=Europe/Stockholm CH Switzerland=Europe/Zurich TW Taiwan=Asia/Taipei
AE United_Arab_Emirates=Asia/Dubai
"""


def _states(country: str, prefix: str, table: str) -> tuple[Place, ...]:
    words = table.split()
    rows = ((code, *rest.split("=")) for code, rest in zip(words[::2], words[1::2], strict=True))
    return tuple(
        Place(code=f"{prefix}{code}", country=country or label, name=label, zone=zone)
        for code, name, zone in rows
        for label in (name.replace("_", " "),)
    )


PLACES: tuple[Place, ...] = (
    *_states("Australia", "AU-", _AUSTRALIA),
    *_states("Canada", "CA-", _CANADA),
    *_states("United Kingdom", "GB-", _UNITED_KINGDOM),
    *_states("United States", "US-", _UNITED_STATES),
    *_states("", "", _COUNTRIES),
    Place(code=ELSEWHERE, country="Somewhere else", name="Somewhere else", zone="UTC"),
)
_BY_CODE: Mapping[str, Place] = {place.code: place for place in PLACES}


def find_place(code: str) -> Place | None:
    """Return the place with this jurisdiction code, or None."""
    return _BY_CODE.get(code)


def place_name(code: str) -> str:
    """Return how a place is called; a code that is not listed stands for itself."""
    place = find_place(code)
    return place.full_name if place else code


@cache
def known_zones() -> tuple[str, ...]:
    """Return the names of all time zones that belong to a place, and UTC."""
    named = sorted(zone for zone in available_timezones() if zone.startswith(_REGIONS))
    return ("UTC", *named)


@cache
def offered_zones() -> tuple[str, ...]:
    """Return the zones a form offers: one name for each, as it is called today."""
    earlier = frozenset(_EARLIER.split())
    return tuple(zone for zone in known_zones() if zone not in earlier)


def read_zone(name: str) -> str:
    """Return a zone name that exists, or raise Invalid."""
    if name not in known_zones():
        raise Invalid("Choose a time zone from the list.", code="zone_unknown")
    return name

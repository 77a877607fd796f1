"""What the samples say: a plausible spa, made up, with its rules, people and readings."""

import math

from reports.snapshot import Clause, Credential, Practitioner, Rate

CLAUSES = (
    Clause(
        fact="on-reprocess-semi-critical",
        law=True,
        publisher="Ontario",
        title="Personal Service Settings regulation",
        clause="O. Reg. 136/18, s. 12 (1)",
        year="2018",
        url="https://www.ontario.ca/laws/regulation/180136",
        checked="2026-01-20",
    ),
    Clause(
        fact="cdc-hand-hygiene",
        law=False,
        publisher="CDC",
        title="Guideline for Hand Hygiene in Health-Care Settings",
        clause="Part II, recommendation 1",
        year="2002",
        url="https://www.cdc.gov/infection-control/hcp/hand-hygiene/",
        checked="2026-01-21",
    ),
    Clause(
        fact="ut-extraction-gloves",
        law=True,
        publisher="Utah",
        title="Cosmetology and Associated Professions Licensing Act Rule",
        clause="R156-11a-706 (4)",
        year="2024",
        checked="2026-02-02",
    ),
    Clause(
        fact="dir-aftercare-48h",
        law=False,
        publisher="Spa guidance",
        title="Care of the skin after extraction",
        clause="p. 3",
    ),
)

TOPICS = (
    (
        "Practitioner credentials",
        (
            "Does each practitioner who extracts hold a credential valid today?",
            "Is the credential displayed where clients can read it?",
            "Has each practitioner completed blood-borne pathogen training in the last 365 days?",
        ),
    ),
    (
        "Hand hygiene",
        (
            "Is there a sink for hands only, with warm water, soap and paper towels?",
            "Are hands cleaned before gloves go on and after they come off?",
            "Is hand rub with at least 60 % alcohol within reach of every station?",
        ),
    ),
    (
        "Glove use",
        (
            "Are new single-use gloves worn for every extraction?",
            "Are gloves changed when torn, soiled, or between two clients?",
            "Are gloves of the right size in stock for everyone who works today?",
        ),
    ),
    (
        "Skin preparation",
        (
            "Is the skin looked at first, and inflamed or broken skin left alone?",
            "Is the area cleaned with an antiseptic and left to dry before the skin is opened?",
            "Is preparation product taken out without touching the container's opening?",
        ),
    ),
    (
        "Extraction and aftercare",
        (
            "Are pores chosen and pressed by someone trained to do so, never forced?",
            "Are used lancets dropped into a sharps container at the station?",
            "Does the client get written aftercare, and does someone follow up on breakouts?",
        ),
    ),
    (
        "Instrument sterilisation",
        (
            "Are instruments cleaned of all visible matter before they are sterilised?",
            "Does the steriliser reach its temperature for the full holding time?",
            "Was a spore test passed within the last month for this steriliser?",
        ),
    ),
    (
        "Single-use items and sharps",
        (
            "Are single-use items thrown away after one client?",
            "Is the sharps container upright, closed when moved, and under three quarters full?",
            "Are sharps collected by a licensed carrier, with receipts kept?",
        ),
    ),
    (
        "Surfaces and linens",
        (
            "Is the treatment bed wiped with a registered disinfectant between clients?",
            "Is the disinfectant's contact time kept by the clock?",
            "Is clean linen stored closed and away from used linen?",
        ),
    ),
)

ORDERS = {
    "critical": "Take the steriliser out of use now. Use sterile single-use instruments until a new"
    " spore test has passed, and recall packs back to the last passed test.",
    "major": "Put paper towels and liquid soap at the hand sink, and check them every morning.",
    "minor": "Print the credential afresh and hang it where a seated client can read it.",
}
DUE = {"critical": "2026-03-16", "major": "2026-03-28", "minor": "2026-04-13"}


STROKES = (
    tuple(
        value
        for at in range(60)
        for value in (40 + at * 14, 150 + round(90 * math.sin(at / 3.1) * math.cos(at / 9)))
    ),
    (520, 300, 640, 260, 760, 280, 900, 230),
)

RATES = (
    Rate(
        number="2.9",
        label="Hands cleaned before gloves go on",
        done=9,
        opportunities=10,
        percent="90.0",
        low="59.6",
        high="98.2",
    ),
    Rate(
        number="3.9",
        label="Gloves changed between clients",
        done=54,
        opportunities=60,
        percent="90.0",
        low="79.9",
        high="95.3",
    ),
    Rate(
        number="8.9",
        label="Bed wiped between clients",
        done=0,
        opportunities=0,
        percent=None,
        low=None,
        high=None,
    ),
)

PRACTITIONERS = (
    Practitioner(
        name="Zoë Nguyễn",
        credentials=(
            Credential(
                kind="Esthetician licence",
                number="E-20418",
                issuer="Ontario",
                expires_on="2027-06-30",
                standing="valid",
            ),
            Credential(
                kind="Blood-borne pathogen training",
                number="",
                issuer="Red Cross",
                expires_on="2026-03-30",
                standing="expires_soon",
            ),
        ),
    ),
    Practitioner(
        name="Piotr Żółkiewski",
        credentials=(
            Credential(
                kind="Extraction course",
                number="X-77",
                issuer="College of Esthetics",
                expires_on=None,
                standing="no_expiry",
            ),
        ),
    ),
    Practitioner(name="Ana Lima"),
)

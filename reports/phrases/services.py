"""What a site offers."""

from collections.abc import Mapping

from reports.phrases.phrase import Phrase

SERVICES: Mapping[str, Phrase] = {
    "facials": Phrase(
        en="Facials",
        fr="Soins du visage",
        es="Tratamientos faciales",
        vi="Chăm sóc da mặt",
        zh="面部护理",
    ),
    "extraction": Phrase(
        en="Extraction", fr="Extraction", es="Extracción", vi="Nặn mụn", zh="粉刺清除"
    ),
    "lancet": Phrase(en="Lancet", fr="Lancette", es="Lanceta", vi="Kim chích", zh="采血针"),
    "chemical_peels": Phrase(
        en="Chemical peels",
        fr="Peelings chimiques",
        es="Exfoliación química",
        vi="Lột da hóa học",
        zh="化学换肤",
    ),
    "microdermabrasion": Phrase(
        en="Microdermabrasion",
        fr="Microdermabrasion",
        es="Microdermoabrasión",
        vi="Siêu mài mòn da",
        zh="微晶磨皮",
    ),
    "microneedling": Phrase(
        en="Microneedling",
        fr="Micro-aiguilletage",
        es="Microagujas",
        vi="Lăn kim",
        zh="微针",
    ),
    "electrolysis": Phrase(
        en="Electrolysis",
        fr="Électrolyse",
        es="Electrólisis",
        vi="Triệt lông bằng điện",
        zh="电解脱毛",
    ),
    "waxing": Phrase(
        en="Waxing",
        fr="Épilation à la cire",
        es="Depilación con cera",
        vi="Tẩy lông bằng sáp",
        zh="蜜蜡脱毛",
    ),
    "lashes_and_brows": Phrase(
        en="Lashes and brows",
        fr="Cils et sourcils",
        es="Pestañas y cejas",
        vi="Mi và lông mày",
        zh="睫毛与眉毛",
    ),
    "permanent_makeup": Phrase(
        en="Permanent makeup",
        fr="Maquillage permanent",
        es="Maquillaje permanente",
        vi="Phun xăm thẩm mỹ",
        zh="半永久化妆",
    ),
    "piercing": Phrase(en="Piercing", fr="Perçage", es="Perforación", vi="Xỏ khuyên", zh="穿孔"),
    "injections": Phrase(en="Injections", fr="Injections", es="Inyecciones", vi="Tiêm", zh="注射"),
    "massage": Phrase(en="Massage", fr="Massage", es="Masaje", vi="Mát-xa", zh="按摩"),
    "nails": Phrase(en="Nails", fr="Ongles", es="Uñas", vi="Móng", zh="美甲"),
}
# The languages a checklist may be written in, as they are named; others by their code.
TONGUES: Mapping[str, Phrase] = {
    "en": Phrase(en="English", fr="anglais", es="inglés", vi="tiếng Anh", zh="英文"),
    "fr": Phrase(en="French", fr="français", es="francés", vi="tiếng Pháp", zh="法文"),
    "es": Phrase(en="Spanish", fr="espagnol", es="español", vi="tiếng Tây Ban Nha", zh="西班牙文"),
    "vi": Phrase(en="Vietnamese", fr="vietnamien", es="vietnamita", vi="tiếng Việt", zh="越南文"),
    "zh": Phrase(en="Chinese", fr="chinois", es="chino", vi="tiếng Trung", zh="中文"),
    "de": Phrase(en="German", fr="allemand", es="alemán", vi="tiếng Đức", zh="德文"),
    "pt": Phrase(
        en="Portuguese", fr="portugais", es="portugués", vi="tiếng Bồ Đào Nha", zh="葡萄牙文"
    ),
    "it": Phrase(en="Italian", fr="italien", es="italiano", vi="tiếng Ý", zh="意大利文"),
    "pl": Phrase(en="Polish", fr="polonais", es="polaco", vi="tiếng Ba Lan", zh="波兰文"),
}

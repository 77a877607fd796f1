"""How standings, severities, outcomes and kinds of visit read, and days and amounts."""

from collections.abc import Mapping

from reports.phrases.phrase import Counted, Phrase
from reports.snapshot import Severity

PASS = Phrase(en="Pass", fr="Réussite", es="Aprobado", vi="Đạt", zh="合格")
PASS_WITH_CONDITIONS = Phrase(
    en="Pass with conditions",
    fr="Réussite sous conditions",
    es="Aprobado con condiciones",
    vi="Đạt có điều kiện",
    zh="有条件合格",
)
FAIL = Phrase(en="Fail", fr="Échec", es="No aprobado", vi="Không đạt", zh="不合格")
CLOSED = Phrase(en="Closed", fr="Fermeture", es="Clausurado", vi="Đóng cửa", zh="停业")
CRITICAL = Phrase(en="Critical", fr="Critique", es="Crítico", vi="Nghiêm trọng", zh="严重")
MAJOR = Phrase(en="Major", fr="Majeur", es="Mayor", vi="Nặng", zh="主要")
MINOR = Phrase(en="Minor", fr="Mineur", es="Menor", vi="Nhẹ", zh="一般")
MET = Phrase(en="Met", fr="Conforme", es="Cumple", vi="Đạt", zh="符合")
NOT_MET = Phrase(en="Not met", fr="Non conforme", es="No cumple", vi="Không đạt", zh="不符合")
CORRECTED = Phrase(en="Corrected", fr="Corrigé", es="Corregido", vi="Đã khắc phục", zh="已纠正")
PARTLY_MET = Phrase(
    en="Partly met", fr="Conforme en partie", es="Cumple en parte", vi="Đạt một phần", zh="部分符合"
)
NOT_APPLICABLE = Phrase(
    en="Not applicable", fr="Sans objet", es="No aplica", vi="Không áp dụng", zh="不适用"
)
NOT_OBSERVED = Phrase(
    en="Not observed", fr="Non observé", es="No observado", vi="Không quan sát được", zh="未观察到"
)
NOTED = Phrase(en="Noted", fr="Noté", es="Anotado", vi="Ghi nhận", zh="已记录")
VALID = Phrase(en="Valid", fr="Valide", es="Vigente", vi="Còn hiệu lực", zh="有效")
EXPIRES_SOON = Phrase(
    en="Expires soon", fr="Expire bientôt", es="Vence pronto", vi="Sắp hết hạn", zh="即将到期"
)
EXPIRED = Phrase(en="Expired", fr="Expiré", es="Vencido", vi="Đã hết hạn", zh="已过期")
NO_EXPIRY = Phrase(
    en="Does not expire",
    fr="Sans échéance",
    es="Sin vencimiento",
    vi="Không thời hạn",
    zh="长期有效",
)
SELF_AUDIT = Phrase(
    en="Self-audit", fr="Autocontrôle", es="Autocontrol", vi="Tự kiểm tra", zh="自查"
)
INSPECTION = Phrase(en="Inspection", fr="Inspection", es="Inspección", vi="Kiểm tra", zh="检查")
OBSERVED = Phrase(en="observed", fr="observé", es="observado", vi="quan sát", zh="现场观察")
RECORD = Phrase(en="record", fr="document", es="documento", vi="hồ sơ", zh="查阅记录")
INTERVIEW = Phrase(en="interview", fr="entretien", es="entrevista", vi="phỏng vấn", zh="询问")
MEASURED = Phrase(en="measured", fr="mesuré", es="medido", vi="đo", zh="测量")
CRITICAL_ITEM = Phrase(
    en="critical item", fr="point critique", es="punto crítico", vi="mục nghiêm trọng", zh="严重项"
)
MAJOR_ITEM = Phrase(
    en="major item", fr="point majeur", es="punto mayor", vi="mục nặng", zh="主要项"
)
MINOR_ITEM = Phrase(en="minor item", fr="point mineur", es="punto menor", vi="mục nhẹ", zh="一般项")
CRITICAL_COUNT = Counted(
    Phrase(
        en="{number} critical",
        fr="{number} critique",
        es="{number} crítico",
        vi="{number} nghiêm trọng",
        zh="严重 {number} 项",
    ),
    Phrase(
        en="{number} critical",
        fr="{number} critiques",
        es="{number} críticos",
        vi="{number} nghiêm trọng",
        zh="严重 {number} 项",
    ),
)
MAJOR_COUNT = Counted(
    Phrase(
        en="{number} major",
        fr="{number} majeur",
        es="{number} mayor",
        vi="{number} nặng",
        zh="主要 {number} 项",
    ),
    Phrase(
        en="{number} major",
        fr="{number} majeurs",
        es="{number} mayores",
        vi="{number} nặng",
        zh="主要 {number} 项",
    ),
)
MINOR_COUNT = Counted(
    Phrase(
        en="{number} minor",
        fr="{number} mineur",
        es="{number} menor",
        vi="{number} nhẹ",
        zh="一般 {number} 项",
    ),
    Phrase(
        en="{number} minor",
        fr="{number} mineurs",
        es="{number} menores",
        vi="{number} nhẹ",
        zh="一般 {number} 项",
    ),
)
DEMO = Phrase(
    en="Demonstration: made-up data",
    fr="Démonstration : données inventées",
    es="Demostración: datos inventados",
    vi="Bản minh họa: dữ liệu giả định",
    zh="演示：虚构数据",
)
MONTHS = Phrase(
    en=("January February March April May June July August September October November December"),
    fr=("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    es=("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
    vi="1 2 3 4 5 6 7 8 9 10 11 12",
    zh="1 2 3 4 5 6 7 8 9 10 11 12",
)
DAY = Phrase(
    en="{day} {month} {year}",
    fr="{day} {month} {year}",
    es="{day} de {month} de {year}",
    vi="{day} tháng {month} năm {year}",
    zh="{year}年{month}月{day}日",
)
FIRST_DAY = Phrase(
    en="{day} {month} {year}",
    fr="{day}er {month} {year}",
    es="{day} de {month} de {year}",
    vi="{day} tháng {month} năm {year}",
    zh="{year}年{month}月{day}日",
)
CLOCK = Phrase(
    en="{hour}:{minute}",
    fr="{hour} h {minute}",
    es="{hour}:{minute}",
    vi="{hour}:{minute}",
    zh="{hour}:{minute}",
)
AT = Phrase(
    en="{day}, {clock}",
    fr="{day} à {clock}",
    es="{day}, {clock}",
    vi="{clock} ngày {day}",
    zh="{day} {clock}",
)
IN_ZONE = Phrase(
    en="{time} ({offset})",
    fr="{time} ({offset})",
    es="{time} ({offset})",
    vi="{time} ({offset})",
    zh="{time}（{offset}）",
)
PLACED = Phrase(
    en="{time} ({offset}, {zone})",
    fr="{time} ({offset}, {zone})",
    es="{time} ({offset}, {zone})",
    vi="{time} ({offset}, {zone})",
    zh="{time}（{offset}，{zone}）",
)
WITHIN_DAY = Phrase(
    en="{day}, {first}–{second}",
    fr="{day}, {first} – {second}",
    es="{day}, {first}–{second}",
    vi="{first}–{second} ngày {day}",
    zh="{day} {first}–{second}",
)
PERCENT = Phrase(en="{amount} %", fr="{amount} %", es="{amount} %", vi="{amount}%", zh="{amount}%")
ASIDE = Phrase(
    en="{text} ({aside})",
    fr="{text} ({aside})",
    es="{text} ({aside})",
    vi="{text} ({aside})",
    zh="{text}（{aside}）",
)
BETWEEN = Phrase(en=", ", fr=", ", es=", ", vi=", ", zh="，")
POINT = Phrase(en=".", fr=",", es=",", vi=",", zh=".")
RULES = Counted(
    Phrase(
        en="Rule {numbers}",
        fr="Règle {numbers}",
        es="Norma {numbers}",
        vi="Quy định {numbers}",
        zh="规定 {numbers}",
    ),
    Phrase(
        en="Rules {numbers}",
        fr="Règles {numbers}",
        es="Normas {numbers}",
        vi="Quy định {numbers}",
        zh="规定 {numbers}",
    ),
)
PHOTOS = Counted(
    Phrase(
        en="Photo {numbers}",
        fr="Photo {numbers}",
        es="Foto {numbers}",
        vi="Ảnh {numbers}",
        zh="照片 {numbers}",
    ),
    Phrase(
        en="Photos {numbers}",
        fr="Photos {numbers}",
        es="Fotos {numbers}",
        vi="Ảnh {numbers}",
        zh="照片 {numbers}",
    ),
)
OUTCOMES: Mapping[str, Phrase] = {
    "pass": PASS,
    "pass_with_conditions": PASS_WITH_CONDITIONS,
    "fail": FAIL,
    "closed": CLOSED,
}
SEVERITIES: Mapping[Severity, Phrase] = {"critical": CRITICAL, "major": MAJOR, "minor": MINOR}
TALLIES: Mapping[Severity, Counted] = {
    "critical": CRITICAL_COUNT,
    "major": MAJOR_COUNT,
    "minor": MINOR_COUNT,
}
WEIGHTS: Mapping[Severity, Phrase] = {
    "critical": CRITICAL_ITEM,
    "major": MAJOR_ITEM,
    "minor": MINOR_ITEM,
}
STANDINGS: Mapping[str, Phrase] = {
    "met": MET,
    "not_met": NOT_MET,
    "corrected": CORRECTED,
    "partly_met": PARTLY_MET,
    "not_applicable": NOT_APPLICABLE,
    "not_observed": NOT_OBSERVED,
    "unscored": NOTED,
}
CREDENTIAL_STANDINGS: Mapping[str, Phrase] = {
    "valid": VALID,
    "expires_soon": EXPIRES_SOON,
    "expired": EXPIRED,
    "no_expiry": NO_EXPIRY,
}
KINDS: Mapping[str, Phrase] = {"self_audit": SELF_AUDIT, "inspection": INSPECTION}
# Other ways of looking are printed as they were written.
METHODS: Mapping[str, Phrase] = {
    "observed": OBSERVED,
    "record": RECORD,
    "interview": INTERVIEW,
    "measured": MEASURED,
}

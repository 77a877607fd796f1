"""What the chapters on practitioners, cycles and rates say."""

from reports.phrases.phrase import Phrase

PRACTITIONERS = Phrase(
    en="Practitioners", fr="Praticiens", es="Profesionales", vi="Người hành nghề", zh="从业人员"
)
PRACTITIONER = Phrase(
    en="Practitioner", fr="Praticien", es="Profesional", vi="Người hành nghề", zh="从业人员"
)
CREDENTIAL = Phrase(
    en="Credential", fr="Qualification", es="Acreditación", vi="Chứng chỉ", zh="资质"
)
NUMBER_ISSUER = Phrase(
    en="Number, issuer",
    fr="Numéro, émetteur",
    es="Número, emisor",
    vi="Số, nơi cấp",
    zh="编号、颁发机构",
)
EXPIRES = Phrase(en="Expires", fr="Échéance", es="Vence", vi="Hết hạn", zh="有效期至")
THAT_DAY = Phrase(en="That day", fr="Ce jour-là", es="Ese día", vi="Ngày kiểm tra", zh="检查当日")
NO_CREDENTIAL = Phrase(
    en="No credential on record",
    fr="Aucune qualification enregistrée",
    es="Sin acreditación registrada",
    vi="Không có chứng chỉ nào được ghi nhận",
    zh="无资质记录",
)
CYCLES = Phrase(
    en="Sterilizer cycles",
    fr="Cycles de stérilisation",
    es="Ciclos de esterilización",
    vi="Chu trình tiệt khuẩn",
    zh="灭菌周期",
)
CYCLE = Phrase(en="Cycle", fr="Cycle", es="Ciclo", vi="Chu trình", zh="周期")
STARTED = Phrase(en="Started", fr="Début", es="Inicio", vi="Bắt đầu", zh="开始时间")
REACHED = Phrase(en="Reached", fr="Atteint", es="Alcanzado", vi="Đạt được", zh="达到")
HELD_AGAINST = Phrase(en="Held against", fr="Exigence", es="Exigencia", vi="Yêu cầu", zh="要求")
EXPOSURE = Phrase(
    en="{celsius} °C for {minutes} min",
    fr="{celsius} °C pendant {minutes} min",
    es="{celsius} °C durante {minutes} min",
    vi="{celsius} °C trong {minutes} phút",
    zh="{celsius} °C，{minutes} 分钟",
)
ENOUGH = Phrase(
    en="Reached what it must",
    fr="Exigence atteinte",
    es="Exigencia alcanzada",
    vi="Đạt yêu cầu",
    zh="达到要求",
)
FELL_SHORT = Phrase(
    en="Fell short",
    fr="Exigence non atteinte",
    es="Exigencia no alcanzada",
    vi="Không đạt yêu cầu",
    zh="未达到要求",
)
NO_CURVE = Phrase(
    en="No curve was recorded.",
    fr="Aucune courbe n’a été enregistrée.",
    es="No se registró ninguna curva.",
    vi="Không có biểu đồ được ghi lại.",
    zh="未记录曲线。",
)
LEGEND_BOTH = Phrase(
    en="Line: temperature. Dashes: pressure.",
    fr="Trait plein : température. Tirets : pression.",
    es="Línea: temperatura. Guiones: presión.",
    vi="Nét liền: nhiệt độ. Nét đứt: áp suất.",
    zh="实线：温度。虚线：压力。",
)
LEGEND_HEAT = Phrase(
    en="Line: temperature.",
    fr="Trait plein : température.",
    es="Línea: temperatura.",
    vi="Nét liền: nhiệt độ.",
    zh="实线：温度。",
)
CURVE = Phrase(
    en="Curve of the cycle, which reached {exposure}",
    fr="Courbe du cycle, qui a atteint {exposure}",
    es="Curva del ciclo, que alcanzó {exposure}",
    vi="Biểu đồ của chu trình, đạt {exposure}",
    zh="周期曲线，达到 {exposure}",
)
OBSERVED = Phrase(
    en="Observed", fr="Observé", es="Observado", vi="Nội dung quan sát", zh="观察内容"
)
DONE = Phrase(en="Done", fr="Fait", es="Hecho", vi="Đã làm", zh="已执行")
PERCENT = Phrase(en="Percent", fr="Pour cent", es="Porcentaje", vi="Phần trăm", zh="百分比")
INTERVAL = Phrase(
    en="95 % interval", fr="Intervalle 95 %", es="Intervalo 95 %", vi="Khoảng 95%", zh="95% 区间"
)
FEW_SAY_LITTLE = Phrase(
    en=(
        "Few observations say little: the interval (Wilson, 95 %) shows from where to "
        "where the true rate may lie."
    ),
    fr=(
        "Peu d’observations renseignent peu : l’intervalle (Wilson, 95 %) indique entre "
        "quelles valeurs peut se situer le taux réel."
    ),
    es=(
        "Pocas observaciones dicen poco: el intervalo (Wilson, 95 %) muestra entre qué "
        "valores puede estar la tasa real."
    ),
    vi=(
        "Ít quan sát thì ít thông tin: khoảng tin cậy (Wilson, 95%) cho biết tỷ lệ thực có "
        "thể nằm từ đâu đến đâu."
    ),
    zh="观察次数少则说明力有限：置信区间（Wilson，95%）表示真实比率可能所在的范围。",
)
RATES = Phrase(
    en="Rates observed",
    fr="Taux observés",
    es="Tasas observadas",
    vi="Tỷ lệ quan sát được",
    zh="观察到的比率",
)
DONE_OF = Phrase(
    en="{done} of {opportunities}",
    fr="{done} sur {opportunities}",
    es="{done} de {opportunities}",
    vi="{done} / {opportunities}",
    zh="{done} / {opportunities}",
)
NOT_SEEN = Phrase(
    en="What was not seen",
    fr="Ce qui n’a pas été vu",
    es="Qué no se vio",
    vi="Những gì không quan sát được",
    zh="未查看的内容",
)

"""What a record says of responses, limits and reasons, in words that no person typed."""

from collections.abc import Mapping

from reports.phrases.phrase import Counted, Phrase

YES = Phrase(en="Yes", fr="Oui", es="Sí", vi="Có", zh="是")
NO = Phrase(en="No", fr="Non", es="No", vi="Không", zh="否")
DONE_OF = Phrase(
    en="{done} of {whole} done",
    fr="{done} effectués sur {whole}",
    es="{done} de {whole} hechos",
    vi="đã làm {done} trên {whole}",
    zh="{whole} 次中执行 {done} 次",
)
NUMBERED_CYCLE = Phrase(
    en="Cycle {number}: {exposure}",
    fr="Cycle {number} : {exposure}",
    es="Ciclo {number}: {exposure}",
    vi="Chu trình {number}: {exposure}",
    zh="周期 {number}：{exposure}",
)
GOOD_UNTIL = Phrase(
    en="{paper}, good until {day}",
    fr="{paper}, valable jusqu’au {day}",
    es="{paper}, válido hasta el {day}",
    vi="{paper}, có giá trị đến {day}",
    zh="{paper}，有效期至{day}",
)
PHOTOS = Counted(
    Phrase(
        en="{number} photo",
        fr="{number} photo",
        es="{number} foto",
        vi="{number} ảnh",
        zh="{number} 张照片",
    ),
    Phrase(
        en="{number} photos",
        fr="{number} photos",
        es="{number} fotos",
        vi="{number} ảnh",
        zh="{number} 张照片",
    ),
)
NO_PHOTOS = Phrase(en="none", fr="aucune", es="ninguna", vi="không có", zh="无")
TAKEN_AWAY = Phrase(
    en="{number} taken away",
    fr="{number} en moins",
    es="{number} menos",
    vi="bớt {number}",
    zh="减少 {number} 张",
)
ADDED = Phrase(
    en="{number} added",
    fr="{number} en plus",
    es="{number} más",
    vi="thêm {number}",
    zh="增加 {number} 张",
)
AND = Phrase(en=" and ", fr=" et ", es=" y ", vi=" và ", zh="且")
LIMITS: Mapping[str, Phrase] = {
    "<": Phrase(
        en="below {value}",
        fr="inférieur à {value}",
        es="menos de {value}",
        vi="dưới {value}",
        zh="低于 {value}",
    ),
    "<=": Phrase(
        en="at most {value}",
        fr="au plus {value}",
        es="como máximo {value}",
        vi="tối đa {value}",
        zh="不高于 {value}",
    ),
    "=": Phrase(
        en="exactly {value}",
        fr="exactement {value}",
        es="exactamente {value}",
        vi="đúng {value}",
        zh="恰为 {value}",
    ),
    ">=": Phrase(
        en="at least {value}",
        fr="au moins {value}",
        es="al menos {value}",
        vi="ít nhất {value}",
        zh="不低于 {value}",
    ),
    ">": Phrase(
        en="above {value}",
        fr="supérieur à {value}",
        es="más de {value}",
        vi="trên {value}",
        zh="高于 {value}",
    ),
}
WITHIN_DAYS = Phrase(
    en="within {days} days",
    fr="datant de {days} jours au plus",
    es="de hace {days} días como máximo",
    vi="trong vòng {days} ngày",
    zh="{days} 天之内",
)
SHARE_DONE = Phrase(
    en="at least {target} % done",
    fr="au moins {target} % effectués",
    es="al menos {target} % hechos",
    vi="làm ít nhất {target}%",
    zh="至少执行 {target}%",
)
NOT_EXPIRED = Phrase(en="not expired", fr="non expiré", es="vigente", vi="còn hạn", zh="未过期")
CRITICAL_LEFT = Counted(
    Phrase(
        en="{number} critical finding not corrected during the visit.",
        fr="{number} constat critique non corrigé pendant la visite.",
        es="{number} hallazgo crítico no corregido durante la visita.",
        vi="{number} điểm nghiêm trọng chưa được khắc phục trong lúc kiểm tra.",
        zh="有 {number} 项严重问题在检查期间未纠正。",
    ),
    Phrase(
        en="{number} critical findings not corrected during the visit.",
        fr="{number} constats critiques non corrigés pendant la visite.",
        es="{number} hallazgos críticos no corregidos durante la visita.",
        vi="{number} điểm nghiêm trọng chưa được khắc phục trong lúc kiểm tra.",
        zh="有 {number} 项严重问题在检查期间未纠正。",
    ),
)
FINDINGS_LEFT = Counted(
    Phrase(
        en="No critical finding; {number} finding is left.",
        fr="Aucun constat critique ; il reste {number} constat.",
        es="Ningún hallazgo crítico; queda {number} hallazgo.",
        vi="Không có điểm nghiêm trọng; còn {number} điểm chưa đạt.",
        zh="没有严重问题；尚有 {number} 项问题。",
    ),
    Phrase(
        en="No critical finding; {number} findings are left.",
        fr="Aucun constat critique ; il reste {number} constats.",
        es="Ningún hallazgo crítico; quedan {number} hallazgos.",
        vi="Không có điểm nghiêm trọng; còn {number} điểm chưa đạt.",
        zh="没有严重问题；尚有 {number} 项问题。",
    ),
)
CRITICAL_CORRECTED = Phrase(
    en="A critical finding was corrected during the visit; it still leaves conditions here.",
    fr="Un constat critique a été corrigé pendant la visite ; il entraîne ici des conditions.",
    es="Se corrigió un hallazgo crítico durante la visita; aquí aún deja condiciones.",
    vi="Một điểm nghiêm trọng đã được khắc phục trong lúc kiểm tra; ở đây vẫn kèm điều kiện.",
    zh="一项严重问题已在检查期间纠正；按当地规定仍附条件。",
)
ALL_CORRECTED = Phrase(
    en="Every finding was corrected during the visit.",
    fr="Tous les constats ont été corrigés pendant la visite.",
    es="Todos los hallazgos se corrigieron durante la visita.",
    vi="Mọi điểm chưa đạt đã được khắc phục trong lúc kiểm tra.",
    zh="所有问题均已在检查期间纠正。",
)
ALL_AS_IT_MUST = Phrase(
    en="Everything that was judged was as it must be.",
    fr="Tout ce qui a été évalué était conforme.",
    es="Todo lo evaluado estaba como debe.",
    vi="Mọi nội dung được đánh giá đều đạt yêu cầu.",
    zh="所有评定内容均符合要求。",
)
NOTHING_JUDGED = Phrase(
    en="Nothing was judged, so nothing was found.",
    fr="Rien n’a été évalué, donc rien n’a été constaté.",
    es="No se evaluó nada, así que no se halló nada.",
    vi="Không có nội dung nào được đánh giá nên không ghi nhận gì.",
    zh="未作任何评定，因此无发现。",
)
REASONS: Mapping[str, Phrase | Counted] = {
    "critical_left": CRITICAL_LEFT,
    "findings_left": FINDINGS_LEFT,
    "critical_corrected": CRITICAL_CORRECTED,
    "all_corrected": ALL_CORRECTED,
    "all_as_it_must": ALL_AS_IT_MUST,
    "nothing_judged": NOTHING_JUDGED,
}
UNSEEN: Mapping[str, Phrase] = {
    "practitioners": Phrase(
        en="No practitioners were looked at.",
        fr="Aucun praticien n’a été contrôlé.",
        es="No se revisó a ningún profesional.",
        vi="Không kiểm tra người hành nghề nào.",
        zh="未检查任何从业人员。",
    ),
    "rooms": Phrase(
        en="No rooms were looked at.",
        fr="Aucune salle n’a été contrôlée.",
        es="No se revisó ninguna sala.",
        vi="Không kiểm tra phòng nào.",
        zh="未检查任何房间。",
    ),
    "stations": Phrase(
        en="No stations were looked at.",
        fr="Aucun poste n’a été contrôlé.",
        es="No se revisó ningún puesto.",
        vi="Không kiểm tra vị trí làm việc nào.",
        zh="未检查任何工位。",
    ),
    "sterilizers": Phrase(
        en="No sterilizers were looked at.",
        fr="Aucun stérilisateur n’a été contrôlé.",
        es="No se revisó ningún esterilizador.",
        vi="Không kiểm tra máy tiệt khuẩn nào.",
        zh="未检查任何灭菌器。",
    ),
    "products": Phrase(
        en="No products were looked at.",
        fr="Aucun produit n’a été contrôlé.",
        es="No se revisó ningún producto.",
        vi="Không kiểm tra sản phẩm nào.",
        zh="未检查任何产品。",
    ),
    "loads": Phrase(
        en="No loads were looked at.",
        fr="Aucune charge n’a été contrôlée.",
        es="No se revisó ninguna carga.",
        vi="Không kiểm tra mẻ nào.",
        zh="未检查任何灭菌批次。",
    ),
}

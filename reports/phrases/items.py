"""What the chapters on items and scoring say."""

from reports.phrases.phrase import Phrase

EVERY_ITEM = Phrase(
    en="Every item", fr="Tous les points", es="Todos los puntos", vi="Tất cả các mục", zh="全部项目"
)
RESULT = Phrase(en="Result", fr="Résultat", es="Resultado", vi="Kết quả", zh="结果")
POINTS = Phrase(en="Points", fr="Note", es="Puntos", vi="Điểm", zh="得分")
WHOLE_SECTION = Phrase(
    en="Whole section: {rules}",
    fr="Toute la section : {rules}",
    es="Toda la sección: {rules}",
    vi="Cả phần: {rules}",
    zh="整个部分：{rules}",
)
LIMIT = Phrase(
    en="Limit: {limit}",
    fr="Limite : {limit}",
    es="Límite: {limit}",
    vi="Giới hạn: {limit}",
    zh="限值：{limit}",
)
SECTION = Phrase(en="Section", fr="Section", es="Sección", vi="Phần", zh="部分")
OF = Phrase(en="Of", fr="Sur", es="De", vi="Trên", zh="满分")
PERCENT = Phrase(en="Percent", fr="Pour cent", es="Porcentaje", vi="Phần trăm", zh="百分比")
ALL_SECTIONS = Phrase(
    en="All sections",
    fr="Toutes les sections",
    es="Todas las secciones",
    vi="Tất cả các phần",
    zh="全部",
)
HOW_SCORED = Phrase(
    en="How it was scored",
    fr="Comment la note a été établie",
    es="Cómo se puntuó",
    vi="Cách tính điểm",
    zh="评分说明",
)
NONE = Phrase(en="none", fr="aucun", es="ninguno", vi="không có", zh="无")
OUTCOME = Phrase(
    en="Outcome: {outcome}",
    fr="Résultat : {outcome}",
    es="Resultado: {outcome}",
    vi="Kết quả: {outcome}",
    zh="结论：{outcome}",
)
DECIDED = Phrase(
    en=(
        "The outcome is decided by the worst finding that was not corrected during the "
        "visit. Left open: {counts}. Corrected: {corrected}. The percentage stands beside "
        "the outcome and cannot change it."
    ),
    fr=(
        "Le résultat dépend du constat le plus grave qui n’a pas été corrigé pendant la "
        "visite. Restés ouverts : {counts}. Corrigés : {corrected}. Le pourcentage "
        "accompagne le résultat et ne peut pas le changer."
    ),
    es=(
        "El resultado lo decide el hallazgo más grave no corregido durante la visita. "
        "Pendientes: {counts}. Corregidos: {corrected}. El porcentaje acompaña al "
        "resultado y no puede cambiarlo."
    ),
    vi=(
        "Kết quả do điểm chưa đạt nặng nhất không được khắc phục trong lúc kiểm tra quyết "
        "định. Còn tồn tại: {counts}. Đã khắc phục: {corrected}. Tỷ lệ phần trăm chỉ đi "
        "kèm kết quả và không làm thay đổi kết quả."
    ),
    zh=(
        "结论取决于检查期间未纠正的最严重问题。未纠正：{counts}。已纠正：{corrected}。百分"
        "比仅供参考，不能改变结论。"
    ),
)
HAD_COUNTED = Phrase(
    en=(
        "Had every item left out as not applicable or not observed been met, the total "
        "would be {best}; had none been met, {worst}."
    ),
    fr=(
        "Si tous les points écartés comme sans objet ou non observés avaient été "
        "conformes, le total serait de {best} ; si aucun ne l’avait été, de {worst}."
    ),
    es=(
        "Si se hubieran cumplido todos los puntos excluidos por no aplicar o no "
        "observarse, el total sería {best}; si no se hubiera cumplido ninguno, {worst}."
    ),
    vi=(
        "Nếu mọi mục bị loại vì không áp dụng hoặc không quan sát được đều đạt, tổng sẽ là "
        "{best}; nếu không mục nào đạt, {worst}."
    ),
    zh=("若因不适用或未观察到而未计分的项目全部符合，总分为 {best}；若全部不符合，则为 {worst}。"),
)
LEFT_OUT = Phrase(
    en="Left out of the points",
    fr="Hors notation",
    es="Excluidos de la puntuación",
    vi="Không tính điểm",
    zh="未计分项目",
)

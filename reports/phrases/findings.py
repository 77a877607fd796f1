"""What findings, corrective actions and corrections say."""

from reports.phrases.phrase import Phrase

ALL_MET = Phrase(
    en="Every item that was asked and applied was met.",
    fr="Tous les points contrôlés et applicables étaient conformes.",
    es="Se cumplían todos los puntos revisados que eran aplicables.",
    vi="Mọi mục đã kiểm tra và có áp dụng đều đạt.",
    zh="所有已检查且适用的项目均符合要求。",
)
FOUND = Phrase(en="Found", fr="Constaté", es="Hallado", vi="Ghi nhận", zh="所见")
COMMENT = Phrase(en="Comment", fr="Remarque", es="Comentario", vi="Nhận xét", zh="备注")
REASON = Phrase(en="Reason", fr="Motif", es="Motivo", vi="Lý do", zh="原因")
TO_DO = Phrase(en="To do", fr="À faire", es="Qué hacer", vi="Cần làm", zh="整改要求")
PUT_RIGHT = Phrase(
    en="Put right during the visit; it stays on record.",
    fr="Corrigé pendant la visite ; le constat reste consigné.",
    es="Corregido durante la visita; queda registrado.",
    vi="Đã khắc phục trong lúc kiểm tra; vẫn được lưu hồ sơ.",
    zh="检查期间已纠正；记录仍予保留。",
)
LATEST = Phrase(en="At the latest", fr="Au plus tard", es="A más tardar", vi="Chậm nhất", zh="最迟")
NO_ORDER = Phrase(
    en="No order was given.",
    fr="Aucune consigne n’a été donnée.",
    es="No se dio ninguna instrucción.",
    vi="Không có yêu cầu nào được đưa ra.",
    zh="未提出整改要求。",
)
ACTIONS = Phrase(
    en="Corrective actions",
    fr="Actions correctives",
    es="Acciones correctivas",
    vi="Hành động khắc phục",
    zh="纠正措施",
)
ITEM = Phrase(en="Item", fr="Point", es="Punto", vi="Mục", zh="项目")
ACTION = Phrase(en="Action", fr="Action", es="Acción", vi="Hành động", zh="措施")
BY = Phrase(en="By", fr="Échéance", es="Plazo", vi="Hạn", zh="期限")
STATE = Phrase(en="State", fr="État", es="Estado", vi="Tình trạng", zh="状态")
DONE_ON = Phrase(
    en="Done on, by",
    fr="Fait le, par",
    es="Hecho el, por",
    vi="Ngày, người làm",
    zh="完成日期、人员",
)
AT_VISIT = Phrase(
    en="at the visit", fr="lors de la visite", es="en la visita", vi="khi kiểm tra", zh="检查当时"
)
OPEN = Phrase(en="Open", fr="Ouvert", es="Pendiente", vi="Chưa xong", zh="未完成")
CORRECTED = Phrase(
    en="What was corrected",
    fr="Ce qui a été rectifié",
    es="Qué se corrigió",
    vi="Nội dung đính chính",
    zh="更正内容",
)
RESPONSE = Phrase(en="Response", fr="Réponse", es="Respuesta", vi="Trả lời", zh="结果")
METHOD = Phrase(
    en="How it was looked at",
    fr="Mode de contrôle",
    es="Cómo se comprobó",
    vi="Cách kiểm tra",
    zh="检查方式",
)
PHOTOS = Phrase(en="Photos", fr="Photos", es="Fotos", vi="Ảnh", zh="照片")
REPLACES = Phrase(en="Replaces", fr="Remplace", es="Sustituye a", vi="Thay thế", zh="取代")
NO_LONGER = Phrase(
    en="Report {code}, which no longer stands",
    fr="Rapport {code}, qui n’est plus valable",
    es="Informe {code}, que deja de ser válido",
    vi="Báo cáo {code}, không còn giá trị",
    zh="报告 {code}（不再有效）",
)
CORRECTED_BY = Phrase(
    en="Corrected by", fr="Rectifié par", es="Corregido por", vi="Người đính chính", zh="更正人"
)
CLOSED_AGAIN = Phrase(
    en="Closed again",
    fr="Clos de nouveau",
    es="Cerrado de nuevo",
    vi="Khóa lại lúc",
    zh="重新结案时间",
)
OUTCOME_BEFORE = Phrase(
    en="Outcome before",
    fr="Résultat antérieur",
    es="Resultado anterior",
    vi="Kết quả trước",
    zh="原结论",
)
BEFORE = Phrase(en="Before", fr="Avant", es="Antes", vi="Trước", zh="原内容")
NOW = Phrase(en="Now", fr="Maintenant", es="Ahora", vi="Nay", zh="现内容")
REST_AS_SIGNED = Phrase(
    en="Everything else is as it was signed before.",
    fr="Tout le reste est tel qu’il avait été signé.",
    es="Todo lo demás sigue como se firmó.",
    vi="Mọi nội dung khác giữ nguyên như đã ký.",
    zh="其余内容与原签署内容一致。",
)
NOTHING = Phrase(en="Nothing", fr="Rien", es="Nada", vi="Không có", zh="无")

"""What the first page, the findings, the corrections and the running lines say."""

from reports.phrases.phrase import Counted, Phrase

REPORT = Phrase(
    en="Hygiene audit report",
    fr="Rapport d’audit d’hygiène",
    es="Informe de auditoría de higiene",
    vi="Báo cáo đánh giá vệ sinh",
    zh="卫生审核报告",
)
SUMMARY = Phrase(en="Summary", fr="Résumé", es="Resumen", vi="Tóm tắt", zh="摘要")
FINDINGS = Phrase(
    en="Findings", fr="Constats", es="Hallazgos", vi="Các điểm chưa đạt", zh="发现的问题"
)
MADE_ALONE = Phrase(
    en="Made without a server. The last chapter says how to check this report.",
    fr="Établi sans serveur. Le dernier chapitre explique comment vérifier ce rapport.",
    es="Hecho sin servidor. El último capítulo explica cómo comprobar este informe.",
    vi="Lập không qua máy chủ. Chương cuối hướng dẫn cách kiểm chứng báo cáo này.",
    zh="本报告未经服务器生成。最后一章说明如何核验本报告。",
)
VISIT = Phrase(
    en="{kind} on {period}",
    fr="{kind} du {period}",
    es="{kind} del {period}",
    vi="{kind}: {period}",
    zh="{kind}：{period}",
)
EXTRACT = Phrase(
    en="Taken from report {code}, which says all that was found.",
    fr="Extrait du rapport {code}, qui contient tout ce qui a été constaté.",
    es="Extracto del informe {code}, que recoge todo lo hallado.",
    vi="Trích từ báo cáo {code}; báo cáo đó ghi đầy đủ những gì đã ghi nhận.",
    zh="摘自报告 {code}，该报告载明全部发现。",
)
REPLACING = Phrase(
    en="Corrected report. It replaces report {code}, which no longer stands.",
    fr="Rapport rectifié. Il remplace le rapport {code}, qui n’est plus valable.",
    es="Informe corregido. Sustituye al informe {code}, que deja de ser válido.",
    vi="Báo cáo đã đính chính. Báo cáo này thay thế báo cáo {code}, vốn không còn giá trị.",
    zh="更正报告。本报告取代报告 {code}，原报告不再有效。",
)
WHY = Phrase(en="Why", fr="Motif", es="Motivo", vi="Lý do", zh="原因")
WHY_NEXT = Phrase(
    en="Why stands on the next page.",
    fr="Le motif figure à la page suivante.",
    es="El motivo figura en la página siguiente.",
    vi="Lý do nêu ở trang sau.",
    zh="原因见下页。",
)
POINTS_OF = Phrase(
    en="{earned} of {possible} points",
    fr="{earned} points sur {possible}",
    es="{earned} de {possible} puntos",
    vi="{earned} trên {possible} điểm",
    zh="{earned} 分，满分 {possible} 分",
)
SPAN = Phrase(
    en="{worst} to {best} if what was left out had counted",
    fr="de {worst} à {best} si ce qui a été écarté avait compté",
    es="de {worst} a {best} si hubiera contado lo excluido",
    vi="từ {worst} đến {best} nếu tính cả các mục đã loại ra",
    zh="若计入未计分项目，则为 {worst} 至 {best}",
)
CORRECTED_THEN = Phrase(
    en="Corrected during the visit",
    fr="Corrigé pendant la visite",
    es="Corregido en la visita",
    vi="Đã khắc phục ngay",
    zh="检查期间已纠正",
)
FIRST = Phrase(
    en="To put right first",
    fr="À corriger en premier",
    es="Corregir primero",
    vi="Cần khắc phục trước",
    zh="优先整改",
)
NOTHING_OPEN = Phrase(
    en="Nothing is left to put right.",
    fr="Il ne reste rien à corriger.",
    es="No queda nada por corregir.",
    vi="Không còn gì phải khắc phục.",
    zh="没有待整改事项。",
)
MORE_IN_FULL = Counted(
    Phrase(
        en="{number} more finding in the full report.",
        fr="{number} autre constat dans le rapport complet.",
        es="{number} hallazgo más en el informe completo.",
        vi="Còn {number} điểm chưa đạt khác trong báo cáo đầy đủ.",
        zh="完整报告中还有 {number} 项问题。",
    ),
    Phrase(
        en="{number} more findings in the full report.",
        fr="{number} autres constats dans le rapport complet.",
        es="{number} hallazgos más en el informe completo.",
        vi="Còn {number} điểm chưa đạt khác trong báo cáo đầy đủ.",
        zh="完整报告中还有 {number} 项问题。",
    ),
)
MORE_NEXT = Counted(
    Phrase(
        en="{number} more finding on the next pages.",
        fr="{number} autre constat aux pages suivantes.",
        es="{number} hallazgo más en las páginas siguientes.",
        vi="Còn {number} điểm chưa đạt khác ở các trang sau.",
        zh="后续页面还有 {number} 项问题。",
    ),
    Phrase(
        en="{number} more findings on the next pages.",
        fr="{number} autres constats aux pages suivantes.",
        es="{number} hallazgos más en las páginas siguientes.",
        vi="Còn {number} điểm chưa đạt khác ở các trang sau.",
        zh="后续页面还有 {number} 项问题。",
    ),
)
BY_DAY = Phrase(
    en="by {day}",
    fr="d’ici au {day}",
    es="hasta el {day}",
    vi="chậm nhất {day}",
    zh="最迟{day}",
)
NO_DATE = Phrase(
    en="no date set",
    fr="sans échéance fixée",
    es="sin fecha fijada",
    vi="chưa định hạn",
    zh="未定期限",
)
INSPECTOR = Phrase(
    en="Inspector", fr="Inspecteur", es="Inspector", vi="Người kiểm tra", zh="检查员"
)
IN_CHARGE = Phrase(
    en="Person in charge",
    fr="Personne responsable",
    es="Persona responsable",
    vi="Người phụ trách",
    zh="负责人",
)
SERVICES = Phrase(en="Services", fr="Prestations", es="Servicios", vi="Dịch vụ", zh="服务项目")
JURISDICTION = Phrase(
    en="Jurisdiction", fr="Juridiction", es="Jurisdicción", vi="Khu vực pháp lý", zh="适用地区"
)
CHECKLIST = Phrase(
    en="Checklist", fr="Grille de contrôle", es="Lista de control", vi="Bảng kiểm", zh="检查表"
)
EDITION = Phrase(
    en="{title}, version {version}",
    fr="{title}, version {version}",
    es="{title}, versión {version}",
    vi="{title}, phiên bản {version}",
    zh="{title}，第 {version} 版",
)
NOT_TRANSLATED = Phrase(
    en="What the checklist says only in {language} is printed as it is written.",
    fr="Ce que la grille de contrôle ne dit qu’en {language} est imprimé tel quel.",
    es="Lo que la lista de control solo dice en {language} se imprime tal como está escrito.",
    vi="Nội dung bảng kiểm chỉ có bằng {language} được in nguyên văn.",
    zh="检查表中仅有{language}的内容按原文印出。",
)
REPORT_CODE = Phrase(en="Report", fr="Rapport", es="Informe", vi="Báo cáo", zh="报告")
ISSUED = Phrase(
    en="{code}, issued {moment}",
    fr="{code}, émis le {moment}",
    es="{code}, emitido el {moment}",
    vi="{code}, phát hành lúc {moment}",
    zh="{code}，签发于{moment}",
)
CHECK_THIS = Phrase(
    en="Check this report:",
    fr="Vérifier ce rapport :",
    es="Compruebe este informe:",
    vi="Kiểm chứng báo cáo:",
    zh="核验本报告：",
)
QR_CODE = Phrase(
    en="QR code that leads to {address}",
    fr="Code QR menant à {address}",
    es="Código QR que lleva a {address}",
    vi="Mã QR dẫn đến {address}",
    zh="指向 {address} 的二维码",
)
NAMED_PHOTO = Phrase(
    en="Photo {number}",
    fr="Photo {number}",
    es="Foto {number}",
    vi="Ảnh {number}",
    zh="照片 {number}",
)

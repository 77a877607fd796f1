"""What stands around the pages, on blank forms and in the file's own description."""

from reports.phrases.phrase import Phrase

PAGE_OF = Phrase(
    en="Page {number} of ",
    fr="Page {number} sur ",
    es="Página {number} de ",
    vi="Trang {number} / ",
    zh="页码 {number} / ",
)
RECORD = Phrase(
    en="Record {digest}",
    fr="Relevé {digest}",
    es="Registro {digest}",
    vi="Hồ sơ {digest}",
    zh="记录 {digest}",
)
NAMED_REPORT = Phrase(
    en="Report {code}",
    fr="Rapport {code}",
    es="Informe {code}",
    vi="Báo cáo {code}",
    zh="报告 {code}",
)
TITLE = Phrase(
    en="{kind} of {site}, {day}",
    fr="{kind}, {site}, {day}",
    es="{kind}, {site}, {day}",
    vi="{kind}, {site}, {day}",
    zh="{kind}：{site}，{day}",
)
SUBJECT = Phrase(
    en="Hygiene audit report {code}: {outcome}",
    fr="Rapport d’audit d’hygiène {code} : {outcome}",
    es="Informe de auditoría de higiene {code}: {outcome}",
    vi="Báo cáo đánh giá vệ sinh {code}: {outcome}",
    zh="卫生审核报告 {code}：{outcome}",
)
ABOUT_TABLE = Phrase(
    en="The responses as a table for spreadsheets",
    fr="Les réponses sous forme de tableau pour tableur",
    es="Las respuestas en una tabla para hojas de cálculo",
    vi="Các câu trả lời dưới dạng bảng tính",
    zh="检查结果表格（供电子表格软件使用）",
)
ABOUT_DATA = Phrase(
    en="The data this report was printed from",
    fr="Les données à partir desquelles ce rapport a été imprimé",
    es="Los datos con los que se imprimió este informe",
    vi="Dữ liệu dùng để in báo cáo này",
    zh="生成本报告所用的数据",
)
SEAL_FIELD = Phrase(
    en="Seal of the organisation",
    fr="Cachet de l’organisation",
    es="Sello de la organización",
    vi="Con dấu của tổ chức",
    zh="机构印章",
)
MANAGER_FIELD = Phrase(
    en="Countersignature of a reviewing manager",
    fr="Contresignature du responsable chargé de la revue",
    es="Refrendo de la persona responsable de la revisión",
    vi="Chữ ký xác nhận của người quản lý duyệt báo cáo",
    zh="复核负责人会签",
)
BLANK_TITLE = Phrase(
    en="{title}, blank form",
    fr="{title}, formulaire vierge",
    es="{title}, formulario en blanco",
    vi="{title}, biểu mẫu trống",
    zh="{title}（空白表）",
)
WRITE_LINE = Phrase(
    en="A line to write on",
    fr="Une ligne pour écrire",
    es="Una línea para escribir",
    vi="Dòng để ghi",
    zh="书写横线",
)
SITE = Phrase(en="Site", fr="Établissement", es="Establecimiento", vi="Cơ sở", zh="场所")
DAY_AND_TIME = Phrase(
    en="Day and time", fr="Date et heure", es="Fecha y hora", vi="Ngày giờ", zh="日期和时间"
)
SIGNATURES = Phrase(en="Signatures", fr="Signatures", es="Firmas", vi="Chữ ký", zh="签名")
INSPECTOR_SIGNS = Phrase(
    en="Inspector, day and time",
    fr="Inspecteur, date et heure",
    es="Inspector, fecha y hora",
    vi="Người kiểm tra, ngày giờ",
    zh="检查员、日期和时间",
)
RECEIVED_BY = Phrase(
    en="Received by, day and time",
    fr="Reçu par, date et heure",
    es="Recibido por, fecha y hora",
    vi="Người nhận, ngày giờ",
    zh="签收人、日期和时间",
)

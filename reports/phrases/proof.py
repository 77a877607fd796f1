"""What the chapters on signatures, rules and checking say."""

from reports.phrases.phrase import Phrase

PRESENT = Phrase(en="Present", fr="Présents", es="Presentes", vi="Có mặt", zh="在场人员")
NOBODY_PRESENT = Phrase(
    en="Nobody else was named as present.",
    fr="Aucune autre personne présente n’a été nommée.",
    es="No se nombró a nadie más como presente.",
    vi="Không ghi nhận ai khác có mặt.",
    zh="未记录其他在场人员。",
)
RECEIVED = Phrase(
    en="Received and signed",
    fr="Réception et signatures",
    es="Recepción y firmas",
    vi="Nhận và ký",
    zh="签收与签名",
)
NOBODY_SIGNED = Phrase(
    en="Nobody has signed this report.",
    fr="Personne n’a signé ce rapport.",
    es="Nadie ha firmado este informe.",
    vi="Chưa có ai ký báo cáo này.",
    zh="尚无人签署本报告。",
)
SIGNED_DIGEST = Phrase(
    en="Whoever signed, signed the record with the digest {digest}.",
    fr="Chaque signature porte sur le relevé dont l’empreinte est {digest}.",
    es="Quien firmó, firmó el registro con el resumen criptográfico {digest}.",
    vi="Người ký đã ký hồ sơ có mã băm {digest}.",
    zh="签署人所签署的是摘要值为 {digest} 的记录。",
)
REFUSED_AT = Phrase(
    en="Refused {moment}  ·  over record {digest}",
    fr="Refusé le {moment}  ·  relevé {digest}",
    es="Rechazado el {moment}  ·  registro {digest}",
    vi="Từ chối lúc {moment}  ·  hồ sơ {digest}",
    zh="拒签于{moment}  ·  记录 {digest}",
)
SIGNED_AT = Phrase(
    en="Signed {moment}  ·  over record {digest}",
    fr="Signé le {moment}  ·  relevé {digest}",
    es="Firmado el {moment}  ·  registro {digest}",
    vi="Ký lúc {moment}  ·  hồ sơ {digest}",
    zh="签署于{moment}  ·  记录 {digest}",
)
REFUSED = Phrase(
    en="Refused to sign",
    fr="A refusé de signer",
    es="Se negó a firmar",
    vi="Từ chối ký",
    zh="拒绝签名",
)
DRAWN_BY = Phrase(
    en="Signature drawn by {name}",
    fr="Signature tracée par {name}",
    es="Firma trazada por {name}",
    vi="Chữ ký tay của {name}",
    zh="{name} 的手写签名",
)
TYPED = Phrase(
    en="Signed by typing the name",
    fr="Signé par saisie du nom",
    es="Firmado escribiendo el nombre",
    vi="Ký bằng cách gõ tên",
    zh="以键入姓名方式签署",
)
SEAL = Phrase(
    en="Digital seal of the organisation",
    fr="Cachet électronique de l’organisation",
    es="Sello electrónico de la organización",
    vi="Con dấu điện tử của tổ chức",
    zh="机构电子印章",
)
SEAL_SHOWN = Phrase(
    en="{name}. A PDF reader shows the seal and checks it.",
    fr="{name}. Un lecteur PDF affiche le cachet et le vérifie.",
    es="{name}. Un lector de PDF muestra el sello y lo comprueba.",
    vi="{name}. Trình đọc PDF hiển thị và kiểm tra con dấu.",
    zh="{name}。PDF 阅读器可显示并验证该印章。",
)
COUNTERSIGNATURE = Phrase(
    en="Countersignature of a reviewing manager, if any",
    fr="Contresignature éventuelle d’un responsable",
    es="Refrendo de una persona responsable, si lo hay",
    vi="Chữ ký xác nhận của người quản lý (nếu có)",
    zh="复核负责人会签（如有）",
)
LEFT_OPEN = Phrase(
    en="Left open; signing here closes the file.",
    fr="Laissé libre ; signer ici clôt le fichier.",
    es="Queda abierto; firmar aquí cierra el archivo.",
    vi="Để trống; ký tại đây sẽ khóa tệp.",
    zh="留空；在此签名后文件即锁定。",
)
RULES = Phrase(
    en="Rules cited",
    fr="Règles citées",
    es="Normas citadas",
    vi="Các quy định được viện dẫn",
    zh="引用的规定",
)
SOURCE = Phrase(en="Source", fr="Source", es="Fuente", vi="Nguồn", zh="来源")
CHECKED = Phrase(en="Checked", fr="Vérifié", es="Revisado", vi="Đã rà", zh="核对")
LAW_BINDS = Phrase(
    en=("Law binds. Guidance advises, and is also used here where a rule could not be confirmed."),
    fr=(
        "La loi oblige. Un guide recommande ; il sert aussi ici lorsqu’une règle n’a pas "
        "pu être confirmée."
    ),
    es=(
        "La ley obliga. La guía aconseja, y también se usa aquí cuando una norma no pudo "
        "confirmarse."
    ),
    vi=(
        "Luật thì bắt buộc. Hướng dẫn chỉ khuyến nghị, và cũng được dùng ở đây khi một quy "
        "định chưa được xác nhận."
    ),
    zh="法规具有约束力；指南仅作建议，无法确认的规定在此也归为指南。",
)
LAW = Phrase(en="Law", fr="Loi", es="Ley", vi="Luật", zh="法规")
GUIDANCE = Phrase(en="Guidance", fr="Guide", es="Guía", vi="Hướng dẫn", zh="指南")
HOW_TO_CHECK = Phrase(
    en="How to check this report",
    fr="Comment vérifier ce rapport",
    es="Cómo comprobar este informe",
    vi="Cách kiểm chứng báo cáo này",
    zh="如何核验本报告",
)
WITH = Phrase(en="With", fr="Avec", es="Con", vi="Cùng với", zh="另含")
PACK = Phrase(
    en="Jurisdiction pack",
    fr="Dossier de juridiction",
    es="Paquete de jurisdicción",
    vi="Gói quy định địa phương",
    zh="地区规定包",
)
EDITION = Phrase(
    en="{title} ({code}), version {version}, digest {digest}",
    fr="{title} ({code}), version {version}, empreinte {digest}",
    es="{title} ({code}), versión {version}, resumen {digest}",
    vi="{title} ({code}), phiên bản {version}, mã băm {digest}",
    zh="{title}（{code}），第 {version} 版，摘要值 {digest}",
)
ORGANISATION = Phrase(
    en="Organisation", fr="Organisation", es="Organización", vi="Tổ chức", zh="机构"
)
AUDIT = Phrase(en="Audit", fr="Audit", es="Auditoría", vi="Lần kiểm tra", zh="检查编号")
PRINTED = Phrase(
    en="{code}, layout {layout}, issued {moment}",
    fr="{code}, mise en page {layout}, émis le {moment}",
    es="{code}, diseño {layout}, emitido el {moment}",
    vi="{code}, bố cục {layout}, phát hành lúc {moment}",
    zh="{code}，版式 {layout}，签发于{moment}",
)
LANGUAGE = Phrase(en="Language", fr="Langue", es="Idioma", vi="Ngôn ngữ", zh="语言")
RECORD_DIGEST = Phrase(
    en="Digest of the record",
    fr="Empreinte du relevé",
    es="Resumen del registro",
    vi="Mã băm của hồ sơ",
    zh="记录的摘要值",
)
DATA_DIGEST = Phrase(
    en="Digest of the data",
    fr="Empreinte des données",
    es="Resumen de los datos",
    vi="Mã băm của dữ liệu",
    zh="数据的摘要值",
)
JOURNAL = Phrase(
    en="Journal",
    fr="Journal",
    es="Diario",
    vi="Nhật ký",
    zh="操作日志",
)
JOURNAL_STOOD = Phrase(
    en="{count} entries before this report, root {root}",
    fr="{count} entrées avant ce rapport, racine {root}",
    es="{count} entradas antes de este informe, raíz {root}",
    vi="{count} mục trước báo cáo này, gốc {root}",
    zh="本报告之前共 {count} 条，根值 {root}",
)
MADE_FROM = Phrase(
    en="What it was made from",
    fr="À partir de quoi il a été établi",
    es="A partir de qué se hizo",
    vi="Nguồn lập báo cáo",
    zh="报告依据",
)
ASK_OWNER = Phrase(
    en=(
        "This report was made without a server, so no address tells it. Ask {name} whether "
        "report {code} is current, replaced or withdrawn."
    ),
    fr=(
        "Ce rapport a été établi sans serveur : aucune adresse ne l’indique. Demandez à "
        "{name} si le rapport {code} est en vigueur, remplacé ou retiré."
    ),
    es=(
        "Este informe se hizo sin servidor, así que ninguna dirección lo indica. Pregunte "
        "a {name} si el informe {code} está vigente, sustituido o retirado."
    ),
    vi=(
        "Báo cáo này lập không qua máy chủ nên không có địa chỉ tra cứu. Hãy hỏi {name} "
        "xem báo cáo {code} còn hiệu lực, đã bị thay thế hay đã thu hồi."
    ),
    zh=(
        "本报告未经服务器生成，没有可查询的网址。请向 {name} 询问报告 {code} 是否有效、已被"
        "取代或已撤回。"
    ),
)
GIVE_PROGRAM = Phrase(
    en=(
        "Give the PDF to the program: hygiene-audit report verify report.pdf. It checks "
        "the seal, and prints the pages afresh to compare them."
    ),
    fr=(
        "Soumettez le PDF au programme : hygiene-audit report verify report.pdf. Il "
        "contrôle le cachet et réimprime les pages pour les comparer."
    ),
    es=(
        "Entregue el PDF al programa: hygiene-audit report verify report.pdf. Comprueba el "
        "sello y vuelve a imprimir las páginas para compararlas."
    ),
    vi=(
        "Đưa tệp PDF cho chương trình: hygiene-audit report verify report.pdf. Chương "
        "trình kiểm tra con dấu và in lại các trang để so sánh."
    ),
    zh=(
        "用程序核验 PDF：hygiene-audit report verify report.pdf。程序会检查印章，并重新生成"
        "页面进行比对。"
    ),
)
OPEN_ADDRESS = Phrase(
    en=(
        "Open {address} or scan the code on page 1: it says whether report {code} is "
        "current, replaced or withdrawn."
    ),
    fr=(
        "Ouvrez {address} ou scannez le code de la page 1 : vous saurez si le rapport "
        "{code} est en vigueur, remplacé ou retiré."
    ),
    es=(
        "Abra {address} o escanee el código de la página 1: indica si el informe {code} "
        "está vigente, sustituido o retirado."
    ),
    vi=(
        "Mở {address} hoặc quét mã ở trang 1: trang đó cho biết báo cáo {code} còn hiệu "
        "lực, đã bị thay thế hay đã thu hồi."
    ),
    zh=("打开 {address} 或扫描第 1 页的二维码，可查看报告 {code} 是否有效、已被取代或已撤回。"),
)
GIVE_PAGE = Phrase(
    en=(
        "Give the PDF to the verification page of the same address. It compares the file "
        "with those issued, checks the seal, and prints the pages afresh to compare them."
    ),
    fr=(
        "Soumettez le PDF à la page de vérification de la même adresse. Elle compare le "
        "fichier à ceux qui ont été émis, contrôle le cachet et réimprime les pages pour "
        "les comparer."
    ),
    es=(
        "Entregue el PDF a la página de comprobación de la misma dirección. Compara el "
        "archivo con los emitidos, comprueba el sello y vuelve a imprimir las páginas para "
        "compararlas."
    ),
    vi=(
        "Đưa tệp PDF vào trang kiểm chứng tại cùng địa chỉ. Trang này so tệp với các tệp "
        "đã phát hành, kiểm tra con dấu và in lại các trang để so sánh."
    ),
    zh=(
        "将 PDF 提交到同一网址的核验页面。该页面会将文件与已签发的文件比对，检查印章，并重"
        "新生成页面进行比对。"
    ),
)
ALONE = Phrase(
    en=(
        "Open the PDF in a reader that shows signatures: one seal, nothing changed since. "
        "Compare the fingerprint of its certificate with the one {name} publishes."
    ),
    fr=(
        "Ouvrez le PDF dans un lecteur qui affiche les signatures : un seul cachet, rien "
        "de modifié depuis. Comparez l’empreinte de son certificat avec celle que publie "
        "{name}."
    ),
    es=(
        "Abra el PDF en un lector que muestre las firmas: un solo sello y nada cambiado "
        "desde entonces. Compare la huella de su certificado con la que publica {name}."
    ),
    vi=(
        "Mở tệp PDF bằng trình đọc có hiển thị chữ ký: một con dấu, không có gì thay đổi "
        "kể từ đó. So dấu vân tay của chứng thư với dấu vân tay mà {name} công bố."
    ),
    zh=(
        "用能显示签名的阅读器打开 PDF：应只有一枚印章，且盖章后未作更改。将其证书指纹与 "
        "{name} 公布的指纹比对。"
    ),
)
CARRIES = Phrase(
    en=(
        "The file carries all that is printed here as {data}, and every response as "
        "{table} for spreadsheets."
    ),
    fr=(
        "Le fichier contient tout ce qui est imprimé ici ({data}) et toutes les réponses "
        "({table}) pour tableur."
    ),
    es=(
        "El archivo lleva todo lo impreso aquí en {data}, y todas las respuestas en "
        "{table} para hojas de cálculo."
    ),
    vi=(
        "Tệp mang theo toàn bộ nội dung in ở đây trong {data}, và mọi câu trả lời trong "
        "{table} để dùng với bảng tính."
    ),
    zh="文件内附 {data}（本报告全部内容）和 {table}（全部检查结果，供电子表格软件使用）。",
)
STEP_STANDING = Phrase(
    en="Ask for its standing. ",
    fr="Demander son statut. ",
    es="Preguntar por su estado. ",
    vi="Hỏi tình trạng. ",
    zh="查询状态。",
)
STEP_FILE = Phrase(
    en="Check the file. ",
    fr="Vérifier le fichier. ",
    es="Comprobar el archivo. ",
    vi="Kiểm tra tệp. ",
    zh="核验文件。",
)
STEP_ALONE = Phrase(
    en="Check it without us. ",
    fr="Vérifier sans nous. ",
    es="Comprobarlo sin nosotros. ",
    vi="Tự kiểm tra. ",
    zh="独立核验。",
)
STEP_DATA = Phrase(
    en="Read the data. ",
    fr="Lire les données. ",
    es="Leer los datos. ",
    vi="Đọc dữ liệu. ",
    zh="读取数据。",
)

"""The words by which people close a letter, in the languages of the companies. Tables only."""

from __future__ import annotations

# A whole line, or a line that goes on with a name. Compared with case folded.
CLOSINGS = (
    "kind regards", "best regards", "warm regards", "kindest regards", "with kind regards",
    "with best regards", "regards", "best wishes", "with best wishes", "sincerely",
    "yours sincerely", "sincerely yours", "yours faithfully", "yours truly", "very truly yours",
    "respectfully", "respectfully yours", "cheers", "all the best", "cordially", "yours",
    "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichen gruessen",
    "mit freundlichem gruß", "mit freundlichem gruss", "freundliche grüße", "freundliche grüsse",
    "viele grüße", "viele grüsse", "beste grüße", "beste grüsse", "herzliche grüße",
    "herzliche grüsse", "liebe grüße", "mit besten grüßen", "mit besten grüssen",
    "mit herzlichen grüßen", "mit vielen grüßen", "schöne grüße", "sonnige grüße", "grüße", "gruß",
    "beste grüße aus berlin", "mfg", "vg", "hochachtungsvoll", "mit vorzüglicher hochachtung",
    "mit besten empfehlungen", "freundlichst", "cordialement", "bien cordialement",
    "très cordialement", "bien à vous", "bien à toi", "sincères salutations", "sincèrement",
    "meilleures salutations", "avec nos meilleures salutations", "avec mes meilleures salutations",
    "salutations distinguées", "salutations", "respectueusement",
    "avec nos salutations distinguées", "saludos", "saludos cordiales", "un cordial saludo",
    "cordiales saludos", "un saludo", "cordial saludo", "atentamente", "muy atentamente",
    "le saluda atentamente", "atentos saludos", "les saluda atentamente",
    "reciba un cordial saludo", "reciban un cordial saludo", "cordialmente", "sinceramente",
    "cordiali saluti", "distinti saluti", "saluti", "un cordiale saluto", "i migliori saluti",
    "con i migliori saluti", "cordialissimi saluti", "in fede", "porgiamo distinti saluti",
    "porgo cordiali saluti", "met vriendelijke groet", "met vriendelijke groeten",
    "vriendelijke groet", "vriendelijke groeten", "hartelijke groet", "hartelijke groeten",
    "met hartelijke groet", "hoogachtend", "mvg", "groet", "groeten", "z poważaniem",
    "z wyrazami szacunku", "pozdrawiam", "pozdrawiam serdecznie", "serdecznie pozdrawiam",
    "pozdrowienia", "serdeczne pozdrowienia", "z pozdrowieniami", "łączę pozdrowienia",
    "łączę wyrazy szacunku", "atenciosamente", "cumprimentos", "com os melhores cumprimentos",
    "os melhores cumprimentos", "melhores cumprimentos", "com os meus cumprimentos",
    "com cumprimentos", "respeitosamente", "saudações", "saudações cordiais", "abraços", "att",
    "med vänliga hälsningar", "med vänlig hälsning", "vänliga hälsningar", "vänlig hälsning",
    "bästa hälsningar", "hälsningar", "vänligen", "mvh", "med venlig hilsen",
    "med venlige hilsner", "venlig hilsen", "venlige hilsner", "de bedste hilsner",
    "bedste hilsner", "bedste hilsener", "hilsen", "med vennlig hilsen", "vennlig hilsen",
    "med hilsen", "ystävällisin terveisin", "parhain terveisin", "terveisin", "s pozdravem",
    "s přátelským pozdravem", "s úctou", "s pozdravom", "se srdečným pozdravem", "hezký den",
    "přeji hezký den", "с уважением", "с наилучшими пожеланиями", "всего доброго", "з повагою",
    "敬具", "敬白", "以上", "よろしくお願いいたします", "よろしくお願い致します",
    "よろしくお願いします", "よろしくお願い申し上げます", "何卒よろしくお願いいたします",
    "何卒よろしくお願い申し上げます", "以上、よろしくお願いいたします", "此致", "敬礼", "敬禮",
    "此致敬礼", "此致 敬礼", "敬上", "祝好", "顺祝商祺", "順祝商祺", "顺颂商祺", "üdvözlettel",
    "tisztelettel", "saygılarımla", "saygılarımızla", "cu stimă", "με εκτίμηση",
    "με φιλικούς χαιρετισμούς",
)  # fmt: skip

# Closings that mean something by themselves too; they need a name below, and words above.
THANKS = (
    "thanks", "thank you", "many thanks", "thanks again", "best", "thx", "danke", "vielen dank",
    "besten dank", "herzlichen dank", "merci", "merci d'avance", "gracias", "muchas gracias",
    "grazie", "bedankt", "dank u", "dank u wel", "dziękuję", "obrigado", "obrigada", "tack", "tak",
    "takk", "děkuji", "děkujeme", "спасибо", "谢谢", "謝謝", "感谢", "ありがとうございます",
    "감사합니다", "kiitos",
)  # fmt: skip

# Long formulas: a line that begins so closes the letter.
FORMULAS = (
    "veuillez agréer", "veuillez recevoir", "veuillez croire", "je vous prie d'agréer",
    "je vous prie de croire", "je vous prie de recevoir", "nous vous prions d'agréer",
    "nous vous prions de croire", "nous vous prions de recevoir", "recevez, madame",
    "sin otro particular", "quedo a su disposición", "quedamos a su disposición",
    "in attesa di un cortese riscontro", "zostaję z poważaniem", "pozostaję z poważaniem",
    "thanking you and with", "thank you and kind", "thank you and best", "thanks and regards",
    "thanks and kind regards", "thanks & regards", "many thanks and kind regards",
    "vielen dank und", "besten dank und", "es grüßt sie",
)  # fmt: skip

# Words that show a line to be of an address block, with figures or without.
CONTACT = (
    "tel", "telephone", "telefon", "teléfono", "telefono", "téléphone", "telefoon", "telefone",
    "phone", "mobile", "mobil", "mob", "móvil", "cell", "fax", "telefax", "direct", "office",
    "durchwahl", "dw", "e-mail", "email", "mail", "mailto", "web", "website", "internet", "www",
    "http", "https", "t", "m", "f", "e", "w", "p", "d", "hrb", "hra", "ust-id", "ust-idnr", "vat",
    "steuernummer", "registergericht", "amtsgericht", "handelsregister", "sitz", "geschäftsführer",
    "geschäftsführung", "vorstand", "aufsichtsrat", "vorsitzender", "registered", "company no",
    "company number", "registration", "rcs", "siret", "siren", "kvk", "btw", "p.iva", "nip",
    "regon", "krs", "cif", "nif", "cvr", "org.nr", "ičo", "dič", "инн", "огрн", "тел", "тел.",
    "電話", "电话", "〒", "住所", "地址", "传真", "邮箱", "手机", "skype", "linkedin", "twitter",
    "facebook", "instagram", "straße", "strasse", "str.", "street", "road", "avenue", "rue",
    "calle", "via", "plaza", "platz", "allee", "weg", "laan", "straat", "ulica", "ul.", "rua",
    "gatan", "vägen", "vej", "ulice", "p.o. box", "postfach", "po box", "floor", "building",
)  # fmt: skip

# Words of the notices that stand below every mail of a company.
NOTICES = (
    "think before you print", "before printing this", "consider the environment",
    "confidentiality notice", "disclaimer", "please consider", "bevor sie diese", "umwelt",
    "pensez à l'environnement", "antes de imprimir", "prima di stampare", "denk aan het milieu",
    "virus-free", "virenfrei", "virenfrei.", "garanti sans virus", "libre de virus", "avast",
    "this email has been scanned", "this e-mail has been scanned", "scanned by", "sitz der",
    "registered in england", "registered office", "geschäftsführer:", "geschäftsführung:",
    "vorstand:", "vorsitzender des aufsichtsrats", "amtsgericht", "handelsregister", "hrb ",
    "ust-id", "vat no", "vat reg", "company number", "datenschutzhinweise", "privacy notice",
    "privacy statement", "informationen zum datenschutz", "datenschutzerklärung finden",
    "sede legale", "siège social", "domicilio social", "statutaire zetel", "kapitał zakładowy",
    "sąd rejonowy", "unsubscribe", "follow us", "folgen sie uns", "suivez-nous", "síguenos",
    "view this email in your browser",
)  # fmt: skip

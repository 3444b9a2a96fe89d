"""The words by which mail programs mark earlier mail, in the languages that they speak.

Tables only. They are compared with case folded and without `*`, `_` and spaces around, so
that one row serves every program that writes it. To teach a dialect is to add a word.
"""

from __future__ import annotations

# Names of header fields above a quoted mail, without their colon.
FIELDS: dict[str, tuple[str, ...]] = {
    "from": (
        "from", "von", "de", "da", "van", "od", "från", "fra", "expéditeur", "expediteur",
        "remitente", "mittente", "afzender", "nadawca", "avsändare", "afsender", "odesílatel",
        "odosielateľ", "lähettäjä", "от", "от кого", "отправитель", "від", "差出人", "送信者",
        "发件人", "發件人", "寄件者", "寄件人", "보낸 사람", "보낸사람", "feladó", "kimden",
        "gönderen", "de la", "από", "saatja", "absender", "sender", "du", "di",
    ),
    "sent": (
        "sent", "date", "sent on", "gesendet", "gesendet am", "datum", "envoyé", "envoyé le",
        "envoye", "enviado", "enviado el", "enviada", "enviada em", "enviado em", "fecha", "data",
        "inviato", "inviato il", "verzonden", "wysłano", "wysłane", "data wysłania", "skickat",
        "skickat den", "sendt", "dato", "odesláno", "odoslané", "dátum", "lähetetty", "päiväys",
        "pvm", "päivämäärä", "отправлено", "дата", "надіслано", "送信日時", "日時", "日付", "送信",
        "发送时间", "發送時間", "發送日期", "发送日期", "寄件日期", "日期", "时间", "時間",
        "보낸 날짜", "날짜", "elküldve", "gönderildi", "tarih", "trimis", "ημερομηνία", "dne",
    ),
    "to": (
        "to", "an", "à", "para", "a", "aan", "do", "till", "til", "komu", "pro", "adresat",
        "vastaanottaja", "кому", "宛先", "受信者", "收件人", "收件者", "받는 사람", "받는사람",
        "címzett", "kime", "alıcı", "către", "προς", "saaja", "empfänger", "destinataire",
        "destinatario", "destinatário",
    ),
    "cc": (
        "cc", "bcc", "kopie", "kopia", "kopi", "copie à", "copie", "copia", "cópia", "ccn", "cci",
        "копия", "копія", "抄送", "副本", "참조", "dw", "do wiadomości", "másolatot kap", "bilgi",
        "kopie (cc)", "κοιν.",
    ),
    "subject": (
        "subject", "betreff", "thema", "objet", "asunto", "assunto", "oggetto", "onderwerp",
        "temat", "ämne", "emne", "předmět", "predmet", "věc", "aihe", "тема", "件名", "主题",
        "主旨", "主題", "제목", "tárgy", "konu", "subiect", "θέμα", "teema", "sujet",
    ),
    "other": (
        "reply-to", "antwort an", "importance", "priority", "wichtigkeit", "attachments",
        "anlagen", "pièces jointes", "organization", "organisation", "sensitivity", "reply to",
        "bitte antworten an", "please respond to", "veuillez répondre à", "添付ファイル", "附件",
        "ref", "history", "message-id", "sent by", "gesendet von",
    ),
}  # fmt: skip
FIELD_OF = {name: field for field, names in FIELDS.items() for name in names}

# What stands between dashes above a reply's original, or above a forwarded mail.
ORIGINAL = (
    "original message", "original appointment", "original mail", "original email",
    "original e-mail", "original", "reply message", "originalnachricht", "original-nachricht",
    "ursprüngliche nachricht", "ursprungliche nachricht", "ursprüngliche mail",
    "originale nachricht", "urspr. nachricht", "original message / ursprüngliche nachricht",
    "message d'origine", "message original", "mail original", "message initial",
    "e-mail d'origine", "courriel d'origine", "mensaje original", "mensaje de origen",
    "correo original", "messaggio originale", "messaggio original", "oorspronkelijk bericht",
    "oorspronkelijke bericht", "origineel bericht", "wiadomość oryginalna", "oryginalna wiadomość",
    "wiadomość pierwotna", "mensagem original", "ursprungligt meddelande", "originalmeddelande",
    "oprindelig meddelelse", "originalmeddelelse", "opprinnelig melding", "alkuperäinen viesti",
    "původní zpráva", "původní e-mail", "pôvodná správa", "eredeti üzenet", "исходное сообщение",
    "оригинальное сообщение", "оригінальне повідомлення", "元のメッセージ", "オリジナルメッセージ",
    "元のメール", "原始邮件", "原始郵件", "邮件原件", "原邮件", "원본 메시지", "원본 메일",
    "özgün ileti", "orijinal mesaj", "mesaj original", "αρχικό μήνυμα", "quoted message",
)  # fmt: skip
FORWARDED = (
    "forwarded message", "forwarded by", "forwarded mail", "begin forwarded message",
    "weitergeleitete nachricht", "weitergeleitete mail", "weitergeleitet von",
    "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail",
    "message transféré", "message transmis", "début du message transféré",
    "début du message réexpédié", "réacheminé par", "transféré par", "mensaje reenviado",
    "inicio del mensaje reenviado", "reenviado por", "messaggio inoltrato",
    "messaggio inoltrato da", "inizio messaggio inoltrato", "inoltrato da", "doorgestuurd bericht",
    "begin doorgestuurd bericht", "doorgestuurd door", "przekazana wiadomość",
    "wiadomość przekazana", "początek przekazywanej wiadomości", "przesłane przez",
    "treść przekazanej wiadomości", "mensagem encaminhada", "mensagem reenviada",
    "início da mensagem encaminhada", "início da mensagem reenviada", "vidarebefordrat meddelande",
    "vidarebefordrat brev", "börja vidarebefordrat meddelande", "videresendt meddelelse",
    "start på videresendt besked", "videresendt melding", "přeposlaná zpráva",
    "začátek přeposlané zprávy", "пересылаемое сообщение", "перенаправленное сообщение",
    "пересланное сообщение", "начало переадресованного сообщения", "転送メッセージ",
    "転送されたメッセージ", "転送されたメッセージの始まり", "转发邮件", "转发的邮件", "轉寄郵件",
    "转发信息", "下面是被转发的邮件", "전달된 메시지", "välitetty viesti", "továbbított üzenet",
)  # fmt: skip

# "… wrote", as said above a quotation.
WROTE = (
    "wrote", "writes", "schrieb", "geschrieben", "schreibt", "a écrit", "a ecrit", "écrivait",
    "écrit", "escribió", "escribio", "escribía", "ha escrito", "ha scritto", "scrisse", "schreef",
    "geschreven", "napisał", "napisała", "napisał(a)", "napisał/a", "pisze", "nadesłał",
    "napisano", "escreveu", "escreve", "skrev", "skreiv", "kirjoitti", "napsal", "napsala",
    "napsal(a)", "napísal", "napísala", "написал", "написала", "написал(а)", "пишет", "писал",
    "писал(а)", "написав", "пише", "a scris", "írta", "yazdı", "έγραψε", "va escriure",
)  # fmt: skip
WROTE_ASIAN = (
    "写道",
    "寫道",
    "のメール",
    "のメッセージ",
    "書きました",
    "書いた",
    "作成",
    "작성",
    "님이",
)

# How such a line begins. A day of the week or a figure begins one too.
BEGINS = (
    "on", "am", "le", "el", "il", "op", "w", "em", "a", "den", "dne", "dnia", "d.", "la", "ma",
    "in", "im", "il giorno", "на", "в", "вс", "пн", "вт", "ср", "чт", "пт", "сб", "от", "po", "út",
    "st", "čt", "pá", "so", "ne", "ti", "ke", "to", "pe", "su", "mo", "di", "mi", "do", "fr", "sa",
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "man", "tir", "ons", "tor", "lør", "søn",
    "mån", "tis", "fre", "lör", "sön", "pon", "wt", "śr", "czw", "pt", "sob", "ndz", "niedz", "在",
    "於", "于", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
)  # fmt: skip

# A person who speaks to us in the text itself: "On 2 March you wrote:" is the answer's own.
YOU = (
    "you", "we", "i", "sie", "wir", "ich", "vous", "nous", "usted", "ustedes", "lei", "voi", "noi",
    "u", "jullie", "wij", "państwo", "pan", "pani", "você", "vocês", "ni", "vi", "de", "вы", "мы",
    "您", "你们", "貴団体", "貴社",
)  # fmt: skip

# Lines that a mail program adds by itself, with the thing it names.
SENT_FROM = (
    "sent from", "sent via", "sent with", "sent using", "sent by", "get outlook for",
    "download outlook for", "von meinem", "von samsung", "gesendet von", "gesendet mit",
    "gesendet über", "diese nachricht wurde von meinem", "diese e-mail wurde von meinem",
    "holen sie sich outlook", "outlook für", "envoyé de", "envoyé depuis", "envoyé à partir",
    "envoyé avec", "obtenez outlook", "télécharger outlook", "enviado desde", "enviado de",
    "enviado do", "enviado con", "enviado com", "enviado a partir", "obtener outlook",
    "obtenga outlook", "obter o outlook", "obtenha o outlook", "inviato da", "inviato con",
    "scarica outlook", "ottieni outlook", "verzonden vanaf", "verstuurd vanaf", "verzonden met",
    "verzonden via", "outlook voor", "download outlook voor", "wysłane z", "wysłano z",
    "pobierz outlook", "pobierz program outlook", "uzyskaj outlook", "skickat från",
    "skickades från", "skickat med", "hämta outlook", "skaffa outlook", "sendt fra", "sendt med",
    "hent outlook", "få outlook", "odesláno z", "odesláno ze", "posláno z", "odesláno pomocí",
    "získat outlook", "stáhnout outlook", "lähetetty", "hanki outlook", "отправлено с",
    "отправлено из", "отправлено от", "получить outlook", "скачать outlook", "надіслано з",
    "发自我的", "发自", "從我的", "傳送自", "获取 outlook", "获取适用于", "trimis de pe",
    "enviat des de", "küldve", "odoslané z",
)  # fmt: skip
SENT_FROM_ENDS = (
    "から送信",
    "から送信されました",
    "을 사용하여 보냄",
    "에서 보냄",
    "傳送",
    "发送",
    "gönderildi",
    "gesendet",
)
DEVICES = (
    "iphon", "ipad", "ipod", "android", "samsung", "galaxy", "blackberry", "outlook", "yahoo",
    "mail for windows", "mail für windows", "courrier pour windows", "correo para windows",
    "posta per windows", "mail voor windows", "windows mail", "windows 10", "windows phone",
    "proton", "huawei", "xiaomi", "pixel", "nokia", "mobil", "smartphone", "handy", "telefon",
    "phone", "gmx", "web.de", "tutanota", "tuta", "gmail", "mobile", "mailbox app", "aol",
    "workspace one boxer", "boxer", "thunderbird", "airmail", "spark", "urządzenia", "tablet",
    "mail.ru", "почты", "nine", "zimbra", "zoho", "телефона", "myphone", "我的",
)  # fmt: skip

# "Please type your reply above this line": what a ticket system puts in every mail.
REPLY_ABOVE = (
    "above this line", "above the line", "über dieser zeile", "oberhalb dieser",
    "über diese zeile", "au-dessus de cette ligne", "por encima de esta línea",
    "encima de esta línea", "sopra questa riga", "al di sopra di questa riga", "boven deze regel",
    "boven deze lijn", "powyżej tej linii", "acima desta linha", "ovanför denna rad",
    "ovanför den här raden", "over denne linje", "nad tento řádek", "nad tímto řádkem",
    "выше этой строки", "выше этой линии", "この行より上", "この線より上", "此行上方",
    "在此行之上", "在此線上方",
)  # fmt: skip

# Words that announce answers within the quoted text below, and how surely they do.
INLINE = (
    "in red", "in blue", "in green", "in bold", "in italics", "highlighted", "inline", "in-line",
    "in line with your", "in your text", "in the text below", "in your email below", "in capital",
    "in your e-mail below", "between your questions", "under each question", "below each question",
    "in rot", "in blau", "in grün", "rot markiert", "farbig", "fett gedruckt", "im text",
    "direkt unter", "in ihrem text", "in ihrer e-mail", "in ihrer mail", "zwischen ihren",
    "en rouge", "en bleu", "en vert", "en gras", "dans le texte", "dans votre message",
    "sous chaque question", "en rojo", "en azul", "en verde", "en negrita", "en el texto",
    "en su correo", "in rosso", "in blu", "in verde", "in grassetto", "nel testo", "in het rood",
    "in het blauw", "in rood", "in blauw", "in uw tekst", "in uw mail", "na czerwono",
    "na niebiesko", "w treści", "kolorem", "em vermelho", "em azul", "no texto", "i rött",
    "i blått", "i texten", "med rødt", "med blåt", "i teksten", "červeně", "modře", "v textu",
    "красным", "синим", "в тексте", "赤字", "青字", "红色", "红字", "蓝色", "本文中",
)  # fmt: skip
BELOW = (
    "below", "underneath", "unten", "untenstehend", "nachstehend", "nachfolgend", "weiter unten",
    "folgende antwort", "ci-dessous", "ci-après", "plus bas", "más abajo", "abajo",
    "a continuación", "di seguito", "qui sotto", "sotto", "più in basso", "hieronder",
    "onderstaand", "poniżej", "abaixo", "a seguir", "nedan", "nedenfor", "níže", "ниже", "下記",
    "以下", "見下", "见下", "如下", "forwarding", "forwarded", "leite", "weitergeleitet",
    "transfère", "transmets", "reenvío", "inoltro", "przekazuję", "encaminho", "from my colleague",
    "from our", "meiner kollegin", "meines kollegen", "on behalf of",
)  # fmt: skip

# Subjects of forwarded mail.
FORWARD_SUBJECTS = (
    "fw", "fwd", "wg", "tr", "rv", "enc", "i", "inoltra", "doorst", "pd", "vs", "vb", "vl",
    "vm", "přepos", "转发", "轉寄", "転送", "전달", "ilt", "пересл", "fs", "trs", "res fw",
)  # fmt: skip

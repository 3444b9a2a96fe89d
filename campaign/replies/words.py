"""The words by which mail servers, absent people and ticket systems give themselves away."""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.I)


# ---- mail servers -----------------------------------------------------------------------

DAEMON_LOCAL = re.compile(
    r"^(?:mailer[-_.]?d[a]?emon|mail[-_.]?daemon|mailer|maildaemon|mdaemon|postmaster|postmast"
    r"|mailadmin|mmdf|uucp|double-bounce|bounce[sd]?|mail-?delivery.*|delivery)$",
    re.I,
)
DAEMON_SURE = re.compile(
    r"^(?:mailer[-_.]?daemon|mail[-_.]?daemon|maildaemon|mdaemon|double-bounce)$", re.I
)
DAEMON_NAME = _any(
    r"mail(?:er)?[ -](?:delivery|daemon|deliver)|delivery (?:sub)?system",
    r"mail (?:delivery )?(?:sub)?system|system administrator|internet mail delivery",
    r"microsoft outlook|mail administrator",
)
BOUNCE_SUBJECT = _any(
    r"undeliver|non[- ]?deliver|not (?:be )?delivered|un?able to deliver",
    r"delivery (?:status )?(?:notification|report|failure|failed|error|problem|has failed"
    r"|status)",
    r"(?:mail|message|e-mail) (?:delivery|system error|status|could not|failed)",
    r"(?:failure|failed|bounce|nondeliverable|warning|delay(?:ed)?) (?:notice|mail|delivery"
    r"|message)",
    r"returned (?:mail|to sender|message|e-mail)|return(?:ing|ed) (?:message )?to sender",
    r"postmaster notify|delayed \d+ hours|^failure notice|delivery failure",
    r"could not be delivered|couldn't be delivered|message status|mail failure|unzustellbar",
    r"nicht zugestellt|nicht zustellbar|zustell(?:ung|status|fehler)|non remis|non distribu",
    r"échec de (?:la )?(?:remise|livraison)|retour[ -]non",
    r"no (?:se )?(?:ha )?(?:podido )?entreg|devuelto|no entregado|mancato recapito",
    r"non recapitabile|impossibile recapitare|onbestelbaar|niet (?:bezorgd|afgeleverd)",
    r"niedostarczon|nie (?:można |udało się )?dostarcz|não (?:foi )?(?:entregue|entregável)",
    r"falha na entrega|kan inte levereras|olevererbar|kan ikke leveres|ikke leveret",
    r"toimittamatta|ei voitu toimittaa|nedoručiteln|nedoručen|не доставлено|недоставлен|配信不能",
    r"配信エラー|未配信|エラーメール|送信できません|退信|无法投递|反송|returned",
)
DELAY = _any(
    r"\(delay\)|\bdelay(?:ed)? \d+ (?:hour|minute|day)",
    r"status notification: (?:warning|delayed)",
    r"(?:has|have) (?:not yet been delivered|been delayed|not been delivered yet)",
    r"is delayed for|delivery .{0,60}(?:has been |is )?(?:delayed|deferred)\b",
    r"will (?:be retried|continue to (?:try|retry)|keep trying|retry)|still trying",
    r"try(?:ing)? again for|delivery attempts will continue|this is a (?:temporary|warning)",
    r"warning message only|temporary failure report|do not need to re-?send",
    r"no action is required on your part|could not be delivered (?:yet|since|for the last)",
    r"message is (?:still )?(?:queued|in the queue)|still in the (?:mail )?queue",
    r"message delayed|verzögert|noch nicht zugestellt|retardé|retrasado",
    r"ritard(?:o|ato) nella consegna|vertraagd|opóźnion|atrasad",
)
STILL_TRYING = _any(
    r"(?:message|it) is kept in the queue|temporary failure report|warning (?:message )?only",
    r"(?:delivery )?attempts will continue|do not need to re-?send|will be retried (?:for|until)",
    r"will (?:keep|continue) (?:trying|to try)",
)
GIVEN_UP = _any(
    r"giv(?:en|ing) up|will be deleted from (?:the )?queue",
    r"(?:queue|envelope|message|delivery|retry) (?:time )?(?:has )?(?:expired|timeout"
    r"|timed out)",
    r"permanent(?:ly)? (?:fatal )?(?:error|failure|failed)|no further (?:delivery )?attempts",
    r"has been (?:deleted|returned|rejected|removed from)|returned to (?:the )?sender",
    r"will not (?:be (?:retried|delivered)|try)",
    r"could not be delivered for (?:the last )?\d+ (?:hour|day|second)",
    r"too many (?:delivery )?attempts|maximum (?:delivery )?(?:time|attempts)",
    r"retry timeout exceeded",
)
FAILURE = _any(
    r"(?:could|can|cannot|can't|was|were|has|have|is|are|be|not) ?n[o']t (?:be |been "
    r"|able to )?(?:successfully )?deliver",
    r"cannot (?:be )?deliver|unable to deliver|undeliver(?:able|ed)",
    r"(?:delivery|message) .{0,50}fail(?:ed|ure)|failed to deliver",
    r"permanent(?:ly)? (?:fatal )?error|fatal errors?",
    r"following address(?:es)? (?:had|failed)|did not reach",
    r"(?:user|mailbox|recipient|account|address|host|domain) (?:is |was )?(?:unknown"
    r"|not found|unavailable|disabled|full|does ?n[o']t exist|not exist)",
    r"unknown (?:user|recipient|address|mailbox|host)",
    r"no such (?:user|mailbox|recipient|domain|address|person)",
    r"invalid (?:recipient|mailbox|user|address)|over ?quota|quota exceeded",
    r"mailbox (?:is )?full|rejected|error (?:occurred|delivering|while)|was not delivered",
    r"returned (?:mail|message)|giving up|given up|nicht zugestellt|unzustellbar|unbekannt",
    r"konnte nicht|n'a pas pu être|non remis|no (?:se )?pudo|impossibile",
    r"niet (?:worden )?bezorgd|nie (?:można|mógł)|não (?:pôde|foi)",
    r"送信できません|届けられません|見つかりません",
    r"ありません|не может быть доставлено|не удалось|failure reasons|your message to",
    r"transcript of session|unsent message",
)
SMTP_SAID = re.compile(
    r"(?:^|[\s:>(#])(?P<code>[45][0-5]\d)(?:[ -]|$)|#?(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])",
    re.M,
)
DELIVERED = _any(
    r"mail delivery report that you requested|successfully (?:delivered|relayed|sent)",
    r"(?:was|has been|been) (?:successfully )?delivered to|your message was read",
    r"delivery (?:receipt|succeeded|successful)",
    r"\b(?:erfolgreich zugestellt|wurde zugestellt)\b|return receipt|read receipt",
    r"lesebestätigung|gelesen:|^read: ",
)

# ---- is the address itself bad? ---------------------------------------------------------

NOT_THE_ADDRESS = _any(
    r"quota|mailbox (?:is )?full|full mailbox|mailbox .{0,60}exceed",
    r"exceed.{0,30}(?:size|limit|storage)|disk (?:space|full)|storage|too (?:large|big|many)",
    r"spam|virus|blacklist|block(?:ed|list)|banned|dnsbl|rbl\b|reputation|spf|dkim|dmarc",
    r"reverse dns|\bptr\b|poor|disabled|suspend|inactive|deactivat|locked|not active|frozen",
    r"expired|temporar(?:y|ily)|try (?:again )?later",
    r"relay(?:ing)? (?:access )?(?:denied|not|prohibited)|unable to relay|authentication",
    r"unauthenticated|not authori[sz]ed|not permitted|access denied|policy",
    r"sender (?:address )?(?:rejected|denied|verify)|sender (?:domain|address)",
    r"domain of sender|rate limit|mail ?loop|too many hops|header error|size limit",
    r"message content|content reject|connection (?:timed|refused|reset)|timed out",
    r"lost connection|greylist|quota|from header|mail from:?<[^>]*>|system (?:full|error)",
    r"resources",
)
BAD_ADDRESS = _any(
    r"(?:user|recipient|mailbox|account|addressee|address|alias"
    r"|e-?mail)\b[^\n]{0,60}?(?:unknown|not found|(?:does|did|do) ?n[o']t exist|not exist"
    r"|not known|invalid|no longer (?:valid|available|exists|in use)|nonexistent|not listed"
    r"|not on|couldn't be found|could not be found|wasn't found|was not found|not a (?:valid"
    r"|known))",
    r"(?:unknown|no such|invalid|nonexistent|non-existent|illegal|undefined"
    r"|bad destination) (?:local |or illegal )?(?:user|recipient|mailbox|account|address"
    r"|alias|addressee|e-?mail|person|domain|host|destination|part|local)",
    r"no (?:mailbox|account|user|recipient|one) (?:here|by that|with|found|at this)",
    r"mailbox unavailable|not our customer|not a (?:known|valid) (?:user|recipient)",
    r"user (?:doesn't|does not) have|(?:doesn't|does not) have an? .{0,60}account",
    r"user does ?n[o']t|user not found|recipnotfound|unknown or illegal alias",
    r"host (?:unknown|not found)|unknown host|host or domain name not found",
    r"domain (?:name )?(?:not found|does(?: not|n't) exist)|name or service not known",
    r"nxdomain|couldn't find (?:any|a) (?:host|mail exchanger)",
    r"no (?:mx|mail exchanger|a record)|does not accept mail|null ?mx|unrouteable",
    r"all relevant mx records point to non-existent|illegal host/domain|has moved|moved to",
    r"new address|no longer (?:works|employed|with|valid|available|on server)",
    r"left the (?:company|organi[sz]ation)|directory list|not listed in (?:public|domino)",
    r"delivery to the following addresses? failed.{0,40}unknown|unbekannt|existiert nicht",
    r"inconnu|n'existe pas|desconocid|no existe|sconosciut|non esiste|onbekend|bestaat niet",
    r"nieznany|nie istnieje|desconhecid|não existe",
    r"見つかりません|リストにありません|存在しません|宛先.{0,20}不明|不存在",
    r"не существует|не найден",
)

# ---- automatic replies ------------------------------------------------------------------

AUTO_SUBJECT = _any(
    r"^\W{0,3}(?:automatic|automated|auto)[- ]?(?:reply|response|answer|acknowledg|confirm"
    r"|generated)",
    r"^auto(?:re(?:ply|sponse)|matic)\b|^auto:|autoreply|auto[- ]reply|auto[- ]?respon[ds]",
    r"out of (?:the )?office|out-of-office|\booo\b|vacation (?:reply|message|notice)",
    r"on (?:vacation|holiday|annual leave|parental leave)",
    r"away from (?:my|the) (?:mail|desk|office)|^\W{0,3}(?:i am |i'm )?(?:currently )?away\b",
    r"automatische (?:antwort|rückmeldung|empfangsbest)|abwesen|eingangsbestätigung",
    r"empfangsbestätigung|nicht im (?:büro|haus)|im urlaub|urlaubsvertretung",
    r"réponse automatique|absence|absent(?:e)? du bureau|accusé de réception",
    r"message automatique|en congé|respuesta autom[aá]tica|fuera de (?:la )?oficina",
    r"acuse de recibo|ausente|mensaje autom[aá]tico|risposta automatica",
    r"fuori (?:sede|ufficio)|conferma di ricezione|assente|messaggio automatico",
    r"automatisch (?:antwoord|bericht)|afwezig|ontvangstbevestiging",
    r"niet (?:op|aanwezig op) kantoor|odpowied[zź] automatyczna|automatyczna odpowied",
    r"poza biurem|nieobecno|potwierdzenie (?:otrzymania|odbioru)|resposta autom[aá]tica",
    r"fora do escrit[oó]rio|ausência|confirmação de rece|aviso de rece|autosvar",
    r"automatiskt svar|frånvaro|ej på kontoret|mottagningsbekräftelse|automatisk svar",
    r"fraværende|fravær|ikke på kontoret|kvittering for modtag",
    r"automaattinen (?:vastaus|poissaolo)|poissa(?:olo)?|automaattivastaus",
    r"vastaanottokuittaus|lomalla|automatická odpov|mimo kancelář|nepřítomnost",
    r"potvrzení o (?:přijetí|doručení)|автоответ|автоматический ответ|自動(?:返信|応答)|不在",
    r"自动(?:回复|答复)|otomatik yanıt|automatikus válasz|răspuns automat|αυτόματη απάντηση",
    r"(?:ticket|case|request|enquiry|inquiry)\b.{0,40}\b(?:received|created|opened"
    r"|registered|logged)",
    r"^(?:we have |we've )?received your",
    r"thank you for (?:contacting|your (?:enquiry|inquiry|request|message|e-?mail"
    r"|submission))",
    r"request received",
)
OUT_OF_OFFICE = _any(
    r"(?:i am|i'm|i will be|i'll be|we are|is) (?:currently |presently "
    r"|now )?(?:away (?:from|until|on)|out of (?:the |my )?office|on (?:annual |parental "
    r"|maternity |paternity |sick |medical )?(?:leave|holiday|vacation)|travelling|traveling"
    r"|absent|not in the office)",
    r"(?:ich bin|bin ich) .{0,60}(?:nicht (?:im (?:büro|haus|dienst)|erreichbar|anwesend"
    r"|am platz)|abwesend|im urlaub|außer haus|in elternzeit|wieder (?:im büro|erreichbar"
    r"|für sie da))",
    r"abwesenheitsnotiz|befinde mich .{0,30}(?:urlaub|elternzeit|mutterschutz)",
    r"je suis (?:actuellement |absent|en congé|en vacances)|suis absente?|serai absente?",
    r"serai de retour|absente? (?:du bureau|jusqu)|en congés?",
    r"estoy (?:fuera|de vacaciones|ausente|de baja)|estaré (?:fuera|ausente|de vacaciones)",
    r"me encuentro (?:fuera|ausente|de vacaciones)|fuera de la oficina",
    r"sono (?:assente|fuori|in ferie|in vacanza)|sarò (?:assente|fuori|in ferie)",
    r"fuori ufficio",
    r"(?:ik ben|ben ik) .{0,60}(?:afwezig|niet (?:op kantoor|aanwezig|bereikbaar)"
    r"|met (?:vakantie|verlof)|op vakantie)",
    r"jestem (?:nieobecn|poza biurem|na urlopie)",
    r"(?:przebywam|będę) .{0,30}(?:na urlopie|nieobecn|poza biurem)|na urlopie",
    r"estou (?:fora|de férias|ausente|em licença)|estarei (?:fora|de férias|ausente)",
    r"encontro-me (?:ausente|de férias|fora)",
    r"jag är .{0,40}(?:på semester|inte på kontoret|borta|ledig|frånvarande|föräldraledig"
    r"|tillbaka)",
    r"är på semester",
    r"jeg er .{0,40}(?:på ferie|ikke på kontoret|fraværende|ude af huset|bortreist|på barsel"
    r"|tilbage)",
    r"holder ferie|olen .{0,40}(?:lomalla|poissa|vapaalla|matkoilla|tavoitettavissa)",
    r"poissa toimistolta|jsem .{0,40}(?:mimo kancelář|na dovolené|nepřítom)|čerpám dovolenou",
    r"nejsem v kanceláři|budu mimo kancelář",
)
LEFT = _any(
    r"(?:no longer|not) (?:(?:works?|working|employed|with) (?:here|at|for|by|us|in|the)"
    r"|employed|an employee|with the (?:company|organi[sz]ation|firm))",
    r"has left (?:the company|our|us)|left the company|i have left",
    r"nicht mehr (?:bei|für|im unternehmen|in unserem|beschäftigt|tätig)",
    r"(?:das|unser) unternehmen verlassen|ausgeschieden|ne (?:travaille|fait) plus",
    r"a quitté (?:la société|l'entreprise|notre)|ya no (?:trabaja|forma parte)",
    r"non lavora più|non fa più parte|niet (?:meer|langer) werkzaam",
    r"werkt niet (?:meer|langer)|nie pracuje już|już nie pracuje|não trabalha mais",
    r"já não (?:trabalha|faz parte)|(?:har slutat|arbetar inte längre|jobbar inte längre)",
    r"(?:arbejder ikke længere|er fratrådt|ikke længere ansat)",
    r"ei (?:ole enää|enää) (?:töissä|työskentele)|již (?:u nás )?nepracuje",
    r"už (?:zde |u nás )?nepracuje",
)
UNMONITORED = _any(
    r"(?:mailbox|inbox|address|account|e-?mail) (?:is |are )?(?:not"
    r"|un) ?-?(?:being )?(?:monitored|checked|read|attended)",
    r"unmonitored|unattended mailbox|not monitored|no longer (?:monitored|in use|active)",
    r"do(?:es)? not (?:accept|receive) (?:incoming |replies)",
    r"wird nicht (?:gelesen|überwacht|bearbeitet|abgerufen)",
    r"nicht mehr (?:aktiv|in gebrauch|genutzt|verwendet)",
    r"n'est (?:pas|plus) (?:consultée?|surveillée?|lue?|relevée?|utilisée?)",
    r"no (?:está|es) (?:monitorizad|atendid|supervisad)|no se (?:lee|supervisa|atiende)",
    r"non (?:è|viene) (?:monitorat|presidiat|letta|controllat)",
    r"wordt niet (?:gelezen|gemonitord|bijgehouden)",
    r"nie jest (?:monitorowan|czytan|obsługiwan)",
    r"não (?:é|está) (?:monitorad|a ser monitorizad|lida)",
    r"(?:läses|bevakas|övervakas) (?:inte|ej)|(?:læses|overvåges) ikke|bliver ikke læst",
    r"ei (?:lueta|seurata|valvota)|není (?:monitorován|sledován|čten)",
)
AUTOMATIC = _any(
    r"(?:this is|this was|is|was) an? (?:automatic|automated|auto-?generated"
    r"|system[- ]generated|auto)",
    r"automatically generated|(?:sent|generated|created) automatically",
    r"automated (?:reply|response|message|acknowledg|e-?mail|confirmation|system)",
    r"auto-?(?:reply|response)",
    r"automatic (?:reply|response|message|confirmation|acknowledg|e-?mail)",
    r"do not (?:reply|respond) to this|please (?:do not|don't) reply",
    r"no-?reply (?:e-?mail|address)|## ?please type your reply",
    r"automatisch (?:generiert|erstellt|erzeugt|versendet|generierte)",
    r"automatische (?:antwort|nachricht|empfangs|eingangs|mail|e-mail|rückmeldung)",
    r"nicht auf diese (?:e-?mail|nachricht|mail)",
    r"(?:message|réponse|courriel|e-?mail|mail|courrier) automatique|généré automatiquement",
    r"envoyé automatiquement|ne pas répondre|automatiquement",
    r"(?:mensaje|respuesta|correo) autom[aá]tic|generad[oa] autom[aá]ticamente|no responda",
    r"(?:messaggio|risposta|e-?mail) automatic|generat[oa] automaticamente",
    r"non rispond(?:a|ere|ete)|automaticamente",
    r"automatisch (?:gegenereerd|antwoord|bericht|verzonden|verstuurd|aangemaakt|e-?mail)",
    r"automatische (?:ontvangst|reactie|e-?mail)|niet op dit bericht|automatyczn(?:a|ie|ą)",
    r"nie odpowiada[jć]|(?:mensagem|resposta|e-?mail) autom[aá]tic|gerad[oa] automaticamente",
    r"não responda|automatiskt|automatisk (?:svar|genere|mail|besked|kvittering)",
    r"automaattinen|automaattise|automaattivastaus|automatick[áyéo]|generován",
)
RECEIVED = _any(
    r"(?:we|i) (?:have |'ve |can )?(?:safely |successfully |now )?(?:received"
    r"|confirm(?:ed)? (?:receipt|that)|acknowledge)",
    r"(?:has|have) been (?:received|registered|logged|created|opened|forwarded to|assigned)",
    r"thank you for (?:contacting|your (?:message|e-?mail|enquiry|inquiry|request|letter"
    r"|mail|interest)|getting in touch|reaching out|writing)",
    r"acknowledge(?:s|ment)? (?:of )?receipt",
    r"your (?:request|ticket|case|enquiry|inquiry) \(?#?\d",
    r"(?:haben|hat) (?:wir |ihre? .{0,60}|uns ).{0,60}erhalten",
    r"(?:ist|sind) bei uns eingegangen|eingegangen|vielen dank für ihre",
    r"danke für (?:ihre|deine)|bestätigen (?:ihnen )?(?:hiermit )?den (?:eingang|empfang)",
    r"ticket(?:nummer)?|(?:avons|ai) bien reçu|bien été (?:reçue?|enregistrée?|prise?)",
    r"merci (?:de|pour) (?:votre|nous)|accus(?:ons|é de) réception|hemos recibido",
    r"ha sido (?:recibid|registrad)|gracias por (?:su|tu|contactar|ponerse|escribir)",
    r"(?:abbiamo|è stat[ao]) (?:ricevut|registrat|aperto)|grazie per (?:aver|la|il|averci)",
    r"(?:hebben|is|werd) .{0,60}(?:ontvangen|geregistreerd|in goede orde)",
    r"bedankt voor (?:uw|je|het)|(?:otrzymaliśmy|zarejestrowa|przyjęliśmy|dziękujemy za)",
    r"(?:recebemos|foi (?:recebid|registad|registrad)|obrigad[oa] (?:por|pel)|agradecemos)",
    r"vi har (?:mottagit|tagit emot|fått|modtaget)|tack för (?:ditt|din|att)",
    r"tak for (?:din|dit|henvendelsen|at)",
    r"(?:er|är) (?:modtaget|mottaget|registrerat|registreret)",
    r"olemme (?:vastaanottaneet|saaneet)|on vastaanotettu",
    r"kiitos (?:viestist|yhteydenot|sähköposti|palaut)",
    r"(?:obdrželi|přijali|zaregistrovali) jsme|jsme (?:obdrželi|přijali)",
    r"byl[ao]? (?:přijat|zaregistrován|doručen)|děkujeme za",
)
PROMISE = _any(
    r"(?:will|shall|'ll|aim to|endeavou?r to|try to) (?:be )?(?:respond|reply|get back"
    r"|answer|contact|be in touch|review|process|deal|attend|look|come back|revert|handle"
    r"|in touch)",
    r"as soon as (?:possible|we can)|within .{0,30}(?:days?|hours?|weeks?)|reviewed by",
    r"shortly",
    r"(?:werden|wird) .{0,120}(?:bearbeit|melden|beantwort|antwort|prüfen|zurückkommen"
    r"|kümmern|in verbindung)",
    r"so (?:schnell|bald|rasch) wie möglich|schnellstmöglich|baldmöglichst|in kürze",
    r"innerhalb",
    r"(?:dans les (?:meilleurs|plus brefs) délais|sous \d+|reviendr|répondr(?:ons|a)"
    r"|dans un délai|traité)",
    r"(?:lo antes posible|a la (?:mayor brevedad|brevedad)|responderemos|contactaremos"
    r"|en breve|en un plazo)",
    r"(?:al più presto|il prima possibile|risponderemo|contatteremo|entro \d"
    r"|appena possibile|a breve)",
    r"(?:zo (?:snel|spoedig) mogelijk|binnen .{0,20}(?:dagen|uur|werkdagen|week)"
    r"|nemen .{0,40}contact|reageren)",
    r"(?:jak najszybciej|wkrótce|odpowiemy|w ciągu|skontaktujemy|najszybciej)",
    r"(?:o mais (?:breve|rápido|rapidamente|cedo) possível|responderemos|em breve|no prazo"
    r"|entraremos em contacto?|com a maior brevidade)",
    r"(?:så (?:snart|fort|hurtigt) (?:som|vi)|återkommer|inom|svarar|besvarar|vender tilbage"
    r"|hurtigst muligt|inden for|besvare)",
    r"(?:mahdollisimman (?:pian|nopeasti)|palaamme|vastaamme|kuluessa|pian)",
    r"(?:co nejdříve|brzy|odpovíme|ozveme|do \d+|v nejbližší|budeme .{0,20}kontaktovat"
    r"|vyřídíme)",
)
TICKET = _any(
    r"\[?(?:ticket|case|request|incident|vorgang|reference|ref|dossier|zgłoszenie|caso|sag"
    r"|ärende|sagsnummer|zaak|chamado|tiket|tapaus)(?:[- ]?(?:id|no|number|nummer|numéro"
    r"|número|numero|nr|n°))?\.?\s?[:#(]{0,3}\s?(?:[A-Z]{0,6}-?)#?\d{3,}",
    r"(?<!\w)#\d{3,}|\[[A-Z]{2,8}-\d{2,}\]|\bCAS-\d{4,}",
)
NO_REPLY = re.compile(r"^(?:do)?[-_.]?(?:not?|donot|ne)[-_.]?(?:reply|pas-?repondre|antwort)", re.I)

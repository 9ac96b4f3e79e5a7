"""Words for who speaks, and for what somebody does by speaking."""

from typing import NamedTuple

from tocsin.domain.casualties import Lang, OrgKind, Status
from tocsin.domain.record.statements import Kind
from tocsin.reading.lexicon.matching import Lexicon


class Body(NamedTuple):
    """
    An office or a body that speaks.

    Attributes:
        origin: One name for all its names, so that it is one source however it is called.
        role: The office, where the words name one; a person holds it.
    """

    origin: str
    kind: OrgKind
    role: bool = False


O = OrgKind  # noqa: E741 - a table of one letter a column
_SES = Body("ses", O.EMERGENCY_SERVICE)
_POLICE = Body("police", O.FORENSIC_POLICE)
_PROSECUTORS = Body("prosecutors", O.FORENSIC_POLICE)
_INTERIOR = Body("interior-ministry", O.INTERIOR_MINISTRY)
_MINISTER = Body("interior-ministry", O.INTERIOR_MINISTRY, True)
_KMVA = Body("city-military-administration", O.MILITARY_ADMINISTRATION)
_HEAD_KMVA = Body("city-military-administration", O.MILITARY_ADMINISTRATION, True)
_OVA = Body("oblast-military-administration", O.MILITARY_ADMINISTRATION)
_HEAD_OVA = Body("oblast-military-administration", O.MILITARY_ADMINISTRATION, True)
_MAYOR = Body("mayor", O.MAYOR, True)
_HEALTH = Body("health-department", O.HEALTH)
_HOSPITAL = Body("hospital", O.HOSPITAL)
_AIR_FORCE = Body("air-force", O.OTHER)
_PRESIDENT = Body("president", O.OTHER, True)
_OFFICE = Body("office-of-the-president", O.OTHER)
_HEAD_OFFICE = Body("office-of-the-president", O.OTHER, True)
_OFFICIALS = Body("officials", O.OTHER)

BODIES: dict[Lang, Lexicon[Body]] = {
    Lang.EN: Lexicon(
        [
            (
                "state emergency service|services, state emergency service of ukraine, ses, dsns, "
                "emergency service|services, "
                "ukraine's state emergency service, emergency services, rescue service|services, "
                "rescuers, emergency officials",
                _SES,
            ),
            (
                "head of the state emergency service, emergency service spokesperson|spokesman|spokeswoman, "
                "emergency services spokesperson|spokesman|spokeswoman",
                _SES._replace(role=True),
            ),
            ("national police, police, police chief, ukrainian police, patrol police", _POLICE),
            (
                "prosecutors, prosecutor general, prosecutor's office, prosecutor general's office, prosecutors'",
                _PROSECUTORS,
            ),
            ("interior ministry, ministry of internal affairs, ministry of interior", _INTERIOR),
            ("interior minister, minister of internal affairs, internal affairs minister", _MINISTER),
            (
                "kyiv city military administration, city military administration, kcma, kmva, "
                "military administration, "
                "kyiv military administration, city's military administration",
                _KMVA,
            ),
            (
                "head of the kyiv city military administration, "
                "head of kyiv city military administration, "
                "head of the city military administration, "
                "head of the city's military administration, "
                "head of the kcma, head of kyiv's military administration, "
                "head of the capital's military administration, "
                "kyiv city military administration head, head of the kyiv military administration, "
                "new head of the kcma, "
                "chief of the city military administration",
                _HEAD_KMVA,
            ),
            ("regional military administration, oblast military administration", _OVA),
            (
                "governor, regional governor, head of the regional military administration, "
                "head of the oblast military administration, "
                "head of the kyiv oblast|regional military administration, regional head",
                _HEAD_OVA,
            ),
            ("mayor, kyiv mayor, city mayor, kyiv's mayor", _MAYOR),
            (
                "health department, health ministry, ministry of health, city health department, health officials",
                _HEALTH,
            ),
            ("hospital officials, doctors, hospital director", _HOSPITAL),
            (
                "air force, ukrainian air force, ukraine's air force, air force of ukraine, "
                "air force command, air defence forces",
                _AIR_FORCE,
            ),
            (
                "leader, ukrainian leader, russian leader, president, ukrainian president, "
                "us president, u . s . president, french president, "
                "russian president, prime minister, chancellor, "
                "british prime minister, polish president, head of state, vice president",
                _PRESIDENT,
            ),
            ("presidential office, office of the president, president's office", _OFFICE),
            (
                "head of the presidential office, head of the president's office, "
                "head of the office of the president, chief of staff, "
                "presidential chief of staff, presidential aide, head of ukraine's presidential office",
                _HEAD_OFFICE,
            ),
            (
                "foreign minister, ukrainian foreign minister, russian foreign minister",
                Body("foreign-ministry", O.OTHER, True),
            ),
            ("foreign ministry, ministry of foreign affairs, state department", Body("foreign-ministry", O.OTHER)),
            ("defence|defense minister", Body("defence-ministry", O.OTHER, True)),
            (
                "defence|defense ministry, ministry of defence|defense, "
                "russia's defence|defense ministry, russian defence|defense ministry, "
                "russian ministry of defence|defense",
                Body("defence-ministry", O.OTHER),
            ),
            ("kremlin, kremlin spokesman, kremlin spokesperson, moscow", Body("kremlin", O.FOREIGN_OFFICIAL)),
            ("ambassador, envoy, israeli ambassador, special envoy", Body("ambassador", O.FOREIGN_OFFICIAL, True)),
            ("un, united nations, u . n, un human rights monitoring mission, unicef", Body("united-nations", O.OTHER)),
            (
                "secretary-general, un secretary-general, nato secretary general, secretary general",
                Body("secretary-general", O.OTHER, True),
            ),
            (
                "european union, eu, european commission, nato, white house, g7, amnesty international, red cross",
                Body("international-organisation", O.OTHER),
            ),
            ("european commission president, eu foreign policy chief", Body("european-commission", O.OTHER, True)),
            (
                "security service of ukraine, sbu, security service, military intelligence, general staff",
                Body("security-forces", O.OTHER),
            ),
            ("afp journalists, afp journalist, afp reporters, afp", Body("afp", O.NEWSROOM)),
            ("reuters, reuters journalists, reuters witnesses, witnesses", Body("reuters", O.NEWSROOM)),
            ("ap, associated press", Body("ap", O.NEWSROOM)),
            (
                "ukrinform, suspilne, ukrainska pravda, kyiv independent, interfax-ukraine, unn, "
                "rbc-ukraine, local media, public broadcaster, bbc, cnn",
                Body("newsroom", O.NEWSROOM),
            ),
            (
                "officials, authorities, local officials, ukrainian officials, city officials, "
                "local authorities, ukrainian authorities, officials said",
                _OFFICIALS,
            ),
            ("ukrenergo, dtek", Body("power-company", O.OTHER)),
        ]
    ),
    Lang.UK: Lexicon(
        [
            (
                "дснс, державн* служб* з надзвичайних ситуацій, "
                "державн* служб* україни з надзвичайних ситуацій, рятувальник*, "
                "держслужб* з надзвичайних ситуацій, "
                "служб* порятунку",
                _SES,
            ),
            (
                "речни* дснс, речниц* дснс, голов* дснс, голов* державної служби з надзвичайних ситуацій",
                _SES._replace(role=True),
            ),
            ("нацполіц*, поліц*, національн* поліці*, правоохоронц*", _POLICE),
            ("прокурат*, генпрокур*, офіс* генпрокурора, офіс* генерального прокурора", _PROSECUTORS),
            ("мвс, міністерств* внутрішніх справ", _INTERIOR),
            ("міністр* внутрішніх справ, глав* мвс, очільник* мвс, голов* мвс, керівник* мвс", _MINISTER),
            (
                "кмва, київськ* міськ* військов* адміністраці*, військов* адміністраці*, "
                "міськ* військов* адміністраці*",
                _KMVA,
            ),
            (
                "начальник* кмва, голов* кмва, очільник* кмва, керівник* кмва, "
                "начальник* київської міської військової адміністрації, "
                "голов* київської міської військової адміністрації, "
                "очільник* київської міської військової адміністрації, "
                "начальник* міської військової адміністрації, "
                "голов* міської військової адміністрації",
                _HEAD_KMVA,
            ),
            ("ова, обласн* військов* адміністраці*", _OVA),
            (
                "начальник* ова, голов* ова, очільник* ова, очільник* області, "
                "начальник* обласної військової адміністрації, "
                "голов* обласної військової адміністрації, "
                "начальник* київської ова, начальник* харківської ова, начальник* одеської ова, "
                "голов* київської ова, губернатор*",
                _HEAD_OVA,
            ),
            (
                "мер, мера, мером, міськ* голов*, мер києва, мера києва, мер харкова, мера харкова, "
                "міський голова києва, столичн* мер*",
                _MAYOR,
            ),
            ("департамент* охорони здоров'я, моз, міністерств* охорони здоров'я", _HEALTH),
            ("лікар* лікарні, адміністраці* лікарні, медик*, лікар*", _HOSPITAL),
            (
                "повітрян* сил*, повітрян* сил* зсу, повітрян* сил* збройних сил україни, командуван* повітряних сил",
                _AIR_FORCE,
            ),
            (
                "президент*, президент* україни, глав* держави, президент* сша, прем'єр-міністр*, "
                "прем'єр*, канцлер*, президент* франції, віцепрезидент*, "
                "прем'єр-міністр* великої британії, президент* польщі, президент* рф",
                _PRESIDENT,
            ),
            ("офіс* президента", _OFFICE),
            (
                "керівник* офісу президента, голов* офісу президента, очільник* офісу президента, "
                "глав* офісу президента, керівник* оп",
                _HEAD_OFFICE,
            ),
            ("міністр* закордонних справ, глав* мзс, очільник* мзс", Body("foreign-ministry", O.OTHER, True)),
            ("мзс, міністерств* закордонних справ, держдеп*", Body("foreign-ministry", O.OTHER)),
            ("міністр* оборони", Body("defence-ministry", O.OTHER, True)),
            ("міноборони, міністерств* оборони, міноборони рф, міноборони росії", Body("defence-ministry", O.OTHER)),
            ("кремл*, речник* кремля", Body("kremlin", O.FOREIGN_OFFICIAL)),
            (
                "посол, посла, послом, посольств*, посол ізраїлю, спецпосланець, спецпосланник*",
                Body("ambassador", O.FOREIGN_OFFICIAL, True),
            ),
            ("оон, юнісеф, моніторингов* місі* оон", Body("united-nations", O.OTHER)),
            ("генсек*, генеральн* секретар*", Body("secretary-general", O.OTHER, True)),
            (
                "євросоюз*, єс, єврокомісі*, нато, білий дім, червон* хрест*",
                Body("international-organisation", O.OTHER),
            ),
            ("сбу, служб* безпеки україни, генштаб*, гур", Body("security-forces", O.OTHER)),
            ("afp, журналіст* afp", Body("afp", O.NEWSROOM)),
            ("reuters, журналіст* reuters", Body("reuters", O.NEWSROOM)),
            (
                "суспільн*, укрінформ*, українськ* правд*, рбк-україна, інтерфакс-україна, унн, "
                "кореспондент*, радіо свобода",
                Body("newsroom", O.NEWSROOM),
            ),
            ("влад*, місцев* влад*, чиновник*, посадовц*", _OFFICIALS),
            ("укренерго, дтек", Body("power-company", O.OTHER)),
        ]
    ),
}

# People who speak for the city or the state, and what they speak for where their office is not said.
KNOWN: dict[Lang, Lexicon[tuple[str, Body]]] = {
    Lang.EN: Lexicon(
        [
            ("vitali|vitaliy klitschko, klitschko", ("Klitschko", _MAYOR)),
            ("tymur|timur tkachenko, tkachenko", ("Tkachenko", _HEAD_KMVA)),
            ("ihor|igor klymenko, klymenko", ("Klymenko", _MINISTER)),
            ("andriy|andrii yermak, yermak", ("Yermak", _HEAD_OFFICE)),
            ("volodymyr zelensky|zelenskyy|zelenskiy, zelensky, zelenskyy, zelenskiy", ("Zelensky", _PRESIDENT)),
            ("andriy|andrii sybiha, sybiha", ("Sybiha", Body("foreign-ministry", O.OTHER, True))),
            ("dmitry peskov, peskov", ("Peskov", Body("kremlin", O.FOREIGN_OFFICIAL, True))),
            ("sergei lavrov, lavrov", ("Lavrov", Body("foreign-ministry-ru", O.FOREIGN_OFFICIAL, True))),
            ("vladimir putin, putin", ("Putin", Body("kremlin", O.FOREIGN_OFFICIAL, True))),
            ("donald trump, trump", ("Trump", Body("us-president", O.FOREIGN_OFFICIAL, True))),
            ("emmanuel macron, macron", ("Macron", Body("french-president", O.FOREIGN_OFFICIAL, True))),
            ("keir starmer, starmer", ("Starmer", Body("british-prime-minister", O.FOREIGN_OFFICIAL, True))),
            (
                "svitlana petrenko, petrenko, svitlana vodolaha, vodolaha, pavlo petrov, petrov",
                ("", _SES._replace(role=True)),
            ),
            ("ihor terekhov, terekhov", ("Terekhov", Body("mayor-kharkiv", O.MAYOR, True))),
        ]
    ),
    Lang.UK: Lexicon(
        [
            ("віталі* кличк*, кличк*", ("Кличко", _MAYOR)),
            ("тимур* ткаченк*, ткаченк*", ("Ткаченко", _HEAD_KMVA)),
            ("ігор* клименк*, клименк*", ("Клименко", _MINISTER)),
            ("андрі* єрмак*, єрмак*", ("Єрмак", _HEAD_OFFICE)),
            ("володимир* зеленськ*, зеленськ*", ("Зеленський", _PRESIDENT)),
            ("андрі* сибіг*, сибіг*", ("Сибіга", Body("foreign-ministry", O.OTHER, True))),
            ("дмитр* пєсков*, пєсков*", ("Пєсков", Body("kremlin", O.FOREIGN_OFFICIAL, True))),
            ("лавров*", ("Лавров", Body("foreign-ministry-ru", O.FOREIGN_OFFICIAL, True))),
            ("путін*", ("Путін", Body("kremlin", O.FOREIGN_OFFICIAL, True))),
            ("дональд* трамп*, трамп*", ("Трамп", Body("us-president", O.FOREIGN_OFFICIAL, True))),
            ("макрон*", ("Макрон", Body("french-president", O.FOREIGN_OFFICIAL, True))),
            ("ігор* терехов*, терехов*", ("Терехов", Body("mayor-kharkiv", O.MAYOR, True))),
            ("світлан* водолаг*, водолаг*, павл* петров*, петров*", ("", _SES._replace(role=True))),
        ]
    ),
}

# Verbs of speech, and what is done by them. The plain ones only report.
SPEECH: dict[Lang, Lexicon[Kind]] = {
    Lang.EN: Lexicon(
        [
            (
                "said, says, reported, reports, told, added, wrote, posted, announced, stated, "
                "stressed, noted, confirmed, tweeted, "
                "commented, explained, according to, informed, specified, described, called it, "
                "emphasised, emphasized, insisted, "
                "warned, clarified, argued, claimed, accused, saying, asked, hailed, tells, adding, writing",
                Kind.REPORT,
            ),
            (
                "condemned, condemns, denounced, denounces, decried, deplored, condemning, strongly condemned",
                Kind.CONDEMNATION,
            ),
            ("denied, denies, denying, disputed, dismissed as false", Kind.DENIAL),
            ("proposed, proposes, offered, offers, suggested, suggests, proposing, put forward", Kind.PROPOSAL),
            ("accepted, accepts, agreed to, agreed, agrees to, welcomed, backed", Kind.ACCEPTANCE),
            (
                "rejected, rejects, refused, refuses, ruled out, rules out, turned down, rejecting, declined, refusing",
                Kind.REJECTION,
            ),
            (
                "demanded, demands, called for, called on, calls for, calls on, urged, urges, "
                "demanding, urging, calling for, calling on, appealed",
                Kind.DEMAND,
            ),
            ("pledged, pledges, promised, promises, vowed, vows, pledging, vowing, committed to, assured", Kind.PLEDGE),
            (
                "ordered, orders, instructed, instructs, ordering, decreed, tasked, "
                "declared a day of mourning, directed, declared",
                Kind.ORDER,
            ),
        ]
    ),
    Lang.UK: Lexicon(
        [
            (
                "повідоми*, повідомля*, назвав, назвала, сказа*, заяви*, зазначи*, додав, додала, додали, напис*, "
                "написа*, розпові*, уточни*, наголоси*, підкресли*, інформу*, "
                "за словами, за даними, за інформацією, зауваж*, поінформува*, відзначи*, "
                "підтверди*, йдеться, пише, пишуть, каже, кажуть, передає, передають, "
                "розповіда*, поясни*, згідно з даними, констату*, оголоси*, попереди*, заявля*, "
                "стверджу*, звинувати*, як повідомили",
                Kind.REPORT,
            ),
            ("засуди*, засуджу*", Kind.CONDEMNATION),
            ("заперечи*, запереч*, спростува*, спростову*", Kind.DENIAL),
            ("запропонува*, пропону*", Kind.PROPOSAL),
            ("погоди*, прийняв, прийняла, прийняли, схвали*, підтрима*, згоди*", Kind.ACCEPTANCE),
            ("відкину*, відхили*, відмови*, відкида*", Kind.REJECTION),
            ("вимага*, заклика*, заклика*, закликав, зажада*, зажадав", Kind.DEMAND),
            ("пообіця*, обіця*, запевни*, зобов'яза*", Kind.PLEDGE),
            (
                "доручи*, наказа*, розпоряди*, оголосив у місті день жалоби, оголошено день жалоби, "
                "оголосили день жалоби, доруча*",
                Kind.ORDER,
            ),
        ]
    ),
}

# What the words said amount to, where the verb only says that they were said.
MEANT: dict[Lang, Lexicon[Kind]] = {
    Lang.EN: Lexicon(
        [
            ("condemn, denounce, war crime, act of terror", Kind.CONDEMNATION),
            ("deny, did not target, not involved, untrue", Kind.DENIAL),
            ("propose, we are offering, proposal is, ready to offer, is ready for a ceasefire", Kind.PROPOSAL),
            ("we accept, agree to the proposal", Kind.ACCEPTANCE),
            (
                "reject, will not accept, will never recognise|recognize, unacceptable, "
                "won't accept, will not recognise|recognize",
                Kind.REJECTION,
            ),
            (
                "there must be, must stop, must be stopped, must agree, must end, demand, must be held, "
                "must immediately, we call on, vladimir , stop, stop !, must cease, need to stop, "
                "must halt",
                Kind.DEMAND,
            ),
            (
                "will continue to support, we will rebuild, will provide, we promise, will help, "
                "will be provided, will send",
                Kind.PLEDGE,
            ),
        ]
    ),
    Lang.UK: Lexicon(
        [
            ("засуджу*, воєнний злочин, акт терору", Kind.CONDEMNATION),
            ("не атакувал*, не причетн*, неправда, заперечу*", Kind.DENIAL),
            ("пропоную, пропонуємо, готов* до припинення вогню", Kind.PROPOSAL),
            ("погоджуємось, погоджуємося, приймаємо", Kind.ACCEPTANCE),
            ("ніколи не визна*, неприйнятн*, не приймемо, відкидаємо, не погодимось", Kind.REJECTION),
            (
                "має припинити, повинна припинити, маєш зупинитися, вимагаємо, закликаю, закликаємо, "
                "має негайно, потрібно припинити, має погодитись",
                Kind.DEMAND,
            ),
            ("день жалоби", Kind.ORDER),
            ("відбудуємо, надамо, обіцяю, отримають допомогу, буде надано, допоможемо", Kind.PLEDGE),
        ]
    ),
}

# How sure the words say the figures of their sentence are.
STATUS: dict[Lang, Lexicon[Status]] = {
    Lang.EN: Lexicon(
        [
            ("preliminary, preliminarily, initial reports, initial information, early reports", Status.PRELIMINARY),
            ("confirmed, officially confirmed", Status.CONFIRMED),
            ("revised, clarified, corrected, not as previously reported", Status.REVISED),
        ]
    ),
    Lang.UK: Lexicon(
        [
            ("попередн*, за першими даними", Status.PRELIMINARY),
            ("підтверджен*, підтверди*", Status.CONFIRMED),
            ("уточнен*, уточнил*, переглянут*", Status.REVISED),
        ]
    ),
}

# Before the source that a source cites.
CITES: dict[Lang, Lexicon[str]] = {
    Lang.EN: Lexicon([("citing, quoting, with reference to, referring to, cited, quoted", "cites")]),
    Lang.UK: Lexicon([("з посиланням на, із посиланням на, посилаючись на, з посиланням", "cites")]),
}

"""The words of a bulletin in both languages. Plain, exact, and without a word too many: people read them for a name."""

from tocsin.domain.bulletins.grammar import Agrees
from tocsin.domain.casualties import Lang, Measure, Reason, Status

EN, UK = Lang.EN, Lang.UK

STATUSES: dict[Status, dict[Lang, str]] = {
    Status.PRELIMINARY: {EN: "preliminary", UK: "попередньо"},
    Status.REVISED: {EN: "revised", UK: "уточнено"},
    Status.CONFIRMED: {EN: "confirmed", UK: "підтверджено"},
}
OPENINGS: dict[Status, dict[Lang, str]] = {
    Status.PRELIMINARY: {EN: "According to preliminary information, ", UK: "За попередніми даними, "},
    Status.REVISED: {EN: "According to revised information, ", UK: "За уточненими даними, "},
    Status.CONFIRMED: {EN: "", UK: ""},
}
REASONS: dict[Reason, dict[Lang, str]] = {
    Reason.MISIDENTIFIED: {EN: "a person was misidentified", UK: "особу було встановлено помилково"},
    Reason.REMAINS_UNDER_EXAMINATION: {EN: "remains are under examination", UK: "останки передано на експертизу"},
    Reason.DOUBLE_COUNT: {EN: "somebody had been counted twice", UK: "когось порахували двічі"},
    Reason.SCOPE_ERROR: {EN: "the figure was for another area", UK: "число стосувалося іншої території"},
    Reason.PERSON_FOUND_ALIVE: {EN: "a person was found alive", UK: "людину знайшли живою"},
}

# What is said when nobody was hurt, and when nobody has said so yet: these are two different things.
NOBODY: dict[Measure, dict[Lang, str]] = {
    Measure.KILLED: {EN: "no one was killed", UK: "загиблих немає"},
    Measure.INJURED: {EN: "no one was wounded", UK: "поранених немає"},
}
UNREPORTED: dict[Measure, dict[Lang, str]] = {
    Measure.KILLED: {EN: "no deaths have been reported", UK: "про загиблих не повідомляли"},
    Measure.INJURED: {EN: "no injuries have been reported", UK: "про поранених не повідомляли"},
}
NOTHING = {
    EN: "Nothing has been reported about people killed or wounded.",
    UK: "Про загиблих і поранених не повідомляли.",
}
# Ukrainian verbs go before the number and agree with it.
DIED = {Agrees.ONE: "загинула", Agrees.FEW: "загинули", Agrees.MANY: "загинуло"}
WOUNDED = {Agrees.ONE: "поранень зазнала", Agrees.FEW: "поранень зазнали", Agrees.MANY: "поранень зазнало"}
TAKEN = {Agrees.ONE: "до лікарень потрапила", Agrees.FEW: "до лікарень потрапили", Agrees.MANY: "до лікарень потрапило"}
STAYING = {
    Agrees.ONE: "у лікарнях перебуває",
    Agrees.FEW: "у лікарнях перебувають",
    Agrees.MANY: "у лікарнях перебуває",
}
INCLUDING = {EN: "including", UK: "зокрема"}

VERSIONS = {
    "Initial": {EN: "initial", UK: "перше"},
    "Update": {EN: "update", UK: "оновлення"},
    "Final": {EN: "final", UK: "підсумкове"},
}
TITLE = {EN: "Bulletin No. {number} ({version})", UK: "Зведення № {number} ({version})"}
COVERS = {
    EN: "As of {cutoff}, local time ({zone}); reporting period since {since}. "
    "The figures are totals since the attack began.",
    UK: "Станом на {cutoff}, час місцевий ({zone}); звітний період — від {since}. Дані — загалом від початку атаки.",
}
CORRECTS = {EN: ", corrects No. {number}", UK: ", виправляє № {number}"}
CORRECTION = {
    EN: "This corrects bulletin No. {number}, which no longer holds. What was wrong: {wrong}",
    UK: "Це виправлення зведення № {number}, яке більше не чинне. Що було не так: {wrong}",
}
FIGURES = {EN: "Figures and their sources:", UK: "Дані та їхні джерела:"}
ALL_SOURCES = {EN: "; all sources: {range}", UK: "; за всіма джерелами: {range}"}
SITE = {EN: ", site {site}", UK: ", об'єкт {site}"}
AREA = {EN: ", area {place}", UK: ", територія {place}"}
UNCLEAR = {EN: "What is not clear:", UK: "Що залишається нез'ясованим:"}
NOT_ADDED = {
    EN: "The source leaves open which figure they are part of; they are added to none.",
    UK: "Джерело не уточнює, до якого з чисел вони входять; їх не додано до жодного.",
}
DIFFER = {EN: "Where sources differ:", UK: "Де джерела розходяться:"}
CHANGED = {EN: "Changed since bulletin No. {number}:", UK: "Зміни після зведення № {number}:"}
CHANGE = {EN: "{what}: {before} before, now {now}.", UK: "{what}: було {before}, тепер {now}."}
GONE = {
    EN: "{what}: {before} before; the report was withdrawn and no other is known.",
    UK: "{what}: було {before}; повідомлення відкликано, інших даних немає.",
}
BECAUSE = {EN: "Why it is lower: {reason}.", UK: "Чому менше: {reason}."}
REPORT_WITHDRAWN = {EN: "the earlier report was withdrawn", UK: "попереднє повідомлення відкликано"}
OTHER_SOURCE = {
    EN: "the figure now comes from {source}",
    UK: "тепер дані надає {source}",
}
NEXT = {EN: "Next bulletin: {time}.", UK: "Наступне зведення: {time}."}
LAST = {
    EN: "This is the final bulletin. Corrections, if any, will be published.",
    UK: "Це підсумкове зведення. Якщо будуть уточнення, їх оприлюднять.",
}
STILL = {EN: "The figures may change.", UK: "Дані можуть змінюватися."}
WITHDRAWN = {
    EN: "Bulletin No. {number} is withdrawn. Do not rely on its figures. Reason: {reason}",
    UK: "Зведення № {number} відкликано. Не покладайтеся на його дані. Причина: {reason}",
}

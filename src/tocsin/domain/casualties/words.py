"""What is counted, in words of both languages."""

from tocsin.domain.casualties.claims import Measure
from tocsin.domain.casualties.numerals import Lang

EN, UK = Lang.EN, Lang.UK

MEASURES: dict[Measure, dict[Lang, str]] = {
    Measure.KILLED: {EN: "Killed", UK: "Загиблі"},
    Measure.INJURED: {EN: "Wounded", UK: "Поранені"},
    Measure.HOSPITALISED: {EN: "Taken to hospital", UK: "Госпіталізовані"},
    Measure.TREATED_ON_SCENE: {EN: "Treated at the scene", UK: "Отримали допомогу на місці"},
    Measure.DISCHARGED: {EN: "Discharged from hospital", UK: "Виписані з лікарень"},
    Measure.DIED_IN_HOSPITAL: {EN: "Died in hospital", UK: "Померли в лікарнях"},
    Measure.MISSING: {EN: "Missing", UK: "Зниклі безвісти"},
    Measure.TRAPPED: {EN: "Trapped", UK: "Заблоковані під завалами"},
    Measure.RESCUED_ALIVE: {EN: "Rescued alive", UK: "Врятовані"},
    Measure.REMAINS_UNIDENTIFIED: {EN: "Remains not yet identified", UK: "Ще не ідентифіковані останки"},
    Measure.EVACUATED: {EN: "Evacuated", UK: "Евакуйовані"},
    Measure.PSYCH_SUPPORT: {EN: "Given psychological support", UK: "Отримали психологічну допомогу"},
}
PRESENT: dict[Measure, dict[Lang, str]] = {Measure.HOSPITALISED: {EN: "In hospital", UK: "Перебувають у лікарнях"}}
"""What a measure is called when it tells how things were at that moment."""
STRATA: dict[str, dict[Lang, str]] = {
    "child": {EN: "children", UK: "діти"},
    "adult": {EN: "adults", UK: "дорослі"},
    "age-unknown": {EN: "age not known", UK: "вік невідомий"},
    "female": {EN: "women and girls", UK: "жінки й дівчата"},
    "male": {EN: "men and boys", UK: "чоловіки й хлопці"},
    "sex-unknown": {EN: "sex not known", UK: "стать невідома"},
    "civilian": {EN: "civilians", UK: "цивільні"},
    "responder": {EN: "responders", UK: "рятувальники"},
    "military": {EN: "military", UK: "військові"},
    "role-unknown": {EN: "not known whether civilian", UK: "належність невідома"},
    "current": {EN: "at that time", UK: "на той момент"},
    "ever": {EN: "in all", UK: "загалом"},
    "per_period": {EN: "in the period", UK: "за період"},
}

# Read as: what is broken when this rule is named. E: the claims cannot all be true. W: somebody should look again.
RULES: dict[str, dict[Lang, str]] = {
    "D1": {EN: "two origins give one count differently", UK: "два першоджерела називають різні числа"},
    "E1": {EN: "a figure needs 0 <= lo <= point <= hi", UK: "число потребує 0 <= lo <= point <= hi"},
    "E2": {EN: "a part cannot be larger than the whole", UK: "частина не може бути більшою за ціле"},
    "E3": {
        EN: "those treated at the scene and those taken to hospital are among the wounded",
        UK: "ті, кому допомогли на місці, та госпіталізовані входять до числа поранених",
    },
    "E4": {
        EN: "a claim is not larger than the one it is stated to be a part of",
        UK: "число не може перевищувати те, частиною якого його названо",
    },
    "E5": {
        EN: "what happened at the sites is within what happened in the area around them",
        UK: "сума за об'єктами не може перевищувати числа для всієї території",
    },
    "E6": {
        EN: "a count that only grows goes down only as a revision with a reason",
        UK: "число, що лише зростає, зменшується тільки як уточнення з поясненням",
    },
    "E7": {
        EN: "whoever dies of a wound is among the killed and stays among those ever wounded",
        UK: "хто помер від поранення, належить до загиблих і лишається в числі всіх поранених",
    },
    "E8": {
        EN: "admitted are those in hospital now, those discharged and those who died there",
        UK: "госпіталізовані — це ті, хто в лікарні, виписані та померлі там",
    },
    "E9": {
        EN: "there are fewer missing, and not as many more were found alive or dead",
        UK: "зниклих поменшало, але стільки ж знайдених живими чи загиблими не додалося",
    },
    "E10": {
        EN: "what the worksites report is within what is stated for the whole",
        UK: "дані робочих майданчиків не можуть перевищувати загального числа",
    },
    "E11": {
        EN: "a claim is published after the moment it is true for, and that is after the attack began",
        UK: "дані оприлюднюють після моменту, якого вони стосуються, а він — після початку атаки",
    },
    "E12": {
        EN: "a confirmed claim needs its document and its words",
        UK: "підтверджене число потребує документа й цитати",
    },
    "P1": {
        EN: "a count cannot be less than the persons known one by one",
        UK: "число не може бути меншим за кількість поіменно облікованих осіб",
    },
    "W1": {
        EN: "more killed than somebody who counted later allows",
        UK: "загиблих більше, ніж допускає пізніший підрахунок",
    },
    "W2": {
        EN: "one document has the same number for two different things",
        UK: "в одному документі те саме число для двох різних показників",
    },
    "W3": {EN: "a round number far above the last count", UK: "кругле число, значно більше за попереднє"},
    "W4": {EN: "as many in hospital as wounded", UK: "госпіталізованих стільки ж, скільки поранених"},
    "W5": {
        EN: "it is not certain what this is a part of; only what every reading implies is derived",
        UK: "невідомо, частиною чого є це число; виводимо лише те, що випливає з кожного прочитання",
    },
}

"""Words for what happened to people, for the people themselves, and for how a part is told from its whole."""

from enum import StrEnum
from typing import NamedTuple

from tocsin.domain.casualties import Age, Lang, Measure, Role, Sem, Sex
from tocsin.reading.lexicon.matching import Lexicon


class Place(StrEnum):
    """Where the number stands that a word counts."""

    AFTER = "after"
    """Active: "killing nine", `внаслідок чого загинуло 9`."""
    ANY = "any"


class Happened(NamedTuple):
    """
    A word for what happened to people.

    Attributes:
        also: Told by the same word: "no casualties" speaks of the killed and of the wounded.
        one: In the singular: a bare noun beside it is one person.
    """

    measure: Measure
    place: Place = Place.ANY
    also: Measure | None = None
    sem: Sem | None = None
    one: bool = False


class People(NamedTuple):
    """A word for people. `one`: in the singular, so that it needs no number."""

    age: Age = Age.ALL
    sex: Sex = Sex.ALL
    role: Role = Role.ALL
    one: bool = False


M = Measure
_AFTER = Place.AFTER

# The longest pattern wins, so that "taken to hospital" is not "taken".
HAPPENED: dict[Lang, Lexicon[Happened]] = {
    Lang.EN: Lexicon(
        [
            (
                "killing, claiming the lives of, claimed the lives of, claims the lives of, "
                "taking the lives of, kills, "
                "took the lives of",
                Happened(M.KILLED, _AFTER),
            ),
            (
                "killed, dead, died, deaths, fatalities, fatally wounded, lost their lives, "
                "lost his life, dies, die, slain, "
                "lost her life, death toll, were victims, perished, fatality, lives lost, deceased, death, bodies, "
                "kill, fatally injured, succumbed, lives",
                Happened(M.KILLED),
            ),
            ("body of, body", Happened(M.KILLED, one=True)),
            ("wounding, injuring, hurting, injures, wounds", Happened(M.INJURED, _AFTER)),
            (
                "wounded, injured, hurt, injuries, suffered injuries, sustained injuries, wound, "
                "injure, suffered wounds, "
                "suffered shrapnel wounds, were affected, sustained shrapnel wounds, "
                "sustained wounds, suffered burns, "
                "suffered various injuries, sustained various injuries, suffered minor injuries, received injuries, "
                "acute stress reaction, suffered acute stress",
                Happened(M.INJURED),
            ),
            ("casualties", Happened(M.INJURED, also=M.KILLED)),
            (
                "remain in|at hospital|hospitals|hospitalised|hospitalized, remain hospitalised|hospitalized, "
                "still in hospital|hospitals, remains in hospital, are in hospital|hospitals, "
                "are being treated in hospital|hospitals, "
                "are still in hospital|hospitals, were in hospital|hospitals, "
                "undergoing treatment in hospital|hospitals, "
                "are receiving treatment in hospital|hospitals, being treated in hospital|hospitals",
                Happened(M.HOSPITALISED, sem=Sem.CURRENT),
            ),
            (
                "hospitalised, hospitalized, hospitalisations, hospitalizations, in hospital, "
                "in hospitals, in the hospital, in "
                "city hospitals, to hospital, to hospitals, to the hospital, to a hospital, "
                "to local hospitals, to city hospitals, "
                "to medical facilities, to a medical facility, admitted, in local hospitals, "
                "required hospitalisation|hospitalization, "
                "needed hospital treatment",
                Happened(M.HOSPITALISED),
            ),
            (
                "died in hospital, died in a|the hospital, dies in hospital, dies in a|the hospital, "
                "died in intensive care, "
                "died of his|her|their wounds in hospital, died of his|her|their injuries in hospital",
                Happened(M.DIED_IN_HOSPITAL),
            ),
            (
                "treated at the scene, treated on the scene, treated on site, treated on the spot, "
                "treated at scene, treated on scene, "
                "received|given medical assistance on the spot|site, received|given medical help on the spot|site, "
                "assisted on the spot, treated as outpatients, received outpatient treatment, "
                "received|given medical assistance at the scene, "
                "received first aid at the scene, helped on the spot, treated as an outpatient, "
                "given first aid at the scene, "
                "received|given medical aid on the spot|site, received|given help on the spot|site, "
                "helped at the scene, given help at the scene",
                Happened(M.TREATED_ON_SCENE),
            ),
            ("discharged", Happened(M.DISCHARGED)),
            ("missing, unaccounted for, unaccounted", Happened(M.MISSING)),
            (
                "trapped, under the rubble, beneath the rubble, under rubble, buried, under the debris",
                Happened(M.TRAPPED),
            ),
            (
                "rescued, saved, pulled alive, pulled out alive, pulled from the rubble alive, pulled from the rubble",
                Happened(M.RESCUED_ALIVE),
            ),
            ("rescued alive", Happened(M.RESCUED_ALIVE)),
            ("rescuing, saving", Happened(M.RESCUED_ALIVE, _AFTER)),
            (
                "unidentified remains, remains not yet identified, unidentified bodies, unidentified body parts",
                Happened(M.REMAINS_UNIDENTIFIED),
            ),
            ("evacuated, led to safety, taken to safety, brought to safety", Happened(M.EVACUATED)),
            ("evacuating", Happened(M.EVACUATED, _AFTER)),
            (
                "psychological help|assistance|support|aid, psychologists, help from psychologists, psychologist",
                Happened(M.PSYCH_SUPPORT),
            ),
        ]
    ),
    Lang.UK: Lexicon(
        [
            (
                "забрав|забрала|забрало|забрали життя, обірвав|обірвала|обірвали життя, вбивши, "
                "убивши, вбив, убив, вбила, убила, "
                "вбили, убили",
                Happened(M.KILLED, _AFTER),
            ),
            (
                "загинул*, загибл*, загину*, вбит*, убит*, вбито, убито, помер*, жертв, жертви, "
                "жертвами, жертв, жертвою, тіла, тіл, "
                "загибель, загибелі, загибеллю, смерть, смерті, смертей, летальн*",
                Happened(M.KILLED),
            ),
            ("загинув, загинула, загинуло, тіло, вбито, помер, померла", Happened(M.KILLED, one=True)),
            ("поранивши, травмувавши", Happened(M.INJURED, _AFTER)),
            (
                "постраждал*, поранен*, травмован*, травм*, поранен*, потерпіл*, "
                "зазнали поранень|травм, отримали поранення|травми|травм, "
                "дістали поранення|травми|травм, дістали різних поранень|травм, "
                "отримали різні поранення|травми, зазнали різних травм|поранень, "
                "гостр* реакці* на стрес, гостр* стресов* реакці*, постражда*",
                Happened(M.INJURED),
            ),
            (
                "постраждав, постраждала, поранено, поранений, поранена, травмовано, травмувався, "
                "травмувалася, травмувалась, "
                "отримав поранення|травми, отримала поранення|травми, дістав поранення|травми, "
                "дістала поранення|травми, "
                "зазнав поранень|травм, зазнала поранень|травм",
                Happened(M.INJURED, one=True),
            ),
            (
                "перебувають у|в лікарн*, перебуває у|в лікарн*, залишаються у|в лікарн*, "
                "лишаються у|в лікарн*, перебувають у|в стаціонар*, "
                "залишаються у|в стаціонар*, лікуються у|в стаціонар*, лікуються у|в лікарн*, "
                "перебувають у|в медичних закладах, "
                "перебувають у|в медзакладах, перебувають на лікуванні, у|в лікарнях перебувають, "
                "у|в лікарнях залишаються, "
                "на стаціонарному лікуванні, у|в стаціонарах перебувають, залишаються госпіталізованими",
                Happened(M.HOSPITALISED, sem=Sem.CURRENT),
            ),
            (
                "госпіталізован*, шпиталізован*, госпіталізува*, шпиталізува*, госпіталізаці*, "
                "шпиталізаці*, у|в лікарн*, до лікарн*, до лікарен*, "
                "до медзаклад*, до медичн* заклад*, у|в стаціонар*, в|у медзаклад*, "
                "у|в медичн* заклад*, до шпитал*, у|в шпитал*, "
                "у|в лікарен*, до міських лікарень, до столичних лікарень",
                Happened(M.HOSPITALISED),
            ),
            (
                "помер* у|в лікарн*, померл* у|в лікарн*, помер* в реанімації, помер* у реанімації, "
                "у|в лікарн* помер*, "
                "помер* у|в шпитал*, помер* у|в медзаклад*",
                Happened(M.DIED_IN_HOSPITAL, one=True),
            ),
            (
                "допомог* на місці, допомог* надали на місці, допомог* надано на місці, "
                "допомог* медики надали на місці, лікуються амбулаторно, "
                "на амбулаторн* лікуван*, допомог* амбулаторно, на місці надали допомогу, "
                "на місці надано допомогу, на місці отримали допомогу, "
                "обслужен* на місці, на місці надана допомога, лікуватимуться амбулаторно, "
                "допомог* лікарі надали на місці, амбулаторно",
                Happened(M.TREATED_ON_SCENE),
            ),
            ("виписан*, виписали", Happened(M.DISCHARGED)),
            (
                "зникли безвісти, зниклими безвісти, зникл*, безвісти, не виходять на зв'язок, не виходить на зв'язок",
                Happened(M.MISSING),
            ),
            ("під завал*, заблокован*, у|в завалах, під уламками будин*", Happened(M.TRAPPED)),
            (
                "врятован*, урятован*, врятува*, урятува*, деблокували, деблоковано, дістали живими, витягли живими",
                Happened(M.RESCUED_ALIVE),
            ),
            (
                "неідентифікован* останк*, неопізнан* останк*, останк* ще не ідентифікован*, "
                "неідентифікован* тіл*, фрагмент* тіл*",
                Happened(M.REMAINS_UNIDENTIFIED),
            ),
            ("евакуйован*, евакуюва*, вивели з будинку, виведено на свіже повітря", Happened(M.EVACUATED)),
            ("психологічн* допомог*, психологічн* підтримк*, психолог*", Happened(M.PSYCH_SUPPORT)),
        ]
    ),
}

_CHILD = People(age=Age.CHILD)
_A_CHILD = People(age=Age.CHILD, one=True)
_A_BOY = People(age=Age.CHILD, sex=Sex.MALE, one=True)
_A_GIRL = People(age=Age.CHILD, sex=Sex.FEMALE, one=True)
_RESPONDER = People(role=Role.RESPONDER)
_A_RESPONDER = People(role=Role.RESPONDER, one=True)

PEOPLE: dict[Lang, Lexicon[People]] = {
    Lang.EN: Lexicon(
        [
            (
                "people, persons, residents, citizens, others, victims, locals, patients, "
                "passengers, employees, workers, ukrainians, "
                "inhabitants, individuals, students, tenants, souls, drivers, pensioners, relatives, "
                "neighbours, neighbors, tourists, "
                "lives, bodies, kyivans, townspeople, wounded people, journalists, survivors",
                People(),
            ),
            (
                "person, resident, citizen, victim, patient, passenger, employee, worker, pensioner, "
                "driver, individual, student, "
                "journalist, survivor",
                People(one=True),
            ),
            ("children, minors, kids, teenagers, babies, infants, youngsters, underage, adolescents, toddlers", _CHILD),
            ("child, minor, kid, teenager, baby, infant, toddler", _A_CHILD),
            ("boys", People(age=Age.CHILD, sex=Sex.MALE)),
            ("girls", People(age=Age.CHILD, sex=Sex.FEMALE)),
            ("boy", _A_BOY),
            ("girl", _A_GIRL),
            ("adults", People(age=Age.ADULT)),
            ("adult", People(age=Age.ADULT, one=True)),
            ("women, females, pregnant women, elderly women", People(sex=Sex.FEMALE)),
            ("men, males, elderly men", People(sex=Sex.MALE)),
            ("woman, mother, grandmother, daughter, sister, wife", People(sex=Sex.FEMALE, one=True)),
            ("man, father, grandfather, guard, brother, son, husband", People(sex=Sex.MALE, one=True)),
            ("civilians", People(role=Role.CIVILIAN)),
            ("civilian", People(role=Role.CIVILIAN, one=True)),
            (
                "rescuers, firefighters, responders, paramedics, medics, rescue workers, "
                "emergency workers, doctors, police officers, "
                "policemen, first responders, emergency service workers, utility workers",
                _RESPONDER,
            ),
            (
                "rescuer, firefighter, responder, paramedic, medic, rescue worker, doctor, police officer, policeman",
                _A_RESPONDER,
            ),
            ("soldiers, servicemen, troops, military personnel", People(role=Role.MILITARY)),
            ("soldier, serviceman, servicewoman", People(role=Role.MILITARY, one=True)),
        ]
    ),
    Lang.UK: Lexicon(
        [
            (
                "людей, люди, людини, людям, людьми, осіб, особи, особам, мешканців, мешканці, "
                "мешканцям, жителів, жителі, громадян, містян, киян, кияни, киянам, "
                "пацієнтів, пацієнти, працівників, працівники, пасажирів, пасажири, пенсіонерів, "
                "пенсіонери, харків'ян, українців, одеситів, тіл, тіла, "
                "студентів, студенти, журналістів, журналісти",
                People(),
            ),
            (
                "людина, людину, людині, особа, особу, мешканець, мешканка, мешканку, пацієнт, "
                "пасажир, працівник, працівниця, пенсіонер, водій, водія, "
                "місцевий житель, місцева жителька, киянин, киянка, киянку, студент, журналіст, журналістка",
                People(one=True),
            ),
            (
                "дітей, діти, дітям, дітьми, неповнолітніх, неповнолітні, підлітків, підлітки, "
                "немовлят, немовлята, малюків, школярів, дитини",
                _CHILD,
            ),
            ("дитина, дитину, дитині, неповнолітній, неповнолітнього, підліток, підлітка, немовля, дитя", _A_CHILD),
            ("хлопчиків, хлопчики, хлопців, хлопці", People(age=Age.CHILD, sex=Sex.MALE)),
            ("дівчаток, дівчатка, дівчат, дівчата", People(age=Age.CHILD, sex=Sex.FEMALE)),
            ("хлопчик, хлопчика, хлопець, хлопця, юнак, юнака", _A_BOY),
            ("дівчинка, дівчинку, дівчинки, дівчина, дівчину, дівчини", _A_GIRL),
            ("дорослих, дорослі, дорослим", People(age=Age.ADULT)),
            ("дорослий, доросла", People(age=Age.ADULT, one=True)),
            ("жінок, жінки, жінкам, бабусь, вагітних жінок, вагітні жінки", People(sex=Sex.FEMALE)),
            ("чоловіків, чоловіки, чоловікам", People(sex=Sex.MALE)),
            (
                "жінка, жінку, пенсіонерка, пенсіонерку, бабуся, бабусю, мати, донька, доньку, "
                "дочка, дочку, сестра, сестру, дружина",
                People(sex=Sex.FEMALE, one=True),
            ),
            ("чоловік, чоловіка, дідусь, батько, син, сина, брат, брата", People(sex=Sex.MALE, one=True)),
            ("цивільних, цивільні", People(role=Role.CIVILIAN)),
            ("цивільний, цивільного, цивільну", People(role=Role.CIVILIAN, one=True)),
            (
                "рятувальників, рятувальники, вогнеборців, пожежників, медиків, медики, "
                "поліцейських, поліцейські, лікарів, парамедиків, "
                "комунальників, правоохоронців, правоохоронці, співробітників дснс, співробітники дснс",
                _RESPONDER,
            ),
            (
                "рятувальник, рятувальника, вогнеборець, пожежник, медик, лікар, поліцейський, парамедик, медикиня",
                _A_RESPONDER,
            ),
            ("військових, військові, військовослужбовців, військовослужбовці", People(role=Role.MILITARY)),
            ("військовий, військового, військовослужбовець", People(role=Role.MILITARY, one=True)),
        ]
    ),
}


class Part(StrEnum):
    """How what follows belongs to what went before."""

    INCLUDING = "including"
    """Of something before, perhaps not of the nearest."""
    OF_THEM = "of them"
    """Of the nearest: a pronoun takes what stands next to it."""


PARTS: dict[Lang, Lexicon[Part]] = {
    Lang.EN: Lexicon(
        [
            (
                "including, among them, among whom, among those, amongst them, among, include, includes, included",
                Part.INCLUDING,
            ),
            ("of whom, of them, of which, of these, of those, of the", Part.OF_THEM),
        ]
    ),
    Lang.UK: Lexicon(
        [
            (
                "серед них, серед яких, зокрема, у тому числі, в тому числі, у|в т . ч, у|в т . ч ., серед, "
                "включно з, включаючи, з-поміж них, поміж них",
                Part.INCLUDING,
            ),
            ("з них, із них, з яких, із яких, з-поміж яких", Part.OF_THEM),
        ]
    ),
}

# What a toll does before it names the number it has come to.
RISES: dict[Lang, Lexicon[str]] = {
    Lang.EN: Lexicon(
        [
            (
                "rises, rise, rose, risen, rising, climbs, climbed, grew, grown, grows, increases, "
                "increased, jumped, reached, reaches, stands at, "
                "stood at, went up, goes up, has reached, has gone up, revised, lowered, dropped, "
                "fell, is now, currently",
                "rises",
            )
        ]
    ),
    Lang.UK: Lexicon(
        [
            (
                "зросла, зросло, зросли, зростає, збільшилась, збільшилася, збільшилось, "
                "збільшилося, збільшилися, сягнула, сягнуло, сягає, досягла, досягло, становить, "
                "зменшилась, зменшилася, зменшилось, зросте, виросла, виросло, складає, сягнув, "
                "зменшено, уточнено, наразі, на зараз, станом",
                "rises",
            )
        ]
    ),
}
TOLLS: dict[Lang, Lexicon[str]] = {
    Lang.EN: Lexicon([("number of, toll, count of, number, tally, figure", "toll")]),
    Lang.UK: Lexicon([("кількість, число, кількості, рахунок", "toll")]),
}
NOT: dict[Lang, Lexicon[str]] = {
    Lang.EN: Lexicon([("no, without, none, nobody, no one, not any, not", "not")]),
    Lang.UK: Lexicon([("немає, нема, без, ніхто, не, нікого, жодного, жодної, жодних, відсутні", "not")]),
}

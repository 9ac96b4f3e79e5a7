"""Words for what an attack is made of: weapons, what became of them, and what they did."""

from tocsin.domain.casualties import Lang
from tocsin.domain.record import WeaponClass
from tocsin.reading.lexicon.matching import Lexicon
from tocsin.reading.proposals import Fate

W = WeaponClass
WEAPONS: dict[Lang, Lexicon[WeaponClass]] = {
    Lang.EN: Lexicon(
        [
            ("ballistic missile|missiles, ballistic, iskander-m, iskander, kn-23, s-400, s-300", W.BALLISTIC_MISSILE),
            (
                "cruise missile|missiles, kalibr, kalibrs, kh-101, kh-555, kh-55, iskander-k, x-101, kh-22, kh-32",
                W.CRUISE_MISSILE,
            ),
            ("kinzhal, kinzhals, aeroballistic missile|missiles, hypersonic missile|missiles", W.AEROBALLISTIC),
            ("guided air|aircraft|aviation missile|missiles, kh-59, kh-69, kh-31", W.GUIDED_AIR_MISSILE),
            (
                "drone, drones, uav, uavs, shahed, shaheds, unmanned aerial vehicles, strike uavs, "
                "attack drones, decoy drones, "
                "strike drones, kamikaze drones",
                W.DRONE,
            ),
            (
                "missile, missiles, air targets, aerial targets, aerial attack weapons, air attack weapons, weapons",
                W.UNKNOWN,
            ),
            (
                "guided bomb|bombs, glide bomb|bombs, guided aerial bomb|bombs, artillery, shells, rockets, rocket",
                W.OTHER,
            ),
        ]
    ),
    Lang.UK: Lexicon(
        [
            ("балістичн* ракет*, балістик*, іскандер*, іскандер-м, kn-23", W.BALLISTIC_MISSILE),
            ("крилат* ракет*, калібр*, х-101, х-555, х-55, х-22, х-32, іскандер-к, ракет* х-101", W.CRUISE_MISSILE),
            ("кинджал*, аеробалістичн* ракет*, гіперзвуков* ракет*", W.AEROBALLISTIC),
            ("керован* авіаційн* ракет*, х-59, х-69, х-31, авіаційн* ракет*", W.GUIDED_AIR_MISSILE),
            (
                "дрон*, безпілотник*, бпла, шахед*, безпілотн*, ударн* бпла, ударн* дрон*, "
                "дрон*-імітатор*, дрон*-камікадзе",
                W.DRONE,
            ),
            ("ракет*, повітрян* ціл*, засоб* повітряного нападу, засоб* ураження", W.UNKNOWN),
            ("керован* авіабомб*, авіабомб*, каб, каби, кабів, кабами, артилері*, снаряд*", W.OTHER),
        ]
    ),
}

# What became of weapons that are counted.
FATES: dict[Lang, Lexicon[Fate]] = {
    Lang.EN: Lexicon(
        [
            (
                "launched, fired, launching, firing, unleashed, sent, used, launch, attacked, struck with",
                Fate.LAUNCHED,
            ),
            (
                "shot down, downed, intercepted, destroyed, shooting down, neutralised, neutralized, "
                "brought down, downing, intercepting",
                Fate.INTERCEPTED,
            ),
            (
                "lost, did not reach their targets, failed to reach, disappeared from radar, "
                "locationally lost, suppressed, jammed",
                Fate.LOST,
            ),
            ("still in the air, remained in the air, still airborne", Fate.STILL_AIRBORNE),
        ]
    ),
    Lang.UK: Lexicon(
        [
            (
                "випустил*, запустил*, застосувал*, випущен*, запуск*, пуск*, атакувал*, вдарил*, застосован*",
                Fate.LAUNCHED,
            ),
            ("збит*, збил*, знищен*, знищил*, перехоплен*, перехопил*, знешкоджен*, приземлен*", Fate.INTERCEPTED),
            ("локаційно втрачен*, втрачен*, не досягл*, не долетіл*, зникл* з радар*, подавлен*, придушен*", Fate.LOST),
            ("у|в повітрі", Fate.STILL_AIRBORNE),
        ]
    ),
}

NOTHING = ""
"""Words that look like an effect and are none."""
# Kinds of effects on things; those on people are claims.
EFFECTS: dict[Lang, Lexicon[str]] = {
    Lang.EN: Lexicon(
        [
            ("under fire, opened fire, cease fire, returned fire", NOTHING),
            ("fire, fires, blaze, blazes, burning, caught fire, on fire, ablaze, flames", "fire"),
            ("damaged, damage, damaging, shattered, blown out, damages", "damage"),
            (
                "destroyed, destruction, collapsed, levelled, leveled, ruined, destroying, "
                "partially destroyed, collapse, "
                "reduced to rubble",
                "destruction",
            ),
            ("debris, wreckage, fragments, falling debris", "debris"),
            ("hit, struck, direct hit, impact, impacts, slammed into, crashed into, hits", "impact"),
            ("explosion, explosions, blast, blasts, exploded", "blast"),
            (
                "power outage|outages, blackout, blackouts, without power, without electricity, power cuts",
                "power_outage",
            ),
            ("air raid siren|sirens, sirens, air alert, air raid alert, air raid alerts, air-raid sirens", "siren"),
            (
                "search and rescue, rescue operation, rescue operations, search dogs, sniffer dogs, "
                "dogs, canine teams, canine units, "
                "rubble, clearing the rubble, stretcher",
                "rescue_operation",
            ),
        ]
    ),
    Lang.UK: Lexicon(
        [
            ("пожеж*, займан*, загоранн*, загорянн*, горить, горять, загорі*, спалахнул*, палає", "fire"),
            ("пошкоджен*, пошкоди*, вибит*", "damage"),
            ("зруйнован*, руйнуван*, зруйнува*, знищено будин*, обвал*", "destruction"),
            ("уламк*, уламок", "debris"),
            ("влучан*, влучил*, влучи*, поцілил*, приліт, прильот*, влучання", "impact"),
            ("вибух*", "blast"),
            ("без світла, без електропостачання, знеструмлен*, відключен* електро*", "power_outage"),
            ("повітрян* тривог*, сирен*", "siren"),
            (
                "пошуково-рятувальн*, рятувальн* операці*, кінолог*, пошуков* соб*, розбор* завал*, "
                "розбир* завал*, собак*, ноші, ношах",
                "rescue_operation",
            ),
        ]
    ),
}

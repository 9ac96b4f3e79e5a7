"""What an alert says when the officer has no time to write: the built-in words, version 0 of every template."""

from tocsin.domain.warning.terms import STANDS, Phase, Threat

# The words that go out when the officer has no time to write any. Ukrainian first: it is the one people read.
WORDS: dict[Threat, dict[str, str]] = {
    Threat.MISSILE: {"uk": "Ракетна небезпека", "en": "Missile attack"},
    Threat.BALLISTIC: {"uk": "Загроза балістики", "en": "Ballistic missile attack"},
    Threat.DRONE: {"uk": "Загроза ударних дронів", "en": "Drone attack"},
    Threat.COMBINED: {"uk": "Комбінована атака ракетами і дронами", "en": "Combined missile and drone attack"},
    Threat.ARTILLERY: {"uk": "Загроза обстрілу", "en": "Shelling"},
    Threat.CHEMICAL: {"uk": "Хімічна небезпека", "en": "Chemical hazard"},
    Threat.OTHER: {"uk": "Повітряна тривога", "en": "Air raid alert"},
}
ADVICE: dict[Phase, dict[str, str]] = {
    Phase.PRE_ALERT: {"uk": "Будьте готові йти в укриття.", "en": "Be ready to go to shelter."},
    Phase.ALERT: {"uk": "Негайно прямуйте в укриття.", "en": "Go to shelter now."},
    Phase.ALL_CLEAR: {"uk": "Відбій тривоги.", "en": "All clear. The danger is over."},
    Phase.CORRECTION: {
        "uk": "Попереднє сповіщення помилкове. Не зважайте на нього.",
        "en": "The earlier alert was sent by mistake. Disregard it.",
    },
    Phase.EXPIRED: {
        "uk": "Строк дії тривоги минув, відбою не було. Чи безпечно, невідомо: залишайтеся в укритті.",
        "en": "The alert has expired and was not cleared. Whether it is safe is not known: stay in shelter.",
    },
}
# The phase in a word or two, the same on every channel.
TITLES: dict[Phase, dict[str, str]] = {
    Phase.PRE_ALERT: {"uk": "Попередження", "en": "Early warning"},
    Phase.ALERT: {"uk": "Тривога", "en": "Alert"},
    Phase.ALL_CLEAR: {"uk": "Відбій тривоги", "en": "All clear"},
    Phase.CORRECTION: {"uk": "Хибна тривога", "en": "False alarm"},
    Phase.EXPIRED: {"uk": "Строк минув, відбою не було: стан невідомий", "en": "Expired, not cleared: status unknown"},
}
# Stands first in every text of the exercise realm, in whatever language it is.
EXERCISE = {"uk": "НАВЧАННЯ", "en": "EXERCISE"}


def prepared(threat: Threat, phase: Phase) -> dict[str, str]:
    """The prepared text of a phase in every language we have: what it is, then what to do."""
    advice = ADVICE[phase]
    if phase in STANDS:
        return {lang: f"{words}. {advice[lang]}" for lang, words in WORDS[threat].items()}
    return dict(advice)

"""What to do where no shelter can be reached in time, in both languages."""

STAY = {
    "uk": (
        "Залишайтеся в будівлі. Перейдіть до найближчого приміщення без вікон за правилом двох стін: одна стіна "
        "приймає удар, друга — уламки. Це коридор, ванна кімната чи комора. Сядьте на підлогу біля несучої стіни, "
        "подалі від вікон, скла і зовнішніх стін."
    ),
    "en": (
        "Stay inside. Go to the nearest room without windows by the rule of two walls: one wall takes the blast, the "
        "other the fragments. That is a corridor, a bathroom or a store room. Sit on the floor by a bearing wall, away "
        "from windows, glass and outer walls."
    ),
}
"""The rule of two walls, as the State Emergency Service of Ukraine teaches it."""


def too_far(minutes: float, limit: float) -> dict[str, str]:
    """
    Args:
        minutes: On foot to the nearest shelter.
        limit: Within which one has to be there.
    """
    return {
        "uk": f"До найближчого відчиненого укриття {minutes:.0f} хв пішки: за {limit:g} хв не встигнути. {STAY['uk']}",
        "en": f"The nearest open shelter is {minutes:.0f} min away on foot: too far for {limit:g} min. {STAY['en']}",
    }

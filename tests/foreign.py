"""Messages of other services, for the tests of everything that takes them in."""

from datetime import UTC, datetime, timedelta

from tocsin.domain.foreign import Area, Info, Key, Message, Reference

NIGHT = datetime(2025, 4, 23, 21, 36, tzinfo=UTC)
SENDER = "alerts@meteo.example"


def cap(
    identifier: str = "1",
    *references: str,
    type_: str = "Alert",
    minute: int = 0,
    info: bool = True,
    sender: str = SENDER,
    words: str = "Strong wind",
    area: str = "",
) -> bytes:
    """A document; references are written `identifier@minute`."""
    named = " ".join(f"{sender},{each.split('@')[0]},{_sent(int(each.split('@')[1]))}" for each in references)
    referring = f"<references>{named}</references>" if named else ""
    body = f"""<info><language>en</language><category>Met</category><event>Wind</event><urgency>Immediate</urgency>
      <severity>Severe</severity><certainty>Likely</certainty><expires>{_sent(minute + 600)}</expires>
      <headline>{words}</headline><area><areaDesc>Kyiv</areaDesc>{area}</area></info>"""
    return f"""<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{identifier}</identifier>
      <sender>{sender}</sender><sent>{_sent(minute)}</sent><status>Actual</status><msgType>{type_}</msgType>
      <scope>Public</scope>{referring}{body if info else ""}</alert>""".encode()


def _sent(minute: int) -> str:
    return (NIGHT + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def message(
    identifier: str = "1",
    *names: str,
    type_: str = "Alert",
    minute: int = 0,
    expires: int | None = 600,
    areas: tuple[Area, ...] = (),
    language: str = "uk-UA",
) -> Message:
    """The same as it is read; `names` are identifiers that it refers to."""
    sent = NIGHT + timedelta(minutes=minute)
    until = None if expires is None else sent + timedelta(minutes=expires)
    info = Info(language, "Вітер", ("Met",), (), "Immediate", "Severe", "Likely", expires=until, areas=areas)
    return Message(
        version="1.2",
        key=Key(SENDER, identifier),
        sent=sent,
        status="Actual",
        type=type_,
        scope="Public",
        references=tuple(Reference(Key(SENDER, name), NIGHT) for name in names),
        infos=() if type_ == "Cancel" else (info,),
    )

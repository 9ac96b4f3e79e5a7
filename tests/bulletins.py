"""The published bulletins of the acceptance night, from Initial over Updates and a correction to Final."""

import hashlib
from datetime import UTC, datetime
from functools import cache

import msgspec

from tests.domain.test_bulletins import Desk, the_night
from tocsin.domain.bulletins import BulletinPublished, Photo, Published
from tocsin.domain.casualties import Lang

WEB = "https://alerts.kyiv.example"
PUBLISHER = "tocsin@kyiv.example"


@cache
def picture() -> bytes:
    """A small PNG."""
    from typst import compile as typeset

    drawn = typeset(b"#set page(width: 40pt, height: 30pt)\n#rect()", format="png", ignore_system_fonts=True)
    assert isinstance(drawn, bytes)
    return drawn


def photo() -> Photo:
    sha256 = hashlib.sha256(picture()).hexdigest()
    alt = {Lang.UK: "Рятувальники розбирають завали", Lang.EN: "Rescuers clear the rubble"}
    return Photo(url=f"{WEB}/bulletins/photos/{sha256}", sha256=sha256, alt=alt)


def published(event: BulletinPublished, time: datetime) -> Published:
    return Published(
        attack=event.attack,
        number=event.number,
        position=100 + event.number,
        published=time,
        content=event.content,
        prepared_by=event.prepared_by,
        approved_by=event.approved_by,
    )


@cache
def chain() -> tuple[Published, ...]:
    """Bulletins 1 to 4: Initial, Update with a photo, a correction of it (the second says so), Final."""
    desk = Desk(the_night())
    desk.draft(next_expected=datetime(2025, 4, 24, 9, tzinfo=UTC))
    found = [published(desk.publish(1), desk.now)]
    desk.now = datetime(2025, 4, 24, 8, 30, tzinfo=UTC)
    desk.draft("Update", next_expected=datetime(2025, 4, 24, 15, tzinfo=UTC), photos=(photo(),))
    found.append(published(desk.publish(2), desk.now))
    desk.now = datetime(2025, 4, 24, 9, tzinfo=UTC)
    wrong = {Lang.UK: "світлина була з іншої ночі.", Lang.EN: "the photo was of another night."}
    desk.draft("Update", corrects=2, correction=wrong, next_expected=datetime(2025, 4, 24, 15, tzinfo=UTC))
    found.append(published(desk.publish(3), desk.now))
    found[1] = msgspec.structs.replace(found[1], corrected=desk.now, corrected_by=3)
    desk.now = datetime(2025, 4, 29, 9, tzinfo=UTC)
    desk.draft("Final")
    found.append(published(desk.publish(4), desk.now))
    return tuple(found)


def withdrawn(bulletin: Published) -> Published:
    texts = {"uk": f"Зведення № {bulletin.number} відкликано.", "en": f"Bulletin No. {bulletin.number} is withdrawn."}
    return msgspec.structs.replace(bulletin, withdrawn=bulletin.published, withdrawal=texts)

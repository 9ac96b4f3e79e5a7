"""Foreign alerts in the journal and in the view: one set in force, in whatever order and by whomever they came."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.foreign import NIGHT, SENDER, cap, message

from tocsin.bus.inprocess import InProcessBell
from tocsin.domain.foreign import FOREIGN_ALERT, Key, Message, ReceiveForeignAlert, Reference
from tocsin.domain.foreign.receiving import is_fresh
from tocsin.domain.subject import Gazetteer
from tocsin.flow.handle import Handler
from tocsin.flow.intake import ACTOR, Intake, Result
from tocsin.flow.project import Projector
from tocsin.journal import Appended
from tocsin.kernel.errors import Unauthorised
from tocsin.kernel.event import Actor, Command, Events
from tocsin.storage.memory import MemoryJournal
from tocsin.views.foreign import KEPT, ForeignAlerts


class Post:
    """A journal of foreign alerts alone, with its view."""

    def __init__(self, now: datetime = NIGHT) -> None:
        self.now = now
        self.journal = MemoryJournal(Events(FOREIGN_ALERT.events))
        self._handler = Handler(self.journal, [FOREIGN_ALERT], Gazetteer(), lambda: self.now, InProcessBell())
        self.view = ForeignAlerts()
        self._projector = Projector(self.journal, [self.view])

    def do(self, command: Command, actor: Actor = ACTOR) -> Appended:
        appended = self._handler.handle(command, actor)
        self._projector.catch_up()
        return appended

    def take(self, document: bytes, source: str = "meteo", *, backlog: bool = False) -> Result:
        return Intake(self.do, source, None, self.now).take(document, backlog=backlog).result

    def keep(self, said: Message, document: str = "0") -> None:
        self.do(ReceiveForeignAlert(document=document.rjust(64, "0"), source="meteo", message=said))

    @property
    def active(self) -> list[str]:
        return [alert.message.key.identifier for alert in self.view.active()]


CHAIN = (
    cap("1"),
    cap("2", "1@0", type_="Update", minute=5),
    cap("3", "1@0", "2@5", type_="Cancel", minute=9, info=False),
    cap("other", minute=1),
)


@pytest.mark.parametrize("order", list(permutations(CHAIN)))
def test_a_cancel_without_info_ends_its_chain_in_whatever_order_all_came(order: tuple[bytes, ...]) -> None:
    post = Post()
    for document in order:
        assert post.take(document) is Result.RECEIVED
    assert post.active == ["other"]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(CHAIN), st.sampled_from(["a", "b", "c"])), min_size=1))
def test_the_set_in_force_depends_on_what_came_and_not_on_when_or_from_whom(came: list[tuple[bytes, str]]) -> None:
    sets = []
    for order in (came, came[::-1], sorted(came, key=repr) * 2):
        post = Post()
        for document, source in order:
            post.take(document, source)
        sets.append(post.active)
    assert sets[0] == sets[1] == sets[2]


def test_a_document_that_comes_again_from_its_source_is_known_and_nothing_is_written() -> None:
    post = Post()
    assert [post.take(cap()), post.take(cap())] == [Result.RECEIVED, Result.KNOWN]
    assert post.journal.head().position == 1


def test_the_same_alert_from_two_sources_or_in_other_bytes_is_one_with_all_its_sources() -> None:
    post = Post()
    post.take(cap(), "meteo")
    post.take(cap(), "hub")
    post.take(b"<?xml version='1.0'?>\n" + cap(), "third")
    (alert,) = post.view.active()
    assert (alert.sources, len(alert.documents), len(alert.said)) == (("meteo", "hub", "third"), 2, 1)


def test_sources_that_contradict_each_other_about_one_message_are_both_kept() -> None:
    for order in ((cap(), cap(words="All is well")), (cap(words="All is well"), cap())):
        post = Post()
        for document in order:
            post.take(document)
        (alert,) = post.view.active()
        assert len(alert.said) == 2
        assert alert.message.infos[0].headline == "All is well"


def test_what_cannot_be_read_is_listed_with_why_and_how_it_begins_once() -> None:
    post = Post()
    for _ in range(2):
        assert post.take(b"<html>502</html>") is Result.REJECTED
    (rejection,) = post.view.rejected()
    assert "no alert of CAP" in rejection.reason
    assert (rejection.source, rejection.excerpt) == ("meteo", "<html>502</html>")


def test_a_document_that_was_rejected_may_still_be_received() -> None:
    post = Post()
    Intake(post.do, "meteo", [], post.now).take(cap())
    assert "not signed" in post.view.rejected()[0].reason
    assert post.take(cap()) is Result.RECEIVED


def test_what_lay_there_or_is_old_is_never_news() -> None:
    def fresh(minute: int, *, backlog: bool = False) -> bool:
        post = Post(NIGHT + timedelta(minutes=minute))
        post.take(cap(), backlog=backlog)
        return post.view.active()[0].fresh

    assert fresh(1)
    assert not fresh(1, backlog=True)
    assert not fresh(16)
    assert not fresh(-6)


def test_an_alert_that_began_long_ago_is_no_news_though_it_was_sent_just_now() -> None:
    said = message()
    early = replace(said, infos=(replace(said.infos[0], onset=NIGHT - timedelta(hours=2)),))
    assert not is_fresh(early, NIGHT)
    # An update of it is: somebody has just said something about it.
    assert is_fresh(replace(early, type="Update"), NIGHT)
    assert not is_fresh(message(expires=-1), NIGHT)


def test_what_ran_out_is_still_in_force_since_nobody_cleared_it() -> None:
    post = Post(NIGHT + timedelta(days=1))
    post.take(cap())
    assert post.active == ["1"]


def test_the_view_forgets_what_ended_long_ago_and_a_cancel_not_before_what_it_cancels() -> None:
    post = Post()
    post.keep(message("long", expires=60 * 24 * 90), "1")
    post.keep(replace(message("cancel", "long", type_="Cancel"), sent=NIGHT + timedelta(minutes=1)), "2")
    post.keep(message("short"), "3")
    assert post.active == ["short"]
    post.now += KEPT + timedelta(days=2)
    post.keep(message("new", minute=60 * 24 * 32), "4")
    assert post.active == ["new"]
    assert len(post.view) == 3
    post.now += timedelta(days=100)
    post.keep(message("newer", minute=60 * 24 * 132), "5")
    assert len(post.view) == 1


def test_times_of_one_moment_are_one_reference_however_they_are_spelt() -> None:
    post = Post()
    post.take(cap())
    post.take(cap().replace(b"2025-04-23T21:36:00-00:00", b"2025-04-24T00:36:00+03:00"), "hub")
    assert len(post.view) == 1


def test_a_stranger_takes_nothing_back() -> None:
    post = Post()
    post.take(cap())
    foreign = replace(
        message("c", type_="Cancel"), key=Key("other", "c"), references=(Reference(Key(SENDER, "1"), NIGHT),)
    )
    post.keep(foreign)
    assert post.active == ["1"]


def test_only_feeds_and_integrators_may_bring_foreign_alerts() -> None:
    post = Post()
    command = ReceiveForeignAlert(document="0" * 64, source="x", message=message())
    with pytest.raises(Unauthorised):
        post.do(command, Actor("a", "duty_officer"))
    post.do(command, Actor("a", "integrator"))

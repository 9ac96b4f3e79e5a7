"""The Atom and RSS feeds: what stands in them, for how long, and when they say that something changed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tocsin.domain.warning import Notice, Phase, Threat, prepared
from tocsin.formats.cap import CapArea, identifier
from tocsin.formats.cap_feed import ATOM, Feed, current, etag, updated_at, write_atom, write_rss
from tocsin.kernel.errors import Invalid

KYIV = "UA80000000000093317"
NIGHT = datetime(2025, 4, 23, 21, 36, 19, 480_000, tzinfo=UTC)
AREAS = {KYIV: CapArea(KYIV, {"uk": "Київ", "en": "Kyiv & <suburbs>"})}
LIVE = Feed("Тривоги Києва / Kyiv alerts", "alerts@kyiv.example", "live", "https://alerts.kyiv.example/", AREAS)
EXERCISE = Feed(LIVE.title, LIVE.sender, "exercise", LIVE.base_url, AREAS)
HOUR = timedelta(hours=1)


class Golden(Protocol):
    def check(self, name: str, text: str) -> None: ...


def chain(alert: str, *phases: Phase, start: datetime = NIGHT, lasts: timedelta = 2 * HOUR) -> list[Notice]:
    """An alert's messages, an hour apart."""
    times = [start + HOUR * step for step in range(len(phases))]
    return [
        Notice(
            alert=alert,
            revision=step + 1,
            position=int((times[step] - NIGHT).total_seconds()) * 10 + step,
            sent=times[step],
            since=start,
            phase=phase,
            areas=(KYIV,),
            threat=Threat.MISSILE,
            texts=prepared(Threat.MISSILE, phase),
            expires=start + lasts,
            earlier=tuple((before + 1, times[before]) for before in range(step)),
        )
        for step, phase in enumerate(phases)
    ]


def entries(feed: bytes) -> list[etree._Element]:
    return list(etree.fromstring(feed).iter(f"{{{ATOM}}}entry"))


def text(element: etree._Element, name: str) -> str:
    return element.findtext(f"{{{ATOM}}}{name}") or ""


def listed(notices: Sequence[Notice], now: datetime) -> list[tuple[str, int]]:
    return [(notice.alert, notice.revision) for notice in current(notices, now)]


def atom(notices: Sequence[Notice], now: datetime, feed: Feed = LIVE) -> bytes:
    return write_atom(feed, current(notices, now), updated_at(notices, now))


ALERTS = [
    *chain("k-1", Phase.PRE_ALERT, Phase.ALERT, Phase.ALL_CLEAR),
    *chain("k-2", Phase.ALERT, start=NIGHT + HOUR / 2),
]


@pytest.mark.parametrize(
    ("name", "feed", "notices"),
    [("feed", LIVE, ALERTS), ("feed.exercise", EXERCISE, ALERTS), ("feed.empty", LIVE, [])],
)
def test_a_feed_is_what_it_was(golden: Golden, name: str, feed: Feed, notices: list[Notice]) -> None:
    now = NIGHT + 3 * HOUR
    golden.check(f"{name}.atom", atom(notices, now, feed).decode())
    golden.check(f"{name}.rss", write_rss(feed, current(notices, now), updated_at(notices, now)).decode())


def test_each_entry_leads_to_the_cap_document_of_its_message() -> None:
    notice = chain("k 1/<&>%", Phase.ALERT)[0]
    (entry,) = entries(atom([notice], NIGHT))
    link = entry.find(f"{{{ATOM}}}link")
    assert link is not None
    assert link.get("type") == "application/cap+xml"
    address = link.get("href") or ""
    assert text(entry, "id") == address
    path = address.removeprefix("https://alerts.kyiv.example/cap/alerts/")
    assert "/" not in path
    assert unquote(path) == f"{identifier(notice, LIVE.sender)}.xml"


def test_an_entry_tells_its_phase_by_a_term_and_what_to_do_in_both_languages() -> None:
    (entry,) = entries(atom(chain("k-1", Phase.ALERT), NIGHT))
    category = entry.find(f"{{{ATOM}}}category")
    assert category is not None
    assert category.get("term") == "alert"
    assert text(entry, "title") == "Тривога. Ракетна небезпека: Київ / Alert. Missile attack: Kyiv & <suburbs>"
    assert text(entry, "summary").splitlines() == list(prepared(Threat.MISSILE, Phase.ALERT).values())


def test_an_update_is_a_new_entry_in_place_of_the_one_it_references() -> None:
    notices = chain("k-1", Phase.PRE_ALERT, Phase.ALERT)
    assert listed(notices[:1], NIGHT) == [("k-1", 1)]
    assert listed(notices, NIGHT + HOUR) == [("k-1", 2)]
    before, after = entries(atom(notices[:1], NIGHT))[0], entries(atom(notices, NIGHT + HOUR))[0]
    assert text(before, "id") != text(after, "id")
    assert text(after, "updated") == "2025-04-23T22:36:19.480000Z"


@pytest.mark.parametrize("end", [Phase.ALL_CLEAR, Phase.CORRECTION])
def test_an_end_stays_a_day_or_until_the_alert_itself_would_have_lapsed(end: Phase) -> None:
    day = timedelta(days=1)
    short, long = chain("short", Phase.ALERT, end), chain("long", Phase.ALERT, end, lasts=3 * day)
    assert listed(short, NIGHT + HOUR + day - timedelta(seconds=1)) == [("short", 2)]
    assert listed(short, NIGHT + HOUR + day) == []
    assert listed(long, NIGHT + 3 * day - timedelta(seconds=1)) == [("long", 2)]
    assert listed(long, NIGHT + 3 * day) == []


def test_neither_a_lapsed_time_nor_an_expiry_takes_an_alert_out_of_the_feed() -> None:
    year = timedelta(days=365)
    assert listed(chain("k-1", Phase.ALERT), NIGHT + year) == [("k-1", 1)]
    assert listed(chain("k-1", Phase.ALERT, Phase.EXPIRED), NIGHT + year) == [("k-1", 2)]


def test_an_empty_feed_is_as_of_now() -> None:
    root = etree.fromstring(atom([], NIGHT + HOUR))
    assert text(root, "updated") == "2025-04-23T22:36:19.480000Z"
    gone = chain("k-1", Phase.ALERT, Phase.ALL_CLEAR)
    later = NIGHT + timedelta(days=9)
    assert updated_at(gone, later) == later


def test_an_entry_that_leaves_moves_the_feed_although_nothing_was_sent() -> None:
    notices = [*chain("over", Phase.ALERT, Phase.ALL_CLEAR), *chain("stands", Phase.ALERT)]
    assert updated_at(notices, NIGHT + 2 * HOUR) == NIGHT + HOUR
    assert updated_at(notices, NIGHT + 40 * HOUR) == NIGHT + 25 * HOUR


alerts = st.lists(
    st.builds(
        lambda start, first, last: (start, [first, *last]),
        st.integers(0, 200).map(lambda hours: NIGHT + hours * HOUR),
        st.sampled_from([Phase.PRE_ALERT, Phase.ALERT]),
        st.lists(st.sampled_from([Phase.ALERT, Phase.EXPIRED]), max_size=2).flatmap(
            lambda then: st.sampled_from([[], [Phase.ALL_CLEAR], [Phase.CORRECTION]]).map(lambda end: then + end)
        ),
    ),
    max_size=4,
).map(lambda drawn: [n for i, (start, phases) in enumerate(drawn) for n in chain(f"k-{i}", *phases, start=start)])


@given(alerts, st.lists(st.integers(0, 300), min_size=2, max_size=2).map(sorted))
def test_the_feed_never_changes_without_moving_its_time_and_never_moves_it_back(
    notices: list[Notice], hours: list[int]
) -> None:
    early, late = (NIGHT + hour * HOUR for hour in hours)
    known = [notice for notice in notices if notice.sent <= early]
    later = [notice for notice in notices if notice.sent <= late]
    before, after = updated_at(known, early), updated_at(later, late)
    assert before <= after <= late
    if current(known, early) != current(later, late):
        assert before < after


@given(alerts, st.integers(0, 300))
def test_every_alert_that_is_not_over_stands_in_the_feed_exactly_once(notices: list[Notice], hour: int) -> None:
    over = (Phase.ALL_CLEAR, Phase.CORRECTION)
    last = {notice.alert: notice for notice in notices}
    found = [notice.alert for notice in current(notices, NIGHT + hour * HOUR)]
    assert len(found) == len(set(found))
    assert {alert for alert, notice in last.items() if notice.phase not in over} <= set(found)


def test_the_etag_follows_what_the_feed_says_and_not_when_it_says_it() -> None:
    nothing, still_nothing = atom([], NIGHT), atom([], NIGHT + HOUR)
    assert nothing != still_nothing
    assert etag(nothing) == etag(still_nothing)
    assert etag(nothing).startswith('W/"')
    some = chain("k-1", Phase.ALERT)
    tags = {etag(atom(notices, NIGHT, feed)) for feed in (LIVE, EXERCISE) for notices in ([], some)}
    assert len(tags) == 4
    rss = [write_rss(LIVE, [], now) for now in (NIGHT, NIGHT + HOUR)]
    assert etag(rss[0]) == etag(rss[1])


def test_an_exercise_feed_says_so_in_both_languages_in_its_title_and_in_every_entry() -> None:
    root = etree.fromstring(atom(ALERTS, NIGHT + 3 * HOUR, EXERCISE))
    assert text(root, "title").startswith("НАВЧАННЯ / EXERCISE: ")
    for entry in root.iter(f"{{{ATOM}}}entry"):
        ukrainian, english = text(entry, "title").split(" / ")
        assert ukrainian.startswith("НАВЧАННЯ. ")
        assert english.startswith("EXERCISE. ")
        assert [line.split(". ")[0] for line in text(entry, "summary").splitlines()] == ["НАВЧАННЯ", "EXERCISE"]


def test_rss_says_the_same_as_atom() -> None:
    now = NIGHT + 3 * HOUR
    channel = etree.fromstring(write_rss(LIVE, current(ALERTS, now), updated_at(ALERTS, now)))[0]
    items = channel.findall("item")
    assert [item.findtext("title") for item in items] == [text(entry, "title") for entry in entries(atom(ALERTS, now))]
    assert [item.findtext("guid") for item in items] == [text(entry, "id") for entry in entries(atom(ALERTS, now))]
    published = parsedate_to_datetime(items[0].findtext("pubDate") or "")
    assert published == datetime(2025, 4, 23, 23, 36, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sender", "realm", "base_url", "field"),
    [
        ("a b", "live", "https://kyiv.example", "sender"),
        ("a", "mixed", "https://kyiv.example", "realm"),
        ("a", "live", "kyiv.example", "base_url"),
        ("a", "live", "file:///etc", "base_url"),
    ],
)
def test_a_feed_that_is_set_up_wrongly_is_refused_by_the_field(
    sender: str, realm: str, base_url: str, field: str
) -> None:
    with pytest.raises(Invalid, match=field):
        Feed("t", sender, realm, base_url, {})

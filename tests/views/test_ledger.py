"""The ledger and the list of bulletins: folds of the journal, through the same door as everybody."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tocsin.bus.inprocess import InProcessBell
from tocsin.domain.bulletins import (
    BULLETINS,
    ApproveBulletin,
    DraftBulletin,
    PublishBulletin,
    RetractBulletin,
    Version,
)
from tocsin.domain.casualties import CLAIMS, ClaimRecorded, Claims, RetractClaim, figures
from tocsin.domain.subject import Gazetteer
from tocsin.flow.handle import Handler
from tocsin.flow.project import Projector
from tocsin.flow.scenario import read_scenario
from tocsin.kernel.errors import Unknown
from tocsin.kernel.event import Actor, Command, Commands, Events
from tocsin.storage.memory import MemoryJournal
from tocsin.views.bulletins import BulletinList
from tocsin.views.ledger import Ledger

NIGHT = Path(__file__).parents[1] / "domain" / "kyiv-2025-04-24.claims.toml"
ATTACK = "kyiv-2025-04-24"
MORNING = datetime(2025, 4, 24, 3, 30, tzinfo=UTC)
PRESS, EDITOR, ANALYST = Actor("petro", "press_officer"), Actor("olena", "approver"), Actor("anna", "analyst")


class Newsroom:
    """A journal with the night's claims in it, and the two views of it."""

    def __init__(self) -> None:
        self.now = MORNING
        scenario = read_scenario(NIGHT.read_text(encoding="utf-8"), Commands(CLAIMS.commands), NIGHT.name)
        self.journal = MemoryJournal(Events((*CLAIMS.events, *BULLETINS.events)))
        city = Gazetteer(areas=frozenset({scenario.place}))
        self._handler = Handler(self.journal, (CLAIMS, BULLETINS), city, lambda: self.now, InProcessBell())
        self.ledger, self.bulletins = Ledger(), BulletinList()
        self._projector = Projector(self.journal, (self.ledger, self.bulletins))
        for step in scenario.steps:
            self.now = step.at
            self.give(step.command, step.actor)
        self.now = MORNING

    def give(self, command: Command, actor: Actor) -> None:
        self._handler.handle(command, actor)
        self._projector.catch_up()

    def publish(self, number: int, version: Version) -> None:
        self.give(DraftBulletin(attack=ATTACK, cutoff=self.now, version=version), PRESS)
        self.give(ApproveBulletin(attack=ATTACK, number=number), EDITOR)
        self.give(PublishBulletin(attack=ATTACK, number=number), PRESS)


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


def test_the_figures_leave_in_the_promised_shape(newsroom: Newsroom) -> None:
    known = msgspec.to_builtins(newsroom.ledger.figures(ATTACK, MORNING))
    killed = {name: known["killed"][name] for name in ("low", "best", "high", "status", "phrase", "claims")}
    assert killed == {
        "low": 9,
        "best": 9,
        "high": None,
        "status": "preliminary",
        "phrase": "nine",
        "claims": ("ses-killed-1", "ses-killed-2"),
    }
    assert known["hospitalised:child"]["best"] == 6


def test_an_attack_nobody_spoke_of_has_no_figures(newsroom: Newsroom) -> None:
    assert newsroom.ledger.figures("kyiv-2025-04-06", MORNING) == {}
    assert newsroom.ledger.claims("kyiv-2025-04-06") == ()
    assert newsroom.ledger.attacks() == (ATTACK,)


def test_conflicts_are_listed_by_figure(newsroom: Newsroom) -> None:
    assert newsroom.ledger.conflicts(ATTACK, MORNING) == {}
    assert set(newsroom.ledger.conflicts(ATTACK, MORNING + timedelta(hours=5))) == {"killed", "injured"}


def test_a_retracted_claim_stays_in_the_ledger_and_leaves_the_figures(newsroom: Newsroom) -> None:
    for claim in ("ses-killed-1", "ses-killed-2"):
        newsroom.give(RetractClaim(attack=ATTACK, claim=claim, reason="recorded for the wrong night"), ANALYST)
    assert newsroom.ledger.figures(ATTACK, MORNING)["killed"].best == 2
    entry = next(entry for entry in newsroom.ledger.claims(ATTACK) if entry.claim.id == "ses-killed-1")
    assert (entry.retracted, entry.by) == ("recorded for the wrong night", "analyst")
    assert entry.recorded == entry.claim.published


def test_both_views_survive_their_snapshots(newsroom: Newsroom) -> None:
    newsroom.publish(1, Version.INITIAL)
    ledger, bulletins = Ledger(), BulletinList()
    ledger.load(newsroom.ledger.dump())
    bulletins.load(newsroom.bulletins.dump())
    assert ledger.state == newsroom.ledger.state
    assert bulletins.state == newsroom.bulletins.state
    assert ledger.figures(ATTACK, MORNING) == newsroom.ledger.figures(ATTACK, MORNING)


def test_the_public_sees_published_bulletins_newest_first(newsroom: Newsroom) -> None:
    newsroom.publish(1, Version.INITIAL)
    newsroom.now += timedelta(hours=5)
    newsroom.publish(2, Version.UPDATE)
    assert [bulletin.number for bulletin in newsroom.bulletins.published()] == [2, 1]
    assert newsroom.bulletins.published("another") == ()
    assert newsroom.bulletins.one(ATTACK, 2).approved_by == "olena"
    with pytest.raises(Unknown):
        newsroom.bulletins.one(ATTACK, 3)


def test_a_draft_is_seen_by_those_who_prepare_it_and_by_nobody_else(newsroom: Newsroom) -> None:
    newsroom.give(DraftBulletin(attack=ATTACK, cutoff=newsroom.now, version=Version.INITIAL), PRESS)
    assert newsroom.bulletins.published() == ()
    assert [draft.revision for draft in newsroom.bulletins.drafts("approver")] == [1]
    assert newsroom.bulletins.drafts("dispatcher") == ()
    newsroom.give(ApproveBulletin(attack=ATTACK, number=1), EDITOR)
    assert newsroom.bulletins.drafts("press_officer")[0].approved_by == "olena"
    newsroom.give(PublishBulletin(attack=ATTACK, number=1), PRESS)
    assert newsroom.bulletins.drafts("approver") == ()


def test_a_withdrawn_bulletin_stays_in_sight_with_the_reason(newsroom: Newsroom) -> None:
    newsroom.publish(1, Version.INITIAL)
    newsroom.now += timedelta(minutes=5)
    newsroom.give(RetractBulletin(attack=ATTACK, number=1, reason="wrong cutoff"), EDITOR)
    [bulletin] = newsroom.bulletins.published()
    assert bulletin.withdrawn == newsroom.now
    assert bulletin.withdrawal["en"] == (
        "Bulletin No. 1 is withdrawn. Do not rely on its figures. Reason: wrong cutoff"
    )


def test_figures_folded_claim_by_claim_equal_those_of_all_claims_at_once(newsroom: Newsroom) -> None:
    claims = newsroom.ledger.state.attacks[ATTACK].by_id.values()
    end = MORNING + timedelta(days=9)
    for supersedes in (True, False):
        ledger, so_far = Ledger(), Claims()
        for claim in sorted(claims, key=lambda claim: claim.id):
            told = claim if supersedes else msgspec.structs.replace(claim, supersedes=())
            so_far = Claims(so_far.by_id | {told.id: told})
            event = ClaimRecorded(attack=ATTACK, claim=told)
            record = msgspec.structs.replace(next(iter(newsroom.journal.read())), event=event)
            ledger.handlers()[ClaimRecorded](record)
            for when in (MORNING, end):
                known = figures(so_far, when)
                folded = ledger.figures(ATTACK, when)
                assert list(folded) == list(known)
                assert [(one.low, one.best, one.claims) for one in folded.values()] == [
                    (one.low, one.best, one.claims) for one in known.values()
                ]

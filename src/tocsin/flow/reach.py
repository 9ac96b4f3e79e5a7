"""How far the messages of alerts came: by channel, by device, how fast, and who was not reached, by name."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from tocsin.domain.warning import STANDS, Notice, Phase
from tocsin.flow.deliver import Attempt, DeviceReceipt, Lane, Outcome, Receipts
from tocsin.flow.system import System
from tocsin.views.siren_facts import Latency, latency

SIREN = "siren"
"""The channel whose devices answer for themselves; the journal has their answers."""
ATTEMPTS = 10_000
"""Attempts that are looked at. Beyond it the oldest are left out."""


class Reach(msgspec.Struct, frozen=True):
    """
    One message of an alert on one channel.

    Attributes:
        outcome: Of the last attempt; null if it was not tried yet.
        tries: Attempts so far.
        seconds: From the record in the journal until it was sent; null if it was not.
        detail: What the other side said last.
        devices: Outcome to how many devices, on a channel that reaches many.
        device_seconds: From the record until a device was sent it.
        unreached: The devices that it did not reach, by name.
    """

    alert: str
    revision: int
    position: int
    phase: Phase
    channel: str
    outcome: Outcome | None
    tries: int
    seconds: float | None
    detail: str
    devices: dict[str, int]
    device_seconds: Latency
    unreached: tuple[str, ...]


class Pace(msgspec.Struct, frozen=True):
    """
    How fast one channel told of one alert.

    Attributes:
        seconds: Of its messages, from the record in the journal until each was sent.
    """

    alert: str
    channel: str
    seconds: Latency


class Missed(msgspec.Struct, frozen=True):
    """
    The newest message of an alert did not get through on a channel, or not to all of its devices.

    Attributes:
        devices: Which. Empty: the channel as a whole.
    """

    alert: str
    channel: str
    why: str
    devices: tuple[str, ...] = ()


def reach(system: System, receipts: Receipts, alerts: Sequence[str], channel: str | None = None) -> list[Reach]:
    """
    Every message of some alerts on every channel that had something to say of it, oldest message first.

    Args:
        channel: This one alone.
    """
    with system.projector.looking():
        notices = [n for n in system.views.board.notices() if n.alert in alerts]
        silent = {alert: _silent_sirens(system, alert) for alert in alerts}
    notices.sort(key=lambda notice: notice.position)
    attempts: dict[tuple[str, int], list[Attempt]] = {}
    for attempt in receipts.latest(ATTEMPTS, [notice.position for notice in notices], channel):
        attempts.setdefault((attempt.channel, attempt.position), []).append(attempt)
    names = {*system.channels, *(name for name, _ in attempts)} if channel is None else {channel}
    cursors = {name: receipts.cursor(name, Lane.ALERT) or 0 for name in names}
    found = []
    for notice in notices:
        for name in sorted(names):
            tried = attempts.get((name, notice.position), [])
            # Whose cursor has passed it without a try had nothing to say of it, or was not there yet.
            if tried or cursors[name] < notice.position:
                found.append(_reach(receipts, notice, name, tried, silent[notice.alert]))
    return found


def _silent_sirens(system: System, alert: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those that did not sound for an alert, and those that were not heard from since its end."""
    unanswered = system.views.sirens.unanswered(alert)
    return (*unanswered.alert, *unanswered.mute), unanswered.clear


def _reach(
    receipts: Receipts,
    notice: Notice,
    channel: str,
    tried: Sequence[Attempt],
    sirens: tuple[tuple[str, ...], tuple[str, ...]],
) -> Reach:
    last = tried[0] if tried else None
    sent = next((each for each in tried if each.outcome is Outcome.SENT), None)
    devices = receipts.devices(channel, notice.position) if last is not None else []
    unreached = tuple(each.device for each in devices if each.outcome is not Outcome.SENT)
    if channel == SIREN:
        unreached = sirens[0] if notice.phase in STANDS else sirens[1]
    return Reach(
        alert=notice.alert,
        revision=notice.revision,
        position=notice.position,
        phase=notice.phase,
        channel=channel,
        outcome=None if last is None else last.outcome,
        tries=len(tried),
        seconds=None if sent is None else (sent.time - notice.sent).total_seconds(),
        detail="" if last is None else last.detail,
        devices=dict(Counter(each.outcome.value for each in devices)),
        device_seconds=latency(_seconds(notice, devices)),
        unreached=unreached,
    )


def _seconds(notice: Notice, devices: Iterable[DeviceReceipt]) -> list[float | None]:
    return [(each.time - notice.sent).total_seconds() for each in devices if each.outcome is Outcome.SENT]


def paces(reached: Iterable[Reach]) -> list[Pace]:
    """Each channel's for each alert."""
    found: dict[tuple[str, str], list[float | None]] = {}
    for each in reached:
        found.setdefault((each.alert, each.channel), []).append(each.seconds)
    return [Pace(alert, channel, latency(seconds)) for (alert, channel), seconds in found.items()]


def missed(reached: Sequence[Reach]) -> list[Missed]:
    """
    What was not reached. Only the newest message of an alert counts: whoever missed the alert and got its end is not
    in want of the alert.
    """
    newest = {each.alert: each.position for each in sorted(reached, key=lambda each: each.position)}
    found = []
    for each in reached:
        if each.position != newest[each.alert]:
            continue
        if each.outcome is not Outcome.SENT:
            why = each.outcome.value if each.outcome is not None else "not tried yet"
            found.append(Missed(each.alert, each.channel, f"{why}: {each.detail}" if each.detail else why))
        if each.unreached:
            found.append(Missed(each.alert, each.channel, "these devices did not get it or answer", each.unreached))
    return found

"""
The rules a siren in the field keeps. Pure, and the reference for whoever builds a device.

docs/channels.md says them in words.
"""

from datetime import UTC, datetime, timedelta

import msgspec

from tocsin.domain.siren import Local, Mode, Result
from tocsin.formats import siren_wire as wire
from tocsin.formats.siren_wire import Ack, Health, Leaf, Status, Wanted
from tocsin.kernel.errors import Invalid
from tocsin.kernel.event import Instant
from tocsin.kernel.signing import Ed25519Verifier

MAXIMUM_SOUNDING = timedelta(minutes=5)
"""After this a siren falls silent by itself, whatever it was told or failed to be told."""
GUARD = timedelta(seconds=3)
"""How long a button at the siren must be held, so that no elbow sounds it."""
NONCES = 64
"""How many nonces a siren remembers."""
NEVER = datetime.min.replace(tzinfo=UTC)


class SirenState(msgspec.Struct, frozen=True):
    """
    What a siren remembers. A device in the field keeps all of it through a power cut.

    Attributes:
        revision: Of the wanted state it holds; -1 after boot.
        honoured: `issued` of the newest alert it has dealt with. While an alert is in force it sounds anew for a
            later one only, so neither an update nor the end of another alert sounds it again.
        sounding_at: When it began to sound for the alert it holds.
        nonces: Of the messages it took, newest last.
        tested_at: When it last passed a silent test.
        local, local_at: What was last pressed at the siren itself, and when.
        local_until: Until when it sounds because somebody pressed the alarm.
    """

    alert: str = ""
    revision: int = -1
    mode: Mode = Mode.OFF
    not_after: Instant = NEVER
    honoured: Instant = NEVER
    sounding_at: Instant | None = None
    nonces: tuple[str, ...] = ()
    tested_at: Instant | None = None
    local: Local | None = None
    local_at: Instant | None = None
    local_until: Instant = NEVER


class SirenDevice:
    """
    The rules of one siren. Pure: states in, states out.

    Args:
        public_key: Pinned when the siren was installed; never taken from a message.
        maximum: Its maximum sounding time. A siren that has just booted also ignores an onset older than this:
            whoever had to hear it would have heard it from the others.
        works: False for one whose horn is broken.
    """

    def __init__(
        self,
        realm: str,
        siren: str,
        public_key: str,
        *,
        maximum: timedelta = MAXIMUM_SOUNDING,
        works: bool = True,
    ) -> None:
        self.siren = siren
        self.topic = wire.topic(realm, siren, Leaf.WANTED)
        self._verifier = Ed25519Verifier(public_key)
        self._maximum = maximum
        self._works = works

    def accept(
        self, state: SirenState, payload: bytes, now: datetime, *, retained: bool = False
    ) -> tuple[SirenState, Ack]:
        """
        Take or refuse what came in on the siren's topic. Total over all bytes.

        Args:
            retained: The broker gave it out because we subscribed, so that it may well be what we have already.
        """
        wanted = self._verified(payload)
        if wanted is None:
            return state, Ack(
                alert=state.alert,
                revision=max(state.revision, 0),
                received_at=now,
                result=Result.REFUSED_SIGNATURE,
            )
        refusal = _refusal(state, wanted, now, retained=retained)
        if refusal is not None:
            return state, Ack(alert=wanted.alert, revision=wanted.revision, received_at=now, result=refusal)
        after = self._take(state, wanted, now)
        sounding_at = after.sounding_at if after.mode is Mode.ALERT else None
        result = self._result(after, now)
        return after, Ack(
            alert=after.alert, revision=after.revision, received_at=now, sounding_at=sounding_at, result=result
        )

    def _verified(self, payload: bytes) -> Wanted | None:
        try:
            signed, signature = wire.signed(self.topic, payload)
            return wire.read_wanted(payload) if self._verifier.accepts(signed, signature) else None
        except Invalid:
            return None

    def _take(self, state: SirenState, wanted: Wanted, now: datetime) -> SirenState:
        nonces = (*(nonce for nonce in state.nonces if nonce != wanted.nonce), wanted.nonce)[-NONCES:]
        if wanted.revision == state.revision:
            return msgspec.structs.replace(state, nonces=nonces)
        after = msgspec.structs.replace(
            state,
            alert=wanted.alert,
            revision=wanted.revision,
            mode=wanted.mode,
            not_after=wanted.not_after,
            nonces=nonces,
        )
        if wanted.mode is Mode.TEST_SILENT:
            tested_at = now if self._works else state.tested_at
            return msgspec.structs.replace(after, sounding_at=None, tested_at=tested_at)
        if wanted.mode is not Mode.ALERT:
            # What was decided before the button was pressed knows nothing of the reason for it.
            pressed_later = state.local_at is not None and wanted.issued <= state.local_at
            until = state.local_until if pressed_later else NEVER
            return msgspec.structs.replace(after, sounding_at=None, local_until=until)
        in_force = state.mode is Mode.ALERT and now <= state.not_after
        if in_force and wanted.issued <= state.honoured:
            return after
        # A siren that comes back to power hours into an alert must not send a quiet city running again.
        stale = state.revision < 0 and now - wanted.issued > self._maximum
        starts = None if stale or not self._works else now
        return msgspec.structs.replace(after, honoured=max(state.honoured, wanted.issued), sounding_at=starts)

    def _result(self, state: SirenState, now: datetime) -> Result:
        if state.mode is Mode.ALL_CLEAR:
            return Result.CLEARED
        if state.mode in (Mode.ALERT, Mode.TEST_SILENT) and not self._works:
            return Result.FAULTY
        # Of what it was told. That somebody pressed the alarm meanwhile is said by its health.
        return Result.SOUNDING if self._told_to_sound(state, now) else Result.SILENT

    def press(self, state: SirenState, button: Local, now: datetime, held: timedelta) -> SirenState:
        """
        What the siren remembers after somebody held one of its two buttons, with or without a link.

        The alarm sounds for the maximum sounding time. The clear ends any sound; a later alert sounds again.
        """
        if held < GUARD:
            return state
        until = now + self._maximum if button is Local.ALARM else NEVER
        return msgspec.structs.replace(state, local=button, local_at=now, local_until=until)

    def sounding(self, state: SirenState, now: datetime) -> bool:
        """True while the horn is on."""
        return self._works and (now < state.local_until or self._told_to_sound(state, now))

    def _told_to_sound(self, state: SirenState, now: datetime) -> bool:
        if state.mode is not Mode.ALERT or state.sounding_at is None:
            return False
        hushed = state.local is Local.CLEAR and state.local_at is not None and state.sounding_at <= state.local_at
        return not hushed and now < min(state.sounding_at + self._maximum, state.not_after)

    def health(self, state: SirenState, now: datetime) -> Health:
        return Health(
            status=Status.ONLINE,
            at=now,
            sounding=self.sounding(state, now),
            mains=True,
            battery=100,
            amplifier=self._works,
            tamper=False,
            tested_at=state.tested_at,
            local=state.local,
            local_at=state.local_at,
        )


def _refusal(state: SirenState, wanted: Wanted, now: datetime, *, retained: bool) -> Result | None:
    if now > wanted.not_after:
        return Result.REFUSED_EXPIRED
    if wanted.revision < state.revision:
        return Result.REFUSED_OLDER
    again = wanted.nonce in state.nonces
    if again and not (retained and wanted.nonce == state.nonces[-1]):
        return Result.REFUSED_REPLAY
    return None

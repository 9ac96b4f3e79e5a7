"""The sirens' channel: its settings, and what every siren should be doing, from the board."""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from tocsin.channels.siren_mqtt import SirenChannel, SirenWish
from tocsin.domain.siren import Mode, ReportSirens
from tocsin.domain.warning import Phase
from tocsin.flow.channel import ChannelKind, Ports
from tocsin.formats.siren_access import Credential
from tocsin.kernel.errors import Invalid
from tocsin.kernel.event import Actor

SIREN_ACTOR = Actor("sirens", "siren")


class Mqtt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    The sirens' broker.

    Attributes:
        username, password: As `tocsin siren provision` wrote them.
        test_username, test_password: Who `tocsin channel test siren` connects as, so that it does not throw us out.
        tls: Connect with TLS, trusting what the system trusts.
        ca: Connect with TLS, trusting the certificates in this PEM file only.
        cert, key: PEM files of our own certificate, for a broker that asks for one.
    """

    host: str
    port: int = 1883
    username: str | None = None
    password: str | None = None
    test_username: str | None = None
    test_password: str | None = None
    tls: bool = False
    ca: str | None = None
    cert: str | None = None
    key: str | None = None

    def context(self) -> ssl.SSLContext | None:
        """
        How to reach the broker, or None without TLS.

        Raises:
            Invalid: If a file cannot be read, or a key comes without a certificate.
        """
        if self.key and not self.cert:
            raise Invalid("a key needs its certificate", "cert")
        if not (self.tls or self.ca or self.cert):
            return None
        where = "ca"
        try:
            context = ssl.create_default_context(cafile=self.ca)
            if self.cert:
                where = "cert"
                context.load_cert_chain(self.cert, self.key)
        except OSError as error:
            raise Invalid(f"{error}", where) from None
        return context


class SirenWishes:
    """What every siren should be doing, from the board."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def wanted(self, position: int) -> Mapping[str, SirenWish]:
        with self._ports.looking() as seen:
            pass
        if seen < position:
            self._ports.catch_up()
        sirens = self._ports.city.sirens
        with self._ports.looking():
            wishes = {area: self._wish(area) for area in {siren.area for siren in sirens}}
        return {siren.id: wishes[siren.area] for siren in sirens}

    def _wish(self, area: str) -> SirenWish:
        views = self._ports.views
        state = views.board.area(area)
        chain = self._ports.city.areas.chain(area)
        revision = views.sirens.revision(chain)
        test = views.sirens.testing(chain)
        # The view ends a test at an alert. Should it ever not, the alert is what the siren hears.
        if test is not None and not views.board.any():
            return SirenWish(test.round, Mode.TEST_SILENT, revision, test.started_at, test.ends)
        notice = views.board.last(state.alert) if state.alert else None
        return SirenWish(
            alert=state.alert,
            mode=MODES.get(state.phase, Mode.OFF),
            revision=revision,
            since=state.since or EPOCH,
            not_after=notice.expires if notice is not None and state.phase is Phase.ALERT else None,
        )


EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Since when a siren has been silent that never was told anything."""

# A siren can say only two things. A false alarm ends like any other on the horn; the words go by the other channels.
MODES = {Phase.ALERT: Mode.ALERT, Phase.ALL_CLEAR: Mode.ALL_CLEAR, Phase.CORRECTION: Mode.ALL_CLEAR}


def build(mqtt: Mqtt, ports: Ports) -> list[SirenChannel]:
    async def report(command: ReportSirens) -> None:
        await ports.do(command, SIREN_ACTOR)

    return [
        SirenChannel(
            mqtt.host,
            mqtt.port,
            ports.realm,
            SirenWishes(ports),
            ports.signer,
            ports.clock,
            report,
            username=mqtt.username,
            password=mqtt.password,
            tester=Credential(mqtt.test_username, mqtt.test_password or "") if mqtt.test_username else None,
            tls=mqtt.context(),
        )
    ]


CHANNEL = ChannelKind(Mqtt, build)

"""
Home Assistant over MQTT: for each area a binary sensor of the class `safety` and a sensor with the phase.

By Home Assistant's MQTT discovery. A binary sensor is on when people must take shelter and off when the all-clear was
given; for anything else it is unknown, and without us it is unavailable. It is never off because nothing is known.
"""

import asyncio
import json
import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from aiomqtt import Client, MqttError, Will

from tocsin.domain.warning import EXERCISE, STANDS, AlertNews, Phase
from tocsin.flow.channel import LINK_TEST, ChannelKind, Ports
from tocsin.flow.deliver import Lane
from tocsin.kernel.errors import Unavailable
from tocsin.kernel.event import Recorded
from tocsin.views.board import VALID_FOR, AreaState

BEAT = 15.0
"""Seconds between two rounds in which every state is said again. Three fit into what a state is valid for."""
PATIENCE = 10.0
"""Seconds for the broker to acknowledge."""
PAUSE = (0.5, 1.0, 2.0, 5.0)
"""Seconds before the next try to connect, each taken between half and one and a half times."""

# Unknown is `None`, as Home Assistant's MQTT binary sensor has it.
ON, OFF, UNKNOWN = "ON", "OFF", "None"
ENDED = frozenset({Phase.ALL_CLEAR, Phase.CORRECTION})
LANGUAGES = ("uk", "en")


class HomeAssistant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    The broker that Home Assistant is connected to.

    Attributes:
        prefix: Home Assistant's discovery prefix.
        areas: Codes. Left out, every area.
    """

    host: str
    port: int = 1883
    username: str | None = None
    password: str | None = None
    prefix: str = "homeassistant"
    areas: tuple[str, ...] = ()


class HomeAssistantChannel:
    """
    Keeps every area's state on the broker, retained. It always publishes the state of now, so it is never superseded.

    Raises:
        Unknown: If there is no such area.
    """

    name = "home_assistant"

    def __init__(self, settings: HomeAssistant, ports: Ports) -> None:
        self._settings = settings
        self._ports = ports
        self._areas = settings.areas or ports.city.areas.codes()
        self._names = {code: ports.city.areas[code].names for code in self._areas}
        self._client: Client | None = None
        self._trouble = "not started"

    def lane(self, recorded: Recorded) -> Lane | None:
        return Lane.ALERT if isinstance(recorded.event, AlertNews) else None

    def deadline(self, recorded: Recorded) -> datetime | None:
        return None

    def superseded(self, recorded: Recorded) -> bool:
        return False

    async def send(self, recorded: Recorded) -> str:
        """
        Publish what is true now of the areas that the event concerns.

        Raises:
            Unavailable: If the broker did not take all of it.
        """
        if (client := self._client) is None:
            raise Unavailable(f"no connection to Home Assistant's broker: {self._trouble}")
        concerned = set(self._ports.concerned(recorded))
        areas = [area for area in self._areas if area in concerned]
        try:
            await self._say(client, areas)
        except MqttError as error:
            raise Unavailable(f"Home Assistant's broker: {error}") from error
        return f"the broker took the state of {len(areas)} areas"

    async def link_test(self) -> str:
        """Publish it on a topic beside the states, under another client id: the server must not be thrown out."""
        topic = self._topic("link_test")
        try:
            async with self._new_client(f"tocsin-{self._ports.realm}-link-test", None) as client:
                await client.publish(topic, json.dumps(LINK_TEST, ensure_ascii=False), qos=1)
        except MqttError as error:
            raise Unavailable(f"Home Assistant's broker: {error}") from error
        return f"the broker took {topic}"

    async def run(self) -> None:
        """Keep the connection, and say every state again before it runs out, until cancelled."""
        tries = 0
        while True:
            try:
                # When we are gone nobody knows anything, and a restart of Home Assistant must find that out too.
                will = Will(self._topic("availability"), "offline", qos=1, retain=True)
                async with self._new_client(f"tocsin-{self._ports.realm}-home-assistant", will) as client:
                    tries = 0
                    await self._serve(client)
            except MqttError as error:
                self._trouble = str(error) or type(error).__name__
            finally:
                self._client = None
            await asyncio.sleep(PAUSE[tries] * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
            tries = min(tries + 1, len(PAUSE) - 1)

    def _new_client(self, identifier: str, will: Will | None) -> Client:
        settings = self._settings
        return Client(
            settings.host,
            settings.port,
            username=settings.username,
            password=settings.password,
            identifier=identifier,
            will=will,
            timeout=PATIENCE,
            keepalive=15,
        )

    async def _serve(self, client: Client) -> None:
        for area in self._areas:
            for component, config in self._discovery(area):
                name = f"tocsin_{self._ports.realm}_{_plain(area)}"
                topic = f"{self._settings.prefix}/{component}/{name}/config"
                await client.publish(topic, json.dumps(config, ensure_ascii=False), qos=1, retain=True)
        await self._say(client, self._areas)
        await client.publish(self._topic("availability"), "online", qos=1, retain=True)
        self._client, self._trouble = client, ""
        while True:
            await asyncio.sleep(BEAT)
            await self._say(client, self._areas)

    async def _say(self, client: Client, areas: Sequence[str]) -> None:
        with self._ports.looking() as position:
            copy = self._ports.views.board.copy(self._ports.clock(), position, areas)
        for state in copy.areas:
            said = {
                "state": safety(state),
                "phase": state.phase,
                "since": state.since,
                "threat": state.threat,
                "partly": [self._name(area) for area in state.partly],
                "text": state.texts.get("uk", "") if state.phase in STANDS else "",
                "realm": copy.realm,
                "generated_at": copy.generated_at,
                "valid_until": copy.valid_until,
                "position": state.position,
            }
            topic = self._topic(f"areas/{state.area}/state")
            await client.publish(topic, msgspec.json.encode(said), qos=1, retain=True)

    def _discovery(self, area: str) -> list[tuple[str, dict[str, Any]]]:
        realm = self._ports.realm
        name, key = self._name(area), f"tocsin_{realm}_{_plain(area)}"
        topic = self._topic(f"areas/{area}/state")
        shared: dict[str, Any] = {
            "state_topic": topic,
            "json_attributes_topic": topic,
            "availability_topic": self._topic("availability"),
            # Longer silence from us than a state is valid for makes it unavailable.
            "expire_after": int(VALID_FOR.total_seconds()),
            "qos": 1,
            "origin": {"name": "Tocsin"},
            "device": {"identifiers": [f"tocsin_{realm}"], "name": _marked("Tocsin", realm), "manufacturer": "Tocsin"},
        }
        binary = shared | {
            "name": _marked(name, realm),
            "unique_id": key,
            "device_class": "safety",
            "payload_on": ON,
            "payload_off": OFF,
            "value_template": "{{ value_json.state }}",
        }
        phase = shared | {
            "name": _marked(f"{name}: стан", realm),
            "unique_id": f"{key}_phase",
            "device_class": "enum",
            "options": [each.value for each in Phase],
            "value_template": "{{ value_json.phase }}",
        }
        return [("binary_sensor", binary), ("sensor", phase)]

    def _name(self, area: str) -> str:
        names = self._ports.city.areas[area].names
        return next((names[language] for language in LANGUAGES if language in names), area)

    def _topic(self, leaf: str) -> str:
        return f"tocsin/{self._ports.realm}/{leaf}"


def safety(state: AreaState) -> str:
    """
    On when people must take shelter; off when the danger is over and no part of the area is in it; else unknown.

    An early warning is neither: whoever wants to act on it reads the phase.
    """
    if state.phase is Phase.ALERT:
        return ON
    return OFF if state.phase in ENDED and not state.partly else UNKNOWN


def _marked(name: str, realm: str) -> str:
    return name if realm == "live" else f"{EXERCISE['uk']}: {name}"


def _plain(area: str) -> str:
    """As Home Assistant wants a part of an id: letters, digits, `_` and `-`."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in area)


def build(settings: HomeAssistant, ports: Ports) -> list[HomeAssistantChannel]:
    return [HomeAssistantChannel(settings, ports)]


CHANNEL = ChannelKind(HomeAssistant, build)

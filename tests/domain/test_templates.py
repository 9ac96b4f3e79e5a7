"""The prepared words: versions, two readers, machine checks, and who uses which."""

from datetime import UTC, datetime
from functools import reduce

import pytest

from tocsin.domain.subject import Context, Gazetteer
from tocsin.domain.warning import (
    ALERT,
    TEMPLATE,
    Alert,
    AlertCancelled,
    AlertRaised,
    ApproveTemplate,
    CancelAlert,
    Phase,
    RaiseAlert,
    Templates,
    Threat,
    WithdrawTemplate,
    WriteTemplate,
    prepared,
    wording,
)
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Actor, Command

NOW = datetime(2025, 4, 23, 21, 36, tzinfo=UTC)
CITY = Gazetteer(areas=frozenset({"kyiv"}))
ADA, BOHDAN = Actor("ada", "administrator"), Actor("bohdan", "administrator")
TEXTS = {"uk": "Дрони. Ідіть в укриття.", "en": "Drones. Go to shelter."}
WRITE = WriteTemplate(threat=Threat.DRONE, phase=Phase.ALERT, texts=TEXTS)
RAISE = RaiseAlert(alert="a", areas=("kyiv",), threat=Threat.DRONE)


def approve(*languages: str, version: int = 1) -> ApproveTemplate:
    return ApproveTemplate(threat=Threat.DRONE, phase=Phase.ALERT, version=version, languages=languages)


def after(*orders: tuple[Command, Actor]) -> Templates:
    templates = Templates()
    for command, actor in orders:
        events = TEMPLATE.decide(templates, command, Context(NOW, actor, CITY, {}))
        templates = reduce(TEMPLATE.evolve, events, templates)
    return templates


def said(templates: Templates) -> tuple[dict[str, str], int]:
    return wording(Threat.DRONE, Phase.ALERT, templates)


def raised(templates: Templates, alert: Alert = Alert(), command: Command = RAISE) -> AlertRaised:  # noqa: B008
    (event,) = ALERT.decide(alert, command, Context(NOW, ADA, CITY, {"template/drone": templates}))
    assert isinstance(event, AlertRaised)
    return event


def test_the_built_in_words_are_version_0() -> None:
    assert said(Templates()) == (prepared(Threat.DRONE, Phase.ALERT), 0)


def test_a_version_is_used_once_a_second_person_has_read_every_language_of_it() -> None:
    assert said(after((WRITE, ADA)))[1] == 0
    assert said(after((WRITE, ADA), (approve("uk"), BOHDAN)))[1] == 0
    templates = after((WRITE, ADA), (approve("uk"), BOHDAN), (approve("en"), BOHDAN))
    assert said(templates) == (TEXTS, 1)
    event = raised(templates)
    assert (event.texts, event.template) == (TEXTS, 1)


def test_nobody_approves_their_own_words() -> None:
    with pytest.raises(Refused, match="second person"):
        after((WRITE, ADA), (approve("uk"), ADA))


def test_a_newer_version_that_was_not_read_yet_leaves_the_older_in_force_and_a_withdrawn_one_gives_it_back() -> None:
    second = WriteTemplate(threat=Threat.DRONE, phase=Phase.ALERT, texts={"uk": "Дрони!", "en": "Drones!"})
    orders = [(WRITE, ADA), (approve("uk", "en"), BOHDAN), (second, ADA)]
    assert said(after(*orders))[1] == 1
    orders.append((approve("uk", "en", version=2), BOHDAN))
    assert said(after(*orders))[1] == 2
    orders.append((WithdrawTemplate(threat=Threat.DRONE, phase=Phase.ALERT, version=2, reason="too short"), BOHDAN))
    assert said(after(*orders))[1] == 1


def test_the_prepared_correction_goes_out_with_nothing_but_the_alert_and_a_reason() -> None:
    words = {"uk": "Помилка. Небезпеки не було.", "en": "A mistake. There was no danger."}
    write = WriteTemplate(threat=Threat.DRONE, phase=Phase.CORRECTION, texts=words)
    read = ApproveTemplate(threat=Threat.DRONE, phase=Phase.CORRECTION, version=1, languages=("uk", "en"))
    templates = after((write, ADA), (read, BOHDAN))
    alert = ALERT.evolve(Alert(), raised(templates))
    command = CancelAlert(alert="a", reason="wrong button")
    assert "template/drone" in ALERT.consults(command)
    (event,) = ALERT.decide(alert, command, Context(NOW, ADA, CITY, {"template/drone": templates}))
    assert isinstance(event, AlertCancelled)
    assert (event.texts, event.template, event.areas) == (words, 1, ("kyiv",))


@pytest.mark.parametrize(
    ("texts", "where", "why"),
    [
        ({"uk": "Дрони."}, "texts.en", "missing"),
        ({"en": "Drones."}, "texts.uk", "missing"),
        ({"uk": "Drones.", "en": "Drones here."}, "texts.uk", "alphabet"),
        ({"uk": "Дрони Shahed", "en": "Дрони Shahed"}, "texts", "same text"),
        ({"uk": "Дрони в {area}.", "en": "Drones."}, "texts.uk", "placeholder"),
        ({"uk": "Дрони.", "en": "Drones: TODO"}, "texts.en", "placeholder"),
        ({"uk": "Дpони.", "en": "Drones."}, "texts.uk", "mixes"),
    ],
)
def test_unfinished_words_are_refused_by_language(texts: dict[str, str], where: str, why: str) -> None:
    with pytest.raises(Invalid, match=rf"^{where}: .*{why}"):
        after((WriteTemplate(threat=Threat.DRONE, phase=Phase.ALERT, texts=texts), ADA))


def test_there_are_no_prepared_words_for_what_no_officer_says() -> None:
    with pytest.raises(Invalid, match="phase"):
        after((WriteTemplate(threat=Threat.DRONE, phase=Phase.EXPIRED, texts=TEXTS), ADA))
    with pytest.raises(Unknown, match="version"):
        after((approve("uk"), BOHDAN))
    with pytest.raises(Unknown, match="languages"):
        after((WRITE, ADA), (approve("pl"), BOHDAN))

"""The rules of needs."""

import pytest
from tests.town import Town, site

from tocsin.domain.response.needs import ALLOWED, AskNeed, CancelNeed, MeetNeed, Status
from tocsin.domain.response.teams import TeamType
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, kind_of
from tocsin.views.needs import Needs

ASK = AskNeed(need="n-1", worksite="C-1", team_type=TeamType.LADDER, what="ladder of 40 m", quantity=3)
MEET = MeetNeed(need="n-1", quantity=1, by="region")
CANCEL = CancelNeed(need="n-1", reason="not needed any more")

HISTORY: dict[Status, tuple[Command, ...]] = {
    Status.UNKNOWN: (),
    Status.OPEN: (ASK,),
    Status.PARTLY_MET: (ASK, MEET),
    Status.MET: (ASK, MeetNeed(need="n-1", quantity=3, by="region")),
    Status.CANCELLED: (ASK, CANCEL),
}


@pytest.mark.parametrize("command", [ASK, MEET, CANCEL], ids=kind_of)
@pytest.mark.parametrize("status", Status)
def test_at_each_status_exactly_the_commands_of_the_table_are_allowed(status: Status, command: Command) -> None:
    town = Town()
    town.do(site(), *HISTORY[status])
    if type(command) in ALLOWED[status]:
        assert town.do(command)
    else:
        with pytest.raises((Refused, Unknown)):
            town.do(command)
    state = town.view(Needs).need("n-1")
    assert state is None or state.status is not Status.UNKNOWN


def test_a_need_is_open_partly_met_and_met() -> None:
    town = Town()
    town.do(site(), ASK)
    seen = []
    for command in (MEET, MEET, MEET):
        need = town.view(Needs).all()[0]
        seen.append((need.status, need.left))
        town.do(command)
    need = town.view(Needs).all()[0]
    assert [*seen, (need.status, need.left)] == [
        (Status.OPEN, 3),
        (Status.PARTLY_MET, 2),
        (Status.PARTLY_MET, 1),
        (Status.MET, 0),
    ]
    assert [met.by for met in need.met] == ["region"] * 3


def test_no_more_comes_than_is_lacking_and_the_worksite_exists() -> None:
    town = Town()
    with pytest.raises(Unknown, match="worksite"):
        town.do(ASK)
    town.do(site(), ASK)
    with pytest.raises(Invalid, match="quantity"):
        town.do(MeetNeed(need="n-1", quantity=4, by="region"))

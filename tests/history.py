"""Small hand-made data sets in the shapes of the real ones, and where those lie."""

from pathlib import Path

from tocsin.flow.history import Imported, import_history
from tocsin.flow.system import System
from tocsin.formats.history import Layout, read_history
from tocsin.kernel.event import Actor

DATA = Path(__file__).parents[1].parent / "shared" / "data"
"""Real data, outside the repository."""
ANALYST = Actor("anna", "analyst")

ALERTS = "oblast,raion,hromada,level,started_at,finished_at,source\n"
LAUNCHES = (
    "time_start,time_end,model,launch_place,target,target_main,launched,destroyed,not_reach_goal,still_attacking,"
    "num_hit_location,num_fall_fragment_location,launched_details,destroyed_details,source\n"
)
MODELS = "model,category,national_origin,type\n"
DERIVED = "region,started_at,finished_at,n_subalerts,duration_minutes\n"


def alerts(*rows: str) -> bytes:
    return (ALERTS + "".join(f"{row},official\n" for row in rows)).encode()


def launch(
    start: str,
    end: str,
    model: str,
    *counts: int | None,
    target: str = "Ukraine",
    launch_place: str = "",
    parts: str = "",
    details: str = "",
    source: str = "kpszsu/posts/1",
) -> str:
    """A row; the counts are launched, destroyed, not reaching their goal, still attacking."""
    numbers = [*counts, *[None] * (4 - len(counts))]
    cells = ",".join("" if number is None else f"{number:.1f}" for number in numbers)
    return f'{start},{end},{model},{launch_place},"{target}",,{cells},,,"{parts}","{details}",{source}\n'


def launches(*rows: str) -> bytes:
    return (LAUNCHES + "".join(rows)).encode()


def bring(system: System, document: bytes, file: str = "made.csv", layout: Layout | None = None) -> Imported:
    return import_history(system, file, document, read_history(document, file, layout), ANALYST)

"""Who may do what: one table, read at one door. Whatever is not in it is denied."""

from fnmatch import fnmatchcase

from tocsin.kernel.errors import Unauthorised
from tocsin.kernel.event import Actor

# Read as: this role may give these kinds of commands. `*` stands for any verb of the subject.
MAY: dict[str, tuple[str, ...]] = {
    "administrator": ("*",),
    "duty_officer": (
        "alert.*",
        "siren_test.*",
        "shelter.*",
        "observation.*",
        "impact.*",
        "worksite.*",
        "sector.*",
        "team.*",
        "need.*",
        "attack.*",
    ),
    "approver": (
        "alert.approve",
        "alert.reject",
        "alert.confirm",
        "alert.clear",
        "alert.cancel",
        "template.approve",
        "bulletin.approve",
        "bulletin.retract",
    ),
    "dispatcher": ("observation.*", "impact.*", "worksite.*", "sector.*", "team.*", "need.*", "shelter.*", "patient.*"),
    "team_leader": (
        "observation.*",
        "impact.*",
        "worksite.*",
        "team.arrive",
        "team.release",
        "team.locate",
        "team.account",
        "need.*",
        "patient.*",
    ),
    "medic": ("patient.*", "person.*", "observation.record"),
    "hospital": (
        "person.record",
        "hospital.report",
        "patient.admit",
        "patient.transfer",
        "patient.discharge",
        "patient.die",
    ),
    "press_officer": ("bulletin.*", "statement.record", "statement.correct"),
    "analyst": ("claim.*", "person.*", "attack.*", "statement.*", "history.*", "reading.*", "observation.record"),
    "integrator": ("observation.record", "impact.report", "foreign_alert.*", "reading.propose"),
    "auditor": (),
    # Whoever reports without an account.
    "resident": ("impact.report",),
    # Not people: our own loops.
    "siren": ("siren.report",),
    "feed": ("foreign_alert.*", "reading.propose"),
    "policy": (
        "plan.record",
        "alert.expire",
        "alert.remind",
        "alert.escalate",
        "team.release",
        "team.assign",
        "team.arrive",
        "team.miss_account",
        "siren_test.*",
    ),
}


def require(actor: Actor, kind: str) -> None:
    """
    Raises:
        Unauthorised: If the actor's role has no right to this kind of command.
    """
    if not any(fnmatchcase(kind, pattern) for pattern in MAY.get(actor.role, ())):
        raise Unauthorised(f"the role {actor.role!r} may not {kind}", known=True)

"""Who is asking: a bearer token stands for an actor with a role."""

from typing import Annotated, Any, TypeAlias

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.params import HeaderParameter

from tocsin.flow.system import System
from tocsin.kernel.errors import Unauthorised
from tocsin.kernel.event import Actor

# Read as: these roles may read what is not for everybody.
OPERATIONAL = frozenset(
    {
        "administrator",
        "duty_officer",
        "approver",
        "dispatcher",
        "team_leader",
        "medic",
        "hospital",
        "auditor",
        "analyst",
        "press_officer",
    }
)
AUDIT = frozenset({"administrator", "auditor"})


Connection: TypeAlias = ASGIConnection[Any, Any, Any, Any]
"""A request, or a WebSocket that is being opened."""


def actor_of(request: Connection, system: System) -> Actor:
    """
    The actor behind the request's bearer token (RFC 6750).

    Raises:
        Unauthorised: If there is none or it is not valid.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorised("this needs a bearer token")
    return system.access.actor(token.strip())


def require_role(request: Request[Any, Any, Any], system: System, roles: frozenset[str]) -> Actor:
    """
    Raises:
        Unauthorised: If the request has no token, or one of another role.
    """
    actor = actor_of(request, system)
    if actor.role not in roles:
        raise Unauthorised(f"the role {actor.role!r} may not read this", known=True)
    return actor


def is_operational(request: Connection, system: System) -> bool:
    """
    Whether who asks has a part in the response, whatever the realm. Without a token nobody has.

    Raises:
        Unauthorised: If there is a token and it is not valid.
    """
    return "authorization" in request.headers and actor_of(request, system).role in OPERATIONAL


def require_operational(request: Request[Any, Any, Any], system: System) -> None:
    """
    Where the city was hit and what it has left is not for everybody while it is under attack: a map of
    worksites tells the attacker where to aim again. An exercise has nothing to hide.

    Raises:
        Unauthorised: In the live realm, for whoever has no part in the response.
    """
    if system.realm == "live":
        require_role(request, system, OPERATIONAL)


IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(name="Idempotency-Key", max_length=200, description="Makes a repeat harmless", required=False),
]

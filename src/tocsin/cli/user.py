"""tocsin user: people, devices and programs that may act, their roles and tokens."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.output import DEFAULT_DB, Db, Json, emit, table

if TYPE_CHECKING:
    from tocsin.storage.access import SqliteAccess

app = typer.Typer(help="People, devices and programs that may act, their roles and tokens.", no_args_is_help=True)

User = Annotated[str, typer.Argument(help="Name of the user")]


def _access(db: Path) -> "SqliteAccess":
    from tocsin.storage.access import SqliteAccess
    from tocsin.wiring import beside

    return SqliteAccess(beside(db, "access"))


@app.command()
def add(
    user: User,
    role: Annotated[str, typer.Option("--role", help="What they may do, such as duty_officer")],
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Add a user with a role."""
    _access(db).add(user, role)
    emit({"user": user, "role": role}, f"{user} may act as {role}.", as_json=as_json)


@app.command()
def role(
    user: User, role: Annotated[str, typer.Argument(help="The new role")], db: Db = DEFAULT_DB, as_json: Json = False
) -> None:
    """Change a user's role."""
    _access(db).change_role(user, role)
    emit({"user": user, "role": role}, f"{user} may now act as {role}.", as_json=as_json)


@app.command()
def token(
    user: User,
    role: Annotated[str | None, typer.Option("--role", help="Add the user with this role if there is none")] = None,
    note: Annotated[str, typer.Option("--note", help="What it is for")] = "",
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Issue a bearer token. It is shown once and cannot be read again."""
    access = _access(db)
    if role is not None and user not in {each.id for each in access.users()}:
        access.add(user, role)
    issued = access.issue(user, note)
    emit({"user": user, "token": issued}, issued, as_json=as_json)


@app.command()
def revoke(user: User, db: Db = DEFAULT_DB, as_json: Json = False) -> None:
    """Forget all tokens of a user."""
    count = _access(db).revoke(user)
    emit({"user": user, "revoked": count}, f"{count} tokens of {user} are no longer valid.", as_json=as_json)


@app.command("list")
def list_(db: Db = DEFAULT_DB, as_json: Json = False) -> None:
    """All users with their roles."""
    users = _access(db).users()
    rows = [(each.id, each.role, each.tokens) for each in users]
    emit(users, lambda: table("Users", ("user", "role", "tokens"), rows), as_json=as_json)

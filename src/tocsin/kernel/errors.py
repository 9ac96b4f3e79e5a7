"""
Everything Tocsin raises on purpose.

* TocsinError
  x Refused        a rule of the domain says no                   -> HTTP 409, exit 1
    x Conflict     somebody wrote to this stream first; retry     -> HTTP 409, exit 1
  x Invalid        malformed input; says where                    -> HTTP 422, exit 2
    x Unknown      well formed, but names nothing that exists     -> HTTP 404, exit 2
  x Unauthorised   no valid credential, or not this role's right  -> HTTP 401 or 403, exit 1
  x Unavailable    the other side cannot be reached; try again    -> HTTP 503, exit 3
  x Undeliverable  this one never will go through; record it and pass on
  x Corrupt        the journal is not what was written            -> HTTP 500, exit 1
"""

from typing import ClassVar


class TocsinError(Exception):
    """Anything Tocsin refuses or cannot do. `code` is stable: clients may match on it."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Refused(TocsinError):
    """
    Args:
        message: Which rule says no, in words.
        where: The field that it says no to, if it is one.
    """

    code = "refused"

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.where = where


class Conflict(Refused):
    code = "conflict"


class Invalid(TocsinError):
    """
    Args:
        message: What is wrong, in words.
        where: The field, line or element it is wrong in, such as `areas[2]` or `scenario.toml:14`.
    """

    code = "invalid"

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.where = where


class Unknown(Invalid):
    code = "unknown"


class Unauthorised(TocsinError):
    """
    Args:
        known: True when the credential is valid but the role lacks the right.
    """

    code = "unauthorised"

    def __init__(self, message: str, *, known: bool = False) -> None:
        super().__init__(message)
        self.known = known


class Unavailable(TocsinError):
    """
    Args:
        retry_after: Seconds that the other side asked us to wait, if it said so.
    """

    code = "unavailable"

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Undeliverable(TocsinError):
    code = "undeliverable"


class Corrupt(TocsinError):
    code = "corrupt"

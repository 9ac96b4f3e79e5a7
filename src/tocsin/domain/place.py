"""Where things are and what they are called: fields that several subjects share."""

from typing import Annotated

from msgspec import Meta

from tocsin.domain.subject import Gazetteer
from tocsin.kernel.errors import Unknown

Latitude = Annotated[float, Meta(ge=-90, le=90, description="WGS 84, decimal degrees")]
Longitude = Annotated[float, Meta(ge=-180, le=180, description="WGS 84, decimal degrees")]
Lang = Annotated[str, Meta(pattern="^[a-z]{2}$", description="ISO 639-1")]
Names = Annotated[dict[Lang, Annotated[str, Meta(min_length=1, max_length=200)]], Meta(min_length=1)]
Count = Annotated[int, Meta(ge=0)]
Minutes = Annotated[int, Meta(ge=0, description="Give or take so many minutes")]
Reason = Annotated[str, Meta(min_length=1, max_length=2000)]


def require_area(city: Gazetteer, code: str, where: str = "area") -> None:
    """
    Raises:
        Unknown: If the city has no area of this code.
    """
    if code not in city.areas:
        raise Unknown(f"no area has the code {code!r}", where)

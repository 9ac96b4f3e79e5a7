"""
A photo as it may be kept: drawn anew from its pixels, so that nothing of what came with them is left.

EXIF with its position, XMP, IPTC, colour profiles, comments, thumbnails, further frames and whatever follows the end
are gone, and so is a file that is a picture and something else as well. How the camera was held is drawn in.
"""

import io

from tocsin.kernel.errors import Invalid

MOST_BYTES = 5_000_000
MOST_PIXELS = 50_000_000
"""Of what comes in: a file of a few kilobytes can unfold to gigabytes."""
LONGEST_SIDE = 2560
"""Of what is kept, in pixels: enough to read a house number."""
QUALITY = 85


def draw_anew(photo: bytes) -> bytes:
    """
    A JPEG with the picture of a JPEG or PNG and nothing else; transparent parts are white.

    Raises:
        Invalid: If it is too large, in bytes or pixels, no JPEG or PNG, or damaged.
    """
    # Imported here: a server that gets no photo need not load it.
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(photo) > MOST_BYTES:
        raise Invalid(f"larger than {MOST_BYTES} bytes", "photo")
    # The limit is ours, below: Pillow's own only warns at first.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(photo), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Invalid(f"more than {MOST_PIXELS} pixels", "photo")
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            drawn = Image.new("RGB", upright.size, "white")
            seen = upright.convert("RGBA")
            drawn.paste(seen, mask=seen)
    except UnidentifiedImageError:
        raise Invalid("neither a JPEG nor a PNG, or its head is damaged", "photo") from None
    # Pillow tells of damage by errors of many kinds, and by no common one.
    except (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError) as error:
        raise Invalid(f"the picture is damaged: {error}", "photo") from None
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()

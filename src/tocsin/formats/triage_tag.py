"""A triage tag to print: number, category, and a QR code that a phone reads. No name is on it."""

from xml.sax.saxutils import escape

COLOURS = {"red": "#d32f2f", "yellow": "#fbc02d", "green": "#388e3c", "black": "#212121"}
WORDS = {
    "red": ("НЕГАЙНО", "IMMEDIATE"),
    "yellow": ("ВІДКЛАДЕНО", "DELAYED"),
    "green": ("ЛЕГКІ", "MINOR"),
    "black": ("ПОМЕРЛІ АБО АГОНУЮЧІ", "DECEASED OR EXPECTANT"),
}
PREFIX = "TOCSIN:PATIENT:"
"""What the QR code holds before the number."""


def tag_svg(patient: str, category: str, family: str = "") -> str:
    """The tag as SVG, 60 by 100 mm. The code bears a quarter of its area being torn or soiled (level Q)."""
    import segno

    code = segno.make(PREFIX + patient, error="q", micro=False)
    path = code.svg_inline(border=2, omitsize=True, light="#fff")
    uk, en = WORDS[category]
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 100" width="60mm" height="100mm"'
        ' font-family="sans-serif" font-weight="bold" text-anchor="middle">',
        f"<title>{escape(patient)}</title>",
        '<rect width="60" height="100" fill="#fff"/>',
        f'<svg x="10" y="4" width="40" height="40">{path}</svg>',
        f'<text x="30" y="54" font-size="{min(8.0, 90 / len(patient)):g}">{escape(patient)}</text>',
        f'<text x="30" y="62" font-size="4">{escape(family)}</text>',
        f'<rect y="68" width="60" height="32" fill="{COLOURS[category]}"/>',
        f'<text x="30" y="82" font-size="{min(7.0, 88 / len(uk)):g}" fill="#fff">{uk}</text>',
        f'<text x="30" y="92" font-size="{min(5.0, 88 / len(en)):g}" fill="#fff">{en}</text>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"

"""PNG frames that fit into a message."""

import io

from PIL import Image

MOST_BYTES = 190_000
"""Of one PNG; base64 adds a third."""

_METHOD = Image.Quantize.FASTOCTREE
"""Much faster than the others, and on film frames as good to the eye."""


def small_png(image: Image.Image, most_bytes: int = MOST_BYTES) -> bytes:
    """The image as a PNG in as many colours and pixels as the bytes hold."""
    colours = 256
    while True:
        data = io.BytesIO()
        image.convert("RGB").quantize(colours, _METHOD).save(data, "PNG", optimize=True)
        if data.tell() <= most_bytes:
            return data.getvalue()
        if colours > 64:
            colours //= 2
        else:
            image = image.resize((image.width * 7 // 8, image.height * 7 // 8))

"""Memory: what large arrays leave behind is given back between steps."""

import ctypes
import sys


def release() -> None:
    """Return freed memory to the system where the C library would keep it.

    glibc holds freed blocks in one arena a thread; after a ten-minute clip's arrays that is several
    hundred megabytes. Elsewhere this does nothing.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)

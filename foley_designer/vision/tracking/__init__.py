"""Which regions of several frames are one source."""

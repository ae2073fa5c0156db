"""FoleyDesigner: timed, placed and mixed Foley for silent film clips."""

__version__ = "0.1.0"

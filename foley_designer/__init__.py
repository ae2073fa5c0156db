"""FoleyDesigner: timed, placed and mixed Foley for silent film clips."""

import os

# At its import ONNX Runtime leaves a number for this machine in the home folder, unless:
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"

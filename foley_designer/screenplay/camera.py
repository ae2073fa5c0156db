"""Camera language: words of a screenplay that direct the camera and make no sound."""

import re

_PARTICLES = (
    r"(?:\s+(?:in|on|up|out|back|down|into|over|to|around|across|off|away|through|past)\b)*"
)
_AUDIENCE = re.compile(
    rf"\bwe(?:['’](?:re|ve|ll))?\s+(?!hear|can\s+hear|only\s+hear)"
    rf"(?:(?:then|now|slowly|suddenly|finally|just|never|also|can|will)\s+)*[a-z]+{_PARTICLES}",
    re.IGNORECASE,
)
"""``We RUSH IN on``: in a script's action the audience moves, and nobody hears it."""
_CAMERA = re.compile(rf"\b(?:the\s+)?camera\s+[a-z]+{_PARTICLES}", re.IGNORECASE)
_CALLED = re.compile(
    r"\b(?:(?:ANGLE|CLOSE|HOLD|FOCUS|TIGHT|WIDE|BACK) ON|CLOSE ?-?UP|(?:PUSH|PULL|RUSH|DOLLY|ZOOM|"
    r"TRACK|MOVE|DRIFT) (?:IN|OUT|BACK|WITH)|(?:TILT|CRANE|PAN|BOOM|JIB) (?:UP|DOWN|TO|ACROSS|LEFT|"
    r"RIGHT|OVER)|WHIP PAN|RACK FOCUS|TRACKING SHOT|(?:SMASH|MATCH|JUMP|HARD) CUT|CUT TO|INTERCUT|"
    r"FREEZE FRAME|FADE (?:IN|OUT|TO|UP)|DISSOLVE TO|REVERSE(?: ANGLE)?|MONTAGE|TITLE CARD|SUPER)\b"
)


def without_camera(text: str) -> str:
    """The text with camera directions blanked out, every other word in its place."""
    for pattern in (_AUDIENCE, _CAMERA, _CALLED):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text

"""Ten minutes of film out of real clips, eight scenes with a Fountain of their own.

Two places come back, two people walk at more than one of them, and one of them limps from the
fourth scene on. Joined as `recut_films` joins: cuts, dissolves, black, titles; clips of many rates
and sizes.
"""

from benchmarks.scenes.recut_films import Scene, Take

Part = tuple[str, float, float, int]
"""A clip, where its first shot begins, how many seconds of it are shown, in how many shots."""


def _scene(heading: str, action: str, *parts: Part) -> Scene:
    """A scene that shows its clips in turn, shot by shot."""
    waiting = [
        [(clip, start + k * seconds / count, seconds / count) for k in range(count)]
        for clip, start, seconds, count in parts
    ]
    shots: list[tuple[str, float, float]] = []
    while any(waiting):
        shots += [one.pop(0) for one in waiting if one]
    clips = tuple(clip for clip, _, _ in shots)
    return Scene(heading, action, clips, tuple((start, length) for _, start, length in shots))


LONG = (
    _scene(
        "INT. SMITHY - DAY",
        "Anna, in heavy boots, forges a spoon with a hammer. A fire burns in the hearth. "
        "The hammer strikes the anvil.",
        ("hammer_spoon", 0.1, 9.6, 2),
        ("anvil_smith", 0.1, 3.8, 1),
        ("drumstick_metal_rail", 0.1, 5.7, 1),
    ),
    _scene(
        "EXT. FOREST PATH - DAY",
        "Anna walks along the path in her boots. A waterfall runs down rocks. Birds sing.",
        ("boots_walking_path", 0.1, 5.7, 2),
        ("waterfall_forest", 0.1, 9.6, 1),
        ("songbird_branch", 0.1, 8.0, 1),
        ("stream_dip", 0.1, 3.8, 1),
        ("bigbuckbunny_opening_5_1", 0.5, 29.0, 3),
    ),
    _scene(
        "INT. KITCHEN - NIGHT",
        "Anna chops cabbage on a wooden board with a knife. Ben moves bottles on the table. "
        "He tears a sheet of paper.",
        ("chopping_cabbage", 0.1, 7.8, 2),
        ("bottles_table", 0.2, 39.0, 5),
        ("paper_tear", 0.1, 9.6, 2),
        ("child_table", 0.1, 9.6, 1),
    ),
    _scene(
        "INT. LIVING ROOM - NIGHT",
        "Anna walks through the room in her boots. She limps.",
        ("person_room", 1.0, 66.0, 8),
        ("cough_woman", 0.1, 9.6, 1),
        ("baby_laugh_paper", 0.1, 9.6, 1),
        ("canary_cage", 0.1, 9.6, 1),
    ),
    _scene(
        "EXT. FIELD - DAY",
        "Ben walks over the grass in sneakers. He fires a gun. A bull bellows.",
        ("chaplin_park", 0.1, 9.3, 1),
        ("gun_field", 0.1, 7.7, 1),
        ("bull_bellow", 0.2, 40.0, 5),
        ("rifle_range", 0.1, 9.7, 1),
        ("sheep_pen", 0.1, 9.6, 1),
        ("pistol_range", 0.1, 4.7, 1),
        ("pigeons_coop", 0.1, 3.8, 1),
    ),
    _scene(
        "INT. REHEARSAL ROOM - NIGHT",
        "A drummer plays a drum kit. A man plays congas with his hands.",
        ("drummer_cap", 0.1, 9.6, 2),
        ("congas_lesson", 0.1, 9.6, 2),
        ("drummer_red_room", 0.1, 9.6, 1),
        ("drumkit_above", 0.1, 9.7, 1),
        ("congas_wood_room", 0.1, 9.6, 1),
        ("drummer_dark_stage", 0.1, 8.0, 1),
        ("drummer_fast_roll", 0.1, 9.6, 1),
        ("drumstick_desk", 0.1, 5.7, 1),
    ),
    _scene(
        "EXT. STREET - DAY",
        "Cars drive past. A racing car speeds round the track. A fire engine passes with its siren "
        "on. A train passes by. A church bell rings. Rain pounds on the car.",
        ("cars_topview", 0.2, 29.6, 4),
        ("race_car_track", 0.1, 9.6, 1),
        ("rally_car", 0.1, 9.6, 1),
        ("dragstrip_car", 0.1, 9.7, 2),
        ("fire_engine_newspaper", 0.1, 9.6, 2),
        ("fire_engine_traffic", 0.1, 3.8, 1),
        ("train_pass", 0.1, 9.6, 2),
        ("freight_train_crossing", 0.1, 3.8, 1),
        ("car_drift", 0.1, 3.8, 1),
        ("rain_windscreen", 0.1, 9.7, 1),
        ("church_bell", 0.1, 9.8, 1),
    ),
    _scene(
        "INT. LIVING ROOM - NIGHT",
        "Ben walks through the room in sneakers. Anna walks to the table.",
        ("person_room", 68.0, 70.0, 8),
        ("baby_cry_bed", 0.1, 9.6, 1),
        ("baby_laugh_tickle", 0.1, 9.6, 1),
        ("corgi_pack", 0.1, 9.6, 1),
    ),
)
LONG_NEW = (
    Take("new_waves", "sea_waves", 0.2, 90),
    Take("new_tennis", "table_tennis", 1.0, 110),
    Take("new_hall", "crowd_hall", 1.0, 75),
    Take("new_court", "tennis_court", 2.0, 60),
)
"""Takes that the film has not."""

#!/usr/bin/env python3
"""Shot sizes of real clips as the body detector tells them, beside what an eye says.

usage: FOLEY_MEDIA=FOLDER FOLEY_DATA_DIR=FOLDER python -m benchmarks.scenes.shot_sizes

Sixty-three clips of one shot, each called wide (whole figures and more), medium or close (head and
chest, hands, a small thing) by eye, from one frame. Printed: of the clips with people and of those
without, how many are told and how many of these rightly; and, each clip, what was told.
"""

from collections import Counter
from pathlib import Path

import numpy as np

from benchmarks.scenes.recut_films import clip_file
from foley_designer.core.settings import Settings
from foley_designer.vision.models.people_files import people_here
from foley_designer.vision.models.standing import Standing
from foley_designer.vision.observe import WORK_WIDTH
from foley_designer.vision.video.decode import FrameReader, probe
from foley_designer.vision.video.frame import Frame
from foley_designer.vision.video.shots import shot_size

WIDE = """
bull_bellow cars_topview chaplin_park crowd_hall dragstrip_car fire_engine_newspaper
fire_engine_traffic fireworks fireworks_city fireworks_volley freight_train_crossing horse_arena
person_room race_car_track rain_windscreen rally_car scuba_divers sea_waves sheep_pen
snowmobile_forest tennis_court tennis_serves_indoor train_pass waterfall_forest whale_surface
"""
MEDIUM = """
baby_cry_bed baby_laugh_paper beagle_puppy car_drift child_table church_bell congas_lesson
congas_wood_room corgi_pack drumkit_above drummer_cap drummer_dark_stage drummer_fast_roll
drummer_red_room gun_field lion_roar rifle_range stream_dip table_tennis
"""
CLOSE = """
anvil_smith baby_cry_face baby_laugh_tickle bmw_engine boots_walking_path bottles_table
canary_cage chopping_cabbage cough_woman dog_bark_pomeranian drumstick_cloth_bag drumstick_desk
drumstick_metal_rail hammer_spoon paper_tear pigeons_coop pistol_range shih_tzu_bark
songbird_branch
"""
PEOPLE = """
baby_cry_bed baby_cry_face baby_laugh_paper baby_laugh_tickle chaplin_park child_table
chopping_cabbage congas_lesson congas_wood_room cough_woman crowd_hall drummer_cap
drummer_dark_stage drummer_fast_roll drummer_red_room drumstick_desk gun_field hammer_spoon
horse_arena paper_tear person_room pistol_range rifle_range scuba_divers table_tennis
tennis_court tennis_serves_indoor
"""
"""Clips by size as an eye tells it, and those that show a body or most of one."""


def told(name: str, folder: Path) -> tuple[str, float]:
    """The size that is told of a clip, and how surely people are seen."""
    path = clip_file(name)
    clip = probe(path)
    standing = Standing(folder)
    with FrameReader(path, WORK_WIDTH, clip.rate) as reader:
        for time_s in np.arange(0.25, clip.duration_s, 1.0):
            image = reader.at(float(time_s)).image
            standing.offer(Frame(0, float(time_s), image), is_cut=False)
    size = shot_size(standing.height(0.0, clip.duration_s), ())
    return size.value, standing.of(0.0, clip.duration_s) or 0.0


def main() -> None:
    """Print the table."""
    folder = people_here(Settings().data_dir)
    assert folder is not None, "the models of bodies are not here"
    counts: Counter[tuple[bool, str]] = Counter()
    for size, clips in {"wide": WIDE, "medium": MEDIUM, "close": CLOSE}.items():
        for name in clips.split():
            people = name in PEOPLE.split()
            found, sure = told(name, folder)
            kind = "untold" if found == "unknown" else "right" if found == size else "wrong"
            counts[people, kind] += 1
            print(f"{name:24} {size:7} {found:8} people {sure:.2f}", flush=True)
    for people in (True, False):
        row = {kind: counts[people, kind] for kind in ("right", "wrong", "untold")}
        print("with people" if people else "without", row)


if __name__ == "__main__":
    main()

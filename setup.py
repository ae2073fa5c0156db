"""Maps the top-level rooms into the import package ``foley_designer``.

Committed links ``foley_designer/<room> -> ../<room>`` serve type checkers and linters;
``tests/unit/test_packaging.py`` holds links, wheel contents and this map together.
"""

from setuptools import find_packages, setup

ROOMS = ("graph", "agents", "tools", "prompts", "generator", "memory")
LIBRARY = [
    package
    for package in find_packages(include=["foley_designer", "foley_designer.*"])
    if package.split(".")[1:2] == [] or package.split(".")[1] not in ROOMS
]
INNER = [
    f"foley_designer.{room}{'.' if inner else ''}{inner}"
    for room in ROOMS
    for inner in ["", *find_packages(room)]
]

setup(
    packages=sorted(LIBRARY + INNER),
    package_dir={"foley_designer": "foley_designer"}
    | {f"foley_designer.{room}": room for room in ROOMS},
    package_data={
        "foley_designer": ["py.typed"],
        "foley_designer.core.sounds": ["*.yaml"],
        "foley_designer.evaluate.counterfactuals": ["*.yaml"],
        "foley_designer.assistant": ["texts/*.md"],
        "foley_designer.agents.reviser": ["lexica/*.yaml"],
        "foley_designer.generator": [
            "diffusion/mini/weights/*",
            "library/starter/*.csv",
            "synth/*.yaml",
        ],
        "foley_designer.prompts": ["**/*.md"],
        "foley_designer.memory": ["knowledge/*.md"],
        "foley_designer.export": ["templates/*"],
        "foley_designer.review": ["page/*"],
        "foley_designer.vision": [
            "evidence/weights/*",
            "place/weights/*",
            "joins/weights/*",
            "pictures/*.txt",
            "pictures/*.json",
            "pictures/README.md",
        ],
        "foley_designer.graph": ["*.mermaid"],
    },
)

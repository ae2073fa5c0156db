"""Things: what they are made of, which is how they sound when they fall or are struck."""

from foley_designer.memory.inflection import noun_forms
from foley_designer.memory.reading.vocabulary import words

_MATERIALS = {
    "metal-hit": "kettle bucket helmet wrench spanner hammer tool toolbox knife fork spoon sword "
    "shield armour armor axe shovel radiator toaster iron tray lantern trophy barrel anchor "
    "pistol gun rifle revolver lid tin saw gate ladder bolt screwdriver bell medal "
    "dustbin bin fridge stove oven spatula scissors cutlery silverware",
    "pipe": "crowbar pipe pole",
    "pan": "pan pot saucepan wok",
    "can": "can",
    "coins": "coin",
    "keys": "key",
    "glass-break": "glass vase bottle mirror plate cup mug jar bowl window lamp bulb teapot "
    "chandelier windscreen pane dish saucer crystal aquarium figurine",
    "ball": "ball football basketball",
    "box": "box crate case suitcase parcel package trunk chest",
    "chain": "chain",
    "drop": "clock phone telephone book chair table radio television stick plank log stone brick "
    "tree rock bag sack shoe boot apple camera laptop typewriter guitar violin piano drum watch "
    "pen pencil remote computer keyboard statue picture frame shelf bookcase wardrobe "
    "cupboard bicycle bike branch tile toy doll umbrella cane coconut pumpkin tent basket "
    "candle painting briefcase microphone alarm dice bench ladle broom mop printer blender "
    "crutch receiver tripod sign",
}
ROW_OF_THING = {
    form: row for row, nouns in _MATERIALS.items() for noun in nouns.split()
    for form in noun_forms(noun)
}  # fmt: skip
"""The row that a thing sounds like when it hits something hard, by its noun."""
_WALKERS = {
    "hooves": "horse donkey mule pony zebra camel stallion mare foal",
    "cow-steps": "cow ox bull buffalo cattle bison",
    "sheep-steps": "sheep goat deer lamb pig antelope gazelle boar flock",
    "dog-paws": "dog wolf fox puppy hound coyote terrier poodle",
    "cat-paws": "cat kitten lion tiger leopard panther lynx rabbit hare",
    "mouse-steps": "mouse rat squirrel hamster lizard beetle spider cockroach",
    "elephant-steps": "elephant bear rhino hippo dinosaur giant troll gorilla mammoth",
    "bird-steps": "bird hen chicken pigeon duck goose sparrow rooster crow penguin",
}
STEPS_OF = {
    form: row for row, nouns in _WALKERS.items() for noun in nouns.split()
    for form in noun_forms(noun)
}  # fmt: skip
"""The row of an animal's steps, by its noun."""
WATERS = words(
    "water river lake sea ocean pond pool puddle stream bath bathtub well fountain harbour canal"
)
"""What a thing falls into with a splash, whatever it is made of."""
LIFELESS = words(
    "water river stream blood wine current tide wind time clock machine engine motor fan pump "
    "film tape music heart mind thought thoughts sand rumour shiver projector generator press "
    "drill mixer dishwasher fridge refrigerator compressor conveyor belt unit device appliance "
    "vehicle car truck train tap faucet shower toilet sink bath nose computer"
)
"""Subjects that run, race or rush and take no steps."""
HOLDERS = words("tray box stack pile armful handful set case crate basket bucket bag pair row load")
"""What holds the thing that sounds: "a tray of glasses"."""
SILENT_FALLS = words(
    "snow rain night darkness silence dusk evening leaf leaves tear tears ash ashes petals "
    "petal shadow curtain temperature price prices feather feathers blossom dust light "
    "twilight mist fog star stars asleep love ill apart behind confetti sand hair word words "
    "face jaw gaze eyes blossoms snowflakes flakes hush quiet dew"
)
"""What falls without a sound of its own, or only in a manner of speaking."""
IDIOMS = words("asleep silent quiet ill apart behind short back open still away hint line in love")
"""Words after "fall" or "drop" with which nothing falls."""

"""Words by what they do in a sentence: closed classes, and verbs by what they leave unsounded.

English function words after Quirk et al., A Comprehensive Grammar of the English Language (1985),
chapters 2, 9 and 14; the classes of verbs after Levin, English Verb Classes and Alternations
(1993): put and perception verbs leave their objects silent, verbs of existence their subjects.
"""

from functools import cache

from foley_designer.memory.inflection import forms, noun_forms


def words(text: str) -> frozenset[str]:
    """A set of words; an underscore stands for a space in a phrase."""
    return frozenset(word.replace("_", " ") for word in text.split())


@cache
def forms_of(text: str) -> frozenset[str]:
    """Every inflected form of some verbs, given in their base forms."""
    return frozenset(form for base in text.split() for form in forms(base))


DETERMINERS = words(
    "a an the this that these those some any no every each another his her its their my our your "
    "one two three four five six seven eight nine ten both several many few all either neither"
)
PRONOUNS = words("he she they it i we you who somebody someone everybody everyone nobody anyone")
PREPOSITIONS = words(
    "in on at by with from to of into onto through over under across along past near beside behind "
    "before after about against around between beyond toward towards off out up down like inside "
    "outside without upon above below within during for than as until via onto amid among beneath"
)
CONJUNCTIONS = words(
    "and but while when then as before after until yet because if unless though although so since "
    "where whereas once whenever or nor which"
)
AUXILIARIES = words(
    "is are was were be been being am has have had do does did will would can could may might "
    "shall should must isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't "
    "won't wouldn't can't cannot couldn't shouldn't mustn't"
)
ADVERBS = words(
    "overhead nearby away again once twice here there now today tonight outdoors indoors upstairs "
    "downstairs ahead alone together aside forward too very just still only also ever always often "
    "soon even quite fast hard loud not never outside everywhere somewhere far afar instead"
)
LOCATIVES = words(
    "on at by near beside behind under past against above below around beyond toward towards from "
    "about of like for inside between among beneath to into in over outside onto"
)
HONORIFICS = words("mr mrs ms miss dr sir lady captain sergeant uncle aunt professor lord doctor")

STATES = forms_of(
    "stand lie sit hang lean rest wait gleam shine glitter sleep remain stay belong exist tower "
    "rust gather block"
)
"""Verbs whose subject is there and makes no sound."""
UNSOUNDED = forms_of(
    "raise lower aim grip grasp lose miss "
    "look see watch stare gaze glance notice observe spot admire inspect examine study "
    "describe mention discuss read remember recall forget know want need fear love hate like "
    "prefer photograph paint sketch own possess wear hold carry bring buy sell find hide ask "
    "point show depict portray have polish clean pass leave cross approach enter reach face "
    "guard repair mend choose recognise recognize ignore sniff pet stroke feed follow hug tie "
    "lend borrow steal clutch"
)
"""Verbs whose object is looked at, held or spoken of, and makes no sound by that."""
PERCEIVED = forms_of("see watch notice observe")
"""Verbs of perception: their object is there, but by that it does nothing."""
PERSONAL = forms_of(
    "sit say throw smile nod sigh speak talk think look turn take give go come enter leave close "
    "open walk stand laugh ask answer kiss wave pick put sip shrug whisper frown grin lie stare "
    "write read hold hand pull push"
)
"""What a person does: a bare capitalised word before it is a name."""
FALLS = forms_of("fall drop topple tumble crash slip land clatter")
"""Verbs in which a thing comes to hit something."""
BREAKS = forms_of("break shatter smash splinter")
"""Verbs in which a thing of glass or china comes apart."""
PLAYS = forms_of("play strum perform practise practice type tap drum")
"""Verbs of playing, whose instrument stands behind "on"."""
THROWS = forms_of("throw drop hurl fling toss knock slam smash dash")
"""Verbs that make their object hit something."""
BLOWS = forms_of("kick hit strike bang punch")
"""Verbs in which something is struck."""
OTHER_VERBS = forms_of(
    "hoot wheel twitter cackle cluck bay bray nicker snuffle yelp yap yowl baa bellow ribbit chug "
    "putter sputter idle patter babble thunder cascade glow glimmer clack chink tinkle jangle "
    "swish whoosh swoosh crinkle scrunch smack whack thwack plop squelch squawk warble drone throb "
    "creep pad trudge plod lumber stride pace jolt lurch skim soar dart thrum chime peal "
    "add aim allow appear apply arrange arrive attack bake bang bark be bear beat become beep "
    "beg begin bend bind bite bleat blend blink blow boil bounce bow brake break breathe "
    "brush bubble build bump burn burst buzz call catch caw chase cheer chew chirp chop clap "
    "clean clear click climb clink close collapse continue cook cough crack crackle crash "
    "crawl creak creep croak cross crouch crow crumple crunch crush cry cut dance dig dip "
    "dive drag draw drift drill drink drip drive drop drum dry duck eat echo emerge end erupt "
    "escape explode fade fall fight fill fire fish fix flap flash flee flick flip float flow "
    "flutter fly fold forge freeze fry gallop gasp glide grab grind groan growl grunt gulp "
    "hammer happen head hear hiss hit honk hop hover howl hum hurry jingle jog join jump keep "
    "kick kill kneel knock lap laugh launch lift light load lock loose lower make march melt "
    "meow mix moan moo mop move mow murmur neigh oink open operate order paddle pass peel "
    "pedal pick pierce plant play pluck plough pop pound pour practise practice prepare press "
    "print proceed pull pump punch push put quack race rain raise rattle reach return rev "
    "ride ring rip rise roar roll row rub rumble run rush rustle sail saw scamper scrape "
    "scratch scream screech scurry sew shake sharpen shatter shave shine shiver shoot shout "
    "shove shut shuffle sing sink sip sizzle skate skid slam slap slash slice slide slip "
    "slurp smash snap snarl sneak sneeze snore snort sob sound speed spill spin spit splash "
    "split spray spread spring sprint squeak squeal squeeze stab stack stagger start step "
    "stir stomp stop storm strike stroll strum stumble swallow sway sweep swim swing switch "
    "take tap tear tick tie tiptoe toast toll toss touch tramp trample trim trip trot trudge "
    "tumble turn twist type unlock unzip use vacuum vanish wade wail wake walk wander wash "
    "whine whip whir whirl whisper whistle wipe work wrap write yawn yell zip hoover drool "
    "bend tighten screw weld burst carve shear honk toot blare clang clank clash clatter thud "
    "thump crow tweet hatch peck dine munch chat cheer applaud celebrate argue cower rustle "
    "flare ignite blaze smoulder die stall go come get let set give pay play lead feel try "
    "seem help live spit scuttle skitter swarm gush trickle leak drain hurl fling nail drill "
    "bolt hinge retreat advance charge pause refuse fail avoid imagine dream hope wish "
    "pretend mime suppress stifle resist exclude omit purr mew skip cease finish quit expect "
    "threaten intend attempt consider dare hesitate mumble mutter slow accelerate decelerate "
    "jangle ruffle clank squirt grumble shriek chant gurgle slouch hasten withdraw retire decide "
    "resolve"
)
STEPPING = forms_of(
    "walk stride pace march stroll step tread trudge tramp plod stomp stamp clomp shuffle tiptoe "
    "creep sneak pad run jog sprint dash rush hurry race chase flee limp stagger stumble wander "
    "climb descend mount cross enter leave approach come go arrive return pass follow advance "
    "retreat move dance skip hop jump patrol saunter amble strut waddle click crunch squelch "
    "totter hobble lumber head parade scurry storm wade clatter"
)
"""Verbs in which feet are heard."""
SUCCEEDS = forms_of("follow accompany interrupt precede join drown break disturb")
"""Verbs whose agent is what sounds: "silence is followed by a cough"."""
STOPS = forms_of("stop cease end fade subside")
"""Verbs after which what went on is over."""
VERBS = (
    words("goes going went gone does did doing undid")
    | OTHER_VERBS
    | STATES
    | UNSOUNDED
    | PERSONAL
    | FALLS
    | THROWS
    | BLOWS
)
"""Forms of verbs that part a sentence into clauses."""
_PERSONS = (
    "man woman boy girl child kid person knight soldier rider guard actor dancer skater "
    "climber worker farmer thief cop officer player father mother king queen prince princess "
    "lady gentleman baby toddler teenager stranger tramp clown boxer fighter warrior hero "
    "villain victim drunk waiter old body corpse figure skier jockey cowboy sailor robber "
    "runner "
)
PERSONS = frozenset(form for noun in _PERSONS.split() for form in noun_forms(noun))
"""Nouns for people."""

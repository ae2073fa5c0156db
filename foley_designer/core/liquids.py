"""What is a liquid: words that the scribe reads and by which an engine fills a vessel."""

_WORDS = """
ale beer blood brine champagne cider coffee cola gasoline gin juice lemonade liquid milk oil paint
petrol rainwater rum soda soup tea vinegar vodka water whiskey whisky wine
"""
LIQUIDS = frozenset(_WORDS.split())

"""`python -m foley_designer`: the command line."""

from foley_designer.cli.main import main

main()

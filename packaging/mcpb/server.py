"""Entry of the bundle: the command line of the installed package."""

from foley_designer.cli.main import main

if __name__ == "__main__":
    main()

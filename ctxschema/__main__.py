"""``python -m ctxschema`` is the command line."""

from ctxschema.cli import main

if __name__ == "__main__":
    main()

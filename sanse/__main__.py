"""``python -m sanse``: the same as the command ``sanse``."""

from sanse.cli import main

main()

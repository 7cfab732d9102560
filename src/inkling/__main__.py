"""`python -m inkling`."""

from inkling.cli.__main__ import main

main()

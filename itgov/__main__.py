"""`python -m itgov`."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # the working folder: a `yaml.py` that lies there is not the library
from itgov.cli.main import command

if __name__ == "__main__":
    command()

"""`python -m itgov`."""

import sys

from itgov.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

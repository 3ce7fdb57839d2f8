"""``python -m blockwright.cli``, for where the command's own script is not on the path."""

import sys

from blockwright.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

"""`python -m evals NAME`."""

import sys

from . import main

sys.exit(main("evals"))

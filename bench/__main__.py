"""`python -m bench NAME`."""

import sys

from evals import main

sys.exit(main("bench"))

"""The steps of the loop and the program that runs them."""

import os

# One thread: on a shared machine, several spinning threads cost far more than they gain.
os.environ.setdefault("OMP_NUM_THREADS", "1")

"""How a step says that it cannot go on."""

from enum import IntEnum

from .. import PROGRAM

__all__ = ["PROGRAM", "Exit", "OpsError"]


class Exit(IntEnum):
    """Exit codes of the program."""

    DONE = 0
    USAGE = 2
    REFUSED = 10
    DRIFT = 11
    CONTRACT = 12
    INCONCLUSIVE = 13


class OpsError(Exception):
    """One sentence about what is wrong, a hint that starts with a verb, and the exit code."""

    def __init__(self, message: str, *, hint: str, exit: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.message, self.hint, self.exit = message, hint, exit

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"

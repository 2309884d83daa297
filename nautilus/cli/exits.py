"""The exit codes of `nautilus`, in one place, as `--help`, the tests and continuous integration read them."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended. A higher-numbered cause never hides a policy stop: see `nautilus.cli.verdict.exit_code`."""

    FINE = 0
    FAILED = 1
    BAD_CATALOGUE = 2
    POLICY_STOPPED = 3
    DRIFT = 4
    USAGE = 64
    INTERRUPTED = 130


MEANING: dict[ExitCode, str] = {
    ExitCode.FINE: "everything is as declared",
    ExitCode.FAILED: "a stack failed, or a stack is held by another run",
    ExitCode.BAD_CATALOGUE: "the catalogue has mistakes; nothing was started",
    ExitCode.POLICY_STOPPED: "a mandatory policy stopped it; nothing was applied",
    ExitCode.DRIFT: "what runs is not what is recorded, or changes were found where none were expected",
    ExitCode.USAGE: "the command line was wrong",
    ExitCode.INTERRUPTED: "stopped by a signal; run the same command again to go on",
}


def table() -> str:
    """Return the codes and meanings as lines of text for help pages, `code  meaning` each."""
    return "\n\n".join(f"{code.value}: {meaning}" for code, meaning in MEANING.items())


class CommandError(Exception):
    """Something a person can mend: one message, the fix, and the exit code; shown without a traceback."""

    def __init__(self, message: str, fix: str = "", code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.code = code

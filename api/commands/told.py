"""What goes wrong, in a sentence for whoever typed the command."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from api.commands.base import Failed


@contextmanager
def told_in_sentences() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        sentences = _sentences(error)
        if sentences is None:
            raise
        for sentence in sentences:
            typer.secho(sentence, err=True, fg="red" if sys.stderr.isatty() else None)
        raise SystemExit(1) from None


def _sentences(error: Exception) -> list[str] | None:
    """What to tell of an error that a person can mend; None of one that is a mistake of ours."""
    if isinstance(error, Failed):
        return [str(error)]
    if isinstance(error, OSError):
        return [f"{error.filename}: {error.strerror}." if error.filename else str(error)]
    # Only what has been loaded can have been raised.
    raised = {cls.__qualname__ for cls in type(error).__mro__}
    if "WrongSetting" in raised:
        return [str(error)]
    if "NoProgram" in raised:
        return ["No program has been published: run `jifen migrate` first."]
    if "Refused" in raised:
        from api.sentences import sentences_of

        return sentences_of(error)
    # By its own name: what stands below it there are mistakes of ours, but for the one before.
    if "OperationalError" in raised or type(error).__qualname__ == "DatabaseError":
        from api.sentences import unreachable

        return [unreachable(error)]
    return None

"""GraphQL errors: what a program must mend. Each has a stable `extensions.code`; nothing internal gets out."""

from __future__ import annotations

import logging
import re
from enum import StrEnum

from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.types.execution import ExecutionContext

log = logging.getLogger("jifen.graphql")


class Code(StrEnum):
    BAD_REQUEST = "BAD_REQUEST"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    RATE_LIMITED = "RATE_LIMITED"
    QUERY_TOO_EXPENSIVE = "QUERY_TOO_EXPENSIVE"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"


INTERNAL_MESSAGE = "Something went wrong on our side."

_SUGGESTION = re.compile(r"\s*Did you mean .*?\?(?=\s|$)", re.DOTALL)


class CodedError(GraphQLError):
    """An error that is meant to be seen, with its code."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message, extensions={"code": code.value})
        self.code = code


def bad_input(message: str) -> CodedError:
    """A value that no client should send: a malformed id, cursor or scalar, a page size out of range."""
    return CodedError(Code.BAD_USER_INPUT, message)


class Unauthenticated(CodedError):
    """Nobody is signed in, or the session is over."""

    def __init__(self) -> None:
        super().__init__(Code.UNAUTHENTICATED, "Sign in first.")


class Forbidden(CodedError):
    """The role does not allow this."""

    def __init__(self) -> None:
        super().__init__(Code.FORBIDDEN, "Your role does not allow this.")


def settle(error: GraphQLError, context: ExecutionContext | None) -> None:
    """Gives an error its code, hides what is internal, and logs: a client's mistake in a line, ours with its stack."""
    if error.extensions and "code" in error.extensions:
        # Settled before: a cached answer of the validation, or one of our own.
        _log_client(error)
        return
    cause = _cause(error)
    code = cause.code if isinstance(cause, CodedError) else _code_by_phase(error, cause, context)
    error.extensions = {**(error.extensions or {}), "code": code.value}
    if code is Code.INTERNAL_SERVER_ERROR:
        log.error("unexpected error at %s", _place(error), exc_info=cause)
        error.message = INTERNAL_MESSAGE
        error.original_error = None
        return
    error.message = _SUGGESTION.sub("", error.message)
    _log_client(error)


def _cause(error: GraphQLError) -> BaseException:
    """The innermost error that this one was made from."""
    cause: BaseException = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _code_by_phase(error: GraphQLError, cause: BaseException, context: ExecutionContext | None) -> Code:
    if isinstance(cause, RecursionError) and error.path is None:
        return Code.QUERY_TOO_EXPENSIVE
    if not isinstance(cause, GraphQLError):
        return Code.INTERNAL_SERVER_ERROR
    if isinstance(cause, GraphQLSyntaxError):
        # Too many tokens, or nested too deeply: the parser gives up before it has found a mistake.
        too_much = "Parsing aborted" in cause.message
        return Code.QUERY_TOO_EXPENSIVE if too_much else Code.GRAPHQL_PARSE_FAILED
    if context is None or context.result is None:
        return Code.GRAPHQL_VALIDATION_FAILED
    if error.path is None or cause.message.startswith("Argument "):
        # Variables and arguments that do not fit their types are noticed when execution begins.
        return Code.BAD_USER_INPUT
    return Code.INTERNAL_SERVER_ERROR


def _log_client(error: GraphQLError) -> None:
    # Not the message: it may quote what the client sent.
    log.info("refused with %s at %s", (error.extensions or {}).get("code"), _place(error))


def _place(error: GraphQLError) -> str:
    return ".".join(str(step) for step in error.path) if error.path else "the request"

"""The way in: GraphQL over HTTP for both APIs. Whatever arrives is answered in JSON, with a code for what is wrong."""

from __future__ import annotations

import hashlib
import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError, OperationDefinitionNode, parse
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.file_uploads.utils import replace_placeholders_with_files
from strawberry.http.parse_content_type import parse_content_type
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionResult
from strawberry.types.graphql import OperationType

from schema.build import CodedSchema
from schema.codes import INTERNAL_MESSAGE, Code
from schema.context import Context
from schema.limits import MAX_ITEMS, MAX_TOKENS, has_too_many_items

log = logging.getLogger("jifen.graphql")

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"

# Automatic persisted queries kept, and the longest that is.
PERSISTED = 500
PERSISTED_LENGTH = 20_000

# No form on a foreign site can send these.
PREFLIGHT_HEADERS = ("graphql-require-preflight", "apollo-require-preflight")

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept, Accept-Language, Authorization",
}

# What a named operation begins with. Fields may be called the same.
_OPERATION = re.compile(r"\b(?:query|mutation|subscription)\b")

NewContext = Callable[[HTTPConnection], Context]


class Broken(Exception):
    """A request that never gets as far as a query. `status` is for whoever asked for a broken request's status;
    one that is the protocol's own affair (a hash that is not known) keeps 200 for clients of plain JSON."""

    def __init__(
        self, message: str, *, code: Code = Code.BAD_REQUEST, status: int = 400, plain_status: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.plain_status = plain_status or status


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, read and checked."""

    query: str | None
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any]


class Door(GraphQL[Context, None]):
    """Serves one schema. `uploads` lets multipart requests in; `ide` shows GraphiQL to browsers (development)."""

    def __init__(
        self, schema: CodedSchema, new_context: NewContext, *, uploads: bool = False, ide: bool = False
    ) -> None:
        super().__init__(
            schema,
            graphql_ide="graphiql" if ide else None,
            multipart_uploads_enabled=uploads,
            subscription_protocols=(),
        )
        self._new_context = new_context
        self._persisted: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocket(scope, receive=receive, send=send).close(code=1008)
            return
        request = Request(scope, receive=receive)
        try:
            response = await self.respond(request)
        finally:
            # Uploaded files live until here.
            await request.close()
        await response(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        """The answer to a request, whatever it holds."""
        speaks_graphql = _prefers_graphql_json(request.headers.get("accept", ""))
        try:
            if self._wants_ide(request):
                return HTMLResponse(self.graphql_ide_html, headers={"Cache-Control": "no-store"})
            asked = await self._read(request)
            query = self._document(asked)
            if asked.operation_name is None and _has_several_operations(query):
                raise Broken("The document has several operations: name the one to run.")
            result, context = await self._execute(request, asked, query)
        except Broken as broken:
            log.info("refused with %s before execution", broken.code)
            status = broken.status if speaks_graphql else broken.plain_status
            body = {"errors": [{"message": broken.message, "extensions": {"code": broken.code}}]}
            headers = {"Allow": "GET, POST"} if status == 405 else {}
            return _json(body, status, speaks_graphql, headers)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception:
            log.exception("unexpected error in the door")
            error = {"message": INTERNAL_MESSAGE, "extensions": {"code": Code.INTERNAL_SERVER_ERROR}}
            return _json({"errors": [error]}, 500, speaks_graphql)
        return self._answer(result, context, speaks_graphql)

    def _answer(self, result: ExecutionResult, context: Context, speaks_graphql: bool) -> Response:
        errors = [error.formatted for error in result.errors or ()]
        body: dict[str, Any] = {"data": result.data}
        status = 200
        if errors:
            body["errors"] = errors
            never_ran = result.data is None and all(not error.path for error in result.errors or ())
            if never_ran and speaks_graphql:
                del body["data"]
                status = 400
        return _json(body, status, speaks_graphql, {"Content-Language": context.locale})

    async def _execute(self, request: Request, asked: Asked, query: str) -> tuple[ExecutionResult, Context]:
        context = self._new_context(request)
        await context.begin()
        try:
            result = await self.schema.execute(
                query,
                variable_values=asked.variables,
                context_value=context,
                operation_name=asked.operation_name,
                allowed_operation_types=OperationType.from_http("GET" if request.method == "GET" else "POST"),
            )
        except InvalidOperationTypeError as error:
            raise Broken("A GET request can only query.", status=405) from error
        except CannotGetOperationTypeError as error:
            raise Broken("The document has no operation of this name.") from error
        except MissingQueryError as error:
            raise Broken("The request has no query.") from error
        self._remember(asked, query, result)
        return result, context

    # ------------------------------------------------------------ reading

    def _wants_ide(self, request: Request) -> bool:
        return (
            self.graphql_ide is not None
            and request.method == "GET"
            and "query" not in request.query_params
            and "extensions" not in request.query_params
            and "text/html" in request.headers.get("accept", "")
        )

    async def _read(self, request: Request) -> Asked:
        if request.method == "GET":
            return _asked(_from_query_string(request.query_params))
        if request.method != "POST":
            raise Broken("GraphQL takes GET and POST.", status=405)
        named, parameters = parse_content_type(request.headers.get("content-type", ""))
        content_type = named.lower()
        if content_type == "application/json" and parameters.get("charset", "utf-8").lower() in ("utf-8", "utf8"):
            return _asked(_parse(await request.body()))
        if content_type == "multipart/form-data" and self.multipart_uploads_enabled:
            return _asked(await self._read_multipart(request))
        raise Broken("Send the query as application/json.", status=415)

    async def _read_multipart(self, request: Request) -> object:
        if not any(header in request.headers for header in PREFLIGHT_HEADERS):
            raise Broken("Uploads need the header GraphQL-Require-Preflight.")
        try:
            form = await request.form(max_files=10, max_fields=20)
            operations, places = _parse(str(form["operations"])), _parse(str(form["map"]))
            if not isinstance(operations, dict) or not isinstance(places, dict):
                raise Broken("operations and map are JSON objects.")
            files = {key: value for key, value in form.items() if not isinstance(value, str)}
            return replace_placeholders_with_files(operations, places, files)
        except Broken:
            raise
        except Exception as error:
            # Whatever the parts lack, and wherever a path of the map leads to nothing.
            raise Broken("This is not a GraphQL multipart request.") from error

    # ------------------------------------------------------------ persisted queries

    def _document(self, asked: Asked) -> str:
        hash_ = _persisted_hash(asked)
        if asked.query is not None:
            if hash_ is not None and _sha256(asked.query) != hash_:
                raise Broken("The hash is not that of the query.")
            return asked.query
        if hash_ is None:
            raise Broken("The request has no query.")
        known = self._persisted.get(hash_)
        if known is None:
            raise Broken("PersistedQueryNotFound", code=Code.PERSISTED_QUERY_NOT_FOUND, plain_status=200)
        self._persisted.move_to_end(hash_)
        return known

    def _remember(self, asked: Asked, query: str, result: ExecutionResult) -> None:
        """Keeps a query that came with its hash, if it is one that we would run again."""
        if asked.query is None or _persisted_hash(asked) is None or len(query) > PERSISTED_LENGTH:
            return
        if result.data is None and result.errors and not any(error.path for error in result.errors):
            return
        self._persisted[_sha256(query)] = query
        if len(self._persisted) > PERSISTED:
            self._persisted.popitem(last=False)


def _from_query_string(parameters: Mapping[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = dict(parameters)
    for name in ("variables", "extensions"):
        if data.get(name):
            data[name] = _parse(data[name])
        else:
            data.pop(name, None)
    return data


def _asked(data: object) -> Asked:
    """The parts of a request, each of the form that it must have."""
    if isinstance(data, list):
        raise Broken("Batches are not taken: send one operation at a time.")
    if not isinstance(data, dict):
        raise Broken("The request is not a JSON object.")
    query, variables = data.get("query"), data.get("variables")
    name, extensions = data.get("operationName"), data.get("extensions")
    if not isinstance(query, str | None):
        raise Broken("query is a string.")
    if not isinstance(variables, dict | None):
        raise Broken("variables is an object.")
    if has_too_many_items(variables):
        message = f"The query is too expensive: at most {MAX_ITEMS} items in the lists of its variables."
        raise Broken(message, code=Code.QUERY_TOO_EXPENSIVE, plain_status=200)
    if not isinstance(name, str | None):
        raise Broken("operationName is a string.")
    if not isinstance(extensions, dict | None):
        raise Broken("extensions is an object.")
    if query is not None and not query.strip():
        raise Broken("The request has no query.")
    return Asked(query, variables, name or None, extensions or {})


def _parse(text: str | bytes) -> object:
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise Broken("The request is not JSON.") from error


def _has_several_operations(query: str) -> bool:
    """Whether a name has to say which one is meant: left to itself, the stack would run the first."""
    if len(_OPERATION.findall(query)) < 2:
        return False
    try:
        definitions = parse(query, max_tokens=MAX_TOKENS).definitions
    except (GraphQLError, RecursionError):
        # What is wrong with it is told when it runs.
        return False
    return sum(isinstance(definition, OperationDefinitionNode) for definition in definitions) > 1


def _persisted_hash(asked: Asked) -> str | None:
    if "persistedQuery" not in asked.extensions:
        return None
    persisted = asked.extensions["persistedQuery"]
    hash_ = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    if not isinstance(hash_, str) or persisted.get("version") != 1:
        raise Broken("persistedQuery takes version 1 and a sha256Hash.")
    return hash_.lower()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _prefers_graphql_json(accept: str) -> bool:
    """Whether the client likes application/graphql-response+json at least as well as plain JSON."""
    qualities: dict[str, float] = {}
    for part in accept[:1000].lower().split(","):
        type_, _, parameters = part.strip().partition(";")
        quality = 1.0
        for parameter in parameters.split(";"):
            name, _, value = parameter.strip().partition("=")
            if name == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        qualities[type_.strip()] = quality
    wanted = qualities.get(GRAPHQL_JSON, 0.0)
    return wanted > 0 and wanted >= qualities.get(JSON, 0.0)


def _json(
    body: dict[str, Any], status: int, speaks_graphql: bool, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(
        orjson.dumps(body),
        status_code=status,
        media_type=f"{GRAPHQL_JSON if speaks_graphql else JSON}; charset=utf-8",
        headers={**HEADERS, **(headers or {})},
    )

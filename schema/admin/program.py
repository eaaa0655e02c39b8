"""The membership program: its versions, and publishing a new one (R15)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from checkout.publish_program import publish_program
from program.queries import VersionRecord, version_by_number, version_records
from schema.admin.context import Info
from schema.connections import given
from schema.errors import UserError
from schema.scalars import JSON
from schema.types import Node


@strawberry.type
class ProgramVersion(Node):
    version: int
    effective_at: datetime
    document: JSON
    published_by: str

    @classmethod
    def of(cls, record: VersionRecord) -> ProgramVersion:
        return cls(
            id=strawberry.ID(record.id),
            version=record.version,
            effective_at=record.effective_at,
            document=JSON(record.document),
            published_by=record.published_by,
        )


@strawberry.type
class ProgramQuery:
    @strawberry.field
    async def program_versions(self, info: Info) -> list[ProgramVersion]:
        return await info.context.read(
            lambda reading: [ProgramVersion.of(record) for record in version_records(reading.conn)]
        )


@strawberry.input
class PublishProgramInput:
    document: JSON
    effective_at: datetime | None = UNSET


@strawberry.type
class PublishProgramPayload:
    program_version: ProgramVersion | None = None
    errors: list[UserError]


@strawberry.type
class ProgramMutation:
    @strawberry.mutation
    async def publish_program(self, info: Info, input: PublishProgramInput) -> PublishProgramPayload:
        shop, actor = info.context.services.shop, info.context.actor
        document: Any = input.document
        effective_at = given(input.effective_at)

        def publish() -> int:
            return publish_program(shop, document, effective_at, actor)

        return await info.context.answer(PublishProgramPayload, publish, _version(info))


def _version(info: Info) -> Callable[[int], dict[str, Any]]:
    def show(version: int) -> dict[str, Any]:
        with info.context.reading() as reading:
            return {"program_version": ProgramVersion.of(version_by_number(reading.conn, version))}

    return show

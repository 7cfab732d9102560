"""`POST /read` and `/read/batch`: pictures in, the records of `inkling read --json` out."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from inkling.errors import UsageError
from inkling.reading.plausibility import plausible_of
from inkling.service.describing import ERRORS, PICTURE_BODY, PICTURES_BODY, RECORD, RECORDS, answers
from inkling.service.multipart import Part, files_of, is_multipart
from inkling.service.records import ALTERNATIVES_MOST, DIGITS_MOST, Answer, Asked, Question
from inkling.service.refusals import Refusal
from inkling.service.state import State


def _asked(
    single: Annotated[bool, Query(description="There is exactly one digit per picture.")] = False,
    digits: Annotated[int | None, Query(ge=1, le=DIGITS_MOST, description="The number of digits per line.")] = None,
    lines: Annotated[bool, Query(description="There may be several lines of digits.")] = False,
    min_confidence: Annotated[
        float | None, Query(ge=0, le=1, description='A digit with less confidence becomes "?".')
    ] = None,
    pattern: Annotated[str | None, Query(description="The number matches this pattern of digits.")] = None,
    least: Annotated[int | None, Query(alias="min", ge=0, description="The number is no less.")] = None,
    greatest: Annotated[int | None, Query(alias="max", ge=0, description="The number is no more.")] = None,
    previous: Annotated[str | None, Query(description="What the meter showed before, with its zeros.")] = None,
    max_step: Annotated[int | None, Query(ge=0, description="The most that the meter has moved since.")] = None,
    alternatives: Annotated[
        int, Query(ge=0, le=ALTERNATIVES_MOST, description="How many numbers that each line may be are told.")
    ] = 0,
) -> Asked:
    """How pictures are to be read; a Refusal where that contradicts itself."""
    if single and (digits not in (None, 1) or lines):
        raise Refusal(422, "single=true contradicts digits and lines: leave out single, or leave out the other two")
    limits = {"pattern": pattern, "minimum": least, "maximum": greatest, "previous": previous, "max_step": max_step}
    try:
        plausible = plausible_of(limits, {"minimum": "min", "maximum": "max"})
    except UsageError as error:
        raise Refusal(422, str(error)) from None
    return Asked(single, digits, lines, min_confidence, plausible, alternatives)


How = Annotated[Asked, Depends(_asked)]


def router(state: State) -> APIRouter:
    routes = APIRouter(tags=["reading"])
    limits = state.settings.limits
    records = answers(RECORDS, *ERRORS)

    def question(part: Part, asked: Asked) -> Question:
        return Question(part.name, part.content, asked, limits.megapixels)

    @routes.post("/read", response_class=Response, openapi_extra=PICTURE_BODY, responses=answers(RECORD, *ERRORS))
    async def read(request: Request, asked: How) -> Response:
        """Read the number in one picture: the body is the picture's file, or a form with one file."""
        async with state.bodies.of(request) as body:
            part = await _one_picture(state, request.headers.get("content-type", ""), body)
            found = await state.read(question(part, asked))
        return Response(found.content, found.status, media_type="application/json")

    @routes.post("/read/batch", response_class=Response, openapi_extra=PICTURES_BODY, responses=records)
    async def read_batch(request: Request, asked: How) -> Response:
        """Read the numbers in several pictures, the files of a form.

        The answer has one record per picture in the order of the files. A picture that cannot be read has a record with
        `file` and `error`, and the others are read.
        """
        async with state.bodies.of(request) as body:
            content_type = request.headers.get("content-type", "")
            if not is_multipart(content_type):
                raise Refusal(415, "/read/batch takes a multipart form with a file per picture: curl -F a=@1.png -F …")
            parts = await state.work.run(files_of, content_type, body, limits.pictures)
            if not parts:
                raise Refusal(422, "a form with at least one file was expected, and this one has none")
            state.metrics.batch.labels("read").observe(len(parts))
            questions = [question(part, asked) for part in parts]
            found = await _all(state, questions)
        return Response(b"[" + b",".join(each.content for each in found) + b"]", media_type="application/json")

    return routes


async def _all(state: State, questions: list[Question]) -> list[Answer]:
    """The answers to several questions, asked as many at a time as there are workers."""
    answers: list[Any] = [None] * len(questions)
    numbers = iter(range(len(questions)))

    async def work() -> None:
        for number in numbers:
            answers[number] = await state.read(questions[number])

    async with asyncio.TaskGroup() as group:
        for _ in range(min(state.settings.workers, len(questions))):
            group.create_task(work())
    return answers


async def _one_picture(state: State, content_type: str, body: bytes) -> Part:
    if not is_multipart(content_type):
        return Part("image", body)
    parts = await state.work.run(files_of, content_type, body, 1)
    if not parts:
        raise Refusal(422, "a form with one file was expected, and this one has none: curl -F image=@photo.jpg …")
    return parts[0]

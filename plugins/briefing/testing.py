"""The doubles we ship: they stand at our own seams, keep the seam's promises, and are tested themselves."""

from __future__ import annotations

from collections.abc import Iterable

from .draft.request import Answer, Request
from .errors import ModelUnavailable


class RecordedProvider:
    """A `request.Provider` that plays recorded answers back in order and remembers what it was asked.

    An answer may be a ModelUnavailable, which is raised. When the answers are used up it is unreachable, as a service that went away.
    """

    def __init__(self, answers: Iterable[str | ModelUnavailable]) -> None:
        self._answers = list(answers)
        self.asked: list[Request] = []

    def complete(self, request: Request) -> Answer:
        """The next recorded answer. Raises ModelUnavailable where one is recorded, or none is left."""
        self.asked.append(request)
        if not self._answers:
            raise ModelUnavailable("unreachable", "no recorded answer is left; record one more")
        answer = self._answers.pop(0)
        if isinstance(answer, ModelUnavailable):
            raise answer
        return Answer(text=answer, tokens_in=request.tokens_in, tokens_out=len(answer) // 3 + 1)

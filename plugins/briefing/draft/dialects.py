"""How each kind of service wants a request and gives an answer. Pure: values in, values out.

openai     chat completions with `response_format: json_schema`, as most hosted services speak it
llamacpp   the same address with `{"type": "json_object", "schema": …}`, which llama.cpp turns into a grammar
anthropic  messages with one tool whose input is the answer
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import ModelUnavailable
from .request import Answer, Request
from .settings import ModelSettings

TOOL = "briefing"
_ANTHROPIC_VERSION = "2023-06-01"


class _Loose(BaseModel):
    """Services add fields at any time: what we do not use is not looked at."""

    model_config = ConfigDict(extra="ignore")


class _ChatUsage(_Loose):
    prompt_tokens: int = Field(default=0, ge=0, le=10**9)
    completion_tokens: int = Field(default=0, ge=0, le=10**9)


class _ChatMessage(_Loose):
    content: str | None = None
    refusal: str | None = None


class _ChatChoice(_Loose):
    message: _ChatMessage
    finish_reason: str | None = None


class _Chat(_Loose):
    choices: list[_ChatChoice] = Field(min_length=1)
    usage: _ChatUsage | None = None


class _MessagesUsage(_Loose):
    input_tokens: int = Field(default=0, ge=0, le=10**9)
    output_tokens: int = Field(default=0, ge=0, le=10**9)


class _MessagesBlock(_Loose):
    type: str
    name: str = ""
    input: dict[str, Any] | None = None


class _Messages(_Loose):
    content: list[_MessagesBlock]
    stop_reason: str | None = None
    usage: _MessagesUsage | None = None


def headers(settings: ModelSettings) -> dict[str, str]:
    """The request's headers, the key among them."""
    out = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
    key = settings.key.get_secret_value()
    if settings.dialect == "anthropic":
        out["anthropic-version"] = _ANTHROPIC_VERSION
        if key:
            out["x-api-key"] = key
    elif key:
        out["Authorization"] = f"Bearer {key}"
    return out


def body(settings: ModelSettings, request: Request, *, old_limit: bool = False) -> dict[str, Any]:
    """The request's JSON. `old_limit` names the answer's limit `max_tokens`, for openai services that know no newer name."""
    if settings.dialect == "anthropic":
        return {
            "model": settings.name,
            "max_tokens": request.tokens_out,
            "system": request.system,
            "messages": [{"role": "user", "content": request.user}],
            "tools": [{"name": TOOL, "description": "The answer, in its one form.", "input_schema": dict(request.schema)}],
            "tool_choice": {"type": "tool", "name": TOOL},
        }
    chat: dict[str, Any] = {
        "model": settings.name,
        "messages": [{"role": "system", "content": request.system}, {"role": "user", "content": request.user}],
    }
    if settings.dialect == "llamacpp":
        # llama.cpp samples with a random seed unless told otherwise; the same draft twice is worth more than variety.
        fixed = {"temperature": 0.0, "seed": 1, "repeat_penalty": 1.1}
        return chat | fixed | {"max_tokens": request.tokens_out, "response_format": {"type": "json_object", "schema": dict(request.schema)}}
    chat["max_tokens" if old_limit else "max_completion_tokens"] = request.tokens_out
    chat["response_format"] = {"type": "json_schema", "json_schema": {"name": TOOL, "strict": True, "schema": _unbounded(request.schema)}}
    return chat


def _unbounded(schema: Any) -> Any:
    """The schema without the lengths of lists, which many strict services refuse."""
    if isinstance(schema, Mapping):
        return {k: _unbounded(v) for k, v in schema.items() if k != "maxItems"}
    return [_unbounded(v) for v in schema] if isinstance(schema, list) else schema


def wants_old_limit(settings: ModelSettings, status: int, said: str) -> bool:
    """Whether the service refused the newer name of the answer's limit."""
    return settings.dialect == "openai" and status in {400, 422} and "max_completion_tokens" in said


def answer(settings: ModelSettings, request: Request, payload: bytes) -> Answer:
    """What the service's answer says. Tokens it does not count are estimated. Raises ModelUnavailable."""
    try:
        if settings.dialect == "anthropic":
            return _from_messages(_Messages.model_validate_json(payload), request)
        return _from_chat(_Chat.model_validate_json(payload), request)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(p) for p in fault["loc"]) or "the whole"
        raise ModelUnavailable(
            "bad-answer", f"the service's answer is not what a {settings.dialect} service sends ({place}: {fault['type']}); check BRIEFING_MODEL_DIALECT"
        ) from error


def _from_chat(chat: _Chat, request: Request) -> Answer:
    choice = chat.choices[0]
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise ModelUnavailable("refused", "the model declined to answer; the draft is made without it")
    if choice.finish_reason == "length":
        raise ModelUnavailable("cut-off", f"the answer was longer than {request.tokens_out:,} tokens; use another model or draft without one")
    text = choice.message.content
    if not text:
        raise ModelUnavailable("bad-answer", "the answer is empty; use another model or draft without one")
    usage = chat.usage or _ChatUsage()
    return _counted(text, usage.prompt_tokens, usage.completion_tokens, request)


def _from_messages(messages: _Messages, request: Request) -> Answer:
    if messages.stop_reason == "refusal":
        raise ModelUnavailable("refused", "the model declined to answer; the draft is made without it")
    if messages.stop_reason == "max_tokens":
        raise ModelUnavailable("cut-off", f"the answer was longer than {request.tokens_out:,} tokens; use another model or draft without one")
    found = [b for b in messages.content if b.type == "tool_use" and b.name == TOOL and b.input is not None]
    if len(found) != 1:
        raise ModelUnavailable("bad-answer", "the answer does not use the tool it was given; use another model or draft without one")
    usage = messages.usage or _MessagesUsage()
    return _counted(json.dumps(found[0].input, ensure_ascii=False), usage.input_tokens, usage.output_tokens, request)


def _counted(text: str, tokens_in: int, tokens_out: int, request: Request) -> Answer:
    return Answer(text=text, tokens_in=tokens_in or request.tokens_in, tokens_out=tokens_out or len(text) // 3 + 1)


def complaint(payload: bytes, secrets: Mapping[str, str] | tuple[str, ...] = ()) -> str:
    """What a service says is wrong, at most 160 characters, with every secret in it starred out."""
    try:
        data = json.loads(payload)
    except (ValueError, RecursionError):
        return ""
    error = data.get("error", data) if isinstance(data, dict) else ""
    said = error.get("message", error.get("detail", "")) if isinstance(error, dict) else error
    text = said if isinstance(said, str) else ""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "•••")
    return " ".join(text.split())[:160]

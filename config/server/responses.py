"""Responses that the event loop sends without Django, with the same headers as pages."""

from collections.abc import Callable, Mapping

from django.conf import settings


async def send_start(send: Callable, status: int, headers: Mapping[str, str]) -> None:
    """Send the status, RESPONSE_HEADERS and `headers`."""
    headers = {**settings.RESPONSE_HEADERS, **headers}
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})


async def send_text(send: Callable, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
    """Send a response that contains a line of text."""
    body = f"{text}\n".encode()
    content = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
    await send_start(send, status, {**content, **(headers or {})})
    await send({"type": "http.response.body", "body": body})

"""`-v` and `-vv`: each request as it is answered, without the key and without secrets."""

from __future__ import annotations

from collections.abc import Callable

from flashsync.api.tracing import Exchange


def teller(verbosity: int, write: Callable[[str], object]) -> Callable[[Exchange], None] | None:
    """What is told of every request: nothing, a line (1), or also both bodies (2 and more)."""
    if not verbosity:
        return None

    def tell(exchange: Exchange) -> None:
        lines = [_line(exchange)]
        if verbosity > 1:
            lines += [f"  > {exchange.shown_body()}", f"  < {exchange.shown_answer()}"]
        write("".join(f"{line}\n" for line in lines))

    return tell


def _line(exchange: Exchange) -> str:
    result = exchange.code or exchange.failure or "ok"
    attempt = f", attempt {exchange.attempt}" if exchange.attempt > 1 else ""
    request = f", request {exchange.request_id}" if exchange.request_id else ""
    took = f"{exchange.seconds * 1000:.0f} ms"
    return f"{exchange.method} {exchange.endpoint}: {result}, {took}{attempt}{request}"

"""The load: requests over a number of connections that stay open, from a process of their own, with asyncio alone."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Load:
    """What a client found: requests per second, latencies in milliseconds, and how many answers were not 200."""

    per_second: float
    median_ms: float
    p99_ms: float
    failed: int


def put_under_load(port: int, bodies: Path, requests: int, connections: int) -> Load:
    """Send the requests in a file (`save_requests`), in turn, from another process."""
    command = [sys.executable, "-c", "from benchmarks.service.load import main; main()"]
    arguments = [str(port), str(bodies), str(requests), str(connections)]
    done = subprocess.run([*command, *arguments], stdout=subprocess.PIPE, text=True, check=True)
    return Load(**json.loads(done.stdout))


def save_requests(path: Path, address: str, bodies: list[bytes], headers: dict[str, str]) -> Path:
    """Write requests of HTTP/1.1 to a file: as many as there are bodies."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}"
    whole = [f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body for body in bodies]
    path.write_bytes(b"".join(len(each).to_bytes(8, "little") + each for each in whole))
    return path


def main() -> None:
    """The process. Arguments: port, file, number of requests and of connections; the findings are JSON on stdout."""
    port, path, requests, connections = sys.argv[1:]
    found = asyncio.run(_send(int(port), _requests(Path(path)), int(requests), int(connections)))
    print(json.dumps(found))


def _requests(path: Path) -> list[bytes]:
    content, found, at = path.read_bytes(), [], 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 8], "little")
        found.append(content[at + 8 : at + 8 + size])
        at += 8 + size
    return found


async def _send(port: int, requests: list[bytes], count: int, connections: int) -> dict[str, float]:
    latencies, numbers, failed = [], iter(range(count)), 0

    async def connection() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            begun = time.perf_counter()
            writer.write(requests[number % len(requests)])
            status = await _status(reader)
            failed += status != 200
            latencies.append(time.perf_counter() - begun)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(connections)))
    seconds = time.perf_counter() - begun
    latencies.sort()
    median, p99 = (1000 * latencies[int(share * (len(latencies) - 1))] for share in (0.5, 0.99))
    return {"per_second": count / seconds, "median_ms": median, "p99_ms": p99, "failed": failed}


async def _status(reader: asyncio.StreamReader) -> int:
    """The status of an answer, which is read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length))
    return int(head[9:12])

"""A server that answers every request with the bytes of a file: prints its port. FILE CONTENT_TYPE."""

import asyncio
import sys
from pathlib import Path

BODY = Path(sys.argv[1]).read_bytes()
ANSWER = (
    f"HTTP/1.1 200 OK\r\nContent-Type: {sys.argv[2]}\r\nx-amzn-RequestId: 1\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()
    + BODY
)


class Answering(asyncio.Protocol):
    """One connection; requests come with their length."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.unread = transport, b""

    def data_received(self, data: bytes) -> None:
        self.unread += data
        head, end, rest = self.unread.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if end and len(rest) >= int(fields.get(b"content-length", 0)):
            self.unread = b""
            self.transport.write(ANSWER)


async def main() -> None:
    """Serve until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())

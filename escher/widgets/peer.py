"""Tell which program sent a message to this kernel, from the connection it came over.

A kernel's messages are signed with a key that every cell can read, so a signature does not say who speaks. The
connection does: the program that started the kernel (the Jupyter server) holds its other end, a cell's own does not.
"""

from __future__ import annotations

import os
import socket
from typing import final

import psutil
import zmq

Address = tuple[str, int]


@final
class Origin:
    """Where a received frame came from. Made of the frame itself, so only what a socket has read has one.

    Make it at once, in the thread that received the frame: later its descriptor may belong to another connection.
    """

    __slots__ = ("_ends",)

    def __init__(self, frame: zmq.Frame) -> None:
        self._ends = _ends_of(frame)

    def is_front_end(self) -> bool:
        """Whether a program that started this kernel sent the frame. What cannot be found out is False."""
        return self._ends is not None and any(_holds(process, *self._ends) for process in psutil.Process().parents())


def _ends_of(frame: zmq.Frame) -> tuple[Address, Address] | None:
    """Our end and theirs; None for a frame that came over no TCP connection."""
    try:
        descriptor = int(frame.get(zmq.SRCFD))
    except zmq.ZMQError:
        return None
    with socket.socket(fileno=os.dup(descriptor)) as peer:
        if peer.family not in (socket.AF_INET, socket.AF_INET6):
            return None
        return peer.getsockname()[:2], peer.getpeername()[:2]


def _holds(process: psutil.Process, ours: Address, theirs: Address) -> bool:
    try:
        held = process.net_connections("tcp")
    except psutil.Error:
        return False
    return any(one.laddr == theirs and one.raddr == ours for one in held)

"""`escher server` as it runs for others: TLS, several workers, an end that lets requests end, and a bare container."""

from __future__ import annotations

import datetime
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.server.conftest import context
from tests.server.served import KEY, asking, serving

QUESTION = context("list all buckets").model_dump(mode="json")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    none = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, none))
    return chain, private


def test_tls_is_1_3_at_least(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    """A client that speaks no more than 1.2 gets no connection."""
    chain, key = certificate
    with serving(tmp_path, "--certfile", str(chain), "--keyfile", str(key)) as server:
        port = int(server.url.rsplit(":", 1)[1])
        assert _negotiated(port, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
        with pytest.raises(ssl.SSLError):
            _negotiated(port, ssl.TLSVersion.TLSv1_2)


def _negotiated(port: int, most: ssl.TLSVersion) -> str | None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    tls.maximum_version = most
    with socket.create_connection(("127.0.0.1", port), 20) as plain, tls.wrap_socket(plain) as secure:
        return secure.version()


def test_workers_count_together_and_end_together(tmp_path: Path) -> None:
    """Two processes answer, what one counted the other refuses, and SIGTERM ends both."""
    with serving(tmp_path, "--workers", "2", "--per-minute", "30") as server:
        statuses: list[int] = []
        for _ in range(40):  # a connection each, so that both workers take their share
            with asking(server) as client:
                statuses.append(client.get("/v1/version").status_code)
    assert statuses == [200] * 30 + [429] * 10
    assert server.process.returncode == 0


def test_a_request_in_flight_is_answered_before_the_end(tmp_path: Path) -> None:
    """SIGTERM comes when half the body is there; the rest is still read, and answered."""
    body = context("list all buckets").model_dump_json().encode()
    with serving(tmp_path) as server:
        port = int(server.url.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), 20) as connection:
            head = (
                f"POST /v1/intent HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\nconnection: close\r\n"
                f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            )
            connection.sendall(head.encode() + body[:50])
            while '"/v1/version"' not in server.so_far():  # so the server has seen what came before
                with asking(server) as client:
                    client.get("/v1/version")
            server.process.terminate()
            with pytest.raises(httpx.TransportError), asking(server) as client:
                while True:
                    client.get("/v1/health")
            connection.sendall(body[50:])
            answer = b""
            while part := connection.recv(65_536):
                answer += part
    assert answer.startswith(b"HTTP/1.1 200") and b'"understanding"' in answer
    assert server.process.returncode == 0


def test_it_runs_without_rights_on_a_root_that_is_read_only(
    requires: Callable[[str, str], str], tmp_path: Path
) -> None:
    """As the Containerfile runs it: another user, one folder and a temporary one to write to, keys made beforehand."""
    bwrap = requires("bwrap", "bubblewrap")
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    sealed = (
        *(bwrap, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"),
        *("--bind", str(home), "/tmp/home", "--unshare-user", "--uid", "10001", "--setenv", "HOME", "/tmp"),
        *("--ro-bind", str(Path(__file__).parents[2]), str(Path(__file__).parents[2])),
    )
    with serving(Path("/tmp/home"), "--workers", "2", before=sealed) as server, asking(server) as client:
        assert client.post("/v1/intent", json=QUESTION).status_code == 200
    assert not list(home.iterdir())


def test_a_port_for_others_wants_a_key(tmp_path: Path) -> None:
    """Listening beyond this machine without any key is refused; a certificate that is not there, too."""
    environment = {**os.environ, "ESCHER_SERVER_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "escher.cli", "server", "--json"]
    for options, words in ((["--host", "0.0.0.0"], "without a key"), (["--certfile", "/nowhere"], "certificate")):
        ended = subprocess.run([*command, *options], env=environment, capture_output=True, text=True, check=False)
        assert (ended.returncode, words in ended.stdout + ended.stderr) == (2, True)

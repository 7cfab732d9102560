"""`inkling serve`: how it begins and ends, and what it refuses to begin with."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys

import httpx
import numpy as np
import pytest

from inkling.errors import InklingError
from inkling.model import Model
from inkling.nn import Flatten, Linear, Network
from inkling.service import readers
from inkling.service.app import create_app
from inkling.service.lifecycle import Server, bind
from served import PATIENCE, process, wait_until


def run(*options, environment=None, code=("-m", "inkling")):
    command = [sys.executable, *code, "serve", *options]
    inherited = {name: value for name, value in os.environ.items() if name != "INKLING_TOKEN"}
    return subprocess.run(
        command, env=inherited | (environment or {}), capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def get(address, path):
    return httpx.get(f"{address}{path}", trust_env=False, timeout=PATIENCE)


def is_closed(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM: ready turns 503, then the service ends")
def test_sigterm_turns_ready_to_503_and_finishes_what_is_in_flight(picture):
    with process("--drain", "5") as (running, address):
        port = int(address.rpartition(":")[2])
        assert get(address, "/v2/health/ready").status_code == 200
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as stream:
            head = f"POST /read HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(picture)}\r\n\r\n"
            stream.sendall(head.encode() + picture[:100])
            wait_until(lambda: "inkling_requests_in_flight 2.0" in get(address, "/metrics").text)
            running.send_signal(signal.SIGTERM)
            wait_until(lambda: get(address, "/v2/health/ready").status_code == 503)
            assert get(address, "/v2/health/live").status_code == 200
            wait_until(lambda: is_closed(port))
            assert running.poll() is None
            stream.sendall(picture[100:])
            answer = b""
            while more := stream.recv(10_000):
                answer += more
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["text"] == "2"
        assert running.wait(PATIENCE) == 0
        assert running.stderr is not None
        lines = running.stderr.read()
    assert "Traceback" not in lines
    assert "POST /read 200" in lines


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process: Ctrl-C ends the service")
def test_ctrl_c_ends_it_with_0_and_no_process_stays():
    with process("--quiet", "tiny") as (running, address):
        assert httpx.get(f"{address}/about", trust_env=False).json()["name"] == "tiny"
        running.send_signal(signal.SIGINT)
        assert running.wait(PATIENCE) == 0
        assert running.stderr is not None
        assert running.stderr.read() == ""


def test_with_a_token_it_may_listen_elsewhere():
    token = "a-token-of-the-environment"
    with process("--host", "0.0.0.0", "tiny", environment={"INKLING_TOKEN": token}) as (running, address):
        url = address.replace("0.0.0.0", "127.0.0.1")
        assert httpx.get(f"{url}/about", trust_env=False).status_code == 401
        shown = {"Authorization": f"Bearer {token}"}
        assert httpx.get(f"{url}/about", headers=shown, trust_env=False).status_code == 200
        running.terminate()
        running.wait(PATIENCE)


def test_without_a_token_it_does_not_listen_elsewhere():
    done = run("--host", "0.0.0.0")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "inkling: to listen on 0.0.0.0, where other machines can ask, give a --token, or set INKLING_TOKEN\n"
    )


@pytest.mark.parametrize("token", ["short", "with a line end of\nits own", "ä" * 20])
def test_a_token_that_cannot_work_is_refused(token):
    done = run("--token", token)
    assert done.returncode == 2
    assert done.stderr.startswith("inkling: a token has at least 16 characters")


def test_a_port_in_use_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("--port", str(port))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        f"inkling: port {port} of 127.0.0.1 cannot be listened on: address already in use; take another one with "
        "--port\n"
    )


def test_a_host_that_is_not_of_this_machine_is_one_sentence():
    done = run("--host", "no.such.host.invalid", "--token", "a-token-for-the-tests")
    assert done.returncode == 3
    assert done.stderr.startswith("inkling: no.such.host.invalid: no address of this machine: ")
    assert done.stderr.count("\n") == 1


def test_a_model_that_is_not_there_is_one_sentence(tmp_path):
    done = run(str(tmp_path / "none.safetensors"))
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1


@pytest.mark.thorough
def test_a_model_whose_answers_are_infinite_is_one_sentence(tmp_path):
    network = Network(Flatten(), Linear(8), Linear(10))
    params = network.init(np.random.default_rng(0))
    params.flat[:] = 1e30
    Model(network, params).save(tmp_path / "infinite.safetensors")
    done = run(str(tmp_path / "infinite.safetensors"))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("inkling: ")
    assert "finite" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [(sys.executable, "-c", "pass"), ("/no/such/program",)])
def test_readers_that_cannot_be_started_end_the_start_with_a_sentence(settings, monkeypatch, command):
    monkeypatch.setattr(readers, "_COMMAND", command)
    with (
        bind("127.0.0.1", 0) as listening,
        pytest.raises(readers.StartError, match="a process that reads pictures cannot be started: "),
    ):
        Server(create_app(settings)).run([listening])


def test_an_error_that_nobody_foresaw_ends_the_start_with_a_sentence(settings, monkeypatch):
    def fail(self):
        raise RuntimeError("the training\nis broken")

    monkeypatch.setattr("inkling.service.live.training.Live.open", fail)
    with (
        bind("127.0.0.1", 0) as listening,
        pytest.raises(InklingError, match="the service cannot start: the training is broken"),
    ):
        Server(create_app(settings)).run([listening])


def test_without_the_extra_the_command_that_installs_it_is_told():
    hide = (
        "import sys, importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'fastapi' else find(name, *a)\n"
        "from inkling.cli.__main__ import main; main()"
    )
    done = run(code=("-c", hide))
    assert done.returncode == 1
    assert done.stderr.startswith("inkling: this needs fastapi, which is not installed: pip install ")


def test_the_help_fits_80_columns():
    done = run("--help", environment={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "--max-megabytes" in done.stdout


def test_the_core_does_not_import_the_service():
    code = "import sys, inkling.cli.__main__; print([each for each in sys.modules if each in ('fastapi', 'uvicorn')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""`inkling serve`: how it begins and ends, and what it refuses to begin with."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from served import PATIENCE, process


def run(*options, environment=None, code=("-m", "inkling")):
    command = [sys.executable, *code, "serve", *options]
    inherited = {name: value for name, value in os.environ.items() if name != "INKLING_TOKEN"}
    return subprocess.run(
        command, env=inherited | (environment or {}), capture_output=True, text=True, timeout=PATIENCE, check=False
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM: ready turns 503, then the service ends")
def test_sigterm_turns_ready_to_503_and_finishes_what_is_in_flight(picture):
    with process("--drain", "2") as (running, address):
        port = int(address.rpartition(":")[2])
        assert httpx.get(f"{address}/v2/health/ready", trust_env=False).status_code == 200
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as stream:
            head = f"POST /read HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(picture)}\r\n\r\n"
            stream.sendall(head.encode() + picture[:100])
            time.sleep(0.2)
            running.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            assert httpx.get(f"{address}/v2/health/ready", trust_env=False).status_code == 503
            assert httpx.get(f"{address}/v2/health/live", trust_env=False).status_code == 200
            time.sleep(2.2)
            with pytest.raises(httpx.ConnectError):
                httpx.get(f"{address}/v2/health/live", trust_env=False)
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

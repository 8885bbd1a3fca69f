"""What the scripts that start servers for a test have in common."""

import ctypes
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib import request

ROOT = Path(__file__).resolve().parent.parent
# PostgreSQL refuses to run as root; as root we lend it a user who owns nothing.
UNPRIVILEGED = "nobody"


def fail(message):
    sys.exit(f"{Path(sys.argv[0]).name}: {message}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(ready, process: subprocess.Popen, name, log, seconds=30):
    """Returns when `ready()` is true; fails with the log when the process ends first or time is up."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            fail(f"{name} ended with {process.returncode}:\n{Path(log).read_text()}")
        if time.monotonic() > deadline:
            process.kill()
            fail(f"{name} is not ready after {seconds} s:\n{Path(log).read_text()}")
        time.sleep(0.02)


def neutral_environment():
    """Ours without the settings of a server: a variable of production must not reach a test."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SCOREHOLD__")}


def answers(url):
    try:
        with request.urlopen(url, timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False


def serve(directory, url, archive=None, tracer=()):
    """Starts target/release/scorehold in environment `test`, under a tracer if there is one, and waits until it is
    ready; its process and its address. `archive` has settings more."""
    port = free_port()
    settings = (archive or {}) | {
        "SCOREHOLD__ENVIRONMENT": "test",
        "SCOREHOLD__SERVER__BIND": f"127.0.0.1:{port}",
        "SCOREHOLD__SERVER__ADMIN_BIND": f"127.0.0.1:{free_port()}",
        "SCOREHOLD__LIMITS__ENABLED": "false",
        "SCOREHOLD__DATABASE__URL": url,
    }
    with open(f"{directory}/server.log", "w") as log:
        # In a group of its own: a tracer alone would go on until the server ends.
        server = subprocess.Popen([*tracer, ROOT / "target/release/scorehold", "serve"], cwd=directory,
                                  env=neutral_environment() | settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                  start_new_session=bool(tracer))
    address = f"http://127.0.0.1:{port}"
    wait_until(lambda: answers(f"{address}/readyz"), server, "scorehold serve", log.name)
    return server, address


def post(address, body, key=None):
    """Sends a body as JSON; what was answered."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    with request.urlopen(request.Request(address, json.dumps(body).encode(), headers), timeout=10) as answer:
        return json.load(answer)


def server_program(name):
    """Debian keeps the server's programs out of PATH, in a directory for each version."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(versions[-1]) if versions else shutil.which(name)
    return found or fail(f"no {name} here; install it with: scripts/install-system postgresql")


def as_postgres(command):
    """How to start a program as the cluster's user, so that it dies with us even if we are killed."""
    if os.geteuid() != 0:
        return {"args": command, "preexec_fn": die_with_parent}
    user = pwd.getpwnam(UNPRIVILEGED)
    return {"args": command, "user": user.pw_uid, "group": user.pw_gid, "extra_groups": [],
            "preexec_fn": die_with_parent}


def die_with_parent():
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)

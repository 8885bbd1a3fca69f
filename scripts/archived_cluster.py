"""A PostgreSQL with everything that docs/OPERATIONS.md asks for: a cluster that really syncs, pgBackRest, two
receivers, a server marked production. All of it lies in one new directory, belongs to a user who owns nothing
else, listens on free ports of the loopback interface, and dies with us."""

import json
import os
import shutil
import signal
import subprocess
import time
import uuid
from pathlib import Path
from urllib import error, request

from harness import ROOT, UNPRIVILEGED, as_postgres, fail, free_port, server_program

RECEIVERS = ("receiver_1", "receiver_2")
SECRET = "a secret of a rehearsal, and of nothing else"


def wait_for(what, condition, seconds=30):
    """Returns how long it took until the condition held."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            fail(f"{what}: not after {seconds} s")
        time.sleep(0.02)
    return time.monotonic() - started


class Cluster:
    def __init__(self, directory, program):
        self.directory, self.port, self.processes = Path(directory), free_port(), {}
        self.api_port, self.ops_port = free_port(), free_port()
        self.program = self.directory / "scorehold"
        shutil.copy(program, self.program)
        for name in ("clusters", "repository", "run", *RECEIVERS):
            (self.directory / name).mkdir()
        self.address = self.directory / "address"
        self.address.write_text(f"postgres://scorehold_app@127.0.0.1:{self.port}/scorehold\n")
        self.own(self.directory)
        (self.directory / "pgbackrest.conf").write_text(f"""[global]
repo1-path={self.directory}/repository
repo1-retention-full=8
log-path={self.directory}/run
lock-path={self.directory}/run
spool-path={self.directory}/run
compress-type=lz4
process-max=2
log-level-console=warn
""")

    def own(self, directory):
        """What we made belongs to the cluster's user."""
        if os.geteuid() == 0:
            for path in (directory, *directory.rglob("*")):
                shutil.chown(path, UNPRIVILEGED)

    def up(self):
        """In the order of docs/OPERATIONS.md: commits wait for receivers once there are some."""
        data = self.data(1)
        self.run([server_program("initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--locale=C.UTF-8",
                  "--encoding=UTF8", "--data-checksums"])
        push = f"pgbackrest --config={self.directory}/pgbackrest.conf --stanza=scorehold-1 --pg1-path={data}"
        with open(f"{data}/postgresql.conf", "a") as settings:
            settings.write(f"""
port = {self.port}
listen_addresses = '127.0.0.1'
unix_socket_directories = '{self.directory}/run'
archive_mode = on
archive_command = '{push} archive-push "%p"'
wal_keep_size = '64MB'
""")
        self.run([server_program("pg_ctl"), "start", "-w", "-s", "-D", data, "-l", f"{self.directory}/run/postgres.log"])
        self.sql("CREATE DATABASE scorehold", database="postgres")
        self.scorehold("migrate")
        self.sql("CREATE ROLE receiver LOGIN REPLICATION; GRANT SELECT ON instance TO receiver")
        self.receive()
        self.sql(f"ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 ({', '.join(RECEIVERS)})'")
        self.sql("SELECT pg_reload_conf()")
        print(self.scorehold("backup"), end="")
        self.serve()

    def receive(self):
        for name in RECEIVERS:
            self.start(name, [ROOT / "deploy/scorehold-receiver", name, self.directory / name, "scorehold",
                              f"host=127.0.0.1 port={self.port} user=receiver dbname=scorehold"])

    def move(self, port):
        """Whoever was told the port is told the new one: our own prompt, and the receivers."""
        self.port = port
        for name in RECEIVERS:
            self.signal(name, signal.SIGKILL)
            self.processes.pop(name).wait()
        self.receive()

    def serve(self):
        self.start("server", [self.program, "serve"])
        wait_for("the server is ready", lambda: self.ready()[0] == 200)

    def data(self, lineage):
        return self.directory / "clusters" / f"lineage-{lineage}"

    def environment(self):
        url = f"postgres://{{}}@127.0.0.1:{self.port}/scorehold"
        settings = {
            "ENVIRONMENT": "production", "AUTH__SECRET": SECRET, "ARCHIVE__MODE": "barrier",
            "DATABASE__URL_FILE": self.address, "DATABASE__MIGRATE_URL": url.format("postgres"),
            "SERVER__BIND": f"127.0.0.1:{self.api_port}", "SERVER__ADMIN_BIND": f"127.0.0.1:{self.ops_port}",
            "LIMITS__ENABLED": "false", "CLUSTER__DIRECTORY": f"{self.directory}/clusters",
            "CLUSTER__PGBACKREST": f"{self.directory}/pgbackrest.conf",
            "CLUSTER__RECEIVERS": ",".join(f"{self.directory}/{name}" for name in RECEIVERS),
        }
        ours = {f"SCOREHOLD__{name}": str(value) for name, value in settings.items()}
        return {"PATH": os.environ["PATH"], "HOME": str(self.directory), "LC_ALL": "C.UTF-8"} | ours

    def start(self, name, command):
        options = as_postgres([str(word) for word in command])
        with open(f"{self.directory}/run/{name}.log", "a") as log:
            self.processes[name] = subprocess.Popen(
                **options, cwd=self.directory, env=self.environment(), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True)

    def run(self, command, seconds=120):
        code, said = self.ended(command, seconds)
        return said if code == 0 else fail(f"{' '.join(map(str, command))} ended with {code}:\n{said}")

    def ended(self, command, seconds=120, **settings):
        """The exit code of a command, and what it said."""
        options = as_postgres([str(word) for word in command])
        # Into a file: a cluster that was started keeps a pipe open, and nobody would see its end.
        with open(f"{self.directory}/run/command.log", "w+") as log:
            code = subprocess.run(**options, check=False, cwd=self.directory, env=self.environment() | settings,
                                  stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=seconds).returncode
            log.seek(0)
            return code, log.read()

    def scorehold(self, *words):
        return self.run([self.program, *words])

    def sql(self, statements, database="scorehold", port=None):
        # Whoever looks or fires does not wait for receivers.
        environment = os.environ | {"PGOPTIONS": "-c synchronous_commit=local"}
        return subprocess.run(["psql", "-h", "127.0.0.1", "-p", str(port or self.port), "-U", "postgres", "-d", database, "-X",
                               "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statements], check=True, text=True,
                              env=environment, timeout=60, stdout=subprocess.PIPE).stdout

    def client_ids(self, port=None):
        """The names of all scores."""
        rows = self.sql("SELECT encode(client_id, 'hex') FROM scores WHERE client_id IS NOT NULL", port=port)
        return {str(uuid.UUID(hex=row)) for row in rows.split()}

    def client_ids_of(self, copy):
        """Those of a cluster that was restored aside, which is started for this question."""
        port, control = free_port(), server_program("pg_ctl")
        self.run([control, "start", "-w", "-s", "-D", copy, "-o", f"-p {port} -c synchronous_standby_names=''",
                  "-l", f"{self.directory}/run/aside.log"])
        try:
            return self.client_ids(port)
        finally:
            self.run([control, "stop", "-s", "-m", "fast", "-D", copy])

    def ready(self):
        """Status and body of /readyz."""
        try:
            with request.urlopen(f"http://127.0.0.1:{self.api_port}/readyz", timeout=5) as answer:
                return answer.status, json.load(answer)
        except error.HTTPError as refused:
            return refused.code, json.load(refused)
        except OSError:
            return 0, {}

    def restore_told(self):
        """What /readyz says of restores that were tried."""
        return self.ready()[1]["restore"]

    def in_maintenance(self):
        status, body = self.ready()
        return status == 503 and (body.get("maintenance") or {}).get("by") == "watchdog"

    def signal(self, name, number):
        os.killpg(self.processes[name].pid, number)

    def lose_machine(self, lineage):
        """Everything of the database's machine at once, and then its disk; the receivers are elsewhere."""
        postmaster = int((self.data(lineage) / "postmaster.pid").read_text().splitlines()[0])
        self.signal("server", signal.SIGKILL)
        self.processes.pop("server").wait()
        os.kill(postmaster, signal.SIGKILL)
        # Without its postmaster every other process of the cluster ends by itself.
        wait_for("the cluster is dead", lambda: not Path(f"/proc/{postmaster}").exists())
        for old in (self.directory / "clusters").iterdir():
            if old.is_dir():
                shutil.rmtree(old)

    def down(self):
        for name, process in self.processes.items():
            self.signal(name, signal.SIGCONT)
            self.signal(name, signal.SIGKILL)
            process.wait()
        for data in (self.directory / "clusters").glob("lineage-*/postmaster.pid"):
            subprocess.run(**as_postgres([server_program("pg_ctl"), "stop", "-s", "-m", "immediate", "-D",
                                          str(data.parent)]), check=False)

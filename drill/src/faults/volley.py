"""Sends statements one after the other over one connection, as a person at a prompt would, and prints what each
of them was answered. Under load a statement may meet the server's own; whoever means it tries again.

Only the drill starts this, with the URL of its own scratch copy.
"""

import json
import sqlite3
import sys

URL, *STATEMENTS = sys.argv[1:]
TRIES = 5


def connect():
    if URL.startswith("sqlite:"):
        file = URL.removeprefix("sqlite:")
        return sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=10, isolation_level=None)
    # Not everybody who fires at a file has it.
    import psycopg2

    connection = psycopg2.connect(URL, connect_timeout=10, options="-c statement_timeout=30s -c lock_timeout=10s")
    connection.autocommit = True
    return connection


class Prompt:
    """One connection; after a refusal the next, since that one may be in the middle of a transaction."""

    connection = None

    def send(self, statement):
        self.connection = self.connection or connect()
        try:
            if URL.startswith("sqlite:"):
                self.connection.executescript(statement)
            else:
                self.connection.cursor().execute(statement)
        except Exception as refusal:
            self.connection.close()
            self.connection = None
            return str(refusal)
        return None


prompt = Prompt()
for statement in STATEMENTS:
    for _ in range(TRIES):
        error = prompt.send(statement)
        if not error or "deadlock detected" not in error:
            break
    print(json.dumps({"what": statement, "error": error}), flush=True)

"""Sends statements one after the other over one connection, as a person at a prompt would, and prints what each
of them was answered. Under load a statement may meet the server's own; whoever means it tries again.

Only the drill starts this, with the URL of its own scratch copy.
"""

import json
import sys

URL, *STATEMENTS = sys.argv[1:]
IS_FILE = URL.startswith("sqlite:")
# Not everybody who fires at a file has the other.
if IS_FILE:
    import sqlite3 as driver
else:
    import psycopg2 as driver


def connect():
    if IS_FILE:
        file = URL.removeprefix("sqlite:")
        return driver.connect(f"file:{file}?mode=rw", uri=True, timeout=10, isolation_level=None)
    connection = driver.connect(URL, connect_timeout=10, options="-c statement_timeout=60s -c lock_timeout=60s")
    connection.autocommit = True
    return connection


class Prompt:
    """One connection; after a refusal the next, since that one may be in the middle of a transaction."""

    connection = None

    def send(self, statement):
        self.connection = self.connection or connect()
        try:
            if IS_FILE:
                self.connection.executescript(statement)
            else:
                self.connection.cursor().execute(statement)
        except driver.Error as refusal:
            self.connection.close()
            self.connection = None
            return str(refusal)
        return None


prompt = Prompt()
for statement in STATEMENTS:
    error = prompt.send(statement)
    while error and "deadlock detected" in error:
        error = prompt.send(statement)
    print(json.dumps({"what": statement, "error": error}), flush=True)

"""What a foreign process does with an SQLite file: runs SQL and prints the rows, a tab between fields."""

import hashlib
import sqlite3
import sys

file, sql = sys.argv[1:]
connection = sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=10, isolation_level=None)
connection.create_function("md5", -1, lambda *row: hashlib.md5(repr(row).encode()).hexdigest())
statement = ""
for part in sql.split(";"):
    statement += part
    # A trigger's body holds semicolons of its own.
    if not sqlite3.complete_statement(statement + ";"):
        statement += ";"
        continue
    for row in connection.execute(statement):
        print(*("" if field is None else field for field in row), sep="\t")
    statement = ""

"""The incident of October 2020 in its own shape. The models hold one connection for the whole program; which
one is decided by an environment variable, and nobody has set it. Then a test's helper recreates its tables.

Prints one line for each attempt. Only the drill starts this, with the URL of its own scratch copy.
"""

import json
import os
import sys

from peewee import BigIntegerField, ForeignKeyField, Model, PeeweeException, TextField
from playhouse.db_url import connect

SETTINGS = {"test": "sqlite:///:memory:", "production": sys.argv[1]}
database = connect(SETTINGS[os.environ.get("ENVIRONMENT", "production")])


class Base(Model):
    id = BigIntegerField(primary_key=True)

    class Meta:
        database = database


class Game(Base):
    title = TextField()

    class Meta:
        table_name = "games"


class Player(Base):
    game = ForeignKeyField(Game)
    name = TextField()

    class Meta:
        table_name = "players"


class Round(Base):
    game = ForeignKeyField(Game)

    class Meta:
        table_name = "rounds"


class Score(Base):
    game = ForeignKeyField(Game)
    player = ForeignKeyField(Player)
    value = BigIntegerField()

    class Meta:
        table_name = "scores"


class Order(Base):
    game = ForeignKeyField(Game)

    class Meta:
        table_name = "orders"


MODELS = [Game, Player, Round, Score, Order]


def recreate_tables():
    database.drop_tables(MODELS)
    database.create_tables(MODELS)


def outcome(action):
    try:
        action()
    except PeeweeException as refusal:
        return str(refusal)
    return None


def attempt(what, action):
    error = outcome(action)
    # Under load a statement may meet the server's own; whoever means it tries again.
    while error and "deadlock detected" in error:
        error = outcome(action)
    print(json.dumps({"what": what, "error": error}), flush=True)


attempt("drop_tables; create_tables", recreate_tables)
attempt("drop_tables(cascade)", lambda: database.drop_tables(MODELS, cascade=True))
for model in MODELS:
    # What a script does that goes on after an error.
    attempt(f"{model.__name__}.drop_table(cascade)", lambda model=model: model.drop_table(cascade=True))
    attempt(f"{model.__name__}.truncate_table()", lambda model=model: model.truncate_table(cascade=True))
    attempt(f"{model.__name__}.delete()", lambda model=model: model.delete().execute())

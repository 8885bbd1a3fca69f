#!/usr/bin/env python3
"""Puts a real football season on a Scorehold board, through the REST API alone.

Every match day becomes a round: three points for a win, one for a draw, none for a defeat, and the
goal difference of the match as the second value that separates equal points. Run it again and nothing
changes: every write carries a key of its own, and the server answers a repetition with what it did
the first time.

Python's standard library is all it needs:  python3 examples/league.py --url http://127.0.0.1:8080
"""

import argparse
import csv
import datetime
import json
import re
import sys
import time
import uuid
from collections import Counter, defaultdict, namedtuple
from pathlib import Path
from urllib import error, request

DATA = Path(__file__).parent / "data" / "premier-league-2015-16.csv"
TITLE = "Premier League 2015-16"
# Names the ids of our entries: the same match always gives the same `client_id`, on any machine.
NAMESPACE = uuid.UUID("6f1f7d0e-8f6b-5a53-9d0c-2f0f5a6a3b55")
RETRYABLE = {408, 425, 429, 502, 503, 504}
ATTEMPTS = 6

Match = namedtuple("Match", "line date home away home_goals away_goals")
# What one team took from one match, and, summed up, from a season.
Result = namedtuple("Result", "points difference")
Row = namedtuple("Row", "rank team played points difference")

# What the newspapers printed in May 2016: points, rank by goal difference, rank by points alone.
FINAL = {
    "Leicester City": (81, 1, 1),
    "Arsenal": (71, 2, 2),
    "Tottenham Hotspur": (70, 3, 3),
    "Manchester City": (66, 4, 4),
    "Manchester United": (66, 5, 4),
    "Aston Villa": (17, 20, 20),
}


class Failure(Exception):
    """Something a person has to read; the program ends with it."""


# --- The season -------------------------------------------------------------------------------


def read_matches(path):
    """All rows of the file, those without a result included (their goals are None)."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return [parse_match(rows.line_num, row) for row in rows]


def parse_match(line, row):
    try:
        goals = [int(row[side]) if row[side] else None for side in ("home_goals", "away_goals")]
        datetime.date.fromisoformat(row["date"])
    except (KeyError, TypeError, ValueError) as fault:
        raise Failure(f"line {line} of the data is not a match: {fault}") from fault
    return Match(line, row["date"], row["home_team"], row["away_team"], *goals)


def played_once(matches):
    """The matches that count, and one sentence for each row that does not.

    A pairing is played once at each ground, so home and away team name a match. Two rows for one
    match are accepted only where at most one has a result: which of two results is right is not
    for a program to guess.
    """
    rows_of = defaultdict(list)
    for match in matches:
        rows_of[match.home, match.away].append(match)

    counted, remarks = [], []
    for rows in rows_of.values():
        complete = [row for row in rows if None not in (row.home_goals, row.away_goals)]
        if len(complete) > 1:
            raise Failure(f"{describe(rows[0])} has {len(complete)} results, on lines "
                          f"{', '.join(str(row.line) for row in complete)}; correct the data first")
        counted += complete
        remarks += [remark(row, complete) for row in rows if row not in complete]
    return counted, remarks


def remark(row, complete):
    left_out = f"left out line {row.line}: {describe(row)} on {row.date} has no result"
    if not complete:
        return f"{left_out}, and no other row has one: this match is missing from the table"
    twin = complete[0]
    return (f"{left_out}; the same match stands on line {twin.line} as "
            f"{twin.home_goals}:{twin.away_goals} on {twin.date}, and that one counts")


def describe(match):
    return f"{match.home} - {match.away}"


def by_match_day(matches):
    """Groups by calendar day, oldest first.

    The file gives dates, not the 38 numbered rounds of the fixture list, and postponed matches make
    those impossible to recover from dates alone. A day is what the data really says; no team plays
    twice on one.
    """
    days = defaultdict(list)
    for match in matches:
        days[match.date].append(match)
    return sorted(days.items())


def results(match):
    """(team, result) for both sides of one match."""
    lead = match.home_goals - match.away_goals
    points = (3, 0) if lead > 0 else (0, 3) if lead < 0 else (1, 1)
    return (match.home, Result(points[0], lead)), (match.away, Result(points[1], -lead))


# --- The service ------------------------------------------------------------------------------


class Service:
    """A few lines over HTTP: JSON in and out, problems as sentences, safe repetition."""

    def __init__(self, url, token=None):
        self.base = url.rstrip("/") + "/api/v1"
        self.token = token

    def call(self, method, path, body=None, key=None):
        """The answer's body. Repeats what may be repeated: all our writes carry a key of their own."""
        for attempt in range(ATTEMPTS):
            try:
                return self.send(method, path, body, key)
            except error.HTTPError as refusal:
                problem = Problem(method, path, refusal)
                if refusal.code not in RETRYABLE or attempt == ATTEMPTS - 1:
                    raise problem from None
                pause = problem.retry_after or 2**attempt / 4
            except OSError as fault:  # refused, reset or timed out: the write may or may not have arrived
                if attempt == ATTEMPTS - 1:
                    raise Failure(f"no answer from {self.base}: {fault}") from fault
                pause = 2**attempt / 4
            time.sleep(pause)

    def send(self, method, path, body, key):
        headers = {"Accept": "application/json"}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        call = request.Request(self.base + path, data, headers, method=method)
        with request.urlopen(call, timeout=30) as answer:
            return json.load(answer)


class Problem(Failure):
    """A refusal by the service (RFC 9457), as one readable message."""

    def __init__(self, method, path, refusal):
        self.status = refusal.code
        after = refusal.headers.get("Retry-After", "")
        self.retry_after = min(int(after), 30) if after.isdigit() else None
        try:
            problem = json.load(refusal)
        except ValueError:
            problem = {}
        lines = [f"{method} {path} was refused: {refusal.code} {problem.get('code', refusal.reason)}"]
        if problem.get("detail"):
            lines.append(f"  {problem['detail']}")
        lines += [f"  {fault.get('pointer')}: {fault.get('detail')}" for fault in problem.get("errors") or []]
        if problem.get("request_id"):
            lines.append(f"  request {problem['request_id']}")
        super().__init__("\n".join(lines))


# --- The board --------------------------------------------------------------------------------


def open_board(url, state_file, tiebreak):
    """The board of an earlier run, or a new one; the key to it is kept in the state file."""
    state = load_state(state_file)
    if state.get("own_token"):
        service = Service(url, state["own_token"])
        try:
            game = service.call("GET", f"/games/{state['game']}")
            print(f"Board {game['slug']} of an earlier run, at revision {game['revision']}.")
            return service, game
        except Problem as problem:
            if problem.status not in (401, 404, 410):
                raise
            print(f"This server does not know the board in {state_file}; making a new one.")
            state = {}

    # Written before it is used: a run that dies between the two finds its board again.
    state.setdefault("idempotency_key", str(uuid.uuid4()))
    save_state(state_file, state)
    game = Service(url).call("POST", "/games", new_board(tiebreak), state["idempotency_key"])
    state.update(game=game["id"], own_token=game["own_token"])
    save_state(state_file, state)
    print(f"New board {game['slug']}.")
    return Service(url, state["own_token"]), game


def new_board(tiebreak):
    return {
        "title": TITLE,
        "direction": "high",
        "rule": "sum",
        "ties": "standard",
        "decimals": 0,
        "tiebreak_direction": "high" if tiebreak else "none",
    }


def load_state(path):
    if not path.exists():
        return {}
    try:
        return json.loads(path.read_text())
    except ValueError as fault:
        raise Failure(f"{path} is not a state file of this program: {fault}") from fault


def save_state(path, state):
    """Whole or not at all, and for its owner's eyes only: the key in it may change the board."""
    draft = path.with_name(path.name + ".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(state, indent=2) + "\n")
    draft.replace(path)


def external_id(team):
    return re.sub(r"[^a-z0-9]+", "-", team.lower())


def enter_teams(service, game, matches):
    teams = sorted({team for match in matches for team in (match.home, match.away)})
    for team in teams:
        service.call("PUT", f"/games/{game['id']}/players/by-external/{external_id(team)}", {"name": team})
    return teams


def enter_match_days(service, game, days, tiebreak):
    for number, (date, matches) in enumerate(days, 1):
        body = {
            "label": f"Match day {number}",
            "comment": f"{date}: " + ", ".join(f"{describe(m)} {m.home_goals}:{m.away_goals}" for m in matches),
            "scores": [entry(date, team, result, tiebreak) for m in matches for team, result in results(m)],
        }
        service.call("PUT", f"/games/{game['id']}/rounds/by-external/{date}", body)
        progress(number, len(days), date)


def entry(date, team, result, tiebreak):
    score = {
        "external_id": external_id(team),
        "value": result.points,
        "client_id": str(uuid.uuid5(NAMESPACE, f"{date}/{team}")),
    }
    return score | {"tiebreak": result.difference} if tiebreak else score


def progress(number, total, date):
    if sys.stderr.isatty():
        print(f"\rmatch day {number} of {total}, {date} ", end="\n" if number == total else "", file=sys.stderr)


def standings(service, game):
    page = service.call("GET", f"/games/{game['id']}/standings?limit=1000")
    rows = [Row(row["rank"], row["player"]["name"], row["entries"], row["total"], row.get("tiebreak"))
            for row in page["data"]]
    return page["revision"], rows


def print_table(rows):
    print(f"{'':>4}  {'team':<22}{'played':>7}{'points':>8}{'goals +/-':>11}")
    for row in rows:
        difference = "" if row.difference is None else f"{row.difference:+d}"
        print(f"{row.rank:>4}  {row.team:<22}{row.played:>7}{row.points:>8}{difference:>11}")


# --- The check --------------------------------------------------------------------------------


def reckon(matches, tiebreak):
    """The table worked out here, from the file alone, to hold the server's against."""
    played, points, difference = Counter(), Counter(), Counter()
    for match in matches:
        for team, result in results(match):
            played[team] += 1
            points[team] += result.points
            difference[team] += result.difference
    order = {team: (points[team], difference[team] if tiebreak else 0) for team in played}
    rank = {team: 1 + sum(other > order[team] for other in order.values()) for team in order}
    return {team: Row(rank[team], team, played[team], points[team], difference[team] if tiebreak else None)
            for team in order}


def check(rows, matches, tiebreak):
    """Raises unless the server's table is the one reckoned here, and both are the printed one."""
    expected = reckon(matches, tiebreak)
    faults = [f"expected {expected.get(row.team)}, the board says {row}"
              for row in rows if row != expected.get(row.team)]
    if len(rows) != len(expected):
        faults.append(f"{len(expected)} teams played, the board has {len(rows)}")
    if [row.rank for row in rows] != sorted(row.rank for row in rows):
        faults.append("the rows do not stand in the order of their ranks")
    shown = {row.team: (row.points, row.rank) for row in rows}
    for team, (points, by_difference, by_points) in FINAL.items():
        printed = (points, by_difference if tiebreak else by_points)
        if shown.get(team) != printed:
            faults.append(f"{team}: (points, rank) must be {printed}, the board says {shown.get(team)}")
    if faults:
        raise Failure("The table is wrong:\n  " + "\n  ".join(faults))


# --- The program ------------------------------------------------------------------------------


def arguments():
    parser = argparse.ArgumentParser(description="Puts a football season on a Scorehold board.")
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="the server (default: %(default)s)")
    parser.add_argument("--data", type=Path, default=DATA, help="the results, one match a row")
    parser.add_argument("--state", type=Path, help="where the key to the board is kept "
                        "(default: one file for each server and kind of table, in this directory)")
    parser.add_argument("--no-tiebreak", dest="tiebreak", action="store_false",
                        help="rank by points alone: Manchester City and United are both fourth")
    parser.add_argument("--check", action="store_true", help="fail unless the final table is the real one")
    chosen = parser.parse_args()
    if chosen.state is None:
        server = re.sub(r"[^a-z0-9.]+", "-", re.sub(r"^\w+://", "", chosen.url.lower())).strip("-")
        chosen.state = Path(f"league-{server}{'' if chosen.tiebreak else '-no-tiebreak'}.state.json")
    return chosen


def main():
    chosen = arguments()
    rows = read_matches(chosen.data)
    matches, remarks = played_once(rows)
    print(f"{len(rows)} rows, {len(matches)} matches with a result.")
    for sentence in remarks:
        print(sentence[0].upper() + sentence[1:] + ".")

    service, game = open_board(chosen.url, chosen.state, chosen.tiebreak)
    teams = enter_teams(service, game, matches)
    days = by_match_day(matches)
    enter_match_days(service, game, days, chosen.tiebreak)

    revision, table = standings(service, game)
    print(f"{len(teams)} teams, {len(days)} match days, revision {revision}: "
          f"{chosen.url.rstrip('/')}/b/{game['slug']}\n")
    print_table(table)
    if chosen.check:
        check(table, matches, chosen.tiebreak)
        print("\nThe table is the real one.")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        sys.exit(f"league.py: {failure}")

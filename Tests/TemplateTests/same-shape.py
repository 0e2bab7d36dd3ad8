"""Says whether statements with hostile values mean what they mean with harmless ones.

Reads lines of JSON: {"dialect", "hostile", "harmless", "values": {marker: value}}. In the harmless statement each
value is a marker. Both are parsed; the trees must be alike node for node, and where a tree of the harmless one has a
marker the other must have the value, whole. Prints a line for each: "same", or what differs.
"""

import json
import sys

import sqlglot
from sqlglot import exp
from sqlglot.dialects.mysql import MySQL


class MySQLWithoutEscapes(MySQL):
    """MySQL with NO_BACKSLASH_ESCAPES, which sqlglot does not have."""

    class Tokenizer(MySQL.Tokenizer):
        STRING_ESCAPES = ["'", '"']


NAMES = {"postgresql": "postgres", "mysql-no-backslash-escapes": MySQLWithoutEscapes, "mssql": "tsql"}


def leaves(text, dialect):
    """The tree's nodes, outermost first, with what each holds that is no node."""
    trees = sqlglot.parse(text, read=NAMES.get(dialect, dialect))
    found = []
    for tree in trees:
        for node in tree.walk():
            if isinstance(node, exp.Command):
                raise ValueError("sqlglot does not look into this statement")
            held = {k: v for k, v in node.args.items() if not isinstance(v, (exp.Expression, list)) and v is not None}
            found.append((type(node).__name__, held))
    return found


def difference(case):
    harmless = leaves(case["harmless"], case["dialect"])
    hostile = leaves(case["hostile"], case["dialect"])
    if [kind for kind, _ in harmless] != [kind for kind, _ in hostile]:
        return "another shape"
    seen = set()
    for (kind, expected), (_, held) in zip(harmless, hostile):
        wanted = {}
        for key, value in expected.items():
            if isinstance(value, str):
                for marker, put in case["values"].items():
                    if marker in value:
                        seen.add(marker)
                        value = value.replace(marker, put)
            wanted[key] = value
        if wanted != held:
            return f"{kind} holds {held!r}, not {wanted!r}"
    missing = set(case["values"]) - seen
    return f"no {missing} in the tree" if missing else "same"


for line in sys.stdin:
    case = json.loads(line)
    try:
        print(json.dumps(difference(case)))
    except Exception as error:
        print(json.dumps(f"{type(error).__name__}: {str(error)[:200]}"))

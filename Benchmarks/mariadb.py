"""MariaDB: revmeta beside a program that does nothing but the same reads and the same ALTERs."""

import json
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SERVER_SCRIPT = HERE.parent / "Scripts" / "throwaway-mariadb.sh"
TABLES, COLUMNS, REPETITIONS = 500, 10, 5
USER = "bench_writer"

CONFIGURATION = """\
catalog: {{ folder: catalog }}
services:
  bench:
    type: MariaDB
    connection: {{ hostPort: "{socket}", username: {user} }}
journal: {{ path: journal.sqlite }}
channels:
  - name: everything
    updateDescriptions: true
"""


class Server:
    """A MariaDB server in a folder, with its files synced as they usually are."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.socket = folder, folder / "s"
        subprocess.run([SERVER_SCRIPT, "start", folder], check=True)
        self.ask(f"CREATE USER {USER}; GRANT ALTER, REFERENCES ON bench.* TO {USER}")

    def ask(self, sql: str) -> str:
        return subprocess.run(
            ["mariadb", "--no-defaults", "-N", "-B", "-u", "root", "-S", self.socket], input=sql, check=True,
            stdout=subprocess.PIPE, text=True).stdout.strip()

    def stop(self) -> None:
        subprocess.run([SERVER_SCRIPT, "stop", self.folder], check=True)
        subprocess.run(["rm", "-rf", self.folder], check=True)

    def alters(self) -> int:
        """How many tables were altered so far."""
        return int(self.ask("SHOW GLOBAL STATUS LIKE 'Com_alter_table'").split()[1])

    def described(self) -> int:
        return int(self.ask(
            "SELECT (SELECT count(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'bench' AND TABLE_COMMENT <> '')"
            " + (SELECT count(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'bench' AND COLUMN_COMMENT <> '')"))


def measure(revmeta: Path, tools: Path, data: Path, folder: Path, finish, failed) -> list[str]:
    """Gives the lines of the table. `finish` runs a program to its end; `failed` makes an error of a sentence."""
    subprocess.run([sys.executable, HERE / "make-data.py", str(TABLES), str(COLUMNS), data, "mariadb"], check=True)
    schema = (data / "schema.sql").read_text()
    server = Server(folder)
    (data / "revmeta.yaml").write_text(CONFIGURATION.format(socket=server.socket, user=USER))
    total = TABLES * (1 + COLUMNS)

    def reset() -> None:
        server.ask("DROP DATABASE IF EXISTS bench; " + schema)
        for file in data.glob("journal.sqlite*"):
            file.unlink()

    def once(command: list) -> object:
        reset()
        before = server.alters()
        finished = finish(command, data)
        if server.described() != total:
            raise failed(f"expected {total:,} comments afterwards, found {server.described():,}")
        if server.alters() - before != TABLES:
            raise failed(f"expected {TABLES} ALTERs, one a table, found {server.alters() - before}")
        return finished

    try:
        reset()
        plan = json.loads(finish([revmeta, "plan", "--format", "json"], data).output)
        statements = data / "alters.sql"
        statements.write_text("".join(one["text"] + "\n" for one in plan["statements"]))
        limit, ours = [], []
        for repetition in range(REPETITIONS):
            print(f"MariaDB, {repetition + 1}", file=sys.stderr)
            limit.append(float(once([tools / "alter-limit", server.socket, USER, "bench", statements]).output))
            ours.append(once([revmeta, "run"]).seconds)
    finally:
        server.stop()
    base, own = statistics.median(limit), statistics.median(ours)
    return [
        f"## MariaDB: {total:,} comments ({TABLES} tables with {COLUMNS} columns), one ALTER a table", "",
        "| writer | seconds, median | comments/s | bare program = 1 | runs |", "|---|--:|--:|--:|--:|",
        f"| bare libmariadb program, the same reads and ALTERs | {base:.2f} | {total / base:,.0f} | 1.00 | {REPETITIONS} |",
        f"| revmeta run | {own:.2f} | {total / own:,.0f} | {base / own:.2f} | {REPETITIONS} |",
    ]

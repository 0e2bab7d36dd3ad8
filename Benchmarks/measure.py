#!/usr/bin/env python3
"""The measurements behind bench.sh, which prepares what they need and cleans up after them."""

import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import mariadb

HERE = Path(__file__).resolve().parent
SERVER_SCRIPT = HERE.parent / "Scripts" / "throwaway-postgres.sh"
FILTER_TRIAL = HERE.parent / ".build" / "release" / "filter-trial"

WRITE_TABLES, COLUMNS = 1_000, 10
SCALE_TABLES = (10_000, 100_000)
STARTUP_RUNS = 20
SAFETY_REPETITIONS = 9
RENDERED = 1_000_000
PLUGIN = "org.revmeta.postgres"
DELAY_EACH_WAY = 1  # milliseconds
# One round trip after another, four a statement: all of them would take minutes and show the same.
DELAYED_LIMIT = 2_000
# What takes longer than this many seconds is measured once.
FAST, REPETITIONS = 10, 3
# What takes less than this many seconds is measured more often: there, each hiccup of the machine counts.
QUICK, QUICK_REPETITIONS = 1, 9
WRITER_ROLE = "bench_writer"

CONFIGURATION = """\
catalog: {{ folder: {folder} }}
services:
  bench:
    type: Postgres
    connection: {{ hostPort: "{host_port}", username: {role}, database: bench }}
journal: {{ path: "{journal}" }}
isolation: {isolation}
channels:
  - name: everything
    filter: {{ services: [bench] }}
    updateDescriptions: true
"""

COUNT = """
    SELECT count(DISTINCT description) FROM pg_description JOIN pg_class ON pg_class.oid = objoid
    WHERE classoid = 'pg_class'::regclass AND relnamespace = 'bench'::regnamespace AND description LIKE 'Fact %'
"""
READ = """
    SELECT relname, attname, description
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0
    LEFT JOIN pg_description ON objoid = pg_class.oid AND classoid = 'pg_class'::regclass AND objsubid = attnum
    WHERE relnamespace = 'bench'::regnamespace
"""


class Failed(Exception):
    """A sentence that stands in the table instead of figures."""


@dataclass
class Finished:
    seconds: float
    output: str
    peak_mebibytes: float


def seconds_of_sending(log: str) -> float:
    """From when the first statement may go out until the last outcome is noted, as revmeta's own log tells it."""
    times = {}
    for line in log.splitlines():
        if line.startswith("{"):
            event = json.loads(line)
            times[event["message"]] = datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00"))
    begin, end = times.get("sending begins"), times.get("sending has ended")
    if begin is None or end is None:
        raise Failed("expected the log to say when sending began and when it ended")
    return (end - begin).total_seconds()


def last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no output"


def peak_of(process: str) -> int:
    """The largest resident set a process has had so far, in KiB; 0 once it is gone."""
    try:
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def descendants(process: str) -> set[str]:
    """A process and all it has started, directly or not."""
    children: dict[str, list[str]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The program's name stands in parentheses and may hold anything; the state and the parent follow it.
            parent = status.read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        children.setdefault(parent, []).append(status.parent.name)
    found, new = set(), [process]
    while new:
        one = new.pop()
        found.add(one)
        new += children.get(one, [])
    return found


def finish(command: list[str], folder: Path, with_memory: bool = False) -> Finished:
    """Runs a program to its end. Its memory is the sum of the peaks of it and of all the processes it starts."""
    peaks: dict[str, int] = {}
    with open(folder / "output.txt", "w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        while with_memory and process.poll() is None:
            for one in descendants(str(process.pid)):
                peaks[one] = max(peaks.get(one, 0), peak_of(one))
            time.sleep(0.02)
        process.wait()
        seconds = time.perf_counter() - start
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        raise Failed(f"exit code {process.returncode}: {last_line(text)}")
    return Finished(seconds, text, sum(peaks.values()) / 1024)


@dataclass
class Link:
    """A way to the server."""

    name: str
    host: str
    port: str
    is_delayed: bool = False
    # Whether a commit waits for the disk. Disks differ by a factor of forty in this, and so would all that is
    # measured with single commits.
    waits_for_disk: bool = True

    def conninfo(self, role: str, database: str) -> str:
        return f"host={self.host} port={self.port} user={role} dbname={database}"

    @property
    def host_port(self) -> str:
        return self.host if self.host.startswith("/") else f"{self.host}:{self.port}"

    def url(self) -> str:
        return f"postgresql+psycopg2://{WRITER_ROLE}@/bench?host={self.host}&port={self.port}"


class Bench:
    """The tools, and one server at a time."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.revmeta, self.tools = arguments.revmeta, arguments.tools
        self.data, self.folder = arguments.data, arguments.server
        self.journal = self.data / "journal.sqlite"
        self.has_failed = False

    def start_server(self, *settings: str) -> Link:
        options = [part for setting in settings for part in ("-c", setting)]
        port = subprocess.run(
            [SERVER_SCRIPT, "start", self.folder, *options], check=True, stdout=subprocess.PIPE, text=True).stdout
        self.local = Link("Unix socket", str(self.folder), port.strip())
        self.ask(f"CREATE ROLE {WRITER_ROLE} LOGIN", database="postgres")
        return self.local

    def stop_server(self) -> None:
        subprocess.run([SERVER_SCRIPT, "stop", self.folder], check=True)
        subprocess.run(["rm", "-rf", self.folder / "data"], check=True)

    def ask(self, *statements: str, database: str = "bench") -> str:
        commands = [part for statement in statements for part in ("-c", statement)]
        return subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.local.conninfo("postgres", database), *commands],
            check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def make(self, tables: int, database: str) -> int:
        """Writes the files, creates a database with the tables, and returns how many statements comment on all."""
        subprocess.run(
            [sys.executable, HERE / "make-data.py", str(tables), str(COLUMNS), self.data], check=True)
        self.ask(f"CREATE DATABASE {database} OWNER {WRITER_ROLE}", database="postgres")
        self.send(self.data / "schema.sql", database)
        return tables * (1 + COLUMNS)

    def send(self, file: Path, database: str) -> None:
        subprocess.run(
            [self.tools / "raw-limit", self.local.conninfo(WRITER_ROLE, database), file],
            check=True, stdout=subprocess.DEVNULL)

    def configure(self, link: Link, isolation: str = "worker", journal: Path | None = None) -> None:
        journal = journal or self.journal
        (self.data / "revmeta.yaml").write_text(CONFIGURATION.format(
            folder="catalog", host_port=link.host_port, role=WRITER_ROLE, journal=journal, isolation=isolation))
        for file in journal.parent.glob("journal.sqlite*"):
            file.unlink()

    def reset(self, link: Link) -> None:
        """The same empty tables for each writer."""
        self.ask("SET client_min_messages = warning", "DROP DATABASE IF EXISTS bench WITH (FORCE)",
                 f"CREATE DATABASE bench TEMPLATE bench_empty OWNER {WRITER_ROLE}",
                 f"ALTER ROLE {WRITER_ROLE} SET synchronous_commit = {'on' if link.waits_for_disk else 'off'}",
                 "CHECKPOINT", database="postgres")

    def expect_comments(self, expected: int) -> None:
        found = int(self.ask(COUNT))
        if found != expected:
            raise Failed(f"expected {expected:,} comments afterwards, found {found:,}")


@dataclass
class Writer:
    """One way to bring the comments into the database, over one link."""

    name: str
    link: Link
    command: list
    statements: int
    # The program prints the seconds it wrote for, which leaves its start out of the account.
    prints_seconds: bool = False
    is_revmeta: bool = False
    # What the others' sending is measured by.
    is_limit: bool = False
    seconds: list[float] = field(default_factory=list)
    # Of revmeta: how many of those seconds it was sending.
    sending: list[float] = field(default_factory=list)
    failure: str = ""

    @property
    def rate(self) -> float:
        return self.statements / statistics.median(self.seconds)

    def write_once(self, bench: Bench) -> None:
        bench.reset(self.link)
        if self.is_revmeta:
            bench.configure(self.link)
        finished = finish(self.command, bench.data)
        bench.expect_comments(self.statements)
        self.seconds.append(float(finished.output) if self.prints_seconds else finished.seconds)
        if self.is_revmeta:
            self.sending.append(seconds_of_sending(finished.output))

    def is_due(self, repetition: int) -> bool:
        if self.failure:
            return False
        if not self.seconds or self.seconds[0] < QUICK:
            return repetition < QUICK_REPETITIONS
        return self.seconds[0] <= FAST and repetition < REPETITIONS


def writers_over(link: Link, bench: Bench, total: int) -> list[Writer]:
    statements = bench.data / "statements.sql"
    conninfo = link.conninfo(WRITER_ROLE, "bench")
    psql = ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", conninfo]
    limit = DELAYED_LIMIT if link.is_delayed else total
    return [
        Writer("SQLAlchemy, a transaction a statement", link,
               [sys.executable, HERE / "sqlalchemy-writer.py", link.url(), statements, "--limit", str(limit)],
               limit, prints_seconds=True),
        Writer("psql -f", link, [*psql, "-f", statements], total),
        Writer("psql -1 -f", link, [*psql, "-1", "-f", statements], total),
        Writer("raw limit, 1,000 statements a message", link, [bench.tools / "raw-limit", conninfo, statements],
               total, prints_seconds=True, is_limit=True),
        Writer("revmeta run", link, [bench.revmeta, "run", "--log-format", "json"], total, is_revmeta=True),
    ]


def measure_writing(bench: Bench) -> list[str]:
    local = bench.start_server()
    total = bench.make(WRITE_TABLES, "bench_empty")
    bench.ask("VACUUM ANALYZE", database="bench_empty")
    proxy = subprocess.Popen(
        [bench.tools / "delay-proxy", "0", f"{local.host}/.s.PGSQL.{local.port}", str(DELAY_EACH_WAY)],
        stdout=subprocess.PIPE, text=True)
    try:
        delayed = Link(f"TCP, {2 * DELAY_EACH_WAY} ms round trip", "127.0.0.1", proxy.stdout.readline().strip(), True)
        eager = replace(local, name="Unix socket, synchronous_commit off", waits_for_disk=False)
        writers = [writer for link in (local, eager, delayed) for writer in writers_over(link, bench, total)]
        # Side by side: a slow minute of the machine meets all of them.
        for repetition in range(QUICK_REPETITIONS):
            for writer in writers:
                if not writer.is_due(repetition):
                    continue
                print(f"{writer.name}, {writer.link.name}, {repetition + 1}", file=sys.stderr)
                try:
                    writer.write_once(bench)
                except Failed as failure:
                    writer.failure = str(failure)
                    bench.has_failed = True
    finally:
        proxy.terminate()
        proxy.wait()
        bench.stop_server()
    return writing_table(writers, total)


def writing_table(writers: list[Writer], total: int) -> list[str]:
    lines = [
        f"## Writing {total:,} comments ({WRITE_TABLES:,} tables with {COLUMNS} columns, about 105 characters each)",
        "", "| writer | link | seconds | statements/s | SQLAlchemy = 1 | runs |", "|---|---|--:|--:|--:|--:|",
    ]
    for writer in writers:
        if writer.failure:
            lines.append(f"| {writer.name} | {writer.link.name} | error: {writer.failure} | | | |")
            continue
        seconds = f"{total / writer.rate:.2f}"
        if writer.statements < total:
            seconds += f" (scaled from {writer.statements:,} statements)"
        base = next(one for one in writers if one.link is writer.link)
        ratio = "" if base.failure else f"{writer.rate / base.rate:.1f}"
        lines.append(f"| {writer.name} | {writer.link.name} | {seconds} | {writer.rate:,.0f} | {ratio} "
                     f"| {len(writer.seconds)} |")
    return lines + [""] + sending_table(writers, total)


def sending_table(writers: list[Writer], total: int) -> list[str]:
    """The part of a run that the raw limit is the limit of."""
    lines = ["| sending alone | link | seconds, median | statements/s | raw limit = 1 | runs |", "|---|---|--:|--:|--:|--:|"]
    for writer in writers:
        if not writer.sending:
            continue
        seconds = statistics.median(writer.sending)
        limit = next(one for one in writers if one.link is writer.link and one.is_limit)
        ratio = "" if limit.failure else f"{total / seconds / limit.rate:.2f}"
        lines.append(f"| {writer.name} | {writer.link.name} | {seconds:.3f} | {total / seconds:,.0f} | {ratio} "
                     f"| {len(writer.sending)} |")
    return lines


def measure_scale(bench: Bench) -> list[str]:
    lines = ["## Nothing has changed: `revmeta plan`", "",
             "| columns | tables | seconds | peak memory, MiB | one SQL query that reads the same, seconds | runs |",
             "|--:|--:|--:|--:|--:|--:|"]
    for tables in SCALE_TABLES:
        # Only the loading is helped by these; what is measured reads.
        local = bench.start_server("fsync=off", "full_page_writes=off", "autovacuum=off", "max_wal_size=8GB",
                                   "max_locks_per_transaction=1024")
        try:
            print(f"{tables:,} tables: creating", file=sys.stderr)
            total = bench.make(tables, "bench")
            print(f"{tables:,} tables: commenting", file=sys.stderr)
            bench.send(bench.data / "statements.sql", "bench")
            bench.ask("VACUUM ANALYZE pg_description", "VACUUM ANALYZE pg_class", "VACUUM ANALYZE pg_attribute",
                      "CHECKPOINT")
            bench.expect_comments(total)
            bench.configure(local)
            read, planned = [], []
            for repetition in range(REPETITIONS):
                print(f"{tables:,} tables: reading, {repetition + 1}", file=sys.stderr)
                query = ["psql", "-XAtq", "-d", local.conninfo(WRITER_ROLE, "bench"), "-o", "/dev/null", "-c", READ]
                read.append(finish(query, bench.data).seconds)
                planned.append(finish([bench.revmeta, "plan"], bench.data, with_memory=True))
                if "nothing to do" not in planned[-1].output.lower():
                    raise Failed("expected the plan to say that there is nothing to do, found: "
                                 + last_line(planned[-1].output))
            lines.append(f"| {tables * COLUMNS:,} | {tables:,} "
                         f"| {statistics.median(one.seconds for one in planned):.2f} "
                         f"| {max(one.peak_mebibytes for one in planned):,.0f} "
                         f"| {statistics.median(read):.2f} | {REPETITIONS} |")
        except Failed as failure:
            bench.has_failed = True
            lines.append(f"| {tables * COLUMNS:,} | {tables:,} | error: {failure} | | | |")
        finally:
            bench.stop_server()
    return lines


def measure_startup(bench: Bench) -> list[str]:
    lines = ["## Starting", "", "| command | milliseconds, median | runs |", "|---|--:|--:|"]
    medians = {}
    for name, program in (("revmeta --version", bench.revmeta), ("psql --version", "psql"),
                          (f"revmeta plugins show {PLUGIN}", bench.revmeta)):
        try:
            arguments = name.split()[1:]
            seconds = [finish([program, *arguments], bench.data).seconds for _ in range(STARTUP_RUNS)]
            medians[name] = statistics.median(seconds) * 1000
            lines.append(f"| `{name}` | {medians[name]:.1f} | {STARTUP_RUNS} |")
        except Failed as failure:
            bench.has_failed = True
            lines.append(f"| `{name}` | error: {failure} | |")
    if len(medians) == 3:
        worker = medians[f"revmeta plugins show {PLUGIN}"] - medians["revmeta --version"]
        lines += ["", f"A worker with the plugin loaded, which is the difference between the last line and the first: "
                      f"{worker:.1f} ms."]
    return lines


def measure_filters(bench: Bench) -> list[str]:
    """What a channel's filter costs, without the catalog and the source around it."""
    lines = ["## Filters, on one core", "", "| filter | entities/s | selects |", "|---|--:|--:|"]
    try:
        output = subprocess.run(
            [FILTER_TRIAL, "speed"], check=True, capture_output=True, text=True, timeout=600).stdout
        for line in output.splitlines():
            name, rate, selected, total = line.split("\t")
            lines.append(f"| {name} | {int(rate):,} | {int(selected):,} of {int(total):,} |")
    except (OSError, subprocess.SubprocessError) as failure:
        bench.has_failed = True
        lines.append(f"| error: {failure} | | |")
    return lines


def measure_rendering(bench: Bench) -> list[str]:
    """Templates' statements, without a database: what a channel's own text costs."""
    path = '"{schema}"."{table}"'
    templates = {
        ("format", "bare"): "COMMENT ON COLUMN {schema}.{table}.{column} IS {description};",
        ("format", "in quotes"): f"COMMENT ON COLUMN {path}.\"{{column}}\" IS 'of {{table}}: {{description}}'",
        ("format", "with filters"):
            "COMMENT ON COLUMN {schema}.{table}.{column|lower} IS {description|oneline|truncate:200}",
        ("stencil", "a condition"):
            "COMMENT ON COLUMN {{ schema }}.{{ table }}.{{ column }} IS {% if table %}{{ description }}{% endif %}",
    }
    lines = ["## Rendering templates: one core, through the plugin boundary", "",
             "| engine | template | statements a second | runs |", "|---|---|--:|--:|"]
    for (engine, name), text in templates.items():
        library = bench.revmeta.parent / f"librevmeta-{engine}.so"
        count = RENDERED if engine == "format" else RENDERED // 20
        rates = [float(subprocess.run([bench.tools / "render-rate", library, text, str(count)], check=True,
                                      stdout=subprocess.PIPE, text=True).stdout) for _ in range(REPETITIONS)]
        lines.append(f"| {engine} | {name} | {statistics.median(rates):,.0f} | {REPETITIONS} |")
    return lines


def measure_mariadb(bench: Bench) -> list[str]:
    try:
        return mariadb.measure(bench.revmeta, bench.tools, bench.data, Path(f"{bench.folder}-mariadb"), finish, Failed)
    except (Failed, OSError, subprocess.SubprocessError) as failure:
        bench.has_failed = True
        return ["## MariaDB", "", f"error: {failure}"]


def measure_safety(bench: Bench) -> list[str]:
    """What it costs to run a plugin in a process of its own and to keep the journal on a disk."""
    local = bench.start_server()
    memory = Path(tempfile.mkdtemp(prefix="revmeta-bench.", dir="/dev/shm"))
    try:
        total = bench.make(WRITE_TABLES, "bench_empty")
        bench.ask("VACUUM ANALYZE", database="bench_empty")
        ways = [("inProcess", "in memory", memory / "journal.sqlite"), ("inProcess", "on the disk", bench.journal),
                ("worker", "in memory", memory / "journal.sqlite"), ("worker", "on the disk", bench.journal)]
        seconds = [[] for _ in ways]
        for repetition in range(SAFETY_REPETITIONS):
            for (isolation, name, journal), taken in zip(ways, seconds):
                print(f"{isolation}, journal {name}, {repetition + 1}", file=sys.stderr)
                bench.reset(local)
                bench.configure(local, isolation, journal)
                taken.append(finish([bench.revmeta, "run"], bench.data).seconds)
                bench.expect_comments(total)
    finally:
        shutil.rmtree(memory)
        bench.stop_server()
    base = statistics.median(seconds[0])
    lines = [f"## What safety costs: `revmeta run`, {total:,} comments", "",
             "| isolation | journal | seconds, median | more than the first | runs |", "|---|---|--:|--:|--:|"]
    for (isolation, name, _), taken in zip(ways, seconds):
        median = statistics.median(taken)
        lines.append(f"| {isolation} | {name} | {median:.3f} | {100 * (median / base - 1):.0f} % | {len(taken)} |")
    return lines


def flush_milliseconds(folder: Path) -> float:
    """What a commit waits for: eight kibibytes brought to the disk."""
    seconds = []
    with open(folder / "flush", "wb") as file:
        for number in range(200):
            os.pwrite(file.fileno(), bytes(8192), number % 64 * 8192)
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            seconds.append(time.perf_counter() - start)
    os.remove(folder / "flush")
    return statistics.median(seconds) * 1000


def machine(bench: Bench) -> list[str]:
    cpu = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.machine())
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024 / 1024
    disk = subprocess.run(["stat", "-f", "-c", "%T", bench.folder], check=True, stdout=subprocess.PIPE, text=True)
    psql = subprocess.run(["psql", "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.split()[2]
    packages = json.loads(subprocess.run(
        [sys.executable, "-m", "pip", "list", "--format", "json"],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout)
    versions = {package["name"].lower(): package["version"] for package in packages}
    return [
        f"{datetime.date.today().isoformat()}: {cpu}, {os.cpu_count()} cores, {memory:.0f} GiB memory, "
        f"load average {os.getloadavg()[0]:.1f} before the first measurement, "
        f"Linux {platform.release()}, server's files on {disk.stdout.strip()} with "
        f"{flush_milliseconds(bench.folder):.2f} ms a flush, PostgreSQL {psql}, "
        f"Python {platform.python_version()}, SQLAlchemy {versions['sqlalchemy']}, "
        f"psycopg2 {versions['psycopg2-binary']}.",
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "what", choices=("write", "safety", "mariadb", "scale", "startup", "filters", "render", "all"))
    for name in ("revmeta", "tools", "data", "server", "results"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    arguments = parser.parse_args()
    bench = Bench(arguments)
    measurements = {
        "write": measure_writing, "safety": measure_safety, "mariadb": measure_mariadb, "scale": measure_scale, "startup": measure_startup,
        "filters": measure_filters,
        "render": measure_rendering,
    }
    lines = ["# Results", "", *machine(bench)]
    for name, measure in measurements.items():
        if arguments.what in (name, "all"):
            lines += ["", *measure(bench)]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    arguments.results.write_text(text)
    if bench.has_failed:
        sys.exit("bench: some lines are errors; see above.")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""The measurements behind live.sh, which prepares what they need and cleans up after them."""

import argparse
import datetime
import http.client
import json
import os
import platform
import queue
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from pathlib import Path

import psycopg2

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SCHEMAS, TABLES, COLUMNS = 8, 2_500, 10
LISTING_RUNS = 5
# As revmeta asks: entities in an answer, answers waited for at once.
PAGE_SIZE, IN_FLIGHT = 200, 4
EDITS = 500
FLOOD_SECONDS = 10
SECRET = "bench-secret"
SERVICE = "shop"

CONFIGURATION = """\
catalog: {{ hostPort: "{catalog}", securityConfig: {{ jwtToken: t0ken }} }}
services:
  shop:
    type: Postgres
    connection: {{ hostPort: "{host}:5432", username: postgres, database: bench, sslMode: disable }}
serve: {{ listen: "127.0.0.1:0", webhook: {{ secret: {secret} }} }}
journal: {{ path: "{journal}" }}
channels: [{{ name: all, updateDescriptions: true }}]
"""

FLOOD = """\
local thread, number = 0, 0
function setup(t) t:set("id", thread); thread = thread + 1 end
function request()
    number = number + 1
    local body = string.format('{"id":"%d-%d-%s","eventType":"entityUpdated","entityType":"table","timestamp":1769982651320,' ..
        '"entityId":"00000000-0000-0000-0000-%06d%06d","entityFullyQualifiedName":"elsewhere.db.public.t%d"}',
        id, number, os.time(), id, number, number)
    return wrk.format("POST", "/webhook", { ["Authorization"] = "Bearer SECRET", ["Content-Type"] = "application/json" }, body)
end
"""


class Program:
    """A process that says on its first line, or in one of its first, where it is to be reached."""

    def __init__(self, arguments, pattern, **options):
        self.process = subprocess.Popen(arguments, text=True, **options)
        stream = self.process.stdout or self.process.stderr
        self.address = None
        for line in stream:
            if found := re.search(pattern, line):
                self.address = found.group(0)
                break
        if self.address is None:
            sys.exit(f"live: {arguments[0]} ended before it could be reached")

    @property
    def port(self):
        return int(self.address.rsplit(":", 1)[1])

    def end(self):
        self.process.terminate()
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait()


def stand_in(folder):
    return Program(
        [sys.executable, str(ROOT / "Tests/CatalogServer"), "--folder", str(folder)], r"http://127\.0\.0\.1:\d+",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def describe(folder, schemas, tables, columns):
    folder.mkdir()
    write = lambda name, lines: (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines))
    write("databaseServices.jsonl", [{"name": SERVICE, "serviceType": "Postgres"}])
    write("databases.jsonl", [{"fullyQualifiedName": f"{SERVICE}.bench"}])
    write("databaseSchemas.jsonl", [{"fullyQualifiedName": f"{SERVICE}.bench.{schema}"} for schema in schemas])
    write("tables.jsonl", (
        {
            "fullyQualifiedName": f"{SERVICE}.bench.{schema}.t{number}", "description": f"Table {number} of the shop.",
            "columns": [
                {"name": f"c{column}", "dataType": "INT", "description": f"Column {column} of table {number}."}
                for column in range(columns)
            ],
        }
        for schema in schemas for number in range(tables)))


def configure(folder, catalog):
    journal = folder / "journal.sqlite"
    path = folder / "revmeta.yaml"
    path.write_text(CONFIGURATION.format(
        catalog=catalog.address + "/api", host=folder / "postgres", journal=journal, secret=SECRET))
    return path


def timed(command, **options):
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)
    return time.perf_counter() - began


def control(catalog, path):
    connection = http.client.HTTPConnection("127.0.0.1", catalog.port)
    connection.request("GET", path)
    return json.loads(connection.getresponse().read())


def read_all(port, lists):
    """A bare client: asks for lists page by page, some at once, and throws the answers away but for their cursors."""
    waiting = queue.SimpleQueue()
    for path in lists:
        waiting.put(path)

    def work():
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while not waiting.empty():
            try:
                first = waiting.get_nowait()
            except queue.Empty:
                return
            path = first
            while path:
                connection.request("GET", path, headers={"Authorization": "Bearer t0ken"})
                # The cursor stands at the end.
                cursor = re.search(rb'"after": "([^"]*)"', connection.getresponse().read()[-200:])
                path = cursor and f"{first}&after={urllib.parse.quote(cursor.group(1).decode())}"

    began = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(IN_FLIGHT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def listing(program, folder):
    """revmeta reads all tables and selects among them, beside a bare client that asks for the same."""
    describe(folder / "large", [f"s{number}" for number in range(SCHEMAS)], TABLES, COLUMNS)
    catalog = stand_in(folder / "large")
    try:
        configuration = configure(folder, catalog)
        command = [program, "channels", "test", "all", "--config", str(configuration)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        asked = control(catalog, "/control/requests")["requests"]
        requests = [request["path"] for request in asked if request["method"] == "GET"]
        lists = [path for path in requests if "after=" not in path]
        ours, theirs = [], []
        for _ in range(LISTING_RUNS):
            theirs.append(read_all(catalog.port, lists))
            ours.append(timed(command))
        return len(requests), statistics.median(ours), statistics.median(theirs)
    finally:
        catalog.end()


class Shop:
    """A few tables, the catalog that describes them, and a server that hears of its changes."""

    def __init__(self, program, folder):
        describe(folder / "small", ["public"], 50, 2)
        self.database = psycopg2.connect(host=str(folder / "postgres"), user="postgres", dbname="bench")
        self.database.autocommit = True
        self.cursor = self.database.cursor()
        for number in range(50):
            self.cursor.execute(f"CREATE TABLE IF NOT EXISTS t{number} (c0 int, c1 int)")
        self.catalog = stand_in(folder / "small")
        configuration = configure(folder, self.catalog)
        subprocess.run([program, "run", "--config", str(configuration)], check=True, stdout=subprocess.DEVNULL)
        self.log = open(folder / "log", "w")
        self.server = Program(
            [program, "serve", "--config", str(configuration)], r"http://127\.0\.0\.1:\d+", stderr=subprocess.PIPE)
        # Nobody reads on, and a pipe that is full would stop it.
        subprocess.Popen(["cat"], stdin=self.server.process.stderr, stdout=self.log)
        self.hook = http.client.HTTPConnection("127.0.0.1", self.server.port)
        self.rest = http.client.HTTPConnection("127.0.0.1", self.catalog.port)

    def end(self):
        self.server.end()
        self.catalog.end()
        self.database.close()

    def edit(self, table, text):
        """What somebody changes at the catalog; the event that it would send."""
        name = f"{SERVICE}.bench.public.t{table}"
        self.rest.request(
            "PATCH", "/api/v1/tables/name/" + urllib.parse.quote(name),
            json.dumps([{"op": "add", "path": "/description", "value": text}]),
            {"Authorization": "Bearer t0ken", "Content-Type": "application/json-patch+json"})
        answer = json.loads(self.rest.getresponse().read())
        return json.dumps({
            "id": f"{table}-{text}", "eventType": "entityUpdated", "entityType": "table", "entityId": answer["id"],
            "entityFullyQualifiedName": name, "timestamp": int(time.time() * 1000)})

    def send(self, event):
        self.hook.request(
            "POST", "/webhook", event, {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"})
        answer = self.hook.getresponse()
        answer.read()
        if answer.status != 200:
            sys.exit(f"live: the webhook answered {answer.status}")

    def until_visible(self, table, text):
        while True:
            self.cursor.execute(f"SELECT obj_description('t{table}'::regclass)")
            if self.cursor.fetchone()[0] == text:
                return

    def backlog(self):
        journal = f"file:{self.log.name.removesuffix('log')}journal.sqlite?mode=ro"
        import sqlite3
        with sqlite3.connect(journal, uri=True) as database:
            return database.execute("SELECT count(*) FROM event").fetchone()[0]


def latency(shop):
    """From sending the event until its comment is visible, beside a COMMENT ON by libpq until it is."""
    ours, bare = [], []
    writer = psycopg2.connect(shop.database.dsn)
    writer.autocommit = True
    comments = writer.cursor()
    for number in range(EDITS):
        table = number % 50
        event = shop.edit(table, f"Edit {number}.")
        began = time.perf_counter()
        shop.send(event)
        shop.until_visible(table, f"Edit {number}.")
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        comments.execute(f"COMMENT ON TABLE t{table} IS %s", (f"Bare {number}.",))
        shop.until_visible(table, f"Bare {number}.")
        bare.append(time.perf_counter() - began)
        # What the catalog says is what is there again, so that the next edit overwrites nobody's.
        comments.execute(f"COMMENT ON TABLE t{table} IS %s", (f"Edit {number}.",))
    writer.close()
    return ours, bare


def flood(shop, folder):
    """Events a second that are answered with 200, each by itself, over 16 connections."""
    script = folder / "flood.lua"
    script.write_text(FLOOD.replace("SECRET", SECRET))
    said = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{FLOOD_SECONDS}s", "-s", str(script), f"http://127.0.0.1:{shop.server.port}"],
        check=True, text=True, stdout=subprocess.PIPE).stdout
    if "Non-2xx" in said:
        sys.exit(f"live: not every event was taken:\n{said}")
    return float(re.search(r"Requests/sec:\s*([0-9.]+)", said).group(1))


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] * 1000


def main():
    arguments = argparse.ArgumentParser()
    for name in ("revmeta", "folder", "results"):
        arguments.add_argument("--" + name, required=True)
    options = arguments.parse_args()
    folder = Path(options.folder)
    script = ROOT / "Scripts" / "throwaway-postgres.sh"
    os.chmod(folder, 0o755)
    subprocess.run([str(script), "start", str(folder / "postgres")], check=True, stdout=subprocess.DEVNULL)
    psycopg2.connect(host=str(folder / "postgres"), user="postgres", dbname="postgres").close()
    admin = psycopg2.connect(host=str(folder / "postgres"), user="postgres", dbname="postgres")
    admin.autocommit = True
    admin.cursor().execute("CREATE DATABASE bench")
    admin.close()

    requests, ours, theirs = listing(options.revmeta, folder)
    shop = Shop(options.revmeta, folder)
    try:
        events, bare = latency(shop)
        rate = flood(shop, folder)
    finally:
        shop.end()

    text = f"""\
# revmeta on a running catalog

{datetime.date.today()}, {os.cpu_count()} cores, Linux {platform.release()}. The catalog is the stand-in of the tests, a Python
program on the same machine: it takes part in each of these times.

## From an event to the database

| {EDITS} edits, one after the other | p50, ms | p99, ms |
|---|--:|--:|
| webhook sent until the comment is visible | {percentile(events, .5):.1f} | {percentile(events, .99):.1f} |
| bare COMMENT ON by libpq until it is visible | {percentile(bare, .5):.1f} | {percentile(bare, .99):.1f} |
| what revmeta adds | {percentile(events, .5) - percentile(bare, .5):.1f} | {percentile(events, .99) - percentile(bare, .99):.1f} |

Each event is on disk before it is answered, the entity is read again, compared with the source, written and journalled.

## Events into the journal

| | events/s |
|---|--:|
| one event a request, 16 connections, {FLOOD_SECONDS} s | {rate:,.0f} |

## Reading everything

| {SCHEMAS * TABLES:,} tables with {COLUMNS} columns, {PAGE_SIZE} in an answer, {IN_FLIGHT} answers at once | seconds, median of {LISTING_RUNS} |
|---|--:|
| a bare client, the same {requests} requests, answers thrown away | {theirs:.2f} |
| revmeta, entities selected by a channel | {ours:.2f} |

The bare client takes {theirs / ours:.2f} of revmeta's time.
"""
    print(text)
    Path(options.results).write_text(text)


main()

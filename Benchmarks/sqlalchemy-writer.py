#!/usr/bin/env python3
"""Writes comments the way Python catalogs and their connectors do: SQLAlchemy, a transaction a statement.

    sqlalchemy-writer.py URL FILE [--limit N]

Prints the seconds from before connecting to the last answer: neither the interpreter's start nor its imports count.
"""

import argparse
import time

import sqlalchemy


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file")
    parser.add_argument("--limit", type=int, help="only the first N statements")
    arguments = parser.parse_args()
    with open(arguments.file) as file:
        statements = [line.rstrip(";\n") for line in file][:arguments.limit]

    start = time.perf_counter()
    engine = sqlalchemy.create_engine(arguments.url)
    for statement in statements:
        with engine.begin() as connection:
            # Not text(): a description may hold a colon, which text() would take for a parameter.
            connection.exec_driver_sql(statement)
    engine.dispose()
    print(f"{time.perf_counter() - start:.6f}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes a catalog, the empty tables it describes, and the COMMENT statements that bring the one into the other.

    make-data.py N_TABLES N_COLUMNS FOLDER [mariadb]

FOLDER/catalog/         saved answers of a catalog with the service, database, schema and tables
FOLDER/schema.sql       CREATE TABLE, a statement a line
FOLDER/statements.sql   COMMENT ON, a statement a line: N_TABLES x (1 + N_COLUMNS); not for MariaDB

Every description is unique, about 105 characters long, and some hold a quote. The same arguments give the same files.
"""

import json
import sys
import uuid
from pathlib import Path

WORDS = (
    "order customer invoice parcel supplier warehouse payment refund voucher region channel campaign "
    "ledger account balance forecast margin shipment contract visitor"
).split()
TYPES = (
    ("integer", "INT"), ("bigint", "BIGINT"), ("numeric(12,2)", "NUMERIC"), ("date", "DATE"),
    ("timestamp with time zone", "TIMESTAMPZ"), ("boolean", "BOOLEAN"), ("uuid", "UUID"),
)
MARIADB_TYPES = (
    ("int(11) unsigned NOT NULL", "INT"), ("bigint(20) DEFAULT NULL", "BIGINT"), ("decimal(12,2) DEFAULT 0.00", "DECIMAL"),
    ("date DEFAULT NULL", "DATE"), ("timestamp NOT NULL DEFAULT current_timestamp()", "TIMESTAMP"),
    ("varchar(40) CHARACTER SET latin1 DEFAULT 'x'", "VARCHAR"), ("longtext CHECK (`{0}` <> '')", "TEXT"),
)
NAMESPACE = uuid.UUID("6a3c7b1e-52a6-4f0e-9a53-0d3a5f5f7f10")


def description(number: int) -> str:
    words = [WORDS[(number // len(WORDS) ** place) % len(WORDS)] for place in range(4)]
    owner = "the customer's" if number % 10 == 0 else "the customer"
    text = f"Fact {number:08d}: {words[0]} of the {words[1]}, from {owner} {words[2]}, per {words[3]}; checked nightly"
    return text.ljust(104, ".") + "."


def reference(kind: str, fully_qualified_name: str) -> dict:
    return {
        "id": str(uuid.uuid5(NAMESPACE, kind + fully_qualified_name)),
        "type": kind,
        "name": fully_qualified_name.rsplit(".", 1)[-1],
        "fullyQualifiedName": fully_qualified_name,
        "deleted": False,
    }


IS_MARIADB = sys.argv[4:] == ["mariadb"]
SERVICE_TYPE = "MariaDB" if IS_MARIADB else "Postgres"
QUOTE = "`" if IS_MARIADB else '"'
SERVICE = reference("databaseService", "bench")
DATABASE = reference("database", "bench.bench")
SCHEMA = reference("databaseSchema", "bench.bench.bench")


def entity(itself: dict, **fields) -> dict:
    return {
        "id": itself["id"], "name": itself["name"], "fullyQualifiedName": itself["fullyQualifiedName"],
        "version": 0.1, "updatedAt": 1743500000000, "updatedBy": "ingestion-bot", "serviceType": SERVICE_TYPE,
        "owners": [], "tags": [], "domains": [], "deleted": False, **fields,
    }


def write_listing(path: Path, only: dict) -> None:
    path.write_text(json.dumps({"data": [only], "paging": {"total": 1}}, indent=1) + "\n")


def main(tables: int, columns: int, folder: Path) -> None:
    catalog = folder / "catalog"
    catalog.mkdir(parents=True, exist_ok=True)
    connection = {"config": {"type": SERVICE_TYPE, "hostPort": "localhost:5432", "database": "bench"}}
    write_listing(catalog / "databaseServices.json", entity(SERVICE, connection=connection))
    write_listing(catalog / "databases.json", entity(DATABASE, service=SERVICE))
    write_listing(catalog / "databaseSchemas.json", entity(SCHEMA, service=SERVICE, database=DATABASE))

    number = 0
    with (
        open(catalog / "tables.jsonl", "w") as answers,
        open(folder / "schema.sql", "w") as schema,
        open(folder / "statements.sql", "w") as statements,
    ):
        types = MARIADB_TYPES if IS_MARIADB else TYPES
        schema.write("CREATE SCHEMA bench;\n")

        def comment(on: str) -> str:
            nonlocal number
            number += 1
            text = description(number)
            literal = text.replace("'", "''")
            if not IS_MARIADB:
                statements.write(f"COMMENT ON {on} IS '{literal}';\n")
            return text

        for table in range(1, tables + 1):
            name = f"table_{table:06d}"
            itself = reference("table", f"bench.bench.bench.{name}")
            told = comment(f'TABLE "bench"."{name}"')
            described, defined = [], []
            for position in range(1, columns + 1):
                column = f"column_{position:02d}"
                type_name, data_type = types[position % len(types)]
                defined.append(f"{QUOTE}{column}{QUOTE} {type_name.format(column)}")
                described.append({
                    "name": column, "dataType": data_type, "dataTypeDisplay": type_name,
                    "description": comment(f'COLUMN "bench"."{name}"."{column}"'),
                    "fullyQualifiedName": f"{itself['fullyQualifiedName']}.{column}",
                    "tags": [], "ordinalPosition": position,
                })
            schema.write(f"CREATE TABLE bench.{name} ({', '.join(defined)});\n")
            answers.write(json.dumps(entity(
                itself, description=told, tableType="Regular", columns=described,
                databaseSchema=SCHEMA, database=DATABASE, service=SERVICE,
            )) + "\n")


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5) or sys.argv[4:] not in ([], ["mariadb"]) or not sys.argv[1].isdigit() or not sys.argv[2].isdigit():
        sys.exit("make-data: expected N_TABLES N_COLUMNS FOLDER [mariadb], found: " + " ".join(sys.argv[1:]))
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))

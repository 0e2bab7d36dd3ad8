"""The entities, by their ids and qualified names, and what became of them."""

import base64
import json
import threading
import time
import uuid

import changes
import names
from kinds import BY_COLLECTION, KINDS, REQUIRED

NAMESPACE = uuid.UUID("7a5d2c1e-4a38-4c1f-9f0b-d8a1c2b3e4f5")


class Refused(Exception):
    """A request that the catalog cannot do, with the status it is told by."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


class Catalog:
    def __init__(self, folder, told):
        self.lock = threading.Lock()
        self.told = told
        self.events = []
        # Entities as JSON, since a hundred thousand of them as objects would not fit.
        self.texts = {kind.collection: {} for kind in KINDS}
        self.ids = {kind.collection: {} for kind in KINDS}
        self.order = {}
        self.histories = {}
        for kind in KINDS:
            for entity in read(folder, kind.collection):
                self.keep(kind, self.complete(kind, entity))

    def keep(self, kind, entity):
        name = entity["fullyQualifiedName"]
        self.texts[kind.collection][name] = json.dumps(entity, ensure_ascii=False)
        self.ids[kind.collection][entity["id"]] = name
        self.order.pop(kind.collection, None)

    def complete(self, kind, entity):
        """An entity with all that a server's own have."""
        entity = dict(entity)
        name = entity.setdefault("name", names.split(entity.get("fullyQualifiedName", ""))[-1])
        if kind.collection in ("databases", "databaseSchemas", "tables", "storedProcedures"):
            parents = names.parents(entity, kind.collection)
            entity.setdefault("fullyQualifiedName", names.join(parents + [name]))
            for position, (key, collection) in enumerate(
                [("service", "databaseServices"), ("database", "databases"), ("databaseSchema", "databaseSchemas")]
            ):
                if position < len(parents):
                    entity[key] = self.reference(BY_COLLECTION[collection], names.join(parents[: position + 1]), entity.get(key))
            service = self.texts["databaseServices"].get(names.join(parents[:1]))
            if service:
                entity.setdefault("serviceType", json.loads(service)["serviceType"])
        entity.setdefault("fullyQualifiedName", names.join([name]))
        entity.setdefault("id", identify(kind, entity["fullyQualifiedName"]))
        for key, value in REQUIRED.get(kind.collection, {}).items():
            entity.setdefault(key, value.format(name=name) if isinstance(value, str) else value)
        for key, value in {"version": 0.1, "updatedAt": 1769982651320, "updatedBy": "admin", "deleted": False}.items():
            entity.setdefault(key, value)
        for column in entity.get("columns", []):
            complete_column(column, entity["fullyQualifiedName"])
        for key, of in [("owners", None), ("users", "user"), ("children", "team")]:
            for reference in entity.get(key, []):
                reference.setdefault("type", of)
                if "id" not in reference:
                    reference["id"] = identify(BY_COLLECTION[reference["type"] + "s"], names.join([reference["name"]]))
        label(entity.get("tags", []))
        return entity

    def reference(self, kind, name, given):
        text = self.texts[kind.collection].get(name)
        found = json.loads(text) if text else {}
        return {
            "id": found.get("id") or (given or {}).get("id") or identify(kind, name), "type": kind.type,
            "name": names.split(name)[-1], "fullyQualifiedName": name, "deleted": False,
        } | ({"displayName": found["displayName"]} if "displayName" in found else {})

    def list(self, kind, fields, parent, deleted, limit, after):
        """A page of a list, in the order of names, and its paging."""
        order = self.ordered(kind, parent)
        position = 0
        if after is not None:
            try:
                position = bisect(order, base64.b64decode(after, validate=True).decode())
            except (ValueError, UnicodeDecodeError):
                raise Refused(400, "Invalid cursor") from None
        shown, last = [], None
        while position < len(order) and len(shown) < limit:
            last = order[position]
            entity = json.loads(self.texts[kind.collection][last])
            position += 1
            if deleted == "all" or entity["deleted"] == (deleted == "deleted"):
                shown.append(self.answer(kind, entity, fields))
        paging = {"total": len(order)}
        if position < len(order):
            paging["after"] = base64.b64encode(last.encode()).decode()
        return {"data": shown, "paging": paging}

    def ordered(self, kind, parent):
        with self.lock:
            if kind.collection not in self.order:
                self.order[kind.collection] = sorted(self.texts[kind.collection])
            order = self.order[kind.collection]
        if not parent:
            return order
        # What begins with `parent.` comes before all that begins with the next character.
        return order[bisect(order, parent + ".") : bisect(order, parent + "/")]

    def get(self, kind, key, by_name):
        name = key if by_name else self.ids[kind.collection].get(key)
        text = self.texts[kind.collection].get(name)
        if text is None:
            raise Refused(404, f"{kind.type} instance for {key} not found")
        return json.loads(text)

    def answer(self, kind, entity, fields):
        unknown = [field for field in fields if field not in kind.optional and field not in kind.always]
        if unknown:
            raise Refused(400, f"Invalid field name {unknown[0]}")
        shown = {key: value for key, value in entity.items() if key not in kind.optional or key in fields}
        for field in fields:
            if field not in shown and kind.optional.get(field) is not None:
                shown[field] = kind.optional[field]
        # Columns always come, their tags with those of their table.
        if "tags" not in fields and "columns" in shown:
            shown["columns"] = [without_tags(column) for column in shown["columns"]]
        return shown

    def versions(self, kind, entity):
        return self.histories.get(entity["id"], []) + [entity]

    def patch(self, kind, entity, operations, user):
        """Changes an entity, and tells what changed. Returns it as it is now."""
        with self.lock:
            before = self.get(kind, entity["id"], by_name=False)
            try:
                after = changes.patched(before, operations)
            except (KeyError, IndexError, TypeError, ValueError) as error:
                raise Refused(400, f"Invalid patch: {error}") from None
            for column in after.get("columns", []):
                complete_column(column, after["fullyQualifiedName"])
            label(after.get("tags", []))
            description = changes.described(before, after)
            if not any(description[key] for key in ("fieldsAdded", "fieldsUpdated", "fieldsDeleted")):
                return before
            now = int(time.time() * 1000)
            after |= {"version": round(before["version"] + 0.1, 1), "updatedAt": now, "updatedBy": user,
                      "changeDescription": description}
            self.histories.setdefault(before["id"], []).append(before)
            self.keep(kind, after)
            event = changes.event(kind.type, before, after, description, user, now)
            self.events.append(event)
        self.told(event)
        return after


def read(folder, collection):
    for name in (f"{collection}.jsonl", f"{collection}.json"):
        path = folder / name
        if path.exists():
            with path.open(encoding="utf-8") as file:
                if name.endswith(".jsonl"):
                    yield from (json.loads(line) for line in file if line.strip())
                else:
                    answer = json.load(file)
                    yield from answer["data"] if isinstance(answer, dict) else answer


def identify(kind, name):
    return str(uuid.uuid5(NAMESPACE, f"{kind.type}:{name}"))


def complete_column(column, parent):
    column["fullyQualifiedName"] = f"{parent}.{names.quoted(column['name'])}"
    column.setdefault("dataType", "STRUCT" if column.get("children") else "TEXT")
    column.setdefault("tags", [])
    label(column["tags"])
    for child in column.get("children") or []:
        complete_column(child, column["fullyQualifiedName"])


def without_tags(column):
    kept = {key: value for key, value in column.items() if key != "tags"}
    if kept.get("children"):
        kept["children"] = [without_tags(child) for child in kept["children"]]
    return kept


def label(tags):
    for tag in tags:
        for key, value in {"source": "Classification", "labelType": "Manual", "state": "Confirmed"}.items():
            tag.setdefault(key, value)


def bisect(order, name):
    """How many names come before or at `name`."""
    low, high = 0, len(order)
    while low < high:
        middle = (low + high) // 2
        if order[middle] <= name:
            low = middle + 1
        else:
            high = middle
    return low

"""What a patch does to an entity, and how the server tells of it."""

import copy
import json
import uuid

LISTS = ("tags", "owners", "domains", "dataProducts")


def patched(entity, operations):
    """The entity after a JSON Patch (RFC 6902): add, remove, replace and test."""
    document = copy.deepcopy(entity)
    for operation in operations:
        *path, last = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
        place = document
        for part in path:
            if isinstance(place, list):
                place = place[int(part)]
            else:
                # Lists that an answer left out since they are empty are there to be added to.
                place = place.setdefault(part, []) if part in LISTS else place[part]
        action = operation["op"]
        if action == "test":
            found = place[int(last)] if isinstance(place, list) else place.get(last)
            if found != operation["value"]:
                raise ValueError(f"test of {operation['path']} failed")
        elif action == "remove":
            del place[int(last) if isinstance(place, list) else last]
        elif action in ("add", "replace"):
            if isinstance(place, list):
                position = len(place) if last == "-" else int(last)
                if action == "add":
                    place.insert(position, operation["value"])
                else:
                    place[position] = operation["value"]
            else:
                if action == "replace" and last not in place:
                    raise KeyError(operation["path"])
                place[last] = operation["value"]
        else:
            raise ValueError(f"unknown operation {action}")
    return document


def described(before, after):
    """The difference of two versions, as a change description."""
    found = {"fieldsAdded": [], "fieldsUpdated": [], "fieldsDeleted": [], "previousVersion": before["version"]}

    def text(name, old, new):
        if (old or None) != (new or None):
            list_ = "fieldsAdded" if not old else "fieldsDeleted" if not new else "fieldsUpdated"
            change = {"name": name}
            if old:
                change["oldValue"] = old
            if new:
                change["newValue"] = new
            found[list_].append(change)

    def items(name, old, new, key):
        added = [item for item in new if key(item) not in map(key, old)]
        gone = [item for item in old if key(item) not in map(key, new)]
        if added:
            found["fieldsAdded"].append({"name": name, "newValue": json.dumps(added)})
        if gone:
            found["fieldsDeleted"].append({"name": name, "oldValue": json.dumps(gone)})

    def columns(old, new, above):
        old = {column["name"]: column for column in old}
        for column in new:
            name = column["name"]
            earlier = old.get(name, {})
            quoted = f'"{name}"' if "." in name else name
            text(f"columns.{quoted}.description", earlier.get("description"), column.get("description"))
            items(f"columns.{above}{name}.tags", earlier.get("tags", []), column.get("tags", []), lambda tag: tag["tagFQN"])
            columns(earlier.get("children") or [], column.get("children") or [], f"{above}{name}.")

    text("description", before.get("description"), after.get("description"))
    text("displayName", before.get("displayName"), after.get("displayName"))
    items("tags", before.get("tags", []), after.get("tags", []), lambda tag: tag["tagFQN"])
    items("owners", before.get("owners", []), after.get("owners", []), lambda owner: owner["id"])
    columns(before.get("columns") or [], after.get("columns") or [], "")
    return found


def event(entity_type, before, after, description, user, now):
    return {
        "id": str(uuid.uuid4()), "eventType": "entityUpdated", "entityType": entity_type, "entityId": after["id"],
        "entityFullyQualifiedName": after["fullyQualifiedName"], "previousVersion": before["version"],
        "currentVersion": after["version"], "userName": user, "timestamp": now, "changeDescription": description,
        "entity": json.dumps(after),
    }

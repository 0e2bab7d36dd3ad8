"""Qualified names, as OpenMetadata writes them: parts joined by dots, and a part that has dots in quotes."""


def quoted(name):
    return f'"{name}"' if "." in name else name


def join(parts):
    return ".".join(quoted(part) for part in parts)


def split(name):
    parts, part, inside = [], "", False
    for character in name:
        if character == '"':
            inside = not inside
        elif character == "." and not inside:
            parts.append(part)
            part = ""
        else:
            part += character
    return parts + [part]


def parents(entity, collection):
    """The names above an entity, service first: from its references, or else from its qualified name."""
    keys = ["service", "database", "databaseSchema"][: {"databases": 1, "databaseSchemas": 2}.get(collection, 3)]
    told = [entity.get(key, {}).get("name") for key in keys]
    known = split(entity.get("fullyQualifiedName", ""))
    return [name if name is not None else known[position] for position, name in enumerate(told)]

"""The kinds of entity that are served: where, with which fields, and what every one of them has."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    # The path's last part, and the file's name.
    collection: str
    # As references and events call it.
    type: str
    # What an answer holds only if `fields=` asks for it, and what it holds then where there is nothing.
    optional: dict
    # The query parameter that narrows a list to what lies in a parent, and the reference that it is about.
    parents: dict
    path: str = ""
    # What may be asked for and is in every answer.
    always: tuple = ()

    @property
    def route(self):
        return self.path or self.collection


GOVERNED = {
    "owners": [], "tags": [], "domains": [], "dataProducts": [], "extension": None, "certification": None,
    "followers": [], "votes": None, "lifeCycle": None, "sourceHash": None,
}

KINDS = [
    Kind("databaseServices", "databaseService",
         {name: GOVERNED[name] for name in ("owners", "tags", "domains", "dataProducts", "followers")},
         {}, path="services/databaseServices"),
    Kind("databases", "database", GOVERNED | {"databaseSchemas": [], "usageSummary": None, "location": None},
         {"service": "service"}),
    Kind("databaseSchemas", "databaseSchema", GOVERNED | {"tables": [], "usageSummary": None}, {"database": "database"}),
    Kind("tables", "table",
         GOVERNED | {"tableConstraints": [], "schemaDefinition": None, "usageSummary": None, "joins": None,
                     "tablePartition": None, "customMetrics": [], "testSuite": None, "dataModel": None},
         {"database": "database", "databaseSchema": "databaseSchema"}, always=("columns",)),
    Kind("storedProcedures", "storedProcedure", GOVERNED, {"databaseSchema": "databaseSchema"}),
    Kind("users", "user", {"teams": [], "roles": [], "owns": [], "domains": [], "profile": None}, {}),
    Kind("teams", "team", {"users": [], "owners": [], "domains": [], "parents": [], "children": []}, {}),
]

BY_COLLECTION = {kind.collection: kind for kind in KINDS}
BY_ROUTE = {kind.route: kind for kind in KINDS}

# What the schema of each kind requires, where a folder's entity leaves it out.
REQUIRED = {
    "tables": {"columns": []},
    "users": {"email": "{name}@example.com"},
    "teams": {"teamType": "Group"},
    "storedProcedures": {"storedProcedureCode": {"language": "SQL", "code": ""}},
}

"""Judges the stand-in with OpenMetadata's own client (openmetadata-ingestion from PyPI): its models are strict, so that every
answer they accept is one that a real server could have given. So is what revmeta sends one that a real server could accept.

Takes the address of a stand-in that serves `Tests/Fixtures/catalog/judged`, at which `revmeta webhook install` was run.
"""

import json
import sys
import urllib.request

from metadata.generated.schema.entity.data.database import Database
from metadata.generated.schema.entity.data.databaseSchema import DatabaseSchema
from metadata.generated.schema.entity.data.storedProcedure import StoredProcedure
from metadata.generated.schema.entity.data.table import Table
from metadata.generated.schema.entity.services.connections.metadata.openMetadataConnection import OpenMetadataConnection
from metadata.generated.schema.entity.services.databaseService import DatabaseService
from metadata.generated.schema.entity.events.webhook import Webhook
from metadata.generated.schema.entity.teams.team import Team
from metadata.generated.schema.entity.teams.user import User
from metadata.generated.schema.events.api.createEventSubscription import CreateEventSubscription
from metadata.generated.schema.events.eventSubscription import Destination, EventSubscription
from metadata.generated.schema.events.subscriptionStatus import SubscriptionStatus
from metadata.generated.schema.security.client.openMetadataJWTClientConfig import OpenMetadataJWTClientConfig
from metadata.generated.schema.type.changeEvent import ChangeEvent
from metadata.generated.schema.type.entityHistory import EntityVersionHistory
from metadata.ingestion.ometa.ometa_api import OpenMetadata

FIELDS = {
    DatabaseService: ["owners", "tags", "domains"],
    Database: ["owners", "tags", "domains", "extension", "certification"],
    DatabaseSchema: ["owners", "tags", "domains", "extension", "certification"],
    Table: ["columns", "owners", "tags", "domains", "dataProducts", "extension", "tableConstraints", "schemaDefinition",
            "certification", "followers"],
    StoredProcedure: ["owners", "tags", "domains", "extension"],
    User: ["teams"],
    Team: ["users"],
}


def client(address):
    return OpenMetadata(OpenMetadataConnection(
        hostPort=address, authProvider="openmetadata", securityConfig=OpenMetadataJWTClientConfig(jwtToken="a.b.c")))


def expect(truth, what):
    if not truth:
        sys.exit(f"judge: expected {what}")


def judge_subscription(address, server):
    """What revmeta asked for, and what it was answered."""
    with urllib.request.urlopen(address.removesuffix("/api") + "/control/subscriptions") as answer:
        asked = json.load(answer)
    expect(list(asked) == ["revmeta"], "one subscription, by revmeta")
    wanted = CreateEventSubscription.model_validate(asked["revmeta"])
    expect(wanted.resources == ["database", "databaseSchema", "table", "storedProcedure"], "what is written back")
    # A destination takes any map for its configuration; this one must be a webhook's.
    webhook = Webhook.model_validate(asked["revmeta"]["destinations"][0]["config"])
    expect(str(webhook.endpoint) == "https://revmeta.example.com/webhook", "the address of serve.webhook.path")
    expect(webhook.authType.secretKey == "the secret of the webhook", "events to be signed with the secret")
    found = EventSubscription.model_validate(server.client.get("/events/subscriptions/name/revmeta"))
    expect(found.name.root == "revmeta" and found.enabled, "the subscription to be there")
    for destination in server.client.get(f"/events/subscriptions/id/{found.id.root}/destinations"):
        SubscriptionStatus.model_validate(Destination.model_validate(destination).statusDetails.model_dump())


def main(address):
    server = client(address)
    expect(server.health_check(), "the client to accept the server's version")
    counts = {}
    for kind, fields in FIELDS.items():
        # Pages of two, so that cursors are tried; what a model does not accept is raised.
        entities = list(server.list_all_entities(entity=kind, fields=fields, limit=2, skip_on_failure=False))
        counts[kind.__name__] = len(entities)
        expect(entities, f"some {kind.__name__}")
        expect(len({entity.id.root for entity in entities}) == len(entities), f"each {kind.__name__} once")
        for entity in entities:
            found = server.get_by_name(entity=kind, fqn=entity.fullyQualifiedName.root, fields=fields)
            expect(found == entity, f"{entity.fullyQualifiedName.root} to be the same by name and in its list")
            expect(server.get_by_id(entity=kind, entity_id=entity.id, fields=fields) == entity, "the same by id")
    expect(server.get_by_name(entity=Table, fqn="no.such.table.here") is None, "none of what there is not")

    table = next(t for t in server.list_all_entities(entity=Table, fields=FIELDS[Table]) if t.columns)
    patched = server.patch_description(entity=Table, source=table, description="As the client says.", force=True)
    expect(patched.description.root == "As the client says.", "the client's patch to be done")
    history = server.get_list_entity_versions(entity_id=table.id, entity=Table)
    expect(isinstance(history, EntityVersionHistory) and len(history.versions) == 2, "two versions of what was changed")
    server.patch_column_description(
        table=patched, column_fqn=patched.columns[0].fullyQualifiedName.root, description="A column, by the client.", force=True)

    answer = server.client.get("/events?entityUpdated=table&timestamp=0")
    events = [ChangeEvent.model_validate(event) for event in answer["data"]]
    expect(len(events) == 2, "an event for each change")
    expect([event.entityId.root for event in events] == [table.id.root] * 2, "the events to be about what was changed")
    changed = [field for event in events for fields in (event.changeDescription.fieldsAdded, event.changeDescription.fieldsUpdated)
               for field in fields]
    expect("description" in {field.name.root for field in changed}, "a change of the description")
    expect(any(field.newValue == "A column, by the client." for field in changed), "a change of the column's description")
    judge_subscription(address, server)
    Table.model_validate_json(events[0].entity if isinstance(events[0].entity, str) else "null")
    print("the client accepts " + ", ".join(f"{count} {name}" for name, count in counts.items()) + f" "
          f"and {len(events)} ChangeEvent; it takes revmeta's EventSubscription for one")


main(sys.argv[1])

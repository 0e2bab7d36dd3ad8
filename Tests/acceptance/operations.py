"""Operations as OpenMetadata's own models write them, and revmeta's answer as they read it.

    operations.py write DATABASE    writes a ReverseIngestionPipeline for service `shop`
    operations.py read              reads a ReverseIngestionResponse about it
"""

import sys
from uuid import UUID

from metadata.generated.schema.entity.data.table import Table
from metadata.generated.schema.entity.services.ingestionPipelines.reverseIngestionResponse import ReverseIngestionResponse
from metadata.generated.schema.metadataIngestion.reverseIngestionPipeline import (
    Operation, ReverseIngestionPipeline, ReverseIngestionType, Type,
)
from metadata.generated.schema.metadataIngestion.reverseingestionconfig.descriptionConfig import ReverseIngestionDescriptionConfig
from metadata.generated.schema.metadataIngestion.reverseingestionconfig.ownerConfig import ReverseIngestionOwnerConfig
from metadata.generated.schema.metadataIngestion.reverseingestionconfig.tagsConfig import ReverseIngestionTagsConfig
from metadata.generated.schema.type.basic import EntityLink, Uuid
from metadata.generated.schema.type.entityReference import EntityReference
from metadata.generated.schema.type.entityReferenceList import EntityReferenceList
from metadata.generated.schema.type.tagLabel import LabelType, State, TagFQN, TagLabel, TagSource
from metadata.ingestion.models.custom_basemodel_validation import replace_separators
from metadata.utils.entity_link import get_entity_link, split
from metadata.utils.fqn import quote_name

SERVICE = UUID(int=1)
# Of each operation: whether it can be made.
EXPECTED = [True, True, True, True, False, False, True]


def expect(truth, what):
    if not truth:
        sys.exit(f"operations: expected {what}")


def link(database, table, column=None):
    def name(text):
        return quote_name(replace_separators(text))

    fqn = ".".join(["shop", name(database), "public", name(table)])
    text = get_entity_link(Table, fqn=fqn, column_name=name(column) if column else None)
    expect(split(text)[1] == fqn, f"the client's grammar to read the client's own link {text}")
    return text


def description(new, previous=None):
    return Type.UPDATE_DESCRIPTION, ReverseIngestionDescriptionConfig(newDescription=new, previousDescription=previous)


def owner(added, removed):
    def references(name):
        return EntityReferenceList([EntityReference(id=Uuid(UUID(int=7)), type="user", name=name)])

    return Type.UPDATE_OWNER, ReverseIngestionOwnerConfig(addedOwners=references(added), removedOwners=references(removed))


def tags(name):
    label = TagLabel(tagFQN=TagFQN(name), source=TagSource.Classification, labelType=LabelType.Manual, state=State.Confirmed)
    return Type.UPDATE_TAGS, ReverseIngestionTagsConfig(addedTags=[label])


def write(database):
    template = "COMMENT ON TABLE {schema}.{table} IS {description}"
    wanted = [
        (link(database, "orders"), *description("One row an order."), None),
        (link(database, "od.d \"one\"", "a::b>c.d"), *description("It's odd."), None),
        (link(database, "carts"), *description("By a template; it's safe.", previous="Carts"), template),
        (link(database, "orders"), *owner("jane.doe", "admin"), None),
        (link(database, "nowhere"), *description("None."), None),
        (link(database, "orders"), *tags("PII.Sensitive"), None),
        (link(database, "carts", "id"), *description(None, previous="Old"), None),
    ]
    expect(len(wanted) == len(EXPECTED), "as many operations as results")
    operations = [
        Operation(id=Uuid(UUID(int=100 + index)), entityLink=EntityLink(entity), type=kind, parameters=parameters, SQLTemplate=sql)
        for index, (entity, kind, parameters, sql) in enumerate(wanted)
    ]
    pipeline = ReverseIngestionPipeline(
        type=ReverseIngestionType.ReverseIngestion, operations=operations,
        service=EntityReference(id=Uuid(SERVICE), type="databaseService", name="shop"))
    print(pipeline.model_dump_json())


def read():
    response = ReverseIngestionResponse.model_validate_json(sys.stdin.read())
    expect(response.serviceId.root == SERVICE, "the service's id")
    expect(response.success, f"a service that could be used: {response.message}")
    expect([result.id.root for result in response.results] == [UUID(int=100 + index) for index in range(len(EXPECTED))],
           "the operations' ids in their order")
    found = [(result.success, result.message) for result in response.results]
    expect([success for success, _ in found] == EXPECTED, f"{EXPECTED}, found {found}")
    expect(all(message for success, message in found if not success), "a reason for each that could not be made")
    print(f"the client's models wrote {len(EXPECTED)} operations, and accept the answer")


if sys.argv[1] == "write":
    write(sys.argv[2])
else:
    read()

#!/bin/sh
# Judges the fixtures of the configuration with revmeta.schema.json, as an editor would: the schema must accept what is
# good and refuse what is bad; what only revmeta can find out (bad-semantics) it must accept.
# The Swift tests judge the same files with the parser. Needs python3-jsonschema and python3-yaml.
set -eu
cd "$(dirname "$0")/../.."

python3 -c 'import jsonschema, yaml' 2>/dev/null || {
    echo "schema.sh needs jsonschema and PyYAML: apt-get install python3-jsonschema python3-yaml" >&2
    exit 2
}

exec python3 - <<'PYTHON'
import json, pathlib, re, sys
import jsonschema, yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2's core schema: PyYAML's own is 1.1, where yes is true and 2024-01-01 a date."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("merge", r"<<", "<"),
]:
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)


schema = json.loads(pathlib.Path("revmeta.schema.json").read_text(encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)


def complaint(text):
    try:
        document = yaml.load(text, Loader)
    except yaml.YAMLError as error:
        return f"no YAML: {error}"
    error = next(validator.iter_errors(document), None)
    return error and f"{error.json_path}: {error.message}"


judged, wrong = 0, 0
fixtures = pathlib.Path("Tests/Fixtures/configuration")
for folder, acceptable in [("good", True), ("bad", False), ("bad-semantics", True)]:
    for file in sorted((fixtures / folder).glob("*.yaml")):
        judged += 1
        found = complaint(file.read_text(encoding="utf-8"))
        if (found is None) != acceptable:
            wrong += 1
            print(f"{file}: expected the schema to {'accept' if acceptable else 'refuse'} it, found {found}")

print(f"{judged} files judged, {wrong} of them wrongly")
sys.exit(1 if wrong or judged == 0 else 0)
PYTHON

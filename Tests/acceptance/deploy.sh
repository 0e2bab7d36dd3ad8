#!/usr/bin/env bash
# Checks what is in deploy/ as far as that goes without a systemd, a container engine and a cluster: systemd reads the unit,
# Kubernetes' schemas judge the manifests, and revmeta reads the configurations in them.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
program=$(realpath "${REVMETA:-$root/.build/release/revmeta}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "deploy: $*" >&2; exit 1; }

# systemd wants to see the program where the unit has it.
sed "s|/usr/local/bin/revmeta|$program|" "$root/deploy/revmeta.service" >"$folder/revmeta.service"
systemd-analyze verify "$folder/revmeta.service" >"$folder/said" 2>&1 ||
    fail "systemd refuses the unit: $(cat "$folder/said")"
! grep revmeta.service "$folder/said" || fail "systemd has something to say about the unit"
# In tenths: what it calls OK ends at 4.9, and a unit that says nothing has 9.6.
systemd-analyze security --offline=true --threshold=15 "$folder/revmeta.service" >"$folder/said" 2>&1 ||
    fail "the unit exposes more than it should: $(cat "$folder/said")"

# A unit that is wrong must not pass.
sed -i 's/^Restart=on-failure/Restart=sometimes/' "$folder/revmeta.service"
systemd-analyze verify "$folder/revmeta.service" 2>&1 | grep -q sometimes || fail "systemd does not look at the unit"

venv=$root/.build/kubernetes-venv
if ! "$venv/bin/python" -c 'import kubernetes_validate' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install -q 'kubernetes-validate==1.33.0' ||
        fail "could not install kubernetes-validate into .build/kubernetes-venv; is a package index reachable?"
fi

"$venv/bin/python" - "$root/deploy" "$folder" <<'PYTHON'
import pathlib, sys
import kubernetes_validate, yaml

deploy, folder = map(pathlib.Path, sys.argv[1:])
VERSION = "1.33"
REFERENCES = [("ConfigMap", "configMap", "name"), ("PersistentVolumeClaim", "persistentVolumeClaim", "claimName")]
documents = {}
for file in sorted((deploy / "kubernetes").glob("*.yaml")):
    for document in yaml.safe_load_all(file.read_text()):
        kubernetes_validate.validate(document, VERSION, strict=True)
        documents[document["kind"], document["metadata"]["name"]] = document

# Words and names that the schemas do not know.
jobs = [documents["CronJob", name] for name in ("revmeta-changes", "revmeta-everything")]
assert all(job["spec"]["concurrencyPolicy"] == "Forbid" for job in jobs)
assert documents["Deployment", "revmeta"]["spec"]["strategy"] == {"type": "Recreate"}
secrets = documents["Secret", "revmeta"]["stringData"]
pods = [documents["Deployment", "revmeta"]["spec"]["template"]]
pods += [job["spec"]["jobTemplate"]["spec"]["template"] for job in jobs]
for pod in pods:
    for volume in pod["spec"]["volumes"]:
        for kind, key, named in REFERENCES:
            assert key not in volume or (kind, volume[key][named]) in documents, volume
    mounted = {mount["name"] for mount in pod["spec"]["containers"][0]["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["spec"]["volumes"]}, mounted
selector = documents["Service", "revmeta"]["spec"]["selector"]
labels = pods[0]["metadata"]["labels"]
assert selector.items() <= labels.items()
# A service finds the server only, and a deployment none of the jobs' pods.
assert not any(selector.items() <= pod["metadata"]["labels"].items() for pod in pods[1:])
assert documents["Deployment", "revmeta"]["spec"]["selector"]["matchLabels"].items() <= labels.items()

try:
    broken = {**documents["CronJob", "revmeta-changes"]}
    broken["spec"] = {**broken["spec"], "concurencyPolicy": "Forbid"}
    kubernetes_validate.validate(broken, VERSION, strict=True)
except kubernetes_validate.ValidationError:
    pass
else:
    sys.exit("the schemas accept everything")

(folder / "revmeta.yaml").write_text(documents["ConfigMap", "revmeta"]["data"]["revmeta.yaml"])
(folder / "environment").write_text("".join(f"{name}={value}\n" for name, value in secrets.items()))
PYTHON

# A configuration that can be read is told so before anything is reached; its hosts do not exist.
reads() {
    env "${@:2}" "$program" check --config "$1" >"$folder/said" 2>&1 || true
    grep -q '^✓ configuration' "$folder/said" || fail "$1 cannot be read: $(cat "$folder/said")"
}
mapfile -t environment <"$folder/environment"
local_only='s|https://collate.example.com|http://127.0.0.1:1|'
sed -i "$local_only" "$folder/revmeta.yaml"
reads "$folder/revmeta.yaml" "${environment[@]}"
mkdir "$folder/credentials"
for name in catalog-token serve-token shop-password; do
    grep -q "^LoadCredential=$name:" "$root/deploy/revmeta.service" || fail "the unit does not load $name"
    echo 0123456789abcdef0123456789abcdef >"$folder/credentials/$name"
done
sed "$local_only; s|/run/credentials/revmeta.service|$folder/credentials|" "$root/deploy/revmeta.yaml" >"$folder/systemd.yaml"
reads "$folder/systemd.yaml"
! grep -q /run/credentials "$folder/systemd.yaml" || fail "a credential is taken from somewhere else"

# What the program, its worker and its plugins are linked with is what the image installs to run with, or comes with that.
installs=$(sed -n '/no-install-recommends/,/rm -rf/p' "$root/deploy/Containerfile" |
    grep -oE '(ca-certificates|unixodbc|lib[a-z0-9.+-]+)')
# Every Debian has these.
comes=$(apt-cache depends --no-recommends --no-suggests $installs | sed -n 's/^ *Depends: //p'; echo libc6 libgcc-s1 libstdc++6)
libraries=$(readelf -d "$program" "$program-worker" "$(dirname "$program")"/librevmeta-*.so | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
for name in $(sort -u <<<"$libraries"); do
    package=$({ dpkg -S "*/$name" 2>/dev/null || true; } | sed -n '1s/:.*//p')
    [ -n "$package" ] || fail "no package of Debian has $name, so the image cannot have it"
    grep -qxF "$package" <<<"$(printf '%s\n' $installs $comes)" || fail "the image lacks $package, for $name"
done
echo ok

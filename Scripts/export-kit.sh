#!/bin/sh
# Writes the kit of a plugin's author to FOLDER as a package of its own: a git repository with one commit and the tag
# of its version, so that a package URL such as file:///usr/local/share/revmeta/kit can be depended on.
#
# usage: Scripts/export-kit.sh FOLDER [VERSION]
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: $0 FOLDER [VERSION]" >&2
    exit 2
fi
folder=$1
version=${2:-0.1.0}
root=$(cd "$(dirname "$0")/.." && pwd)

if [ -e "$folder" ] && [ -n "$(ls -A "$folder")" ]; then
    echo "$0: expected an empty or new folder, found files in $folder: remove them first" >&2
    exit 2
fi

mkdir -p "$folder/Sources"
cp "$root/LICENSE" "$root/Scripts/kit/Package.swift" "$folder/"
cp -R "$root/Sources/CRevmeta" "$root/Sources/RevmetaPlugin" "$folder/Sources/"

# Nothing of the machine goes into the commit: no configuration, hooks, time or name.
# The same sources give the same commit.
cd "$folder"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_DATE='2000-01-01T00:00:00Z' GIT_COMMITTER_DATE='2000-01-01T00:00:00Z'
git -c init.defaultBranch=main init --quiet --template=
git -c core.fileMode=false add --all
git -c user.name=revmeta -c user.email=revmeta@example.org -c commit.gpgSign=false \
    commit --quiet --message "The kit, version $version"
git tag "$version"

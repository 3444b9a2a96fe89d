#!/bin/sh
# Pins what requirements.in and requirements-dev.in name, for every platform and Python >= 3.11.
# Keeps the versions that are pinned already; UPGRADE=1 takes the newest.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python -m pip install -qq uv
compile() {
    .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 \
        --no-annotate --no-header ${UPGRADE:+--upgrade} "$1" -o "$2"
}
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT

cp requirements.txt "$new/run" 2>/dev/null || :
compile requirements.in "$new/run"
{ echo "# Made by \`make lock\` from requirements.in."; grep -v '^#' "$new/run"; } > requirements.txt

grep -v '^-r' requirements-dev.txt > "$new/dev" 2>/dev/null || :
compile requirements-dev.in "$new/dev"
{
    echo "# Made by \`make lock\` from requirements-dev.in."
    echo "-r requirements.txt"
    grep -v '^#' "$new/dev" | grep -vxFf requirements.txt
} > requirements-dev.txt

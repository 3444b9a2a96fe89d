#!/bin/sh
# Runs every bench/*.py and fails if one of them does.
set -eu
cd "$(dirname "$0")/.."
status=0 found=
for file in bench/*.py; do
    case $file in
        'bench/*.py' | bench/_*.py) continue ;;
    esac
    found=yes
    name=${file##*/}
    .venv/bin/python -m "bench.${name%.py}" || status=1
done
[ -n "$found" ] || echo 'There are no benchmarks: bench/ holds none.'
exit $status

#!/bin/sh
# Makes .venv and installs what a requirements file names: `setup.sh requirements.txt`.
# Does nothing, and needs no network, where that has been done and the file is the same.
set -eu
cd "$(dirname "$0")/.."
wanted=$1
python=.venv/bin/python
stamp=.venv/installed-$wanted

say() { printf '%s\n' "$*" >&2; }

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

can_make_venv() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

# PYTHON=… names one; else the first that is new enough and can make a virtual environment.
find_python() {
    without_venv=
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        new_enough "$candidate" || continue
        if can_make_venv "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
        without_venv=${without_venv:-$candidate}
    done
    if [ -n "$without_venv" ]; then
        say "$without_venv cannot make a virtual environment (no venv or ensurepip): install it" \
            "(Debian, Ubuntu: apt install python3-venv), or name another with PYTHON=…"
    else
        say "This needs Python 3.11 or newer, and $(python3 --version 2>/dev/null || echo 'no Python')" \
            "is what python3 is here: install one, or name it with PYTHON=…"
    fi
    return 1
}

# The whole text that decides what gets installed.
required() {
    cat requirements.txt
    [ "$wanted" = requirements.txt ] || cat "$wanted"
}

# A copy, not a time: git changes times, and a half-done installation leaves no copy.
if new_enough "$python" && required | cmp -s - "$stamp"; then
    exit 0
fi

if ! new_enough "$python" || ! "$python" -m pip --version >/dev/null 2>&1; then
    chosen=$(find_python)
    say "Making the virtual environment .venv with $("$chosen" --version)"
    "$chosen" -m venv --clear .venv
fi
say "Installing $wanted, once (about a minute, most of it downloading)"
rm -f "$stamp"
"$python" -m pip install -qq --disable-pip-version-check --no-input -r "$wanted"
required > "$stamp"

#!/bin/sh
# Make the virtual environment from hashed pins. Usage: venv.sh FOLDER
set -eu
venv=$1

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Tocsin needs python3 >= 3.11; this is $(python3 --version)" >&2
    exit 1
}

make_venv() {
    # Debian ships python3 without ensurepip; a half-made folder of an earlier try must not look like a good one.
    rm -rf "$venv"
    python3 -m venv "$venv" 2>/dev/null && return
    rm -rf "$venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
        python3 -m venv "$venv" && return
    fi
    if python3 -m pip --version >/dev/null 2>&1; then
        python3 -m venv --without-pip "$venv"
        python3 -m pip --python "$venv/bin/python" install --quiet pip && return
    fi
    echo "python3 cannot make a virtual environment here: apt-get install python3-venv" >&2
    exit 1
}

[ -x "$venv/bin/pip" ] || make_venv
"$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
touch "$venv/.ready"

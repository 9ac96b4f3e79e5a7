#!/bin/sh
# Write the hashed pins anew from pyproject.toml. Needs uv. Extras stay: without them pip looks past a pin to the newest release.
set -eu
uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-strip-extras \
    --no-emit-index-url --no-header --quiet --output-file requirements/dev.txt "$@"
uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-strip-extras \
    --no-emit-index-url --no-header --quiet --constraint requirements/dev.txt --output-file requirements/run.txt "$@"

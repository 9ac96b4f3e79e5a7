#!/bin/sh
# Build the console into the package, with types made from our own OpenAPI. Usage: console.sh PYTHON
set -eu
python=$1

node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' || {
    echo "Tocsin's console needs node >= 20; this is $(node --version)" >&2
    exit 1
}
cd console
# npm ci only when the lock moved: it costs half a minute.
if [ ! -e node_modules/.ready ] || [ package-lock.json -nt node_modules/.ready ]; then
    npm ci --silent --no-audit --no-fund
    touch node_modules/.ready
fi
"../$python" -m tocsin.http.schema > openapi.json
npm run --silent api >&2
npm run --silent build >&2
touch ../src/tocsin/http/static/index.html

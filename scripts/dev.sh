#!/bin/sh
# The demo, started anew whenever the code changes, and vite beside it; both stop with Ctrl-C. Usage: dev.sh TOCSIN
set -eu
tocsin=$1

cleanup() { kill "$server" 2>/dev/null || true; }
"$(dirname "$tocsin")/watchfiles" --filter python "$tocsin demo" src &
server=$!
trap cleanup EXIT INT TERM
cd console && npm run dev

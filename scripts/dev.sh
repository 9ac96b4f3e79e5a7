#!/bin/sh
# The demo and vite side by side; both stop with Ctrl-C. Usage: dev.sh TOCSIN
set -eu
tocsin=$1

cleanup() { kill "$server" 2>/dev/null || true; }
"$tocsin" demo --reload &
server=$!
trap cleanup EXIT INT TERM
cd console && npm run dev

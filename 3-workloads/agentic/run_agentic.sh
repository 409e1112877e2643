#!/usr/bin/env bash
# Runs the agentic workload for every interval given; see ./agentic --help.
dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [[ ! -x "$dir/agentic" ]]; then
    echo "$dir/agentic is missing: run ./build.sh first" >&2
    exit 1
fi
exec "$dir/agentic" "$@"

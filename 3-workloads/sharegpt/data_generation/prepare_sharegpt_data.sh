#!/usr/bin/env bash
# Writes run.json and warmup.json of the ShareGPT workload; see ./data_generation --help.
dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [[ ! -x "$dir/data_generation" ]]; then
    echo "$dir/data_generation is missing: run ./build.sh first" >&2
    exit 1
fi
exec "$dir/data_generation" "$@"

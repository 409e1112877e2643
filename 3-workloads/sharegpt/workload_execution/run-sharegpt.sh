#!/usr/bin/env bash
# Runs the ShareGPT workload for each given QPS; see ./workload_execution --help.
dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [[ ! -x "$dir/workload_execution" ]]; then
    echo "$dir/workload_execution is missing: run ./build.sh first" >&2
    exit 1
fi
# ../run.json and ../warmup.json are relative to this folder.
cd "$dir" && exec ./workload_execution "$@"

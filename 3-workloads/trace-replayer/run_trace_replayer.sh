#!/usr/bin/env bash
# Replays a trace at its own times or at each given QPS; see ./trace-replayer --help.
dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [[ ! -x "$dir/trace-replayer" ]]; then
    echo "$dir/trace-replayer is missing: run ./build.sh first" >&2
    exit 1
fi
exec "$dir/trace-replayer" "$@"

#!/usr/bin/env bash
# Downloads Mooncake's public conversation trace (12,031 requests, 3 MB) to
# traces/mooncake_trace.jsonl and checks that it is the one this was built for.
# MOONCAKE_URL names another place to get it from.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

url="${MOONCAKE_URL:-https://raw.githubusercontent.com/kvcache-ai/Mooncake/main/FAST25-release/traces/conversation_trace.jsonl}"
sum=b8cbb061a85206d729d91cdc2981f43c9e0d99209dce588d3af5f7934408b9df
file=traces/mooncake_trace.jsonl

is_right() { [[ "$(sha256sum "$1" | cut -d' ' -f1)" == "$sum" ]]; }

mkdir -p traces
if [[ -f "$file" ]]; then
    if is_right "$file"; then
        echo "$file is there already"
    else
        echo "$file is there but is another trace; it is left as it is" >&2
    fi
else
    part="$(mktemp "$file.XXXXXX")"
    trap 'rm -f "$part"' EXIT
    if command -v curl >/dev/null; then
        get=(curl --fail --silent --show-error --location --connect-timeout 20 --output "$part" "$url")
    elif command -v wget >/dev/null; then
        get=(wget --quiet --timeout=20 --tries=1 --output-document="$part" "$url")
    else
        echo "neither curl nor wget is there: copy the trace to $PWD/$file by hand" >&2
        exit 1
    fi
    if ! "${get[@]}"; then
        echo "could not download $url: without a network, copy the trace to $PWD/$file by hand," >&2
        echo "or replay traces/example.jsonl, which is here" >&2
        exit 1
    fi
    if ! is_right "$part"; then
        echo "what came from $url is not the trace (sha256 $sum): nothing was kept" >&2
        exit 1
    fi
    chmod 644 "$part"
    mv "$part" "$file"
    echo "downloaded $file"
fi
[[ -f traces/gmi_trace.jsonl ]] || echo "traces/gmi_trace.jsonl, run-bench.py's default, is not here: it comes with LMBench"
ls -l traces

#!/usr/bin/env bash
# Downloads Mooncake's public conversation trace (12,031 requests, 3 MB) to
# traces/mooncake_trace.jsonl and verifies its checksum. MOONCAKE_URL names a mirror.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

url="${MOONCAKE_URL:-https://raw.githubusercontent.com/kvcache-ai/Mooncake/main/FAST25-release/traces/conversation_trace.jsonl}"
sum=b8cbb061a85206d729d91cdc2981f43c9e0d99209dce588d3af5f7934408b9df
file=traces/mooncake_trace.jsonl

matches() { [[ "$(sha256sum "$1" | cut -d' ' -f1)" == "$sum" ]]; }

mkdir -p traces
if [[ -f "$file" ]]; then
    if matches "$file"; then
        echo "$file exists already"
    else
        echo "$file exists but its checksum differs; it is left unchanged" >&2
    fi
else
    part="$(mktemp "$file.XXXXXX")"
    trap 'rm -f "$part"' EXIT
    if command -v curl >/dev/null; then
        get=(curl --fail --silent --show-error --location --connect-timeout 20 --output "$part" "$url")
    elif command -v wget >/dev/null; then
        get=(wget --quiet --timeout=20 --tries=1 --output-document="$part" "$url")
    else
        echo "neither curl nor wget is installed: copy the trace to $PWD/$file by hand" >&2
        exit 1
    fi
    if ! "${get[@]}"; then
        echo "could not download $url: copy the trace to $PWD/$file by hand," >&2
        echo "or replay traces/example.jsonl" >&2
        exit 1
    fi
    if ! matches "$part"; then
        echo "checksum mismatch: $url is not the trace with SHA-256 $sum; the download was discarded" >&2
        exit 1
    fi
    chmod 644 "$part"
    mv "$part" "$file"
    echo "downloaded $file"
fi
[[ -f traces/gmi_trace.jsonl ]] || echo "traces/gmi_trace.jsonl, the default of run-bench.py, is missing: copy it from LMBench"
ls -l traces

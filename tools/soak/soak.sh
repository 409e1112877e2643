#!/usr/bin/env bash
# Runs the synthetic workload for an hour against a simulated engine that fails
# in every way it knows, 2 % of the requests each, and looks at the process
# every ten seconds: its memory and descriptors must not grow, and at the end
# each request must be accounted for.
#
#   tools/soak/soak.sh [SECONDS [QPS]]      3600 s and 200 requests/s unless given
#
# The samples are left in 4-latest-results/soak/samples.tsv. Wants ./build.sh first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds="${1:-3600}" qps="${2:-200}"
suite=4-latest-results/soak
samples="$suite/samples.tsv"
scratch="$(mktemp -d)"
rm -rf "$suite"
mkdir -p "$suite"

# Numbers without a common divisor, so that faults seldom fall together.
tools/simserver/simserver --listen 127.0.0.1:0 --url-file "$scratch/url" --base-ttft 20ms --prefill-per-1k 10ms --itl 10ms --max-batch 4096 \
    --fail-every 47 --hang-every 49 --cut-every 50 --error-event-every 51 --no-usage-every 53 2> "$scratch/engine.log" &
engine=$!
# shellcheck disable=SC2064
trap "kill $engine 2>/dev/null || true; rm -rf '$scratch'" EXIT
until [[ -s "$scratch/url" ]]; do
    kill -0 "$engine" || exit 1
    sleep 0.1
done

# A hung request is given up after 10 s; its user then goes on.
LMBENCH_STALL_TIMEOUT=10 LMBENCH_EXACT_RATE=true LMBENCH_TIME="$seconds" LMBENCH_COOLDOWN=0 LMBENCH_LOG_INTERVAL=60 \
    3-workloads/synthetic/run_synthetic.sh simulated-model "$(cat "$scratch/url")" soak \
    4 $((qps * 5)) 10 100 200 20 False soak None 0-bench-specs/TEMPLATE-spec.yaml soak completions "$qps" &
load=$!

printf 'second\trss_kb\tdescriptors\tthreads\n' > "$samples"
while kill -0 "$load" 2> /dev/null; do
    rss="$(awk '/^VmRSS/ {print $2}' "/proc/$load/status" 2> /dev/null || true)"
    threads="$(awk '/^Threads/ {print $2}' "/proc/$load/status" 2> /dev/null || true)"
    descriptors="$(find "/proc/$load/fd" -mindepth 1 2> /dev/null | wc -l)"
    if [[ -n "$rss" ]]; then printf '%s\t%s\t%s\t%s\n' "$SECONDS" "$rss" "$descriptors" "$threads" >> "$samples"; fi
    sleep 10
done
status=0
wait "$load" || status=$?
((status == 0)) || { echo "the workload ended with $status" >&2; exit 1; }

# The first quarter may fill caches and pools; from then on nothing may grow by
# more than a tenth. What is kept of a request is some 25 numbers of 8 bytes, in
# slices that grow by a quarter, with the collector's share of as much again.
awk -v end="$seconds" -v kept="$(awk -v n="$seconds" -v q="$qps" 'BEGIN {print int(n / 2 * q * 25 * 8 * 2.5 / 1024)}')" '
    NR > 1 && $1 > end / 4 && $1 <= end / 2 { for (i = 2; i <= 4; i++) if ($i > early[i]) early[i] = $i }
    NR > 1 && $1 > end * 3 / 4 && $1 <= end { for (i = 2; i <= 4; i++) if ($i > late[i]) late[i] = $i }
    END {
        split("- memory_kb descriptors threads", name, " ")
        for (i = 2; i <= 4; i++) {
            grown = late[i] > early[i] * 1.1 + (i == 2 ? kept : 16)
            printf "%-12s most in the second quarter %8d, in the last %8d  %s\n", name[i], early[i], late[i], grown ? "GROWN" : "flat"
            bad = bad || grown || late[i] == 0
        }
        exit bad
    }' "$samples" || status=1

result="$(find "$suite" -name '*.json' | head -1)"
[[ -n "$result" ]] || { echo "no result" >&2; exit 1; }
# The block "ledger" of the result: what was planned and what became of it.
awk -F'[:,]' '
    /"ledger": \{/ {inside = 1; next}
    inside && /^    \}/ {exit}
    inside && /^      "/ {gsub(/[" ]/, "", $1); book[$1] = $2; print}
    END {exit !(book["planned"] > 0 && book["planned"] == book["ok"] + book["failed"] + book["cancelled"] + book["never_sent"] && book["missing"] == 0)}' "$result" || {
    echo "the ledger does not close" >&2
    status=1
}
exit "$status"

#!/usr/bin/env bash
# Runs the synthetic workload for an hour against a simulated engine with every fault
# it supports, 2 % of the requests each, and samples the process every ten seconds:
# memory, descriptors, threads and goroutines must not grow, and at the end every
# request must be accounted for.
#
#   tools/test/soak/soak.sh [SECONDS [QPS]]      3600 s and 200 requests/s unless given
#
# Samples are written to 4-latest-results/soak/samples.tsv. Run ./build.sh first. On a
# busy machine ten minutes are too short for a conclusion.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
seconds="${1:-3600}" qps="${2:-200}"
suite=4-latest-results/soak
samples="$suite/samples.tsv"
scratch="$(mktemp -d)"
rm -rf "$suite"
mkdir -p "$suite"

# Coprime numbers, so that faults rarely coincide.
tools/simserver/simserver --listen 127.0.0.1:0 --url-file "$scratch/url" --base-ttft 20ms --prefill-per-1k 10ms --itl 10ms --max-batch 4096 \
    --fail-every 47 --hang-every 49 --cut-every 50 --error-event-every 51 --no-usage-every 53 2> "$scratch/engine.log" &
engine=$!
# shellcheck disable=SC2064
trap "kill $engine 2>/dev/null || true; rm -rf '$scratch'" EXIT
until [[ -s "$scratch/url" ]]; do
    kill -0 "$engine" || exit 1
    sleep 0.1
done

# A hung request fails after 10 s; its user then continues.
LMBENCH_STALL_TIMEOUT=10 LMBENCH_EXACT_RATE=true LMBENCH_TIME="$seconds" LMBENCH_COOLDOWN=0 LMBENCH_LOG_INTERVAL=60 LMBENCH_LISTEN=0 \
    3-workloads/synthetic/run_synthetic.sh simulated-model "$(cat "$scratch/url")" soak \
    4 $((qps * 5)) 10 100 200 20 False soak None 0-bench-specs/TEMPLATE-spec.yaml soak completions "$qps" 2> >(tee "$scratch/load.log" >&2) &
load=$!

# goroutines reads the number of goroutines from the workload's live metrics.
goroutines() {
    local address
    address="$(sed -n 's|.*live page: http://\([^/]*\)/.*|\1|p' "$scratch/load.log")"
    exec 3<> "/dev/tcp/${address%:*}/${address##*:}" || return
    printf 'GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
    awk '/^lmbench_goroutines / {print $2}' <&3
}

printf 'second\trss_kb\tdescriptors\tthreads\tgoroutines\n' > "$samples"
while kill -0 "$load" 2> /dev/null; do
    rss="$(awk '/^VmRSS/ {print $2}' "/proc/$load/status" 2> /dev/null || true)"
    threads="$(awk '/^Threads/ {print $2}' "/proc/$load/status" 2> /dev/null || true)"
    descriptors="$(find "/proc/$load/fd" -mindepth 1 2> /dev/null | wc -l)"
    routines="$(goroutines 2> /dev/null || true)"
    if [[ -n "$rss" && -n "$routines" ]]; then
        printf '%s\t%s\t%s\t%s\t%s\n' "$SECONDS" "$rss" "$descriptors" "$threads" "$routines" >> "$samples"
    fi
    sleep 10
done
status=0
wait "$load" || status=$?
((status == 0)) || { echo "the workload ended with $status" >&2; exit 1; }

# least FROM TO COLUMN prints the minimum of a column between two seconds. Minima
# filter out load: on a busy machine more requests are in flight, each with its own
# connection, and idle connections are closed only after 90 s.
least() {
    awk -v from="$1" -v to="$2" -v column="$3" '
        NR > 1 && $1 > from && $1 <= to && (least == "" || $column < least) {least = $column}
        END {print least + 0}' "$samples"
}

# The first quarter may fill caches and pools. After it no figure may grow by more
# than a tenth plus 16 MB of memory, or 16 descriptors, threads or goroutines.
column=2
for what in memory_kb descriptors threads goroutines; do
    early="$(least $((seconds / 4)) $((seconds / 2)) $column)"
    late="$(least $((seconds * 3 / 4)) "$seconds" $column)"
    allowed=$((early * 11 / 10 + (column == 2 ? 16384 : 16)))
    is=flat
    if ((late == 0 || late > allowed)); then is=GROWN status=1; fi
    printf '%-12s least in the second quarter %8d, in the last %8d  %s\n' "$what" "$early" "$late" "$is"
    column=$((column + 1))
done

result="$(find "$suite" -name '*.json' | head -1)"
[[ -n "$result" ]] || { echo "no result" >&2; exit 1; }
# The ledger in the result must close: planned = ok + failed + cancelled + never sent.
awk -F'[:,]' '
    /"ledger": \{/ {inside = 1; next}
    inside && /^    \}/ {exit}
    inside && /^      "/ {gsub(/[" ]/, "", $1); book[$1] = $2; print}
    END {exit !(book["planned"] > 0 && book["planned"] == book["ok"] + book["failed"] + book["cancelled"] + book["never_sent"] && book["missing"] == 0)}' "$result" || {
    echo "the ledger does not close" >&2
    status=1
}
exit "$status"

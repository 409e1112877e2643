// Package result computes and writes the result JSON of one measured point.
//
// Write reads the point's CSV and writes
//
//	4-latest-results/<NAME>/<KEY>_<WORKLOAD>_<qps>_<YYYYmmdd-HHMM>.json
//
// If that name is taken, -2, -3 ... follow the time. A point without a successful
// request has no result: its reasons are written to the same name ending in
// _failed.txt, and Write returns an error.
//
// tools/results/RESULTS.md explains every key with its formula.
package result

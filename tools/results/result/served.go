package result

// served is LMBench's definitions of the requests that a CSV of metrics tells of
// by vLLM's: its metrics whose names begin with lmbench_.
func (p *point) served() (s section) {
	for _, name := range []string{"ttft", "tpot", "itl", "inter_token_latency", "e2el", "send_lag"} {
		var block section
		for _, figure := range []string{"mean", "median", "p99"} {
			block.figure(figure, roundMillis(p.vllm.value("lmbench_"+figure+"_"+name+"_ms")))
		}
		s.block(name, block)
	}
	return s
}

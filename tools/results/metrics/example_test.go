package metrics_test

import (
	"fmt"
	"strings"

	"github.com/LMCache/LMBench/tools/results/metrics"
	"github.com/LMCache/LMBench/tools/results/record"
)

func ExampleCollect() {
	const csv = `prompt_tokens,generation_tokens,ttft,generation_time,launch_time,finish_time,error
100,21,0.25,2.0,1767225600.0,1767225602.25,
100,11,0.35,1.5,1767225601.0,1767225602.85,
,,,,1767225602.0,1767225602.5,status 503
`
	figures, err := metrics.Collect(record.Read(strings.NewReader(csv)))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d ok, %d failed\n", figures.OK, figures.Failed)
	fmt.Printf("TTFT: median %.0f ms, p99 %.0f ms\n", figures.TTFT.Median, figures.TTFT.P(99))
	fmt.Printf("TPOT: mean %.0f ms\n", figures.TPOT.Mean)
	// Output:
	// 2 ok, 1 failed
	// TTFT: median 300 ms, p99 349 ms
	// TPOT: mean 125 ms
}

func ExampleNeeded() {
	for _, percent := range []float64{90, 99, 99.9} {
		fmt.Println(metrics.PercentName(percent), metrics.Needed(percent))
	}
	// Output:
	// p90 64
	// p99 662
	// p99.9 6636
}

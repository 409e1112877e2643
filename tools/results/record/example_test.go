package record_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/LMCache/LMBench/tools/results/record"
)

func ExampleRead() {
	const csv = `prompt_tokens,generation_tokens,ttft,generation_time,launch_time,finish_time,error
100,20,0.25,1.9,1767225600.0,1767225602.15,
,,,,1767225601.0,1767225601.5,status 503
`
	for row, err := range record.Read(strings.NewReader(csv)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%t %.2f %q\n", row.OK(), record.Value(row.TTFT), row.Error)
	}
	// Output:
	// true 0.25 ""
	// false NaN "status 503"
}

func ExampleWriter() {
	out, err := record.NewWriter(os.Stdout, record.Layout{"launch_time", "ttft", "error"})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := out.Write(record.Row{LaunchTime: 1767225600, TTFT: new(0.25)}, record.Row{LaunchTime: 1767225601, Error: "status 503"}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// launch_time,ttft,error
	// 1767225600,0.25,
	// 1767225601,,status 503
}

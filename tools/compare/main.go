// Command compare reports whether one measurement is better than another: two suites,
// sessions or baselines, point by point, with confidence intervals.
package main

import (
	"os"

	"github.com/LMCache/LMBench/tools/command"
)

func main() { os.Exit(command.Main("compare", run)) }

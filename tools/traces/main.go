// Command traces analyses, validates, sorts, converts and generates request traces.
package main

import (
	"os"

	"github.com/LMCache/LMBench/tools/command"
)

func main() { os.Exit(command.Main("traces", run)) }

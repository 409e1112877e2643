// Command simserver serves a simulated engine, so that load generators and other
// clients of OpenAI's API can be tried without a GPU.
package main

import (
	"os"

	"github.com/LMCache/LMBench/tools/command"
)

func main() { os.Exit(command.Main("simserver", run)) }

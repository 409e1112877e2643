// Command newworkload creates a workload as a copy of 3-workloads/your-workload.
package main

import (
	"os"

	"github.com/LMCache/LMBench/tools/command"
)

func main() { os.Exit(command.Main("newworkload", run)) }

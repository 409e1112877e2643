// Command events converts event logs, computes their figures as other tools define
// them, and prints Parquet files.
package main

import (
	"os"

	"github.com/LMCache/LMBench/tools/command"
)

func main() { os.Exit(command.Main("events", run)) }

// Command data_generation turns the conversations of a ShareGPT file into the
// requests of the ShareGPT workload.
package main

import (
	"os"

	"github.com/LMCache/LMBench/tools/command"
)

func main() { os.Exit(command.Main(script, start)) }

// Command data_generation turns the conversations of a ShareGPT file into the
// requests of the ShareGPT workload.
package main

import (
	"os"
)

func main() { os.Exit(command(os.Args[1:])) }

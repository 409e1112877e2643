// Command parquet prints the rows of a Parquet file as JSON lines. It is a command
// of its own because the library weighs 7 MB, half of what else
// vllm-benchmark-serving has, and is needed for few data sets.
package main

import "os"

func main() { os.Exit(status(run(os.Args[1:], os.Stdout), os.Stderr)) }

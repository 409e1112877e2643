// Command data_generation makes requests of the conversations in a ShareGPT
// file.
package main

import (
	"os"
)

func main() { os.Exit(command(os.Args[1:])) }

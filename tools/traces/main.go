// Command traces looks at request traces, converts them, and makes them up.
package main

import (
	"os"
)

func main() {
	os.Exit(report(run(os.Args[1:], os.Stdout, os.Stderr), os.Stderr))
}

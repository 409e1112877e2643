// Command traces analyses, validates, sorts, converts and generates request traces.
package main

import "os"

func main() {
	os.Exit(report(run(os.Args[1:], os.Stdout, os.Stderr), os.Stderr))
}

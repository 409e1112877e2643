// Command events makes other files of an event log, and figures of it as other
// tools define them.
package main

import "os"

func main() {
	os.Exit(status(run(os.Args[1:], os.Stdout, os.Stderr), os.Stderr))
}

package workload

import (
	"os"
	"slices"
	"strings"
	"syscall"
)

// keyVariable is what --api-key is in the environment.
const keyVariable = "LMBENCH_API_KEY"

// hideKey begins this process again without the API key on its command line, which
// everybody on a machine can read: in the environment only its own user can. It
// returns if there is none, or if that cannot be done.
func hideKey() error {
	arguments, key := withoutKey(os.Args)
	if key == "" {
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	environ := slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, keyVariable+"=") })
	return syscall.Exec(program, arguments, append(environ, keyVariable+"="+key))
}

// withoutKey takes the flag for the key out of a command line. An empty key stays:
// it says that there is none, which an empty variable does not.
func withoutKey(arguments []string) (rest []string, key string) {
	for i := 0; i < len(arguments); i++ {
		flag, value, joined := strings.Cut(arguments[i], "=")
		if i == 0 || strings.TrimLeft(flag, "-") != "api-key" || len(flag) > len("--api-key") || flag[0] != '-' {
			rest = append(rest, arguments[i])
			continue
		}
		if !joined && i+1 < len(arguments) {
			i++
			value = arguments[i]
		}
		if value == "" {
			return arguments, ""
		}
		key = value
	}
	return rest, key
}

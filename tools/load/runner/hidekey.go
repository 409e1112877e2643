package runner

import (
	"os"
	"slices"
	"strings"
	"syscall"
)

// keyVariable is the environment variable for --api-key.
const keyVariable = "LMBENCH_API_KEY"

// hideKey restarts this process with the API key in the environment instead of on
// the command line: all users of a machine can read a command line, but only its own
// user the environment. It returns if there is no key, or if the restart fails.
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

// withoutKey removes the flag for the key from a command line. An empty key stays,
// since an empty variable would not replace the default.
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

package workload

import (
	"os"
	"slices"
	"strings"
	"syscall"
)

// keyVariable is what --api-key is in the environment.
const keyVariable = "LMBENCH_API_KEY"

// keys are the variables that hold secrets no other program of a sweep needs.
var keys = []string{keyVariable, "OPENAI_API_KEY", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}

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
	return syscall.Exec(program, arguments, append(without(os.Environ(), []string{keyVariable}), keyVariable+"="+key))
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

// without is an environment without some variables.
func without(environment, names []string) []string {
	return slices.DeleteFunc(slices.Clone(environment), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(names, name)
	})
}

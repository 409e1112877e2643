package schedule

import (
	"bytes"
	"os"
	"strconv"
)

// available is the memory that the machine can give, or the container that this
// runs in, in bytes; 0: not known.
func available() int64 {
	free := int64(0)
	text, _ := os.ReadFile("/proc/meminfo")
	for line := range bytes.Lines(text) {
		if fields := bytes.Fields(line); len(fields) == 3 && string(fields[0]) == "MemAvailable:" {
			free = number(fields[1]) << 10
		}
	}
	if limit := fileNumber("/sys/fs/cgroup/memory.max"); limit > 0 { // else there is none
		free = min(free, max(limit-fileNumber("/sys/fs/cgroup/memory.current"), 0))
	}
	return free
}

func fileNumber(name string) int64 {
	text, _ := os.ReadFile(name)
	return number(bytes.TrimSpace(text))
}

// number is 0 for what is none.
func number(text []byte) int64 {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

package schedule

import (
	"bytes"
	"os"
	"strconv"
)

// availableMemory returns how much memory the machine, or the container that this
// process runs in, can still provide. It returns 0 if that is unknown.
func availableMemory() int64 {
	free := int64(0)
	text, _ := os.ReadFile("/proc/meminfo")
	for line := range bytes.Lines(text) {
		if fields := bytes.Fields(line); len(fields) == 3 && string(fields[0]) == "MemAvailable:" {
			free = parseNumber(fields[1]) << 10
		}
	}
	if limit := readNumber("/sys/fs/cgroup/memory.max"); limit > 0 { // 0 means no limit
		free = min(free, max(limit-readNumber("/sys/fs/cgroup/memory.current"), 0))
	}
	return free
}

// readNumber returns the number in a file, or 0.
func readNumber(name string) int64 {
	text, _ := os.ReadFile(name)
	return parseNumber(bytes.TrimSpace(text))
}

// parseNumber returns 0 if text is not a number.
func parseNumber(text []byte) int64 {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// entries are .gitignore and build.sh with the workload's binary in them, where
// they do not name it already; notes say what a person has to do instead.
func entries(root string, n name) (files []file, notes []string, err error) {
	for _, list := range []struct {
		path  string
		enter func(text string, n name) (string, error)
	}{
		{".gitignore", ignore},
		{"build.sh", build},
	} {
		at := filepath.Join(root, list.path)
		info, err := os.Stat(at)
		if err != nil {
			notes = append(notes, fmt.Sprintf("there is no %s to enter 3-workloads/%s in", list.path, n.folder))
			continue
		}
		before, err := os.ReadFile(at)
		if err != nil {
			return nil, nil, err
		}
		text, err := list.enter(string(before), n)
		if err != nil {
			notes = append(notes, fmt.Sprintf("%s: %v", list.path, err))
		} else if text != string(before) {
			files = append(files, file{path: list.path, content: []byte(text), before: before, mode: info.Mode().Perm()})
		}
	}
	return files, notes, nil
}

// ignore enters the binary after those of other workloads, or at the end.
func ignore(text string, n name) (string, error) {
	binary := path.Join("3-workloads", n.folder, n.folder)
	at := len(text)
	offset := 0
	for line := range strings.Lines(text) {
		offset += len(line)
		pattern := strings.TrimPrefix(strings.TrimSpace(line), "/")
		if matches, err := path.Match(pattern, binary); err == nil && matches {
			return text, nil
		}
		if strings.HasPrefix(pattern, "3-workloads/") {
			at = offset
		}
	}
	entry := "/" + binary + "\n"
	if at > 0 && text[at-1] != '\n' {
		entry = "\n" + entry
	}
	return text[:at] + entry + text[at:], nil
}

// build enters the folder after the last workload of commands=(…), in the same
// way as that one, on the same line or on its own.
func build(text string, n name) (string, error) {
	folder := "3-workloads/" + n.folder
	list := regexp.MustCompile(`(?m)^\s*commands=\(([^)]*)\)`).FindStringSubmatchIndex(text)
	if list == nil {
		return "", fmt.Errorf("no commands=(…) found: see that it builds %s", folder)
	}
	from, to := list[2], list[3]
	at, gap := from, ""
	for _, word := range regexp.MustCompile(`(\s*)(\S+)`).FindAllStringSubmatchIndex(text[from:to], -1) {
		pattern := text[from+word[4] : from+word[5]]
		if matches, err := path.Match(strings.TrimSuffix(pattern, "/"), folder); err == nil && matches {
			return text, nil
		}
		if strings.HasPrefix(pattern, "3-workloads/") {
			at, gap = from+word[5], text[from+word[2]:from+word[3]]
		}
	}
	if gap == "" {
		gap = " " // after the parenthesis
	}
	if at == from {
		return text[:at] + folder + " " + strings.TrimPrefix(text[at:], " "), nil
	}
	return text[:at] + gap + folder + text[at:], nil
}

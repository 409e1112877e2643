package command

import (
	"fmt"
	"regexp"
	"runtime/debug"
	"strings"
)

// Version returns the version of this program in one line, the same in all results:
// lmbench v0.2.0 (commit 1a2b3c4d5e6f, 2026-12-01, go1.26.0).
func Version() string {
	info, _ := debug.ReadBuildInfo()
	return versionOf(info)
}

// untagged is the version that Go gives a commit without a tag, by that of the last
// tag before it.
var untagged = regexp.MustCompile(`^(.*?)(?:-|-0\.|\.0\.)\d{14}-[0-9a-f]{12}$`)

// versionOf returns the version that a program's build information tells. A program
// built outside a checkout, a test for example, has no commit.
func versionOf(info *debug.BuildInfo) string {
	if info == nil {
		return "lmbench (unknown build)"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	version, _, _ := strings.Cut(info.Main.Version, "+")
	if parts := untagged.FindStringSubmatch(version); parts != nil {
		version = parts[1] + "-dev"
	}
	if version == "" || version == "(devel)" || version == "v0.0.0-dev" {
		version = "devel"
	}
	var details []string
	if commit := settings["vcs.revision"]; commit != "" {
		details = append(details, "commit "+commit[:min(12, len(commit))])
		if settings["vcs.modified"] == "true" {
			details = append(details, "modified")
		}
	}
	if date, _, found := strings.Cut(settings["vcs.time"], "T"); found {
		details = append(details, date)
	}
	return fmt.Sprintf("lmbench %s (%s)", version, strings.Join(append(details, info.GoVersion), ", "))
}

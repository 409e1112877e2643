package command

import (
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	build := func(version string, settings ...string) *debug.BuildInfo {
		info := &debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: version}}
		for i := 0; i < len(settings); i += 2 {
			info.Settings = append(info.Settings, debug.BuildSetting{Key: settings[i], Value: settings[i+1]})
		}
		return info
	}
	commit := []string{"vcs.revision", "11a72cfa821558fa57faa6f3e0adcc0516aa7107", "vcs.time", "2026-12-01T01:24:47Z", "vcs.modified", "false"}
	modified := append(commit[:4:4], "vcs.modified", "true")
	for _, test := range []struct {
		why  string
		info *debug.BuildInfo
		want string
	}{
		{"a tagged commit", build("v0.1.0", commit...), "lmbench v0.1.0 (commit 11a72cfa8215, 2026-12-01, go1.26.8)"},
		{"a changed checkout", build("v0.1.0+dirty", modified...), "lmbench v0.1.0 (commit 11a72cfa8215, modified, 2026-12-01, go1.26.8)"},
		{"after a tag", build("v0.1.1-0.20261201012447-11a72cfa8215", commit...), "lmbench v0.1.1-dev (commit 11a72cfa8215, 2026-12-01, go1.26.8)"},
		{"after the tag of a candidate", build("v0.2.0-rc.1.0.20261201012447-11a72cfa8215", commit...), "lmbench v0.2.0-rc.1-dev (commit 11a72cfa8215, 2026-12-01, go1.26.8)"},
		{"before any tag", build("v0.0.0-20261201012447-11a72cfa8215", commit...), "lmbench devel (commit 11a72cfa8215, 2026-12-01, go1.26.8)"},
		{"outside a checkout", build("(devel)"), "lmbench devel (go1.26.8)"},
		{"no build information", nil, "lmbench (unknown build)"},
	} {
		if got := versionOf(test.info); got != test.want {
			t.Errorf("%s: %q, want %q", test.why, got, test.want)
		}
	}
}

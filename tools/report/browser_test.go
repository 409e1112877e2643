package main

import (
	"context"
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// probe operates the page as a reader does and stores its findings in the page.
const probe = `<script>
(async () => {
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const found = {};
  const table = all("figure table")[0];
  const column = [...table.tHead.rows[0].cells].findIndex(cell => cell.textContent === "TTFT p50 ms");
  const figures = () => [...table.tBodies[0].rows].map(row => row.cells[column].textContent);
  const button = table.tHead.rows[0].cells[column].querySelector("button");
  button.click();
  found.ascending = figures();
  button.click();
  found.descending = figures();
  const shown = () => all("svg .s1").filter(part => part.getBoundingClientRect().width > 0).length;
  const box = all("#legend input").find(box => box.dataset.series === "s1");
  found.shown = shown();
  box.click();
  found.hidden = shown();
  box.click();
  found.again = shown();
  const choose = all("select")[0];
  choose.value = "1";
  choose.dispatchEvent(new Event("change"));
  found.views = all(".view", choose.closest("figure")).map(view => !view.hidden);
  let saved = "";
  URL.createObjectURL = blob => { saved = blob; return "data:,"; };
  HTMLAnchorElement.prototype.click = () => {};
  all("figure .save")[0].click();
  found.csv = (await saved.text()).split("\r\n")[0];
  const ground = () => getComputedStyle(document.body).backgroundColor;
  found.grounds = [ground(), (document.getElementById("theme").click(), ground())];
  found.wider = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  found.requests = performance.getEntriesByType("resource").map(entry => entry.name);
  found.errors = errors;
  document.body.dataset.found = JSON.stringify(found);
})();
</script>`

// watch records errors and loads blocked by the content security policy.
const watch = `<script>const errors = [];
addEventListener("error", event => errors.push(event.message));
addEventListener("securitypolicyviolation", event => errors.push("load of " + event.blockedURI));</script>`

// browser returns an installed browser.
func browser(t *testing.T) string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no chromium or google-chrome is installed")
	return ""
}

func TestInABrowser(t *testing.T) {
	program := browser(t)
	dir, page := report(t, "--no-png")
	page = strings.Replace(page, "<head>", "<head>"+watch, 1)
	page = strings.Replace(page, "</body>", probe+"</body>", 1)
	path := filepath.Join(dir, "probed.html")
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	for why, size := range map[string]string{"a desk": "1280,900", "a phone": "500,900"} { // chromium windows are at least 500 wide
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		dump, err := exec.CommandContext(ctx, program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(),
			"--window-size="+size, "--virtual-time-budget=5000", "--dump-dom", "file://"+path).Output()
		if err != nil {
			t.Skipf("the browser does not run here: %v", err)
		}
		text := regexp.MustCompile(`data-found="([^"]*)"`).FindSubmatch(dump)
		if text == nil {
			t.Fatalf("on %s: the script of the page did not finish", why)
		}
		var found struct {
			Ascending, Descending []string
			Shown, Hidden, Again  int
			Views                 []bool
			CSV                   string
			Grounds, Errors       []string
			Requests              []string
			Wider                 float64
		}
		if err := json.Unmarshal([]byte(html.UnescapeString(string(text[1]))), &found); err != nil {
			t.Fatal(err)
		}
		if n := len(found.Ascending); n != 8 || found.Ascending[n-1] != "-" || found.Descending[n-1] != "-" ||
			found.Ascending[0] != found.Descending[n-2] || found.Ascending[0] == found.Ascending[n-2] {
			t.Errorf("on %s: the table sorts to %q and %q", why, found.Ascending, found.Descending)
		}
		if found.Shown == 0 || found.Hidden != 0 || found.Again != found.Shown {
			t.Errorf("on %s: a baseline has %d visible shapes, %d when hidden, %d when shown again", why, found.Shown, found.Hidden, found.Again)
		}
		if len(found.Views) < 2 || found.Views[0] || !found.Views[1] {
			t.Errorf("on %s: the second view was chosen, visible are %v", why, found.Views)
		}
		if !strings.HasPrefix(found.CSV, "baseline,req/s,verdict,") {
			t.Errorf("on %s: the CSV starts with %q", why, found.CSV)
		}
		if found.Grounds[0] == found.Grounds[1] {
			t.Errorf("on %s: backgrounds in light and dark mode are %v", why, found.Grounds)
		}
		if found.Wider > 0 {
			t.Errorf("on %s: the page is %g pixels wider than the window", why, found.Wider)
		}
		if len(found.Errors)+len(found.Requests) > 0 {
			t.Errorf("on %s: errors %q, requests %q", why, found.Errors, found.Requests)
		}
	}
}

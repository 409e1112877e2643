package workload

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/results/spec"
)

// ownPage is the word for the engine's own counters.
const ownPage = "engine"

// morePages would be more than anybody looks at.
const morePages = 16

// Pages are URLs of engines' counters, with spaces or commas between; the word
// engine stands for the page of the engine under load, the word none for no page.
func Pages(to *[]string) Value { return &pagesValue{to} }

type pagesValue struct{ to *[]string }

func (v *pagesValue) Set(text string) error {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' })
	*v.to = nil
	if slices.Equal(words, []string{"none"}) {
		return nil
	}
	for _, word := range words {
		if word != ownPage {
			if err := checkPage(word); err != nil {
				return err
			}
		}
		if !slices.Contains(*v.to, word) {
			*v.to = append(*v.to, word)
		}
	}
	if len(*v.to) == 0 || len(*v.to) > morePages {
		return fmt.Errorf("want one to %d URLs, or none, got %d", morePages, len(*v.to))
	}
	return nil
}

// checkPage does not repeat a URL that may hold a password.
func checkPage(text string) error {
	page, err := url.Parse(text)
	switch {
	case err != nil:
		return errors.New("a URL of counters is no URL")
	case page.User != nil:
		return errors.New("a URL of counters holds a user name")
	case page.Scheme != "http" && page.Scheme != "https" || page.Hostname() == "":
		return fmt.Errorf("want URLs like http://host:port/metrics, %s or none, got %q", ownPage, text)
	}
	return nil
}

func (v *pagesValue) String() string {
	if len(*v.to) == 0 {
		return "None"
	}
	return spec.Shown(strings.Join(*v.to, " "))
}

func (v *pagesValue) Optional() bool { return false }

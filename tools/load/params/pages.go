package params

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/LMCache/LMBench/tools/redact"
)

// OwnPage is the word for the metrics page of the engine under load.
const OwnPage = "engine"

// maxPages is how many metrics pages may be sampled.
const maxPages = 16

// MetricsPages returns a Value for URLs of metrics pages, separated by spaces or
// commas. The word engine is the page of the engine under load, none no page.
func MetricsPages(to *[]string) Value { return &pagesValue{to} }

type pagesValue struct{ to *[]string }

func (v *pagesValue) Set(text string) error {
	words := splitList(text)
	*v.to = nil
	if slices.Equal(words, []string{"none"}) {
		return nil
	}
	for _, word := range words {
		if word != OwnPage {
			if err := checkPage(word); err != nil {
				return err
			}
		}
		if !slices.Contains(*v.to, word) {
			*v.to = append(*v.to, word)
		}
	}
	if len(*v.to) == 0 || len(*v.to) > maxPages {
		return fmt.Errorf("want one to %d URLs, or none, got %d", maxPages, len(*v.to))
	}
	return nil
}

// checkPage checks a URL. Errors omit it if it may contain a password.
func checkPage(text string) error {
	page, err := url.Parse(text)
	switch {
	case err != nil:
		return errors.New("invalid URL of a metrics page: want http://host:port/metrics")
	case page.User != nil:
		return errors.New("the URL of a metrics page must not contain a user name")
	case page.Scheme != "http" && page.Scheme != "https" || page.Hostname() == "":
		return fmt.Errorf("want URLs like http://host:port/metrics, %s or none, got %q", OwnPage, text)
	}
	return nil
}

func (v *pagesValue) String() string { return orNone(redact.URLs(strings.Join(*v.to, " "))) }
func (v *pagesValue) Optional() bool { return false }

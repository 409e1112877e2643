// Package hub downloads files from the Hugging Face hub and other public places.
package hub

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// Host is the hub's address if HF_ENDPOINT names no other.
const Host = "https://huggingface.co"

// ErrOffline reports that HF_HUB_OFFLINE forbids the request.
var ErrOffline = errors.New("HF_HUB_OFFLINE is set")

// A Hub sends requests to the Hugging Face hub or a mirror of it.
type Hub struct {
	Endpoint  string            // base URL without user information, safe to show
	Token     string            // sent to Endpoint only; "" sends no token
	Offline   bool              // every request fails with ErrOffline
	Transport http.RoundTripper // nil: net/http's, with the proxies of the environment

	user *url.Userinfo // from HF_ENDPOINT
}

// FromEnv returns the hub that HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE describe.
func FromEnv(getenv func(string) string) (Hub, error) {
	offline := getenv("HF_HUB_OFFLINE")
	h := Hub{Token: getenv("HF_TOKEN"), Offline: offline != "" && offline != "0"}
	endpoint, err := url.Parse(strings.TrimRight(cmp.Or(getenv("HF_ENDPOINT"), Host), "/"))
	if err != nil || endpoint.Hostname() == "" || endpoint.Scheme != "http" && endpoint.Scheme != "https" {
		// The value is not repeated: it may contain a password.
		return h, errors.New("invalid HF_ENDPOINT: want https://host")
	}
	h.user, endpoint.User = endpoint.User, nil
	h.Endpoint = endpoint.String()
	return h, nil
}

// URL returns the address of a path below the endpoint.
func (h *Hub) URL(path string) string { return h.Endpoint + "/" + path }

// FileURL returns the address of a file at a revision: a branch, tag or commit.
// The repository is owner/name for a model and datasets/owner/name for a data set.
func (h *Hub) FileURL(repository, revision, name string) string {
	return h.URL(repository + "/resolve/" + url.PathEscape(revision) + "/" + url.PathEscape(name))
}

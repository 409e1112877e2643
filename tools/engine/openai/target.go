package openai

import "net/url"

// target is where requests of one path go.
type target struct {
	*url.URL
	start string // of their heads, up to the length
}

// aim sets where a request goes. There are few paths, which many requests share.
func (c *Client) aim(x *exchange) error {
	path := x.request.path()
	if x.request.Call != nil {
		path = x.request.Call.Path
	}
	key := aimed{path, x.request.Call != nil}
	if known, ok := c.targets.Load(key); ok {
		x.target = known.(*target)
		return nil
	}
	to := *c.base
	to.Path += path
	x.target = &target{URL: &to}
	if key.beside {
		beside, err := url.Parse(c.beside(path))
		if err != nil {
			return err
		}
		x.target.URL = beside
	}
	x.target.start = "POST " + x.target.RequestURI() + " HTTP/1.1\r\nHost: " + hostOf(x.target.Host) + "\r\nContent-Length: "
	c.targets.Store(key, x.target)
	return nil
}

// aimed is a path below the base URL, or beside it.
type aimed struct {
	path   string
	beside bool
}

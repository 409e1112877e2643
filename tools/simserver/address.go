package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// urlOf returns where clients on this machine reach a listener.
func urlOf(address net.Addr) string {
	host, port := "localhost", ""
	if tcp, ok := address.(*net.TCPAddr); ok {
		port = strconv.Itoa(tcp.Port)
		if !tcp.IP.IsUnspecified() {
			host = tcp.IP.String()
		}
	}
	return "http://" + net.JoinHostPort(host, port)
}

// writeURL writes a URL and a line end to a file, which is never seen half
// written. Without a name there is nothing to do.
func writeURL(name, url string) error {
	if name == "" {
		return nil
	}
	temporary, err := os.CreateTemp(filepath.Dir(name), ".url-*")
	if err != nil {
		return fmt.Errorf("--url-file: %w", err)
	}
	_, err = temporary.WriteString(url + "\n")
	if err = errors.Join(err, temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("--url-file: %w", errors.Join(err, os.Remove(temporary.Name())))
	}
	return nil
}

// removeURL removes the file, so that nobody reads the URL of a server which
// is gone.
func removeURL(name string) error {
	if name == "" {
		return nil
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--url-file: %w", err)
	}
	return nil
}

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"github.com/google/renameio/v2"
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

// writeURL replaces the content of a file by a URL and a line end, if the file has a
// name.
func writeURL(name, url string) error {
	if name == "" {
		return nil
	}
	if err := renameio.WriteFile(name, []byte(url+"\n"), 0o600, renameio.WithTempDir(filepath.Dir(name))); err != nil {
		return fmt.Errorf("--url-file: %w", err)
	}
	return nil
}

// removeURL removes the file, which must not name a server that has stopped.
func removeURL(name string) error {
	if name == "" {
		return nil
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--url-file: %w", err)
	}
	return nil
}

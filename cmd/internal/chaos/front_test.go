package chaos

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
)

// front shares the requests out among several APIs, each in turn, as the balancer before a
// guichet does. It asks nothing again by itself: a counter that dies is seen by who asked.
type front struct {
	*httptest.Server
	served, broken atomic.Int64 // requests, and those that no counter answered

	mu   sync.Mutex
	apis []string
	turn int
}

func newFront() *front {
	f := &front{}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(f.pick())
			r.Out.Host = r.In.Host
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, _ error) {
			if r.Context().Err() == nil { // else it is the client who left
				f.broken.Add(1)
			}
			w.WriteHeader(http.StatusBadGateway)
		},
		Transport: &http.Transport{MaxIdleConnsPerHost: 64},
		ErrorLog:  log.New(io.Discard, "", 0),
	}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.served.Add(1)
		proxy.ServeHTTP(w, r)
	}))
	return f
}

// pick is the API whose turn it is; an address where nobody answers when there is none.
func (f *front) pick() *url.URL {
	f.mu.Lock()
	defer f.mu.Unlock()
	nobody := &url.URL{Scheme: "http", Host: "127.0.0.1:1"}
	if len(f.apis) == 0 {
		return nobody
	}
	f.turn++
	u, err := url.Parse(f.apis[f.turn%len(f.apis)])
	if err != nil {
		return nobody
	}
	return u
}

// put sends requests to one API more.
func (f *front) put(api string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.apis = append(f.apis, api)
}

// drop sends requests to it no more.
func (f *front) drop(api string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.apis = slices.DeleteFunc(f.apis, func(a string) bool { return a == api })
}

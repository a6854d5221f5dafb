package loopback_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"

	"guichet/deploy/local/loopback"
)

func TestReserve(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	taken := l.Addr().(*net.TCPAddr).Port
	api := func(n int) *loopback.Port {
		return &loopback.Port{Part: "l'API et les pages", Variable: "GUICHET_PORT_API", Number: n}
	}
	mail := func(n int) *loopback.Port {
		return &loopback.Port{Part: "la page des courriels", Variable: "GUICHET_PORT_COURRIEL", Number: n}
	}
	tests := []struct {
		name  string
		ports []*loopback.Port
		want  []string // parts of the sentence; none: no error
	}{
		{"free ports are given numbers", []*loopback.Port{api(0), mail(0)}, nil},
		{"a taken port names itself and the variable", []*loopback.Port{api(taken)},
			[]string{fmt.Sprint("le port ", taken), "l'API et les pages", "GUICHET_PORT_API"}},
		{"a port asked twice names both variables", []*loopback.Port{api(21345), mail(21345)},
			[]string{"deux fois", "GUICHET_PORT_API", "GUICHET_PORT_COURRIEL"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := loopback.Reserve(tt.ports...)
			if tt.want == nil {
				if err != nil || tt.ports[0].Number == 0 || tt.ports[0].Number == tt.ports[1].Number {
					t.Fatalf("got %v and ports %d, %d, want two different ports", err, tt.ports[0].Number, tt.ports[1].Number)
				}
				return
			}
			for _, part := range tt.want {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("got %v, want a sentence with %q", err, part)
				}
			}
		})
	}
}

func TestReserveNamesTheHolder(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the holder of a port is only known on Linux")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	err = loopback.Reserve(&loopback.Port{Part: "l'API", Variable: "X", Number: l.Addr().(*net.TCPAddr).Port})
	if want := fmt.Sprintf("(processus %d)", os.Getpid()); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want a sentence with %q", err, want)
	}
}

func TestNumber(t *testing.T) {
	tests := []struct {
		value string
		want  int
		bad   bool
	}{
		{"", 8080, false}, {"0", 0, false}, {"9000", 9000, false},
		{"-1", 0, true}, {"65536", 0, true}, {"abc", 0, true},
	}
	for _, tt := range tests {
		t.Setenv("GUICHET_PORT_API", tt.value)
		got, err := loopback.Number("GUICHET_PORT_API", 8080)
		if got != tt.want || (err != nil) != tt.bad {
			t.Errorf("Number(%q): got %d, %v, want %d, error %v", tt.value, got, err, tt.want, tt.bad)
		}
	}
}

func TestGuard(t *testing.T) {
	h := loopback.Guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	tests := []struct {
		name, host, origin string
		want               int
	}{
		{"a program passes", "127.0.0.1:8025", "", http.StatusOK},
		{"the page itself passes", "127.0.0.1:8025", "http://127.0.0.1:8025", http.StatusOK},
		{"another site is refused", "127.0.0.1:8025", "http://site.example", http.StatusForbidden},
		{"a name that resolves here is refused", "site.example", "", http.StatusMisdirectedRequest},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/tuer/api", nil)
			r.Host = tt.host
			if tt.origin != "" {
				r.Header.Set("Origin", tt.origin)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tt.want {
				t.Errorf("got %d, want %d", w.Code, tt.want)
			}
		})
	}
}

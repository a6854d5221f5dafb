package api_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"guichet/opco"
)

func acteDe(t *testing.T, g *guichet, id string) opco.Acte {
	t.Helper()
	r, err := g.store.Acte(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r.Acte
}

// ecouter reads the data lines of a stream until the test ends.
func (g *guichet) ecouter(qui, chemin string) <-chan string {
	g.t.Helper()
	ctx, fin := context.WithCancel(context.Background())
	g.t.Cleanup(fin)
	req, err := http.NewRequestWithContext(ctx, "GET", g.url+chemin, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+g.cles[qui])
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	lignes := make(chan string, 10)
	go func() {
		defer res.Body.Close()
		for sc := bufio.NewScanner(res.Body); sc.Scan(); {
			if strings.HasPrefix(sc.Text(), "data:") {
				lignes <- sc.Text()
			}
		}
	}()
	return lignes
}

// pdfSimple writes a small valid PDF of n pages whose catalogue holds extra.
func pdfSimple(n int, extra ...string) string {
	var b bytes.Buffer
	var positions []int
	objet := func(format string, args ...any) {
		positions = append(positions, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(positions))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.7\n%âãÏÓ\n")
	objet("<< /Type /Catalog /Pages 2 0 R %s >>", strings.Join(extra, " "))
	var pages []string
	for i := range n {
		pages = append(pages, fmt.Sprintf("%d 0 R", i+3))
	}
	objet("<< /Type /Pages /Count %d /Kids [%s] >>", n, strings.Join(pages, " "))
	for range n {
		objet("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>")
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(positions)+1)
	for _, p := range positions {
		fmt.Fprintf(&b, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(positions)+1, xref)
	return b.String()
}

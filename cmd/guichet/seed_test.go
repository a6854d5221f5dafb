package main

import (
	"bytes"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
)

func TestSeedDocumentIsAWholePDF(t *testing.T) {
	b, err := documentEssai("Certificat de réalisation (été)")
	if err != nil {
		t.Fatal(err)
	}
	if err := api.Validate(bytes.NewReader(b), nil); err != nil {
		t.Errorf("got an invalid PDF: %v", err)
	}
	if n, err := api.PageCount(bytes.NewReader(b), nil); err != nil || n != 1 {
		t.Errorf("got %d pages, %v; want 1", n, err)
	}
}

package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"guichet/facturx"
	"guichet/opco"
)

// TestMain lets this test binary stand for guichet when it runs itself again.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == "examiner-fichier" || os.Args[1] == "lire-facture" || os.Args[1] == "api") {
		os.Exit(run(os.Args[1:]))
	}
	if len(os.Args) > 1 && os.Args[1] == "avaler" {
		os.Exit(avaler())
	}
	if len(os.Args) > 1 && os.Args[1] == executantMortel {
		os.Exit(executerJusquALaMort())
	}
	os.Exit(m.Run())
}

func TestExaminerAilleurs(t *testing.T) {
	if detecteurDeCourses {
		t.Skip("the race detector alone takes more memory than an examination may have")
	}
	binaire, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	examiner := examinerAilleurs(binaire)
	// A PDF whose length, tables and pages claim far more than there is.
	const tete = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
	tests := []struct {
		nom, format, octets, code string
	}{
		{"a sound XML", "application/xml", "<a/>", ""},
		{"an XML with a DOCTYPE", "application/xml", "<!DOCTYPE a><a/>", "FICHIER_ACTIF"},
		{"a stream longer than the file", "application/pdf", tete + "2 0 obj\n<< /Length 2147483647 >>\nstream\nx\nendstream\nendobj\nxref\n0 1\ntrailer\n<< /Root 1 0 R /Size 3 >>\nstartxref\n9\n%%EOF\n", "FICHIER_ILLISIBLE"},
		{"a page tree that turns in circles", "application/pdf", tete + "2 0 obj\n<< /Type /Pages /Count 1 /Kids [2 0 R] >>\nendobj\nxref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n \ntrailer\n<< /Root 1 0 R /Size 3 >>\nstartxref\n121\n%%EOF\n", "FICHIER_ILLISIBLE"},
		{"a hundred thousand open brackets", "application/pdf", tete + "2 0 obj\n" + strings.Repeat("[", 100_000) + "\nendobj\ntrailer\n<< /Root 1 0 R /Size 3 >>\nstartxref\n9\n%%EOF\n", "FICHIER_ILLISIBLE"},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			debut := time.Now()
			err := examiner(context.Background(), strings.NewReader(tt.octets), tt.format)
			var refus *opco.Error
			if tt.code == "" && err != nil || tt.code != "" && (!errors.As(err, &refus) || refus.Code != tt.code || refus.Champ != "fichier") {
				t.Errorf("got %v, want code %q", err, tt.code)
			}
			if time.Since(debut) > examenDuree+2*time.Second {
				t.Errorf("took %v", time.Since(debut))
			}
		})
	}
}

// avaler takes a limited process and asks it, piece by piece, for four times the
// memory that it may have.
func avaler() int {
	if err := limiter(); err != nil {
		return 1
	}
	var garde [][]byte
	for range 64 {
		b := make([]byte, examenMemoire/16)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		garde = append(garde, b)
	}
	runtime.KeepAlive(garde)
	return 0
}

// TestExamenMemoire: a process that asks for too much memory dies alone.
func TestExamenMemoire(t *testing.T) {
	if detecteurDeCourses {
		t.Skip("the race detector alone takes more memory than an examination may have")
	}
	binaire, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var mort *exec.ExitError
	if err := exec.Command(binaire, "avaler").Run(); !errors.As(err, &mort) || mort.ExitCode() == 1 {
		t.Errorf("got %v, want a process that dies of %d MB", err, 4*examenMemoire>>20)
	}
}

// TestExamenLimite: an examination that breaks refuses the file; one that cannot run
// is our own fault.
func TestExamenLimite(t *testing.T) {
	err := examinerAilleurs("/bin/false")(context.Background(), strings.NewReader("x"), "application/pdf")
	if !errors.Is(err, opco.Invalid) {
		t.Errorf("got %v, want an Invalid error when the examination breaks", err)
	}
	if err := examinerAilleurs("/nonexistent")(context.Background(), strings.NewReader("x"), "application/pdf"); err == nil || errors.Is(err, opco.Invalid) {
		t.Errorf("got %v, want our own error when the examination cannot run", err)
	}
}

// TestLireFactureAilleurs reads an invoice, and refuses what is not one, in the
// limited process.
func TestLireFactureAilleurs(t *testing.T) {
	if detecteurDeCourses {
		t.Skip("the race detector alone takes more memory than an examination may have")
	}
	binaire, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	lire := lireFactureAilleurs(binaire)
	sain, err := os.ReadFile("../../facturx/testdata/en16931.xml")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lire(context.Background(), strings.NewReader(string(sain)), "application/xml")
	if err != nil || l.Numero != "F-11" || l.Totaux.TTC != 224_000 || len(l.Lignes) != 2 {
		t.Errorf("got %v %+v", err, l)
	}
	var refus *opco.Error
	_, err = lire(context.Background(), strings.NewReader("<!DOCTYPE a><a/>"), "application/xml")
	if !errors.As(err, &refus) || refus.Code != facturx.CodeInterdit || refus.Champ != "fichier" {
		t.Errorf("a DOCTYPE: %v", err)
	}
	if _, err = lire(context.Background(), strings.NewReader("%PDF-1.7"), "application/pdf"); !errors.Is(err, opco.Invalid) {
		t.Errorf("a broken PDF: %v", err)
	}
}

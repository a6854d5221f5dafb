package api_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"guichet/api"
	"guichet/opco"
)

// pngDe writes a PNG whose header says it is that large; its pixels are missing.
func pngDe(largeur, hauteur uint32) string {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	ihdr := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, largeur), hauteur)...)
	ihdr = append(ihdr, 8, 2, 0, 0, 0)
	_ = binary.Write(&b, binary.BigEndian, uint32(13))
	b.Write(ihdr)
	_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(ihdr))
	return b.String()
}

func imageVraie(t *testing.T, format string) string {
	t.Helper()
	var b bytes.Buffer
	var err error
	if img := image.NewGray(image.Rect(0, 0, 8, 8)); format == "png" {
		err = png.Encode(&b, img)
	} else {
		err = jpeg.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestFichiers uploads every kind of file of the catalogue of bad inputs (101 to
// 117): what is kept, what is refused, and that a refusal leaves nothing.
func TestFichiers(t *testing.T) {
	g := ouvrir(t)
	dossier := g.brouillon()
	long := strings.Repeat("x", 300) + ".pdf"
	tests := []struct {
		nom, fichier, octets string
		statut               int
		code                 string
	}{
		{"a PDF", "convention.pdf", pdfSimple(2), 200, ""},
		{"a PNG", "scan.png", imageVraie(t, "png"), 200, ""},
		{"a JPEG", "photo.jpg", imageVraie(t, "jpeg"), 200, ""},
		{"an XML", "facture.xml", `<?xml version="1.0" encoding="UTF-8"?><a><b>1</b></a>`, 200, ""},
		{"a PDF that opens at a page", "a.pdf", pdfSimple(1, "/OpenAction [3 0 R /Fit]"), 200, ""},
		{"a PDF that opens by moving to a page", "b.pdf", pdfSimple(1, "/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"), 200, ""},
		{"104 a PDF that sends a form", "form.pdf", pdfSimple(1, "/OpenAction << /S /SubmitForm /F << /Type /Filespec /FS /URL /F (http://exemple.test) >> >>"), 422, "FICHIER_ACTIF"},
		{"104 a PDF with a named script", "noms.pdf", pdfSimple(1, "/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (x) >>] >> >>"), 422, "FICHIER_ACTIF"},
		{"101 an empty file", "vide.pdf", "", 422, ""},
		{"102 a truncated PDF", "coupe.pdf", pdfSimple(2)[:300], 422, "FICHIER_ILLISIBLE"},
		{"103 HTML named PDF", "page.pdf", "<!doctype html><html><script>alert(1)</script></html>", 415, ""},
		{"104 a PDF with a script at opening", "js.pdf", pdfSimple(1, "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), 422, "FICHIER_ACTIF"},
		{"104 a PDF that launches a program", "launch.pdf", pdfSimple(1, "/OpenAction << /S /Launch /F (cmd.exe) >>"), 422, "FICHIER_ACTIF"},
		{"104 a PDF that opens a file of another machine", "gotor.pdf", pdfSimple(1, "/OpenAction << /S /GoToR /F (//exemple/partage/x.pdf) /D [0 /Fit] >>"), 422, "FICHIER_ACTIF"},
		{"104 a PDF with additional actions", "aa.pdf", pdfSimple(1, "/AA << /WC << /S /JavaScript /JS (x) >> >>"), 422, "FICHIER_ACTIF"},
		{"105 an encrypted PDF", "clef.pdf", strings.Replace(pdfSimple(1), "trailer\n<<", "trailer\n<< /Encrypt 9 0 R", 1), 422, "FICHIER_PROTEGE"},
		{"107 a PDF of 501 pages", "gros.pdf", pdfSimple(501), 422, ""},
		{"108 a PNG of 50 000 × 50 000", "bombe.png", pngDe(50_000, 50_000), 422, ""},
		{"109 an SVG", "logo.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, 415, ""},
		{"112 a zip", "a.zip", "PK\x03\x04" + strings.Repeat("\x00", 60), 415, ""},
		{"113 an XML with a DOCTYPE", "lol.xml", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, 422, "FICHIER_ACTIF"},
		{"an XML left open", "b.xml", `<?xml version="1.0"?><a><b></a>`, 422, "FICHIER_ILLISIBLE"},
		{"116 a name that climbs", "../../etc/passwd.pdf", pdfSimple(1), 200, ""},
		{"116 a name of Windows", `C:\dossier\CON.pdf`, pdfSimple(1), 200, ""},
		{"116 a name of 300 letters", long, pdfSimple(1), 200, ""},
		{"116 a name that reads backwards", "a\u202egpj.pdf", pdfSimple(1), 200, ""},
		{"over 10 MB", "trop.pdf", "%PDF-1.7\n" + strings.Repeat(" ", 10<<20), 413, ""},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			avant := g.empreinte()
			id := nouvelID()
			r := g.formulaire("e1", "/api/dossiers/"+dossier+"/pieces", partie{"acte_id", "", id}, partie{"type", "", "AUTRE"}, partie{"fichier", tt.fichier, tt.octets})
			if r.statut != tt.statut {
				t.Fatalf("got %d, want %d: %s", r.statut, tt.statut, r.corps)
			}
			if tt.statut != 200 {
				p := r.probleme(t)
				if p.Code != tt.code && tt.code != "" || p.Detail == "" {
					t.Errorf("got %+v, want code %q", p, tt.code)
				}
				if g.empreinte() != avant {
					t.Error("a refused file left something")
				}
				return
			}
			f := g.exiger(g.appeler("e1", "GET", "/api/pieces/"+id+"/fichier", nil), 200)
			d := f.entete.Get("Content-Disposition")
			if string(f.corps) != tt.octets || !strings.HasPrefix(d, "attachment; ") || strings.ContainsAny(d, "/\\\u202e") && !strings.Contains(d, "%") ||
				!strings.Contains(f.entete.Get("Content-Security-Policy"), "sandbox") || len(d) > 500 {
				t.Errorf("got %q, %d bytes of %d, %v", d, len(f.corps), len(tt.octets), f.entete)
			}
		})
	}
}

// TestFormulaires: a form is read strictly.
func TestFormulaires(t *testing.T) {
	g := ouvrir(t)
	chemin := "/api/dossiers/" + g.brouillon() + "/pieces"
	id, piece, fichier := partie{"acte_id", "", nouvelID()}, partie{"type", "", "DEVIS"}, partie{"fichier", "d.pdf", pdfSimple(1)}
	tests := []struct {
		nom     string
		parties []partie
		statut  int
		champ   string
	}{
		{"no id", []partie{piece, fichier}, 422, "acte_id"},
		{"no type", []partie{id, fichier}, 422, "type"},
		{"a type that does not exist", []partie{id, {"type", "", "CARTE_GRISE"}, fichier}, 422, "type"},
		{"no file", []partie{id, piece}, 422, "fichier"},
		{"two files", []partie{id, piece, fichier, fichier}, 400, ""},
		{"an unknown part", []partie{id, piece, {"etat", "", "CONFORME"}, fichier}, 400, ""},
		{"a part twice", []partie{id, piece, piece, fichier}, 400, ""},
		{"the file first", []partie{fichier, id, piece}, 200, ""},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			r := g.formulaire("e1", chemin, tt.parties...)
			if r.statut != tt.statut || tt.champ != "" && r.probleme(t).Champ != tt.champ {
				t.Errorf("got %d %s, want %d on %q", r.statut, r.corps, tt.statut, tt.champ)
			}
		})
	}
	g.exiger(g.appeler("e1", "POST", chemin, "x", "Content-Type", "multipart/form-data"), http.StatusBadRequest)
	g.exiger(g.appeler("e1", "POST", chemin, "{}"), http.StatusUnsupportedMediaType)
	dossier := g.brouillon()
	for i := range 20 {
		g.exiger(g.formulaire("e1", "/api/dossiers/"+dossier+"/pieces", partie{"acte_id", "", nouvelID()}, piece, partie{"fichier", "d.pdf", pdfSimple(i + 1)}), 200)
	}
	avant := g.fichiersGardes()
	enTrop := partie{"fichier", "e.pdf", pdfSimple(99)}
	if p := g.exiger(g.formulaire("e1", "/api/dossiers/"+dossier+"/pieces", partie{"acte_id", "", nouvelID()}, piece, enTrop), 409).probleme(t); p.Code != "TROP_DE_PIECES" {
		t.Errorf("got %+v", p)
	}
	if apres := g.fichiersGardes(); apres != avant {
		t.Errorf("a refused pièce left %d file(s)", apres-avant)
	}
}

// TestWhatTheSenderSaysOfAPiece: its title and comment are kept and read again, by the
// OPCO too; the same id with other words is another pièce (AK-43).
func TestWhatTheSenderSaysOfAPiece(t *testing.T) {
	g := ouvrir(t)
	chemin := "/api/dossiers/" + g.depose() + "/pieces"
	id := partie{"acte_id", "", nouvelID()}
	type_, fichier := partie{"type", "", "AUTRE"}, partie{"fichier", "d.pdf", pdfSimple(1)}
	dit := []partie{id, type_, {"titre", "", "Plan d’accès"}, {"commentaire", "", "La salle a changé.\nVoir page 2."}, fichier}
	g.exiger(g.formulaire("e1", chemin, dit...), 200)
	g.exiger(g.formulaire("e1", chemin, dit...), 200)
	g.exiger(g.formulaire("e1", chemin, id, type_, partie{"commentaire", "", "Autre chose"}, fichier), 409)
	if p := g.exiger(g.formulaire("e1", chemin, partie{"acte_id", "", nouvelID()}, type_, partie{"commentaire", "", strings.Repeat("x", 501)}, fichier), 422).probleme(t); p.Champ != "commentaire" {
		t.Errorf("a comment of 501 characters: %+v", p)
	}
	corps := string(g.exiger(g.appeler("gestionnaire", "GET", chemin, nil), 200).corps)
	if strings.Count(corps, `"commentaire":"La salle a changé.\nVoir page 2."`) != 1 || !strings.Contains(corps, `"titre":"Plan d’accès"`) {
		t.Errorf("the OPCO reads %s", corps)
	}
}

// fichiersGardes counts the stored files, those in quarantine included.
func (g *guichet) fichiersGardes() (n int) {
	g.t.Helper()
	err := filepath.WalkDir(g.depot, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		g.t.Fatal(err)
	}
	return n
}

// TestPieceAttendue: a pièce that a dossier waits for moves it on, and sending the
// same one again changes nothing.
func TestPieceAttendue(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	g.exiger(g.acte("gestionnaire", id, "complement", objet{"pieces": []objet{{"type": "PROGRAMME", "motif": "MANQUANTE"}}}), 200)
	piece := nouvelID()
	for i := range 2 {
		r := g.exiger(g.formulaire("e1", "/api/dossiers/"+id+"/pieces", partie{"acte_id", "", piece}, partie{"type", "", "PROGRAMME"},
			partie{"fichier", "programme.pdf", pdfSimple(3)}), 200)
		var d api.PieceDeposee
		r.lire(t, &d)
		if d.Acte == nil || d.Acte.Verdict != opco.VerdictApplique || d.Dossier.Etat != opco.EtatEnInstruction || d.Acte.Deja != (i == 1) {
			t.Errorf("attempt %d: got %s", i+1, r.corps)
		}
	}
	var n int
	if err := g.store.DB.Get(&n, `SELECT count(*) FROM piece WHERE dossier::text = $1`, id); err != nil || n != 1 {
		t.Errorf("got %d pièces, want 1 (%v)", n, err)
	}
	ps, err := g.store.Journal(context.Background(), opco.Portee{Interne: true}, opco.ObjetDossier(id))
	if err != nil || len(ps) != 4 {
		t.Errorf("got %d lines in the journal, want 4 (%v)", len(ps), err)
	}
}

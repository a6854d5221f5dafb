package web

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// Visionneuse shows the pièces of a dossier one at a time, beside what is judged.
type Visionneuse struct {
	Formulaire
	Dossier   string
	Pieces    []PieceMontree
	Choisie   string // id of the one shown
	Volet     string
	Suivante  string // address of the next pièce, "" when there is but one
	Precedent string
	Juge      bool // the reader says whether a pièce conforms
}

// PieceMontree is one pièce in the viewer, with its number.
type PieceMontree struct {
	N                            int
	ID, Titre, Type, Nom, Depose string
	URL                          string // of the tab
	Source                       string // of the file, shown in place
	Format                       string
	Etat                         marque
	Motif, Precision, Juge       string
	Dit                          string // what its sender says of it (AK-43)
	Genre                        opco.TypePiece
	Ici, Conforme, EnQuarantaine bool
}

// etatsPiece says what is thought of a pièce.
var etatsPiece = map[opco.EtatPiece]marque{
	opco.PieceEnQuarantaine: {"Fichier en cours d’examen", "hourglass", Gris}, opco.PieceRecue: {"À lire", "circle-dashed", Gris},
	opco.PieceConforme: {"Conforme", "circle-check", Vert}, opco.PieceNonConforme: {"Non conforme", "file-x", Rouge},
}

// visionneuse makes the viewer of a dossier; choisie is the id that the address
// names, else the first pièce to read is shown.
func visionneuse(ps []store.LignePiece, choisie, adresse, volet string) Visionneuse {
	v := Visionneuse{Volet: volet}
	ici := slices.IndexFunc(ps, func(p store.LignePiece) bool { return p.ID == choisie })
	if ici < 0 {
		ici = max(0, slices.IndexFunc(ps, func(p store.LignePiece) bool { return p.Etat == opco.PieceRecue }))
	}
	for i, p := range ps {
		v.Dossier = p.Dossier
		x := PieceMontree{N: i + 1, ID: p.ID, Titre: majuscule(p.Titre), Type: majuscule(p.Type.Libelle()), Nom: p.Nom, Genre: p.Type, Format: p.Format,
			Depose: "déposée par " + p.DeposeNom + ", " + quand(p.DeposeLe), URL: adressePiece(adresse, p.ID, volet), Source: "/instruction/pieces/" + p.ID, Dit: p.Commentaire,
			Etat: etatsPiece[p.Etat], Precision: p.Precision, Ici: i == ici, Conforme: p.Etat == opco.PieceConforme, EnQuarantaine: p.Etat == opco.PieceEnQuarantaine}
		if p.Motif != "" {
			x.Motif = opco.Motif(p.Motif).Libelle()
		}
		if p.JugeePar != "" && p.JugeeLe != nil {
			x.Juge = p.JugeePar + ", " + quand(*p.JugeeLe)
		}
		v.Pieces = append(v.Pieces, x)
	}
	if len(ps) > 0 {
		v.Choisie = ps[ici].ID
	}
	if n := len(ps); n > 1 {
		v.Suivante, v.Precedent = v.Pieces[(ici+1)%n].URL, v.Pieces[(ici+n-1)%n].URL
	}
	return v
}

func adressePiece(adresse, piece, volet string) string {
	q := url.Values{"piece": {piece}}
	if volet != "" && volet != voletEtude {
		q.Set("volet", volet)
	}
	return adresse + "?" + q.Encode()
}

// ici is the pièce shown.
func (v Visionneuse) ici() *PieceMontree {
	for i := range v.Pieces {
		if v.Pieces[i].Ici {
			return &v.Pieces[i]
		}
	}
	return nil
}

// preuve finds the pièce that proves a check: its number and address.
func (v Visionneuse) preuve(genres []opco.TypePiece) (int, string) {
	for _, p := range v.Pieces {
		if slices.Contains(genres, p.Genre) {
			return p.N, p.URL
		}
	}
	return 0, ""
}

// image reports whether the browser draws the file as a picture.
func (p PieceMontree) image() bool { return p.Format == "image/png" || p.Format == "image/jpeg" }

// alt says what the picture is.
func (p PieceMontree) alt() string { return p.Type + ", fichier " + p.Nom }

// motifsPiece are the reasons for which a pièce that is here does not conform.
func motifsPiece() []Option {
	os := []Option{{"", "Choisir un motif"}}
	for _, m := range opco.MotifsPour(opco.UsagePiece) {
		if m != opco.MotifManquante && m != opco.MotifAVenir {
			os = append(os, Option{string(m), m.Libelle()})
		}
	}
	return os
}

// cadres is what the pages that show a pièce may load besides: frames of ours.
const cadres = politique + "; frame-src 'self'"

// rendreCadre is rendre for a page that shows files in place.
func (w *Web) rendreCadre(c *gin.Context, statut int, page templ.Component) {
	c.Set(cleCadres, true)
	w.rendre(c, statut, page)
}

// getPieceVue answers GET /instruction/pieces/:id: the file itself, shut in a frame
// that runs nothing and reaches nothing.
func (w *Web) getPieceVue(c *gin.Context) {
	f, err := w.Interieur.OuvrirPiece(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.servirFichier(c, f)
}

// getLettreVue answers GET /instruction/lettres/:id: a letter that was sent.
func (w *Web) getLettreVue(c *gin.Context) {
	f, err := w.Interieur.OuvrirLettre(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.servirFichier(c, f)
}

// inerte is the policy of what is shown in a frame. The viewer of PDF files of the
// browsers is a page of theirs, which a sandbox forbids: a PDF is only kept from
// loading anything.
var inerte = map[string]string{
	"application/pdf":          "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; object-src 'self'; frame-ancestors 'self'",
	"text/html; charset=utf-8": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'",
}

const inerteSinon = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox; frame-ancestors 'self'"

func (w *Web) servirFichier(c *gin.Context, f api.Fichier) {
	defer f.Corps.Close()
	csp, ok := inerte[f.Format]
	if !ok {
		csp = inerteSinon
	}
	if f.Format == "application/xml" {
		f.Format = "text/plain; charset=utf-8" // to be read, not run
	}
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", csp)
	h.Set("Content-Type", f.Format)
	h.Set("Content-Length", fmt.Sprint(f.Taille))
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": f.Nom}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	c.Status(http.StatusOK)
	if _, err := io.Copy(c.Writer, f.Corps); err != nil {
		w.Log.WarnContext(c.Request.Context(), "file not sent whole", "route", c.FullPath(), "error", err)
	}
}

// postAvisPiece answers POST /instruction/dossiers/:id/pieces/:piece/avis.
func (w *Web) postAvisPiece(c *gin.Context) {
	f, ok := w.formulaire(c, "avis", "motif_piece", "precision_piece", "volet")
	if !ok {
		return
	}
	a := opco.AvisPiece{Conforme: f.Valeur("avis") == "conforme"}
	if !a.Conforme {
		a.Motif, a.Precision = opco.Motif(f.Valeur("motif_piece")), f.Valeur("precision_piece")
	}
	volet := cmpVolet(f.Valeur("volet"))
	if err := w.Interieur.JugerPiece(c, c.Param("piece"), a); err != nil {
		w.montrerRefus(c, f, err, map[string]string{"motif": "motif_piece", "precision": "precision_piece"}, func(statut int, f Formulaire) {
			w.montrerEtude(c, statut, volet, f)
		})
		return
	}
	w.annoncer(c, "piece-jugee")
	suite(c, adressePiece(adresseEtude(c.Param("id")), c.Param("piece"), volet))
}

// avisURL is where the opinion on a pièce is sent.
func avisURL(v Visionneuse, p PieceMontree) string {
	return adresseEtude(v.Dossier) + "/pieces/" + p.ID + "/avis"
}

// deuxPoints joins what is added to a reason.
func deuxPoints(s string) string {
	if s == "" {
		return ""
	}
	return " : " + s
}

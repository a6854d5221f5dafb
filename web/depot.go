package web

import (
	"crypto/sha256"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/api"
	"guichet/opco"
)

// Depots is a form that takes several files at once. With JavaScript each file
// leaves alone, with its progress; without, they leave together in one form. Types
// are the kinds that the reader may choose, the awaited ones first.
type Depots struct {
	Action string // where each file goes
	Acte   string // id from which each file gets its own
	Types  []Option
	Mots   MotsDepot
	Faits  []Envoi
}

// MotsDepot is what was chosen and said of the files of one form (AK-43).
type MotsDepot struct{ Type, Titre, Commentaire string }

// motsDe reads it in the text parts of a form.
func motsDe(champs map[string]string) MotsDepot {
	return MotsDepot{champs["type"], champs["titre"], champs["commentaire"]}
}

// Envoi is what became of one file.
type Envoi struct {
	Nom     string
	Refuse  bool
	Phrase  string // « Reçu : devis signé » or what is wrong and what to do
	PieceID string
}

// ton and icone show an Envoi.
func (e Envoi) ton() string {
	if e.Refuse {
		return Rouge
	}
	return Vert
}

func (e Envoi) icone() string {
	if e.Refuse {
		return "circle-x"
	}
	return "circle-check"
}

// optionsPieces are the kinds of pièce that may be chosen, attendus first, then
// « according to the name of the file ».
func optionsPieces(attendus []opco.TypePiece) []Option {
	var os []Option
	vus := map[opco.TypePiece]bool{}
	for _, t := range append(append([]opco.TypePiece{}, attendus...), opco.TypesPiece()...) {
		if vus[t] {
			continue
		}
		vus[t] = true
		os = append(os, Option{string(t), majuscule(t.Libelle())})
	}
	if len(attendus) != 1 {
		os = append([]Option{{"", "Selon le nom de chaque fichier"}}, os...)
	}
	return os
}

// deposerPiece sends one file of a form to a dossier; corps is the multipart body
// that the API reads.
type deposerPiece func(c *gin.Context, corps *multipart.Reader) error

// recevoirFichiers reads a multipart form of several files, part by part, and has
// each sent with an acte id of its own: sent twice, the form makes the same actes.
// What is wrong with one file stops no other. It reports false when the form cannot
// be read at all: the answer has then been given.
func (w *Web) recevoirFichiers(c *gin.Context, deposer deposerPiece) ([]Envoi, MotsDepot, bool) {
	r, err := c.Request.MultipartReader()
	if err != nil {
		w.Refuser(c, http.StatusUnsupportedMediaType, api.Probleme{Detail: "Choisissez au moins un fichier à envoyer."})
		return nil, MotsDepot{}, false
	}
	champs, envois := map[string]string{}, []Envoi{}
	for n := 0; n < 60; n++ {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return envois, motsDe(champs), true
		}
		if err != nil {
			return append(envois, Envoi{Nom: "la suite de votre envoi", Refuse: true, Phrase: api.Answer(api.EnvoiCoupe(err, ensembleTropGros())).Detail}), motsDe(champs), true
		}
		if p.FileName() == "" {
			brut, _ := io.ReadAll(io.LimitReader(p, 1<<12))
			if p.FormName() != "fichier" {
				champs[p.FormName()] = string(brut)
			}
			continue
		}
		if p.FormName() != "fichier" {
			continue
		}
		if !w.memeOccupant(c, champs[champOccupant]) {
			return nil, MotsDepot{}, false
		}
		envois = append(envois, w.envoyerFichier(c, p, champs, deposer))
	}
	return envois, motsDe(champs), true
}

// ensembleTropGros refuses a form whose files are too long together.
func ensembleTropGros() error {
	return opco.Champf("fichier", "L’ensemble dépasse 10 Mo : envoyez vos fichiers un par un.").AvecCode(opco.FichierTropGros)
}

// envoyerFichier has one file sent, and says what became of it.
func (w *Web) envoyerFichier(c *gin.Context, p *multipart.Part, champs map[string]string, deposer deposerPiece) Envoi {
	nom := p.FileName()
	e := Envoi{Nom: coupe(nom, 120), Refuse: true}
	t := opco.TypePiece(champs["type"])
	if t == "" {
		t = opco.DevinerPiece(nom)
	}
	if t == "" {
		e.Phrase = "Refusé : le nom du fichier ne dit pas de quelle pièce il s’agit. Choisissez-la dans la liste et envoyez-le de nouveau."
		return e
	}
	err := envoyer(c, p, t, champs, deposer)
	if err != nil {
		q := api.Answer(err)
		if q.Status >= http.StatusInternalServerError {
			w.Log.ErrorContext(c.Request.Context(), "file not received", "route", c.FullPath(), "error", err)
		}
		if q.Status == http.StatusInternalServerError {
			q.Detail = "L’envoi n’a pas abouti. Envoyez ce fichier de nouveau."
		}
		e.Phrase = "Refusé : " + q.Detail
		return e
	}
	return Envoi{Nom: e.Nom, Phrase: "Reçu : " + t.Libelle()}
}

// envoyer writes the body of one file as the API reads it while it comes in: no
// file is held in memory. The acte id comes last, drawn from the bytes.
func envoyer(c *gin.Context, p *multipart.Part, t opco.TypePiece, champs map[string]string, deposer deposerPiece) error {
	lit, ecrit := io.Pipe()
	m, fini := multipart.NewWriter(ecrit), make(chan struct{})
	go func() {
		defer close(fini)
		ecrit.CloseWithError(ecrireFichier(m, p, t, champs))
	}()
	err := deposer(c, multipart.NewReader(lit, m.Boundary()))
	lit.CloseWithError(io.ErrClosedPipe)
	<-fini // the next file is read from the same form
	return err
}

func ecrireFichier(m *multipart.Writer, p *multipart.Part, t opco.TypePiece, champs map[string]string) error {
	if err := m.WriteField("type", string(t)); err != nil {
		return err
	}
	for _, x := range []string{"facture", "titre", "commentaire"} {
		if champs[x] == "" {
			continue
		}
		if err := m.WriteField(x, champs[x]); err != nil {
			return err
		}
	}
	nom := strings.ToValidUTF8(p.FileName(), "")
	f, err := m.CreateFormFile("fichier", nom)
	if err != nil {
		return err
	}
	somme := sha256.New()
	if _, err := io.Copy(io.MultiWriter(f, somme), p); err != nil {
		return err
	}
	if err := m.WriteField("acte_id", acteFichier(champs["acte_id"], nom, somme.Sum([]byte(champs["titre"]+"\x00"+champs["commentaire"]+"\x00")))); err != nil {
		return err
	}
	return m.Close()
}

// acteFichier gives a file its own acte id, drawn from the one of the form, its
// name, and what is said and held in it: the same file sent again names the same acte.
func acteFichier(formulaire, nom string, somme []byte) string {
	base, err := uuid.Parse(formulaire)
	if err != nil {
		return uuid.NewString()
	}
	return uuid.NewSHA1(base, append([]byte(nom+"\x00"), somme...)).String()
}

// refuses counts what did not pass.
func refuses(es []Envoi) int {
	n := 0
	for _, e := range es {
		if e.Refuse {
			n++
		}
	}
	return n
}

// repondreEnvois answers a form of files: the lines alone to the script, else the
// page again when something is to correct, else back to it.
func (w *Web) repondreEnvois(c *gin.Context, es []Envoi, vers string, montrer func(statut int)) {
	statut := http.StatusOK
	if refuses(es) > 0 || len(es) == 0 {
		statut = http.StatusUnprocessableEntity
	}
	switch {
	case c.GetHeader("X-Depot") != "":
		w.rendre(c, statut, Envois(es))
	case statut != http.StatusOK:
		montrer(statut)
	default:
		w.annoncer(c, "pieces-recues")
		suite(c, vers)
	}
}

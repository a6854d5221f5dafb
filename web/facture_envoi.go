package web

import (
	"crypto/sha256"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// envoiFacture is the form of an invoice as it was read, in the room whose dossier is at
// base and whose list is at ici.
type envoiFacture struct {
	dossier, base, ici string
	form               Formulaire
	prete              api.FacturePreparee
	facture            opco.Facture
	mentions           opco.MentionsFacture
}

// recevoirFacture answers the form of an invoice: it tries the invoice, draws it, or
// sends it. An invoice is tried as often as one likes; sent twice, it is one.
func (w *Web) recevoirFacture(c *gin.Context, base, ici string) {
	f, fichier, ok := w.formulaireFichier(c, champsFacture()...)
	if !ok {
		return
	}
	e := envoiFacture{dossier: c.Param("id"), base: base, ici: ici}
	montrer := func(statut int, f Formulaire) { w.montrerSaisieFacture(c, statut, base, ici, f, nil) }
	var err error
	if e.prete, err = w.Interieur.PreparerFacture(c, e.dossier); err != nil {
		w.echouer(c, err)
		return
	}
	lecture := f.Valeur("lecture")
	if _, err := w.relire(c, e.dossier, lecture, &e.prete); err != nil {
		w.echouer(c, err)
		return
	}
	if e.form, err = w.garderFichier(c, e.dossier, opco.PieceFacture, f, fichier); err != nil {
		w.montrerRefus(c, e.form, err, champsDeLaFacture, montrer)
		return
	}
	l := lecteur{Formulaire: e.form}
	if e.lire(&l, lecture); len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	if err := w.agirFacture(c, e); err != nil {
		w.montrerRefus(c, e.form, err, champsDeLaFacture, montrer)
	}
}

// lire reads the invoice and what the paper says; lecture is the pièce whose file says
// the invoice, "" when it is typed.
func (e *envoiFacture) lire(l *lecteur, lecture string) {
	e.facture = l.factureSaisie(e.prete.Facture, e.prete.Rembourse)
	e.facture.PieceID = e.form.Valeur("garde")
	if lecture != "" {
		e.facture = duFichier(e.facture, e.prete.Facture, lecture)
	}
	if !e.prete.Rembourse {
		return
	}
	e.mentions = l.mentionsFacture()
	if a := l.Valeur("action"); a == "pdf" || a == "envoyer" && e.facture.PieceID == "" {
		for _, x := range e.mentions.Fautes(e.facture) {
			l.exiger(x.Champ, l.aFaute(x.Champ), x.Message)
		}
	}
}

// agirFacture does what the form asks: try, draw, or send.
func (w *Web) agirFacture(c *gin.Context, e envoiFacture) error {
	acte := e.form.Valeur("acte_id")
	switch e.form.Valeur("action") {
	case "pdf":
		return w.telechargerFacture(c, e)
	case "envoyer":
		return w.envoyerFacture(c, e)
	}
	x, err := w.Interieur.EssayerFacture(c, acte, e.dossier, e.facture)
	if err == nil {
		w.montrerSaisieFacture(c, http.StatusOK, e.base, e.ici, e.form, verdictFacture(x, e.facture))
	}
	return err
}

// telechargerFacture answers the invoice of the company on the paper of the model.
func (w *Web) telechargerFacture(c *gin.Context, e envoiFacture) error {
	pdf, err := w.Interieur.DessinerFacture(c.Request.Context(), e.dossier, e.facture, e.mentions)
	if err != nil {
		return err
	}
	nom := "facture-" + strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' {
			return '-'
		}
		return r
	}, e.facture.Numero) + ".pdf"
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": nom}))
	c.Data(http.StatusOK, "application/pdf", pdf)
	return nil
}

// envoyerFacture sends the invoice with its file; without one, a company sends the one
// that we draw.
func (w *Web) envoyerFacture(c *gin.Context, e envoiFacture) error {
	acte := e.form.Valeur("acte_id")
	if e.prete.Rembourse && e.facture.PieceID == "" {
		var err error
		if e.facture.PieceID, err = w.Interieur.JoindreModele(c.Request.Context(), acte, e.dossier, e.facture, e.mentions); err != nil {
			return err
		}
	}
	v, err := w.Interieur.EnvoyerFacture(c, acte, e.dossier, e.facture)
	if err == nil {
		w.fait(c, v, "facture-envoyee", e.base+"/factures")
	}
	return err
}

// champsDeLaFacture are the fields of the API as the form calls them.
var champsDeLaFacture = map[string]string{"facture.numero": "numero", "facture.date": "date", "facture.iban": "iban", "facture.piece_id": "fichier"}

func sommeFichier(f *multipart.FileHeader) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("opening a file received: %w", err)
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return nil, fmt.Errorf("reading a file received: %w", err)
	}
	return h.Sum(nil), nil
}

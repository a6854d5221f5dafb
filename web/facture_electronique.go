package web

import (
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// DepotElectronique is the page on which an electronic invoice is given to be read.
type DepotElectronique struct {
	Piece
	Base   string // address of the dossier in the room of the reader
	Ariane []Lien
}

// LectureVue is what was read in the file from which an invoice is being typed.
type LectureVue struct {
	Piece, Profil string
	Controles     []Controle
}

// StatutsFactures are the steps told of the invoices of a dossier.
type StatutsFactures struct {
	Piece
	Ariane   []Lien
	Factures []FactureDite
}

// FactureDite is one invoice and its steps, the last first.
type FactureDite struct {
	Numero  string
	Statuts []opco.StatutFacture
}

// InterieurElectronique are the doors of electronic invoices.
type InterieurElectronique interface {
	// LireFactureElectronique reads corps as the JSON door of the same noun does.
	LireFactureElectronique(c *gin.Context, dossier string, corps *multipart.Reader) error
	RelireFacture(c *gin.Context, dossier, piece string) (api.FactureRelue, error)
	StatutsDossier(c *gin.Context, dossier string) ([]opco.StatutFacture, error)
}

// LireFactureElectronique keeps a file and reads it (I5).
func (p porteInterieur) LireFactureElectronique(c *gin.Context, dossier string, corps *multipart.Reader) error {
	_, err := p.Server.LireFactureElectronique(contexte(c), api.LireFactureElectroniqueRequestObject{Id: dossier, Body: corps})
	return err
}

// RelireFacture says again what was read in a pièce.
func (p porteInterieur) RelireFacture(c *gin.Context, dossier, piece string) (api.FactureRelue, error) {
	return p.Server.RelireFacture(c.Request.Context(), dossier, piece)
}

// StatutsDossier lists the steps told of the invoices of a dossier (I6).
func (p porteInterieur) StatutsDossier(c *gin.Context, dossier string) ([]opco.StatutFacture, error) {
	return p.Store.StatutsDossier(c.Request.Context(), api.Qui(c.Request.Context()).Portee(), dossier)
}

// getDepotElectronique answers GET …/dossiers/:id/factures/lecture, in a room.
func (w *Web) getDepotElectronique(s salleDossiers) gin.HandlerFunc {
	return func(c *gin.Context) { w.montrerDepotElectronique(c, s, http.StatusOK, Formulaire{}) }
}

func (w *Web) montrerDepotElectronique(c *gin.Context, s salleDossiers, statut int, f Formulaire) {
	id := c.Param("id")
	d, err := w.Interieur.DossierLu(c, id)
	if err == nil {
		_, err = w.Interieur.PreparerFacture(c, id) // who may not invoice is told so
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := DepotElectronique{Piece: w.piece(c, "Facture électronique", s.ici), Base: s.base(id),
		Ariane: []Lien{{"Dossiers", s.ici}, {d.Ligne.Numero, s.base(id) + "/factures"}}}
	p.Formulaire = f
	w.rendre(c, statut, PageDepotElectronique(p))
}

// postDepotElectronique answers POST …/dossiers/:id/factures/lecture, in a room: the
// form of the invoice follows, filled with what the file says.
func (w *Web) postDepotElectronique(s salleDossiers) gin.HandlerFunc {
	return func(c *gin.Context) {
		f, fichier, ok := w.formulaireFichier(c)
		if !ok {
			return
		}
		montrer := func(statut int, f Formulaire) { w.montrerDepotElectronique(c, s, statut, f) }
		if fichier == nil {
			w.montrerRefus(c, f, opco.Champf("fichier", "Choisissez le fichier de votre facture."), nil, montrer)
			return
		}
		somme, err := sommeFichier(fichier)
		if err != nil {
			w.echouer(c, err)
			return
		}
		id := c.Param("id")
		piece := acteFichier(f.nomme().Valeur("acte_id"), fichier.Filename, somme)
		err = envoyerFormulaire(map[string]string{"acte_id": piece}, fichier, func(corps *multipart.Reader) error { return w.Interieur.LireFactureElectronique(c, id, corps) })
		if err != nil {
			w.montrerRefus(c, f, err, nil, montrer)
			return
		}
		suite(c, s.base(id)+"/factures/nouvelle?lecture="+url.QueryEscape(piece))
	}
}

// relire takes into the form what was read in its file, when there is one.
func (w *Web) relire(c *gin.Context, dossier, piece string, prete *api.FacturePreparee) (*LectureVue, error) {
	if piece == "" {
		return nil, nil //nolint:nilnil // no file: the invoice is typed
	}
	r, err := w.Interieur.RelireFacture(c, dossier, piece)
	if err != nil {
		return nil, err
	}
	prete.Facture = r.Facture
	v := &LectureVue{Piece: piece, Profil: r.Profil}
	for _, x := range r.Controles {
		y := verdicts[x.Resultat]
		v.Controles = append(v.Controles, Controle{Ton: y.Ton, Quoi: x.Nom, Preuve: preuveLue(x), Verdict: y.Libelle})
	}
	return v, nil
}

// preuveLue says what was found: the sentence alone when there is no figure.
func preuveLue(x opco.Controle) string {
	if x.Preuve == "" {
		return x.Phrase
	}
	return x.Preuve + ". " + x.Phrase
}

// duFichier gives the invoice typed what only its file says.
func duFichier(f, lue opco.Facture, piece string) opco.Facture {
	f.TVA, f.TotalTTC, f.PieceID = lue.TVA, lue.TotalTTC, piece
	if f.TotalHT != lue.TotalHT {
		f.TotalTTC = f.TotalHT + f.TVA
	}
	return f
}

// getStatutsFactures answers GET …/dossiers/:id/factures/statuts, in a room.
func (w *Web) getStatutsFactures(s salleDossiers) gin.HandlerFunc {
	return func(c *gin.Context) {
		id := c.Param("id")
		d, err := w.Interieur.DossierLu(c, id)
		var ss []opco.StatutFacture
		if err == nil {
			ss, err = w.Interieur.StatutsDossier(c, id)
		}
		if err != nil {
			w.echouer(c, err)
			return
		}
		p := StatutsFactures{Piece: w.piece(c, "Suivi des factures", s.ici), Ariane: []Lien{{"Dossiers", s.ici}, {d.Ligne.Numero, s.base(id) + "/factures"}},
			Factures: facturesDites(d.Dossier.Factures, ss)}
		w.rendre(c, http.StatusOK, PageStatutsFactures(p))
	}
}

// facturesDites groups the steps by invoice, the last invoice and the last step first.
func facturesDites(fs []opco.Facture, ss []opco.StatutFacture) []FactureDite {
	var x []FactureDite
	for i := len(fs) - 1; i >= 0; i-- {
		y := FactureDite{Numero: fs[i].Numero}
		for j := len(ss) - 1; j >= 0; j-- {
			if ss[j].Facture == fs[i].ID {
				y.Statuts = append(y.Statuts, ss[j])
			}
		}
		x = append(x, y)
	}
	return x
}

// lignesStatuts are the lines of the table of an invoice.
func lignesStatuts(ss []opco.StatutFacture) [][]Cellule {
	var ls [][]Cellule
	for _, s := range ss {
		montant := "—"
		switch s.Code {
		case 205, 206:
			montant = s.Approuve.String() + " approuvés"
			if s.NonApprouve > 0 {
				montant += ", " + s.NonApprouve.String() + " non"
			}
		case 211:
			montant = s.Paye.String() + " versés"
		}
		ls = append(ls, []Cellule{{Texte: strconv.Itoa(s.Code) + " " + s.Libelle(), Note: s.Phrase}, {Texte: opco.JourDe(s.Le).Longue()}, {Texte: montant}, {Corps: lienMessage(s)}})
	}
	return ls
}

// adresseMessage is where the message of a step is downloaded.
func adresseMessage(s opco.StatutFacture) string {
	return "/api/factures/" + url.PathEscape(s.Facture) + "/cdar?rang=" + strconv.Itoa(s.Rang)
}

package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// LotNouveau is the builder of a lot: what it asks, and what the lot would be.
type LotNouveau struct {
	Piece
	Jour     opco.Date
	Choisis  []string // ids of the règlements of a selection; none: all those due at a date
	Apercu   *opco.Lot
	Refus    string // why no lot can be built
	ParDix   bool
	Banque   opco.Date // the first day on which the banks settle, for the help
	Aveugles int       // lines of the preview that are not shown
}

// apercuMax is how many lines of a preview are shown; the others are counted.
const apercuMax = 200

// echeanceProposee is how many days ahead a lot takes by default: those of a week.
const echeanceProposee = 6

// getLotNouveau answers GET /comptabilite/lots/nouveau: the lot of the week, already
// computed.
func (w *Web) getLotNouveau(c *gin.Context) {
	jour, err := w.Interieur.Aujourdhui(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	f := Formulaire{Valeurs: filtreDe(c, "echeance_au", "execution", "groupe")}
	if f.Valeur("echeance_au") == "" {
		f.Valeurs.Set("echeance_au", string(jour.Jours(echeanceProposee)))
	}
	if f.Valeur("execution") == "" {
		f.Valeurs.Set("execution", string(opco.ProchainTarget(jour.Jours(1))))
	}
	if len(c.Request.URL.Query()) == 0 {
		f.Valeurs.Set("groupe", "oui")
	}
	w.montrerLotNouveau(c, http.StatusOK, f, jour)
}

// postLotNouveau answers POST /comptabilite/lots/nouveau: the preview of a
// selection, or the lot itself (R01).
func (w *Web) postLotNouveau(c *gin.Context) {
	f, ok := w.formulaire(c, "action", "echeance_au", "execution", "groupe")
	if !ok {
		return
	}
	jour, err := w.Interieur.Aujourdhui(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	f.Valeurs["ligne"] = c.PostFormArray("ligne")
	if f.Valeur("execution") == "" && f.Valeur("action") == "apercu" {
		f.Valeurs.Set("execution", string(opco.ProchainTarget(jour.Jours(1))))
	}
	if f.Valeur("action") != "construire" {
		w.montrerLotNouveau(c, http.StatusOK, f, jour)
		return
	}
	l := lecteur{Formulaire: f}
	ch := l.chargeLot()
	montrer := func(statut int, f Formulaire) { w.montrerLotNouveau(c, statut, f, jour) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	id, v, err := w.Interieur.ConstruireLot(c, acteDuFormulaire(c), ch)
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"reglements": "ligne"}, montrer)
		return
	}
	annonce := "lot-prepare"
	if l, _, err := w.Interieur.LotSuivi(c, id); err == nil && l.Chantier != nil {
		annonce = "lot-en-construction"
	}
	w.fait(c, v, annonce, "/comptabilite/lots/"+id)
}

// chargeLot reads what the builder asks.
func (l *lecteur) chargeLot() opco.ChargeConstruireLot {
	ch := opco.ChargeConstruireLot{Reglements: l.Valeurs["ligne"], Groupe: l.Valeur("groupe") != ""}
	ch.Execution = lire(l, "execution", opco.ParseDate)
	if len(ch.Reglements) == 0 {
		ch.EcheanceAu = lire(l, "echeance_au", opco.ParseDate)
	}
	return ch
}

// montrerLotNouveau shows the builder with the preview of what it asks.
func (w *Web) montrerLotNouveau(c *gin.Context, statut int, f Formulaire, jour opco.Date) {
	p := LotNouveau{Piece: w.piece(c, "Préparer un lot", "/comptabilite/lots"), Jour: jour, Choisis: f.Valeurs["ligne"], Banque: opco.ProchainTarget(jour.Jours(1))}
	p.avecFeuille()
	l := lecteur{Formulaire: f}
	ch := l.chargeLot()
	if len(l.fautes) == 0 {
		x, refus, err := w.Interieur.ApercuLot(c, ch)
		if err != nil {
			w.echouer(c, err)
			return
		}
		p.Apercu = &x
		if refus != nil {
			p.Refus = refus.Message
			if refus.Champ != "" && len(f.Erreurs) == 0 {
				f.Erreurs = []Faute{{refus.Champ, refus.Message}}
			}
		}
	} else if len(f.Erreurs) == 0 {
		f.Erreurs = l.fautes
	}
	if statut == http.StatusOK && len(f.Erreurs) > 0 {
		statut = http.StatusUnprocessableEntity
	}
	p.Formulaire = f
	n := 0
	if p.Apercu != nil {
		n = len(p.Apercu.Lignes)
		p.Aveugles = max(0, n-apercuMax)
	}
	api.Montrer(c.Request.Context(), "liste", n)
	w.rendre(c, statut, PageLotNouveau(p))
}

// peutConstruire reports whether the preview is a lot that may be built.
func (p LotNouveau) peutConstruire() bool {
	return p.Apercu != nil && p.Refus == "" && len(p.Apercu.Lignes) > 0
}

// quantite says how much would be built, and for how much: of a lot that is longer than
// its preview, how much would be examined.
func (p LotNouveau) quantite() (string, string) {
	if ch := p.Apercu.Chantier; ch != nil {
		return milliers(int64(ch.Nombre)) + " règlements", "à examiner"
	}
	return combien(len(p.Apercu.Virements()), "virement"), p.Apercu.Somme().String()
}

// chiffresApercu are the tiles of the lot that would be built.
func chiffresApercu(l *opco.Lot) []Chiffre {
	var ecartes opco.Montant
	for _, x := range l.Ecartees {
		ecartes += x.Montant
	}
	laisse := Chiffre{"Laissés hors du lot", "circle-dashed", "0", "tout peut être payé", ""}
	if len(l.Ecartees) > 0 {
		laisse.Valeur, laisse.Note = milliers(int64(len(l.Ecartees))), ecartes.String()
	}
	note := "écrite dans le fichier remis à la banque"
	if l.Chantier != nil {
		note = "des premiers examinés"
	}
	return []Chiffre{
		{"Virements", "send", milliers(int64(len(l.Virements()))), combien(len(l.Lignes), "règlement"), ""},
		{"Somme de contrôle", "scale", l.Somme().String(), note, ""},
		{"Exécution demandée", "calendar", l.Execution.Longue(), jourDeSemaine(l.Execution), ""},
		laisse,
	}
}

// virementsApercu are the first transfers of a preview, with their lines.
func virementsApercu(l *opco.Lot) []store.VirementLot {
	tous := l.Virements()
	vs := make([]store.VirementLot, min(len(tous), apercuMax))
	for i := range vs {
		vs[i] = store.VirementLot{Virement: tous[i], Nombre: len(tous[i].Reglements)}
	}
	for _, x := range l.Lignes {
		if x.Virement > 0 && x.Virement <= len(vs) {
			vs[x.Virement-1].Lignes = append(vs[x.Virement-1].Lignes, x)
		}
	}
	return vs
}

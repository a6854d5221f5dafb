package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

func init() {
	annonces["intervention-essai"] = "C’est noté. Chaque cas est essayé ; rien n’est encore fait."
	annonces["intervention-lancement"] = "L’intervention est partie. Elle n’est dite réussie qu’une fois l’état relu."
	annonces["intervention-accord"] = "Votre accord est noté. L’intervention part."
	annonces["intervention-refus"] = "L’intervention n’aura pas lieu."
}

// adresseInterventions is where the safe actions of the ops staff are.
const adresseInterventions = "/ops/interventions"

// JournalInterventions is who did what to what was stuck, why, and what came of it.
type JournalInterventions struct {
	Piece
	Interventions []store.InterventionVue
	Interrupteurs []store.Interrupteur
	Peut          bool   // the reader may intervene
	Objet         string // what they bear on, by its number or its own name; "" for all
	Suite         string
}

// NouvelleIntervention is the form that asks for one.
type NouvelleIntervention struct {
	Piece
	Objet, Cause string
	TitreCause   string
	Verbes       []opco.Verbe
	Etapes       []Option
	Sienne       bool // the étapes are those that this very object has been in
}

// UneIntervention is the page of one.
type UneIntervention struct {
	Piece
	store.InterventionVue
	Mienne, Seconde bool // asked by the reader; or who reads may agree to it
	Elements        []store.ElementIntervention
	Suite           string
}

var champsIntervention = []string{"acte_id", "verbe", "objet", "cause", "motif", "etape", "delai", "nouvel_id"}

// getInterventions answers GET /ops/interventions.
func (w *Web) getInterventions(c *gin.Context) {
	f, err := filtreInterventions(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p, err := w.lireInterventions(c, f)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Piece = w.piece(c, "Interventions", adresseInterventions)
	if f.Avant.IsZero() {
		p.suivreTravail("intervention", "", f.Objet)
	}
	w.rendre(c, http.StatusOK, PageInterventions(p))
}

// lireInterventions reads a page of the journal, and the kill switches.
func (w *Web) lireInterventions(c *gin.Context, f store.FiltreInterventions) (p JournalInterventions, err error) {
	const page = 50
	p.Peut = slices.Contains(opco.Intervenants(), w.Interieur.Occupant(c).Role)
	p.Objet = f.Objet
	if p.Interventions, err = w.Interieur.Interventions(c, f, page); err == nil {
		p.Interrupteurs, err = w.Interieur.Interrupteurs(c)
	}
	if err == nil && len(p.Interventions) == page {
		d := p.Interventions[page-1]
		p.Suite = adresseInterventions + "?" + valeurs("objet", f.Objet, "avant", d.CreeLe.UTC().Format(time.RFC3339Nano), "apres", d.ID).Encode()
	}
	return p, err
}

func filtreInterventions(c *gin.Context) (store.FiltreInterventions, error) {
	f := store.FiltreInterventions{Objet: c.Query("objet")}
	if q := c.Query("avant"); q != "" {
		var err error
		if f.Avant, err = time.Parse(time.RFC3339Nano, q); err != nil || uuid.Validate(c.Query("apres")) != nil {
			return f, opco.Champf("avant", "Cette page n’existe pas : reprenez la liste depuis le début.")
		}
		f.AvantID = c.Query("apres")
	}
	return f, nil
}

// getNouvelleIntervention answers GET /ops/interventions/nouvelle, on a cause or on a case.
func (w *Web) getNouvelleIntervention(c *gin.Context) {
	w.montrerNouvelleIntervention(c, http.StatusOK, Formulaire{Valeurs: valeurs("objet", coupe(c.Query("objet"), 200), "cause", coupe(c.Query("cause"), 40), "verbe", c.Query("verbe"))})
}

func (w *Web) montrerNouvelleIntervention(c *gin.Context, statut int, f Formulaire) {
	p := NouvelleIntervention{Piece: w.piece(c, "Intervenir", adresseInterventions), Objet: f.Valeur("objet"), Cause: f.Valeur("cause")}
	p.Formulaire = f
	p.Etapes, p.Sienne = w.etapesProposees(c, p.Objet)
	if p.Cause != "" {
		if x, err := w.Interieur.CauseBloquee(c, p.Cause, "", ""); err == nil {
			p.TitreCause = x.Cause.Titre
		}
	}
	for _, v := range opco.Verbes() {
		if v.Cible() != opco.CibleMaison || p.Cause == "" && p.Objet == "" {
			p.Verbes = append(p.Verbes, v)
		}
	}
	w.rendre(c, statut, PageNouvelleIntervention(p))
}

// postIntervention answers POST /ops/interventions: what is asked is written, and tried.
func (w *Web) postIntervention(c *gin.Context) {
	f, ok := w.formulaire(c, champsIntervention...)
	if !ok {
		return
	}
	i := opco.Intervention{Verbe: opco.Verbe(f.Valeur("verbe")), Motif: f.Valeur("motif"), Etape: f.Valeur("etape"), Cause: f.Valeur("cause"), NouvelID: f.Valeur("nouvel_id") == "oui"}
	if n, err := strconv.Atoi(strings.TrimSpace(f.Valeur("delai"))); err == nil {
		i.Delai = time.Duration(n) * time.Second
	}
	v, err := w.Interieur.Intervenir(c, acteDuFormulaire(c), i, strings.Fields(strings.ReplaceAll(f.Valeur("objet"), ",", " ")))
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"cause": "verbe"}, func(statut int, f Formulaire) { w.montrerNouvelleIntervention(c, statut, f) })
		return
	}
	w.annoncer(c, "intervention-essai")
	suite(c, adresseInterventions+"/"+v.ID)
}

// getIntervention answers GET /ops/interventions/:id.
func (w *Web) getIntervention(c *gin.Context) { w.montrerIntervention(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerIntervention(c *gin.Context, statut int, f Formulaire) {
	p, err := w.lireIntervention(c, c.Param("id"), c.Query("apres"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Piece, p.Formulaire = w.piece(c, p.Demande.Dit(), adresseInterventions), f
	if !p.Etat.Finie() {
		p.suivreTravail("intervention", p.ID, c.Query("apres"))
	}
	w.rendre(c, statut, PageIntervention(p))
}

// lireIntervention reads one as its page shows it, with the cases after the one numbered apres.
func (w *Web) lireIntervention(c *gin.Context, id, apres string) (p UneIntervention, err error) {
	const page = 100
	if p.InterventionVue, err = w.Interieur.Intervention(c, id); err != nil {
		return p, err
	}
	o := w.Interieur.Occupant(c)
	p.Mienne, p.Seconde = o.Personne == p.Personne, o.Personne != p.Personne && slices.Contains(opco.SecondsIntervenants(), o.Role)
	n, _ := strconv.Atoi(apres)
	if p.Elements, err = w.Interieur.ElementsIntervention(c, p.ID, n, page); err == nil && len(p.Elements) == page {
		p.Suite = adresseInterventions + "/" + p.ID + "?apres=" + strconv.Itoa(p.Elements[page-1].N)
	}
	return p, err
}

// postGesteIntervention answers POST /ops/interventions/:id/{lancement,accord,refus}.
func (w *Web) postGesteIntervention(c *gin.Context) {
	f, ok := w.formulaire(c, "acte_id", "raison")
	if !ok {
		return
	}
	id, geste := c.Param("id"), c.Param("geste")
	if err := w.Interieur.ChangerIntervention(c, id, geste, f.Valeur("raison")); err != nil {
		w.montrerRefus(c, f, err, nil, func(statut int, f Formulaire) { w.montrerIntervention(c, statut, f) })
		return
	}
	w.annoncer(c, "intervention-"+geste)
	suite(c, adresseInterventions+"/"+id)
}

// etatsIntervention say how far one has gone.
var etatsIntervention = map[store.EtatIntervention]struct{ Icone, Ton string }{
	store.InterventionEssai: {"hourglass", Bleu}, store.InterventionProposee: {"hand", Ambre}, store.InterventionApprouvee: {"handshake", Bleu},
	store.InterventionEnCours: {"play", Bleu}, store.InterventionVerifiee: {"badge-check", Vert}, store.InterventionPartielle: {"triangle-alert", Ambre},
	store.InterventionSansEffet: {"circle-dashed", Gris}, store.InterventionRefusee: {"ban", Gris},
}

// dansIntervention say what became of a thing.
var dansIntervention = map[string]struct{ Texte, Icone, Ton string }{
	store.ElementAttend: {"À essayer", "circle-dashed", Gris}, store.ElementApplicable: {"À faire", "circle-check", Bleu}, store.ElementEcarte: {"Écarté", "triangle-alert", Ambre},
	store.ElementDemande: {"Demandé", "hourglass", Bleu}, string(opco.ConstateVerifie): {"Constaté", "badge-check", Vert},
	string(opco.ConstateSansEffet): {"Sans effet", "circle-dashed", Gris}, store.ElementRefuse: {"Refusé", "octagon-x", Rouge},
}

// phrase says where an intervention stands, and who does what next.
func (p UneIntervention) phrase() string {
	n := p.Nombres
	switch p.Etat {
	case store.InterventionEssai:
		return "Chaque cas est essayé. Rien n’est fait."
	case store.InterventionProposee:
		dite := p.Demande.Verbe.Promet()
		if n.Total > 0 {
			dite = "Cas prêts : " + milliers(n.Applicable) + ", écartés : " + milliers(n.Ecarte) + ". " + dite
		}
		if p.Argent {
			return dite + " De l’argent est en jeu : une autre personne que " + p.Nom + " doit donner son accord."
		}
		return dite + " Rien n’est fait tant que " + p.Nom + " ne lance pas."
	case store.InterventionApprouvee, store.InterventionEnCours:
		return "Demandé, pas encore constaté partout. Constatés : " + milliers(n.Verifie) + " sur " + milliers(n.Total-n.Ecarte) + "."
	}
	return p.Conclusion
}

// attendGeste reports whether it waits for its reader.
func (p UneIntervention) attendGeste() bool {
	return (p.Etat == store.InterventionProposee || p.Etat == store.InterventionEssai) && (p.Mienne || p.Seconde)
}

// avance reports whether something is being done, and how many cases of how many are.
func (p UneIntervention) avance() (fait, sur int64, oui bool) {
	n := p.Nombres
	switch p.Etat {
	case store.InterventionEssai:
		return n.Total - n.Attend, n.Total, n.Total > 0
	case store.InterventionApprouvee, store.InterventionEnCours:
		return n.Verifie + n.SansEffet + n.Refuse, n.Total - n.Ecarte, n.Total > n.Ecarte
	}
	return 0, 0, false
}

func (p UneIntervention) adresse(geste string) string {
	return adresseInterventions + "/" + p.ID + "/" + geste
}

// bascule is the form that moves a kill switch the other way.
func bascule(i store.Interrupteur) string {
	v := map[string][2]opco.Verbe{"paiements": {opco.VerbeArreterPaiements, opco.VerbeRouvrirPaiements}, "courriels": {opco.VerbeArreterCourriels, opco.VerbeRouvrirCourriels}}[i.Nom]
	verbe := v[0]
	if i.Ferme {
		verbe = v[1]
	}
	return adresseNouvelle("verbe", string(verbe))
}

// adresseNouvelle is the form that asks for an intervention, filled in.
func adresseNouvelle(paires ...string) string {
	return adresseInterventions + "/nouvelle?" + valeurs(paires...).Encode()
}

// fermes reads the kill switches that hold something back, of those named. One that cannot be read is
// left out: the page is worth more than its notice.
func (w *Web) fermes(c *gin.Context, noms ...string) []store.Interrupteur {
	is, err := w.Interieur.Interrupteurs(c)
	if err != nil {
		w.Log.WarnContext(c.Request.Context(), "kill switches not read", "error", err)
	}
	return slices.DeleteFunc(is, func(i store.Interrupteur) bool { return !i.Ferme || !slices.Contains(noms, i.Nom) })
}

package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/opco"
)

// Inscription is the registration, in three steps (MA-20 to MA-58). The values
// of the steps travel in the form itself, and in a cookie of the browser from one step to the
// next: we keep nothing before the end.
type Inscription struct {
	Page
	Etape    int // 1 or 2
	Branches []Option
	Masse    int // the year of the masse salariale asked for: last year
	Reponse  int // jours ouvrés promised for the answer
	Factures int // months within which an invoice proves that one knows the organisme
	Epreuve  Epreuve
}

// InscriptionFaite is the last screen: the e-mail tells what to do (MA-58).
type InscriptionFaite struct {
	Page
	Email  string
	Heures int // life of the code
}

// bloc is what tells the two boxes of step 1 apart: the prefix of their fields.
type bloc string

const (
	blocEntreprise bloc = ""
	blocOrganisme  bloc = "of_"
)

// champ names a field of the box.
func (b bloc) champ(nom string) string { return string(b) + nom }

// rangs are the numbers of the établissements of the box, from 1.
func (b bloc) rangs(f Formulaire) []int {
	n, _ := strconv.Atoi(f.Valeur(b.champ("etablissements")))
	n = min(max(n, 1), etablissementsMax)
	r := make([]int, n)
	for i := range r {
		r[i] = i + 1
	}
	return r
}

// etablissementsMax keeps a form readable; more are added once the account is
// open (MA-73).
const etablissementsMax = 20

// champRang names a field of an établissement.
func (b bloc) champRang(nom string, rang int) string { return b.champ(nom) + "_" + strconv.Itoa(rang) }

// servicesDits are the services that one may ask for at registration, with their
// words (MA-23, MA-24, MA-33).
var servicesDits = map[bloc][]Option{
	blocEntreprise: {
		{string(opco.ServiceDossiers), "Gérer les dossiers de formation de mon entreprise"},
		{string(opco.ServiceContributions), "Gérer les contributions (formation professionnelle et taxe d’apprentissage)"},
	},
	blocOrganisme: {{string(opco.ServicePaiements), "Gérer les dossiers de paiement de mon organisme"}},
}

// champsEtape1 are the names of the fields that step 2 carries on.
func champsEtape1(f Formulaire) []string {
	noms := []string{"profil"}
	for _, b := range []bloc{blocEntreprise, blocOrganisme} {
		for _, n := range []string{"branche", "service", "code_adherent", "masse_salariale", "responsable", "nda", "facture", "etablissements", "certifie"} {
			noms = append(noms, b.champ(n))
		}
		for _, r := range b.rangs(f) {
			noms = append(noms, b.champRang("siret", r), b.champRang("fonction", r), b.champRang("telephone", r))
		}
	}
	return noms
}

// champsEtape2 are those that going back to step 1 carries.
var champsEtape2 = []string{"civilite", "nom", "prenom", "email", "email2", "telephone", "ne_le", "cgu"}

// caches are the fields of the other step, one for each value.
func (p Inscription) caches(noms []string) []Option {
	var c []Option
	for _, n := range noms {
		for _, v := range p.Valeurs[n] {
			c = append(c, Option{n, v})
		}
	}
	return c
}

// actionDe is what the Enter key does at a step.
func actionDe(etape int) string {
	if etape == 1 {
		return "suivant"
	}
	return "creer"
}

// avecTitre says the step in the tab.
func (p Inscription) avecTitre() Page {
	q := p.Page
	q.Titre = "Créer mon compte, étape " + strconv.Itoa(p.Etape) + " sur 3"
	return q
}

// inscriptionNeuve are the values of an empty form: the services are ticked
// (MA-23, MA-24, MA-33).
func inscriptionNeuve() url.Values {
	v := url.Values{"etablissements": {"1"}, "of_etablissements": {"1"}}
	for b, services := range servicesDits {
		for _, s := range services {
			v.Add(b.champ("service"), s.Valeur)
		}
	}
	return v
}

// getInscription answers GET /inscription: an empty form, or the step that the form leads to.
func (w *Web) getInscription(c *gin.Context) {
	etape, f := etapeInscrite(c)
	w.montrerInscription(c, http.StatusOK, etape, f)
}

// postInscription answers POST /inscription: one of the buttons of its steps.
func (w *Web) postInscription(c *gin.Context) {
	v, ok := w.valeurs(c)
	if !ok {
		return
	}
	f, action := lireInscription(v), v.Get("action")
	switch {
	case changer(f, action) || action == "precedent":
		w.allerEtape(c, 1, f)
	case action == "creer" || v.Get("etape") == "2":
		w.inscrire(c, f)
	default:
		l := lecteur{Formulaire: f}
		if l.lireBlocs(); len(l.fautes) > 0 {
			w.montrerInscription(c, http.StatusUnprocessableEntity, 1, f.avec(l.fautes))
			return
		}
		w.allerEtape(c, 2, f)
	}
}

// lireInscription keeps the known fields of both steps.
func lireInscription(v url.Values) Formulaire {
	f := Formulaire{Valeurs: v}
	noms := slices.Concat(champsEtape1(f), champsEtape2, []string{"acte_id", champReponse, champJeton, champPiege})
	return Formulaire{Valeurs: seulement(v, noms)}
}

// inscrire sends the whole registration. What the API finds wrong is shown at the
// step where it was typed.
func (w *Web) inscrire(c *gin.Context, f Formulaire) {
	l := lecteur{Formulaire: f}
	d := DemandeInscription{Acte: f.Valeur("acte_id"), Blocs: l.lireBlocs(), Epreuve: f.reponseEpreuve()}
	if len(l.fautes) > 0 {
		w.montrerInscription(c, http.StatusUnprocessableEntity, 1, f.avec(l.fautes))
		return
	}
	d.Identite = l.lireIdentite()
	if len(l.fautes) > 0 {
		w.montrerInscription(c, http.StatusUnprocessableEntity, 2, f.avec(l.fautes))
		return
	}
	parametres, err := w.Portes.Parametres(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	d.Version = parametres.VersionCGU
	if err := w.Portes.Inscrire(c, d); err != nil {
		if statut, fautes, ok := w.reprendre(c, err, nil); ok {
			w.montrerInscription(c, statut, etapeDe(fautes, f), f.avec(fautes))
		}
		return
	}
	w.poserEtape(c, "", -1)
	w.poser(c, cookieEmail, url.QueryEscape(string(d.Identite.Email)), time.Hour)
	suite(c, "/inscription/confirmation")
}

// etapeDe is the step that holds the first field at fault.
func etapeDe(fautes []Faute, f Formulaire) int {
	if slices.Contains(champsEtape1(f), fautes[0].Champ) {
		return 1
	}
	return 2
}

// montrerInscription shows a step with its values. The answer of the anti-robot
// step is asked anew each time.
func (w *Web) montrerInscription(c *gin.Context, statut, etape int, f Formulaire) {
	p := Inscription{Page: w.page(c, "Créer mon compte"), Etape: etape}
	p.Formulaire = f.nomme()
	jour, err := w.Portes.Jour(c)
	if err == nil {
		p.Masse = jour.Annee() - 1
		p.Branches, err = w.Portes.Branches(c)
	}
	if err == nil && etape == 2 {
		p.Epreuve, err = w.Portes.Epreuve(c, "inscription")
	}
	var parametres opco.ParametresCompte
	if err == nil {
		parametres, err = w.Portes.Parametres(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Reponse, p.Factures = parametres.ReponseOuvres, parametres.FactureConnueMois
	c.Set(clePrecedente, statut == http.StatusOK)
	w.rendre(c, statut, PageInscription(p))
}

// getInscriptionFaite answers GET /inscription/confirmation (MA-58).
func (w *Web) getInscriptionFaite(c *gin.Context) {
	parametres, err := w.Portes.Parametres(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := InscriptionFaite{Page: w.page(c, "Confirmez votre adresse e-mail"), Heures: parametres.CodeHeures}
	if lu, err := c.Cookie(cookieEmail); err == nil {
		if e, err := opco.ParseEmail(lu); err == nil {
			p.Email = string(e)
		}
	}
	w.rendre(c, http.StatusOK, PageInscriptionFaite(p))
}

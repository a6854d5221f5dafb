package web

import (
	"net/url"
	"strconv"

	"guichet/opco"
)

// Inscription is the registration, in three steps (MA-20 to MA-58). The values
// of the steps travel in the form itself: nothing is kept before the end.
type Inscription struct {
	Page
	Etape    int // 1 or 2
	Branches []Option
	Masse    int // the year of the masse salariale asked for: last year
	Reponse  int // jours ouvrés promised for the answer
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

// titre says the step in the tab.
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

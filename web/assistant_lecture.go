package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"guichet/opco"
)

// champsFormation are the fields of step 1, in the order of the page.
func champsFormation() []string {
	champs := []string{"etablissement", "interne", "organisme.nom", "organisme.type", "organisme.siret", "organisme.nda", "organisme.adresse",
		"organisme.code_postal", "organisme.ville", "organisme.contact", "organisme.telephone", "organisme.email", "subrogation",
		"intitule", "nature", "code_cpf", "duree", "debut", "fin"}
	for _, l := range opco.Lignes() {
		champs = append(champs, "lignes."+string(l))
	}
	return append(champs, "lignes.DIVERS.detail", "commentaire", "reference_client")
}

var (
	champsModule    = []string{"intitule", "duree", "montant"}
	champsStagiaire = []string{"nom", "prenom", "ne_le", "heures", "salaire_horaire", "repas", "nuits", "peda", "transport"}
)

// champsEtape are the fields of a step of d.
func champsEtape(e opco.EtapeDemande, d opco.Demande) []string {
	var champs []string
	repeter := func(nom string, n int, noms []string) {
		for i := range n {
			for _, x := range noms {
				champs = append(champs, rangs(nom, i, x))
			}
		}
	}
	switch e {
	case opco.EtapeFormation:
		return champsFormation()
	case opco.EtapeModules:
		repeter("modules", len(d.Modules), champsModule)
	case opco.EtapeSalaries:
		repeter("stagiaires", len(d.Stagiaires), champsStagiaire)
	}
	return champs
}

// rangs names the field of a line: « stagiaires.0.nom ».
func rangs(nom string, i int, champ string) string {
	return nom + "." + strconv.Itoa(i) + "." + champ
}

// valeursDe writes a step of d as a form.
func valeursDe(e opco.EtapeDemande, d opco.Demande) url.Values {
	v := url.Values{}
	for _, champ := range champsEtape(e, d) {
		if s := d.Saisie(champ); s != "" {
			v.Set(champ, s)
		}
	}
	if e == opco.EtapeFormation && len(d.Modules) > 0 {
		v.Set("avec_modules", "oui")
	}
	return v
}

// lireEtape reads the form of a step into d. What cannot be read leaves d as it was,
// and is a faute on its field.
func lireEtape(e opco.EtapeDemande, d *opco.Demande, v url.Values) []Faute {
	switch e {
	case opco.EtapeModules:
		d.Modules = modulesDe(*d, v)
	case opco.EtapeSalaries:
		d.Stagiaires = stagiairesDe(*d, v)
	case opco.EtapeEnvoi:
		return nil
	}
	var fautes []Faute
	for _, champ := range champsEtape(e, *d) {
		if err := d.Poser(champ, v.Get(champ)); err != nil {
			fautes = append(fautes, Faute{champ, err.Error()})
		}
	}
	if e == opco.EtapeFormation {
		if f := lireCases(d, v); f != nil {
			fautes = append(fautes, *f)
		}
	}
	return fautes
}

// lireCases draws what the two boxes of step 1 imply: nobody to pay for a formation
// interne; a first module to fill in, or none.
func lireCases(d *opco.Demande, v url.Values) *Faute {
	if d.Interne {
		d.Organisme, d.Subrogation, d.Rembourse = opco.OrganismeDemande{}, false, false
	}
	avec := v.Get("avec_modules") == "oui"
	if avec && len(d.Modules) == 0 {
		d.Modules = []opco.Module{{}}
	}
	if !avec {
		d.Modules = modulesEcrits(d.Modules)
		if n := len(d.Modules); n > 0 {
			return &Faute{"avec_modules", "Vous avez décrit " + combien(n, "module") + " à l’étape 2 : retirez-les d’abord, ou laissez la case cochée."}
		}
	}
	return nil
}

// modulesEcrits drops the modules that say nothing.
func modulesEcrits(ms []opco.Module) []opco.Module {
	var ecrits []opco.Module
	for _, m := range ms {
		if m != (opco.Module{}) {
			ecrits = append(ecrits, m)
		}
	}
	return ecrits
}

// lignesMax bounds what a form may add to a demande.
const lignesMax = 500

// modulesDe makes as many modules as the form has, each with what d knew of it.
func modulesDe(d opco.Demande, v url.Values) []opco.Module {
	var ms []opco.Module
	for i := 0; i < lignesMax && v.Has(rangs("modules", i, "intitule")); i++ {
		var m opco.Module
		if i < len(d.Modules) {
			m = d.Modules[i]
		}
		ms = append(ms, m)
	}
	return ms
}

// stagiairesDe makes as many stagiaires as the form has, each with what d knew of the
// person of that id.
func stagiairesDe(d opco.Demande, v url.Values) []opco.Stagiaire {
	var ss []opco.Stagiaire
	for i := 0; i < lignesMax && v.Has(rangs("stagiaires", i, "id")); i++ {
		s := opco.Stagiaire{ID: coupe(v.Get(rangs("stagiaires", i, "id")), 36)}
		for _, x := range d.Stagiaires {
			if x.ID == s.ID {
				s = x
			}
		}
		if s.ID == "" {
			s.ID = uuid.NewString()
		}
		ss = append(ss, s)
	}
	return ss
}

// fautesDe turns what the rules say of d into what the fields of the page show.
func fautesDe(d opco.Demande, errs []*opco.Error) []Faute {
	fautes := make([]Faute, len(errs))
	for i, e := range errs {
		fautes[i] = Faute{d.CheminDeFormulaire(strings.TrimPrefix(e.Champ, "demande.")), e.Message}
	}
	return fautes
}

// sansDouble keeps the first faute of each field, those read first.
func sansDouble(fautes []Faute) []Faute {
	var seules []Faute
	vus := map[string]bool{}
	for _, f := range fautes {
		if f.Champ == "" || !vus[f.Champ] {
			seules = append(seules, f)
		}
		vus[f.Champ] = true
	}
	return seules
}

// ordonnees puts fautes in the order of the fields of the page; those of the whole come
// first.
func ordonnees(e opco.EtapeDemande, d opco.Demande, fautes []Faute) []Faute {
	champs := champsEtape(e, d)
	slices.SortStableFunc(fautes, func(a, b Faute) int { return slices.Index(champs, a.Champ) - slices.Index(champs, b.Champ) })
	return fautes
}

// oterLigne takes line n out of the values of a form, and moves those after it up.
func oterLigne(v url.Values, nom string, n int, champs []string) {
	champs = append([]string{"id"}, champs...)
	i := n
	for ; v.Has(rangs(nom, i+1, champs[1])); i++ {
		for _, c := range champs {
			v[rangs(nom, i, c)] = v[rangs(nom, i+1, c)]
		}
	}
	for _, c := range champs {
		delete(v, rangs(nom, i, c))
	}
}

// compterLignes is how many lines of nom a form has.
func compterLignes(v url.Values, nom, champ string) int {
	n := 0
	for n < lignesMax && v.Has(rangs(nom, n, champ)) {
		n++
	}
	return n
}

// ajouterStagiaire writes a stagiaire at the end of a form.
func ajouterStagiaire(v url.Values, s opco.Stagiaire) {
	n := compterLignes(v, "stagiaires", "id")
	d := opco.Demande{Stagiaires: []opco.Stagiaire{s}}
	v.Set(rangs("stagiaires", n, "id"), s.ID)
	for _, c := range champsStagiaire {
		v.Set(rangs("stagiaires", n, c), d.Saisie(rangs("stagiaires", 0, c)))
	}
}

// nomStagiaire names a line of step 3 for a reader.
func nomStagiaire(v url.Values, i int) string {
	nom := strings.TrimSpace(v.Get(rangs("stagiaires", i, "prenom")) + " " + v.Get(rangs("stagiaires", i, "nom")))
	if nom == "" {
		return fmt.Sprintf("le stagiaire %d", i+1)
	}
	return nom
}

// stagiairesEnTable is how many stagiaires a table shows with all their fields; more are
// folded, one line each.
const stagiairesEnTable = 10

// stagiaireOuvert reports whether a folded line is shown open: it has no name yet, or
// something to mend.
func stagiaireOuvert(f Formulaire, i int) bool {
	return f.Valeur(rangs("stagiaires", i, "nom")) == "" || slices.ContainsFunc(champsStagiaire, func(c string) bool { return f.Faute(rangs("stagiaires", i, c)) != "" })
}

// resumeStagiaire says what a folded line asks for.
func resumeStagiaire(v url.Values, i int) string {
	var dits []string
	for _, x := range []struct{ champ, avant, apres string }{{"heures", "", "\u00a0h"}, {"salaire_horaire", "", "\u00a0€ de l’heure"}, {"repas", "", "\u00a0repas"},
		{"nuits", "", "\u00a0nuits"}, {"peda", "part ", "\u00a0€"}, {"transport", "transport ", "\u00a0€"}} {
		if s := v.Get(rangs("stagiaires", i, x.champ)); s != "" && s != "0" {
			dits = append(dits, x.avant+s+x.apres)
		}
	}
	return strings.Join(dits, " · ")
}

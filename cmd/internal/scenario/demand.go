package scenario

import (
	"fmt"

	"github.com/google/uuid"

	"guichet/opco"
)

// newDossier composes the demande of « creer ». What it does not say is plain:
// a formation, paid directly to the organisme, whose pédagogie line is the sum of
// what each stagiaire costs.
func (w *world) newDossier(a *Act) (*dossier, error) {
	if a.Dossier == "" {
		return nil, fmt.Errorf("donnez un nom au dossier créé, par exemple dossier: A")
	}
	x := a.Avec
	company, err := w.company(a)
	if err != nil {
		return nil, err
	}
	d := &dossier{id: uuid.NewString(), org: company, factures: map[string]string{}}
	d.demande = opco.Demande{Etablissement: company.siege(), Interne: bool(x.Interne), Intitule: x.Intitule, Nature: opco.Nature(x.Nature),
		Duree: opco.Minutes(x.Duree), Debut: opco.Date(x.Du), Fin: opco.Date(x.Au), Echelonnement: bool(x.Echelonnement),
		ReferenceClient: x.Reference, Commentaire: x.Commentaire}
	if d.demande.Nature == "" {
		d.demande.Nature = opco.NatureFormation
	}
	if d.demande.Intitule == "" {
		d.demande.Intitule = "Conduire un projet de données"
	}
	if !x.Interne {
		if d.of, err = w.org(x.Organisme); err != nil {
			return nil, err
		}
		d.demande.Subrogation = !bool(x.Remboursement)
		d.demande.Organisme = opco.OrganismeDemande{SIRET: d.of.siege(), Nom: d.of.Nom, NDA: d.of.NDA}
	}
	d.subrogation = d.demande.Subrogation
	d.trainees(x.Stagiaires)
	d.costs(x.Lignes)
	return d, nil
}

// company is the one named, else the one that the author acts for.
func (w *world) company(a *Act) (*org, error) {
	if a.Avec.Entreprise != "" {
		return w.org(a.Avec.Entreprise)
	}
	who, err := w.user(a.Qui)
	if err != nil {
		return nil, err
	}
	for _, o := range w.orgs {
		if len(who.sirets) > 0 && o.siege() == who.sirets[0] {
			return o, nil
		}
	}
	return nil, fmt.Errorf("« %s » n’agit pour aucune entreprise : dites laquelle avec entreprise: E1", a.Qui)
}

// trainees lists the stagiaires; those that are only counted are given names.
func (d *dossier) trainees(list []Trainee) {
	for _, t := range list {
		for range max(t.Nombre, 1) {
			n := len(d.demande.Stagiaires)
			s := opco.Stagiaire{ID: fmt.Sprintf("s%d", n+1), Prenom: t.Prenom, Nom: t.Nom, NeLe: opco.Date(t.NeLe),
				Heures: opco.Minutes(t.Heures), SalaireHoraire: opco.Montant(t.Salaire), Repas: t.Repas, Nuits: t.Nuits,
				Peda: opco.Montant(t.Cout), Transport: opco.Montant(t.Transport)}
			if s.Nom == "" {
				s.Prenom, s.Nom = people[n%len(people)][0], people[n%len(people)][1]
			}
			d.demande.Stagiaires = append(d.demande.Stagiaires, s)
		}
	}
	if d.demande.Duree == 0 && len(d.demande.Stagiaires) > 0 {
		d.demande.Duree = d.demande.Stagiaires[0].Heures
	}
}

// costs lists the cost lines: those given, else what the stagiaires add up to.
func (d *dossier) costs(given map[string]Amount) {
	sums := map[opco.Ligne]opco.Montant{}
	for _, s := range d.demande.Stagiaires {
		sums[opco.LignePeda] += s.Peda
		sums[opco.LigneTransport] += s.Transport
		sums[opco.LigneRemuneration] += s.SalaireHoraire.Fraction(int64(s.Heures), 60)
	}
	d.demande.Lignes = []opco.LigneDemandee{}
	for _, l := range opco.Lignes() {
		m := sums[l]
		if g, ok := given[string(l)]; ok {
			m = opco.Montant(g)
		}
		if m > 0 {
			d.demande.Lignes = append(d.demande.Lignes, opco.LigneDemandee{Ligne: l, Montant: m})
		}
	}
}

// demandBody is the demande as the API takes it: without the empty fields that
// its strict types refuse.
func demandBody(d opco.Demande) fields {
	b := fields{"etablissement": d.Etablissement, "interne": d.Interne, "subrogation": d.Subrogation, "intitule": d.Intitule,
		"nature": d.Nature, "lignes": d.Lignes}
	if d.Organisme.SIRET != "" {
		b["organisme"] = d.Organisme
	}
	for k, v := range map[string]opco.Date{"debut": d.Debut, "fin": d.Fin} {
		if v != "" {
			b[k] = v
		}
	}
	for k, v := range map[string]string{"reference_client": d.ReferenceClient, "commentaire": d.Commentaire} {
		if v != "" {
			b[k] = v
		}
	}
	if d.Duree > 0 {
		b["duree"] = d.Duree
	}
	if d.Echelonnement {
		b["echelonnement"] = true
	}
	list := d.Stagiaires
	if list == nil {
		list = []opco.Stagiaire{}
	}
	b["stagiaires"] = list
	return b
}

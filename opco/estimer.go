package opco

import "fmt"

// heuresParJourUsuel is the length of a usual day of training, to guess days
// that are not given yet.
const heuresParJourUsuel Minutes = 7 * 60

// Estimer answers « serai-je financé ? » before a demande is complete: the engine
// of Calculer, on d completed by the likeliest values. What was supposed is said
// in Conditions. Nil fonds means that nobody counted them: the annual ceiling
// stands for them. It returns a NotFound error when b is nil and an Invalid one
// when d asks for nothing.
func Estimer(d Demande, b *Bareme, fonds []Fonds) (Decision, error) {
	if b == nil {
		return Decision{}, Errorf(NotFound, "Nous n’avons pas de barème pour votre branche, votre effectif et cette date de début. "+
			"Demandez à votre conseiller ce qui peut être financé.")
	}
	d, suppositions := d.completee()
	if fonds == nil {
		var condition string
		fonds, condition = b.fondsSupposes()
		suppositions = append(suppositions, condition)
	}
	decision, err := Calculer(d, *b, nil, fonds)
	if err != nil {
		return Decision{}, err
	}
	decision.Conditions = append(suppositions, "Cette estimation n’engage pas l’OPCO : seule la décision le fait.")
	return decision, nil
}

// fondsSupposes returns a fund that holds all that one company may ever get.
func (b Bareme) fondsSupposes() ([]Fonds, string) {
	if !b.Mutualise {
		return []Fonds{{Code: FondsVV, Disponible: MontantMax}},
			"Estimation dans la limite de vos versements volontaires : ils financent seuls une entreprise de votre taille."
	}
	if b.Annuel.Libre {
		return []Fonds{{Code: FondsMutualise, Disponible: MontantMax}}, "Estimation sans plafond annuel : votre branche n’en fixe pas."
	}
	return []Fonds{{Code: FondsMutualise, Disponible: b.Annuel.Montant}},
		fmt.Sprintf("Estimation pour une enveloppe annuelle entière : %s.", b.Annuel.Montant)
}

// completee fills what d does not say yet and tells what was supposed.
func (d Demande) completee() (Demande, []string) {
	var dites []string
	d.Stagiaires = append([]Stagiaire(nil), d.Stagiaires...)
	if len(d.Presents()) == 0 {
		d.Stagiaires = append(d.Stagiaires, Stagiaire{ID: "1"})
		dites = append(dites, "Estimation pour un seul stagiaire.")
	}
	j := d.jours()
	if j == 0 {
		j = max(1, int((d.Duree+heuresParJourUsuel-1)/heuresParJourUsuel))
	}
	if d.somme(LigneRepas) == 0 && d.Montant(LigneRepas) > 0 {
		dites = append(dites, fmt.Sprintf("Estimation pour un repas par jour, %s.", pluriel(j, "jour")))
		d.chacun(func(s *Stagiaire) { s.Repas = j })
	}
	if d.somme(LigneHebergement) == 0 && d.Montant(LigneHebergement) > 0 {
		n := max(1, j-1)
		dites = append(dites, fmt.Sprintf("Estimation pour %s.", pluriel(n, "nuit")))
		d.chacun(func(s *Stagiaire) { s.Nuits = n })
	}
	d.chacun(func(s *Stagiaire) {
		if s.Heures == 0 {
			s.Heures = d.dureeTotale()
		}
	})
	return d, dites
}

// chacun changes every present stagiaire of d, whose slice is its own.
func (d Demande) chacun(changer func(*Stagiaire)) {
	for i := range d.Stagiaires {
		if !d.Stagiaires[i].Retire {
			changer(&d.Stagiaires[i])
		}
	}
}

package opco

import "slices"

// RetirerStagiaire takes the décision in force again without one stagiaire who
// is withdrawn before the start (S12). Each line loses his share and never
// rises; the funds lose in proportion, the last one taking the residue (domain.md
// 2.4). It returns a Conflict error when no accord is in force, when the training
// has begun, when he is already withdrawn, the last one or the only one that the
// grant was for, and NotFound when he is not in the demande. It does not mark him withdrawn in d.
func RetirerStagiaire(d *Dossier, stagiaire string, f Faits) (Decision, error) {
	if err := d.peutRetirer(stagiaire, f); err != nil {
		return Decision{}, err
	}
	ancienne := *d.Decision
	avant := d.Demande
	avant.Lignes = demandees(ancienne.Lignes)
	apres, retires := avant.sans(stagiaire)
	lignes := make([]LigneDecidee, len(ancienne.Lignes))
	for i, l := range ancienne.Lignes {
		lignes[i] = l.sans(retires[i], ancienne.partAccordee(avant, l, stagiaire, f.Bareme), apres, f.Bareme)
	}
	decision := ancienne.avenant(lignes)
	if decision.Sens == SensRefus {
		return Decision{}, Errorf(Conflict, "Sans ce stagiaire il ne resterait rien d’accordé : annulez plutôt le dossier.")
	}
	decision.Stagiaires = ancienne.partsSans(stagiaire, lignes)
	decision.Le = f.Le
	return decision, nil
}

// avenant returns the décision that replaces d with these lines: d's conditions
// and dérogation, nobody's signature yet, and no second look, for nothing rises.
func (d Decision) avenant(lignes []LigneDecidee) Decision {
	ancienne := d
	d.Version++
	d.Lignes, d.Demande, d.Accorde = lignes, 0, 0
	for _, l := range lignes {
		d.Demande += l.Demande
		d.Accorde += l.Accorde
	}
	d.ResteACharge = d.Demande - d.Accorde
	d.Sens = sens(d.Accorde, d.Demande)
	d.Motifs = motifsRestants(ancienne.Motifs, lignes)
	d.Fonds = reduire(ancienne.Fonds, d.Accorde)
	d.ProposePar, d.DecidePar, d.SecondRegard = Acteur{}, Acteur{}, false
	return d
}

func (d *Dossier) peutRetirer(stagiaire string, f Faits) error {
	k := slices.IndexFunc(d.Demande.Stagiaires, func(s Stagiaire) bool { return s.ID == stagiaire })
	switch {
	case d.Decision == nil || d.Decision.Sens == SensRefus:
		return Errorf(Conflict, "Aucun accord n’est en cours sur ce dossier : il n’y a personne à retirer.")
	case k < 0:
		return Errorf(NotFound, "Ce stagiaire ne figure pas dans le dossier.")
	case d.Demande.Stagiaires[k].Retire:
		return Errorf(Conflict, "Ce stagiaire est déjà retiré du dossier.")
	case len(d.Demande.Presents()) == 1:
		return Errorf(Conflict, "C’est le dernier stagiaire : annulez plutôt le dossier.")
	case Somme(d.Acceptes) > 0:
		return Errorf(Conflict, "Une avance est déjà payée sur ce dossier : un stagiaire absent se déclare par son certificat de réalisation.")
	case f.Jour() >= d.Demande.Debut:
		return Errorf(Conflict, "La formation a commencé le %s : un stagiaire absent se déclare par son certificat de réalisation.",
			d.Demande.Debut.Longue())
	}
	return nil
}

// demandees returns what the décision says was asked, line by line.
func demandees(lignes []LigneDecidee) []LigneDemandee {
	suite := make([]LigneDemandee, len(lignes))
	for i, l := range lignes {
		suite[i] = LigneDemandee{Ligne: l.Ligne, Montant: l.Demande}
	}
	return suite
}

// sans returns the demande without a stagiaire, and what each line loses. The
// lines that no one carries (tuteur, divers…) lose nothing.
func (d Demande) sans(stagiaire string) (Demande, []Montant) {
	retires := make([]Montant, len(d.Lignes))
	rang := slices.IndexFunc(d.Presents(), func(s Stagiaire) bool { return s.ID == stagiaire })
	lignes := slices.Clone(d.Lignes)
	for i, l := range lignes {
		if l.Ligne.personnelle() {
			retires[i] = d.parts(l.Ligne)[rang].Min(l.Montant)
			lignes[i].Montant -= retires[i]
		}
	}
	stagiaires := slices.Clone(d.Stagiaires)
	for i := range stagiaires {
		stagiaires[i].Retire = stagiaires[i].Retire || stagiaires[i].ID == stagiaire
	}
	d.Lignes, d.Stagiaires = lignes, stagiaires
	return d, retires
}

// personnelle reports whether each stagiaire has his share of the line.
func (l Ligne) personnelle() bool {
	switch l {
	case LignePeda, LigneRemuneration, LigneHebergement, LigneRepas, LigneTransport:
		return true
	}
	return false
}

// partAccordee returns the share of stagiaire in what line l grants.
func (d Decision) partAccordee(avant Demande, l LigneDecidee, stagiaire string, b *Bareme) Montant {
	for _, p := range d.Stagiaires {
		switch {
		case p.Stagiaire == stagiaire && l.Ligne == LignePeda:
			return p.Peda
		case p.Stagiaire == stagiaire && l.Ligne == LigneRemuneration:
			return p.Remuneration
		}
	}
	if !l.Ligne.personnelle() {
		return 0
	}
	presents := avant.Presents()
	rang := slices.IndexFunc(presents, func(s Stagiaire) bool { return s.ID == stagiaire })
	parts := avant.parts(l.Ligne)
	if l.Ligne == LigneTransport && l.Accorde <= l.Eligible && b != nil && !b.Transport.Libre {
		parts = avant.transports(b.Transport.Montant)
	}
	return repartir(l.Accorde, presents, enPoids(parts))[rang]
}

// sans returns the line without what one stagiaire asked and was granted. The
// others get no more than the barème gives them, unless the line was a
// dérogation.
func (l LigneDecidee) sans(demande, accorde Montant, apres Demande, b *Bareme) LigneDecidee {
	derogation := l.Accorde > l.Eligible
	l.Demande -= demande
	l.Accorde = (l.Accorde - accorde).Min(l.Demande)
	if b != nil && l.Demande > 0 {
		r := b.plafonner(apres, l.Ligne, l.Demande)
		l.Eligible, l.Regle = r.Eligible, r.Regle
		if !derogation && r.Eligible < l.Accorde {
			l.Accorde, l.Motif = r.Eligible, r.Motif
		}
	} else {
		l.Eligible = l.Eligible.Min(l.Demande)
	}
	if l.Accorde == l.Demande {
		l.Motif = ""
	}
	return l
}

// motifsRestants returns the motifs that still explain a line, among those of
// the décision replaced and those of the lines.
func motifsRestants(anciens []Motif, lignes []LigneDecidee) []Motif {
	var suite []Motif
	for _, l := range lignes {
		if l.Accorde < l.Demande {
			suite = append(suite, l.Motif)
		}
	}
	if len(suite) > 0 {
		suite = append(suite, anciens...)
	}
	return ordonner(suite)
}

// partsSans returns the shares of the others, as they were unless their line was
// lowered further.
func (d Decision) partsSans(stagiaire string, lignes []LigneDecidee) []PartStagiaire {
	var parts []PartStagiaire
	var stagiaires []Stagiaire
	var peda, remuneration []int64
	for _, p := range d.Stagiaires {
		if p.Stagiaire != stagiaire {
			parts = append(parts, p)
			stagiaires = append(stagiaires, Stagiaire{ID: p.Stagiaire})
			peda, remuneration = append(peda, int64(p.Peda)), append(remuneration, int64(p.Remuneration))
		}
	}
	p := repartir(accordeSur(lignes, LignePeda), stagiaires, peda)
	r := repartir(accordeSur(lignes, LigneRemuneration), stagiaires, remuneration)
	for i := range parts {
		parts[i].Peda, parts[i].Remuneration = p[i], r[i]
	}
	return parts
}

// reduire brings the funds down to total, each in proportion. Rounding is half-up
// on the running sum, so that the last fund takes the residue and none passes
// what it had.
func reduire(fonds []PartFonds, total Montant) []PartFonds {
	ancien := Somme(fonds)
	var suite []PartFonds
	var cumul, fait Montant
	for _, f := range fonds {
		cumul += f.Montant
		f.Montant = total.Fraction(int64(cumul), int64(ancien)) - fait
		fait += f.Montant
		if f.Montant > 0 {
			suite = append(suite, f)
		}
	}
	return suite
}

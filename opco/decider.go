package opco

import "slices"

// Decider composes the décision that the gestionnaire proposes on d (domain.md
// 2.4). A refusal needs at least one motif of the closed list. An accord is what
// Calculer gives; a blocking check refuses it with a Conflict error, unless the
// proposal carries a dérogation — a late dépôt has none. When the envelope is
// empty, or the barème finances nothing of what is asked, the outcome is a
// refusal. SecondRegard says whether a second person must look (5 bis). Invalid
// errors say what to correct in the proposal. ProposePar and DecidePar are left
// to the caller.
func Decider(d *Dossier, c ChargeDecider, f Faits) (Decision, error) {
	proposer := proposerAccord
	if c.Refus {
		proposer = proposerRefus
	}
	decision, err := proposer(d, c, f)
	if err != nil {
		return Decision{}, err
	}
	decision.Version = 1
	if d.Decision != nil {
		decision.Version = d.Decision.Version + 1
	}
	decision.Derogation, decision.Commentaire = c.Derogation, c.Commentaire
	if c.Risque != "" {
		decision.Risque = c.Risque
	}
	decision.Le = f.Le
	decision.SecondRegard = secondRegard(decision, f.Parametres)
	return decision, nil
}

// secondRegard tells whether a second person must look at the décision: a grant
// from the threshold up, every refusal but a late dépôt, which is a fact, every
// dérogation and every risk flag (domain.md 5 bis, T11).
func secondRegard(d Decision, p Parametres) bool {
	if d.Derogation != "" || d.Risque != "" {
		return true
	}
	if d.Sens == SensRefus {
		return !slices.Equal(d.Motifs, []Motif{MotifDepotTardif})
	}
	return d.Accorde >= p.SecondRegard
}

// proposerRefus composes a refusal for the motifs that the gestionnaire gives.
func proposerRefus(d *Dossier, c ChargeDecider, f Faits) (Decision, error) {
	motifs := uniques(c.Motifs)
	if err := refusRecevable(d, c, motifs); err != nil {
		return Decision{}, err
	}
	total := d.Demande.Total()
	decision := Decision{Sens: SensRefus, Motifs: motifs, Demande: total, ResteACharge: total}
	if f.Bareme != nil {
		decision.Bareme = f.Bareme.Code
	}
	for _, l := range Lignes() {
		if m := d.Demande.Montant(l); m > 0 {
			decision.Lignes = append(decision.Lignes, LigneDecidee{Ligne: l, Demande: m, Motif: motifs[0],
				Regle: "Demande refusée : " + motifs[0].Libelle() + "."})
		}
	}
	return decision, nil
}

// refusRecevable checks that a refusal has its motifs, that they may refuse a
// whole demande, and that nothing in it grants.
func refusRecevable(d *Dossier, c ChargeDecider, motifs []Motif) error {
	switch {
	case len(motifs) == 0:
		return Champf("motifs", "Choisissez au moins un motif de refus : l’entreprise le lira.")
	case len(c.Lignes) > 0:
		return Champf("lignes", "Un refus n’accorde rien : retirez les montants, ou proposez un accord en partie.")
	case c.Derogation != "":
		return Champf("derogation", "Un refus n’a pas besoin de dérogation : retirez-la, ou proposez un accord.")
	}
	for _, m := range motifs {
		if !m.Pour(UsageRefus) {
			return Champf("motifs", "« %s » ne peut pas motiver un refus : choisissez dans la liste.", citer(m.Libelle()))
		}
	}
	if slices.Contains(motifs, MotifDepotTardif) && !DepotTardif(d.DeposeLe, d.Demande.Debut) {
		return Champf("motifs", "Cette demande est arrivée à temps, le %s pour un début le %s : choisissez un autre motif.",
			JourDe(d.DeposeLe).Longue(), d.Demande.Debut.Longue())
	}
	return nil
}

// uniques returns each motif once, in the order given.
func uniques(motifs []Motif) []Motif {
	var suite []Motif
	for _, m := range motifs {
		if !slices.Contains(suite, m) {
			suite = append(suite, m)
		}
	}
	return suite
}

// proposerAccord composes what the barème and the funds give. A risk score that
// deserves a look is a risk flag by itself.
func proposerAccord(d *Dossier, c ChargeDecider, f Faits) (Decision, error) {
	if len(c.Motifs) > 0 {
		return Decision{}, Champf("motifs", "Les motifs d’un accord se donnent poste par poste. Pour tout refuser, proposez un refus.")
	}
	controles := Instruire(d, f)
	if err := lever(controles, c.Derogation); err != nil {
		return Decision{}, err
	}
	if f.Bareme == nil {
		return Decision{}, Errorf(Conflict, "Aucun barème ne s’applique à cette branche, cet effectif et cette date : rien ne peut être calculé.").
			AvecCode(string(MotifActionNonEligible))
	}
	k, err := calculer(d.Demande, *f.Bareme, c.Lignes, f.Fonds)
	if err != nil {
		return Decision{}, err
	}
	if k.derogatoire && c.Derogation == "" {
		return Decision{}, Champf("derogation", "Vous accordez plus que le barème : écrivez la raison de la dérogation.")
	}
	decision := k.decision()
	if decision.Sens == SensRefus {
		return refusCalcule(decision)
	}
	decision.retenir(controles)
	return decision, nil
}

// retenir keeps of the checks what the accord must require and what it risks.
func (d *Decision) retenir(controles []Controle) {
	for _, c := range controles {
		if c.Condition != "" {
			d.Conditions = append(d.Conditions, c.Condition)
		}
		if c.Code == ControleRisque && c.Resultat == ResultatWarn {
			d.Risque = c.Preuve
		}
	}
}

// refusCalcule checks that a computation that grants nothing has a motif that
// may refuse a whole demande, and keeps those only.
func refusCalcule(d Decision) (Decision, error) {
	d.Motifs = slices.DeleteFunc(d.Motifs, func(m Motif) bool { return !m.Pour(UsageRefus) })
	if len(d.Motifs) == 0 {
		return Decision{}, Champf("lignes", "Vous n’accordez rien : proposez un refus, avec son motif.")
	}
	return d, nil
}

// regleParLeCalcul lists the blocking motifs that the computation turns by
// itself into a refusal: it alone counts the envelope under lock.
var regleParLeCalcul = []Motif{MotifEnveloppeEpuisee, MotifCoutNonEligible}

// lever returns the Conflict error of the first blocking check that neither the
// computation nor the dérogation settles.
func lever(controles []Controle, derogation string) error {
	for _, c := range controles {
		if c.Resultat != ResultatBlock || slices.Contains(regleParLeCalcul, c.Motif) {
			continue
		}
		if derogation == "" {
			return Errorf(Conflict, "%s bloque l’accord : %s Proposez un refus, ou écrivez la raison d’une dérogation.", c.Nom, c.Phrase).
				AvecCode(string(c.Motif))
		}
		if c.Motif == MotifDepotTardif {
			return Errorf(Conflict, "%s Aucune dérogation n’est possible : proposez un refus.", c.Phrase).AvecCode(string(c.Motif))
		}
	}
	return nil
}

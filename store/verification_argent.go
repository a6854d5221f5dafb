package store

import (
	"cmp"
	"maps"
	"slices"

	"guichet/opco"
)

// tenirArgent holds a dossier to I1 by its content: what may still be paid or was
// paid ≤ approved ≤ granted ≤ asked, to the cent.
func (t *tournee) tenirArgent(x *dossierVerifie) {
	t.examiner("I1", 1)
	var vivants, approuve opco.Montant
	for _, r := range x.reglements {
		if r.vivant() {
			vivants += r.Montant + r.Compense
		}
	}
	for _, f := range x.d.Factures {
		if f.Etat.Approuve() {
			approuve += f.APayer()
		}
	}
	for _, i := range x.d.Indus {
		if !i.Annule { // it was paid, and is to come back
			approuve += i.Montant
		}
	}
	d, accepte, engage := x.d, opco.Somme(x.d.Acceptes), opco.Somme(x.d.Engagements)
	var accorde opco.Montant
	if d.Decision != nil {
		accorde = d.Decision.Accorde
	}
	non := func(format string, args ...any) { t.rompre("I1", x.objet, x.nom()+" : "+format, args...) }
	if vivants > approuve {
		non("%s payés ou en cours de paiement pour %s approuvés", vivants, approuve)
	}
	if approuve != accepte {
		non("%s approuvés sur les factures, %s acceptés au titre du service fait", approuve, accepte)
	}
	if accepte+engage > accorde {
		non("%s acceptés et %s engagés pour %s accordés", accepte, engage, accorde)
	}
	if accorde > d.Demande.Total() {
		non("%s accordés pour %s demandés", accorde, d.Demande.Total())
	}
	if d.Decision != nil {
		tenirDecision(*d.Decision, non)
	}
}

// tenirDecision checks that a décision adds up: by line and by fund, each line
// within what was asked and, without a dérogation, within its cap.
func tenirDecision(dec opco.Decision, non func(string, ...any)) {
	var lignes opco.Montant
	for _, l := range dec.Lignes {
		lignes += l.Accorde
		if l.Accorde > l.Demande || l.Accorde > l.Eligible && dec.Derogation == "" {
			non("%s accordés sur « %s », où %s sont demandés et %s admis", l.Accorde, l.Ligne.Libelle(), l.Demande, l.Eligible)
		}
	}
	if lignes != dec.Accorde || opco.Somme(dec.Fonds) != dec.Accorde {
		non("la décision accorde %s, ses lignes %s et ses fonds %s", dec.Accorde, lignes, opco.Somme(dec.Fonds))
	}
}

// tenirComptes holds a dossier to I1 by its ledger: each account of each envelope
// says what the dossier and its règlements say.
func (t *tournee) tenirComptes(x *dossierVerifie) {
	attendu := map[cleCompte]opco.Montant{}
	ajouter := func(parts []opco.PartFonds, c opco.CompteLivre, signe opco.Montant) {
		for _, p := range parts {
			attendu[cleCompte{p.Enveloppe, string(c)}] += signe * p.Montant
		}
	}
	ajouter(x.d.Engagements, opco.LivreEngage, 1)
	ajouter(x.d.Acceptes, opco.LivreServiceFait, 1)
	for _, r := range x.reglements {
		switch opco.EtatReglement(r.Etat) {
		case opco.ReglementValide, opco.ReglementEmis, opco.ReglementAccepte:
			ajouter(r.parts, opco.LivreOrdonnance, 1)
			ajouter(r.parts, opco.LivreServiceFait, -1)
		case opco.ReglementExecute:
			ajouter(r.parts, opco.LivrePaye, 1)
			ajouter(r.parts, opco.LivreServiceFait, -1)
		}
	}
	for _, i := range x.indus {
		if i.Rang == 0 {
			continue // its procedure has not begun
		}
		reste := i.ResteParts()
		if i.Reste() == 0 {
			reste = nil
		}
		ajouter(reste, opco.LivreIndu, 1)
		ajouter(reste, opco.LivreTropPercu, -1)
		for _, r := range i.Recouvrements {
			ajouter(r.Parts, opco.LivreTropPercu, -1)
		}
	}
	cles := maps.Clone(attendu)
	maps.Copy(cles, x.comptes)
	for _, k := range slices.SortedFunc(maps.Keys(cles), comparerComptes) {
		if attendu[k] != x.comptes[k] {
			t.rompre("I1", x.objet, "%s : le compte %s de l’enveloppe %s porte %s, le dossier dit %s", x.nom(), k.compte, k.enveloppe,
				x.comptes[k], attendu[k])
		}
	}
}

func comparerComptes(a, b cleCompte) int {
	return cmp.Or(cmp.Compare(a.enveloppe, b.enveloppe), cmp.Compare(a.compte, b.compte))
}

// tenirFactures holds a dossier to I4: an approved invoice is in a living
// règlement, or blocked for a reason that people see: it waits for its avoir, or
// the bank refused its last règlement and a RIB is asked for.
func (t *tournee) tenirFactures(x *dossierVerifie) {
	for _, f := range x.d.Factures {
		if f.Etat != opco.FactureApprouvee && f.Etat != opco.FactureApprouveePartiel {
			continue
		}
		t.examiner("I4", 1)
		var dernier *reglementVerifie
		vivant := false
		for i, r := range x.reglements {
			if r.Facture == f.ID {
				dernier = &x.reglements[i]
				vivant = vivant || r.vivant()
			}
		}
		bloquee := f.AttendAvoir || dernier != nil && (dernier.Etat == string(opco.ReglementRejete) || dernier.Etat == string(opco.ReglementRetourne))
		if !vivant && !bloquee {
			t.rompre("I4", x.objet, "%s : la facture %s, approuvée pour %s, n’a ni règlement en cours ni raison d’attendre",
				x.nom(), f.Numero, f.Approuve)
		}
	}
}

package opco

import (
	"cmp"
	"slices"
)

// AppliquerAvoir returns the invoice that a credits, as the avoir leaves it. An
// avoir for the whole cancels it (F09): nothing stays approved and its Parts are
// to be engaged again. Else what is approved never passes what the avoirs leave,
// and an invoice that waited for its avoir becomes payable once the avoirs leave
// no more than what is approved: the délai of payment runs from this day (5 bis).
//
// d is not changed: Σ of the old Parts less the new ones is what goes back to the
// engagement, or is an indu when the invoice is paid (domain.md 2.7). Errors: NotFound for an unknown invoice, Invalid for a wrong avoir,
// Conflict for a number already used, an invoice refused, or one already in a
// batch whose payable amount would change.
func AppliquerAvoir(d *Dossier, a Avoir, fa Faits) (Facture, error) {
	f, ok := d.factureNumero(a.Facture)
	if !ok {
		return Facture{}, (&Error{Kind: NotFound, Champ: "facture", Message: "Aucune facture de ce dossier ne porte le numéro « " +
			citer(a.Facture) + " »."}).AvecCode(string(MotifRefErr))
	}
	if err := d.avoirValide(f, a, fa); err != nil {
		return Facture{}, err
	}
	f.Avoirs = append(slices.Clone(f.Avoirs), a)
	net := f.TotalHT - f.TotalAvoirs()
	if min(f.Approuve, net) < f.Approuve && d.enPaiement(f.ID, fa) && !d.paye(f.ID) {
		return Facture{}, Errorf(Conflict, "La facture %s est déjà en paiement : cet avoir changerait la somme. Écrivez-nous dans le dossier.", f.Numero)
	}
	if net == 0 {
		return f.annulee(), nil
	}
	f = d.reduire(f, net)
	if f.AttendAvoir && net <= f.Approuve {
		f.AttendAvoir = false
		f.Phrase = "L’avoir attendu est arrivé : " + f.Approuve.String() + " sont payables."
		f.ConformeLe = fa.Jour()
		f.EcheanceLe = EcheancePaiement(f.ConformeLe, fa.Parametres)
	}
	return f, nil
}

// avoirValide refuses an avoir that is wrong in itself, used twice, or too large.
func (d *Dossier) avoirValide(f Facture, a Avoir, fa Faits) error {
	reste := f.TotalHT - f.TotalAvoirs()
	switch {
	case sansEspaces(a.Numero) == "":
		return Champf("numero", "Indiquez le numéro de l’avoir.")
	case dateIllisible(a.Date):
		return Champf("date", "Indiquez la date de l’avoir.")
	case a.Date < f.Date:
		return Champf("date", "L’avoir est daté avant la facture qu’il corrige, du %s.", f.Date.Longue())
	case a.Montant <= 0:
		return Champf("montant", "Le montant de l’avoir s’écrit sans signe et dépasse 0,00 €.")
	case d.numeroPris(a.Numero, fa):
		return Errorf(Conflict, "Le numéro « %s » est déjà celui d’une facture ou d’un avoir. Donnez un autre numéro à l’avoir.", citer(a.Numero)).
			AvecCode(string(MotifDoublon))
	case !f.Etat.Ouverte() && !f.Etat.Approuve():
		return Errorf(Conflict, "La facture %s est « %s » : elle n’attend pas d’avoir.", f.Numero, f.Etat)
	case f.Avance && f.Etat.Approuve() && a.Montant > d.avanceRestante():
		return Champf("montant", "Il ne reste que %s de l’avance %s : le reste est imputé sur vos factures. Faites l’avoir sur elles.",
			d.avanceRestante(), f.Numero)
	case a.Montant > reste:
		return Champf("montant", "L’avoir de %s dépasse ce qui reste de la facture %s : %s.", a.Montant, f.Numero, reste).
			AvecCode(string(MotifMontantTotalErr))
	}
	return nil
}

// numeroPris reports whether an invoice or an avoir already bears the number.
func (d *Dossier) numeroPris(numero string, fa Faits) bool {
	meme := func(n string) bool { return memeNumero(n, numero) }
	return slices.ContainsFunc(fa.NumerosPris, meme) || slices.ContainsFunc(d.Factures, func(f Facture) bool {
		return meme(f.Numero) && f.tientSonNumero() || slices.ContainsFunc(f.Avoirs, func(a Avoir) bool { return meme(a.Numero) })
	})
}

// enPaiement reports whether the invoice is in a batch, or paid.
func (d *Dossier) enPaiement(facture string, fa Faits) bool {
	return slices.ContainsFunc(d.Reglements, func(r Reglement) bool {
		return r.Facture == facture && r.Etat.Vivant() && (r.Etat != ReglementAPayer || slices.Contains(fa.EnLot, r.ID))
	})
}

// retient reports whether debts of the payee were taken on what pays the invoice, or
// were paid back and are due to it again: only an avoir may then change it.
func (d *Dossier) retient(f Facture) bool {
	r := d.dernierReglement(f.ID)
	return len(f.Rendu) > 0 || r != nil && len(r.Gardees()) > 0
}

// dernierReglement returns the last règlement of an invoice, for change, nil when
// there is none.
func (d *Dossier) dernierReglement(facture string) *Reglement {
	for i := len(d.Reglements) - 1; i >= 0; i-- {
		if d.Reglements[i].Facture == facture {
			return &d.Reglements[i]
		}
	}
	return nil
}

// paye reports whether the bank has executed a règlement of the invoice.
func (d *Dossier) paye(facture string) bool {
	return slices.ContainsFunc(d.Reglements, func(r Reglement) bool { return r.Facture == facture && r.Etat == ReglementExecute })
}

// rejetee reports whether the last règlement of the invoice was rejected or sent
// back by the bank: only a comptable has it paid again (R07).
func (d *Dossier) rejetee(facture string) bool {
	r := d.dernierReglement(facture)
	return r != nil && (r.Etat == ReglementRejete || r.Etat == ReglementRetourne)
}

// annulee returns f cancelled by an avoir or a replacement: nothing is approved. What
// its payee gave back is still to be paid to it, or was.
func (f Facture) annulee() Facture {
	f.AttendAvoir = false
	f.Approuve, f.Impute, f.NonApprouve, f.Parts, f.Constatees = 0, 0, 0, f.Rendu, nil
	f.Motif, f.Phrase = "", ""
	if len(f.Rendu) == 0 {
		f.Etat, f.EcheanceLe = FactureAnnuleeParAvoir, ""
	}
	return f
}

// reduire lowers what is approved of f to plafond. The funds give back in the
// same proportions, the lines from the last.
func (d *Dossier) reduire(f Facture, plafond Montant) Facture {
	trop := f.Approuve - plafond
	if trop <= 0 {
		return f
	}
	f.Approuve, f.Impute = plafond, min(f.Impute, plafond)
	f.Parts = plus(d.ventiler(f.Approuve-f.Impute, moins(d.Acceptes, f.Parts), moins(f.Parts, f.Rendu)), f.Rendu)
	f.Constatees = slices.Clone(f.Constatees)
	for i := len(f.Constatees) - 1; i >= 0 && trop > 0; i-- {
		c := &f.Constatees[i]
		retire := min(trop, c.Payable)
		c.Certifie = Minutes(Montant(c.Certifie).Fraction(int64(c.Payable-retire), int64(c.Payable)))
		c.Payable -= retire
		trop -= retire
	}
	return f
}

// Remplacer settles « annule et remplace » (5 bis, S09, S21): it returns the
// invoice replaced, ANNULEE_PAR_AVOIR, and the new one. When the old one was
// approved, the new one takes its approval over, up to its own total: it is
// APPROUVEE, due from this day, and what it leaves of the old Parts goes back to
// the engagement. When the old one was still open, the new one is PRISE_EN_CHARGE
// and waits for the constat. f must have passed ControlerFacture.
//
// It returns a NotFound error for an unknown number, a Conflict error when the old
// invoice is refused, in a batch or paid, or when the new one asks for more.
func Remplacer(d *Dossier, f Facture, fa Faits) (remplacee, nouvelle Facture, err error) {
	ancienne, ok := d.factureNumero(f.Remplace)
	if !ok {
		return Facture{}, Facture{}, Errorf(NotFound, "Aucune facture de ce dossier ne porte le numéro « %s ».", citer(f.Remplace)).
			AvecCode(string(MotifRefErr))
	}
	if detail := d.nonRemplacable(ancienne, f, fa); detail != "" {
		return Facture{}, Facture{}, Errorf(Conflict, "La facture %s ne peut pas être remplacée : %s.", ancienne.Numero, detail)
	}
	f.RecueLe, f.ConformeLe = cmp.Or(f.RecueLe, fa.Jour()), fa.Jour()
	f.Etat, f.Motif, f.Phrase = FacturePriseEnCharge, "", ""
	if ancienne.Etat.Approuve() {
		f.Etat, f.ApprouvePar = FactureApprouvee, ancienne.ApprouvePar
		reprise := d.reduire(ancienne, f.TotalHT)
		f.Approuve, f.Impute, f.Parts, f.Constatees = reprise.Approuve, reprise.Impute, reprise.Parts, reprise.Constatees
		f.EcheanceLe = EcheancePaiement(f.ConformeLe, fa.Parametres)
	}
	return ancienne.annulee(), f, nil
}

// nonRemplacable says why f may not take the place of ancienne, "" when it may.
func (d *Dossier) nonRemplacable(ancienne, f Facture, fa Faits) string {
	switch {
	case !ancienne.Etat.Ouverte() && !ancienne.Etat.Approuve():
		return "elle est « " + ancienne.Etat.String() + " »"
	case d.enPaiement(ancienne.ID, fa):
		return "elle est déjà en paiement. Envoyez un avoir"
	case d.retient(ancienne):
		return "une somme que vous nous deviez est retenue sur son paiement. Envoyez un avoir"
	case d.rejetee(ancienne.ID):
		return "la banque a rejeté son virement. Déposez d’abord un RIB juste, ou envoyez un avoir"
	case ancienne.Etat.Approuve() && f.TotalHT > ancienne.Approuve:
		return "la nouvelle est de " + f.TotalHT.String() + ", et " + ancienne.Approuve.String() + " ont été approuvés"
	}
	return ""
}

// factureRemplacement refuses at once an invoice that replaces what cannot be.
func factureRemplacement(d *Dossier, f Facture, fa Faits) (Motif, Precisions) {
	if f.Remplace == "" {
		return "", nil
	}
	ancienne, ok := d.factureNumero(f.Remplace)
	if !ok {
		return MotifNonConforme, Precisions{"detail": "elle remplace une facture inconnue, " + citer(f.Remplace)}
	}
	if detail := d.nonRemplacable(ancienne, f, fa); detail != "" {
		return MotifNonConforme, Precisions{"detail": "elle ne peut pas remplacer " + ancienne.Numero + ", " + detail}
	}
	return "", nil
}

package opco

// tauxNormal is the TVA of an organisme that is not exempt (CGI art. 278): 20 %.
const tauxNormal = 2000

// FactureProposee is the invoice that would be right today, for its issuer to look
// at and complete: who invoices whom, under which number of dossier, and for each
// stagiaire the hours certified, else granted, at the price of the accord. What was
// approved already is not proposed again. The number and the day are the issuer's.
func FactureProposee(d *Dossier, f Faits) Facture {
	fac := Facture{Emetteur: d.Demande.Etablissement, Destinataire: f.OPCO, Date: f.Jour(), ReferenceDossier: d.Numero, Intitule: d.Demande.Intitule}
	if d.subroge() {
		fac.Emetteur = d.Demande.Organisme.SIRET
		if f.Organisme != nil && f.Organisme.TVA {
			fac.TauxTVA = tauxNormal
		}
	}
	if d.Decision == nil {
		return fac
	}
	for _, x := range d.droits() {
		if l, ok := d.ligneProposee(x); ok {
			fac.Lignes = append(fac.Lignes, l)
			fac.TotalHT += l.Montant
		}
	}
	return fac.AvecTVA(!d.subroge())
}

// ligneProposee is the line to invoice for one droit, false when nothing is left.
func (d *Dossier) ligneProposee(x droit) (LigneFacture, bool) {
	l := LigneFacture{Ligne: x.ligne, Montant: x.reste()}
	if !x.ligne.horaire() {
		if x.cumul == 0 {
			l.Montant = max(0, x.plein-x.paye)
		}
		return l, l.Montant > 0
	}
	for _, s := range d.Demande.Stagiaires {
		if s.ID == x.stagiaire {
			l.Stagiaire = s.nomComplet()
		}
	}
	l.Heures = x.minutesRestantes()
	if x.certifie == 0 && len(d.certificatsDe(Stagiaire{ID: x.stagiaire})) == 0 {
		l.Heures, l.Montant = max(0, x.prevu-x.minutes), max(0, x.plein-x.paye)
	}
	return l, l.Montant > 0
}

// CompteConnu returns the account on file to which the invoices of d are paid, ""
// when there is none.
func (d *Dossier) CompteConnu(f Faits) IBAN {
	if !d.subroge() {
		return f.Entreprise.IBAN
	}
	if f.Organisme == nil {
		return ""
	}
	return f.Organisme.IBAN
}

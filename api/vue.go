package api

import (
	"slices"

	"guichet/opco"
)

// voir returns d as someone in role r may see it. What the OPCO thinks before it
// decides is its own: proposals, risk, comments. Wages are not the training
// provider's business. A bank account is only shown masked.
func voir(d *opco.Dossier, r opco.Role) opco.Dossier {
	v := *d
	v.PropositionCharge = nil
	v.Demande.Lignes = append([]opco.LigneDemandee{}, d.Demande.Lignes...)
	v.Demande.Stagiaires = append([]opco.Stagiaire{}, d.Demande.Stagiaires...)
	v.Factures = slices.Clone(d.Factures)
	for i := range v.Factures {
		if f := &v.Factures[i]; f.IBAN != "" {
			f.IBAN = opco.IBAN(f.IBAN.Masque())
		}
	}
	if r.Interne() {
		return v
	}
	v.Proposition = nil
	v.Decision = sansRemarques(d.Decision)
	v.Anciennes = slices.Clone(d.Anciennes)
	for i := range v.Anciennes {
		v.Anciennes[i] = *sansRemarques(&v.Anciennes[i])
	}
	v.Echeances = slices.DeleteFunc(slices.Clone(d.Echeances), func(e opco.Echeance) bool { return e.Type == opco.ActeAlerter })
	if r == opco.RoleOrganisme {
		for i := range v.Demande.Stagiaires {
			v.Demande.Stagiaires[i].SalaireHoraire = 0
		}
		siennes(&v)
	}
	return v
}

// siennes keeps of v the invoices of its organisme and what pays them: under a
// remboursement the company invoices its own costs, wages among them.
func siennes(v *opco.Dossier) {
	of := v.Demande.Organisme.SIRET
	v.Factures = slices.DeleteFunc(v.Factures, func(f opco.Facture) bool { return f.Emetteur != of })
	v.Reglements = slices.DeleteFunc(slices.Clone(v.Reglements), func(r opco.Reglement) bool { return r.Beneficiaire != of })
}

// sansRemarques copies a décision without what the staff wrote for itself.
func sansRemarques(d *opco.Decision) *opco.Decision {
	if d == nil {
		return nil
	}
	c := *d
	c.Risque, c.Commentaire, c.Derogation = "", "", ""
	c.ProposePar = opco.Acteur{}
	return &c
}

// voirJournal returns the journal as someone in role r may read it: an organisation
// does not see the OPCO's own reminders, returns and refused attempts, nor what a
// proposal holds before it is decided.
func voirJournal(ps []opco.Passage, r opco.Role) []opco.Passage {
	vus := []opco.Passage{}
	for _, p := range ps {
		p.Resume.Echeances = nil
		if r.Interne() {
			vus = append(vus, p)
			continue
		}
		interne := p.Type == opco.ActeAlerter || p.Type == opco.ActeRenvoyer || p.Verdict == opco.VerdictRefuse && p.Par.Role.Interne()
		if interne {
			continue
		}
		if p.Vers == opco.EtatEnValidation {
			p.Phrase, p.Motif = "Votre demande est relue par une seconde personne.", ""
		}
		vus = append(vus, p)
	}
	return vus
}

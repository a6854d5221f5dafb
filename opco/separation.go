package opco

import "slices"

// Juge reports whether what a person of this role does to a dossier is a judgement
// of it: instructing, deciding, checking, sending back. Whoever judged a dossier
// neither builds nor validates its payment, even after a change of role
// (reliability.md 3.1, rule 2).
func (r Role) Juge() bool {
	return r == RoleGestionnaire || r == RoleConseiller || r == RoleResponsable
}

// engageUn reports whether one of these persons acts, or is acted for, in a.
func (a Acteur) engageUn(personnes []string) bool { return slices.ContainsFunc(personnes, a.Engage) }

// Personnes lists whom a engages: who acts, then the absent person for whom they
// do. It is empty for the system and the bank.
func (a Acteur) Personnes() []string {
	var ps []string
	for _, p := range []string{a.Personne, a.Pour} {
		if p != "" && !slices.Contains(ps, p) {
			ps = append(ps, p)
		}
	}
	return ps
}

// croiseUn reports whether a and one of as have a person in common.
func (a Acteur) croiseUn(as []Acteur) bool { return slices.ContainsFunc(as, a.Croise) }

// Tiers are the companies of a dossier: the one that asks, and the organisme when
// there is one.
func (d *Dossier) Tiers() []SIREN {
	var ss []SIREN
	for _, siret := range []SIRET{d.Demande.Etablissement, d.Demande.Organisme.SIRET} {
		if s := siret.SIREN(); s != "" && !slices.Contains(ss, s) {
			ss = append(ss, s)
		}
	}
	return ss
}

// lienAvec returns the refusal of a staff member who declared a link, or whose
// absent colleague did, with one of the companies tiers: it says what they may not
// treat, and who must (reliability.md 3.1, rule 7). It is nil when nothing prevents
// par from acting.
func lienAvec(par Acteur, liens, tiers []SIREN, quoi string) *Error {
	if !par.Role.Interne() {
		return nil
	}
	i := slices.IndexFunc(tiers, func(s SIREN) bool { return slices.Contains(liens, s) })
	if i < 0 {
		return nil
	}
	qui := "Vous avez déclaré un lien"
	if par.Pour != "" {
		qui = "Vous avez déclaré un lien, ou la personne que vous remplacez,"
	}
	return Errorf(Forbidden, "%s avec l’entreprise %s : %s doit traiter %s.", qui, tiers[i].Affiche(), relais[par.Role], quoi).AvecCode("LIEN_INTERET")
}

// LienAvec is lienAvec for what no acte carries: a document, a record of the OPCO.
// quoi names it with its article: « ce dossier ».
func LienAvec(par Acteur, liens, tiers []SIREN, quoi string) error {
	if refus := lienAvec(par, liens, tiers, quoi); refus != nil {
		return refus
	}
	return nil
}

// relais names who acts instead of somebody who must not.
var relais = map[Role]string{
	RoleGestionnaire: "un autre gestionnaire, ou un responsable,",
	RoleConseiller:   "un autre conseiller, ou un responsable,",
	RoleResponsable:  "un autre responsable",
	RoleComptable:    "un autre comptable",
	RoleControleur:   "un autre contrôleur, ou un responsable,",
	RoleAdmin:        "un autre administrateur",
	RoleOps:          "une autre personne",
	RoleAuditeur:     "une autre personne",
	RoleSysteme:      "une autre personne",
	RoleBanque:       "une autre personne",
}

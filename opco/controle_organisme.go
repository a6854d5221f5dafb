package opco

import "fmt"

// organisme is check 7: the organisme is declared, not suspended, and certified
// Qualiopi for the action on the day of the dépôt and throughout the training. A
// certificate that ends too early does not block: the accord then requires its
// renewal, and service fait checks it (S07).
func (k *instruction) organisme() avis {
	o := k.f.Organisme
	switch {
	case k.d.Interne:
		return sansObjet("Formation interne : il n’y a pas d’organisme.")
	case o == nil || o.SIREN != k.d.Organisme.SIRET.SIREN():
		return bloquant(MotifOFNonDeclare, fmt.Sprintf("SIRET %s, NDA %s", k.d.Organisme.SIRET.Affiche(), k.d.Organisme.NDA.Affiche()),
			"L’OPCO ne connaît pas cet organisme : vérifiez sa déclaration d’activité.")
	case o.Suspendu:
		return bloquant(MotifOFSuspendu, o.Nom, "%s est suspendu.", o.Nom)
	case o.NDA == "" || !o.NDAActive:
		return bloquant(MotifOFNonDeclare, "NDA "+o.NDA.Affiche(), "%s n’a pas de déclaration d’activité en vigueur.", o.Nom)
	}
	return k.qualiopi(*o)
}

func (k *instruction) qualiopi(o Organisme) avis {
	depot := k.jourDepot()
	preuve := fmt.Sprintf("dépôt %s, formation du %s au %s, certificats : %s",
		depot.Courte(), k.d.Debut.Courte(), k.d.Fin.Courte(), o.certificats(k.d.Nature))
	if !o.Qualifie(k.d.Nature, depot) {
		return bloquant(MotifOFNonQualiopi, preuve, "%s n’est pas certifié Qualiopi pour cette action le jour du dépôt.", o.Nom)
	}
	if manque, ok := o.premierJourSans(k.d.Nature, k.d.Debut, k.d.Fin); ok {
		a := attention(MotifOFNonQualiopi, preuve, "%s n’a pas encore de certificat Qualiopi pour le %s.", o.Nom, manque.Longue())
		a.condition = fmt.Sprintf("Le paiement attend la preuve que %s est certifié Qualiopi du %s au %s : nous n’avons pas de certificat pour le %s.",
			o.Nom, k.d.Debut.Longue(), k.d.Fin.Longue(), manque.Longue())
		return a
	}
	if o.NDA != k.d.Organisme.NDA {
		return attention("", fmt.Sprintf("demande %s, registre %s", k.d.Organisme.NDA.Affiche(), o.NDA.Affiche()),
			"Le numéro de déclaration écrit dans la demande n’est pas celui de %s.", o.Nom)
	}
	return bon(preuve, "%s est déclaré, et certifié Qualiopi le jour du dépôt et pendant la formation.", o.Nom)
}

// premierJourSans returns the first day of the period without a Qualiopi
// certificate for the action; false when every day has one.
func (o Organisme) premierJourSans(n Nature, du, au Date) (Date, bool) {
	if du == "" {
		return "", false
	}
	for j := du; j <= au; j = j.Jours(1) {
		if !o.Qualifie(n, j) {
			return j, true
		}
	}
	return "", false
}

// certificats writes the certificates of o that count for n.
func (o Organisme) certificats(n Nature) string {
	if n == NatureAFEST {
		n = NatureFormation
	}
	texte := ""
	for _, q := range o.Qualiopi {
		if q.Nature != n {
			continue
		}
		if texte != "" {
			texte += ", "
		}
		texte += "du " + q.Du.Courte()
		if q.Au != "" {
			texte += " au " + q.Au.Courte()
		}
	}
	if texte == "" {
		return "aucun"
	}
	return texte
}

// subrogation is check 17. The closed list of refusals has no motif for it: the
// company may send its demande again without paiement direct.
func (k *instruction) subrogation() avis {
	switch {
	case !k.d.Subrogation:
		return sansObjet("L’entreprise demande à être remboursée.")
	case k.f.Organisme == nil:
		return bloquant(MotifOFNonDeclare, "SIRET "+k.d.Organisme.SIRET.Affiche(), "L’OPCO ne peut pas payer un organisme qu’il ne connaît pas.")
	case !k.f.Organisme.SubrogationAutorisee:
		return bloquant("", k.f.Organisme.Nom, "Le paiement direct n’est pas ouvert à %s : seul un remboursement à l’entreprise est possible.", k.f.Organisme.Nom)
	}
	return bon(k.f.Organisme.Nom, "Le paiement direct est ouvert à %s.", k.f.Organisme.Nom)
}

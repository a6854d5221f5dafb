package opco

import "fmt"

// formation checks step 1 of an Envoi: what is learnt, when, for how long.
func (v *validation) formation() {
	d := v.d
	if d.Etablissement == "" {
		v.non("etablissement", "Choisissez l’établissement pour lequel vous faites cette demande.")
	}
	if vide(d.Intitule) {
		v.non("intitule", "Indiquez l’intitulé de la formation.")
	}
	if d.Nature == "" {
		v.non("nature", "Choisissez le type d’action : formation, bilan, VAE ou AFEST.")
	}
	if d.Duree == 0 {
		v.non("duree", "Indiquez la durée de la formation, en heures.")
	}
	if d.Debut == "" {
		v.non("debut", "Indiquez le premier jour de la formation.")
	}
	if d.Fin == "" {
		v.non("fin", "Indiquez le dernier jour de la formation.")
	}
	if v.libre("debut") && v.libre("fin") {
		_, _, err := ParsePeriode(string(d.Debut), string(d.Fin))
		v.lu("fin", err)
	}
	if j := d.jours(); j > 0 && d.Duree > heuresParJour(j) {
		v.non("duree", "%s ne tiennent pas en %s : une journée a 24 heures. Corrigez la durée ou les dates.", d.Duree, pluriel(j, "jour"))
	}
}

// libre reports whether no mistake was found on champ.
func (v *validation) libre(champ string) bool {
	for _, e := range v.errs {
		if e.Champ == champ {
			return false
		}
	}
	return true
}

func vide(s string) bool { return CleNom(s) == "" }

// heuresParJour returns the most that j days can hold.
func heuresParJour(j int) Minutes { return Minutes(j) * 24 * 60 }

// organisme checks who trains: nobody else for a formation interne, otherwise a
// named and declared organisme (AK-19 to AK-27).
func (v *validation) organisme() {
	d, o := v.d, v.d.Organisme
	if d.Interne {
		if d.Subrogation {
			v.non("subrogation", "Une formation interne n’a pas d’organisme à payer : décochez le paiement direct.")
		}
		return
	}
	if vide(o.Nom) {
		v.non("organisme.nom", "Indiquez le nom de l’organisme de formation.")
	}
	if o.SIRET == "" {
		v.non("organisme.siret", "Indiquez le SIRET de l’organisme de formation : 14 chiffres, sur son devis ou sa convention.")
	}
	if o.NDA == "" {
		v.non("organisme.nda", "Indiquez le numéro de déclaration d’activité de l’organisme : 11 chiffres, sur sa convention.")
	}
}

// modules checks step 2. The hours of the modules add to the length; their cost
// is inside the line PEDA.
func (v *validation) modules() {
	var cout Montant
	for i, m := range v.d.Modules {
		champ := fmt.Sprintf("modules[%d].", i)
		if vide(m.Intitule) {
			v.non(champ+"intitule", "Indiquez l’intitulé du module.")
		}
		if m.Duree == 0 {
			v.non(champ+"duree", "Indiquez la durée du module, en heures.")
		}
		cout += m.Montant
	}
	if peda := v.d.Montant(LignePeda); cout > peda {
		v.non("modules", "Les modules coûtent %s, les coûts pédagogiques %s : ceux-ci doivent comprendre les modules.", cout, peda)
	}
}

// DureeTotale returns the length of the action with its modules: what a stagiaire
// follows unless it is said otherwise.
func (d Demande) DureeTotale() Minutes { return d.dureeTotale() }

// dureeTotale returns the length of the action with its modules.
func (d Demande) dureeTotale() Minutes {
	t := d.Duree
	for _, m := range d.Modules {
		t += m.Duree
	}
	return t
}

// stagiaires checks step 3: at least one, each named, each once.
func (v *validation) stagiaires() {
	if len(v.d.Presents()) == 0 {
		v.non("stagiaires", "Ajoutez au moins un stagiaire.")
	}
	for i, s := range v.d.Stagiaires {
		champ := fmt.Sprintf("stagiaires[%d].", i)
		if s.ID == "" {
			v.non(champ+"id", "Ce stagiaire n’a pas d’identifiant : retirez-le de la liste et ajoutez-le de nouveau.")
		}
		if s.Nom == "" {
			v.non(champ+"nom", "Indiquez le nom du stagiaire.")
		}
		if s.Prenom == "" {
			v.non(champ+"prenom", "Indiquez le prénom du stagiaire.")
		}
		for j, t := range v.d.Stagiaires[:i] {
			if s.memePersonne(t) {
				v.non(champ+"nom", "%s %s est déjà à la ligne %d. Retirez l’une des deux, ou donnez les dates de naissance si ce sont deux personnes.",
					citer(s.Prenom), citer(s.Nom), j+1)
			}
		}
		v.naissance(champ+"ne_le", s)
		v.presence(champ, s)
	}
}

// memePersonne reports whether s and t bear one name, and not two birth dates.
func (s Stagiaire) memePersonne(t Stagiaire) bool {
	if s.Nom == "" || CleNom(s.Nom) != CleNom(t.Nom) || CleNom(s.Prenom) != CleNom(t.Prenom) {
		return false
	}
	return s.NeLe == "" || t.NeLe == "" || s.NeLe == t.NeLe
}

func (v *validation) naissance(champ string, s Stagiaire) {
	if s.NeLe == "" || v.d.Debut == "" || !v.libre(champ) || !v.libre("debut") {
		return
	}
	switch {
	case s.NeLe >= v.d.Debut:
		v.non(champ, "La date de naissance (%s) vient après le début de la formation (%s).", s.NeLe.Longue(), v.d.Debut.Longue())
	case s.NeLe.Mois(12*ageMax) <= v.d.Debut:
		v.non(champ, "La date de naissance (%s) donne plus de %d ans : vérifiez l’année.", s.NeLe.Longue(), ageMax)
	}
}

// presence checks the hours, the meals and the nights of one stagiaire. A night
// may come before the first day and after the last.
func (v *validation) presence(champ string, s Stagiaire) {
	d, j := v.d, v.d.jours()
	if s.Heures == 0 {
		v.non(champ+"heures", "Indiquez les heures que suivra ce stagiaire.")
	}
	if t := d.dureeTotale(); t > 0 && s.Heures > t {
		v.non(champ+"heures", "Ce stagiaire suit %s, mais la formation dure %s.", s.Heures, t)
	}
	if j == 0 {
		return
	}
	if s.Heures > heuresParJour(j) {
		v.non(champ+"heures", "%s ne tiennent pas en %s : une journée a 24 heures.", s.Heures, pluriel(j, "jour"))
	}
	if s.Repas > j {
		v.non(champ+"repas", "%d repas pour %s : nous comptons un repas par jour.", s.Repas, pluriel(j, "jour"))
	}
	if s.Nuits > j+1 {
		v.non(champ+"nuits", "%s pour %s : comptez au plus une nuit par jour, et une de plus.", pluriel(s.Nuits, "nuit"), pluriel(j, "jour"))
	}
}

// lignes checks that each cost line agrees with what is said of the stagiaires.
func (v *validation) lignes() {
	d := v.d
	if d.Total() <= 0 {
		v.non("lignes", "Indiquez au moins un coût à financer.")
	}
	v.montant("lignes", d.Total())
	for i, l := range d.Lignes {
		if l.Montant <= 0 {
			continue
		}
		if message := d.incoherence(l); message != "" {
			champ := "montant"
			if l.Ligne == LigneDivers {
				champ = "detail"
			}
			v.non(fmt.Sprintf("lignes[%d].%s", i, champ), "%s", message)
		}
	}
	for _, l := range []Ligne{LignePeda, LigneTransport} {
		if t := d.somme(l); t > 0 && d.Montant(l) == 0 {
			v.non("lignes", "Les stagiaires portent %s de « %s », que la demande ne compte pas.", t, l.Libelle())
		}
	}
}

// somme returns what the stagiaires say of line l, 0 when they say nothing.
func (d Demande) somme(l Ligne) Montant {
	var t Montant
	for _, s := range d.Presents() {
		switch l {
		case LignePeda:
			t += s.Peda
		case LigneRemuneration:
			t += s.remuneration()
		case LigneTransport:
			t += s.Transport
		case LigneRepas:
			t += Montant(s.Repas)
		case LigneHebergement:
			t += Montant(s.Nuits)
		}
	}
	return t
}

// incoherence returns the sentence that says why line l does not hold, or "".
func (d Demande) incoherence(l LigneDemandee) string {
	t := d.somme(l.Ligne)
	switch l.Ligne {
	case LignePeda, LigneTransport:
		if t > 0 && t != l.Montant {
			return fmt.Sprintf("%s : vous demandez %s, mais la somme des stagiaires fait %s.", l.Ligne.Libelle(), l.Montant, t)
		}
	case LigneRemuneration:
		if t == 0 {
			return "Indiquez le salaire horaire chargé de chaque stagiaire : la rémunération se calcule avec lui."
		}
		if t != l.Montant {
			return fmt.Sprintf("La rémunération doit être le salaire horaire multiplié par les heures : %s, et non %s.", t, l.Montant)
		}
	case LigneRepas:
		if t == 0 {
			return "Indiquez le nombre de repas de chaque stagiaire."
		}
	case LigneHebergement:
		if t == 0 {
			return "Indiquez le nombre de nuits de chaque stagiaire."
		}
	case LigneDivers:
		if vide(l.Detail) {
			return "Dites ce que sont ces frais divers, par exemple une location de salle."
		}
	}
	return ""
}

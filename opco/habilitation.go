package opco

// sfHabilitation wants the organisme declared, not suspended, and Qualiopi on each
// day of training, as certified when it is.
func sfHabilitation(d *Dossier, fa Faits) []Controle {
	const nom = "Qualiopi et déclaration d’activité"
	if d.Demande.Interne {
		return []Controle{controle("SF12", nom, ResultatSansObjet, "", nil, "", "Formation interne")}
	}
	o := fa.Organisme
	if o == nil || !o.NDAActive || o.Suspendu {
		m := MotifOFNonDeclare
		if o != nil && o.Suspendu {
			m = MotifOFSuspendu
		}
		return []Controle{controle("SF12", nom, ResultatBlock, m, Precisions{"organisme": d.Demande.Organisme.Nom}, "",
			"Déclaration d’activité de l’organisme à vérifier")}
	}
	du, au := d.joursFormation()
	for jour := du; jour <= au; jour = jour.Jours(1) {
		if o.Qualifie(d.Demande.Nature, jour) {
			continue
		}
		figures := Precisions{"organisme": o.Nom, "fin": o.finQualiopi(d.Demande.Nature).Longue()}
		return []Controle{controle("SF12", nom, ResultatBlock, MotifSFQualiopi, figures, "",
			"Aucun certificat Qualiopi valide le "+jour.Longue()+" : un responsable doit voir la preuve")}
	}
	return []Controle{controle("SF12", nom, ResultatOK, "", nil, "", "Valide du "+du.Longue()+" au "+au.Longue())}
}

// joursFormation returns the first and the last day of training: certified ones,
// else those of the accord. Days outside the accord are SF3's affair.
func (d *Dossier) joursFormation() (du, au Date) {
	du, au = d.Demande.Fin, d.Demande.Debut
	for _, c := range d.Certificats {
		du, au = min(du, max(c.Du, d.Demande.Debut)), max(au, min(c.Au, d.Demande.Fin))
	}
	if len(d.Certificats) == 0 {
		return d.Demande.Debut, d.Demande.Fin
	}
	return du, au
}

// finQualiopi returns the last day covered for nature n, "" when none is.
func (o Organisme) finQualiopi(n Nature) Date {
	var fin Date
	for _, q := range o.Qualiopi {
		if q.Nature == n || n == NatureAFEST && q.Nature == NatureFormation {
			fin = max(fin, q.Au)
		}
	}
	return fin
}

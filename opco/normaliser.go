package opco

import "slices"

// Normalisee returns d as it is stored: identifiers without spaces, names and
// texts composed (NFC) and without spaces at their ends. What cannot be read is
// left as it was, for Valider and ValiderBrouillon to refuse in a sentence. It is
// applied once, when a demande comes in; a second time changes nothing.
func (d Demande) Normalisee() Demande {
	d.Etablissement = luOuTel(d.Etablissement, ParseSIRET)
	d.Debut, d.Fin = luOuTel(d.Debut, ParseDate), luOuTel(d.Fin, ParseDate)
	d.Intitule = texteNormal(d.Intitule, intituleMax)
	d.Commentaire = texteNormal(d.Commentaire, commentaireMax)
	d.CodeCPF, d.ReferenceClient = texteNormal(d.CodeCPF, referenceMax), texteNormal(d.ReferenceClient, referenceMax)
	d.Organisme = d.Organisme.normalise()
	d.Lignes, d.Stagiaires, d.Modules = slices.Clone(d.Lignes), slices.Clone(d.Stagiaires), slices.Clone(d.Modules)
	for i := range d.Lignes {
		d.Lignes[i].Detail = texteNormal(d.Lignes[i].Detail, detailMax)
	}
	for i := range d.Stagiaires {
		s := &d.Stagiaires[i]
		s.Nom, s.Prenom, s.NeLe = nomNormal(s.Nom), nomNormal(s.Prenom), luOuTel(s.NeLe, ParseDate)
	}
	for i := range d.Modules {
		d.Modules[i].Intitule = texteNormal(d.Modules[i].Intitule, intituleMax)
	}
	return d
}

func (o OrganismeDemande) normalise() OrganismeDemande {
	o.SIRET, o.NDA, o.Email = luOuTel(o.SIRET, ParseSIRET), luOuTel(o.NDA, ParseNDA), luOuTel(o.Email, ParseEmail)
	o.Nom, o.Contact, o.Ville = nomNormal(o.Nom), nomNormal(o.Contact), nomNormal(o.Ville)
	o.Adresse = texteNormal(o.Adresse, intituleMax)
	o.Telephone = texteNormal(o.Telephone, referenceMax)
	o.CodePostal = sansEspaces(o.CodePostal)
	return o
}

// luOuTel returns what parse reads of s, or s itself when it reads nothing.
func luOuTel[T ~string](s T, parse func(string) (T, error)) T {
	if lu, err := parse(string(s)); err == nil {
		return lu
	}
	return s
}

func nomNormal(s string) string {
	return luOuTel(s, func(s string) (string, error) { return ParseNom("", s) })
}

func texteNormal(s string, max int) string {
	return luOuTel(s, func(s string) (string, error) { return ParseTexte("", s, max) })
}

package opco

import (
	"fmt"
	"slices"
)

// Limits of a demande. Texts are in characters.
const (
	stagiairesMax  = 500
	modulesMax     = 50
	intituleMax    = 200
	detailMax      = 200
	referenceMax   = 60
	commentaireMax = 2000
	ageMax         = 130 // years at the start (reliability.md, bad input 52)
)

// Valider returns every reason why d may not be sent, one sentence per field, in
// the order of the four steps; nil when d may be sent (T04, AK-17 to AK-52).
// Champ is the path of the field in JSON: « stagiaires[1].heures ». Hours are at
// most 24 a day of the period, and at most the length of the action with its
// modules. The cost of a module is part of the line PEDA.
func (d Demande) Valider() []*Error {
	v := &validation{d: d}
	v.brouillon()
	v.formation()
	v.organisme()
	v.modules()
	v.stagiaires()
	v.lignes()
	return v.errs
}

// ValiderBrouillon returns what can never be stored, even in a brouillon: an
// identifier, a date or a code that does not exist, a negative amount, a text
// too long. What is only missing is accepted (T02).
func (d Demande) ValiderBrouillon() []*Error {
	v := &validation{d: d}
	v.brouillon()
	return v.errs
}

// validation collects the mistakes of one demande, one per field.
type validation struct {
	d    Demande
	errs []*Error
}

// non records a mistake on champ, unless the field already has one.
func (v *validation) non(champ, format string, args ...any) {
	if !slices.ContainsFunc(v.errs, func(e *Error) bool { return e.Champ == champ }) {
		v.errs = append(v.errs, Champf(champ, format, args...))
	}
}

// lu records the refusal of a parser on champ.
func (v *validation) lu(champ string, err error) {
	if err != nil {
		v.non(champ, "%s", err.Error())
	}
}

// exact records on champ that saisi is not written as the parser returns it.
func exact[T ~string](v *validation, champ string, saisi T, parse func(string) (T, error)) {
	if saisi == "" {
		return
	}
	lu, err := parse(string(saisi))
	v.lu(champ, err)
	if err == nil && lu != saisi {
		v.non(champ, "Écrivez-le ainsi : « %s ».", lu)
	}
}

func (v *validation) texte(champ, s string, max int) {
	_, err := ParseTexte(champ, s, max)
	v.lu(champ, err)
}

func (v *validation) nom(champ, s string) {
	if s != "" {
		_, err := ParseNom(champ, s)
		v.lu(champ, err)
	}
}

func (v *validation) montant(champ string, m Montant) {
	switch {
	case m < 0:
		v.non(champ, "Un montant ne peut pas être négatif.")
	case m > MontantMax:
		v.non(champ, "Le montant dépasse %s.", MontantMax)
	}
}

func (v *validation) duree(champ string, m Minutes) {
	switch {
	case m < 0:
		v.non(champ, "Une durée ne peut pas être négative.")
	case m > MinutesMax:
		v.non(champ, "La durée ne peut pas dépasser 9 999 heures.")
	}
}

// brouillon checks what holds at every save.
func (v *validation) brouillon() {
	d := v.d
	exact(v, "etablissement", d.Etablissement, ParseSIRET)
	v.texte("intitule", d.Intitule, intituleMax)
	if d.Nature != "" && !slices.Contains(Natures(), d.Nature) {
		v.non("nature", "Ce type d’action n’existe pas : choisissez formation, bilan, VAE ou AFEST.")
	}
	v.texte("code_cpf", d.CodeCPF, referenceMax)
	v.texte("commentaire", d.Commentaire, commentaireMax)
	v.texte("reference_client", d.ReferenceClient, referenceMax)
	v.duree("duree", d.Duree)
	exact(v, "debut", d.Debut, ParseDate)
	exact(v, "fin", d.Fin, ParseDate)
	v.brouillonOrganisme(d.Organisme)
	v.brouillonModules()
	v.brouillonStagiaires()
	v.brouillonLignes()
}

func (v *validation) brouillonOrganisme(o OrganismeDemande) {
	exact(v, "organisme.siret", o.SIRET, ParseSIRET)
	exact(v, "organisme.nda", o.NDA, ParseNDA)
	exact(v, "organisme.email", o.Email, ParseEmail)
	v.nom("organisme.nom", o.Nom)
	if o.Type != "" && !slices.Contains(TypesOrganisme(), o.Type) {
		v.non("organisme.type", "Ce type d’organisme n’existe pas : choisissez-le dans la liste.")
	}
	v.nom("organisme.contact", o.Contact)
	v.nom("organisme.ville", o.Ville)
	v.texte("organisme.adresse", o.Adresse, intituleMax)
	v.texte("organisme.telephone", o.Telephone, referenceMax)
	if o.CodePostal != "" && (len(o.CodePostal) != 5 || !chiffres(o.CodePostal)) {
		v.non("organisme.code_postal", "Un code postal a 5 chiffres, par exemple 33000.")
	}
}

func (v *validation) brouillonModules() {
	if len(v.d.Modules) > modulesMax {
		v.non("modules", "Une demande a %d modules au plus.", modulesMax)
		return
	}
	for i, m := range v.d.Modules {
		champ := fmt.Sprintf("modules[%d].", i)
		v.texte(champ+"intitule", m.Intitule, intituleMax)
		v.duree(champ+"duree", m.Duree)
		v.montant(champ+"montant", m.Montant)
	}
}

func (v *validation) brouillonStagiaires() {
	if len(v.d.Stagiaires) > stagiairesMax {
		v.non("stagiaires", "Une demande a %d stagiaires au plus : faites-en plusieurs.", stagiairesMax)
		return
	}
	ids := map[string]bool{}
	for i, s := range v.d.Stagiaires {
		champ := fmt.Sprintf("stagiaires[%d].", i)
		v.nom(champ+"nom", s.Nom)
		v.nom(champ+"prenom", s.Prenom)
		exact(v, champ+"ne_le", s.NeLe, ParseDate)
		v.duree(champ+"heures", s.Heures)
		v.montant(champ+"salaire_horaire", s.SalaireHoraire)
		v.montant(champ+"peda", s.Peda)
		v.montant(champ+"transport", s.Transport)
		v.nombre(champ+"repas", s.Repas)
		v.nombre(champ+"nuits", s.Nuits)
		if s.ID != "" && ids[s.ID] {
			v.non(champ+"id", "Ce stagiaire est déjà dans la liste.")
		}
		ids[s.ID] = true
	}
}

func (v *validation) nombre(champ string, n int) {
	switch {
	case n < 0:
		v.non(champ, "Un nombre ne peut pas être négatif.")
	case n > 9999:
		v.non(champ, "Ce nombre est trop grand : 9 999 au plus.")
	}
}

func (v *validation) brouillonLignes() {
	vues := map[Ligne]bool{}
	for i, l := range v.d.Lignes {
		champ := fmt.Sprintf("lignes[%d].", i)
		if !slices.Contains(Lignes(), l.Ligne) {
			v.non(champ+"ligne", "Ce poste de coût n’existe pas : choisissez-le dans la liste.")
		} else if vues[l.Ligne] {
			v.non(champ+"ligne", "Le poste « %s » est demandé deux fois : réunissez les deux montants.", l.Ligne.Libelle())
		}
		vues[l.Ligne] = true
		v.montant(champ+"montant", l.Montant)
		v.texte(champ+"detail", l.Detail, detailMax)
	}
}

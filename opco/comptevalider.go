package opco

import (
	"fmt"
	"slices"
	"strings"
)

// Limits of an inscription. Texts are in characters.
const (
	blocsMax          = 10
	etablissementsMax = 50
	codeAdherentMax   = 20
	fonctionMax       = 120
	identifiantMin    = 4
	identifiantMax    = 64
)

// Valider returns every reason why the inscription cannot be taken, one sentence a
// field, in the order of the two steps (MA-20 to MA-56); nil when it can. Champ is
// the path of the field in JSON: « blocs[0].etablissements[1].siret ». jour is
// today, against which the birth date is read.
func (c ChargeInscrire) Valider(jour Date) []*Error {
	v := &validationCompte{}
	v.blocs(c.Blocs)
	v.identite("identite.", c.Identite, jour)
	if strings.TrimSpace(c.CGU) == "" {
		v.non("cgu", "Acceptez les conditions d’utilisation pour créer un compte.")
	}
	if !slices.Contains(CodesPolitique(), c.Politique) || c.Politique == PolitiqueInterne {
		v.non("politique", "Ce portail n’existe pas : rechargez la page.")
	}
	return v.errs
}

// ValiderBlocs does the same for the boxes of a form that adds an entity (MA-73).
func ValiderBlocs(blocs []BlocDemande) []*Error {
	v := &validationCompte{}
	v.blocs(blocs)
	return v.errs
}

// Valider does the same for the identity of a person (MA-50 to MA-55).
func (i Identite) Valider(jour Date) []*Error {
	v := &validationCompte{}
	v.identite("identite.", i, jour)
	return v.errs
}

// validationCompte collects the mistakes of one form, one per field.
type validationCompte struct{ validation }

func (v *validationCompte) identite(champ string, i Identite, jour Date) {
	v.civilite(champ+"civilite", i.Civilite)
	v.nomRequis(champ+"nom", i.Nom, "Indiquez le nom.")
	v.nomRequis(champ+"prenom", i.Prenom, "Indiquez le prénom.")
	email, err := ParseEmail(string(i.Email))
	v.lu(champ+"email", err)
	if err == nil && email != i.Email {
		v.non(champ+"email", "Écrivez-le ainsi : « %s ».", email)
	}
	v.telephone(champ+"telephone", i.Telephone)
	if len(i.Fonction) > 0 {
		v.texte(champ+"fonction", i.Fonction, fonctionMax)
	}
	switch _, err := ParseDate(string(i.NeLe)); {
	case i.NeLe == "":
	case err != nil:
		v.non(champ+"ne_le", "%s", err.Error())
	case i.NeLe >= jour || jour.Annee()-i.NeLe.Annee() > ageMax:
		v.non(champ+"ne_le", "Vérifiez la date de naissance : le %s ne convient pas.", i.NeLe.Longue())
	}
}

func (v *validationCompte) civilite(champ, s string) {
	if s != "M." && s != "Mme" {
		v.non(champ, "Choisissez une civilité : M. ou Mme.")
	}
}

func (v *validationCompte) nomRequis(champ, s, manque string) {
	if strings.TrimSpace(s) == "" {
		v.non(champ, "%s", manque)
		return
	}
	v.nom(champ, s)
}

func (v *validationCompte) telephone(champ, s string) {
	if _, err := ParseTelephone(s); err != nil {
		v.non(champ, "%s", err.Error())
	}
}

func (v *validationCompte) blocs(bs []BlocDemande) {
	if len(bs) == 0 {
		v.non("blocs", "Choisissez au moins un profil : entreprise adhérente ou organisme de formation.")
	}
	if len(bs) > blocsMax {
		v.non("blocs", "Une demande porte sur %d organisations au plus.", blocsMax)
		return
	}
	vus := map[string]bool{}
	for i, b := range bs {
		champ := fmt.Sprintf("blocs[%d].", i)
		switch b.Profil {
		case RoleEntreprise:
			v.entreprise(champ, b)
		case RoleOrganisme:
			v.organisme(champ, b)
		default:
			v.non(champ+"profil", "Choisissez un profil : entreprise adhérente ou organisme de formation.")
			continue
		}
		v.services(champ, b)
		v.nomRequis(champ+"responsable", b.Responsable, "Indiquez le responsable légal.")
		v.etablissements(champ, b, vus)
		if !b.Certifie {
			v.non(champ+"certifie", "Certifiez que le titulaire du compte est autorisé à agir pour ces établissements.")
		}
	}
}

// entreprise checks MA-22, MA-25 and MA-26.
func (v *validationCompte) entreprise(champ string, b BlocDemande) {
	idcc, err := ParseIDCC(b.Branche)
	switch {
	case b.Branche == "":
		v.non(champ+"branche", "Choisissez votre branche.")
	case err != nil:
		v.lu(champ+"branche", err)
	case string(idcc) != b.Branche:
		v.non(champ+"branche", "Écrivez-la ainsi : « %s ».", idcc)
	}
	code, err := ParseTexte(champ+"code_adherent", b.CodeAdherent, codeAdherentMax)
	v.lu(champ+"code_adherent", err)
	if err == nil && code == "" {
		v.non(champ+"code_adherent", "Indiquez votre code adhérent : il figure en haut à droite de nos courriers.")
	}
	switch m := b.MasseSalariale; {
	case m <= 0:
		v.non(champ+"masse_salariale", "Indiquez la masse salariale de l’année précédente, en euros. Votre expert-comptable la connaît.")
	case m > MontantMax:
		v.montant(champ+"masse_salariale", m)
	case m%100 != 0:
		v.non(champ+"masse_salariale", "La masse salariale est un nombre entier d’euros, sans centimes.")
	}
}

// organisme checks MA-34 and MA-37.
func (v *validationCompte) organisme(champ string, b BlocDemande) {
	if b.NDA == "" {
		v.non(champ+"nda", "Indiquez votre numéro de déclaration d’activité : 11 chiffres.")
	}
	exact(&v.validation, champ+"nda", b.NDA, ParseNDA)
	if b.FactureHT <= 0 {
		v.non(champ+"facture_ht", "Indiquez le montant hors taxes d’une facture que vous nous avez envoyée.")
		return
	}
	v.montant(champ+"facture_ht", b.FactureHT)
}

func (v *validationCompte) services(champ string, b BlocDemande) {
	if len(b.Services) == 0 {
		v.non(champ+"services", "Choisissez au moins un service.")
	}
	for i, s := range b.Services {
		if !slices.Contains(Services(b.Profil), s) || slices.Contains(b.Services[:i], s) {
			v.non(champ+"services", "Choisissez les services dans la liste, chacun une fois.")
		}
	}
}

// etablissements checks MA-28 to MA-31. A SIRET is asked for once in a profile.
func (v *validationCompte) etablissements(champ string, b BlocDemande, vus map[string]bool) {
	if len(b.Etablissements) == 0 {
		v.non(champ+"etablissements", "Indiquez au moins un établissement.")
	}
	if len(b.Etablissements) > etablissementsMax {
		v.non(champ+"etablissements", "Une demande porte sur %d établissements au plus : ajoutez les autres ensuite.", etablissementsMax)
		return
	}
	for i, e := range b.Etablissements {
		ici := fmt.Sprintf("%setablissements[%d].", champ, i)
		if e.SIRET == "" {
			v.non(ici+"siret", "Indiquez le SIRET de l’établissement : 14 chiffres.")
		}
		exact(&v.validation, ici+"siret", e.SIRET, ParseSIRET)
		if cle := string(b.Profil) + string(e.SIRET); vus[cle] && e.SIRET != "" {
			v.non(ici+"siret", "Cet établissement est déjà dans la demande.")
		} else {
			vus[cle] = true
		}
		fonction, err := ParseTexte(ici+"fonction", e.Fonction, fonctionMax)
		v.lu(ici+"fonction", err)
		if err == nil && fonction == "" {
			v.non(ici+"fonction", "Indiquez votre fonction dans cet établissement.")
		}
		v.telephone(ici+"telephone", e.Telephone)
	}
}

// ParseIdentifiant reads the identifier that a person chooses (AT-03): 4 to 64
// letters a to z, digits, dots, dashes, underscores or @; upper case is lowered.
// Errors are Invalid, on the field « identifiant ».
func ParseIdentifiant(s string) (string, error) {
	t := strings.ToLower(strings.TrimSpace(s))
	if n := len(t); n < identifiantMin || n > identifiantMax {
		return "", Champf("identifiant", "Choisissez un identifiant de %d à %d caractères.", identifiantMin, identifiantMax)
	}
	for _, r := range t {
		if !(('a' <= r && r <= 'z') || ('0' <= r && r <= '9') || strings.ContainsRune("._@-", r)) {
			return "", Champf("identifiant", "L’identifiant s’écrit avec des lettres sans accent, des chiffres, et les signes . _ @ -, sans espace.")
		}
	}
	return t, nil
}

// identifiantChoisi is ParseIdentifiant for an identifier that somebody chooses. One
// shaped like an address is the address of the account: it would else pass for
// somebody else, and keep them from their own.
func identifiantChoisi(s string, email Email) (string, error) {
	id, err := ParseIdentifiant(s)
	if err == nil && strings.Contains(id, "@") && !strings.EqualFold(id, string(email)) {
		err = Champf("identifiant", "Un identifiant qui contient « @ » doit être l’adresse e-mail de ce compte. Choisissez-en un sans « @ ».").AvecCode("IDENTIFIANT_ADRESSE")
	}
	return id, err
}

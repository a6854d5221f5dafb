package opco

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// FonctionInterlocuteur is what somebody of a unit does for a company (AK-13).
type FonctionInterlocuteur string

// The four functions that a company reads on its home page, in this order.
const (
	ConseillerPlan FonctionInterlocuteur = "CONSEILLER_PLAN"
	AssistantPlan  FonctionInterlocuteur = "ASSISTANT_PLAN"
	ConseillerProf FonctionInterlocuteur = "CONSEILLER_PROF"
	AssistantProf  FonctionInterlocuteur = "ASSISTANT_PROF"
)

var libellesFonction = map[FonctionInterlocuteur]string{
	ConseillerPlan: "Conseiller plan", AssistantPlan: "Assistant formation plan",
	ConseillerProf: "Conseiller professionnalisation", AssistantProf: "Assistant formation professionnalisation",
}

// FonctionsInterlocuteur lists the functions in the order of AK-13.
func FonctionsInterlocuteur() []FonctionInterlocuteur {
	return []FonctionInterlocuteur{ConseillerPlan, AssistantPlan, ConseillerProf, AssistantProf}
}

// Libelle names the function for a reader.
func (f FonctionInterlocuteur) Libelle() string { return libellesFonction[f] }

// Interlocuteur is a person of the OPCO whom a company may write to.
type Interlocuteur struct {
	Fonction  FonctionInterlocuteur `json:"fonction"`
	Nom       string                `json:"nom"`
	Email     Email                 `json:"email"`
	Telephone string                `json:"telephone,omitempty"`
}

// Unite is a unit of the OPCO and the companies that it follows: those of Departement,
// of the branch IDCC, or the one company SIREN; an empty field chooses nothing.
type Unite struct {
	ID             string          `json:"id"`
	Nom            string          `json:"nom"`
	Adresse        string          `json:"adresse,omitempty"`
	SIREN          SIREN           `json:"siren,omitempty"`
	IDCC           string          `json:"idcc,omitempty"`
	Departement    string          `json:"departement,omitempty"`
	Interlocuteurs []Interlocuteur `json:"interlocuteurs"`
	Version        int             `json:"version"` // of the row that was read: two people never overwrite each other
}

// suit reports whether the unit follows a company of a branch in a département, and
// how near: its own portfolio first, then branch and département, département, branch.
func (u Unite) suit(siren SIREN, idcc, departement string) (poids int, ok bool) {
	for _, x := range []struct {
		voulu, vu string
		poids     int
	}{{string(u.SIREN), string(siren), 4}, {u.Departement, departement, 2}, {u.IDCC, idcc, 1}} {
		switch x.voulu {
		case "":
		case x.vu:
			poids += x.poids
		default:
			return 0, false
		}
	}
	return poids, true
}

// UniteDe returns the nearest unit that follows a company, for its établissement at
// codePostal.
func UniteDe(us []Unite, e Entreprise, codePostal string) (Unite, bool) {
	meilleure, trouvee, poids := Unite{}, false, -1
	for _, u := range us {
		if n, ok := u.suit(e.SIREN, e.IDCC, Departement(codePostal)); ok && n > poids {
			meilleure, trouvee, poids = u, true, n
		}
	}
	return meilleure, trouvee
}

// Departement returns the département of a postal code: its first two figures, three
// overseas, "" when it is not one.
func Departement(codePostal string) string {
	cp := sansEspaces(codePostal)
	switch {
	case len(cp) != 5 || strings.Trim(cp, "0123456789") != "":
		return ""
	case strings.HasPrefix(cp, "97"), strings.HasPrefix(cp, "98"):
		return cp[:3]
	}
	return cp[:2]
}

// Bounds of what is written of a unit and of an information, in characters.
const (
	uniteNomMax     = 120
	uniteAdresseMax = 250
	infoTitreMax    = 120
	infoTexteMax    = 600
)

// Valider returns what is wrong with a unit, each on its field: « nom »,
// « departement », « interlocuteurs.CONSEILLER_PLAN.email »…
func (u Unite) Valider() []*Error {
	var refus []*Error
	non := func(champ, phrase string) { refus = append(refus, Champf(champ, "%s", phrase)) }
	if strings.TrimSpace(u.Nom) == "" {
		non("nom", "Donnez le nom de l’unité : l’entreprise le lit sur son accueil.")
	}
	if utf8.RuneCountInString(u.Nom) > uniteNomMax {
		non("nom", "Ce nom est trop long : 120 caractères au plus.")
	}
	if utf8.RuneCountInString(u.Adresse) > uniteAdresseMax {
		non("adresse", "Cette adresse est trop longue : 250 caractères au plus.")
	}
	if u.Departement != "" && (len(u.Departement) < 2 || len(u.Departement) > 3 || strings.Trim(u.Departement, "0123456789") != "") {
		non("departement", "Écrivez le département en chiffres : 31, ou 974.")
	}
	if u.IDCC != "" && (len(u.IDCC) > 4 || strings.Trim(u.IDCC, "0123456789") != "") {
		non("idcc", "Écrivez l’IDCC de la branche en quatre chiffres : 2691.")
	}
	for _, i := range u.Interlocuteurs {
		champ := "interlocuteurs." + string(i.Fonction)
		if !slices.Contains(FonctionsInterlocuteur(), i.Fonction) {
			non("interlocuteurs", "Cette fonction n’existe pas.")
			continue
		}
		if strings.TrimSpace(i.Nom) == "" {
			non(champ+".nom", "Donnez le nom de cette personne, ou effacez sa ligne.")
		}
		if _, err := ParseEmail(string(i.Email)); err != nil {
			non(champ+".email", "Donnez une adresse e-mail valide : l’entreprise y écrit.")
		}
	}
	return refus
}

// Information is what the OPCO tells on the home pages from Du to Au, included, to
// Public: « tous », « entreprise » or « organisme » (AK-14).
type Information struct {
	ID      string `json:"id"`
	Titre   string `json:"titre"`
	Texte   string `json:"texte"`
	Ton     string `json:"ton"` // bleu, or ambre when it calls for care
	Public  string `json:"public"`
	Du      Date   `json:"du"`
	Au      Date   `json:"au,omitempty"`
	Version int    `json:"version"`
}

// Valider returns what is wrong with an information, each on its field.
func (i Information) Valider() []*Error {
	var refus []*Error
	non := func(champ, phrase string) { refus = append(refus, Champf(champ, "%s", phrase)) }
	switch n := utf8.RuneCountInString(strings.TrimSpace(i.Titre)); {
	case n == 0:
		non("titre", "Donnez un titre : c’est ce qui est lu d’abord.")
	case n > infoTitreMax:
		non("titre", "Ce titre est trop long : 120 caractères au plus.")
	}
	switch n := utf8.RuneCountInString(strings.TrimSpace(i.Texte)); {
	case n == 0:
		non("texte", "Écrivez l’information en une ou deux phrases.")
	case n > infoTexteMax:
		non("texte", "Ce texte est trop long : 600 caractères au plus.")
	}
	if !slices.Contains([]string{"bleu", "ambre"}, i.Ton) {
		non("ton", "Choisissez : une information, ou un point d’attention.")
	}
	if !slices.Contains([]string{"tous", "entreprise", "organisme"}, i.Public) {
		non("public", "Choisissez qui lit cette information.")
	}
	if _, err := ParseDate(string(i.Du)); err != nil {
		non("du", "Donnez le premier jour d’affichage.")
	}
	if i.Au != "" {
		if _, err := ParseDate(string(i.Au)); err != nil {
			non("au", "Écrivez la date AAAA-MM-JJ, ou laissez vide.")
		} else if i.Au < i.Du {
			non("au", "Le dernier jour ne peut pas précéder le premier.")
		}
	}
	return refus
}

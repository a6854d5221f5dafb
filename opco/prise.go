package opco

import (
	"slices"
	"strings"
	"time"
)

// ParametresFile are the dated figures of the work queues (domain.md 5.2, all [A]).
type ParametresFile struct {
	PriseMinutes  int `json:"prise_minutes"`  // a dossier taken and left idle goes back to its queue: 30
	UrgentOuvres  int `json:"urgent_ouvres"`  // jours ouvrés left under which a deadline is urgent: 3
	ProcheOuvres  int `json:"proche_ouvres"`  // under which it is near: 10
	ReveilHeure   int `json:"reveil_heure"`   // hour of Paris at which what was set aside comes back: 8
	AttenteJours  int `json:"attente_jours"`  // longest wait, in calendar days: 90
	VuesMax       int `json:"vues_max"`       // views that one person keeps: 30
	EtiquettesMax int `json:"etiquettes_max"` // labels of the house: 100
	LotMax        int `json:"lot_max"`        // dossiers entrusted at once by name: 500
	ActionLotMax  int `json:"action_lot_max"` // dossiers of one action: 50,000
}

func parametresFileDefaut() ParametresFile {
	return ParametresFile{PriseMinutes: 30, UrgentOuvres: 3, ProcheOuvres: 10, ReveilHeure: 8, AttenteJours: 90, VuesMax: 30,
		EtiquettesMax: 100, LotMax: 500, ActionLotMax: 50_000}
}

// Prise is the lease of a person on a dossier: nobody else is given it while it
// lasts. Each sign of life of its holder renews it.
type Prise struct {
	Par     Acteur
	Depuis  time.Time
	Expire  time.Time
	Dossier string
}

// Vive reports whether the lease still holds at the instant le.
func (p Prise) Vive(le time.Time) bool { return le.Before(p.Expire) }

// Reprendre reports whether par may take over a dossier that p holds at le: its
// holder, anybody once the lease has ended, a responsable at any time. The sentence
// of the refusal names who holds it.
func (p Prise) Reprendre(par Acteur, le time.Time) error {
	if par.Croise(p.Par) || !p.Vive(le) || par.Role == RoleResponsable {
		return nil
	}
	return Errorf(Conflict, "%s étudie ce dossier depuis %s. Il se libère à %s s’il n’y touche plus ; un responsable peut vous le donner avant.",
		p.Par.Nom, heureDite(p.Depuis, le), p.Expire.In(Paris).Format("15 h 04")).AvecCode("DOSSIER_PRIS")
}

// heureDite writes the instant t as it is told at le: the hour alone on the day.
func heureDite(t, le time.Time) string {
	h := t.In(Paris).Format("15 h 04")
	if j := JourDe(t); j != JourDe(le) {
		return "le " + j.Longue() + " à " + h
	}
	return h
}

// Dit says who holds the dossier and since when, as a sentence.
func (p Prise) Dit(le time.Time) string {
	return p.Par.Nom + " l’étudie depuis " + heureDite(p.Depuis, le) + "."
}

// GardePrise reports whether the lease on a dossier outlives its passage from an
// état to another: only while the same person goes on with the same work.
func GardePrise(de, vers Etat) bool {
	return de == vers || de == EtatTransmise && vers == EtatEnInstruction
}

// Attente sets a dossier aside until a day, for a reason.
type Attente struct {
	JusquAu Date   `json:"jusqu_au"`
	Raison  string `json:"raison"`
}

// raisonAttenteMax bounds the reason of a wait, in characters.
const raisonAttenteMax = 500

// Valider refuses a wait without a reason, in the past, too long, or beyond the legal
// deadline limite of the dossier ("" for none), which always wins.
func (a Attente) Valider(jour, limite Date, p ParametresFile) error {
	if _, err := ParseDate(string(a.JusquAu)); err != nil {
		return Champf("jusqu_au", "Donnez le jour où ce dossier doit revenir dans la file.")
	}
	fin := jour.Jours(p.AttenteJours)
	switch {
	case a.JusquAu <= jour:
		return Champf("jusqu_au", "Choisissez un jour après aujourd’hui, %s.", jour.Longue())
	case limite != "" && limite <= jour:
		return Champf("jusqu_au", "Il faut répondre sans attendre : le délai légal finit le %s.", limite.Longue()).AvecCode("DELAI_LEGAL")
	case limite != "" && a.JusquAu > limite:
		return Champf("jusqu_au", "Ce dossier ne peut pas attendre au-delà du %s : il faut y répondre ce jour-là au plus tard.", limite.Longue()).AvecCode("DELAI_LEGAL")
	case a.JusquAu > fin:
		return Champf("jusqu_au", "Un dossier attend %d jours au plus : choisissez le %s, ou avant.", p.AttenteJours, fin.Longue())
	}
	_, err := ParseTexte("raison", a.Raison, raisonAttenteMax)
	if err == nil && a.Raison == "" {
		err = Champf("raison", "Dites pourquoi ce dossier attend : vos collègues le liront.")
	}
	return err
}

// Reveil is the instant at which the dossier comes back.
func (a Attente) Reveil(p ParametresFile) time.Time { return a.JusquAu.Heure(p.ReveilHeure, 0) }

// Portefeuille is one line of what a member of the staff follows: dossiers of a
// branch, of a département, of a company, or of them together; "" narrows nothing.
type Portefeuille struct {
	IDCC        string `json:"idcc,omitempty"`
	Departement string `json:"departement,omitempty"`
	SIREN       SIREN  `json:"siren,omitempty"`
}

// ParsePortefeuille reads such a line as a person types it. One that would follow
// everything is refused, and each fault is on its field.
func ParsePortefeuille(idcc, dep, siren string) (Portefeuille, error) {
	var p Portefeuille
	if sansEspaces(idcc) != "" {
		i, err := ParseIDCC(idcc)
		if err != nil {
			return p, err
		}
		p.IDCC = string(i)
	}
	if p.Departement = strings.ToUpper(sansEspaces(dep)); p.Departement != "" && !departement(p.Departement) {
		return p, Champf("departement", "Ce département n’existe pas : écrivez par exemple 31, 2A ou 974.")
	}
	if sansEspaces(siren) != "" {
		var err error
		if p.SIREN, err = ParseSIREN(siren); err != nil {
			return p, err
		}
	}
	if p == (Portefeuille{}) {
		return p, Champf("idcc", "Choisissez une branche, un département ou une entreprise.")
	}
	return p, nil
}

func departement(s string) bool {
	if s == "2A" || s == "2B" {
		return true
	}
	switch {
	case len(s) == 2 && chiffres(s):
		return s >= "01" && s <= "95" && s != "20"
	case len(s) == 3 && chiffres(s):
		return s >= "971" && s <= "978" || s >= "984" && s <= "988"
	}
	return false
}

// DepartementDe returns the département of a postal code, "" when it has none. The
// postal codes of Corsica tell its two départements apart.
func DepartementDe(codePostal string) string {
	if len(codePostal) != 5 || !chiffres(codePostal) {
		return ""
	}
	switch {
	case codePostal >= "20200" && codePostal < "21000":
		return "2B"
	case codePostal[:2] == "20":
		return "2A"
	case codePostal >= "97000" && codePostal < "99000":
		return codePostal[:3]
	}
	return codePostal[:2]
}

// Etiquette is a label that the teams put on dossiers. Ton is one of the six tones of
// the pages.
type Etiquette struct {
	Nom string `json:"nom"`
	Ton string `json:"ton"`
}

// TonsEtiquette lists the tones that a label may have.
func TonsEtiquette() []string { return []string{"gris", "bleu", "ambre", "vert", "rouge", "prune"} }

// nomCourtMax bounds the name of a label or of a view, in characters.
const nomCourtMax = 40

// Valider refuses a label without a name or of an unknown tone.
func (e Etiquette) Valider() error {
	if e.Nom == "" {
		return Champf("nom", "Donnez un nom à cette étiquette.")
	}
	if _, err := ParseTexte("nom", e.Nom, nomCourtMax); err != nil {
		return err
	}
	if !slices.Contains(TonsEtiquette(), e.Ton) {
		return Champf("ton", "Choisissez une couleur de la liste.")
	}
	return nil
}

// ValiderNomVue refuses a view without a name.
func ValiderNomVue(nom string) error {
	if nom == "" {
		return Champf("nom", "Donnez un nom à cette vue.")
	}
	_, err := ParseTexte("nom", nom, nomCourtMax)
	return err
}

package opco

import (
	"strings"
	"unicode"
)

// EtatDocument says what the OPCO thinks of a document of an organisme (AT-27).
type EtatDocument string

// The états of a document. A deleted one is shown to nobody; its journal stays.
const (
	DocumentRecu        EtatDocument = "RECU"
	DocumentConforme    EtatDocument = "CONFORME"
	DocumentNonConforme EtatDocument = "NON_CONFORME"
	DocumentSupprime    EtatDocument = "SUPPRIME"
)

// EtatsDocument lists the états of a document.
func EtatsDocument() []EtatDocument {
	return []EtatDocument{DocumentRecu, DocumentConforme, DocumentNonConforme, DocumentSupprime}
}

// CategorieDocument is what a document may be, and what is asked beside its file
// (AT-18, AT-30). The rows are dated reference data.
type CategorieDocument struct {
	Code        string `db:"code" json:"code"`
	Libelle     string `db:"libelle" json:"libelle"`
	Consignes   string `db:"consignes" json:"consignes,omitempty"`
	AvecDossier bool   `db:"avec_dossier" json:"avec_dossier"` // else it belongs to no dossier
	AvecLibelle bool   `db:"avec_libelle" json:"avec_libelle"`
	AvecPeriode bool   `db:"avec_periode" json:"avec_periode"` // may be said
	DeLOPCO     bool   `db:"de_l_opco" json:"de_l_opco"`       // the OPCO alone deposits it
}

// The categories under which the letters of the OPCO are shown.
const (
	CategorieAvisVirement = "AVIS_VIREMENT"
	CategorieCourrier     = "COURRIER_OPCO"
)

// SaisieDocument is what is said of a document beside its file.
type SaisieDocument struct {
	Categorie string `json:"categorie"`
	Dossier   string `json:"dossier,omitempty"` // id
	Libelle   string `json:"libelle,omitempty"`
	Du        Date   `json:"du,omitempty"`
	Au        Date   `json:"au,omitempty"`
}

// Accepter returns s as a document of the category c may be: what c does not ask
// for is left out, and a missing label is that of the category. Errors are Invalid,
// on the field at fault. interne says that the OPCO deposits.
func (c CategorieDocument) Accepter(s SaisieDocument, interne bool) (SaisieDocument, error) {
	switch {
	case c.DeLOPCO && !interne:
		return s, Champf("categorie", "« %s » est déposé par l’OPCO : choisissez une autre catégorie.", c.Libelle)
	case c.AvecDossier && s.Dossier == "":
		return s, Champf("dossier", "Choisissez le dossier que ce document concerne.")
	case c.AvecLibelle && s.Libelle == "":
		return s, Champf("libelle", "Donnez un libellé à ce document : c’est lui que vous chercherez.")
	case c.AvecPeriode && s.Du != "" && s.Au != "" && s.Au < s.Du:
		return s, Champf("au", "La période finit avant de commencer : vérifiez les deux dates.")
	}
	if !c.AvecDossier {
		s.Dossier = ""
	}
	if s.Libelle == "" {
		s.Libelle = c.Libelle
	}
	if !c.AvecPeriode {
		s.Du, s.Au = "", ""
	}
	s.Categorie = c.Code
	return s, nil
}

// ChargeConformite is what the OPCO says of a document: conforme, or not and why.
type ChargeConformite struct {
	Conforme    bool   `json:"conforme"`
	Motif       Motif  `json:"motif,omitempty"`
	Explication string `json:"explication,omitempty"`
}

// Valider returns an Invalid error when c does not say why a document is not
// conforme: its depositor must know what to correct (AT-27).
func (c ChargeConformite) Valider() error {
	switch {
	case c.Conforme:
		return nil
	case c.Motif == "":
		return Champf("motif", "Choisissez un motif : l’organisme le lira sous le document.")
	case !c.Motif.Pour(UsagePiece):
		return Champf("motif", "« %s » ne peut pas rendre un document non conforme : choisissez un motif de la liste.", c.Motif.Libelle())
	case c.Motif == MotifPieceAutre && c.Explication == "":
		return Champf("explication", "Dites ce qui ne va pas : l’organisme le lira sous le document.")
	}
	return nil
}

// NonConformiteDite is what is read under a document that is not conforme: « Non
// conforme : illisible » (AT-27, S26).
func NonConformiteDite(m Motif, explication string) string {
	if m == MotifPieceAutre && explication != "" {
		return "Non conforme : " + explication
	}
	r := []rune(m.Libelle())
	if len(r) > 1 && !unicode.IsUpper(r[1]) {
		r[0] = unicode.ToLower(r[0])
	}
	return "Non conforme : " + string(r)
}

// CleNumero is how a number of dossier or of payment is looked for: letters and
// figures only, lower case. Several generations of numbers live together, and none
// is ever taken apart (AT-32).
func CleNumero(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, NFC(s))
}

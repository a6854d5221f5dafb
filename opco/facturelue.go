package opco

import "errors"

// Codes of the files that carry no data of an invoice, and of a counter that reads
// none: such a file is an ordinary paper, which people read.
const (
	CodeFactureSansXML     = "FACTURE_SANS_XML"
	CodeFactureFormat      = "FACTURE_FORMAT_INCONNU"
	CodeFactureSansLecteur = "FACTURE_SANS_LECTEUR"
)

// FactureOrdinaire reports whether err, of the reading of a file as an electronic
// invoice, says that it is an ordinary one. Anything else is a file that carries data
// which cannot be read, or may not be: it does not pass for a plain one.
func FactureOrdinaire(err error) bool {
	var refus *Error
	if !errors.As(err, &refus) || refus.Kind != Invalid {
		return false
	}
	switch refus.Code {
	case CodeFactureSansXML, CodeFactureFormat, CodeFactureSansLecteur:
		return true
	}
	return false
}

// FactureLue is what the file of an electronic invoice says, in the words of
// EN 16931 (domain.md I5). Nothing of it is judged yet. An amount is a whole
// number of cents: the file may write two decimals and no more (BR-DEC).
type FactureLue struct {
	Profil      string      `json:"profil"`                 // BASIC WL, BASIC, EN 16931, EXTENDED
	Type        string      `json:"type"`                   // BT-3: 380 an invoice, 381 an avoir
	Numero      string      `json:"numero"`                 // BT-1
	Date        Date        `json:"date"`                   // BT-2
	Devise      string      `json:"devise"`                 // BT-5
	Notes       []string    `json:"notes,omitempty"`        // BT-22
	Vendeur     PartieLue   `json:"vendeur"`                // BG-4
	Acheteur    PartieLue   `json:"acheteur"`               // BG-7
	Commande    string      `json:"commande,omitempty"`     // BT-13
	RefAcheteur string      `json:"ref_acheteur,omitempty"` // BT-10
	Contrat     string      `json:"contrat,omitempty"`      // BT-12
	RefPaiement string      `json:"ref_paiement,omitempty"` // BT-83
	IBANs       []string    `json:"ibans,omitempty"`        // BT-84, as written
	Origine     string      `json:"origine,omitempty"`      // BT-25: the invoice that this one follows
	Du          Date        `json:"du,omitempty"`           // BT-73
	Au          Date        `json:"au,omitempty"`           // BT-74
	Conditions  string      `json:"conditions,omitempty"`   // BT-20
	EcheanceLe  Date        `json:"echeance_le,omitempty"`  // BT-9
	Lignes      []LigneLue  `json:"lignes,omitempty"`       // BG-25; none in BASIC WL
	Remises     []RemiseLue `json:"remises,omitempty"`      // BG-20 and BG-21
	TVAs        []TVALue    `json:"tvas"`                   // BG-23
	Totaux      TotauxLus   `json:"totaux"`                 // BG-22
	Page        PageLue     `json:"page"`                   // what people see of it
}

// PartieLue is the seller or the buyer. Ids are as written, empty when absent.
type PartieLue struct {
	Nom   string   `json:"nom"`
	Legal string   `json:"legal,omitempty"` // BT-30, BT-47: SIREN or SIRET
	Ids   []string `json:"ids,omitempty"`   // BT-29, BT-46
	TVA   string   `json:"tva,omitempty"`   // BT-31, BT-48
	Note  string   `json:"note,omitempty"`  // BT-33: other legal information, where the NDA is written
}

// LigneLue is one line. Heures is 0 when the quantity is not in hours.
type LigneLue struct {
	Numero    string  `json:"numero"`
	Texte     string  `json:"texte"` // name, description, notes and references
	Heures    Minutes `json:"heures,omitempty"`
	Montant   Montant `json:"montant"`             // BT-131
	Categorie string  `json:"categorie,omitempty"` // BT-151
	Taux      int     `json:"taux,omitempty"`      // BT-152, hundredths of a percent
}

// RemiseLue is an allowance or a charge on the whole invoice.
type RemiseLue struct {
	Frais     bool    `json:"frais,omitempty"` // a charge: it adds to the total
	Montant   Montant `json:"montant"`
	Categorie string  `json:"categorie,omitempty"`
	Taux      int     `json:"taux,omitempty"`
	Raison    string  `json:"raison,omitempty"`
}

// TVALue is one line of the VAT breakdown.
type TVALue struct {
	Categorie   string  `json:"categorie"`
	Taux        int     `json:"taux"`
	Base        Montant `json:"base"`
	Montant     Montant `json:"montant"`
	Exoneration string  `json:"exoneration,omitempty"` // BT-120 or BT-121: why there is none
}

// TotauxLus are the totals of the document. LignesDites says that BT-106 is there,
// which only BASIC WL may leave out.
type TotauxLus struct {
	LignesDites bool    `json:"lignes_dites,omitempty"`
	Lignes      Montant `json:"lignes"`  // BT-106
	Remises     Montant `json:"remises"` // BT-107
	Frais       Montant `json:"frais"`   // BT-108
	HT          Montant `json:"ht"`      // BT-109
	TVA         Montant `json:"tva"`     // BT-110
	TTC         Montant `json:"ttc"`     // BT-112
	Paye        Montant `json:"paye"`    // BT-113
	Arrondi     Montant `json:"arrondi"` // BT-114
	Du          Montant `json:"du"`      // BT-115
}

// EtatPage says what was found when the visible page was compared with the data.
type EtatPage string

// What the visible page says of the total.
const (
	PageConcorde EtatPage = "CONCORDE"  // the total of the data is the total of the page
	PageDiffere  EtatPage = "DIFFERE"   // the page shows another total
	PageNonLue   EtatPage = "NON_LUE"   // its text cannot be read: a person must look
	PageAbsente  EtatPage = "SANS_PAGE" // bare XML
)

// PageLue is the total that people read on the page of a PDF. Vu is the total
// found when it differs.
type PageLue struct {
	Etat EtatPage `json:"etat"`
	Vu   Montant  `json:"vu,omitempty"`
}

// EstAvoir reports whether the file is a credit note.
func (l FactureLue) EstAvoir() bool { return l.Type == "381" }

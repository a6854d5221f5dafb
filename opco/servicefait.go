package opco

import "slices"

// Certificat is a certificat de réalisation: what one stagiaire really followed
// (domain.md 3.10). Heures may be 0: nobody came.
type Certificat struct {
	ID        string  `json:"id"`
	Nom       string  `json:"nom"`
	Prenom    string  `json:"prenom"`
	NeLe      Date    `json:"ne_le,omitempty"`
	Intitule  string  `json:"intitule"`
	Nature    Nature  `json:"nature"`
	Du        Date    `json:"du"`
	Au        Date    `json:"au"`
	Heures    Minutes `json:"heures"`
	Emetteur  SIRET   `json:"emetteur"`
	SigneLe   Date    `json:"signe_le"`
	Signe     bool    `json:"signe"`
	Empreinte string  `json:"empreinte,omitempty"`
	PieceID   string  `json:"piece_id,omitempty"`
	// Remplace is the id of the certificat of the dossier that this one corrects,
	// when its name or its days alone would not tell (SF1, SF3).
	Remplace string `json:"remplace,omitempty"`
}

// Resultat is the outcome of one named check.
type Resultat string

// The outcomes of a check: conforme, attention, bloquant, attendu (not yet
// decidable), sans objet.
const (
	ResultatOK        Resultat = "OK"
	ResultatWarn      Resultat = "WARN"
	ResultatBlock     Resultat = "BLOCK"
	ResultatAttendu   Resultat = "ATTENDU"
	ResultatSansObjet Resultat = "SANS_OBJET"
)

// Controle is one check with its result, the evidence it rests on and the
// sentence that a person reads.
type Controle struct {
	Code     string   `json:"code"` // SF4, C12…
	Nom      string   `json:"nom"`  // short French name
	Resultat Resultat `json:"resultat"`
	Preuve   string   `json:"preuve"` // what was compared, with figures
	Phrase   string   `json:"phrase"`
	Motif    Motif    `json:"motif,omitempty"`
	Sujet    string   `json:"sujet,omitempty"` // stagiaire id, invoice number
	// Condition is what an accord must require because of this check.
	Condition string `json:"condition,omitempty"`
}

// PeriodeCertifiee returns the first and the last day that the certificats of a
// stagiaire (an id) certify of the period that f invoices; "" when none does.
func (d *Dossier) PeriodeCertifiee(f Facture, stagiaire string) (du, au Date) {
	siens := d.certificatsDe(Stagiaire{ID: stagiaire})
	return d.periodeCertifiee(f, func(c Certificat) bool {
		return slices.ContainsFunc(siens, func(x Certificat) bool { return x.ID == c.ID && x.Du == c.Du })
	})
}

// periodeCertifiee spans the certificats that garde keeps. An invoice with a period
// of its own looks at those that have a day in common with it.
func (d *Dossier) periodeCertifiee(f Facture, garde func(Certificat) bool) (du, au Date) {
	for _, c := range d.Certificats {
		if !garde(c) || f.Au != "" && c.Du > f.Au || f.Du != "" && c.Au < f.Du {
			continue
		}
		if du == "" || c.Du < du {
			du = c.Du
		}
		au = max(au, c.Au)
	}
	return du, au
}

// PiecesFinManquantes lists the pièces de fin that are still awaited: the
// certificats, as long as a stagiaire or an invoice has none, and an invoice.
func (d *Dossier) PiecesFinManquantes() []TypePiece {
	var manquent []TypePiece
	sansCertificat := func(s Stagiaire) bool { return len(d.certificatsDe(s)) == 0 }
	attend := func(f Facture) bool { return f.Etat == FactureSuspendue && f.Motif == MotifJustifAbs }
	if slices.ContainsFunc(d.Demande.Presents(), sansCertificat) || slices.ContainsFunc(d.Factures, attend) {
		manquent = append(manquent, PieceCertificat)
	}
	if !slices.ContainsFunc(d.Factures, func(f Facture) bool { return f.Etat.Ouverte() }) {
		manquent = append(manquent, PieceFacture)
	}
	return manquent
}

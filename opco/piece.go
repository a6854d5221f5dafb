package opco

import (
	"slices"
	"time"
)

// TypePiece is the kind of a document of a dossier.
type TypePiece string

// The kinds of pièce (AK-45, AK-46, OA-09, OA-10).
const (
	PieceProgramme      TypePiece = "PROGRAMME"
	PieceConvention     TypePiece = "CONVENTION"
	PieceDevis          TypePiece = "DEVIS"
	PieceRIB            TypePiece = "RIB"
	PieceQualiopi       TypePiece = "QUALIOPI"
	PieceCertificat     TypePiece = "CERTIFICAT_REALISATION"
	PieceFacture        TypePiece = "FACTURE"
	PieceFactureOF      TypePiece = "FACTURE_OF_ACQUITTEE"
	PieceReleveDepenses TypePiece = "RELEVE_DEPENSES"
	PieceEmargement     TypePiece = "EMARGEMENT"
	PieceAvoir          TypePiece = "AVOIR"
	PieceAutre          TypePiece = "AUTRE"
)

var libellesPiece = map[TypePiece]string{
	PieceProgramme: "programme détaillé", PieceConvention: "convention de formation", PieceDevis: "devis signé",
	PieceRIB: "RIB", PieceQualiopi: "certificat Qualiopi", PieceCertificat: "certificat de réalisation",
	PieceFacture: "facture", PieceFactureOF: "facture acquittée de l’organisme", PieceReleveDepenses: "relevé de dépenses",
	PieceEmargement: "feuilles d’émargement", PieceAvoir: "avoir", PieceAutre: "autre document",
}

// TypesPiece lists every kind of pièce.
func TypesPiece() []TypePiece {
	return []TypePiece{PieceProgramme, PieceConvention, PieceDevis, PieceRIB, PieceQualiopi, PieceCertificat, PieceFacture,
		PieceFactureOF, PieceReleveDepenses, PieceEmargement, PieceAvoir, PieceAutre}
}

// Libelle names the pièce in a sentence, lower case.
func (t TypePiece) Libelle() string { return libellesPiece[t] }

// DeLOrganisme reports whether the organisme de formation makes the pièce: it is
// told too when the OPCO asks for it (T06).
func (t TypePiece) DeLOrganisme() bool {
	switch t {
	case PieceProgramme, PieceConvention, PieceDevis, PieceQualiopi:
		return true
	}
	return false
}

// EtatPiece says what the OPCO thinks of a pièce.
type EtatPiece string

// The états of a pièce (AT-27). En quarantaine is before the file was examined.
const (
	PieceEnQuarantaine EtatPiece = "EN_QUARANTAINE"
	PieceRecue         EtatPiece = "RECUE"
	PieceConforme      EtatPiece = "CONFORME"
	PieceNonConforme   EtatPiece = "NON_CONFORME"
)

// Piece is a stored document, by reference: the file itself is in the store of
// files under Empreinte (SHA-256).
type Piece struct {
	ID        string    `json:"id"`
	Type      TypePiece `json:"type"`
	Titre     string    `json:"titre"`
	Empreinte string    `json:"empreinte,omitempty"`
	Etat      EtatPiece `json:"etat"`
	Motif     Motif     `json:"motif,omitempty"`
	DeposeLe  time.Time `json:"depose_le"`
}

// PieceDemandee is a pièce that the OPCO asks for, and why.
type PieceDemandee struct {
	Type      TypePiece   `json:"type"`
	Ou        []TypePiece `json:"ou,omitempty"`        // kinds that answer as well: a devis for a convention (AK-45)
	Motif     Motif       `json:"motif"`               // MANQUANTE, ILLISIBLE, PROGRAMME_SANS_OBJECTIFS…
	Precision string      `json:"precision,omitempty"` // free words of the gestionnaire
	Piece     string      `json:"piece,omitempty"`     // id of the pièce found non conforme
	Recue     string      `json:"recue,omitempty"`     // id of the pièce that answers
}

// Complement is a request for pièces that is open. Its délais run from LeJour.
type Complement struct {
	LeJour Date            `json:"le_jour"`
	Pieces []PieceDemandee `json:"pieces"`
}

// Satisfait reports whether every pièce asked for has been received.
func (c *Complement) Satisfait() bool {
	for _, p := range c.Pieces {
		if p.Recue == "" {
			return false
		}
	}
	return true
}

// manquantes returns the pièces not received yet.
func (c *Complement) manquantes() []PieceDemandee {
	return slices.DeleteFunc(slices.Clone(c.Pieces), func(p PieceDemandee) bool { return p.Recue != "" })
}

// recevoirType marks every pièce of a kind as answered by id.
func (c *Complement) recevoirType(t TypePiece, id string) {
	for i := range c.Pieces {
		if c.Pieces[i].Type == t {
			c.Pieces[i].Recue = id
		}
	}
}

// redemander asks for x, again when a pièce of its kind had been received.
func (c *Complement) redemander(x PieceDemandee) {
	i := slices.IndexFunc(c.Pieces, func(p PieceDemandee) bool { return p.Type == x.Type })
	if i < 0 {
		c.Pieces = append(c.Pieces, x)
		return
	}
	c.Pieces[i].Recue, c.Pieces[i].Motif, c.Pieces[i].Precision = "", x.Motif, x.Precision
}

// Recevoir marks what p answers and reports whether it answered anything.
func (c *Complement) Recevoir(p Piece) bool {
	for i := range c.Pieces {
		x := &c.Pieces[i]
		if x.Recue == "" && (x.Type == p.Type || slices.Contains(x.Ou, p.Type)) {
			x.Recue = p.ID
			return true
		}
	}
	return false
}

// PiecesCitees returns the ids of the pièces that an acte names as the file of what it
// sends: the invoice, the certificats. Each once.
func (a Acte) PiecesCitees() ([]string, error) {
	var ids []string
	switch a.Type {
	case ActeFacturer:
		c, err := lire[ChargeFacturer](&pas{a: a})
		if err != nil {
			return nil, err
		}
		ids = []string{c.Facture.PieceID}
	case ActeCertifier:
		c, err := lire[ChargeCertifier](&pas{a: a})
		if err != nil {
			return nil, err
		}
		for _, x := range c.Certificats {
			ids = append(ids, x.PieceID)
		}
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" }), nil
}

// PieceTropGrosse refuses a file that is longer than what a dossier takes.
func PieceTropGrosse() *Error {
	return Champf("fichier", "Ce fichier dépasse 10 Mo : réduisez-le ou partagez-le en plusieurs.").AvecCode(FichierTropGros)
}

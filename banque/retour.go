package banque

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
	"strings"
	"time"

	"guichet/opco"
)

// Format is a message of the bank that LireRetour knows.
type Format string

// The messages of a bank, by the end of their namespace (domain.md 4, I2 and I3).
const (
	FormatPain002 Format = "pain.002.001.10" // status of what we sent
	FormatCamt053 Format = "camt.053.001.08" // statement of a day
	FormatCamt054 Format = "camt.054.001.08" // notification of debits and credits
)

const nsPrefixe = "urn:iso:std:iso:20022:tech:xsd:"

// famille is what two messages that tell the same fact have in common: a debit
// told by a camt.054 and again by the camt.053 of the evening is one fact.
func (f Format) famille() string {
	if f == FormatPain002 {
		return "pain.002"
	}
	return "camt"
}

// Statut is what the bank says of a transfer, or of a whole file. The four-letter
// codes are those of ISO 20022; the others translate an account entry.
type Statut string

// What a bank may say.
const (
	StatutRecu     Statut = "RCVD"        // file received, not checked yet
	StatutForme    Statut = "ACTC"        // syntax checked
	StatutAccepte  Statut = "ACCP"        // accepted: the customer profile was checked too
	StatutEnCours  Statut = "ACSP"        // accepted, settlement in process
	StatutRegle    Statut = "ACSC"        // settled on the debtor's account
	StatutModifie  Statut = "ACWC"        // accepted with a change made by the bank
	StatutAttente  Statut = "PDNG"        // not decided yet, or entry not booked yet
	StatutPartiel  Statut = "PART"        // file only: some transfers are rejected
	StatutRejete   Statut = "RJCT"        // rejected, see Motif
	StatutAnnule   Statut = "CANC"        // cancelled at our request
	StatutExecute  Statut = "EXECUTE"     // camt: our account was debited
	StatutRetourne Statut = "RETOURNE"    // camt: the money of a transfer came back, see Motif
	StatutCredit   Statut = "CREDIT"      // camt: money received that is no return, for example a repayment
	StatutReprise  Statut = "CONTREPASSE" // camt: the bank takes back a credit it had booked
)

// Retour is a message of the bank, read. Statut and Motif are those of the whole
// file and are empty when the bank only speaks of transfers. They hold for every
// transfer of OrigMsgID that no Entree names: a pain.002 whose Statut is RJCT
// rejects them all, though it may list none. PART says nothing of those.
type Retour struct {
	Format     Format       `json:"format"`
	MsgID      string       `json:"msg_id"`      // id that the bank gave to this message
	CreeLe     time.Time    `json:"cree_le"`     // when the bank wrote it
	OrigMsgID  string       `json:"orig_msg_id"` // pain.002: MsgId of the file it answers
	OrigLot    string       `json:"orig_lot"`    // pain.002: PmtInfId, the number of the lot
	OrigNombre int          `json:"orig_nombre"` // pain.002: transfers of the file it answers, 0 if not told
	OrigSomme  opco.Montant `json:"orig_somme"`  // pain.002: control sum of that file, 0 if not told
	Statut     Statut       `json:"statut"`
	Motif      string       `json:"motif"`     // ISO reason code of Statut
	Precision  string       `json:"precision"` // what the bank adds in its own words
	Cle        string       `json:"cle"`       // stable key of Statut, "" without one; see Entree.Cle
	Entrees    []Entree     `json:"entrees"`
	Doublons   int          `json:"doublons"` // entries left out because this file tells them twice
}

// Entree is one fact told by the bank.
//
// Cle names the fact, not the file: a file that is renamed, indented again, or
// sent again under another MsgId gives the same keys. A store that holds Cle
// unique applies each fact once (reliability.md I6).
//
// An Entree with an Anomalie must not be applied: it goes to quarantine and is
// listed with that sentence. So does, for its reader, an Entree whose EndToEndID
// or Montant does not match a règlement.
type Entree struct {
	Cle        string       `json:"cle"`
	EndToEndID string       `json:"end_to_end_id"` // "" when the bank gives none
	Lot        string       `json:"lot"`           // PmtInfId when told: a debit of the whole lot has only this one
	Compte     string       `json:"compte"`        // camt: IBAN of our account that was debited or credited
	Statut     Statut       `json:"statut"`
	Motif      string       `json:"motif"`     // ISO reason code of a rejection or a return
	Precision  string       `json:"precision"` // what the bank adds in its own words
	Montant    opco.Montant `json:"montant"`   // always positive; 0 when a pain.002 does not repeat it
	Date       opco.Date    `json:"date"`      // camt: booking day; pain.002: day of the message
	RefBanque  string       `json:"ref_banque"`
	Anomalie   string       `json:"anomalie"` // why no machine may apply it, "" if it may
}

// LireRetour reads a message of the bank: pain.002.001.10, camt.053.001.08 or
// camt.054.001.08, recognised by its namespace. r is hostile until proven
// otherwise: size, depth and number of elements are limited, DOCTYPE and entities
// are refused, and so is an element that comes twice where one is meant. Every
// refusal is an opco.Invalid with a Code and a sentence for the comptable; nothing
// of a refused file is returned.
func LireRetour(r io.Reader) (Retour, error) {
	doc, err := lireXML(r)
	if err != nil {
		return Retour{}, err
	}
	format := Format(strings.TrimPrefix(doc.ns, nsPrefixe))
	if doc.nom != "Document" || string(format) == doc.ns {
		return Retour{}, refus(CodeFormatInconnu, "Ce fichier n’est pas un message ISO 20022 de la banque.")
	}
	switch format {
	case FormatPain002:
		return lirePain002(doc)
	case FormatCamt053:
		return lireCamt(doc, format, "BkToCstmrStmt", "Stmt")
	case FormatCamt054:
		return lireCamt(doc, format, "BkToCstmrDbtCdtNtfctn", "Ntfctn")
	}
	return Retour{}, refus(CodeFormatInconnu,
		"Le message « %.40s » n’est pas attendu ici. Guichet lit %s, %s et %s : demandez l’un de ces formats à la banque.",
		string(format), FormatPain002, FormatCamt053, FormatCamt054)
}

// message returns the message inside Document and reads its header.
func message(doc *noeud, format Format, nom string) (*noeud, Retour, error) {
	ret := Retour{Format: format}
	m, err := doc.un(nom)
	if err != nil {
		return nil, ret, err
	}
	if m == nil || len(doc.enfants) != 1 {
		return nil, ret, refus(CodeIncoherent, "Le fichier se dit %s mais n’en a pas le contenu.", format)
	}
	if ret.MsgID, err = m.idDe("GrpHdr/MsgId", true); err != nil {
		return nil, ret, err
	}
	cree, err := m.idDe("GrpHdr/CreDtTm", true)
	if err != nil {
		return nil, ret, err
	}
	ret.CreeLe, err = parseInstant(cree)
	return m, ret, err
}

// separateur cannot occur in XML 1.0, so that no two lists of fields collide.
const separateur = "\x1f"

// cle hashes the fields that name a fact.
func cle(champs ...string) string {
	h := sha256.Sum256([]byte(strings.Join(champs, separateur)))
	return hex.EncodeToString(h[:])
}

// reference returns an end-to-end id, without the word that stands for none.
func reference(s string) string {
	if s == sansBIC {
		return ""
	}
	return s
}

// numeroter gives its key to each entry of ret. Entries that are the same in all
// their references are one fact told twice when the bank numbers its entries or
// tells a status; without a number of the bank they are kept and counted: two
// equal credits of one day are two credits.
func (ret *Retour) numeroter() {
	vus := make(map[string]int, len(ret.Entrees))
	gardees := ret.Entrees[:0]
	for _, e := range ret.Entrees {
		date := string(e.Date)
		if ret.Format == FormatPain002 {
			date = "" // the day of the message: another one when it is sent again
		}
		k := cle(ret.Format.famille(), e.EndToEndID, string(e.Statut), e.Montant.Decimal(), date, e.RefBanque)
		rang := vus[k]
		vus[k]++
		unique := ret.Format == FormatPain002 && e.EndToEndID != "" || e.RefBanque != ""
		if rang > 0 && unique {
			ret.Doublons++
			continue
		}
		if rang > 0 {
			k = cle(k, strconv.Itoa(rang))
		}
		e.Cle = k
		gardees = append(gardees, e)
	}
	ret.Entrees = gardees
}

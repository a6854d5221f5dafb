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
	// Of money that came in (StatutCredit): who pays, from which account, with what words.
	Donneur     string `json:"donneur,omitempty"`
	DonneurIBAN string `json:"donneur_iban,omitempty"`
	Libelle     string `json:"libelle,omitempty"`
}

// LireRetour reads a message of the bank: pain.002.001.10, camt.053.001.08 or
// camt.054.001.08, recognised by its namespace. r is hostile until proven
// otherwise: size, depth and number of elements are limited, DOCTYPE and entities
// are refused, and so is an element that comes twice where one is meant. Every
// refusal is an opco.Invalid with a Code and a sentence for the comptable; nothing
// of a refused file is returned.
func LireRetour(r io.Reader) (Retour, error) {
	var es []Entree
	ret, err := parcourir(r, func(e Entree) error {
		es = append(es, e)
		return nil
	})
	if err != nil {
		return Retour{}, err
	}
	ret.Entrees = es
	return ret, nil
}

// forme is a message that is being read: the elements that repeat are given to it
// as they close, with those that hold them, the document first.
type forme interface {
	fermer(n *noeud, dans []*noeud) (fini bool, err error)
	// conclure is told of the end, with what is left of the document.
	conclure(doc *noeud) (Retour, error)
}

// parcourir reads a message and gives its entries to voir as they come, before it is
// known whether the rest can be read: they count for nothing when it returns an error.
// What Retour says of the whole has no entries.
func parcourir(r io.Reader, voir func(Entree) error) (Retour, error) {
	var f forme
	doc, err := lireXML(r, func(n *noeud, dans []*noeud) (bool, error) {
		if f == nil {
			var err error
			if f, err = formeDe(dans[0], voir); err != nil {
				return false, err
			}
		}
		return f.fermer(n, dans)
	})
	if err != nil {
		return Retour{}, err
	}
	if f == nil { // nothing in the root
		if f, err = formeDe(doc, voir); err != nil {
			return Retour{}, err
		}
	}
	return f.conclure(doc)
}

func formeDe(doc *noeud, voir func(Entree) error) (forme, error) {
	format := Format(strings.TrimPrefix(doc.ns, nsPrefixe))
	if doc.nom != "Document" || string(format) == doc.ns {
		return nil, refus(CodeFormatInconnu, "Ce fichier n’est pas un message ISO 20022 de la banque.")
	}
	n := numeroteur{famille: format.famille(), vus: map[string]int{}, voir: voir}
	switch format {
	case FormatPain002:
		return &lecturePain002{numeros: n, statuts: map[string]Statut{}}, nil
	case FormatCamt053:
		return &lectureCamt{numeros: n, format: format, nom: "BkToCstmrStmt", releve: "Stmt"}, nil
	case FormatCamt054:
		return &lectureCamt{numeros: n, format: format, nom: "BkToCstmrDbtCdtNtfctn", releve: "Ntfctn"}, nil
	}
	return nil, refus(CodeFormatInconnu,
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

// numeroteur gives its key to each entry of a file, then gives the entry. Entries
// that are the same in all their references are one fact told twice when the bank
// numbers its entries or tells a status; without a number of the bank they are kept
// and counted: two equal credits of one day are two credits.
type numeroteur struct {
	famille  string
	vus      map[string]int
	voir     func(Entree) error
	entrees  int
	doublons int
}

func (x *numeroteur) donner(e Entree) error {
	date, statut := string(e.Date), x.famille == FormatPain002.famille()
	if statut {
		date = "" // the day of the message: another one when it is sent again
	}
	k := cle(x.famille, e.EndToEndID, string(e.Statut), e.Montant.Decimal(), date, e.RefBanque)
	rang := x.vus[k]
	x.vus[k]++
	unique := statut && e.EndToEndID != "" || e.RefBanque != ""
	if rang > 0 && unique {
		x.doublons++
		return nil
	}
	if rang > 0 {
		k = cle(k, strconv.Itoa(rang))
	}
	e.Cle = k
	x.entrees++
	return x.voir(e)
}

package opco

import (
	"fmt"
	"strconv"
	"strings"
)

// LigneComptable is one line of an accounting entry: above zero it is a debit, below
// it a credit.
type LigneComptable struct {
	Compte  CompteLivre
	Montant Montant
}

// EcritureComptable is a movement of the ledger as an accounting entry of its fund
// (domain.md section 4, I23). Numero has no gap in a fund and a year.
type EcritureComptable struct {
	Numero     int64
	Jour       Date // of the movement, in Paris
	Valide     Date // of its number
	Mouvement  string
	Type       TypeMouvement
	Enveloppe  string
	Entreprise string // its name
	Dossier    string // its number, "" for money put in an envelope
	Reglement  string // its number, "" when nothing is paid
	Lignes     []LigneComptable
}

// ColonnesJournal head the accounting journal: the eighteen of the « fichier des
// écritures comptables » (article A47 A-1 du livre des procédures fiscales).
func ColonnesJournal() []string {
	return []string{"JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib", "PieceRef",
		"PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"}
}

// comptesComptables number the accounts of the ledger. It follows commitments as well
// as payments, so they are of class 8, which the general ledger does not add to its own.
var comptesComptables = map[CompteLivre][2]string{
	LivreSource: {"809100", "Ressources attribuées"}, LivreEnveloppe: {"802100", "Enveloppes disponibles"}, LivreEngage: {"801100", "Engagements"},
	LivreServiceFait: {"801200", "Dépenses approuvées"}, LivreOrdonnance: {"801300", "Règlements ordonnancés"}, LivrePaye: {"801400", "Règlements exécutés"},
	LivreTropPercu: {"801500", "Trop-perçus"}, LivreIndu: {"801600", "Indus à recouvrer"},
}

// CompteComptable returns the number and the name of an account of the ledger in the
// accounting journal.
func CompteComptable(c CompteLivre) (numero, libelle string) {
	n := comptesComptables[c]
	return n[0], n[1]
}

// ComptesLivre lists the accounts of the ledger, in the order in which money goes.
func ComptesLivre() []CompteLivre {
	return []CompteLivre{LivreSource, LivreEnveloppe, LivreEngage, LivreServiceFait, LivreOrdonnance, LivrePaye, LivreTropPercu, LivreIndu}
}

// journaux are, for each movement, the journal that holds it and what it says.
var journaux = map[TypeMouvement][3]string{
	MouvementDotation:   {"DOT", "Dotations", "Dotation"},
	MouvementEngagement: {"ENG", "Engagements", "Engagement"}, MouvementDegagement: {"ENG", "Engagements", "Dégagement"},
	MouvementServiceFait: {"DEP", "Dépenses", "Service fait"}, MouvementContrePasse: {"DEP", "Dépenses", "Service fait annulé"},
	MouvementOrdonnance: {"REG", "Règlements", "Ordonnancement"}, MouvementPaiement: {"REG", "Règlements", "Paiement"},
	MouvementRejet: {"REG", "Règlements", "Rejet de la banque"}, MouvementRetour: {"REG", "Règlements", "Retour de la banque"},
	MouvementIndu: {"IND", "Indus", "Indu"}, MouvementInduAnnule: {"IND", "Indus", "Indu annulé"}, MouvementAbandon: {"IND", "Indus", "Indu abandonné"},
	MouvementRecouvrement: {"IND", "Indus", "Recouvrement"}, MouvementRecouvrementClos: {"IND", "Indus", "Recouvrement, exercice clos"},
	MouvementRestitution: {"IND", "Indus", "Recouvrement annulé"}, MouvementRestitutionClos: {"IND", "Indus", "Recouvrement annulé, exercice clos"},
}

// Journal writes the lines of the entry in the columns of ColonnesJournal. An entry
// that is not balanced, or that the chart of accounts does not know, is refused: no
// journal leaves with it.
func (e EcritureComptable) Journal() ([][]string, error) {
	refus := func(pourquoi string) error {
		return Errorf(Conflict, "L’écriture %s %s : le journal ne part pas. Signalez-le à l’assistance.", e.Mouvement, pourquoi).AvecCode("JOURNAL_DESEQUILIBRE")
	}
	j, ok := journaux[e.Type]
	var somme Montant
	for _, l := range e.Lignes {
		somme += l.Montant
		ok = ok && comptesComptables[l.Compte][0] != ""
	}
	switch {
	case !ok:
		return nil, refus("porte un type ou un compte que le plan de comptes ne connaît pas")
	case somme != 0 || len(e.Lignes) < 2:
		return nil, refus("n’est pas équilibrée")
	}
	lignes := make([][]string, 0, len(e.Lignes))
	for _, l := range e.Lignes {
		compte, libelle := CompteComptable(l.Compte)
		debit, credit := max(l.Montant, 0), max(-l.Montant, 0)
		lignes = append(lignes, []string{j[0], j[1], strconv.FormatInt(e.Numero, 10), jourJournal(e.Jour), compte, libelle, champJournal(e.Enveloppe),
			champJournal(e.Entreprise), champJournal(e.piece()), jourJournal(e.Jour), champJournal(e.libelle(j[2])), montantJournal(debit), montantJournal(credit),
			"", "", jourJournal(e.Valide), "", ""})
	}
	return lignes, nil
}

// piece is what justifies the entry: the règlement, else the dossier, else the movement.
func (e EcritureComptable) piece() string {
	switch {
	case e.Reglement != "":
		return e.Reglement
	case e.Dossier != "":
		return e.Dossier
	}
	return e.Mouvement
}

func (e EcritureComptable) libelle(quoi string) string {
	if e.Dossier != "" {
		quoi += ", dossier " + e.Dossier
	}
	if e.Reglement != "" {
		quoi += ", règlement " + e.Reglement
	}
	return quoi
}

func jourJournal(d Date) string { return strings.ReplaceAll(string(d), "-", "") }

func montantJournal(m Montant) string { return fmt.Sprintf("%d,%02d", m/100, m%100) }

// champJournal keeps a text in its column: tabs and ends of lines are what separates.
func champJournal(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
}

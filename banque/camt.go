package banque

import (
	"strings"

	"guichet/opco"
)

// lireCamt reads a statement (camt.053) or a notification (camt.054): the same
// entries under other names.
func lireCamt(doc *noeud, format Format, nom, releve string) (Retour, error) {
	m, ret, err := message(doc, format, nom)
	if err != nil {
		return Retour{}, err
	}
	releves := m.tous(releve)
	if len(releves) == 0 {
		return Retour{}, refus(CodeIncoherent, "Le fichier %s ne contient aucun relevé.", ret.MsgID)
	}
	for _, r := range releves {
		compte, err := r.texteDe("Acct/Id/IBAN")
		if err != nil {
			return Retour{}, err
		}
		for _, n := range r.tous("Ntry") {
			entrees, err := lireEcriture(n, compte)
			if err != nil {
				return Retour{}, err
			}
			ret.Entrees = append(ret.Entrees, entrees...)
		}
	}
	ret.numeroter()
	return ret, nil
}

// ecriture is what an account entry says for all its transactions.
type ecriture struct {
	entree   Entree // compte, date, montant and reference by default
	sens     string // DBIT or CRDT
	extourne bool   // the entry takes another one back
	retour   bool   // its operation code is the one of a returned transfer
	pose     string // BOOK, PDNG or INFO
}

// lireEcriture reads one Ntry: as many entries as it details transactions, one
// when it details none.
func lireEcriture(n *noeud, compte string) ([]Entree, error) {
	ec, err := enTeteEcriture(n, compte)
	if err != nil {
		return nil, err
	}
	var details []*noeud
	for _, d := range n.tous("NtryDtls") {
		lot, err := d.idDe("Btch/PmtInfId", false)
		if err != nil {
			return nil, err
		}
		if lot != "" {
			ec.entree.Lot = lot
		}
		details = append(details, d.tous("TxDtls")...)
	}
	if len(details) == 0 {
		e := ec.entree
		e.Statut = ec.statut(ec.sens, ec.retour)
		return []Entree{e}, nil
	}
	return ec.lireDetails(details)
}

// enTeteEcriture reads the part of a Ntry that holds for the whole of it.
func enTeteEcriture(n *noeud, compte string) (ecriture, error) {
	ec := ecriture{entree: Entree{Compte: compte}}
	montant, devise, present, err := n.montantDe("Amt")
	if err != nil {
		return ec, err
	}
	if !present {
		return ec, refus(CodeIncoherent, "Une écriture du relevé n’a pas de montant : le fichier ne peut pas être rapproché.")
	}
	ec.entree.Montant = montant
	if devise != "EUR" {
		ec.entree.Anomalie = "L’écriture est en « " + devise + " » : Guichet ne suit que les euros."
	}
	if ec.sens, err = n.sensDe(""); err != nil {
		return ec, err
	}
	if ec.pose, err = poseDe(n); err != nil {
		return ec, err
	}
	rev, err := n.texteDe("RvslInd")
	if err != nil {
		return ec, err
	}
	ec.extourne = rev == "true" || rev == "1"
	if ec.retour, err = n.estRetour(); err != nil {
		return ec, err
	}
	if ec.entree.RefBanque, err = n.idDe("AcctSvcrRef", false); err != nil {
		return ec, err
	}
	return ec, ec.dater(n)
}

// dater reads the booking day, or the value day where there is none.
func (ec *ecriture) dater(n *noeud) (err error) {
	if ec.entree.Date, err = n.dateDe("BookgDt"); err != nil || ec.entree.Date != "" {
		return err
	}
	if ec.entree.Date, err = n.dateDe("ValDt"); err == nil && ec.entree.Date == "" && ec.entree.Anomalie == "" {
		ec.entree.Anomalie = "L’écriture n’a ni date comptable ni date de valeur."
	}
	return err
}

// sensDe reads the direction of an entry, defaut where it is not told.
func (n *noeud) sensDe(defaut string) (string, error) {
	s, err := n.texteDe("CdtDbtInd")
	if err != nil {
		return "", err
	}
	if s == "" {
		s = defaut
	}
	if s != "DBIT" && s != "CRDT" {
		return "", refus(CodeIncoherent, "Une écriture du relevé n’est ni un débit ni un crédit (« %.10s »).", s)
	}
	return s, nil
}

// poseDe reads whether an entry is booked. Only a booked entry is a fact.
func poseDe(n *noeud) (string, error) {
	s, err := n.texteDe("Sts/Cd")
	if err != nil {
		return "", err
	}
	if s != "BOOK" && s != "PDNG" && s != "INFO" {
		return "", refus(CodeIncoherent, "L’état « %.10s » d’une écriture du relevé n’est pas connu : BOOK, PDNG ou INFO est attendu.", s)
	}
	return s, nil
}

// estRetour reports whether the operation code is « reimbursement of a returned
// transfer » (sub-family RRTN of the ISO bank transaction codes).
func (n *noeud) estRetour() (bool, error) {
	code, err := n.texteDe("BkTxCd/Domn/Fmly/SubFmlyCd")
	return code == "RRTN", err
}

// statut translates an entry: what moved on our account, and why.
func (ec ecriture) statut(sens string, retour bool) Statut {
	switch {
	case ec.pose != "BOOK":
		return StatutAttente
	case sens == "CRDT" && (retour || ec.extourne):
		return StatutRetourne
	case sens == "CRDT":
		return StatutCredit
	case retour || ec.extourne:
		return StatutReprise
	}
	return StatutExecute
}

// lireDetails reads the transactions of an entry and checks their sum: an entry
// whose details do not add up is for a person to read.
func (ec ecriture) lireDetails(details []*noeud) ([]Entree, error) {
	entrees := make([]Entree, 0, len(details))
	var somme opco.Montant
	complet := true
	for _, tx := range details {
		e, present, err := ec.lireDetail(tx, len(details) == 1)
		if err != nil {
			return nil, err
		}
		complet = complet && present
		somme += e.Montant
		entrees = append(entrees, e)
	}
	if complet && somme == ec.entree.Montant {
		return entrees, nil
	}
	for i := range entrees {
		if entrees[i].Anomalie == "" {
			entrees[i].Anomalie = "Le détail de l’écriture de " + ec.entree.Montant.String() + " ne donne pas ce total : vérifiez-la sur le relevé."
		}
	}
	return entrees, nil
}

// lireDetail reads one transaction. seul says that it is the only one of its
// entry, whose amount it then has by default.
func (ec ecriture) lireDetail(tx *noeud, seul bool) (Entree, bool, error) {
	e := ec.entree
	if err := lireReferences(tx, &e, seul); err != nil {
		return e, false, err
	}
	present, err := lireMontant(tx, &e, seul)
	if err != nil {
		return e, false, err
	}
	sens, err := tx.sensDe(ec.sens)
	if err != nil {
		return e, false, err
	}
	if sens != ec.sens && e.Anomalie == "" {
		e.Anomalie = "Le détail est dans l’autre sens que son écriture : vérifiez-la sur le relevé."
	}
	rtr, err := tx.un("RtrInf")
	if err != nil {
		return e, false, err
	}
	if rtr != nil {
		if err := lireMotifRetour(rtr, &e); err != nil {
			return e, false, err
		}
	}
	propre, err := tx.estRetour()
	if err != nil {
		return e, false, err
	}
	e.Statut = ec.statut(sens, ec.retour || propre || rtr != nil)
	return e, present, nil
}

// lireReferences reads the ids of a transaction. The bank's number of the entry
// names the transaction only if it is alone in it.
func lireReferences(tx *noeud, e *Entree, seul bool) error {
	bout, err := tx.idDe("Refs/EndToEndId", false)
	if err != nil {
		return err
	}
	e.EndToEndID = reference(bout)
	lot, err := tx.idDe("Refs/PmtInfId", false)
	if err != nil {
		return err
	}
	if lot != "" {
		e.Lot = lot
	}
	ref, err := tx.idDe("Refs/AcctSvcrRef", false)
	if err != nil {
		return err
	}
	if ref != "" {
		e.RefBanque = ref
	} else if !seul {
		e.RefBanque = ""
	}
	return nil
}

// lireMontant reads the amount of a transaction, wherever the bank wrote it.
func lireMontant(tx *noeud, e *Entree, seul bool) (bool, error) {
	for _, chemin := range [...]string{"Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"} {
		montant, devise, present, err := tx.montantDe(chemin)
		if err != nil {
			return false, err
		}
		if !present {
			continue
		}
		e.Montant = montant
		if devise != "EUR" {
			e.Anomalie = "Le détail est en « " + devise + " » : Guichet ne suit que les euros."
		}
		return true, nil
	}
	if !seul {
		e.Montant = 0
	}
	return seul, nil
}

// lireMotifRetour reads why a transfer came back.
func lireMotifRetour(rtr *noeud, e *Entree) (err error) {
	if e.Motif, err = rtr.idDe("Rsn/Cd", false); err != nil {
		return err
	}
	if e.Motif == "" {
		if e.Motif, err = rtr.idDe("Rsn/Prtry", false); err != nil {
			return err
		}
	}
	var mots []string
	for _, a := range rtr.tous("AddtlInf") {
		mots = append(mots, a.texte)
	}
	e.Precision = couper(strings.Join(mots, " "))
	return nil
}

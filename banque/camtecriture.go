package banque

import "strings"

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
	if e.Statut == StatutCredit {
		err = lireDonneur(tx, &e)
	}
	return e, present, err
}

// lireDonneur reads who pays money in, and with what words.
func lireDonneur(tx *noeud, e *Entree) (err error) {
	for _, chemin := range [...]string{"RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm"} {
		if e.Donneur, err = tx.texteDe(chemin); err != nil || e.Donneur != "" {
			break
		}
	}
	if err != nil {
		return err
	}
	if e.DonneurIBAN, err = tx.idDe("RltdPties/DbtrAcct/Id/IBAN", false); err != nil {
		return err
	}
	var mots []string
	for _, r := range tx.tous("RmtInf") {
		for _, u := range r.tous("Ustrd") {
			mots = append(mots, u.texte)
		}
		for _, s := range r.tous("Strd") {
			ref, err := s.texteDe("CdtrRefInf/Ref")
			if err != nil {
				return err
			}
			mots = append(mots, ref)
		}
	}
	e.Donneur, e.Libelle = couper(e.Donneur), couper(strings.TrimSpace(strings.Join(mots, " ")))
	return nil
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

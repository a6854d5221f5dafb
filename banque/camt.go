package banque

import (
	"strings"

	"guichet/opco"
)

// lectureCamt reads a statement (camt.053) or a notification (camt.054): the same
// entries under other names. One entry is in memory at a time, and of its
// transactions only what they say.
type lectureCamt struct {
	numeros     numeroteur
	format      Format
	nom, releve string
	ntry        *noeud // the entry at hand
	ec          ecriture
	premier     *noeud // its first transaction, until another one comes or the entry ends
	details     []Entree
	complet     bool
}

// ecriture is what an account entry says for all its transactions.
type ecriture struct {
	entree   Entree // compte, date, montant and reference by default
	sens     string // DBIT or CRDT
	extourne bool   // the entry takes another one back
	retour   bool   // its operation code is the one of a returned transfer
	pose     string // BOOK, PDNG or INFO
}

// fermer reads a transaction of an entry, or an entry.
func (c *lectureCamt) fermer(n *noeud, dans []*noeud) (bool, error) {
	switch {
	case n.ns != dans[0].ns:
		return false, nil
	case n.nom == "TxDtls" && len(dans) == 5 && dans[2].nom == c.releve && dans[3].nom == "Ntry" && dans[4].nom == "NtryDtls":
		return true, c.transaction(n, dans[2], dans[3], dans[4])
	case n.nom == "Ntry" && len(dans) == 3 && dans[2].nom == c.releve:
		return true, c.finEcriture(n, dans[2])
	}
	return false, nil
}

// ouvrir reads what holds for the transactions of an entry, once.
func (c *lectureCamt) ouvrir(ntry, releve *noeud) error {
	if c.ntry == ntry {
		return nil
	}
	compte, err := releve.texteDe("Acct/Id/IBAN")
	if err != nil {
		return err
	}
	c.ntry, c.premier, c.details, c.complet = ntry, nil, c.details[:0], true
	c.ec, err = enTeteEcriture(ntry, compte)
	return err
}

// transaction reads one transaction. Alone in its entry, it has what the entry says
// by default: the first one waits for the next.
func (c *lectureCamt) transaction(tx, releve, ntry, dans *noeud) error {
	premiere := c.ntry != ntry
	if err := c.ouvrir(ntry, releve); err != nil {
		return err
	}
	lot, err := dans.idDe("Btch/PmtInfId", false)
	if err != nil {
		return err
	}
	if lot != "" {
		c.ec.entree.Lot = lot
	}
	if premiere {
		c.premier = tx
		return nil
	}
	if c.premier != nil {
		if err := c.detailler(c.premier, false); err != nil {
			return err
		}
		c.premier = nil
	}
	return c.detailler(tx, false)
}

func (c *lectureCamt) detailler(tx *noeud, seul bool) error {
	e, present, err := c.ec.lireDetail(tx, seul)
	c.details, c.complet = append(c.details, e), c.complet && present
	return err
}

// finEcriture gives the entries of a Ntry: as many as it details transactions, one
// when it details none.
func (c *lectureCamt) finEcriture(ntry, releve *noeud) error {
	if err := c.ouvrir(ntry, releve); err != nil {
		return err
	}
	for _, d := range ntry.tous("NtryDtls") { // of a batch that is not detailed
		lot, err := d.idDe("Btch/PmtInfId", false)
		if err != nil {
			return err
		}
		if lot != "" {
			c.ec.entree.Lot = lot
		}
	}
	fin, err := enTeteEcriture(ntry, c.ec.entree.Compte)
	if err != nil {
		return err
	}
	if fin.entree.Lot = c.ec.entree.Lot; fin != c.ec {
		return refus(CodeIncoherent, "Une écriture du relevé dit son montant ou son sens après son détail : ce n’est pas l’ordre du format.")
	}
	if c.premier != nil {
		if err := c.detailler(c.premier, true); err != nil {
			return err
		}
	}
	if len(c.details) == 0 {
		e := c.ec.entree
		e.Statut = c.ec.statut(c.ec.sens, c.ec.retour)
		return c.numeros.donner(e)
	}
	return c.donner()
}

// donner gives the transactions of an entry and checks their sum: an entry whose
// details do not add up is for a person to read.
func (c *lectureCamt) donner() error {
	var somme opco.Montant
	for _, e := range c.details {
		somme += e.Montant
	}
	juste := c.complet && somme == c.ec.entree.Montant
	for _, e := range c.details {
		if !juste && e.Anomalie == "" {
			e.Anomalie = "Le détail de l’écriture de " + c.ec.entree.Montant.String() + " ne donne pas ce total : vérifiez-la sur le relevé."
		}
		if err := c.numeros.donner(e); err != nil {
			return err
		}
	}
	return nil
}

func (c *lectureCamt) conclure(doc *noeud) (Retour, error) {
	m, ret, err := message(doc, c.format, c.nom)
	if err != nil {
		return Retour{}, err
	}
	if len(m.tous(c.releve)) == 0 {
		return Retour{}, refus(CodeIncoherent, "Le fichier %s ne contient aucun relevé.", ret.MsgID)
	}
	ret.Doublons = c.numeros.doublons
	return ret, nil
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

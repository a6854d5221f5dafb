package banque

import "guichet/opco"

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

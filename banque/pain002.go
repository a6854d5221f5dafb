package banque

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"guichet/opco"
)

// statutsISO are the statuses that a pain.002 may carry and that we know.
var statutsISO = []Statut{
	StatutRecu, StatutForme, StatutAccepte, StatutEnCours, StatutRegle, StatutModifie,
	StatutAttente, StatutPartiel, StatutRejete, StatutAnnule,
}

// precisionMax bounds what is kept of the bank's own words, in characters.
const precisionMax = 500

// lecturePain002 reads a CustomerPaymentStatusReport. It answers one file of ours,
// which holds one lot, hence one payment block. What is said of the file comes before
// what is said of its transfers.
type lecturePain002 struct {
	numeros numeroteur
	ret     Retour
	tete    Retour // what was said of the file when its first transfer came
	bloc    *noeud // the block at hand
	st      statutLu
	statuts map[string]Statut // of the transfers, by their reference
	accepte Entree            // one that is not rejected
}

// fermer reads a transfer, or a block that has none.
func (p *lecturePain002) fermer(n *noeud, dans []*noeud) (bool, error) {
	switch {
	case n.nom == "TxInfAndSts" && len(dans) == 3 && dans[2].nom == "OrgnlPmtInfAndSts" && n.ns == dans[0].ns:
		if err := p.ouvrir(dans[0], dans[2]); err != nil {
			return false, err
		}
		e, err := p.ret.lireStatut(n, p.ret.OrigLot, p.st)
		if err != nil {
			return false, err
		}
		return true, p.retenir(e)
	case n.nom == "OrgnlPmtInfAndSts" && len(dans) == 2 && n.ns == dans[0].ns:
		return false, p.ouvrir(dans[0], n)
	}
	return false, nil
}

// ouvrir reads what holds for the transfers of a block, once.
func (p *lecturePain002) ouvrir(doc, bloc *noeud) (err error) {
	if p.ret.Format == "" {
		if p.ret, err = teteDuStatut(doc); err != nil {
			return err
		}
		p.tete = p.ret
	}
	if bloc == nil || bloc == p.bloc {
		return nil
	}
	p.bloc = bloc
	p.st, err = p.ret.lireBloc(bloc)
	return err
}

func teteDuStatut(doc *noeud) (Retour, error) {
	m, ret, err := message(doc, FormatPain002, "CstmrPmtStsRpt")
	if err != nil {
		return Retour{}, err
	}
	return ret, ret.lireFichier(m)
}

// retenir refuses a report that gives two statuses to one transfer.
func (p *lecturePain002) retenir(e Entree) error {
	if e.EndToEndID != "" {
		if s, ok := p.statuts[e.EndToEndID]; ok && s != e.Statut {
			return refus(CodeIncoherent, "Le compte rendu %s donne deux statuts au virement %s (%s et %s) : demandez-en un autre à la banque.",
				p.ret.MsgID, e.EndToEndID, s, e.Statut)
		}
		p.statuts[e.EndToEndID] = e.Statut
		if e.Statut != StatutRejete && p.accepte.EndToEndID == "" {
			p.accepte = e
		}
	}
	return p.numeros.donner(e)
}

// conclure checks that the end of the file says what its beginning did.
func (p *lecturePain002) conclure(doc *noeud) (Retour, error) {
	if err := p.ouvrir(doc, nil); err != nil {
		return Retour{}, err
	}
	fin, err := teteDuStatut(doc)
	if err != nil {
		return Retour{}, err
	}
	ret := p.ret
	if !reflect.DeepEqual(fin, p.tete) {
		return Retour{}, refus(CodeIncoherent, "Le compte rendu %s parle du fichier après ses virements : ce n’est pas l’ordre du format.", ret.MsgID)
	}
	if p.bloc != nil {
		if st, err := p.bloc.statutDe("PmtInfSts"); err != nil || st != p.st {
			return Retour{}, refus(CodeIncoherent, "Le compte rendu %s parle du lot après ses virements : ce n’est pas l’ordre du format.", ret.MsgID)
		}
	}
	if ret.Statut != "" {
		ret.Cle = cle(ret.Format.famille(), ret.OrigMsgID, string(ret.Statut))
	}
	if ret.Statut == "" && p.numeros.entrees == 0 {
		return Retour{}, refus(CodeIncoherent, "Le compte rendu %s ne donne de statut ni au fichier ni à aucun virement.", ret.MsgID)
	}
	if e := p.accepte; ret.Statut == StatutRejete && e.EndToEndID != "" {
		return Retour{}, refus(CodeIncoherent, "Le compte rendu %s rejette tout le fichier mais donne le statut %s au virement %s : demandez-en un autre à la banque.",
			ret.MsgID, e.Statut, e.EndToEndID)
	}
	ret.Doublons = p.numeros.doublons
	return ret, nil
}

// lireFichier reads what is said of the whole file.
func (ret *Retour) lireFichier(m *noeud) error {
	g, err := m.un("OrgnlGrpInfAndSts")
	if err != nil {
		return err
	}
	if g == nil {
		return refus(CodeIncoherent, "Le compte rendu %s ne dit pas à quel fichier il répond.", ret.MsgID)
	}
	if ret.OrigMsgID, err = g.idDe("OrgnlMsgId", true); err != nil {
		return err
	}
	nom, err := g.idDe("OrgnlMsgNmId", true)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(nom, "pain.001") {
		return refus(CodeIncoherent, "Le compte rendu %s répond à un message %s : Guichet n’envoie que des virements (pain.001).", ret.MsgID, nom)
	}
	if err := ret.lireTotaux(g); err != nil {
		return err
	}
	st, err := g.statutDe("GrpSts")
	if err != nil {
		return err
	}
	ret.Statut, ret.Motif, ret.Precision = st.statut, st.motif, st.precision
	if st.statut != "" && !slices.Contains(statutsISO, st.statut) {
		return refus(CodeIncoherent, "Le statut de fichier « %s » du compte rendu %s n’est pas connu de Guichet.", st.statut, ret.MsgID)
	}
	return nil
}

// lireTotaux reads the count and the control sum of the file that is answered.
func (ret *Retour) lireTotaux(g *noeud) error {
	n, err := g.idDe("OrgnlNbOfTxs", false)
	if err != nil {
		return err
	}
	if n != "" {
		if ret.OrigNombre, err = strconv.Atoi(n); err != nil || ret.OrigNombre < 0 {
			return refus(CodeIncoherent, "Le nombre de virements « %s » du compte rendu %s n’est pas valable.", n, ret.MsgID)
		}
	}
	ret.OrigSomme, _, _, err = g.montantDe("OrgnlCtrlSum")
	return err
}

// lireBloc reads what is said of one payment block.
func (ret *Retour) lireBloc(bloc *noeud) (statutLu, error) {
	lot, err := bloc.idDe("OrgnlPmtInfId", true)
	if err != nil {
		return statutLu{}, err
	}
	if ret.OrigLot != "" && ret.OrigLot != lot {
		return statutLu{}, refus(CodeIncoherent, "Le compte rendu %s parle de plusieurs lots : Guichet n’en envoie qu’un par fichier.", ret.MsgID)
	}
	ret.OrigLot = lot
	st, err := bloc.statutDe("PmtInfSts")
	if err != nil {
		return st, err
	}
	return st, ret.preciser(st)
}

// preciser lets the status of the block speak for the file, which holds nothing
// else: it wins when the file has none, or when it rejects what the file, checked
// for its syntax only, did not; and it may say why when the file does not.
func (ret *Retour) preciser(st statutLu) error {
	switch {
	case st.statut == "":
	case !slices.Contains(statutsISO, st.statut):
		return refus(CodeIncoherent, "Le statut de lot « %s » du compte rendu %s n’est pas connu de Guichet.", st.statut, ret.MsgID)
	case ret.Statut == StatutRejete && st.statut != StatutRejete:
		return refus(CodeIncoherent, "Le compte rendu %s rejette le fichier mais donne le statut %s au lot %s : demandez-en un autre à la banque.",
			ret.MsgID, st.statut, ret.OrigLot)
	case ret.Statut == "" || st.statut == StatutRejete && ret.Statut != StatutRejete:
		ret.Statut, ret.Motif, ret.Precision = st.statut, st.motif, st.precision
	}
	if ret.Motif == "" && (st.statut == ret.Statut || st.statut == "") {
		ret.Motif, ret.Precision = st.motif, st.precision
	}
	return nil
}

// lireStatut reads what is said of one transfer. A transfer that is listed with
// no status has the one of its block or of its file.
func (ret *Retour) lireStatut(tx *noeud, lot string, bloc statutLu) (Entree, error) {
	e := Entree{Lot: lot, Date: opco.JourDe(ret.CreeLe)}
	var err error
	if e.EndToEndID, err = tx.idDe("OrgnlEndToEndId", false); err != nil {
		return e, err
	}
	e.EndToEndID = reference(e.EndToEndID)
	if e.RefBanque, err = tx.idDe("AcctSvcrRef", false); err != nil {
		return e, err
	}
	st, err := tx.statutDe("TxSts")
	if err != nil {
		return e, err
	}
	e.Statut, e.Motif, e.Precision = cmp.Or(st.statut, bloc.statut, ret.Statut), st.motif, st.precision
	if e.Motif == "" && e.Statut == StatutRejete && ret.Statut == StatutRejete {
		e.Motif, e.Precision = ret.Motif, ret.Precision // rejected with the rest, for the same reason
	}
	montant, devise, present, err := tx.montantDe("OrgnlTxRef/Amt/InstdAmt")
	e.Montant = montant
	if present && devise != "EUR" {
		e.Anomalie = "Le virement est annoncé en « " + devise + " » : Guichet ne paie qu’en euros."
	}
	e.douter()
	return e, err
}

// douter says why a status cannot be applied to a transfer, if it cannot.
func (e *Entree) douter() {
	switch {
	case e.EndToEndID == "":
		e.Anomalie = "La banque parle d’un virement sans donner sa référence : il ne peut pas être rapproché."
	case e.Statut == StatutPartiel || !slices.Contains(statutsISO, e.Statut):
		e.Anomalie = "Le statut « " + string(e.Statut) + " » donné à ce virement n’est pas connu de Guichet."
	}
}

// statutLu is a status with the reason that goes with it.
type statutLu struct {
	statut    Statut
	motif     string
	precision string
}

// statutDe reads the status in the child nom of n and the reasons beside it. The
// first coded reason is the reason; the bank's own words are joined.
func (n *noeud) statutDe(nom string) (statutLu, error) {
	s, err := n.idDe(nom, false)
	if err != nil {
		return statutLu{}, err
	}
	lu := statutLu{statut: Statut(s)}
	var propres, mots []string
	for _, info := range n.tous("StsRsnInf") {
		code, err := info.idDe("Rsn/Cd", false)
		if err != nil {
			return statutLu{}, err
		}
		propre, err := info.idDe("Rsn/Prtry", false)
		if err != nil {
			return statutLu{}, err
		}
		if lu.motif == "" {
			lu.motif = code
		}
		propres = append(propres, propre)
		for _, a := range info.tous("AddtlInf") {
			mots = append(mots, a.texte)
		}
	}
	if lu.motif == "" {
		lu.motif = strings.Join(slices.DeleteFunc(propres, func(p string) bool { return p == "" }), " ")
	}
	lu.precision = couper(strings.Join(mots, " "))
	return lu, nil
}

// couper keeps the first characters of what a bank adds.
func couper(s string) string {
	if r := []rune(s); len(r) > precisionMax {
		return string(r[:precisionMax])
	}
	return s
}

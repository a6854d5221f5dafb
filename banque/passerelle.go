package banque

import (
	"io"

	"guichet/opco"
)

// Fichier writes the payment file of a validated lot: PAIN001 of its transfers,
// under its own id as MsgId. Same lot, same bytes.
func Fichier(l *opco.Lot) ([]byte, error) {
	lot := Lot{ID: l.ID, MsgID: l.ID, CreeLe: l.ValideLe, Execution: l.Execution,
		Donneur: Compte{Nom: l.Donneur.Nom, IBAN: string(l.Donneur.IBAN), BIC: l.Donneur.BIC}}
	for _, v := range l.Virements() {
		lot.Virements = append(lot.Virements, Virement{EndToEndID: v.EndToEndID, Montant: v.Montant, Remise: v.Remise,
			Beneficiaire: Compte{Nom: v.Nom, IBAN: string(v.IBAN)}})
	}
	return PAIN001(lot)
}

// significations says what each status means for a règlement. ACSC is a promise:
// only the account (camt) proves an execution.
var significations = map[Statut]opco.StatutBancaire{
	StatutRecu: opco.BanqueInformation, StatutForme: opco.BanqueInformation, StatutAttente: opco.BanqueInformation,
	StatutPartiel: opco.BanqueInformation,
	StatutAccepte: opco.BanqueAccepte, StatutEnCours: opco.BanqueAccepte, StatutRegle: opco.BanqueAccepte,
	StatutRejete: opco.BanqueRejete, StatutAnnule: opco.BanqueRejete,
	StatutExecute: opco.BanqueExecute, StatutRetourne: opco.BanqueRetourne,
}

// phrasesInconnu says why a person must read what no machine applies.
var phrasesInconnu = map[Statut]string{
	StatutModifie: "La banque a accepté ce virement en le modifiant. La comptabilité vérifie ce qui a changé.",
	StatutCredit:  "De l’argent est arrivé sur le compte de l’OPCO sans être le retour d’un virement. La comptabilité en cherche l’origine.",
	StatutReprise: "La banque reprend un crédit qu’elle avait passé. La comptabilité vérifie le relevé.",
}

// Lire reads a message of the bank (LireRetour) as facts about règlements, one
// for the whole file when the bank says something of it.
func Lire(r io.Reader) (opco.RetourBancaire, error) {
	ret, err := LireRetour(r)
	if err != nil {
		return opco.RetourBancaire{}, err
	}
	lu := opco.RetourBancaire{Format: string(ret.Format), MsgID: ret.MsgID}
	if ret.Statut != "" {
		lu.Faits = append(lu.Faits, opco.FaitBancaire{Cle: ret.Cle, MsgID: ret.OrigMsgID, Lot: ret.OrigLot, Entier: true,
			Statut: signification(ret.Statut), Motif: ret.Motif, Cause: cause(ret.Motif), Montant: ret.OrigSomme, Date: opco.JourDe(ret.CreeLe),
			Anomalie: phrasesInconnu[ret.Statut]})
	}
	for _, e := range ret.Entrees {
		f := opco.FaitBancaire{Cle: e.Cle, EndToEndID: e.EndToEndID, MsgID: ret.OrigMsgID, Lot: e.Lot, Compte: e.Compte,
			Entier: e.EndToEndID == "", Statut: signification(e.Statut), Motif: e.Motif, Cause: cause(e.Motif), Montant: e.Montant, Date: e.Date,
			Anomalie: e.Anomalie}
		if f.Anomalie == "" {
			f.Anomalie = phrasesInconnu[e.Statut]
		}
		lu.Faits = append(lu.Faits, f)
	}
	return lu, nil
}

func signification(s Statut) opco.StatutBancaire {
	if x, ok := significations[s]; ok {
		return x
	}
	return opco.BanqueInconnu
}

// cause is the sentence of the bank's reason, "" when it gives none.
func cause(code string) string {
	if code == "" {
		return ""
	}
	return Motif(code)
}

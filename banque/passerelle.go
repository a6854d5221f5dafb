package banque

import (
	"bytes"
	"fmt"
	"io"

	"guichet/opco"
)

// Fichier writes the payment file of a validated lot: PAIN001 of its transfers,
// under its own id as MsgId. Same lot, same bytes.
func Fichier(l *opco.Lot) ([]byte, error) {
	var b bytes.Buffer
	if err := Rediger(&b, l); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Rediger is Fichier, written as it goes: the file of a long lot is never in memory.
func Rediger(w io.Writer, l *opco.Lot) error {
	lot := Lot{ID: l.ID, MsgID: l.ID, CreeLe: l.ValideLe, Execution: l.Execution,
		Donneur: Compte{Nom: l.Donneur.Nom, IBAN: string(l.Donneur.IBAN), BIC: l.Donneur.BIC}}
	for _, v := range l.Virements() {
		lot.Virements = append(lot.Virements, Virement{EndToEndID: v.EndToEndID, Montant: v.Montant, Remise: v.Remise,
			Beneficiaire: Compte{Nom: v.Nom, IBAN: string(v.IBAN), Adresse: v.Adresse}})
	}
	return RedigerPAIN001(w, lot)
}

// significations says what each status means for a règlement. ACSC is a promise:
// only the account (camt) proves an execution.
var significations = map[Statut]opco.StatutBancaire{
	StatutRecu: opco.BanqueInformation, StatutForme: opco.BanqueInformation, StatutAttente: opco.BanqueInformation,
	StatutPartiel: opco.BanqueInformation,
	StatutAccepte: opco.BanqueAccepte, StatutEnCours: opco.BanqueAccepte, StatutRegle: opco.BanqueAccepte,
	StatutRejete: opco.BanqueRejete, StatutAnnule: opco.BanqueRejete,
	StatutExecute: opco.BanqueExecute, StatutRetourne: opco.BanqueRetourne, StatutCredit: opco.BanqueCredit,
}

// phrasesInconnu says why a person must read what no machine applies.
var phrasesInconnu = map[Statut]string{
	StatutModifie: "La banque a accepté ce virement en le modifiant. La comptabilité vérifie ce qui a changé.",
	StatutReprise: "La banque reprend un crédit qu’elle avait passé. La comptabilité vérifie le relevé.",
}

// faitsCourts is how many facts of a file Lire keeps: beyond, they are read again each
// time that they are asked for.
const faitsCourts = 5_000

// Lire reads a message of the bank (LireRetour) as facts about règlements, one
// for the whole file when the bank says something of it, last. Those of a long file
// are given as they are read again: r must then go back to its beginning.
func Lire(r io.Reader) (opco.RetourBancaire, error) {
	var faits []opco.FaitBancaire
	long := false
	ret, err := parcourir(r, func(e Entree) error {
		if long = long || len(faits) == faitsCourts; long {
			faits = nil
			return nil
		}
		faits = append(faits, e.fait())
		return nil
	})
	if err != nil {
		return opco.RetourBancaire{}, err
	}
	lu := opco.RetourBancaire{Format: string(ret.Format), MsgID: ret.MsgID}
	if !long {
		for _, f := range append(faits, ret.faits()...) {
			f.MsgID = ret.OrigMsgID
			lu.Faits = append(lu.Faits, f)
		}
		return lu, nil
	}
	source, ok := r.(io.ReadSeeker)
	if !ok {
		return opco.RetourBancaire{}, fmt.Errorf("a file of more than %d entries cannot be read twice", faitsCourts)
	}
	lu.Flux = func(voir func(opco.FaitBancaire) error) error {
		if _, err := source.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("reading the bank's file again: %w", err)
		}
		donner := func(f opco.FaitBancaire) error {
			f.MsgID = ret.OrigMsgID
			return voir(f)
		}
		if _, err := parcourir(source, func(e Entree) error { return donner(e.fait()) }); err != nil {
			return err
		}
		for _, f := range ret.faits() {
			if err := donner(f); err != nil {
				return err
			}
		}
		return nil
	}
	return lu, nil
}

// faits is what the bank says of the whole file, if it says something.
func (ret Retour) faits() []opco.FaitBancaire {
	if ret.Statut == "" {
		return nil
	}
	return []opco.FaitBancaire{{Cle: ret.Cle, Lot: ret.OrigLot, Entier: true,
		Statut: signification(ret.Statut), Motif: ret.Motif, Cause: cause(ret.Motif), Montant: ret.OrigSomme, Date: opco.JourDe(ret.CreeLe),
		Anomalie: phrasesInconnu[ret.Statut]}}
}

func (e Entree) fait() opco.FaitBancaire {
	f := opco.FaitBancaire{Cle: e.Cle, EndToEndID: e.EndToEndID, Lot: e.Lot, Compte: e.Compte,
		Entier: e.EndToEndID == "", Statut: signification(e.Statut), Motif: e.Motif, Cause: cause(e.Motif), Montant: e.Montant, Date: e.Date,
		Anomalie: e.Anomalie, Donneur: e.Donneur, DonneurIBAN: e.DonneurIBAN, Libelle: e.Libelle, RefBanque: e.RefBanque}
	if f.Anomalie == "" {
		f.Anomalie = phrasesInconnu[e.Statut]
	}
	return f
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

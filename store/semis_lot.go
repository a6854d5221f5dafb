package store

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"guichet/opco"
)

// lotSeme is a lot of the set while it lives.
type lotSeme struct {
	l         *opco.Lot
	seq       int64
	empreinte string
	lignes    map[string]*reglementSeme
	sorts     map[string]opco.SortEntree // what the lot decided of entries of the bank
}

// prevoirLots plans a lot every Tuesday: prepared, validated, sent and answered
// within the day. The last days are left to the people who look at the set.
func (x *semeur) prevoirLots() {
	fin := opco.JourDe(x.maintenant).Jours(-1)
	for j := opco.JourDe(x.debut); j < fin; j = j.Jours(1) {
		if j.Minuit().In(opco.Paris).Weekday() == time.Tuesday && x.calendrier.Ouvre(j) {
			x.prevoir(j.Heure(10, 0), func() error { return x.payer(j) })
		}
	}
}

// payer brings a lot from its proposal to the answers of the bank.
func (x *semeur) payer(j opco.Date) error {
	charge := opco.ChargeConstruireLot{EcheanceAu: j.Jours(6), Execution: j}
	dus := x.dus(charge.EcheanceAu)
	if len(dus) == 0 {
		return nil
	}
	annee := j.Annee()
	x.compteurs[fmt.Sprintf("lot:%d", annee)]++
	v := &lotSeme{l: &opco.Lot{ID: opco.NumeroLot(annee, x.compteurs[fmt.Sprintf("lot:%d", annee)])}, lignes: map[string]*reglementSeme{},
		sorts: map[string]opco.SortEntree{}}
	for _, y := range dus {
		v.lignes[y.r.ID] = y
	}
	x.lots = append(x.lots, v)
	p, err := x.acteLot(v, x.id(), opco.ActeConstruireLot, comptablesSemis[0], j.Heure(10, 0), charge, opco.FaitsLot{Reglements: x.actuels(dus)})
	if err != nil {
		return err
	}
	if p.Verdict == opco.VerdictRefuse {
		return fmt.Errorf("preparing lot %s: %s", v.l.ID, p.Phrase)
	}
	x.prevoir(j.Heure(15, 0), func() error { return x.emettre(v, j) })
	return nil
}

// dus takes the règlements to pay by a day, in the order of their ids.
func (x *semeur) dus(jour opco.Date) []*reglementSeme {
	x.aPayer = slices.DeleteFunc(x.aPayer, func(y *reglementSeme) bool { return y.etat != opco.ReglementAPayer })
	var dus []*reglementSeme
	for _, y := range x.aPayer {
		if y.r.Echeance <= jour {
			dus = append(dus, y)
		}
	}
	slices.SortFunc(dus, func(a, b *reglementSeme) int { return cmp.Compare(a.r.ID, b.r.ID) })
	return dus
}

// actuels are règlements as a lot reads them in the base.
func (x *semeur) actuels(ys []*reglementSeme) []opco.ReglementActuel {
	rs := make([]opco.ReglementActuel, len(ys))
	for i, y := range ys {
		f := y.facture()
		rs[i] = opco.ReglementActuel{Lot: y.lot, Payable: (f.Etat == opco.FactureApprouvee || f.Etat == opco.FactureApprouveePartiel) && f.Approuve == y.r.Montant,
			LigneLot: opco.LigneLot{Reglement: y.r.ID, Numero: y.r.Numero, Dossier: y.ds.d.ID, DossierNumero: y.ds.d.Numero, Facture: y.r.Facture,
				FactureNumero: f.Numero, Beneficiaire: y.r.Beneficiaire, Nom: y.nom, IBAN: y.iban, Montant: y.r.Montant, Parts: y.r.Parts, Etat: y.etat,
				InstruitPar: y.instruit}}
	}
	return rs
}

func (y *reglementSeme) facture() opco.Facture {
	i := slices.IndexFunc(y.ds.d.Factures, func(f opco.Facture) bool { return f.ID == y.r.Facture })
	return y.ds.d.Factures[i]
}

// emettre validates a lot by a second person, archives its file and sends it.
func (x *semeur) emettre(v *lotSeme, j opco.Date) error {
	le := j.Heure(15, 0)
	var lignes []*reglementSeme
	for _, l := range v.l.Lignes {
		lignes = append(lignes, v.lignes[l.Reglement])
	}
	_, err := x.acteLot(v, x.id(), opco.ActeValiderLot, comptablesSemis[1], le, opco.ChargeValiderLot{Nombre: len(v.l.Lignes), Somme: v.l.Somme()},
		opco.FaitsLot{Donneur: x.donneur, Reglements: x.actuels(lignes)})
	if err != nil {
		return err
	}
	if v.l.Etat != opco.LotValide {
		return fmt.Errorf("lot %s was not validated", v.l.ID)
	}
	octets, err := x.o.Ordre(v.l)
	if err != nil {
		return fmt.Errorf("writing the payment file of %s: %w", v.l.ID, err)
	}
	x.copies.fichierBancaire.ajouter(v.l.ID, sha256Hex(octets), octets, le.Add(time.Second))
	for i, e := range []opco.Echeance{{Type: opco.ActeEmettreLot, Code: "emission"}, {Type: opco.ActeTransmettreLot, Code: "transmission"}} {
		e.Le, e.Effet = le.Add(time.Duration(i+1)*time.Second), j
		a := opco.Acte{Objet: opco.ObjetLot(v.l.ID), Type: e.Type, Par: opco.ActeurSysteme(), Le: e.Le}
		// Emitting reads the règlements again, as they are now: none of them has changed.
		f := opco.FaitsLot{Fichier: sha256Hex(octets), Reglements: x.actuels(lignes)}
		if _, err := x.pasDeLot(v, a, &e, f); err != nil {
			return err
		}
	}
	x.prevoir(j.Heure(18, 0), func() error { return x.repondre(v, j, octets) })
	return nil
}

// repondre imports what the bank answers to a lot: one transfer in a hundred is
// rejected for a closed account.
func (x *semeur) repondre(v *lotSeme, j opco.Date, ordre []byte) error {
	rejets := map[string]string{}
	for _, l := range v.l.Lignes {
		if ds := v.lignes[l.Reglement].ds; ds.profil.rejets > 0 {
			ds.profil.rejets--
			rejets[l.EndToEndID] = "AC04"
		}
	}
	rendu, avis, err := x.o.Repondre(ordre, rejets, j.Heure(17, 30))
	if err != nil {
		return fmt.Errorf("answering lot %s: %w", v.l.ID, err)
	}
	for i, octets := range [][]byte{rendu, avis} {
		if len(octets) == 0 {
			continue
		}
		le := j.Heure(18, 5*i)
		if err := x.importer(v, fmt.Sprintf("%s-%d.xml", v.l.ID, i+1), octets, le); err != nil {
			return err
		}
	}
	return nil
}

// importer files the entries of an answer and tells the lot, then the dossiers.
func (x *semeur) importer(v *lotSeme, nom string, octets []byte, le time.Time) error {
	ret, err := x.o.Lire(octets)
	if err != nil {
		return fmt.Errorf("reading the answer %s: %w", nom, err)
	}
	empreinte := sha256Hex(octets)
	x.copies.retour.ajouter(empreinte, nom, ret.Format, octets, len(ret.Faits), len(ret.Faits), le, comptablesSemis[0].Nom)
	var faits []opco.FaitBancaire
	var cles []string
	if ret.Flux != nil {
		return fmt.Errorf("the answer %s is longer than a set needs", nom)
	}
	for _, f := range ret.Faits {
		e, phrase := f.Rapprocher(x.cible(v, f))
		v.sorts[f.Cle] = opco.SortEntree{Cle: f.Cle, Etat: e, Phrase: phrase}
		if e == opco.EntreeTransmise {
			faits, cles = append(faits, f), append(cles, f.Cle)
		}
	}
	slices.SortFunc(faits, func(a, b opco.FaitBancaire) int { return cmp.Compare(a.Cle, b.Cle) })
	_, err = x.acteLot(v, acteDerive(empreinte, v.l.ID), opco.ActeAppliquerRetour, opco.ActeurBanque(), le, opco.ChargeAppliquerRetour{Entrees: cles},
		opco.FaitsLot{Entrees: faits})
	for _, f := range ret.Faits {
		sort := v.sorts[f.Cle]
		x.copies.entree.ajouter(f.Cle, empreinte, f.EndToEndID, f.MsgID, string(f.Statut), f.Motif, int64(f.Montant), nul(f.Date), f.Compte,
			string(sort.Etat), sort.Phrase, v.l.ID, f.Cause)
	}
	return err
}

// cible is what the base holds under the references of a fact about lot v.
func (x *semeur) cible(v *lotSeme, f opco.FaitBancaire) opco.CibleBancaire {
	c := opco.CibleBancaire{Lot: v.l.ID, Etat: v.l.Etat, Compte: x.donneur.IBAN}
	for _, l := range v.l.Lignes {
		if f.Entier || l.EndToEndID == f.EndToEndID {
			c.Somme += l.Montant
			c.Nombre++
		}
	}
	return c
}

func (x *semeur) acteLot(v *lotSeme, id string, t opco.TypeActe, par opco.Acteur, le time.Time, charge any, f opco.FaitsLot) (opco.Passage, error) {
	b, err := enCharge(charge)
	if err != nil {
		return opco.Passage{}, err
	}
	v.seq++
	a := opco.Acte{ID: id, Objet: opco.ObjetLot(v.l.ID), Seq: v.seq, Type: t, Par: par, Le: le, Charge: b}
	p, err := x.pasDeLot(v, a, nil, f)
	if err != nil {
		return p, err
	}
	x.noterActe(a, p)
	return p, nil
}

// pasDeLot is the step that Record performs on a lot.
func (x *semeur) pasDeLot(v *lotSeme, a opco.Acte, ech *opco.Echeance, f opco.FaitsLot) (opco.Passage, error) {
	avant, err := json.Marshal(v.l)
	if err != nil {
		return opco.Passage{}, err
	}
	f.Le, f.Calendrier = a.Le, x.calendrier
	if f.Parametres, err = x.parametres(opco.JourDe(a.Le)); err != nil {
		return opco.Passage{}, err
	}
	p := opco.Passage{Dossier: v.l.ID, Rang: v.l.Rang + 1, ActeID: a.ID, Type: a.Type, De: opco.Etat(v.l.Etat), Par: a.Par, Le: a.Le,
		Effet: opco.JourDe(a.Le), Verdict: opco.VerdictApplique}
	code := ""
	if ech != nil {
		p.Effet, code = ech.Effet, ech.Code
	}
	e, err := v.l.Appliquer(a, ech, f)
	var refus *opco.Error
	if errors.As(err, &refus) {
		if v.l, err = lireLot(avant); err != nil {
			return p, err
		}
		p.Verdict, e = opco.VerdictRefuse, opco.EffetsLot{Motif: refus.Code, Phrase: refus.Message}
	}
	if err != nil {
		return p, err
	}
	v.l.Rang = p.Rang
	p.Vers, p.Code, p.Motif, p.Phrase, p.Resume = opco.Etat(v.l.Etat), e.Code, e.Motif, e.Phrase, v.l.Resume()
	if v.empreinte, err = x.noterPassage(opco.ObjetLot(v.l.ID), code, v.empreinte, p); err != nil || p.Verdict == opco.VerdictRefuse {
		return p, err
	}
	return p, x.effetsDeLot(v, p, e)
}

// effetsDeLot follows the règlements of a lot, posts its money and tells the
// dossiers.
func (x *semeur) effetsDeLot(v *lotSeme, p opco.Passage, e opco.EffetsLot) error {
	for _, l := range v.l.Lignes {
		if slices.Contains(e.Touches, l.Reglement) {
			y := v.lignes[l.Reglement]
			y.etat, y.lot, y.e2e, y.iban, y.nom, y.motif, y.executee, y.modifie = l.Etat, v.l.ID, l.EndToEndID, l.IBAN, l.Nom, l.Motif, l.ExecuteLe, p.Le
		}
	}
	objet := opco.ObjetLot(v.l.ID)
	for i, m := range e.Mouvements {
		x.mouvoir(fmt.Sprintf("%s/%d/%d", objet, p.Rang, i+1), objet, &v.lignes[m.Reglement].ds.d.ID, p.Rang, p.Le, m)
	}
	for _, s := range e.Suites {
		y := v.lignes[s.Reglement]
		c := opco.ChargeReglement{Reglement: s.Reglement, Montant: s.Montant, Date: s.Date, Motif: s.Motif, Cause: s.Cause}
		if err := x.recevoirSous(acteDerive(s.Cle, s.Reglement), y.ds, s.Type, opco.ActeurBanque(), p.Le.Add(time.Second), c); err != nil {
			return err
		}
	}
	for _, s := range e.Sorts {
		v.sorts[s.Cle] = s
	}
	if len(e.Liberes) > 0 || slices.ContainsFunc(e.Sorts, func(s opco.SortEntree) bool { return s.Etat == opco.EntreeQuarantaine }) {
		return fmt.Errorf("lot %s: %s", v.l.ID, p.Phrase)
	}
	return nil
}

package opco

import (
	"fmt"
	"slices"
)

// maxExecutionJours is how far ahead a bank may be asked to pay.
const maxExecutionJours = 90

// construire proposes a lot (R01). A règlement named by the comptable that
// cannot be paid refuses the whole; one found by its date is left out with its
// reason.
func (p *pasLot) construire() error {
	c, err := lireLot[ChargeConstruireLot](p)
	if err != nil {
		return err
	}
	if err := p.executionPossible(c.Execution); err != nil {
		return err
	}
	if plein := p.f.Parametres.LotMax; len(c.Reglements) > plein {
		return Champf("reglements", "Un lot porte %d règlements au plus : faites-en plusieurs.", plein)
	}
	l := p.l
	l.CreeLe, l.Execution, l.Groupe = p.f.Le, c.Execution, c.Groupe
	if p.f.AExaminer > 0 && !p.apercu {
		p.ouvrirChantier(c)
		return nil
	}
	for _, r := range p.f.Reglements {
		raison := p.prendre(r, p.a.Par)
		if raison != nil && len(c.Reglements) > 0 && !p.apercu {
			return raison
		}
		if raison != nil {
			l.ecarter(r.ecartee(raison.Message))
		}
	}
	if len(l.Lignes) == 0 && p.f.AExaminer == 0 {
		return p.rienAPayer()
	}
	l.referencer()
	p.signer()
	p.proposer()
	if p.f.AExaminer > 0 {
		l.Chantier = &ChantierLot{Nombre: p.f.AExaminer, Fait: len(p.f.Reglements)}
	}
	return nil
}

// proposer puts a lot that is whole before a second person, until the délai ends.
func (p *pasLot) proposer() {
	l := p.l
	l.Etat = LotPropose
	fin := JourDe(p.f.Le).Jours(p.f.Parametres.LotExpireJours)
	p.armer(ActeExpirerLot, "expiration", fin.FinDuJour(), fin)
	p.dire("Lot %s préparé : %s, %s. Une autre personne doit le valider avant le %s au soir.", l.ID, reglements(l.Nombre()), l.Somme(), fin.Longue())
	if l.Nombre()+l.NombreEcartees() == p.f.Parametres.LotMax {
		p.e.Phrase += " Il est plein : s’il reste des règlements échus, faites-en un autre."
	}
}

// ApercuLot is the lot that acte a would build from f, and nothing more: what it
// would pay, its sum, and what it would leave out with its reason. A règlement that
// the comptable named and that cannot be paid is left out too, so that every reason
// is read at once. On a refusal the lot holds what was left out.
func ApercuLot(a Acte, f FaitsLot) (Lot, error) {
	var l Lot
	if err := l.Etat.Admet(a.Type, a.Par.Role); err != nil {
		return l, err
	}
	p := &pasLot{l: &l, a: a, f: f, apercu: true}
	err := p.construire()
	return l, err
}

func (p *pasLot) rienAPayer() *Error {
	if len(p.l.Ecartees) > 0 {
		return Errorf(Conflict, "Aucun règlement ne peut être payé. %s : %s", p.l.Ecartees[0].Numero, p.l.Ecartees[0].Raison).AvecCode("LOT_VIDE")
	}
	return Errorf(Conflict, "Aucun règlement n’est à payer à cette date.").AvecCode("LOT_VIDE")
}

func (p *pasLot) executionPossible(d Date) error {
	if _, err := ParseDate(string(d)); err != nil {
		return Champf("execution", "La date d’exécution n’est pas valable : écrivez-la comme 2026-04-13.")
	}
	jour := JourDe(p.f.Le)
	if d < jour {
		return Champf("execution", "La date d’exécution est passée : choisissez le %s ou plus tard.", jour.Longue())
	}
	if d > jour.Jours(maxExecutionJours) {
		return Champf("execution", "La date d’exécution est à plus de %d jours : choisissez une date plus proche.", maxExecutionJours)
	}
	if !JourTarget(d) {
		return Champf("execution", "Les banques sont fermées le %s : choisissez le %s.", d.Longue(), ProchainTarget(d).Longue())
	}
	return nil
}

// obstacle says why par, with these declared links, may not take r in a lot, nil
// when nothing prevents it.
func (r ReglementActuel) obstacle(par Acteur, liens []SIREN) *Error {
	switch {
	case r.Etat != ReglementAPayer && r.Lot != "":
		return Errorf(Conflict, "Le règlement %s est déjà dans le lot %s.", r.Numero, r.Lot).AvecCode("REGLEMENT_PRIS")
	case r.Etat != ReglementAPayer:
		return Errorf(Conflict, "Le règlement %s n’est plus à payer.", r.Numero).AvecCode("REGLEMENT_PRIS")
	case !r.Payable:
		return Errorf(Conflict, "La facture %s n’est plus approuvée pour ce montant.", r.FactureNumero).AvecCode("FACTURE_CHANGEE")
	case r.DejaPartie:
		return Errorf(Conflict, "Un virement de la facture %s est parti avant une restauration de la base : elle n’est pas payée une seconde fois. Demandez son sort à la banque.",
			r.FactureNumero).AvecCode("DEJA_PARTI")
	}
	if refus := r.refuser(par, liens); refus != nil {
		return refus
	}
	if r.Suspension != nil {
		return r.Suspension.refusReglement(r.DossierNumero)
	}
	if refus := r.RIB.refus(r.Nom); refus != nil {
		return refus
	}
	if _, err := ParseIBAN(string(r.IBAN)); err != nil {
		return Errorf(Conflict, "L’IBAN enregistré pour %s n’est pas valable : demandez-lui un RIB.", r.Nom).AvecCode("COORD_BANC_ERR")
	}
	if SepaNom(r.Nom) == "" {
		return Errorf(Conflict, "Le nom du bénéficiaire du règlement %s ne peut pas être écrit dans un virement.", r.Numero).AvecCode("COORD_BANC_ERR")
	}
	return nil
}

func (r LigneLot) ecartee(raison string) LigneEcartee {
	return LigneEcartee{Reglement: r.Reglement, Numero: r.Numero, Montant: r.Montant, Raison: raison}
}

// ejecter takes lines out by hand: who does it becomes a creator.
func (p *pasLot) ejecter() error {
	c, err := lireLot[ChargeEjecterLigne](p)
	if err != nil {
		return err
	}
	if len(c.Retirer) == 0 {
		return Champf("retirer", "Dites quelles lignes retirer.")
	}
	for _, id := range c.Retirer {
		if !slices.ContainsFunc(p.l.Lignes, func(x LigneLot) bool { return x.Reglement == id }) {
			return Errorf(NotFound, "Le règlement %s n’est pas dans ce lot.", id)
		}
	}
	raison := c.Raison
	if raison == "" {
		raison = "Retiré du lot par " + p.a.Par.Nom + "."
	}
	p.retirer(func(x LigneLot) (string, EtatReglement) {
		if slices.Contains(c.Retirer, x.Reglement) {
			return raison, ReglementAPayer
		}
		return "", ""
	})
	if err := p.refuserJuge(); err != nil {
		return err
	}
	p.signer()
	p.dire("%s. Le lot porte maintenant %s.", retires(len(c.Retirer)), p.l.Somme())
	p.viderAnnule()
	return nil
}

// refuser refuses who had a say in the dossier of r, through any account and in
// anybody's name (reliability.md 3.1, rules 1, 2 and 6), and who has a link with
// one of its companies (rule 7).
func (r ReglementActuel) refuser(par Acteur, liens []SIREN) *Error {
	if par.engageUn(r.InstruitPar) {
		return Errorf(Forbidden, "Vous avez instruit, décidé ou contrôlé le dossier %s : une autre personne doit préparer et valider son paiement.",
			r.DossierNumero).AvecCode("QUATRE_YEUX")
	}
	if par.engageUn(r.RIBPar) {
		return Errorf(Forbidden, "Vous avez vérifié le RIB de %s : une autre personne doit préparer et valider ses paiements.", r.Nom).AvecCode("QUATRE_YEUX")
	}
	return lienAvec(par, liens, r.Tiers, "le paiement du dossier "+r.DossierNumero)
}

// refuserJuge refuses who had a say in one of the dossiers of the lot, or has a
// link with one of their companies, when they were taken in or now.
func (p *pasLot) refuserJuge() error {
	if refus := p.relecture().refuser(p.a.Par, p.f.Liens); refus != nil {
		return refus
	}
	return nil
}

// retirer takes out the lines for which sort gives a reason, and frees their
// règlements in the état that it says. What was validated is no more: the
// validations are void.
func (p *pasLot) retirer(sort func(LigneLot) (raison string, etat EtatReglement)) {
	var gardees []LigneLot
	for _, x := range p.l.Lignes {
		raison, etat := sort(x)
		if raison == "" {
			gardees = append(gardees, x)
			continue
		}
		p.l.ecarter(x.ecartee(raison))
		p.e.Liberes = append(p.e.Liberes, Liberation{Reglement: x.Reglement, Etat: etat})
	}
	if len(gardees) < len(p.l.Lignes) {
		p.l.Validations = nil
	}
	p.l.Lignes = gardees
	p.l.referencer()
	for _, x := range gardees {
		p.toucher(x.Reglement)
	}
}

// viderAnnule ends a lot that has no line left.
func (p *pasLot) viderAnnule() {
	if len(p.l.Lignes) == 0 {
		p.l.Etat, p.l.Echeances = LotAnnule, nil
		p.dire("Il ne reste aucune ligne : le lot %s est annulé.", p.l.ID)
	}
}

func retires(n int) string {
	if n == 1 {
		return "1 ligne a été retirée"
	}
	return fmt.Sprintf("%d lignes ont été retirées", n)
}

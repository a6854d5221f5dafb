package opco

// relire takes out of a lot that has not left the lines whose payee, account or
// amount is not what it was: a RIB that changes or freezes does not wait for the
// next validation (domain.md 5 bis).
func (p *pasLot) relire() error {
	if p.l.Etat == LotValide {
		if !p.rouvrirChange() {
			p.dire("Lot %s relu : rien n’y a changé.", p.l.ID)
		}
		return nil
	}
	if !p.ejecterChangees() {
		p.dire("Lot %s relu : rien n’y a changé.", p.l.ID)
	}
	return nil
}

// rouvrirChange puts a validated lot of which a line has changed back before its
// validation, without that line, and reports whether it did. Its payment file never
// left: who would send it finds the lot changed, under lock.
func (p *pasLot) rouvrirChange() bool {
	avant := p.l.Lignes
	l := p.l
	if !p.ejecterChangees() {
		return false
	}
	p.e.Dossiers = map[string]string{}
	for _, x := range avant {
		p.e.Dossiers[x.Reglement] = x.Dossier
		p.mouvoir(MouvementRejet, x)
	}
	for i := range l.Lignes {
		p.passer(&l.Lignes[i], ReglementPropose)
	}
	l.Sceau, l.ValidePar, l.Donneur, p.e.Caduc = "", Acteur{}, CompteBancaire{}, true
	l.ValideLe = l.EmisLe // zero: the lot has not left
	if l.Etat == LotAnnule {
		return true
	}
	l.Etat = LotPropose
	fin := JourDe(p.f.Le).Jours(p.f.Parametres.LotExpireJours)
	p.armer(ActeExpirerLot, "expiration", fin.FinDuJour(), fin)
	return true
}

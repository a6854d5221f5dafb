package opco

import (
	"maps"
	"slices"
	"time"
)

// Relecture is what reading the règlements of a lot again finds, one at a time:
// which lines have changed, and who had a say in them. It grows with the changes
// and the persons, not with the lot.
type Relecture struct {
	lignes   map[string]*LigneLot
	changees map[string]changementLot
	juges    map[string]string // person → number of a dossier that they judged
	ribPar   map[string]string // person → name of a payee whose RIB they looked at
	tiers    map[SIREN]string  // company → number of its dossier
}

type changementLot struct {
	raison string
	etat   EtatReglement
}

// Relire begins to read again the règlements of l, whose lines are all at hand. A
// line that is never seen has changed.
func (l *Lot) Relire() *Relecture {
	r := &Relecture{lignes: make(map[string]*LigneLot, len(l.Lignes)), changees: map[string]changementLot{},
		juges: map[string]string{}, ribPar: map[string]string{}, tiers: map[SIREN]string{}}
	for i := range l.Lignes {
		x := &l.Lignes[i]
		r.lignes[x.Reglement] = x
		for _, p := range x.InstruitPar { // as they were when it was taken in
			r.juges[p] = x.DossierNumero
		}
	}
	return r
}

// Voir reads one règlement as it is now.
func (r *Relecture) Voir(x ReglementActuel) {
	for _, p := range x.InstruitPar {
		r.juges[p] = x.DossierNumero
	}
	for _, p := range x.RIBPar {
		r.ribPar[p] = x.Nom
	}
	for _, s := range x.Tiers {
		r.tiers[s] = x.DossierNumero
	}
	l, la := r.lignes[x.Reglement]
	if !la {
		return
	}
	if raison, etat := l.changement(x, true); raison != "" {
		r.changees[x.Reglement] = changementLot{raison, etat}
	}
	delete(r.lignes, x.Reglement)
}

// Changee reports whether a line of the lot is not what it was.
func (r *Relecture) Changee() bool { return len(r.changees) > 0 || len(r.lignes) > 0 }

// changement says why a line leaves the lot, "" when it stays.
func (r *Relecture) changement(x LigneLot) (string, EtatReglement) {
	if _, jamaisVue := r.lignes[x.Reglement]; jamaisVue {
		return x.changement(ReglementActuel{}, false)
	}
	c := r.changees[x.Reglement]
	return c.raison, c.etat
}

// refuser refuses who, with these declared links, may not sign the lot.
func (r *Relecture) refuser(par Acteur, liens []SIREN) *Error {
	for _, qui := range slices.Sorted(maps.Keys(r.juges)) {
		x := ReglementActuel{LigneLot: LigneLot{DossierNumero: r.juges[qui], InstruitPar: []string{qui}}}
		if refus := x.refuser(par, nil); refus != nil {
			return refus
		}
	}
	for _, qui := range slices.Sorted(maps.Keys(r.ribPar)) {
		if refus := (ReglementActuel{LigneLot: LigneLot{Nom: r.ribPar[qui]}, RIBPar: []string{qui}}).refuser(par, nil); refus != nil {
			return refus
		}
	}
	for _, s := range slices.Sorted(maps.Keys(r.tiers)) {
		x := ReglementActuel{LigneLot: LigneLot{DossierNumero: r.tiers[s]}, Tiers: []SIREN{s}}
		if refus := x.refuser(par, liens); refus != nil {
			return refus
		}
	}
	return nil
}

// relecture is what the memory found, or what it finds in the règlements at hand.
func (p *pasLot) relecture() *Relecture {
	if p.f.Relecture == nil {
		p.f.Relecture = p.l.Relire()
		for _, r := range p.f.Reglements {
			p.f.Relecture.Voir(r)
		}
	}
	return p.f.Relecture
}

// relire takes out of a lot that has not left the lines whose payee, account or
// amount is not what it was: a RIB that changes or freezes does not wait for the
// next validation (domain.md 5 bis).
func (p *pasLot) relire() error {
	if p.l.Etat == LotEnConstruction {
		ch := *p.l.Chantier
		ch.Relire, p.l.Chantier = true, &ch
		p.dire("Un RIB ou un dossier du lot %s a changé : il sera relu dès qu’il sera construit.", p.l.ID)
		return nil
	}
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
	l.ValideLe, l.EmisLe = time.Time{}, time.Time{}
	if l.Etat == LotAnnule {
		return true
	}
	l.Etat = LotPropose
	fin := JourDe(p.f.Le).Jours(p.f.Parametres.LotExpireJours)
	p.armer(ActeExpirerLot, "expiration", fin.FinDuJour(), fin)
	return true
}

// rappeler takes back a lot whose file could not leave: a line of it has changed
// since, so that what would be paid is not what was validated. Who would send the
// file looked, and it is not there.
func (p *pasLot) rappeler() error {
	if !p.rouvrirChange() {
		p.dire("Lot %s relu avant son envoi : rien n’y a changé.", p.l.ID)
		return nil
	}
	p.l.Fichier = ""
	p.e.Alerte = p.e.Phrase + " Son fichier n’était pas parti."
	return nil
}

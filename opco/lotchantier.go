package opco

import (
	"fmt"
	"strings"
)

// ecarteesDites bounds the règlements left out of a lot whose reason it keeps; the
// others are counted. They stay to be paid, and whoever takes them next reads why not.
const ecarteesDites = 1000

// ChantierLot is how far the building of a long lot has gone. What it examines was
// listed when it was asked for.
type ChantierLot struct {
	Nombre int `json:"nombre"` // règlements to examine
	Fait   int `json:"fait"`   // those that have been
	// Nommes says that somebody named them one by one: one that cannot be paid undoes the lot.
	Nommes bool   `json:"nommes,omitempty"`
	Echec  string `json:"echec,omitempty"` // why the lot is to be undone
	Relire bool   `json:"relire,omitempty"`
	// Groupes are the transfers of the last payee examined, by account: their lines may go on.
	Groupes map[string]GroupeLot `json:"groupes,omitempty"`
}

// GroupeLot is a transfer of several règlements that is being made.
type GroupeLot struct {
	Rang  int     `json:"rang"`
	Somme Montant `json:"somme"`
}

// ouvrirChantier begins a lot that is too long for one step: its règlements are listed,
// and the first handful is due now.
func (p *pasLot) ouvrirChantier(c ChargeConstruireLot) {
	l := p.l
	l.Etat, l.Chantier = LotEnConstruction, &ChantierLot{Nombre: p.f.AExaminer, Nommes: len(c.Reglements) > 0}
	p.signer()
	p.armerPoignee()
	p.dire("Lot %s en construction : %d règlements sont examinés un par un.", l.ID, l.Chantier.Nombre)
}

func (p *pasLot) armerPoignee() {
	p.armer(ActePoursuivreLot, fmt.Sprintf("poignee-%d", p.l.Chantier.Fait), p.f.Instant, JourDe(p.f.Instant))
}

// poursuivre examines a handful of the règlements of a lot under construction, and
// proposes the lot after the last one (R01). It never refuses: nobody would read it.
func (p *pasLot) poursuivre() error {
	l, ch := p.l, *p.l.Chantier
	if ch.Echec != "" {
		p.abandonner(ch.Echec)
		return nil
	}
	for _, r := range p.f.Reglements {
		raison := p.prendre(r, l.Createurs[0])
		switch {
		case raison == nil:
		case ch.Nommes:
			ch.Echec = raison.Message
		default:
			l.ecarter(r.ecartee(raison.Message))
		}
	}
	ch.Groupes = l.placer(l.Lignes, ch.Groupes)
	ch.Fait = min(ch.Fait+p.f.Examines, ch.Nombre)
	l.Chantier = &ch
	if ch.Echec != "" || ch.Fait < ch.Nombre {
		p.armerPoignee()
		p.dire("%d règlements examinés sur %d : %d dans le lot, %d laissés de côté.", ch.Fait, ch.Nombre, l.Nombre(), l.NombreEcartees())
		return nil
	}
	p.finirChantier(ch.Relire)
	return nil
}

// finirChantier proposes what was taken in, if anything was. An account that changed or
// froze meanwhile has the lot read again first thing.
func (p *pasLot) finirChantier(relire bool) {
	l := p.l
	l.Chantier = nil
	if l.Nombre() == 0 {
		l.Etat = LotAnnule
		p.dire("Lot %s annulé. %s", l.ID, p.rienAPayer().Message)
		return
	}
	p.proposer()
	if relire {
		p.armer(ActeRelireLot, "chantier", p.f.Instant, JourDe(p.f.Instant))
	}
}

// abandonner gives back what a lot under construction has taken in.
func (p *pasLot) abandonner(raison string) {
	l := p.l
	p.rendre()
	l.Etat, l.Chantier = LotAnnule, nil
	p.e.Motif = "LOT_ABANDONNE"
	p.dire("Lot %s annulé, car tous ses règlements étaient demandés : %s Ils sont de nouveau à payer.", l.ID, phrase(raison))
}

// prendre takes r into the lot of par, or says why it may not be.
func (p *pasLot) prendre(r ReglementActuel, par Acteur) *Error {
	if raison := r.obstacle(par, p.f.Liens); raison != nil {
		return raison
	}
	r.Etat = ReglementPropose
	p.l.Lignes = append(p.l.Lignes, r.LigneLot)
	p.toucher(r.Reglement)
	return nil
}

// ecarter notes what is left out of the lot, and why.
func (l *Lot) ecarter(x LigneEcartee) {
	if len(l.Ecartees) < ecarteesDites {
		l.Ecartees = append(l.Ecartees, x)
		return
	}
	l.EcarteesTues++
}

// NombreEcartees counts the règlements that left the lot or were never taken in.
func (l *Lot) NombreEcartees() int { return len(l.Ecartees) + l.EcarteesTues }

// placer gives their transfers to lines that follow those of the lot; groupes are those
// that may go on, by account. It returns the ones of the payee of the last line.
func (l *Lot) placer(xs []LigneLot, groupes map[string]GroupeLot) map[string]GroupeLot {
	tous := map[string]GroupeLot{}
	for c, g := range groupes {
		tous[c] = g
	}
	for i := range xs {
		x := &xs[i]
		g, connu := tous[l.compte(*x)]
		if !connu {
			l.Transferts++
			g.Rang = l.Transferts
		}
		g.Somme += x.Montant
		tous[l.compte(*x)] = g
		x.Virement, x.EndToEndID = g.Rang, x.Numero
		if l.Groupe {
			x.EndToEndID = fmt.Sprintf("%s-%d", l.ID, x.Virement)
		}
		l.PlusGros = max(l.PlusGros, g.Somme)
	}
	switch {
	case !l.Groupe:
		return nil
	case len(xs) == 0:
		return tous // nothing of this handful was taken in: the payee may go on in the next
	}
	derniers, payee := map[string]GroupeLot{}, string(xs[len(xs)-1].Beneficiaire.SIREN())+" "
	for c, g := range tous {
		if strings.HasPrefix(c, payee) {
			derniers[c] = g
		}
	}
	return derniers
}

// compte names the transfer of a line: that of its payee at one account, or its own.
func (l *Lot) compte(x LigneLot) string {
	if l.Groupe {
		return string(x.Beneficiaire.SIREN()) + " " + string(x.IBAN)
	}
	return x.Numero
}

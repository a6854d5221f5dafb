package opco

import "slices"

// tableau is the comparison being made: what each line of the accord may still
// give, and what is left on each fund, as the invoices are taken one by one.
type tableau struct {
	d       *Dossier
	droits  []droit
	deja    []PartFonds // accepted, per fund
	engages []PartFonds // still engaged, per fund
	facture []Montant   // invoiced, per droit
	payable []Montant   // approved in this constat, per droit
	avance  Montant     // paid before the hours, and not imputed yet
}

// poste is what one invoice asks on one group of droits: those of the stagiaire
// whom a line names, those of all the others together when it names nobody, or a
// line that is not paid by the hour.
type poste struct {
	ligne      Ligne
	droits     []int
	demande    Montant // HT
	heures     Minutes // invoiced, 0 when the invoice does not say
	approuve   Montant
	disponible Montant // by the certificats, before what the invoice asks
	plein      Montant // the same if every granted hour had been followed
	accorde    Montant
	prevu      Minutes // granted
	minutes    Minutes // certified and not paid yet
	deja       Montant // approved on earlier invoices
}

// approuver takes one invoice: it approves what it may, and says why not more. What
// an advance has paid is imputed first: the funds pay the rest (S08).
func (t *tableau) approuver(f Facture) FactureConstatee {
	if f.Avance {
		return t.avancer(f)
	}
	net := f.TotalHT - f.TotalAvoirs()
	x := FactureConstatee{Facture: f.ID}
	postes := t.postes(f)
	parLigne := map[Ligne]Montant{}
	for i := range postes {
		p := &postes[i]
		plafond := min(p.demande, net-x.Approuve, Somme(t.engages)+t.avance-x.Approuve)
		if prouve, ok := f.prouve(p.ligne); ok {
			plafond = min(plafond, prouve-parLigne[p.ligne])
		}
		x.Lignes = append(x.Lignes, t.servir(p, max(0, plafond))...)
		x.Approuve += p.approuve
		parLigne[p.ligne] += p.approuve
	}
	x.NonApprouve = max(0, net-x.Approuve)
	x.Impute = min(t.avance, x.Approuve)
	t.avance -= x.Impute
	x.Parts = t.d.ventiler(x.Approuve-x.Impute, t.deja, t.engages)
	t.deja, t.engages = plus(t.deja, x.Parts), moins(t.engages, x.Parts)
	if x.NonApprouve > 0 {
		x.expliquer(f, postes)
	}
	return x
}

// postes groups the lines of f: first those that name a stagiaire, then the
// others, so that a named line is served from its own hours.
func (t *tableau) postes(f Facture) []poste {
	var nommes, communs []poste
	var pris []int
	for _, l := range f.Lignes {
		if s, c := t.d.Demande.nomme(l.Stagiaire); l.Ligne.horaire() && c != ConcordanceDifferente {
			rangs := t.rangs(l.Ligne, func(x droit) bool { return x.stagiaire == s.ID })
			nommes, pris = t.ajouter(nommes, l, rangs), append(pris, rangs...)
		}
	}
	for _, l := range f.Lignes {
		if _, c := t.d.Demande.nomme(l.Stagiaire); l.Ligne.horaire() && c != ConcordanceDifferente {
			continue
		}
		rangs := t.rangs(l.Ligne, func(droit) bool { return true })
		libres := slices.DeleteFunc(slices.Clone(rangs), func(i int) bool { return slices.Contains(pris, i) })
		if len(libres) > 0 {
			rangs = libres
		}
		communs = t.ajouter(communs, l, rangs)
	}
	return append(nommes, communs...)
}

// rangs returns the droits of line l that garde keeps.
func (t *tableau) rangs(l Ligne, garde func(droit) bool) []int {
	var rangs []int
	for i, x := range t.droits {
		if x.ligne == l && garde(x) {
			rangs = append(rangs, i)
		}
	}
	return rangs
}

// ajouter adds line l to the poste of the same droits, or opens one.
func (t *tableau) ajouter(postes []poste, l LigneFacture, rangs []int) []poste {
	i := slices.IndexFunc(postes, func(p poste) bool { return p.ligne == l.Ligne && slices.Equal(p.droits, rangs) })
	if i < 0 {
		p := poste{ligne: l.Ligne, droits: rangs}
		for _, r := range rangs {
			x := t.droits[r]
			p.disponible += x.reste()
			p.plein += max(0, x.plein-x.paye)
			p.accorde += x.accorde
			p.prevu += x.prevu
			p.minutes += x.minutesRestantes()
			p.deja += x.paye
		}
		i, postes = len(postes), append(postes, p)
	}
	postes[i].demande += l.Montant
	postes[i].heures += l.Heures
	return postes
}

// servir approves up to plafond on the droits of p, one after the other.
func (t *tableau) servir(p *poste, plafond Montant) []LigneConstatee {
	t.repartirFacture(p)
	var lignes []LigneConstatee
	for _, i := range p.droits {
		x := &t.droits[i]
		m := min(x.reste(), plafond-p.approuve)
		if m <= 0 {
			continue
		}
		minutes := x.minutesRestantes()
		if m < x.reste() {
			minutes = Minutes(int64(minutes) * int64(m) / int64(x.reste()))
		}
		x.paye += m
		x.minutes += minutes
		t.payable[i] += m
		p.approuve += m
		lignes = append(lignes, LigneConstatee{Ligne: x.ligne, Stagiaire: x.stagiaire, Prevu: x.prevu, Certifie: minutes,
			Accorde: x.accorde, Facture: m, Payable: m})
	}
	return lignes
}

// repartirFacture spreads what p asks over its droits, for the reader.
func (t *tableau) repartirFacture(p *poste) {
	poids := make([]int64, len(p.droits))
	for k, i := range p.droits {
		poids[k] = int64(t.droits[i].accorde)
	}
	for k, m := range p.demande.Repartir(poids) {
		t.facture[p.droits[k]] += m
	}
}

// lignes returns the comparison, one line per droit: hours granted and certified
// since the start, and the money of this constat.
func (t *tableau) lignes() []LigneConstatee {
	lignes := make([]LigneConstatee, len(t.droits))
	for i, x := range t.droits {
		lignes[i] = LigneConstatee{Ligne: x.ligne, Stagiaire: x.stagiaire, Prevu: x.prevu, Certifie: x.certifie,
			Accorde: x.accorde, Facture: t.facture[i], Payable: t.payable[i]}
	}
	return lignes
}

// expliquer sets the motif of what is not approved (5 bis, États): QTE_ERR, more
// hours than were followed, waits for its avoir; PU_ERR and MONTANTTOTAL_ERR,
// more than the accord, do not.
func (x *FactureConstatee) expliquer(f Facture, postes []poste) {
	x.Motif = MotifMontantTotalErr
	p := Precisions{"facture": citer(f.Numero), "recu": f.TotalHT.String(), "disponible": x.Approuve.String()}
	if i := slices.IndexFunc(postes, poste.heuresEnTrop); i >= 0 {
		x.Motif = MotifQteErr
		p = Precisions{"avoir": x.NonApprouve.String()}
		if h := postes[i].heures; h > 0 {
			p["certifie"], p["facture_h"] = postes[i].minutes.String(), h.String()
		}
	} else if i := slices.IndexFunc(postes, poste.prixEnTrop); i >= 0 {
		x.Motif = MotifPUErr
		p = Precisions{"accorde": postes[i].accorde.String(), "reste": x.NonApprouve.String()}
		if h := postes[i].heures; h > 0 {
			p["prix"] = postes[i].demande.Fraction(60, int64(h)).String()
			p["plafond"] = postes[i].accorde.Fraction(60, int64(postes[i].prevu)).String()
		}
	}
	x.AttendAvoir = x.Motif == MotifQteErr && x.Approuve > 0
	e := x.Motif.Expliquer(p)
	x.Phrase = e.Quoi
	if x.Approuve > 0 {
		x.Phrase += " " + e.Comment // else the invoice is refused: no avoir is asked
	}
}

// heuresEnTrop reports whether p asks for hours that were not followed. An
// invoice without hours does when full attendance alone would have given more.
func (p poste) heuresEnTrop() bool {
	if !p.ligne.horaire() || p.approuve == p.demande {
		return false
	}
	if p.heures > 0 {
		return p.heures > p.minutes
	}
	return p.disponible < min(p.demande, p.plein)
}

// prixEnTrop reports whether p asks more for an hour than was granted.
func (p poste) prixEnTrop() bool {
	if !p.ligne.horaire() || p.approuve == p.demande || p.prevu == 0 {
		return false
	}
	if p.heures > 0 {
		return int64(p.demande)*int64(p.prevu) > int64(p.accorde)*int64(p.heures)
	}
	return p.deja == 0 && p.demande > p.plein
}

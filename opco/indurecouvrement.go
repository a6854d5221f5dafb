package opco

import (
	"slices"
	"strings"
	"unicode"
)

// compenser notes what a payment to the debtor took on the indu (I03, S17).
func (p *pasIndu) compenser() error {
	c, err := lireIndu[ChargeCompensation](p)
	if err != nil {
		return err
	}
	p.recouvrer(Recouvrement{Type: RecouvrementCompensation, Montant: c.Montant, Date: p.f.Jour(), Reference: c.Reglement})
	p.dire("%s retenus sur le règlement %s%s.", c.Montant, c.Reglement, p.resteDit())
	return nil
}

// rembourser notes an incoming transfer of the debtor (I03).
func (p *pasIndu) rembourser() error {
	c, err := lireIndu[ChargeRemboursement](p)
	if err != nil {
		return err
	}
	if c, err = p.ecriture(c); err != nil {
		return err
	}
	if reste := p.i.Reste() - p.f.EnCours; c.Montant > reste {
		return Champf("montant", "Il ne reste que %s à recouvrer : rendez le surplus, ou affectez-le à un autre indu.", reste)
	}
	p.recouvrer(Recouvrement{Type: RecouvrementRemboursement, Montant: c.Montant, Date: c.Date, Reference: c.Reference})
	p.dire("%s remboursés le %s%s.", c.Montant, c.Date.Longue(), p.resteDit())
	return nil
}

func (p *pasIndu) resteDit() string {
	if r := p.i.Reste(); r > 0 {
		return " ; il reste " + r.String()
	}
	return ", l’indu est soldé"
}

// recouvrer books money that came back: each fund has its share of the cumulated
// sum, the last one takes the residue. It returns to the envelope of its year while
// that year is open, else to the fund itself (5 bis).
func (p *pasIndu) recouvrer(r Recouvrement) {
	i := p.i
	r.Parts = i.partsRecouvrees(r.Montant)
	i.Recouvrements = append(i.Recouvrements, r)
	for _, x := range r.Parts {
		rendu := PartFonds{Enveloppe: x.Enveloppe, Code: x.Code, Montant: min(x.Montant, surFonds(i.Avances, x.Enveloppe))}
		i.Avances = moins(i.Avances, []PartFonds{rendu})
		p.mouvoir(MouvementRecouvrementClos, []PartFonds{rendu})
		x.Montant -= rendu.Montant
		t := MouvementRecouvrement
		if slices.Contains(p.f.Clos, x.Enveloppe) {
			t = MouvementRecouvrementClos
		}
		p.mouvoir(t, []PartFonds{x})
	}
	if i.Reste() > 0 {
		return
	}
	i.Etat = InduRembourse
	if r.Type == RecouvrementCompensation {
		i.Etat = InduCompense
	}
}

// partsRecouvrees shares m, the next sum to come back, among the funds.
func (i *Indu) partsRecouvrees(m Montant) []PartFonds {
	cumul, reste, manque, du := i.Recouvre()+m, m, i.nonRecouvre(), i.ResteParts()
	parts := make([]PartFonds, len(i.Parts))
	for k, x := range i.Parts {
		rendu := x.Montant - surFonds(manque, x.Enveloppe)
		parts[k] = PartFonds{Enveloppe: x.Enveloppe, Code: x.Code}
		parts[k].Montant = max(0, min(cumul.Fraction(int64(x.Montant), int64(i.Montant))-rendu, surFonds(du, x.Enveloppe), reste))
		reste -= parts[k].Montant
	}
	for k := len(parts) - 1; k >= 0 && reste > 0; k-- { // the last fund takes the residue
		ajout := min(reste, surFonds(du, parts[k].Enveloppe)-parts[k].Montant)
		parts[k].Montant += ajout
		reste -= ajout
	}
	return sansNuls(parts)
}

// EcritureCredit is an entry of the bank that an acte says to be a reimbursement, as
// it is known: read from a file, or told before with another indu. The zero one is
// not known.
type EcritureCredit struct {
	Connue    bool
	Montant   Montant // of the whole entry
	Affecte   Montant // of it, what is already noted on debts
	Ici       bool    // some of it on this indu
	Date      Date
	Reference string // as the bank wrote it
	Refus     string // why it may not be used, "" when it may
}

// CleReference makes two writings of one reference of the bank equal: letters and
// digits, in capitals.
func CleReference(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}

// ecriture holds a reimbursement to the entry of the bank that it names, and completes
// it from it: one entry may settle several debts, never more than its amount.
func (p *pasIndu) ecriture(c ChargeRemboursement) (ChargeRemboursement, error) {
	e := p.f.Ecriture
	if c.Entree != "" {
		c.Date, c.Reference, c.Total = e.Date, e.Reference, e.Montant
	}
	if !e.Connue {
		e.Montant, e.Date = max(c.Total, c.Montant), c.Date
	}
	switch {
	case e.Refus != "":
		return c, Champf("entree", "%s", e.Refus)
	case c.Entree != "" && !e.Connue:
		return c, Champf("entree", "Cette écriture de la banque n’existe pas.")
	case c.Montant <= 0:
		return c, Champf("montant", "Le montant reçu dépasse 0,00 €.")
	case dateIllisible(c.Date) || c.Date > p.f.Jour():
		return c, Champf("date", "Indiquez le jour où l’argent est arrivé, tel que l’écrit le relevé.")
	case CleReference(c.Reference) == "":
		return c, Champf("reference", "Indiquez la référence de l’écriture sur le relevé de banque.")
	case e.Ici || e.Affecte >= e.Montant:
		return c, Champf("reference", "Cette écriture de la banque a déjà servi à un remboursement.").AvecCode(string(MotifDoublon))
	case c.Total > 0 && c.Total != e.Montant:
		return c, Champf("total", "Cette écriture a été notée pour %s en tout : ce montant ne change plus.", e.Montant)
	case c.Total > 0 && c.Montant > c.Total:
		return c, Champf("total", "L’écriture entière ne peut pas être plus petite que la part de cet indu.")
	case c.Montant > e.Montant-e.Affecte:
		return c, Champf("montant", "De cette écriture de %s, il reste %s à affecter.", e.Montant, e.Montant-e.Affecte)
	}
	return c, nil
}

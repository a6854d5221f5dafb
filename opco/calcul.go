package opco

import (
	"fmt"
	"slices"
)

// Codes of the funds that pay for an AF dossier (domain.md 2.4, co-funding).
const (
	FondsConventionnel = "CONVENTIONNEL"
	FondsMutualise     = "MUTUALISE" // companies under 50 employees only (L6332-17)
	FondsVV            = "VV"        // versement volontaire of the company
	FondsRegion        = "REGION"
	FondsCPF           = "CPF"
)

// Calculer says what barème b and the funds grant for d: each cost line is
// capped, then lowered or raised as imposees says, then the lines are cut from
// the last while the funds are too short (domain.md 5 bis, Amounts). Only the
// stagiaires who were not withdrawn count. A line above the barème is a
// dérogation: the caller must hold its reason. The Decision has its figures,
// rules and motifs; who decides, when and under which conditions is left to the
// caller. It returns an Invalid error when d asks for nothing or for a negative
// amount, or when an imposed line is not one of d, has no motif of reduction, or
// is above what was asked.
func Calculer(d Demande, b Bareme, imposees []LigneImposee, fonds []Fonds) (Decision, error) {
	c, err := calculer(d, b, imposees, fonds)
	if err != nil {
		return Decision{}, err
	}
	return c.decision(), nil
}

// calcul is one application of a barème to a demande.
type calcul struct {
	d           Demande
	b           Bareme
	lignes      []LigneDecidee
	causes      [][]Motif // per line, every reason why it is below what was asked
	fonds       []PartFonds
	derogatoire bool // an imposed line is above the barème
}

func calculer(d Demande, b Bareme, imposees []LigneImposee, fonds []Fonds) (*calcul, error) {
	if err := d.chiffrable(); err != nil {
		return nil, err
	}
	c := &calcul{d: d, b: b}
	for _, l := range Lignes() {
		if m := d.Montant(l); m > 0 {
			ligne := b.plafonner(d, l, m)
			c.lignes = append(c.lignes, ligne)
			c.causes = append(c.causes, nil)
		}
	}
	if err := c.imposer(imposees); err != nil {
		return nil, err
	}
	c.financer(fonds)
	return c, nil
}

// chiffrable refuses what no computation can start from.
func (d Demande) chiffrable() error {
	vues := map[Ligne]bool{}
	for i, l := range d.Lignes {
		champ := fmt.Sprintf("lignes[%d]", i)
		switch {
		case !slices.Contains(Lignes(), l.Ligne):
			return Champf(champ+".ligne", "Ce poste de coût n’existe pas : choisissez-le dans la liste.")
		case vues[l.Ligne]:
			return Champf(champ+".ligne", "Le poste « %s » est demandé deux fois : réunissez les deux montants.", l.Ligne.Libelle())
		case l.Montant < 0:
			return Champf(champ+".montant", "Un montant demandé ne peut pas être négatif.")
		case l.Montant > MontantMax:
			return Champf(champ+".montant", "Le montant dépasse %s.", MontantMax)
		}
		vues[l.Ligne] = true
	}
	if d.Total() == 0 {
		return Champf("lignes", "Indiquez au moins un coût à financer.")
	}
	return nil
}

// imposer replaces what the barème gives on the lines that the gestionnaire
// decides otherwise, and notes why each line is below what was asked.
func (c *calcul) imposer(imposees []LigneImposee) error {
	vues := map[Ligne]bool{}
	for i, x := range imposees {
		champ := fmt.Sprintf("lignes[%d]", i)
		k := slices.IndexFunc(c.lignes, func(l LigneDecidee) bool { return l.Ligne == x.Ligne })
		switch {
		case k < 0:
			return Champf(champ+".ligne", "Le poste « %s » n’est pas demandé : rien ne peut y être accordé.", x.Ligne.Libelle())
		case vues[x.Ligne]:
			return Champf(champ+".ligne", "Le poste « %s » est décidé deux fois : gardez un seul montant.", x.Ligne.Libelle())
		case x.Accorde < 0:
			return Champf(champ+".accorde", "Un montant accordé ne peut pas être négatif.")
		case x.Accorde > c.lignes[k].Demande:
			return Champf(champ+".accorde", "%s : vous accordez %s, l’entreprise demande %s. Accordez au plus ce qui est demandé.",
				x.Ligne.Libelle(), x.Accorde, c.lignes[k].Demande)
		case x.Accorde < c.lignes[k].Eligible && !x.Motif.Pour(UsageReduction):
			return Champf(champ+".motif", "%s : dites pourquoi vous accordez moins que le barème, avec un motif de la liste.", x.Ligne.Libelle())
		}
		vues[x.Ligne] = true
		c.fixer(k, x)
	}
	for k := range c.lignes {
		c.noterPlafond(k)
	}
	return nil
}

// fixer sets line k to what x imposes.
func (c *calcul) fixer(k int, x LigneImposee) {
	l := &c.lignes[k]
	l.Accorde = x.Accorde
	switch {
	case x.Accorde < l.Eligible:
		c.causes[k] = append(c.causes[k], x.Motif)
		l.Regle += fmt.Sprintf(" Ramené à %s : %s.", x.Accorde, x.Motif.Libelle())
	case x.Accorde > l.Eligible:
		c.derogatoire = true
		l.Regle += fmt.Sprintf(" Porté à %s par dérogation.", x.Accorde)
	}
}

// noterPlafond puts the cap of line k first among its causes while the line
// stays below what was asked, and keeps the last cause as the motif of the line.
func (c *calcul) noterPlafond(k int) {
	l := &c.lignes[k]
	if l.Motif != "" && l.Accorde < l.Demande {
		c.causes[k] = append([]Motif{l.Motif}, c.causes[k]...)
	}
	l.Motif = ""
	if n := len(c.causes[k]); n > 0 {
		l.Motif = c.causes[k][n-1]
	}
}

// financer cuts the lines to what the funds hold, from the last, then takes the
// grant on the funds in their order.
func (c *calcul) financer(fonds []Fonds) {
	libres := c.b.disponibles(fonds)
	disponible, accorde := Somme(libres), c.accorde()
	motif, phrase := MotifPlafondAnnuel, fmt.Sprintf(" Il restait %s pour ce dossier : ce poste est ramené à", disponible)
	if disponible == 0 {
		motif, phrase = MotifEnveloppeEpuisee, " Il ne reste rien dans l’enveloppe : ce poste est ramené à"
	}
	manque := accorde - disponible
	for k := len(c.lignes) - 1; k >= 0 && manque > 0; k-- {
		l := &c.lignes[k]
		retire := l.Accorde.Min(manque)
		if retire == 0 {
			continue
		}
		l.Accorde, l.Motif, manque = l.Accorde-retire, motif, manque-retire
		l.Regle += fmt.Sprintf("%s %s.", phrase, l.Accorde)
		c.causes[k] = append(c.causes[k], motif)
	}
	reste := c.accorde()
	for _, f := range libres {
		if f.Montant = f.Montant.Min(reste); f.Montant > 0 {
			c.fonds = append(c.fonds, f)
			reste -= f.Montant
		}
	}
}

// disponibles returns what each fund may give to one dossier. Mutualised money
// is closed to a company of 50 employees or more (domain.md 3.7); mutualised and
// conventional money together never pass the annual ceiling of the barème.
func (b Bareme) disponibles(fonds []Fonds) []PartFonds {
	annuel := b.Annuel.Montant
	parts := make([]PartFonds, 0, len(fonds))
	for _, f := range fonds {
		p := PartFonds{Enveloppe: f.Enveloppe, Code: f.Code, Montant: max(f.Disponible, 0)}
		if f.Code == FondsMutualise && !b.Mutualise {
			p.Montant = 0
		}
		if !b.Annuel.Libre && (f.Code == FondsMutualise || f.Code == FondsConventionnel) {
			p.Montant = p.Montant.Min(annuel)
			annuel -= p.Montant
		}
		parts = append(parts, p)
	}
	return parts
}

func (c *calcul) accorde() Montant {
	var t Montant
	for _, l := range c.lignes {
		t += l.Accorde
	}
	return t
}

// decision writes the computation as a Decision.
func (c *calcul) decision() Decision {
	d := Decision{Version: 1, Bareme: c.b.Code, Lignes: c.lignes, Fonds: c.fonds, Demande: c.d.Total(), Accorde: c.accorde()}
	d.ResteACharge = d.Demande - d.Accorde
	d.Sens = sens(d.Accorde, d.Demande)
	d.Motifs = ordonner(slices.Concat(c.causes...))
	if d.Sens != SensRefus {
		d.Stagiaires = c.d.partager(d.Lignes)
	}
	return d
}

// sens names the outcome of a grant against what was asked.
func sens(accorde, demande Montant) Sens {
	switch {
	case accorde == 0:
		return SensRefus
	case accorde < demande:
		return SensPartiel
	}
	return SensAccord
}

// ordonner returns each motif once, in the order of the closed list of domain.md 2.4.
func ordonner(motifs []Motif) []Motif {
	var suite []Motif
	for _, m := range Motifs() {
		if slices.Contains(motifs, m) {
			suite = append(suite, m)
		}
	}
	return suite
}

func pluriel(n int, mot string) string {
	if n >= 2 {
		mot += "s"
	}
	return fmt.Sprintf("%d %s", n, mot)
}

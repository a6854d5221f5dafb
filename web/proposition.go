package web

import (
	"errors"
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/opco"
)

// remplirProposition computes what would be decided, or reads what was.
func (w *Web) remplirProposition(c *gin.Context, p *DossierInstruit) error {
	d := &p.Dossier
	switch {
	case d.Etat == opco.EtatEnValidation && d.Proposition != nil:
		p.Prop = propositionVue(*d.Proposition, nil)
		p.Prop.Attend = true
		if p.Lecteur.Croise(d.Proposition.ProposePar) {
			p.Regard = "Vous avez proposé cette décision : le second regard revient à une autre personne."
		} else if !p.peut(opco.ActeValider) {
			p.Regard = "Un responsable valide cette proposition ou la renvoie."
		}
		return nil
	case d.Decision != nil:
		p.Prop = propositionVue(*d.Decision, nil)
		p.Prop.Prise = true
		return nil
	}
	prop, err := w.Interieur.ProposerDecision(c, d.ID, opco.ChargeDecider{})
	var refus *opco.Error
	if errors.As(err, &refus) {
		p.Prop = PropositionVue{Empeche: refus.Message, Lignes: lignesDemandees(d.Demande)}
		return nil
	}
	if err != nil {
		return err
	}
	p.Prop = propositionVue(prop.Decision, prop.Disponibles)
	return nil
}

// PropositionVue is a décision as the work page shows it, line by line and fund by
// fund. Empeche says what stands in the way of any.
type PropositionVue struct {
	Decision opco.Decision
	Lignes   []LignePropose
	Fonds    []FondsVu
	Motifs   []string
	Empeche  string
	Attend   bool // of a second person
	Prise    bool // the décision is taken
}

// LignePropose is one cost line: what is asked, what the rules allow, what is
// granted, by which rule and why less.
type LignePropose struct {
	Code, Poste                string
	Demande, Eligible, Accorde opco.Montant
	Regle, Motif               string
}

// FondsVu is what one fund gives, and what it holds before and after.
type FondsVu struct {
	Nom                    string
	Montant, Avant, Restes opco.Montant
	Connu                  bool // what it holds is known
}

// fondsDits names the funds.
var fondsDits = map[string]string{opco.FondsConventionnel: "Conventionnel", opco.FondsMutualise: "Plan moins de 50", opco.FondsVV: "Versement volontaire",
	opco.FondsRegion: "Région, État, FSE", opco.FondsCPF: "CPF"}

func propositionVue(d opco.Decision, fonds []opco.Fonds) PropositionVue {
	p := PropositionVue{Decision: d}
	for _, l := range d.Lignes {
		x := LignePropose{Code: string(l.Ligne), Poste: l.Ligne.Libelle(), Demande: l.Demande, Eligible: l.Eligible, Accorde: l.Accorde, Regle: l.Regle}
		if l.Motif != "" {
			x.Motif = l.Motif.Libelle()
		}
		p.Lignes = append(p.Lignes, x)
	}
	for _, m := range d.Motifs {
		p.Motifs = append(p.Motifs, m.Libelle())
	}
	for _, f := range fonds {
		p.Fonds = append(p.Fonds, FondsVu{Nom: nomFonds(f.Code), Avant: f.Disponible, Restes: f.Disponible, Connu: true})
	}
	for _, part := range d.Fonds {
		i := slices.IndexFunc(p.Fonds, func(f FondsVu) bool { return f.Nom == nomFonds(part.Code) })
		if i < 0 {
			i, p.Fonds = len(p.Fonds), append(p.Fonds, FondsVu{Nom: nomFonds(part.Code)})
		}
		p.Fonds[i].Montant += part.Montant
		p.Fonds[i].Restes -= part.Montant
	}
	p.Fonds = slices.DeleteFunc(p.Fonds, func(f FondsVu) bool { return f.Montant == 0 && f.Avant == 0 })
	return p
}

func nomFonds(code string) string {
	if n := fondsDits[code]; n != "" {
		return n
	}
	return code
}

func lignesDemandees(d opco.Demande) []LignePropose {
	var ls []LignePropose
	for _, l := range d.Lignes {
		if l.Montant != 0 {
			ls = append(ls, LignePropose{Code: string(l.Ligne), Poste: l.Ligne.Libelle(), Demande: l.Montant, Regle: l.Detail})
		}
	}
	return ls
}

// Sens says the outcome in words.
func (p PropositionVue) sens() string {
	debut := "Proposition : "
	switch {
	case p.Prise:
		debut = "Décision : "
	case p.Attend:
		debut = "À valider : "
	}
	switch {
	case p.Empeche != "":
		return "Rien à proposer"
	case p.Decision.Sens == opco.SensRefus:
		return debut + "refus"
	case p.Decision.Sens == opco.SensPartiel:
		return debut + "accord partiel"
	}
	return debut + "accord"
}

// total are the sums of the lines.
func (p PropositionVue) total() (t LignePropose) {
	for _, l := range p.Lignes {
		t.Demande, t.Eligible, t.Accorde = t.Demande+l.Demande, t.Eligible+l.Eligible, t.Accorde+l.Accorde
	}
	return t
}

// secondRegardDit says why a second person will look.
func (p PropositionVue) secondRegardDit() string {
	d := p.Decision
	switch {
	case !d.SecondRegard || p.Prise:
		return ""
	case d.Sens == opco.SensRefus:
		return "Un refus passe par un second regard : un responsable, qui n’est pas vous, le validera avant l’envoi du courrier."
	case d.Derogation != "":
		return "Une dérogation passe par un second regard : un responsable, qui n’est pas vous, la validera avant l’envoi du courrier."
	case d.Risque != "":
		return "Un signal de risque demande un second regard : " + finPhrase(d.Risque)
	}
	return "Ce montant passe par un second regard : un responsable, qui n’est pas vous, le validera avant l’envoi du courrier."
}

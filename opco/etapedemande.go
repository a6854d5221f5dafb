package opco

import (
	"fmt"
	"strings"
	"time"
)

// EtapeDemande is one step of the entry of a demande (AK-17). Its value is the word
// of its address.
type EtapeDemande string

// The four steps.
const (
	EtapeFormation EtapeDemande = "formation"
	EtapeModules   EtapeDemande = "modules"
	EtapeSalaries  EtapeDemande = "salaries"
	EtapeEnvoi     EtapeDemande = "envoi"
)

var libellesEtape = map[EtapeDemande]string{EtapeFormation: "Formation", EtapeModules: "Modules", EtapeSalaries: "Salariés", EtapeEnvoi: "Envoi"}

// EtapesDemande lists the steps in their order.
func EtapesDemande() []EtapeDemande {
	return []EtapeDemande{EtapeFormation, EtapeModules, EtapeSalaries, EtapeEnvoi}
}

// Libelle names the step for a reader.
func (e EtapeDemande) Libelle() string { return libellesEtape[e] }

// ValiderEtape returns what is wrong with step e of d, as Valider says it (AK-38);
// nil when one may go on. What two steps must agree on belongs to the later one: a
// cost line that the stagiaires do not bear out is a fault of step Salariés. Step
// Envoi has every fault. A person who fills the steps gives the address of the
// organisme (AK-24) and says who pays it (AK-23); a program may send a demande without
// them: the register of the OPCO has the address, and its subrogation is its word.
func (d Demande) ValiderEtape(e EtapeDemande) []*Error {
	v := &validation{d: d, errs: d.Valider()}
	v.adresse()
	v.paiement()
	var errs []*Error
	for _, x := range v.errs {
		if e == EtapeEnvoi || d.EtapeDe(x) == e {
			errs = append(errs, x)
		}
	}
	return errs
}

// EtapeDe returns the step where what x says of d is corrected.
func (d Demande) EtapeDe(x *Error) EtapeDemande {
	switch {
	case strings.HasPrefix(x.Champ, "stagiaires"):
		return EtapeSalaries
	case strings.HasPrefix(x.Champ, "modules"):
		return EtapeModules
	case x.Champ == "lignes" && d.Total() > 0 && d.Total() <= MontantMax:
		return EtapeSalaries
	case strings.HasSuffix(x.Champ, ".montant") && d.incoherente(x.Champ):
		return EtapeSalaries
	}
	return EtapeFormation
}

// incoherente reports whether the amount that champ names is well written: what is
// wrong with it is then that the stagiaires say otherwise.
func (d Demande) incoherente(champ string) bool {
	for i, l := range d.Lignes {
		if champ == champLigne(i) {
			return l.Montant > 0 && l.Montant <= MontantMax
		}
	}
	return false
}

// EtapeSuivante returns the step after e: the modules only when d has some (AK-28).
func (d Demande) EtapeSuivante(e EtapeDemande) EtapeDemande {
	switch {
	case e == EtapeFormation && len(d.Modules) > 0:
		return EtapeModules
	case e == EtapeFormation || e == EtapeModules:
		return EtapeSalaries
	}
	return EtapeEnvoi
}

// SelonStagiaires returns what the stagiaires make of line l, and whether they say
// anything of it: the wages they are paid, and the shares of the price and of the
// travels that were written for each.
func (d Demande) SelonStagiaires(l Ligne) (Montant, bool) {
	switch l {
	case LignePeda, LigneRemuneration, LigneTransport:
		m := d.somme(l)
		return m, m > 0
	}
	return 0, false
}

// Alignee returns d with the cost lines that the stagiaires decide set to what they
// make. The others are left as they are.
func (d Demande) Alignee() Demande {
	d.Lignes = append([]LigneDemandee(nil), d.Lignes...)
	for _, l := range Lignes() {
		if m, dit := d.SelonStagiaires(l); dit {
			d.Lignes = poserLigne(d.Lignes, l, m)
		}
	}
	return d
}

func poserLigne(ls []LigneDemandee, l Ligne, m Montant) []LigneDemandee {
	for i := range ls {
		if ls[i].Ligne == l {
			ls[i].Montant = m
			return ls
		}
	}
	return append(ls, LigneDemandee{Ligne: l, Montant: m})
}

// Copie returns a new demande made of d (AK-16): the stagiaires who were not
// withdrawn stay, the days and what only that dossier said go.
func (d Demande) Copie() Demande {
	c := d
	c.Debut, c.Fin, c.ReferenceClient, c.Commentaire = "", "", "", ""
	c.Lignes, c.Modules = append([]LigneDemandee(nil), d.Lignes...), append([]Module(nil), d.Modules...)
	c.Stagiaires = append([]Stagiaire(nil), d.Presents()...)
	c.Rembourse = !d.Interne && !d.Subrogation
	return c
}

// MomentDepot says how the sending of a demande stands with its start: late, within
// the days that the OPCO advises, or in time (T04, T05).
type MomentDepot struct {
	Tard   bool // sent now, it is refused (DEPOT_TARDIF)
	Juste  bool // in time, but later than advised
	Jours  int  // calendar days left before the start
	Limite Date // the last day on which it may be sent
}

// MomentDepot says when a demande that starts on debut is sent, if it were at le.
func (p Parametres) MomentDepot(le time.Time, debut Date) MomentDepot {
	m := MomentDepot{Tard: DepotTardif(le, debut), Jours: debut.Depuis(JourDe(le)), Limite: debut.Jours(-1)}
	m.Juste = !m.Tard && m.Jours < p.DepotConseilJours
	return m
}

func champLigne(i int) string { return fmt.Sprintf("lignes[%d].montant", i) }

func (v *validation) paiement() {
	if d := v.d; !d.Interne && !d.Subrogation && !d.Rembourse {
		v.non("subrogation", "Dites qui paie l’organisme : nous, directement, ou vous, que nous remboursons.")
	}
}

func (v *validation) adresse() {
	o := v.d.Organisme
	if v.d.Interne {
		return
	}
	if vide(o.Adresse) {
		v.non("organisme.adresse", "Indiquez l’adresse de l’organisme : elle est sur son devis.")
	}
	if o.CodePostal == "" {
		v.non("organisme.code_postal", "Indiquez le code postal de l’organisme.")
	}
	if vide(o.Ville) {
		v.non("organisme.ville", "Indiquez la ville de l’organisme.")
	}
}

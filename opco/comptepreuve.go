package opco

import (
	"fmt"
	"slices"
	"strings"
)

// Detail writes what was given and what is known, side by side: « Donnée : 312 480 €
// · connue de l’OPCO : 312 480 € ».
func (q Preuve) Detail() string {
	connu := q.Connu
	switch q.Question {
	case QuestionMasse:
		return "Donnée : " + q.Donne + " · connue de l’OPCO : " + ou(connu, "aucune")
	case QuestionResponsable:
		return "Donné : " + q.Donne + " · connu : " + ou(connu, "aucun")
	case QuestionNDA:
		return "Donné : " + q.Donne + " · connu de l’OPCO : " + ou(connu, "aucun")
	case QuestionFacture:
		return "Donnée : " + q.Donne + " · trouvée : " + ou(connu, "aucune")
	}
	return q.Donne
}

func ou(s, sinon string) string {
	if s == "" {
		return sinon
	}
	return s
}

// prouver answers the questions of a box: evidence for the advisor, never a
// decision (C06). A question that the OPCO cannot answer does not agree, but for
// the responsable légal, whom it often does not know: no line then.
func (p *pasCompte) prouver(b BlocDemande) []Preuve {
	if b.Profil == RoleOrganisme {
		return p.prouverOrganisme(b)
	}
	e, connue := p.entreprise(b)
	ps := []Preuve{p.preuveMasse(b, e), preuveCode(b, e, connue)}
	if q, ok := preuveResponsable(b, e); ok {
		ps = append(ps, q)
	}
	return p.dater(b, ps)
}

func (p *pasCompte) dater(b BlocDemande, ps []Preuve) []Preuve {
	for i := range ps {
		ps[i].Bloc, ps[i].Le = b.ID, p.f.Le
	}
	return ps
}

// entreprise returns the company that the box is about: that of the code adhérent
// when one of its SIREN has it, else that of the first établissement.
func (p *pasCompte) entreprise(b BlocDemande) (EntrepriseConnue, bool) {
	for _, e := range b.Etablissements {
		if x, ok := p.f.Entreprises[e.SIRET.SIREN()]; ok && memeCode(x.CodeAdherent, b.CodeAdherent) {
			return x, true
		}
	}
	x, ok := p.f.Entreprises[b.Etablissements[0].SIRET.SIREN()]
	return x, ok
}

func memeCode(a, b string) bool {
	return a != "" && strings.EqualFold(sansEspaces(a), sansEspaces(b))
}

// preuveMasse compares the masse salariale of the year before the request, with
// the tolerance MASSE_TOLERANCE.
func (p *pasCompte) preuveMasse(b BlocDemande, e EntrepriseConnue) Preuve {
	annee := JourDe(b.Le).Annee() - 1
	q := Preuve{Question: QuestionMasse, Donne: euros(b.MasseSalariale)}
	ecart := max(b.MasseSalariale-e.MasseSalariale, e.MasseSalariale-b.MasseSalariale)
	switch {
	case e.MasseSalariale == 0:
		q.Phrase = fmt.Sprintf("Masse salariale %d inconnue de l’OPCO", annee)
		return q
	case ecart == 0:
		q.Concorde, q.Phrase = true, fmt.Sprintf("Masse salariale %d exacte", annee)
	case ecart <= p.regles().MasseTolerance:
		q.Concorde, q.Phrase = true, fmt.Sprintf("Masse salariale %d exacte à %s près", annee, euros(p.regles().MasseTolerance))
	default:
		q.Phrase = fmt.Sprintf("Masse salariale %d différente de celle que connaît l’OPCO", annee)
	}
	q.Connu = euros(e.MasseSalariale)
	return q
}

// euros writes an amount without its cents when there are none.
func euros(m Montant) string {
	s, entier := strings.CutSuffix(m.Nombre(), ",00")
	if !entier {
		return m.String()
	}
	return s + espaceInsecable + "€"
}

// preuveCode looks for each SIRET among the sites of the company of the code.
func preuveCode(b BlocDemande, e EntrepriseConnue, connue bool) Preuve {
	q := Preuve{Question: QuestionSiretCode, Connu: e.CodeAdherent, Donne: siretsDits(b)}
	var etrangers []string
	for _, x := range b.Etablissements {
		if !slices.Contains(e.Sites, x.SIRET) {
			etrangers = append(etrangers, x.SIRET.Affiche())
		}
	}
	switch {
	case !connue:
		q.Phrase = "Entreprise inconnue de l’OPCO"
	case !memeCode(e.CodeAdherent, b.CodeAdherent):
		q.Phrase = "Le code adhérent " + b.CodeAdherent + " n’est pas celui de cette entreprise"
	case len(etrangers) == 1:
		q.Phrase = "Le SIRET " + etrangers[0] + " n’appartient pas au code adhérent " + e.CodeAdherent
	case len(etrangers) > 1:
		q.Phrase = "Les SIRET " + enumerer(etrangers) + " n’appartiennent pas au code adhérent " + e.CodeAdherent
	default:
		q.Concorde, q.Phrase = true, sujetSIRET(len(b.Etablissements))+" au code adhérent "+e.CodeAdherent
	}
	return q
}

func sujetSIRET(n int) string {
	switch n {
	case 1:
		return "Le SIRET appartient"
	case 2:
		return "Les deux SIRET appartiennent"
	}
	return fmt.Sprintf("Les %d SIRET appartiennent", n)
}

func siretsDits(b BlocDemande) string {
	var ss []string
	for _, e := range b.Etablissements {
		ss = append(ss, e.SIRET.Affiche())
	}
	return strings.Join(ss, " · ")
}

func preuveResponsable(b BlocDemande, e EntrepriseConnue) (Preuve, bool) {
	q := Preuve{Question: QuestionResponsable, Donne: b.Responsable, Connu: e.Responsable}
	switch NomsConcordent(b.Responsable, e.Responsable) {
	case ConcordanceExacte:
		q.Concorde, q.Phrase = true, "Responsable légal identique à celui que connaît l’OPCO"
	case ConcordanceProche:
		q.Phrase = "Responsable légal presque identique : une lettre ou l’ordre des noms change"
	default:
		q.Phrase = "Responsable légal différent de celui que connaît l’OPCO"
	}
	return q, e.Responsable != ""
}

// prouverOrganisme compares NDA, SIRET and the amount of an invoice (MA-34, MA-37).
func (p *pasCompte) prouverOrganisme(b BlocDemande) []Preuve {
	o, connu := p.f.Organismes[b.Etablissements[0].SIRET.SIREN()]
	nda := Preuve{Question: QuestionNDA, Donne: b.NDA.Affiche() + " · " + siretsDits(b)}
	if o.NDA != "" {
		nda.Connu = o.NDA.Affiche()
	}
	etranger := slices.ContainsFunc(b.Etablissements, func(e EtablissementVoulu) bool { return !slices.Contains(o.Sites, e.SIRET) })
	switch {
	case !connu:
		nda.Phrase = "Organisme inconnu de l’OPCO"
	case o.NDA != b.NDA:
		nda.Phrase = "Le numéro de déclaration d’activité n’est pas celui de cet organisme"
	case etranger:
		nda.Phrase = "Un SIRET n’est pas connu comme établissement de cet organisme"
	default:
		nda.Concorde, nda.Phrase = true, "Le numéro de déclaration d’activité est celui du SIRET"
	}
	facture := Preuve{Question: QuestionFacture, Donne: euros(b.FactureHT), Phrase: "Aucune facture récente de ce montant hors taxes"}
	if slices.Contains(o.Factures, b.FactureHT) {
		facture.Concorde, facture.Connu, facture.Phrase = true, euros(b.FactureHT), "Une facture récente a ce montant hors taxes"
	}
	return p.dater(b, []Preuve{nda, facture})
}

// concordent reports whether there is evidence on the box and all of it agrees.
func (c *Compte) concordent(bloc string) bool {
	n := 0
	for _, q := range c.Preuves {
		if q.Bloc == bloc {
			if !q.Concorde {
				return false
			}
			n++
		}
	}
	return n > 0
}

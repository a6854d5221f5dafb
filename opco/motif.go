package opco

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Motif is the stable code of one reason: why a line was reduced, a demande
// refused, an invoice disputed, a pièce sent back. Every Motif has one row in
// the catalogue, and that row is the only source of what the screen, the mail,
// the letter and the API say (domain.md 5.4). Codes are stored: never renamed.
type Motif string

// FamilleMotif groups the motifs by the object they judge.
type FamilleMotif string

// The families of motifs.
const (
	FamilleDecision    FamilleMotif = "decision"     // decision on a demande, closed list of domain.md 2.4
	FamilleFacture     FamilleMotif = "facture"      // business check of an invoice, domain.md 2.7
	FamilleRejet       FamilleMotif = "rejet"        // invoice that cannot be read, status 213
	FamilleServiceFait FamilleMotif = "service_fait" // comparison of domain.md 2.6
	FamillePiece       FamilleMotif = "piece"        // non-conformity of one document, T06 and T22
	FamilleDroit       FamilleMotif = "habilitation" // a right refused, C09
)

// UsageMotif is a place where a motif may be cited. A motif cited elsewhere is
// a mistake of the person who decides, and is refused.
type UsageMotif string

// The usages. Those of invoices carry the code of the French life cycle.
const (
	UsageRefus       UsageMotif = "refus"        // whole refusal of a demande, T05 and T14
	UsageReduction   UsageMotif = "reduction"    // reduced or refused cost line of an accord partiel, T13
	Usage206         UsageMotif = "206"          // invoice approved in part
	Usage207         UsageMotif = "207"          // invoice in dispute
	Usage208         UsageMotif = "208"          // invoice suspended
	Usage210         UsageMotif = "210"          // invoice refused
	Usage213         UsageMotif = "213"          // invoice rejected by a machine
	UsageServiceFait UsageMotif = "service_fait" // SF_NON_CONFORME or reduced payable
	UsagePiece       UsageMotif = "piece"        // pièce non conforme or missing
	UsageDroit       UsageMotif = "habilitation" // right refused by an advisor, C09
)

// Usages lists every place where a motif may be cited.
func Usages() []UsageMotif {
	return []UsageMotif{UsageRefus, UsageReduction, Usage206, Usage207, Usage208, Usage210, Usage213,
		UsageServiceFait, UsagePiece, UsageDroit}
}

// Intervenant is who must act next on a motif.
type Intervenant string

// Who may have to act. IntervenantDeposant is whoever sent the document or the
// invoice: the company or the organisme.
const (
	IntervenantEntreprise Intervenant = "entreprise"
	IntervenantOrganisme  Intervenant = "organisme"
	IntervenantDeposant   Intervenant = "deposant"
	IntervenantOPCO       Intervenant = "opco"
	IntervenantDemandeur  Intervenant = "demandeur" // who asked for a right
	IntervenantPersonne   Intervenant = "personne"
)

// Libelle names the Intervenant for a reader.
func (i Intervenant) Libelle() string {
	switch i {
	case IntervenantEntreprise:
		return "L’entreprise"
	case IntervenantOrganisme:
		return "L’organisme de formation"
	case IntervenantDeposant:
		return "Celui qui a déposé le document"
	case IntervenantOPCO:
		return "L’OPCO"
	case IntervenantDemandeur:
		return "Le demandeur"
	case IntervenantPersonne:
		return "Personne"
	}
	return ""
}

// Precisions are the named figures of one case, ready to be read: amounts
// already written « 40,00 € », days « 4 mai 2026 ». Each motif lists the names
// it understands (Motif.Precisions); the others are ignored, and a part of a
// sentence whose figure is missing is left out.
type Precisions map[string]string

// Explication answers the five questions of the plain-language rule (domain.md
// 5.4). AvantLe comes from the caller's precision "avant_le" and may be "".
type Explication struct {
	Quoi     string      `json:"quoi"`     // what was found
	Pourquoi string      `json:"pourquoi"` // the rule
	Qui      Intervenant `json:"qui"`      // who acts next
	Comment  string      `json:"comment"`  // what to do
	AvantLe  string      `json:"avant_le,omitempty"`
}

// ligneMotif is a row of the catalogue. In bref, quoi, pourquoi and comment,
// {nom} stands for a precision; [avec {nom}] is left out when a precision in it
// is missing, and [avec {nom}|sans] then reads « sans ».
type ligneMotif struct {
	famille  FamilleMotif
	libelle  string
	bref     string
	quoi     string
	pourquoi string
	qui      Intervenant
	comment  string
	usages   []UsageMotif
	cdar     string // reason code of the e-invoicing life cycle, "" when it is the Motif itself or there is none
}

// catalogue joins the rows of each family, in the order of reading.
var catalogue, ordreMotifs = assembler(motifsDecision, motifsFacture, motifsRejet, motifsServiceFait, motifsPiece, motifsDroit)

type rangMotif struct {
	code  Motif
	ligne ligneMotif
}

func assembler(familles ...[]rangMotif) (map[Motif]ligneMotif, []Motif) {
	lignes, ordre := map[Motif]ligneMotif{}, []Motif{}
	for _, famille := range familles {
		for _, r := range famille {
			lignes[r.code] = r.ligne
			ordre = append(ordre, r.code)
		}
	}
	return lignes, ordre
}

// Motifs returns every motif of the catalogue, family by family.
func Motifs() []Motif { return slices.Clone(ordreMotifs) }

// MotifsPour returns the motifs that may be cited for the usage u, in the order
// in which a list offers them.
func MotifsPour(u UsageMotif) []Motif {
	var liste []Motif
	for _, m := range ordreMotifs {
		if m.Pour(u) {
			liste = append(liste, m)
		}
	}
	return liste
}

// ParseMotif reads a code. It returns an Invalid error for a code that is not
// in the catalogue.
func ParseMotif(s string) (Motif, error) {
	m := Motif(s)
	if !m.Valide() {
		return "", Champf("motif", "« %s » n’est pas un motif connu : choisissez-le dans la liste.", s)
	}
	return m, nil
}

// Valide reports whether m has a row in the catalogue.
func (m Motif) Valide() bool { _, ok := catalogue[m]; return ok }

// Pour reports whether m may be cited for the usage u.
func (m Motif) Pour(u UsageMotif) bool { return slices.Contains(catalogue[m].usages, u) }

// Famille returns the family of m, "" when m is unknown.
func (m Motif) Famille() FamilleMotif { return catalogue[m].famille }

// Libelle returns the short name of m, without figures, for a list or a badge.
// An unknown motif is shown by its code.
func (m Motif) Libelle() string {
	if l, ok := catalogue[m]; ok {
		return l.libelle
	}
	return string(m)
}

// Bref returns a few words with their figures, for one cell of a table: « Plafond
// de 40,00 € par heure ».
func (m Motif) Bref(p Precisions) string {
	l, ok := catalogue[m]
	if !ok || l.bref == "" {
		return m.Libelle()
	}
	return remplir(l.bref, p)
}

// Expliquer answers the five questions for one case.
func (m Motif) Expliquer(p Precisions) Explication {
	l, ok := catalogue[m]
	if !ok {
		return Explication{Quoi: m.Libelle() + ".", Qui: IntervenantOPCO}
	}
	return Explication{
		Quoi: remplir(l.quoi, p), Pourquoi: remplir(l.pourquoi, p),
		Qui: l.qui, Comment: remplir(l.comment, p), AvantLe: p["avant_le"],
	}
}

// Phrase returns the whole explanation as one text: what, why, how, by when.
func (m Motif) Phrase(p Precisions) string {
	e := m.Expliquer(p)
	parties := []string{e.Quoi, e.Pourquoi, e.Comment}
	if e.AvantLe != "" {
		parties = append(parties, "Vous avez jusqu’au "+e.AvantLe+" inclus.")
	}
	parties = slices.DeleteFunc(parties, func(s string) bool { return s == "" })
	return strings.Join(parties, " ")
}

// CDAR returns the reason code that the French e-invoicing life cycle expects
// for m (domain.md 2.7), or "" when m never leaves the house.
func (m Motif) CDAR() string {
	l := catalogue[m]
	if l.cdar != "" {
		return l.cdar
	}
	if l.famille == FamilleFacture || l.famille == FamilleRejet {
		return string(m)
	}
	return ""
}

// Precisions returns the names of the figures that the sentences of m know, in
// the order in which they appear.
func (m Motif) Precisions() []string {
	l := catalogue[m]
	var noms []string
	for _, modele := range []string{l.bref, l.quoi, l.pourquoi, l.comment} {
		for _, morceau := range strings.Split(modele, "{")[1:] {
			nom, _, _ := strings.Cut(morceau, "}")
			if !slices.Contains(noms, nom) {
				noms = append(noms, nom)
			}
		}
	}
	return noms
}

// remplir writes modele with the figures of p. Figures are written as they are:
// a brace or a bracket inside one is plain text.
func remplir(modele string, p Precisions) string {
	ecrit := ""
	for modele != "" {
		fixe, reste, ouvert := strings.Cut(modele, "[")
		ecrit += fixe
		if !ouvert {
			break
		}
		option, suite, _ := strings.Cut(reste, "]")
		avec, sans, _ := strings.Cut(option, "|")
		if texte, ok := substituer(avec, p); ok {
			ecrit = elider(ecrit, texte)
		} else {
			ecrit += sans
		}
		modele = suite
	}
	return ecrit
}

// De writes « de Garonne », « d’Aïcha »: the name elided as it is said.
func De(nom string) string { return strings.TrimPrefix(elider(" de ", nom), " ") }

// elider joins two parts of a sentence, and writes « d’Aïcha » for « de Aïcha ».
// A number such as AF26-000118 is not a word: nothing is elided before it.
func elider(avant, suite string) string {
	debut, de := strings.CutSuffix(avant, " de ")
	initiale, n := utf8.DecodeRuneInString(suite)
	seconde, _ := utf8.DecodeRuneInString(suite[n:])
	if de && strings.ContainsRune("aeiouàâäéèêëîïôöùûüœæ", unicode.ToLower(initiale)) && unicode.IsLower(seconde) {
		return debut + " d’" + suite
	}
	return avant + suite
}

// substituer replaces each {nom} of s; ok is false when one is missing.
func substituer(s string, p Precisions) (texte string, ok bool) {
	for {
		avant, reste, trouve := strings.Cut(s, "{")
		texte += avant
		if !trouve {
			return texte, true
		}
		nom, suite, _ := strings.Cut(reste, "}")
		if strings.TrimSpace(p[nom]) == "" {
			return "", false
		}
		texte = elider(texte, p[nom])
		s = suite
	}
}

package courrier

import (
	"slices"
	"strings"

	"guichet/opco"
)

// Accord tells a decision that grants all (T12) or part (T13) of a demande, or
// the one that replaces it after an avenant. The company and the organisme each
// receive their own.
type Accord struct {
	Envoi
	DemandeLe    opco.Date // day of the deposit
	Decision     opco.Decision
	Subrogation  bool
	EnvoyerAvant opco.Date // last day for the pièces de fin: forclusion
	Contester    opco.Date
	// Precisions are the figures of the motifs, when the caller has them.
	Precisions map[opco.Motif]opco.Precisions
}

// Nom is the name of the event.
func (Accord) Nom() string { return "accord" }

// Partiel reports whether less than asked is granted.
func (a Accord) Partiel() bool { return a.Decision.Accorde < a.Decision.Demande }

func (a Accord) reste() opco.Montant { return a.Decision.Demande - a.Decision.Accorde }

func (a Accord) titre() string {
	if a.Decision.Version > 1 {
		return "Nous modifions notre accord : " + a.Decision.Accorde.String()
	}
	quoi := "votre formation"
	switch {
	case a.A.organisme() && a.Partiel():
		quoi = "en partie une formation que vous assurez"
	case a.A.organisme():
		quoi = "une formation que vous assurez"
	case a.Partiel():
		quoi = "votre formation en partie"
	}
	return "Nous finançons " + quoi + " : " + a.Decision.Accorde.String()
}

func (a Accord) corps() []Bloc {
	qui := "vous avez demandé"
	if a.A.organisme() {
		qui = a.Dossier.Entreprise + " a demandé"
	}
	blocs := []Bloc{
		Paragraphe{Texte: "Le " + a.DemandeLe.Longue() + ", " + qui + " la prise en charge de " + a.Dossier.formation() + "."},
		a.decision(),
	}
	if a.Decision.Version > 1 {
		blocs = slices.Insert(blocs, 1, Bloc(Paragraphe{Texte: "Le dossier a changé depuis notre accord. " +
			"La décision ci-dessous remplace celle que vous avez reçue."}))
	}
	return append(blocs, a.apres()...)
}

// decision is the sentence in the frame.
func (a Accord) decision() Bloc {
	if !a.Partiel() {
		return Encadre{Fort: "Nous accordons " + a.Decision.Accorde.String() + " hors taxes", Texte: ", la totalité de la demande."}
	}
	charge := "à votre charge."
	if a.A.organisme() {
		charge = "à la charge " + opco.De(a.Dossier.Entreprise) + "."
	}
	return Encadre{Fort: "Nous accordons " + a.Decision.Accorde.String() + " hors taxes",
		Texte: " sur les " + a.Decision.Demande.String() + " demandés. Il reste " + a.reste().String() + " " + charge}
}

// detail is the decision cost line by cost line, then fund by fund.
func (a Accord) detail() []Bloc {
	t := Tableau{Titre: "Le détail, poste par poste (hors taxes)", Colonnes: []Colonne{
		{Nom: "Poste", Part: 2.2}, {Nom: "Demandé", Part: 1.5, Chiffre: true}, {Nom: "Éligible", Part: 1.5, Chiffre: true}, {Nom: "Accordé", Part: 1.5, Chiffre: true}, {Nom: "Pourquoi", Part: 3.3, Parle: true},
	}}
	var eligible opco.Montant
	for _, l := range a.Decision.Lignes {
		eligible += l.Eligible
		t.Lignes = append(t.Lignes, []string{l.Ligne.Libelle(), l.Demande.String(), l.Eligible.String(), l.Accorde.String(), a.regle(l)})
	}
	t.Total = []string{"Total", a.Decision.Demande.String(), eligible.String(), a.Decision.Accorde.String(), ""}
	blocs := []Bloc{t}
	if len(a.Decision.Fonds) > 1 {
		f := Tableau{Titre: "Les fonds qui paient", Colonnes: []Colonne{{Nom: "Fonds", Part: 3}, {Nom: "Montant", Part: 1, Chiffre: true}}}
		for _, x := range a.Decision.Fonds {
			f.Lignes = append(f.Lignes, []string{x.Code, x.Montant.String()})
		}
		f.Total = []string{"Total", a.Decision.Accorde.String()}
		blocs = append(blocs, f)
	}
	return blocs
}

// regle says in a few words why a line got what it got.
func (a Accord) regle(l opco.LigneDecidee) string {
	switch {
	case l.Regle != "":
		return l.Regle
	case l.Motif != "":
		return l.Motif.Bref(a.Precisions[l.Motif])
	case l.Accorde == l.Demande:
		return "Accordé en entier"
	}
	return ""
}

// motifs explains each reason once, in the order of the lines.
func (a Accord) motifs() []Bloc {
	var cites []opco.Motif
	for _, l := range a.Decision.Lignes {
		if l.Motif != "" && !slices.Contains(cites, l.Motif) {
			cites = append(cites, l.Motif)
		}
	}
	for _, m := range a.Decision.Motifs {
		if !slices.Contains(cites, m) {
			cites = append(cites, m)
		}
	}
	if len(cites) == 0 {
		return nil
	}
	l, comment := Liste{}, []string{}
	for _, m := range cites {
		e := m.Expliquer(a.Precisions[m])
		l.Points = append(l.Points, Paragraphe{Fort: m.Libelle() + ". ", Texte: a.A.vu(e.Quoi + " " + e.Pourquoi)})
		if !slices.Contains(comment, e.Comment) {
			comment = append(comment, e.Comment)
		}
	}
	blocs := []Bloc{Intertitre{"Pourquoi nous n’accordons pas tout"}, l}
	if !a.A.organisme() {
		blocs = append(blocs, Paragraphe{Texte: strings.Join(comment, " ")})
	}
	return blocs
}

// apres is what follows the frame: figures, reasons, steps, recours.
func (a Accord) apres() []Bloc {
	blocs := a.detail()
	if a.Partiel() {
		blocs = append(blocs, a.motifs()...)
	}
	if len(a.Decision.Conditions) > 0 {
		l := Liste{}
		for _, c := range a.Decision.Conditions {
			l.Points = append(l.Points, Paragraphe{Texte: majuscule(c)})
		}
		blocs = append(blocs, Intertitre{"À une condition"}, l)
	}
	return append(blocs, Intertitre{"Ce que vous faites maintenant"}, Liste{Numerotee: true, Points: a.etapes()})
}

// etapes are the acts expected from the reader, in order.
func (a Accord) etapes() []Paragraphe {
	switch {
	case a.A.organisme() && a.Subrogation:
		return a.etapesOrganisme()
	case a.A.organisme():
		return points("Vous pouvez commencer la formation aux dates prévues.",
			"Vous facturez "+a.Dossier.Entreprise+", qui vous paie. Marquez la facture « acquittée » une fois payée.",
			"Après la formation, vous remettez à "+a.Dossier.Entreprise+" un certificat de réalisation par stagiaire.")
	case a.Subrogation:
		return a.etapesSubrogation()
	}
	return a.etapesRemboursement()
}

// etapesOrganisme: the organisme is paid by the OPCO, and names both invoices
// when a part is left to the company (domain.md 2.4).
func (a Accord) etapesOrganisme() []Paragraphe {
	p := points("Vous pouvez commencer la formation aux dates prévues : cet accord réserve la somme.")
	if a.Partiel() {
		p = append(p, points("Vous établissez deux factures : l’une à l’OPCO, de "+a.Decision.Accorde.String()+
			" ; l’autre à "+a.Dossier.Entreprise+", de "+a.reste().String()+".")...)
	} else {
		p = append(p, points("Vous établissez une facture à l’OPCO, de "+a.Decision.Accorde.String()+".")...)
	}
	return append(p, points("Écrivez le numéro "+a.Dossier.Numero+" sur la facture.",
		a.envoi("vous déposez en ligne la facture à l’OPCO et un certificat de réalisation par stagiaire"),
		"Nous vous payons. Si moins d’heures sont suivies, nous payons moins.")...)
}

func (a Accord) etapesSubrogation() []Paragraphe {
	p := points("Vous pouvez confirmer la formation : cet accord réserve la somme.",
		"Nous payons "+a.Dossier.Organisme+" directement, sur sa facture et ses certificats de réalisation.")
	if !a.Partiel() {
		return append(p, points("Vous n’avez rien à payer, sauf la TVA si l’organisme la facture.")...)
	}
	return append(p, points(a.Dossier.Organisme+" établit deux factures : l’une à l’OPCO, de "+a.Decision.Accorde.String()+
		" ; l’autre à votre entreprise, de "+a.reste().String()+".", "Vous payez la seconde à "+a.Dossier.Organisme+".")...)
}

func (a Accord) etapesRemboursement() []Paragraphe {
	premier := points("Vous pouvez confirmer la formation : cet accord réserve la somme.")
	pieces := "vous nous envoyez en ligne vos justificatifs et les certificats de réalisation"
	if a.Dossier.Organisme != "" {
		premier = append(premier, points("Vous payez "+a.Dossier.Organisme+", et gardez sa facture marquée « acquittée ».")...)
		pieces = "vous nous envoyez en ligne : le certificat de réalisation de chaque stagiaire, cette facture acquittée et votre facture à l’OPCO"
	}
	return append(premier, points(a.envoi(pieces), "Nous vous remboursons. Si moins d’heures sont suivies, nous payons moins.")...)
}

// envoi dates a sending after the training.
func (a Accord) envoi(quoi string) string {
	s := "Après le " + a.Dossier.Fin.Longue()
	if a.EnvoyerAvant != "" {
		s += " et " + jusquau(a.EnvoyerAvant)
	}
	return s + ", " + quoi + "."
}

// Lettre returns the letter of accord or of accord partiel.
func (a Accord) Lettre(m Maison) (Lettre, bool) {
	return a.lettre(m, a.titre(), a.complet(m)...), true
}

// complet adds what depends on the OPCO: the délai of payment, the recours.
func (a Accord) complet(m Maison) []Bloc {
	blocs := append(a.corps(), Paragraphe{Texte: "Nous payons " + m.delaiPaiement() + " après réception d’une facture conforme. " +
		"Si les dates, les heures ou les personnes changent, prévenez-nous avant le premier jour déplacé."})
	if a.Partiel() {
		blocs = append(blocs, voiesDeRecours(m, a.Contester)...)
	}
	return blocs
}

// Courriel returns the mail: the decision and the steps; the detail is in the
// letter attached.
func (a Accord) Courriel(m Maison) (Message, error) {
	objet := "accord, " + a.Decision.Accorde.String()
	switch {
	case a.Decision.Version > 1:
		objet = "accord modifié, " + a.Decision.Accorde.String()
	case a.Partiel():
		objet = "accord partiel, " + a.Decision.Accorde.String()
	}
	return a.message(m, objet, a.titre(), "Voir le dossier", a.complet(m))
}

// points makes a list of plain sentences.
func points(phrases ...string) []Paragraphe {
	p := make([]Paragraphe, len(phrases))
	for i, s := range phrases {
		p[i] = Paragraphe{Texte: s}
	}
	return p
}

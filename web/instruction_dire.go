package web

import (
	"slices"
	"strconv"
	"strings"

	"guichet/opco"
)

// combienVus writes a count and its noun: « 0 bloquant », « 15 conformes ».
func combienVus(n int, nom string) string {
	if n > 1 {
		nom += "s"
	}
	return strconv.Itoa(n) + " " + nom
}

func titreProposition(p PropositionVue) string {
	switch {
	case p.Prise:
		return "Décision, poste par poste"
	case p.Empeche != "":
		return "Ce qui est demandé, poste par poste"
	}
	return "Proposition, poste par poste"
}

// phraseProposee names a proposal with its article.
func phraseProposee(d opco.Decision) string { return "un " + d.Resume() }

func texteAccorder(d opco.Decision) string {
	switch {
	case d.SecondRegard:
		return "Proposer l’accord"
	case d.Sens == opco.SensPartiel:
		return "Accorder en partie"
	}
	return "Accorder"
}

func texteValider(d opco.Decision) string {
	if d.Sens == opco.SensRefus {
		return "Valider le refus"
	}
	return "Valider l’accord"
}

// modePaiement says who is paid.
func modePaiement(d opco.Demande) string {
	s := "Remboursement à l’entreprise"
	if d.Subrogation {
		s = "Directement à l’organisme"
	}
	if d.Echelonnement {
		s += ", en plusieurs fois"
	}
	return s
}

func suiviPar(d opco.Dossier) string {
	if d.InstruitPar.Nom == "" {
		return "Personne encore"
	}
	return d.InstruitPar.Nom
}

func lignesStagiaires(d opco.Demande) [][]Cellule {
	var ls [][]Cellule
	for _, s := range d.Stagiaires {
		x := Cellule{Texte: s.Prenom + " " + s.Nom}
		if s.Retire {
			x.Note = "Retiré du dossier"
		}
		ls = append(ls, []Cellule{x, {Texte: s.Heures.String()}, {Texte: montantOuTiret(s.SalaireHoraire)}, {Texte: neLeDit(s.NeLe)}})
	}
	return ls
}

func neLeDit(d opco.Date) string {
	if d == "" {
		return "—"
	}
	return d.Longue()
}

// filDit names a thread, with what waits in it.
func filDit(nom string, n int) string {
	if n == 0 {
		return nom
	}
	return nom + " (" + strconv.Itoa(n) + ")"
}

// autresActes are the rarer actes that the reader may try.
func (p DossierInstruit) autresActes() []Acte {
	var as []Acte
	if p.peut(opco.ActeRetirerStagiaire) && len(p.Dossier.Demande.Presents()) > 1 {
		as = append(as, Acte{Texte: "Retirer un stagiaire…", Genre: "petit", Icone: "user-x", URL: p.acteURL(genreRetrait)})
	}
	if p.peut(opco.ActeConstaterIndu) && slices.ContainsFunc(p.Dossier.Factures, func(f opco.Facture) bool { return facturePayee(&p.Dossier, f) }) {
		as = append(as, Acte{Texte: "Constater un indu…", Genre: "petit", Icone: "coins", URL: p.acteURL(genreIndus)})
	}
	if p.peut(opco.ActeAnnuler) {
		as = append(as, Acte{Texte: "Annuler le dossier…", Genre: "petit", Icone: "ban", URL: p.acteURL(genreAnnulation)})
	}
	return as
}

// genreBouton draws the button that does an acte.
func genreBouton(g genreActe) string {
	if g.Danger {
		return "danger"
	}
	return "principal"
}

// ouDit writes the kinds of pièce that answer as well.
func ouDit(ts []opco.TypePiece) string {
	var s []string
	for _, t := range ts {
		s = append(s, string(t))
	}
	return strings.Join(s, " ")
}

// prise reports whether the box of a pièce is ticked: as the form was sent, else as
// the dossier suggests.
func (p ActeEtude) prise(x PieceADemander) bool {
	if p.Valeurs != nil {
		return p.Valeur(x.champ("prendre")) != ""
	}
	return x.Cochee
}

// saisieLigne completes a field of a line, by its value when the form has none yet.
func (p ActeEtude) saisieLigne(nom, defaut string, s Saisie) Saisie {
	s.Nom = nom
	if s = p.Saisie(s); p.Valeurs == nil {
		s.Valeur = defaut
	}
	return s
}

// rangLu is the rang of the dossier that the reader has before their eyes.
func (p ActeEtude) rangLu() string { return strconv.FormatInt(p.Dossier.Rang, 10) }

// motifsFacture are the reasons to say of an invoice.
func (p ActeEtude) motifsFacture() []Option {
	if p.Genre == genreLitige {
		return auChoix(motifsDits(opco.Usage207))
	}
	return auChoix(motifsDits(opco.Usage210))
}

// organismeDit names an organisme, with its SIRET when there is one.
func organismeDit(nom string, siret opco.SIRET) string {
	if siret == "" {
		return nom
	}
	return nom + ", SIRET " + siret.Affiche()
}

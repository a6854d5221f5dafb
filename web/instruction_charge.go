package web

import (
	"slices"
	"strconv"
	"strings"

	"guichet/opco"
)

// accord is the proposal, as it was read.
func (l *lecteur) accord(Etude) any {
	rang, err := strconv.ParseInt(l.Valeur("rang"), 10, 64)
	somme, err2 := strconv.ParseInt(l.Valeur("accorde"), 10, 64)
	if err != nil || err2 != nil {
		l.exiger("", false, "Ce formulaire est incomplet : relisez la proposition, puis décidez.")
	}
	return opco.ChargeDecider{Lue: &opco.PropositionLue{Rang: rang, Sens: opco.Sens(l.Valeur("sens")), Accorde: opco.Montant(somme)}}
}

func (l *lecteur) rien(Etude) any { return struct{}{} }

func (l *lecteur) constat(Etude) any { return opco.ChargeConstater{Solde: l.Valeur("solde") == "oui"} }

// complement is what is asked for, box by box.
func (l *lecteur) complement(Etude) any {
	return opco.ChargeDemanderComplement{Pieces: l.piecesDemandees("Cochez au moins une pièce à demander.")}
}

func (l *lecteur) nonConformite(Etude) any {
	return opco.ChargeNonConforme{Defauts: l.piecesDemandees("Cochez au moins une pièce qui ne va pas."), Facture: l.Valeur("facture")}
}

func (l *lecteur) piecesDemandees(aucune string) []opco.PieceDemandee {
	var ps []opco.PieceDemandee
	for i := 1; i <= demandesMax; i++ {
		n := strconv.Itoa(i)
		if l.Valeur("prendre_"+n) == "" {
			continue
		}
		x := opco.PieceDemandee{Type: opco.TypePiece(l.Valeur("type_" + n)), Motif: opco.Motif(l.Valeur("motif_" + n)), Precision: strings.TrimSpace(l.Valeur("precision_" + n)), Piece: l.Valeur("piece_" + n)}
		for _, t := range strings.Fields(l.Valeur("ou_" + n)) {
			x.Ou = append(x.Ou, opco.TypePiece(t))
		}
		l.exiger("motif_"+n, x.Motif != "", "Dites pourquoi cette pièce est demandée : son destinataire le lira.")
		l.borner("precision_"+n, 500)
		ps = append(ps, x)
	}
	l.exiger("prendre_1", len(ps) > 0, aucune)
	return ps
}

func (l *lecteur) refus(e Etude) any {
	ch := opco.ChargeDecider{Refus: true, Commentaire: strings.TrimSpace(l.Valeur("commentaire")), Lue: &opco.PropositionLue{Rang: e.Dossier.Rang, Sens: opco.SensRefus}}
	for _, m := range l.Valeurs["motif"] {
		ch.Motifs = append(ch.Motifs, opco.Motif(m))
	}
	l.exiger("motif", len(ch.Motifs) > 0, "Choisissez au moins un motif de refus : l’entreprise le lira.")
	if rang, err := strconv.ParseInt(l.Valeur("rang"), 10, 64); err == nil {
		ch.Lue.Rang = rang
	}
	return ch
}

// proposition is what the gestionnaire grants otherwise than the barème, line by line.
func (l *lecteur) proposition(Etude) any {
	ch := opco.ChargeDecider{Derogation: strings.TrimSpace(l.Valeur("derogation")), Risque: strings.TrimSpace(l.Valeur("risque")), Commentaire: strings.TrimSpace(l.Valeur("commentaire"))}
	for _, x := range opco.Lignes() {
		n := string(x)
		saisi := strings.TrimSpace(l.Valeur("accorde_" + n))
		if saisi == "" && l.Valeur("defaut_"+n) == "" {
			continue
		}
		m := lire(l, "accorde_"+n, opco.ParseMontant)
		if defaut, err := opco.ParseMontant(l.Valeur("defaut_" + n)); err == nil && defaut == m {
			continue
		}
		ch.Lignes = append(ch.Lignes, opco.LigneImposee{Ligne: x, Accorde: m, Motif: opco.Motif(l.Valeur("motif_" + n))})
	}
	l.borner("derogation", 500)
	l.borner("risque", 500)
	l.borner("commentaire", 2000)
	return ch
}

func (l *lecteur) raison(Etude) any {
	l.exiger("raison", strings.TrimSpace(l.Valeur("raison")) != "", "Écrivez la raison : elle reste dans l’historique.")
	l.borner("raison", 500)
	return opco.ChargeRaison{Raison: strings.TrimSpace(l.Valeur("raison"))}
}

func (l *lecteur) retrait(Etude) any {
	l.exiger("stagiaire", l.Valeur("stagiaire") != "", "Choisissez le stagiaire à retirer.")
	return opco.ChargeRetirer{Stagiaire: l.Valeur("stagiaire"), Raison: strings.TrimSpace(l.Valeur("raison"))}
}

// indu is what a contrôle found.
func (l *lecteur) indu(Etude) any {
	l.exiger("facture", l.Valeur("facture") != "", "Choisissez la facture payée.")
	l.exiger("cause", l.Valeur("cause") != "", "Choisissez la cause de l’indu dans la liste.")
	l.exiger("raison", strings.TrimSpace(l.Valeur("raison")) != "", "Dites ce qui a été trouvé : le débiteur le lira.")
	l.borner("raison", 500)
	return opco.ChargeConstaterIndu{Facture: l.Valeur("facture"), Cause: opco.CauseIndu(l.Valeur("cause")), Raison: strings.TrimSpace(l.Valeur("raison")), Montant: lire(l, "montant", opco.ParseMontant)}
}

// facturePayee reports whether f was paid, and something of it may still be claimed.
func facturePayee(d *opco.Dossier, f opco.Facture) bool {
	return f.APayer() > 0 && slices.ContainsFunc(d.Reglements, func(r opco.Reglement) bool { return r.Facture == f.ID && r.Etat == opco.ReglementExecute })
}

// causesControle are the causes that a person may find; the others open by themselves.
var causesControle = []Option{{string(opco.CauseControle), opco.CauseControle.Libelle()}, {string(opco.CauseDoublePaiement), opco.CauseDoublePaiement.Libelle()},
	{string(opco.CauseRupture), opco.CauseRupture.Libelle()}}

func (l *lecteur) litige(e Etude) any { return l.surFacture(e) }

func (l *lecteur) refusFacture(e Etude) any { return l.surFacture(e) }

// surFacture is what is said of one invoice.
func (l *lecteur) surFacture(Etude) any {
	l.exiger("facture", l.Valeur("facture") != "", "Choisissez la facture.")
	l.exiger("motif_facture", l.Valeur("motif_facture") != "", "Choisissez le motif : l’émetteur de la facture le lira.")
	l.exiger("raison", strings.TrimSpace(l.Valeur("raison")) != "", "Écrivez ce qui ne va pas : l’émetteur de la facture le lira.")
	l.borner("raison", 500)
	return opco.ChargeRaison{Raison: strings.TrimSpace(l.Valeur("raison")), Facture: l.Valeur("facture"), Motif: opco.Motif(l.Valeur("motif_facture"))}
}

// motifsDuRefus are the reasons that may refuse a whole demande.
func motifsDuRefus() []Option { return motifsDits(opco.UsageRefus) }

func motifsDits(u opco.UsageMotif) []Option {
	var os []Option
	for _, m := range opco.MotifsPour(u) {
		os = append(os, Option{string(m), m.Libelle()})
	}
	return os
}

// auChoix puts before a list the line that chooses nothing.
func auChoix(os []Option) []Option {
	return append([]Option{{"", "Choisir un motif"}}, os...)
}

// motifsDemande are the reasons for asking a pièce, on a line of the form.
func motifsDemande(genre string) []Option {
	if genre == genreNonConforme {
		return auChoix(append(motifsDits(opco.UsageServiceFait), motifsDits(opco.UsagePiece)...))
	}
	return auChoix(motifsDits(opco.UsagePiece))
}

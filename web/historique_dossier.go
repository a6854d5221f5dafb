package web

import (
	"slices"

	"guichet/opco"
)

// faitsDossier turns the journal of a dossier into a history, newest first: what,
// who and when, why, and how much where an amount was settled.
func faitsDossier(ps []opco.Passage) []Fait {
	var fs []Fait
	var avant opco.Resume
	for _, p := range ps {
		f := Fait{Ton: Bleu, Icone: "history", Quoi: ponctuer(p.Phrase), Qui: p.Par.Nom, Quand: quand(p.Le), Montant: montantDuPassage(avant, p)}
		if d, ok := dessinsActeDossier[p.Type]; ok {
			f.Icone, f.Ton = d.Icone, d.Ton
		}
		if p.De != p.Vers {
			f.Icone, f.Ton = marques[p.Vers].Icone, marques[p.Vers].Ton
		}
		if p.Verdict == opco.VerdictRefuse {
			f.Icone, f.Ton, f.Montant = "circle-x", Rouge, ""
		} else {
			avant = p.Resume
		}
		if f.Quoi == "" {
			f.Quoi = p.Vers.String()
		}
		if m := opco.Motif(p.Motif); m.Valide() {
			f.Motif = m.Libelle()
		}
		fs = append(fs, f)
	}
	slices.Reverse(fs)
	return fs
}

// montantDuPassage is the amount that a passage settled: what was asked, granted,
// accepted or paid.
func montantDuPassage(avant opco.Resume, p opco.Passage) string {
	r := p.Resume
	switch {
	case p.Type == opco.ActeDeposer && r.Demande != 0:
		return r.Demande.String()
	case r.Accorde != avant.Accorde && r.Accorde != 0:
		return r.Accorde.String()
	case r.Paye > avant.Paye:
		return (r.Paye - avant.Paye).String()
	case r.Accepte > avant.Accepte:
		return (r.Accepte - avant.Accepte).String()
	}
	return ""
}

// dessinsActeDossier draws the actes that leave a dossier where it is.
var dessinsActeDossier = map[opco.TypeActe]marque{
	opco.ActeCreer: {Icone: "pencil-line", Ton: Gris}, opco.ActeDeposer: {Icone: "send", Ton: Bleu}, opco.ActeJoindre: {Icone: "files", Ton: Bleu},
	opco.ActeRelancer: {Icone: "bell", Ton: Ambre}, opco.ActeAlerter: {Icone: "alarm-clock", Ton: Ambre}, opco.ActeRenvoyer: {Icone: "undo-2", Ton: Prune},
	opco.ActeRetirerStagiaire: {Icone: "user-x", Ton: Ambre}, opco.ActeCertifier: {Icone: "badge-check", Ton: Bleu}, opco.ActeFacturer: {Icone: "receipt-text", Ton: Bleu},
	opco.ActeDeposerAvoir: {Icone: "receipt-text", Ton: Bleu}, opco.ActeRefuserFacture: {Icone: "circle-x", Ton: Rouge}, opco.ActeMettreEnLitige: {Icone: "scale", Ton: Ambre},
	opco.ActeForclore: {Icone: "hourglass", Ton: Rouge}, opco.ActeRegler: {Icone: "banknote", Ton: Vert}, opco.ActeRejeterReglement: {Icone: "circle-x", Ton: Rouge},
	opco.ActeRetournerReglement: {Icone: "undo-2", Ton: Rouge}, opco.ActeRepresenter: {Icone: "refresh-cw", Ton: Bleu},
}

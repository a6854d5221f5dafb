package web

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"guichet/api"
	"guichet/opco"
)

// enCours reports whether something is being done of the lot, which its page follows.
func (p PageDUnLot) enCours() bool { return p.Lot.Chantier != nil || p.Attend != "" }

// etapeLot names what its page shows of a lot: another one is worth reading again. The
// handfuls of its building make one.
func etapeLot(l opco.Lot) string {
	if l.Chantier != nil {
		return string(l.Etat)
	}
	return fmt.Sprintf("%s/%d", string(l.Etat), l.Rang)
}

// finEtapeLot is told to who has the page open, once the étape has ended.
func finEtapeLot(l opco.Lot) string {
	switch l.Etat {
	case opco.LotPropose:
		return fmt.Sprintf("Le lot %s porte %s pour %s.", l.ID, combien(l.Nombre(), "règlement"), l.Somme())
	case opco.LotAnnule:
		return fmt.Sprintf("Le lot %s est annulé : rien n’est parti.", l.ID)
	}
	return fmt.Sprintf("Le lot %s est « %s ».", l.ID, l.Etat)
}

// dessinLot draws again how far a lot has gone.
func (w *Web) dessinLot() api.Dessin {
	return api.Dessin{Nom: "lot", Faire: func(ctx context.Context, a api.Audience, id string) (api.Trame, error) {
		c, err := w.Interieur.AuNomDe(ctx, a.Qui)
		if err != nil {
			return nil, err
		}
		l, attend, err := w.Interieur.LotSuivi(c, id)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := AvancementDuLot(*l, attend).Render(ctx, &b); err != nil {
			return nil, err
		}
		t, err := evenement("action", "", map[string]any{"etat": etapeLot(*l), "phrase": finEtapeLot(*l)})
		return append(t, fragment("#avancement", b.String())...), err
	}}
}

// faitsLot is the history of a lot, newest first.
func faitsLot(ps []opco.Passage) []Fait {
	fs := make([]Fait, 0, len(ps))
	for i, p := range slices.Backward(ps) {
		if i+1 < len(ps) && p.Type == opco.ActePoursuivreLot && ps[i+1].Type == p.Type {
			continue // of the handfuls in a row, the last one says where they led
		}
		f := Fait{Ton: Bleu, Icone: "history", Quoi: p.Phrase, Qui: p.Par.Nom, Quand: quand(p.Le)}
		switch {
		case p.Verdict == opco.VerdictRefuse:
			f.Ton, f.Icone = Gris, "circle-x"
			f.Quoi = "Essai refusé : " + premiereMinuscule(p.Phrase)
		case p.Type == opco.ActeConstruireLot || p.Type == opco.ActePoursuivreLot:
			f.Icone = "layers"
		case p.Type == opco.ActeValiderLot:
			f.Ton, f.Icone = Prune, "eye"
		case p.Type == opco.ActeAnnulerLot || p.Type == opco.ActeExpirerLot:
			f.Ton, f.Icone = Gris, "ban"
		case p.Type == opco.ActeEmettreLot || p.Type == opco.ActeTransmettreLot:
			f.Icone = "send"
		case p.Type == opco.ActeAppliquerRetour:
			f.Icone = "landmark"
		case p.Type == opco.ActeProposerIssue || p.Type == opco.ActeConfirmerIssue:
			f.Ton, f.Icone = Prune, "eye"
		case p.Type == opco.ActeRappelerLot || p.Type == opco.ActeRelireLot:
			f.Ton, f.Icone = Ambre, "triangle-alert"
		case p.Type == opco.ActeAlerterLot:
			f.Ton, f.Icone = Ambre, "alarm-clock"
		}
		if f.Quoi == "" {
			f.Quoi = opco.EtatLot(p.Vers).String()
		}
		fs = append(fs, f)
	}
	return fs
}

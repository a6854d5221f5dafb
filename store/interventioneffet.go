package store

import (
	"context"
	"fmt"
	"strings"

	"guichet/opco"
)

// effetsMax bounds what a preview lists.
const effetsMax = 100

// EffetsDepuis lists what a procedure that lives again from a rang of its journal comes across, each
// with the key by which it is known: lines of the journal, mails, the file of a lot.
func (s *Store) EffetsDepuis(ctx context.Context, objet string, rang int64) ([]opco.Effet, error) {
	var pas []struct {
		Rang int64  `db:"rang"`
		Type string `db:"type"`
		De   string `db:"de"`
		Vers string `db:"vers"`
	}
	err := s.DB.SelectContext(ctx, &pas, `SELECT rang, type, de, vers FROM passage WHERE objet = $1 AND rang > $2 ORDER BY rang LIMIT $3`, objet, rang, effetsMax)
	if err != nil {
		return nil, fmt.Errorf("listing the steps of %s: %w", objet, err)
	}
	es := []opco.Effet{}
	for _, p := range pas {
		quoi := "Au journal : " + opco.NommerActe(opco.TypeActe(p.Type))
		if p.De != p.Vers {
			quoi += ", vers « " + opco.NomEtat(objet, opco.Etat(p.Vers)) + " »"
		}
		es = append(es, opco.Effet{Quoi: quoi, Cle: fmt.Sprintf("rang %d", p.Rang), Sort: "déjà au journal : relu, pas refait"})
	}
	plis, err := s.plisDepuis(ctx, objet, rang)
	if err != nil {
		return nil, err
	}
	return s.fichierRevu(ctx, objet, append(es, plis...))
}

func (s *Store) plisDepuis(ctx context.Context, objet string, rang int64) ([]opco.Effet, error) {
	var plis []struct {
		ID        string `db:"id"`
		Evenement string `db:"evenement"`
		Pour      string `db:"pour"`
		Etat      string `db:"etat"`
	}
	err := s.DB.SelectContext(ctx, &plis, `SELECT id, evenement, pour, etat FROM courrier WHERE objet = $1 AND rang > $2 ORDER BY rang, id LIMIT $3`, objet, rang, effetsMax)
	if err != nil {
		return nil, fmt.Errorf("listing the mails of %s: %w", objet, err)
	}
	var es []opco.Effet
	for _, p := range plis {
		sort := "déjà en attente : part une fois"
		switch p.Etat {
		case "ENVOYE":
			sort = "déjà parti : pas renvoyé"
		case "REFUSE", "ECARTE", "SANS_ADRESSE":
			sort = "déjà traité : pas renvoyé"
		}
		es = append(es, opco.Effet{Quoi: "Courriel « " + opco.Evenement(p.Evenement).Libelle() + " », pour : " + strings.ToLower(opco.Role(p.Pour).Libelle()), Cle: p.ID, Sort: sort})
	}
	return es, nil
}

// fichierRevu adds the file of a lot: it is looked for before it is written.
func (s *Store) fichierRevu(ctx context.Context, objet string, es []opco.Effet) ([]opco.Effet, error) {
	lot, oui := strings.CutPrefix(objet, "lot/")
	if !oui {
		return es, nil
	}
	var etat string
	if err := s.DB.GetContext(ctx, &etat, `SELECT etat FROM lot WHERE id = $1`, lot); err != nil {
		return nil, fmt.Errorf("reading lot %s: %w", lot, err)
	}
	sort := "pas encore remis : part une fois, si rien n’a changé"
	if e := opco.EtatLot(etat); e.Parti() && e != opco.LotEmis {
		sort = "déjà remis à la banque : reconnu, jamais réécrit"
	}
	return append(es, opco.Effet{Quoi: "Fichier de virements", Cle: lot, Sort: sort}), nil
}

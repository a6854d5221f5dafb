package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/lib/pq"

	"guichet/opco"
)

// EnvoiDu is a line of the outbox that is due, with its number of tries. Compte is
// set when it is about an account: only the ID and the Courriel of Envoi are then.
type EnvoiDu struct {
	opco.Envoi
	Compte *opco.EnvoiCompte
	Essais int
	Bail   time.Time // until when its sender has it in hand, which also names this taking; zero when nobody has
}

// ligneEnvoi is a line of the outbox as it is stored.
type ligneEnvoi struct {
	ID      string     `db:"id"`
	Objet   string     `db:"objet"`
	Sorte   string     `db:"sorte"`
	Donnees []byte     `db:"donnees"`
	Essais  int        `db:"essais"`
	Bail    *time.Time `db:"bail_le"`
}

func (l ligneEnvoi) envoi() (EnvoiDu, error) {
	e := EnvoiDu{Essais: l.Essais}
	if l.Bail != nil {
		e.Bail = *l.Bail
	}
	if l.Sorte != sorteCompte {
		return e, json.Unmarshal(l.Donnees, &e.Envoi)
	}
	e.Compte = new(opco.EnvoiCompte)
	err := json.Unmarshal(l.Donnees, e.Compte)
	e.ID, e.Courriel = e.Compte.ID, e.Compte.Courrier.A
	return e, err
}

// EnvoisDus takes at most n lines of the outbox that are due, and hides them
// from the other senders for as long as bail: if this one dies they come back. None is
// taken while the kill switch of mails is closed.
func (s *Store) EnvoisDus(ctx context.Context, n int, bail time.Duration) ([]EnvoiDu, error) {
	var ls []ligneEnvoi
	err := s.DB.SelectContext(ctx, &ls, `
		UPDATE courrier SET prochain = clock_timestamp() + make_interval(secs => $2), bail_le = clock_timestamp() + make_interval(secs => $2), essais = essais + 1
		WHERE id IN (SELECT id FROM courrier WHERE etat = 'A_ENVOYER' AND prochain <= clock_timestamp()
		                 AND NOT (SELECT ferme FROM interrupteur WHERE nom = 'courriels')
		             ORDER BY prochain, id LIMIT $1 FOR UPDATE SKIP LOCKED)
		RETURNING id, objet, sorte, donnees, essais, bail_le`, n, bail.Seconds())
	if err != nil {
		return nil, fmt.Errorf("taking mails to send: %w", err)
	}
	return s.lireEnvois(ctx, ls)
}

// ProlongerEnvois keeps hidden for as long as bail from now the mails that a sender has in hand, named with
// until when it has them, and returns those that it still has, with until when. One that somebody took or
// had sent again since, or that waits no more, is not its own: the number of tries could not tell, as it
// may be counted afresh.
func (s *Store) ProlongerEnvois(ctx context.Context, tenus map[string]time.Time, bail time.Duration) (map[string]time.Time, error) {
	ids, baux := slices.Collect(maps.Keys(tenus)), []string{}
	for _, id := range ids {
		baux = append(baux, tenus[id].Format(time.RFC3339Nano))
	}
	var ls []ligneEnvoi
	err := s.DB.SelectContext(ctx, &ls, `
		UPDATE courrier c SET prochain = clock_timestamp() + make_interval(secs => $3), bail_le = clock_timestamp() + make_interval(secs => $3)
		FROM unnest($1::text[], $2::timestamptz[]) x (id, bail_le)
		WHERE c.id = x.id AND c.etat = 'A_ENVOYER' AND c.bail_le = x.bail_le RETURNING c.id, c.bail_le`, pq.Array(ids), pq.Array(baux), bail.Seconds())
	if err != nil {
		return nil, fmt.Errorf("keeping mails in hand: %w", err)
	}
	gardes := make(map[string]time.Time, len(ls))
	for _, l := range ls {
		gardes[l.ID] = *l.Bail
	}
	return gardes, nil
}

// lireEnvois decodes lines of the outbox. One that cannot be read stops no other:
// it is refused, visibly, and an incident says so.
func (s *Store) lireEnvois(ctx context.Context, ls []ligneEnvoi) ([]EnvoiDu, error) {
	es := make([]EnvoiDu, 0, len(ls))
	for _, l := range ls {
		e, err := l.envoi()
		if err == nil && e.ID != l.ID {
			err = fmt.Errorf("it says that it is %q", e.ID)
		}
		if err == nil {
			es = append(es, e)
			continue
		}
		const illisible = "Ce courrier ne peut pas être relu : il n’est pas parti."
		if err := s.Signaler(ctx, l.Objet, "courrier/"+l.ID, l.Essais, illisible); err != nil {
			return nil, err
		}
		if err := s.NoterEchec(ctx, l.ID, e.Bail, true, illisible, 0); err != nil {
			return nil, err
		}
	}
	return es, nil
}

// sansSecret is what is kept of the data of a line that will not be sent again: no
// code, link or password, and nothing at all of an account whose data are erased.
const sansSecret = `CASE WHEN sorte <> 'compte' OR jsonb_typeof(donnees) <> 'object' THEN donnees
	WHEN EXISTS (SELECT 1 FROM compte c WHERE 'compte/' || c.id = objet AND c.contenu ? 'purge_le') THEN '{}'
	ELSE donnees #- '{courrier,secret}' END`

// sansAdresse is likewise what is kept of its address.
const sansAdresse = `CASE WHEN sorte = 'compte' AND EXISTS (SELECT 1 FROM compte c WHERE 'compte/' || c.id = objet AND c.contenu ? 'purge_le')
	THEN '' ELSE adresse END`

// NoterEnvoi says that the server accepted a mail. The secret that it carried is
// forgotten.
func (s *Store) NoterEnvoi(ctx context.Context, id string, le time.Time) error {
	_, err := s.DB.ExecContext(ctx, `
		UPDATE courrier SET etat = 'ENVOYE', envoye_le = $2, erreur = '', bail_le = NULL, donnees = `+sansSecret+`, adresse = `+sansAdresse+`
		WHERE id = $1 AND etat IN ('A_ENVOYER', 'ECARTE')`, id, le) // one given up may have been on its way
	if err != nil {
		return fmt.Errorf("noting mail %s: %w", id, err)
	}
	return nil
}

// NoterEchec says that a mail did not leave: for good, and the secret that it
// carried is forgotten, or until the instant given by attente from now. What is
// personal in erreur, which often repeats the address, is not kept. Nor is anything of
// what becomes of a mail that is not any more in the hands that bail names.
func (s *Store) NoterEchec(ctx context.Context, id string, bail time.Time, definitif bool, erreur string, attente time.Duration) error {
	_, err := s.DB.ExecContext(ctx, `
		UPDATE courrier SET etat = CASE WHEN $2 THEN 'REFUSE' ELSE etat END, erreur = $3,
		    prochain = clock_timestamp() + make_interval(secs => $4), bail_le = NULL,
		    donnees = CASE WHEN $2 THEN `+sansSecret+` ELSE donnees END, adresse = CASE WHEN $2 THEN `+sansAdresse+` ELSE adresse END
		WHERE id = $1 AND etat IN ('A_ENVOYER', 'SANS_ADRESSE') AND bail_le IS NOT DISTINCT FROM $5`,
		id, definitif, opco.Epurer(erreur), attente.Seconds(), nulInstant(bail))
	if err != nil {
		return fmt.Errorf("noting failure of mail %s: %w", id, err)
	}
	return nil
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Tentative is somebody about to prove who they are. Saisi is the account, whatever
// name it was given by, else what was typed; Appareil names a device on which the account was open
// before, which is counted apart, so that nobody else can lock its owner out.
type Tentative struct {
	Saisi    string
	Appareil string
	Adresse  string // of the network; "" is not counted
	Reseau   string // of 48 bits around an IPv6 Adresse, which one subscriber may hold whole; "" otherwise
}

// Reservation is a try that was counted before it is known to fail: however many
// come at once, each is one of the number allowed.
type Reservation struct {
	Echecs int  // of the account, this one included
	Foule  bool // everybody together fails more often than the house expects: somebody must look
	compte string
	autres []string
}

// Attente says that a try must wait. Jamais says that only a new password lets in.
type Attente struct {
	Duree  time.Duration
	Jamais bool
}

// Error makes an Attente an error; the counter says it in French.
func (a *Attente) Error() string { return fmt.Sprintf("too many failures: wait %s", a.Duree) }

// compteurTous counts the failures of everybody.
const compteurTous = "tous"

// adressesDuReseau is how many tries a network of 48 bits has, in those of one
// address: what a site with several subscribers makes, not what 65,536 would.
const adressesDuReseau = 4

// ReserverTentative counts a try as a failure before its proof is compared; its
// error is an *Attente when it may not be made yet. An account that does not exist
// counts the same. Time is real time.
func (s *Store) ReserverTentative(ctx context.Context, t Tentative, p opco.ParametresCompte) (Reservation, error) {
	r := Reservation{compte: empreinteCle("compte:" + t.Saisi)}
	if t.Appareil != "" {
		r.compte = empreinteCle("appareil:" + t.Appareil)
	}
	var err error
	if r.Echecs, err = s.reserverCompte(ctx, r.compte, p); err != nil {
		return r, err
	}
	if t.Adresse == "" || t.Appareil != "" {
		return r, nil
	}
	fenetre := time.Duration(p.Connexion.FenetreMinutes) * time.Minute
	limites := []limite{{empreinteCle("adresse:" + t.Adresse), p.Connexion.EchecsAdresse}}
	if t.Reseau != "" {
		limites = append(limites, limite{empreinteCle("adresse:" + t.Reseau), p.Connexion.EchecsAdresse * adressesDuReseau})
	}
	for _, l := range limites {
		if err := s.reserverFenetre(ctx, l.cle, l.max, fenetre); err != nil {
			return r, errors.Join(err, s.RendreTentative(ctx, r))
		}
		r.autres = append(r.autres, l.cle)
	}
	return s.reserverParmiTous(ctx, r, p.Connexion.EchecsTous, fenetre)
}

// limite is how many tries one key has within the window.
type limite struct {
	cle string
	max int
}

// reserverParmiTous counts a try among those of everybody. Past their number nobody
// is refused, for one attacker would then close the door on all: it is told.
func (s *Store) reserverParmiTous(ctx context.Context, r Reservation, maximum int, fenetre time.Duration) (Reservation, error) {
	err := s.reserverFenetre(ctx, compteurTous, maximum, fenetre)
	var a *Attente
	if errors.As(err, &a) {
		r.Foule = true
		return r, nil
	}
	if err != nil {
		return r, errors.Join(err, s.RendreTentative(ctx, r))
	}
	r.autres = append(r.autres, compteurTous)
	return r, nil
}

// reserverCompte adds one to the failures in a row of a key, unless it must wait.
func (s *Store) reserverCompte(ctx context.Context, cle string, p opco.ParametresCompte) (int, error) {
	for range 3 {
		var e struct {
			Echecs   int     `db:"echecs"`
			Secondes float64 `db:"secondes"`
		}
		err := s.DB.GetContext(ctx, &e, `SELECT echecs, extract(epoch FROM clock_timestamp() - dernier)::float8 AS secondes
			FROM echec_connexion WHERE empreinte = $1`, cle)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return 0, fmt.Errorf("reading failures: %w", err)
		}
		attente, jamais := p.AttenteConnexion(e.Echecs)
		reste := attente - time.Duration(e.Secondes*float64(time.Second))
		if jamais || reste > 0 {
			return 0, &Attente{Duree: max(reste, time.Second), Jamais: jamais}
		}
		err = s.DB.GetContext(ctx, &e.Echecs, `
			INSERT INTO echec_connexion AS e (empreinte, echecs, dernier) VALUES ($1, 1, clock_timestamp())
			ON CONFLICT (empreinte) DO UPDATE SET echecs = e.echecs + 1, dernier = clock_timestamp() WHERE e.echecs = $2
			RETURNING echecs`, cle, e.Echecs)
		if err == nil {
			return e.Echecs, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return 0, fmt.Errorf("reserving a try: %w", err)
		}
	}
	return 0, &Attente{Duree: time.Second} // many tries at once on one account: they queue
}

// reserverFenetre adds one to what a key counts within a window, unless it is full.
func (s *Store) reserverFenetre(ctx context.Context, cle string, maximum int, fenetre time.Duration) error {
	var reste float64
	err := s.DB.GetContext(ctx, &reste, `
		INSERT INTO echec_connexion AS e (empreinte, echecs, dernier) VALUES ($1, 1, clock_timestamp())
		ON CONFLICT (empreinte) DO UPDATE SET dernier = clock_timestamp(),
		    echecs = CASE WHEN e.depuis < clock_timestamp() - make_interval(secs => $2) THEN 1 ELSE e.echecs + 1 END,
		    depuis = CASE WHEN e.depuis < clock_timestamp() - make_interval(secs => $2) THEN clock_timestamp() ELSE e.depuis END
		WHERE e.echecs < $3 OR e.depuis < clock_timestamp() - make_interval(secs => $2)
		RETURNING 0::float8`, cle, fenetre.Seconds(), maximum)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	err = s.DB.GetContext(ctx, &reste, `SELECT $2 - extract(epoch FROM clock_timestamp() - depuis)::float8 FROM echec_connexion WHERE empreinte = $1`,
		cle, fenetre.Seconds())
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("reading failures: %w", err)
	}
	return &Attente{Duree: max(time.Second, time.Duration(reste*float64(time.Second)))}
}

// RendreTentative takes back a try whose proof was never compared.
func (s *Store) RendreTentative(ctx context.Context, r Reservation) error {
	return s.rendre(ctx, append([]string{r.compte}, r.autres...))
}

func (s *Store) rendre(ctx context.Context, cles []string) error {
	for _, cle := range cles {
		if _, err := s.DB.ExecContext(ctx, `UPDATE echec_connexion SET echecs = echecs - 1 WHERE empreinte = $1 AND echecs > 0`, cle); err != nil {
			return fmt.Errorf("giving a try back: %w", err)
		}
	}
	return nil
}

// TentativeReussie forgets the failures of who has proved who they are, and, by
// the way, those that nobody is slowed by any more.
func (s *Store) TentativeReussie(ctx context.Context, r Reservation, p opco.ParametresCompte) error {
	if err := s.rendre(ctx, r.autres); err != nil {
		return err
	}
	_, err := s.DB.ExecContext(ctx, `
		DELETE FROM echec_connexion WHERE empreinte = $1 OR dernier < clock_timestamp() - interval '2 days' AND echecs < $2`, r.compte, p.BlocageEchecs)
	if err != nil {
		return fmt.Errorf("forgetting failures: %w", err)
	}
	return nil
}

// oublierEchecs lets in again whoever has just chosen a new password, under each
// of the names that open the account.
func oublierEchecs(ctx context.Context, tx *sqlx.Tx, noms ...string) error {
	for _, n := range noms {
		if _, err := tx.ExecContext(ctx, `DELETE FROM echec_connexion WHERE empreinte = $1`, empreinteCle("compte:"+n)); err != nil {
			return fmt.Errorf("forgetting failures: %w", err)
		}
	}
	return nil
}

package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Semis asks for the volume set of domain.md 6.2, AF dossiers only: companies,
// organismes and dossiers over eighteen months, each brought to where it stands
// by the rules of opco, one step after another, on business instants.
type Semis struct {
	Dossiers int
	Graine   uint64 // the same one gives the same set on the same business day
	Vague    int    // dossiers sown at once, in one transaction; 0 is vagueSemis
	// Progres is told what has been sown so far, after each wave; nil for nobody.
	Progres  func(BilanSemis)
	Fichiers *Fichiers
	// Document draws the small PDF of a pièce; Ordre the payment file of a lot;
	// Repondre what the bank answers to it, with its rejections by EndToEndId;
	// Lire reads such an answer.
	Document func(titre string) ([]byte, error)
	Ordre    func(*opco.Lot) ([]byte, error)
	Repondre func(pain001 []byte, rejets map[string]string, quand time.Time) (compteRendu, avis []byte, err error)
	Lire     func([]byte) (opco.RetourBancaire, error)
}

// BilanSemis counts what was sown, by kind and by état of the dossiers.
type BilanSemis struct {
	Entreprises, Organismes, Dossiers, Actes, Passages, Ecritures, Factures, Reglements, Lots, Courriers, Refus int
	Etats                                                                                                       map[opco.Etat]int
	Du, Au                                                                                                      opco.Date
}

// dossiersMax bounds one set. vagueSemis bounds what is held in memory, about 85 kB
// a dossier.
const (
	dossiersMax = 1_000_000
	vagueSemis  = 5_000
)

// moisSemis is how far back the set goes.
const moisSemis = 18

// Semer sows the set in waves, each in one transaction, through COPY and with every
// trigger and constraint on: the balances are kept by the database itself. Each
// journal is what opco.Appliquer gives, hash-chained; payments go through lots and
// bank files like any other; mails are noted as sent and never are. Stopped, it goes
// on from its last whole wave when it is asked for again. Conflict when all of that
// graine has already been sown, or in waves of another size.
func (s *Store) Semer(ctx context.Context, o Semis) (BilanSemis, error) {
	if o.Dossiers < 1 || o.Dossiers > dossiersMax {
		return BilanSemis{}, opco.Champf("dossiers", "Demandez entre 1 et %d dossiers.", dossiersMax)
	}
	if o.Vague < 1 || o.Vague > vagueSemis {
		o.Vague = vagueSemis
	}
	if err := s.resteASemer(ctx, o); err != nil {
		return BilanSemis{}, err
	}
	maintenant, err := s.Maintenant(ctx)
	if err != nil {
		return BilanSemis{}, err
	}
	b := BilanSemis{Etats: map[opco.Etat]int{}}
	for n := range o.vagues() {
		v, err := s.semerVague(ctx, o, n, maintenant)
		if err != nil {
			return b, err
		}
		b.ajouter(v)
		if o.Progres != nil {
			o.Progres(b)
		}
	}
	_, err = s.TasserCompteurs(ctx)
	return b, err
}

func (o Semis) vagues() int { return (o.Dossiers + o.Vague - 1) / o.Vague }

// tailleVague is how many dossiers wave n has.
func (o Semis) tailleVague(n int) int { return min(o.Vague, o.Dossiers-n*o.Vague) }

// marque names the counter that remembers that wave n of the graine is sown.
func (o Semis) marque(n int) string {
	if n == 0 {
		return fmt.Sprintf("semis:%d", o.Graine)
	}
	return fmt.Sprintf("semis:%d/%d", o.Graine, n)
}

// resteASemer refuses a set of which nothing is left to sow.
func (s *Store) resteASemer(ctx context.Context, o Semis) error {
	var semees int
	err := s.DB.GetContext(ctx, &semees, `SELECT count(*) FROM compteur WHERE code = $1 OR code LIKE $1 || '/%'`, o.marque(0))
	if err != nil {
		return fmt.Errorf("looking for what was sown: %w", err)
	}
	if semees >= o.vagues() {
		return opco.Errorf(opco.Conflict, "La graine %d a déjà été semée dans cette base. Choisissez-en une autre avec --graine.", o.Graine)
	}
	return nil
}

// semerVague sows one wave, unless it was: then it says how many dossiers it has.
func (s *Store) semerVague(ctx context.Context, o Semis, n int, maintenant time.Time) (BilanSemis, error) {
	var b BilanSemis
	err := s.tenter(ctx, func(tx *sqlx.Tx) error {
		deja, err := marquer(ctx, tx, o, n)
		if err != nil || deja {
			b.Dossiers = o.tailleVague(n)
			return err
		}
		vague := o
		vague.Dossiers = o.tailleVague(n)
		x := nouveauSemeur(s, vague, n, maintenant)
		defer x.copies.abandonner()
		if err := x.preparer(ctx, tx); err != nil {
			return err
		}
		if err := x.vivre(ctx); err != nil {
			return err
		}
		x.dossiers = slices.DeleteFunc(x.dossiers, func(ds *dossierSeme) bool { return ds.d.Rang == 0 })
		b = x.bilan()
		return x.ranger(ctx, tx)
	})
	return b, err
}

// marquer remembers a wave, and reports whether it was sown before.
func marquer(ctx context.Context, tx *sqlx.Tx, o Semis, n int) (deja bool, err error) {
	res, err := tx.ExecContext(ctx, `INSERT INTO compteur (code, dernier) VALUES ($1, $2) ON CONFLICT DO NOTHING`, o.marque(n), o.tailleVague(n))
	if err != nil {
		return false, fmt.Errorf("marking the graine: %w", err)
	}
	if x, err := res.RowsAffected(); err != nil || x == 1 {
		return false, err
	}
	var taille int
	if err := tx.GetContext(ctx, &taille, `SELECT dernier FROM compteur WHERE code = $1`, o.marque(n)); err != nil {
		return false, fmt.Errorf("reading the mark of the graine: %w", err)
	}
	if taille != o.tailleVague(n) {
		return false, opco.Errorf(opco.Conflict, "La graine %d a été semée dans cette base pour un autre nombre de dossiers. Choisissez-en une autre avec --graine.", o.Graine)
	}
	return true, nil
}

// ajouter adds what a wave sowed.
func (b *BilanSemis) ajouter(v BilanSemis) {
	for _, x := range []struct {
		n *int
		v int
	}{{&b.Entreprises, v.Entreprises}, {&b.Organismes, v.Organismes}, {&b.Dossiers, v.Dossiers}, {&b.Actes, v.Actes}, {&b.Passages, v.Passages},
		{&b.Ecritures, v.Ecritures}, {&b.Factures, v.Factures}, {&b.Reglements, v.Reglements}, {&b.Lots, v.Lots}, {&b.Courriers, v.Courriers}, {&b.Refus, v.Refus}} {
		*x.n += x.v
	}
	for e, n := range v.Etats {
		b.Etats[e] += n
	}
	if v.Du != "" {
		b.Du, b.Au = v.Du, v.Au
	}
}

// semeur holds the set while it is made. Chance comes from its graine only.
type semeur struct {
	s          *Store
	o          Semis
	alea       *rand.Rand
	source     *rand.ChaCha8
	maintenant time.Time
	debut      time.Time

	regles      []regleDatee
	siretOPCO   opco.SIRET
	donneur     opco.CompteBancaire
	baremes     map[string][]opco.Bareme
	calendrier  opco.Calendrier
	documents   map[opco.TypePiece]fichierSeme
	sirens      map[string]bool
	compteurs   map[string]int64
	entreprises []*entrepriseSemee
	organismes  []*organismeSeme
	enveloppes  map[string]*enveloppeSemee
	dossiers    []*dossierSeme
	lots        []*lotSeme
	aPayer      []*reglementSeme // not yet in a lot
	agenda      agenda
	refus       int
	copies      copies
}

type regleDatee struct {
	Du     opco.Date       `db:"du"`
	Au     opco.Date       `db:"au"`
	Valeur json.RawMessage `db:"valeur"`
}

type fichierSeme struct {
	empreinte string
	taille    int64
}

type enveloppeSemee struct {
	Enveloppe
	disponible opco.Montant
}

func nouveauSemeur(s *Store, o Semis, vague int, maintenant time.Time) *semeur {
	var graine [32]byte
	copy(graine[:], fmt.Sprintf("guichet semis %d", o.Graine))
	if vague > 0 {
		graine = sha256.Sum256(fmt.Appendf(nil, "guichet semis %d vague %d", o.Graine, vague))
	}
	source := rand.NewChaCha8(graine)
	jour := opco.JourDe(maintenant)
	return &semeur{s: s, o: o, alea: rand.New(source), source: source, maintenant: maintenant, debut: jour.Mois(-moisSemis).Minuit(), //nolint:gosec // test data
		baremes: map[string][]opco.Bareme{}, calendrier: s.Calendrier(false), documents: map[opco.TypePiece]fichierSeme{},
		sirens: map[string]bool{}, compteurs: map[string]int64{}, enveloppes: map[string]*enveloppeSemee{}, copies: nouvellesCopies()}
}

// id returns a new identifier, which the graine alone decides.
func (x *semeur) id() string {
	u, err := uuid.NewRandomFromReader(x.source)
	if err != nil {
		return uuid.NewString() // a ChaCha8 never fails to read
	}
	return u.String()
}

// sur reports true p times in a thousand.
func (x *semeur) sur(p int) bool { return x.alea.IntN(1000) < p }

// entre returns a number from a to b, both included.
func (x *semeur) entre(a, b int) int { return a + x.alea.IntN(b-a+1) }

// parmi returns one of xs.
func parmi[T any](x *semeur, xs []T) T { return xs[x.alea.IntN(len(xs))] }

// preparer reads what the rules need, and locks the counters of the house.
func (x *semeur) preparer(ctx context.Context, tx *sqlx.Tx) error {
	if err := x.lireReference(ctx, tx); err != nil {
		return err
	}
	if err := x.garderDocuments(ctx, tx); err != nil {
		return err
	}
	x.peupler()
	return x.copies.ouvrirCourrier(ctx, tx)
}

func (x *semeur) lireReference(ctx context.Context, tx *sqlx.Tx) error {
	err := tx.SelectContext(ctx, &x.regles, `SELECT du, au, valeur FROM parametre WHERE code = 'REGLES' ORDER BY du`)
	if err != nil {
		return fmt.Errorf("reading paramètres: %w", err)
	}
	if err := tx.GetContext(ctx, &x.siretOPCO, `SELECT siret FROM opco`); err != nil {
		return introuvable(err, "L’OPCO n’est pas enregistré dans cette base : chargez d’abord les données de démonstration (guichet migrate --demo).")
	}
	if x.donneur, err = donneur(ctx, tx); err != nil {
		return err
	}
	var cs []struct {
		Code    string `db:"code"`
		Dernier int64  `db:"dernier"`
	}
	err = tx.SelectContext(ctx, &cs, `
		SELECT code, dernier FROM compteur WHERE code LIKE 'dossier:%' OR code LIKE 'reglement:%' OR code LIKE 'lot:%' ORDER BY code FOR UPDATE`)
	if err != nil {
		return fmt.Errorf("locking counters: %w", err)
	}
	for _, c := range cs {
		x.compteurs[c.Code] = c.Dernier
	}
	var pris []string
	if err := tx.SelectContext(ctx, &pris, `SELECT siren FROM entreprise UNION SELECT siren FROM organisme`); err != nil {
		return fmt.Errorf("reading organisations: %w", err)
	}
	for _, p := range pris {
		x.sirens[p] = true
	}
	return x.lireBaremes(ctx, tx)
}

// lireBaremes completes the barèmes of the base with those that the volume set
// needs: every size, and the year before BAR-TEST-2026.
func (x *semeur) lireBaremes(ctx context.Context, tx *sqlx.Tx) error {
	for _, b := range baremesSemis() {
		regle, err := json.Marshal(b)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO bareme (code, idcc, effectif_min, effectif_max, du, au, regle) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
			b.Code, b.IDCC, b.EffectifMin, b.EffectifMax, b.Du, b.Au, regle)
		if err != nil {
			return fmt.Errorf("writing barème %s: %w", b.Code, err)
		}
	}
	for _, idcc := range branchesSemis {
		bs, err := baremes(ctx, tx, idcc)
		if err != nil {
			return err
		}
		x.baremes[idcc] = bs
	}
	return nil
}

// parametres returns the figures in force on a day.
func (x *semeur) parametres(jour opco.Date) (opco.Parametres, error) {
	p := opco.ParametresDefaut()
	for _, r := range x.regles {
		if r.Du > jour || r.Au != "" && r.Au < jour {
			continue
		}
		if err := json.Unmarshal(r.Valeur, &p); err != nil {
			return p, fmt.Errorf("reading paramètres: %w", err)
		}
	}
	return p, nil
}

func (x *semeur) bilan() BilanSemis {
	b := BilanSemis{Entreprises: len(x.entreprises), Organismes: len(x.organismes), Dossiers: len(x.dossiers), Lots: len(x.lots),
		Actes: len(x.copies.acte.lignes), Passages: len(x.copies.passage.lignes), Ecritures: len(x.copies.ecriture.lignes),
		Courriers: x.copies.courriers, Refus: x.refus, Etats: map[opco.Etat]int{}, Du: opco.JourDe(x.debut), Au: opco.JourDe(x.maintenant)}
	for _, d := range x.dossiers {
		b.Etats[d.d.Etat]++
		b.Factures += len(d.d.Factures)
		b.Reglements += len(d.reglements)
	}
	return b
}

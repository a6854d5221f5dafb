package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
	"guichet/store/executant"
)

// Where the other process, which is to die, finds its database and its fate.
const (
	baseMourante = "GUICHET_ESSAI_EXECUTANT"
	mortAvant    = "GUICHET_ESSAI_MORT_AVANT" // it dies before it applies that many actes
	mortApres    = "GUICHET_ESSAI_MORT_APRES" // or once it has, before it writes so
)

// executantMortel is the command by which this test binary stands for that other process.
const executantMortel = "executer-jusqu-a-la-mort"

// executerJusquALaMort is the other process: an executant that works until it is killed, or
// has nothing left. It returns its exit code.
func executerJusquALaMort() int {
	ctx := context.Background()
	s, err := ouvrirBase(ctx, os.Getenv(baseMourante), 4)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer s.Close()
	p := &procedureMortelle{procedureDirecte: procedureDirecte{s: s}}
	p.avant, _ = strconv.Atoi(os.Getenv(mortAvant))
	p.apres, _ = strconv.Atoi(os.Getenv(mortApres))
	x := &executant.Executant{Store: s, Procedures: p, Log: slog.New(slog.DiscardHandler), Pause: time.Millisecond}
	if err := epuiser(ctx, x); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// procedureMortelle applies actes until the process kills itself, as kill -9 does: at
// the two instants when a double acte would be easiest.
type procedureMortelle struct {
	procedureDirecte
	avant, apres, n int
}

func (p *procedureMortelle) Transmettre(ctx context.Context, a opco.Acte) error {
	if p.n++; p.n == p.avant {
		mourir()
	}
	err := p.procedureDirecte.Transmettre(ctx, a)
	if p.n == p.apres {
		mourir()
	}
	return err
}

func mourir() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// autreProcessus starts the executant as a process of its own on the database of s.
func autreProcessus(t *testing.T, s *store.Store, env ...string) *exec.Cmd {
	t.Helper()
	var base string
	if err := s.DB.Get(&base, `SELECT current_database()`); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), os.Args[0], executantMortel)
	c.Env = append(os.Environ(), append(env, baseMourante+"="+adresseDeBase(os.Getenv("GUICHET_TEST_DB"), base))...)
	c.Stdout, c.Stderr = os.Stderr, os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// adresseDeBase names another database of the same server.
func adresseDeBase(serveur, base string) string {
	champs := strings.Fields(serveur)
	for i, c := range champs {
		if strings.HasPrefix(c, "dbname=") {
			champs[i] = "dbname=" + base
			return strings.Join(champs, " ")
		}
	}
	return serveur + " dbname=" + base
}

// finirBaux ends the leases of the dead at once.
func finirBaux(t *testing.T, s *store.Store) {
	t.Helper()
	if _, err := s.DB.Exec(`UPDATE action_lot_element SET bail_le = clock_timestamp() - interval '1 second' WHERE bail_le IS NOT NULL`); err != nil {
		t.Fatal(err)
	}
}

// tenirNombres holds the figures that an action keeps equal to those of its dossiers.
func tenirNombres(t *testing.T, s *store.Store, v store.ActionLotVue) {
	t.Helper()
	lu, err := s.ActionLot(t.Context(), portee(v), v.ID)
	if err != nil {
		t.Fatal(err)
	}
	var n store.NombresLot
	err = s.DB.Get(&n, `SELECT count(*) AS total, count(*) FILTER (WHERE etat = 'ATTEND') AS attend, count(*) FILTER (WHERE etat = 'APPLICABLE') AS applicable,
		count(*) FILTER (WHERE etat = 'ECARTE') AS ecarte, count(*) FILTER (WHERE etat = 'APPLIQUE') AS applique, count(*) FILTER (WHERE etat = 'REFUSE') AS refuse
		FROM action_lot_element WHERE lot = $1`, v.ID)
	if err != nil || lu.Nombres != n {
		t.Errorf("the action says %+v, its dossiers are %+v, %v", lu.Nombres, n, err)
	}
}

func compter(t *testing.T, s *store.Store, requete string, args ...any) (n int) {
	t.Helper()
	if err := s.DB.Get(&n, requete, args...); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestAKilledWorkerLosesNothing: a worker is killed -9 three times in the middle of 5,000
// dossiers (GUICHET_ESSAI_ELEMENTS for another number: 50,000 is the longest action), while it tries them and while it labels them; each is done once, with
// one line in the journal, and none before the launch.
func TestAKilledWorkerLosesNothing(t *testing.T) {
	n := 5_000
	if x, err := strconv.Atoi(os.Getenv("GUICHET_ESSAI_ELEMENTS")); err == nil {
		n = x
	}
	s, v, _ := terrain(t, n)
	ctx := t.Context()
	choix := store.ChoixLot{Filtre: &store.FiltreFile{Filtre: store.Filtre{File: store.FileCompletude}, Perimetre: store.PerimetreEquipe}}
	if err := s.CreerActionLot(ctx, portee(v), v, choix); err != nil {
		t.Fatal(err)
	}
	tuerA := func(etat string, seuil int) {
		t.Helper()
		c := autreProcessus(t, s)
		for compter(t, s, `SELECT count(*) FROM action_lot_element WHERE etat = $1`, etat) < seuil {
			time.Sleep(5 * time.Millisecond)
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(); err == nil {
			t.Fatal("it had ended before it was killed")
		}
		finirBaux(t, s)
		tenirNombres(t, s, v)
	}
	tuerA("APPLICABLE", n/4)
	if err := autreProcessus(t, s).Wait(); err != nil {
		t.Fatal(err)
	}
	if faits := compter(t, s, `SELECT count(*) FROM etiquette_dossier`) + compter(t, s, `SELECT count(*) FROM geste WHERE type = 'etiqueter'`); faits != 0 {
		t.Fatalf("the trial did %d things", faits)
	}
	if err := s.ChangerActionLot(ctx, portee(v), v.Par(), v.ID, "lancer"); err != nil {
		t.Fatal(err)
	}
	tuerA("APPLIQUE", n/4)
	tuerA("APPLIQUE", n/2)
	if err := autreProcessus(t, s).Wait(); err != nil {
		t.Fatal(err)
	}
	fini, err := s.ActionLot(ctx, portee(v), v.ID)
	if err != nil || fini.Etat != store.LotTermine || fini.Nombres != (store.NombresLot{Total: int64(n), Applique: int64(n)}) {
		t.Errorf("got %+v, %v", fini, err)
	}
	for quoi, requete := range map[string]string{
		"labels":                 `SELECT count(*) FROM etiquette_dossier`,
		"gestures":               `SELECT count(*) FROM geste WHERE type = 'etiqueter'`,
		"dossiers with one each": `SELECT count(*) FROM (SELECT 1 FROM geste WHERE type = 'etiqueter' GROUP BY objet HAVING count(*) = 1) x`,
	} {
		if got := compter(t, s, requete); got != n {
			t.Errorf("%d %s, want %d", got, quoi, n)
		}
	}
}

// TestAKilledWorkerMakesNoActeTwice: an action that moves dossiers is killed once an acte
// is received and not applied, then once one is applied and not written: each dossier is
// asked once for its pièce, by one acte and one letter.
func TestAKilledWorkerMakesNoActeTwice(t *testing.T) {
	const n = 24
	s, v, _ := terrain(t, 0)
	ctx := t.Context()
	ids := transmis(t, s, n)
	v.Action = opco.ActionLot{Genre: opco.LotComplement, Pieces: []opco.PieceDemandee{{Type: opco.PieceProgramme, Motif: opco.MotifManquante}}}
	if err := s.CreerActionLot(ctx, portee(v), v, store.ChoixLot{Dossiers: ids}); err != nil {
		t.Fatal(err)
	}
	if err := autreProcessus(t, s).Wait(); err != nil {
		t.Fatal(err)
	}
	if err := s.ChangerActionLot(ctx, portee(v), v.Par(), v.ID, "lancer"); err != nil {
		t.Fatal(err)
	}
	for _, mort := range []string{mortAvant + "=7", mortApres + "=5", mortApres + "=1"} {
		if err := autreProcessus(t, s, mort).Wait(); err == nil {
			t.Fatalf("%s: it did not die", mort)
		}
		finirBaux(t, s)
		tenirNombres(t, s, v)
	}
	if recus := compter(t, s, `SELECT count(*) FROM acte WHERE type = 'demander_complement'`); recus == 0 || recus == n {
		t.Fatalf("%d actes when it died: the death was not in the middle", recus)
	}
	if err := autreProcessus(t, s).Wait(); err != nil {
		t.Fatal(err)
	}
	fini, err := s.ActionLot(ctx, portee(v), v.ID)
	if err != nil || fini.Etat != store.LotTermine || fini.Nombres != (store.NombresLot{Total: n, Applique: n}) {
		t.Errorf("got %+v, %v", fini, err)
	}
	for quoi, requete := range map[string]string{
		"actes":                  `SELECT count(*) FROM acte WHERE type = 'demander_complement' AND etat = 'applique'`,
		"all actes":              `SELECT count(*) FROM acte WHERE type = 'demander_complement'`,
		"lines of the journals":  `SELECT count(*) FROM passage WHERE type = 'demander_complement'`,
		"letters to the company": `SELECT count(*) FROM courrier WHERE evenement = 'COMPLEMENT_DEMANDE' AND pour = 'entreprise'`,
		"dossiers that wait":     `SELECT count(*) FROM dossier WHERE etat = 'A_COMPLETER'`,
	} {
		if got := compter(t, s, requete); got != n {
			t.Errorf("%d %s, want %d", got, quoi, n)
		}
	}
}

// transmis sends n demandes of e1 and returns their ids.
func transmis(t *testing.T, s *store.Store, n int) []string {
	t.Helper()
	e1, err := s.Utilisateur(t.Context(), "e1")
	if err != nil {
		t.Fatal(err)
	}
	p, ids := &procedureDirecte{s: s}, make([]string, n)
	charge, err := json.Marshal(opco.ChargeDeposer{Certifie: true, AVenir: []opco.TypePiece{opco.PieceProgramme, opco.PieceConvention, opco.PieceDevis}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range ids {
		ids[i] = uuid.NewString()
		d := &opco.Dossier{ID: ids[i], Demande: demandeDe(t, s, fmt.Sprintf("Sécurité %d", i))}
		creer := opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetDossier(ids[i]), Type: opco.ActeCreer, Par: e1.Acteur("99900101900010")}
		if _, err := s.AppliquerDirect(t.Context(), creer, d); err != nil {
			t.Fatal(err)
		}
		r, err := s.Recevoir(t.Context(), opco.Acte{ID: uuid.NewString(), Objet: creer.Objet, Type: opco.ActeDeposer, Par: creer.Par, Charge: charge})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Transmettre(t.Context(), r.Acte); err != nil {
			t.Fatal(err)
		}
		if r, err = s.Acte(t.Context(), r.Acte.ID); err != nil || r.Verdict != opco.VerdictApplique {
			t.Fatalf("demande %d: %+v, %v", i, r, err)
		}
	}
	return ids
}

// demandeDe is a whole demande of e1 to of1, in the coming months.
func demandeDe(t *testing.T, s *store.Store, intitule string) opco.Demande {
	t.Helper()
	le, err := s.Maintenant(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	debut := opco.JourDe(le).Jours(40)
	return opco.Demande{
		Etablissement: "99900101900010", Subrogation: true, Intitule: intitule, Nature: opco.NatureFormation,
		Organisme: opco.OrganismeDemande{SIRET: "99900136500017", Nom: "Formalia Synthèse", NDA: "11756099975", Adresse: "1 rue des Essais",
			CodePostal: "75001", Ville: "Paris"},
		Duree: 14 * 60, Debut: debut, Fin: debut.Jours(1), Lignes: []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 60000}},
		Stagiaires: []opco.Stagiaire{{ID: "s1", Nom: "Lefèvre", Prenom: intitule, Heures: 14 * 60, Peda: 60000}},
	}
}

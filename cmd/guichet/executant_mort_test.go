package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

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

// jouerMorts tries an action on the dossiers ids, launches it, and has it killed once an
// acte is received and not applied, then once one is applied and not written. It returns
// the action once it has ended.
func jouerMorts(t *testing.T, s *store.Store, v store.ActionLotVue, ids []string, acte opco.TypeActe) store.ActionLotVue {
	t.Helper()
	ctx := t.Context()
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
	if recus := compter(t, s, `SELECT count(*) FROM acte WHERE type = $1 AND role = $2`, acte, v.Role); recus == 0 || recus == len(ids) {
		t.Fatalf("%d actes when it died: the death was not in the middle", recus)
	}
	if err := autreProcessus(t, s).Wait(); err != nil {
		t.Fatal(err)
	}
	fini, err := s.ActionLot(ctx, portee(v), v.ID)
	if err != nil || fini.Etat != store.LotTermine {
		t.Errorf("got %+v, %v", fini, err)
	}
	tenirNombres(t, s, v)
	return fini
}

// TestAKilledWorkerMakesNoActeTwice: an action that moves dossiers dies three times: each
// dossier is asked once for its pièce, by one acte and one letter.
func TestAKilledWorkerMakesNoActeTwice(t *testing.T) {
	const n = 24
	s, v, _ := terrain(t, 0)
	ids := transmis(t, s, n)
	v.Action = opco.ActionLot{Genre: opco.LotComplement, Pieces: []opco.PieceDemandee{{Type: opco.PieceProgramme, Motif: opco.MotifManquante}}}
	if fini := jouerMorts(t, s, v, ids, opco.ActeDemanderComplement); fini.Nombres != (store.NombresLot{Total: n, Applique: n}) {
		t.Errorf("got %+v", fini.Nombres)
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

// TestAKilledWorkerGrantsOnce: an action that grants dies three times. The envelope is too
// small for all: each dossier is decided once and its money engaged once, or refused with
// its sentence, and nothing is engaged for it.
func TestAKilledWorkerGrantsOnce(t *testing.T) {
	const n = 24
	s, v, _ := terrain(t, 0)
	ids := enInstruction(t, s, v.Par(), transmis(t, s, n))
	avant := compter(t, s, `SELECT COALESCE(sum(montant), 0)::bigint FROM solde WHERE compte = 'ENGAGE'`)
	v.Action = opco.ActionLot{Genre: opco.LotAccorder}
	fini := jouerMorts(t, s, v, ids, opco.ActeDecider)
	bons := int(fini.Nombres.Applique)
	if bons == 0 || bons == n || int(fini.Nombres.Refuse) != n-bons {
		t.Fatalf("got %+v of %d: the envelope is for some of them", fini.Nombres, n)
	}
	for quoi, x := range map[string]struct {
		requete string
		want    int
	}{
		"décisions applied":    {`SELECT count(*) FROM passage WHERE type = 'decider' AND verdict = 'applique'`, bons},
		"dossiers granted":     {`SELECT count(*) FROM dossier WHERE etat = 'ACCORDEE'`, bons},
		"actes":                {`SELECT count(*) FROM acte WHERE type = 'decider'`, n},
		"actes refused":        {`SELECT count(*) FROM acte WHERE type = 'decider' AND etat = 'refuse'`, n - bons},
		"reasons":              {`SELECT count(*) FROM action_lot_element WHERE etat = 'REFUSE' AND phrase <> ''`, n - bons},
		"cents engaged":        {`SELECT COALESCE(sum(montant), 0)::bigint FROM solde WHERE compte = 'ENGAGE'`, avant + bons*60000},
		"letters of the grant": {`SELECT count(DISTINCT objet) FROM courrier WHERE evenement = 'ACCORD' AND pour = 'entreprise'`, bons},
	} {
		if got := compter(t, s, x.requete); got != x.want {
			t.Errorf("%d %s, want %d", got, quoi, x.want)
		}
	}
}

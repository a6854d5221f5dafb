package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"guichet/activities"
	"guichet/banque"
	"guichet/opco"
	"guichet/store"
)

// lotDefaut is the longest lot that a bank takes (reliability.md 4.3), memoireLot what
// a process may hold while it handles one, in bytes.
const (
	lotDefaut  = 120_000
	memoireLot = 512 << 20
)

// mesurerLot measures one lot of n lines in a process of its own, so that its memory
// is that of the lot.
func mesurerLot(ctx context.Context, n int) error {
	c := exec.CommandContext(ctx, os.Args[0], "-lot-seul", strconv.Itoa(n))
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	return c.Run()
}

// etapeLot is what one step of the lot took.
type etapeLot struct {
	nom    string
	duree  time.Duration
	pic    int64 // bytes: the most that the process held so far
	detail string
}

// essaiLot is a lot that is being measured.
type essaiLot struct {
	s       *store.Store
	lot     string
	dossier string // of the bank
	actes   []opco.Acte
	etapes  []etapeLot
}

// lotSeul makes a base of n règlements to pay, takes them through one lot, from its
// building to the last answer of the bank, and prints what it took. The bank answers
// in another process.
func lotSeul(ctx context.Context, serveur string, n int, log *slog.Logger) (err error) {
	debug.SetGCPercent(100) // as in production, whatever the environment of the bench says
	nom := fmt.Sprintf("%s_%d_lot", prefixeBases, os.Getpid())
	if err := executer(ctx, serveur, `CREATE DATABASE `+nom); err != nil {
		return err
	}
	defer func() {
		if e := detruire(serveur, nom); err == nil {
			err = e
		}
	}()
	if err := peuplerLot(ctx, sur(serveur, nom), n); err != nil {
		return err
	}
	x := &essaiLot{}
	if x.s, err = store.Open(ctx, sur(serveur, nom), 4); err != nil {
		return err
	}
	defer x.s.Close()
	x.s.Calendrier = func(bool) opco.Calendrier { return semaine{} }
	if x.dossier, err = os.MkdirTemp("", "guichet-banc-"); err != nil {
		return err
	}
	defer os.RemoveAll(x.dossier)
	if err := x.jouer(ctx, log); err != nil {
		return err
	}
	if err := x.controler(ctx, n); err != nil {
		return err
	}
	return x.ecrire(os.Stdout, n)
}

// chronometrer measures one step.
func (x *essaiLot) chronometrer(nom string, log *slog.Logger, f func() (string, error)) error {
	debut := time.Now()
	detail, err := f()
	if err != nil {
		return fmt.Errorf("%s: %w", nom, err)
	}
	x.etapes = append(x.etapes, etapeLot{nom, time.Since(debut), picMemoire(), detail})
	log.Info(nom, "durée", time.Since(debut).Round(time.Millisecond), "mémoire", picMemoire()>>20, "détail", detail)
	return nil
}

func acteurBanc(personne string, r opco.Role) opco.Acteur {
	return opco.Acteur{Personne: personne, Nom: personne, Role: r}
}

// jouer takes the lot through its life.
func (x *essaiLot) jouer(ctx context.Context, log *slog.Logger) error {
	b := &activities.Banque{Lots: x.s, Rediger: banque.Rediger, Dossier: x.dossier}
	r := &activities.Retours{Memoire: x.s, Lire: banque.Lire, Dossier: x.dossier, Log: slog.New(slog.DiscardHandler),
		Transmettre: func(_ context.Context, a opco.Acte) error { x.actes = append(x.actes, a); return nil }}
	if err := activities.PreparerDossier(x.dossier, false); err != nil {
		return err
	}
	objet := func() string { return opco.ObjetLot(x.lot) }
	importer := func() (string, error) {
		x.actes = nil
		err := r.Passer(ctx)
		return fmt.Sprintf("%d actes", len(x.actes)), err
	}
	for _, e := range []struct {
		nom string
		f   func() (string, error)
	}{
		{"demander le lot (dans la requête)", func() (string, error) { return "", x.construire(ctx) }},
		{"le construire, par poignées", func() (string, error) { return x.batir(ctx) }},
		{"valider, à trois personnes", func() (string, error) { return "", x.valider(ctx) }},
		{"produire et archiver le fichier", func() (string, error) { return "", b.Produire(ctx, objet()) }},
		{"marquer émis", func() (string, error) { return "", x.systeme(ctx, opco.ActeEmettreLot) }},
		{"relire et déposer le fichier", func() (string, error) { return "", b.Envoyer(ctx, objet()) }},
		{"écrire les mêmes octets, nu", func() (string, error) { return x.ecrireNu() }},
		{"marquer transmis", func() (string, error) { return "", x.systeme(ctx, opco.ActeTransmettreLot) }},
		{"(la banque répond, dans un autre processus)", func() (string, error) { return "", x.repondre(ctx, "pain002") }},
		{"importer le pain.002", importer},
		{"l’appliquer", func() (string, error) { return "", x.appliquer(ctx) }},
		{"(la banque débite, dans un autre processus)", func() (string, error) { return "", x.repondre(ctx, "camt054") }},
		{"importer le camt.054", importer},
		{"l’appliquer, prévenir les dossiers", func() (string, error) { return "", x.appliquer(ctx) }},
	} {
		if err := x.chronometrer(e.nom, log, e.f); err != nil {
			return err
		}
	}
	return nil
}

func (x *essaiLot) construire(ctx context.Context) error {
	le, err := x.s.Maintenant(ctx)
	if err != nil {
		return err
	}
	c, err := json.Marshal(opco.ChargeConstruireLot{EcheanceAu: "2099-12-31", Execution: opco.ProchainTarget(opco.JourDe(le))})
	if err != nil {
		return err
	}
	r, err := x.s.ConstruireLot(ctx, opco.Acte{ID: uuid.NewString(), Type: opco.ActeConstruireLot, Par: acteurBanc("banc-c1", opco.RoleComptable), Charge: c})
	x.lot = strings.TrimPrefix(r.Acte.Objet, "lot/")
	return err
}

// batir takes in the handfuls of the lot, and tells the longest step.
func (x *essaiLot) batir(ctx context.Context) (string, error) {
	longue, n := time.Duration(0), 0
	for ; ; n++ {
		d, err := x.s.Depart(ctx, opco.ObjetLot(x.lot))
		if err != nil || d.Resume.Etat != opco.Etat(opco.LotEnConstruction) {
			return fmt.Sprintf("%d poignées, la plus longue %s", n, longue.Round(time.Millisecond)), err
		}
		debut := time.Now()
		if err := x.inscrire(ctx, opco.Demarche{Echeance: &d.Resume.Echeances[0]}); err != nil {
			return "", err
		}
		longue = max(longue, time.Since(debut))
	}
}

func (x *essaiLot) valider(ctx context.Context) error {
	for _, par := range []opco.Acteur{acteurBanc("banc-c2", opco.RoleComptable), acteurBanc("banc-r", opco.RoleResponsable)} {
		l, err := x.s.EnTeteLot(ctx, x.lot)
		if err != nil {
			return err
		}
		if l.Etat != opco.LotPropose {
			return nil // too small for a third person
		}
		c, err := json.Marshal(opco.ChargeValiderLot{Nombre: l.Nombre(), Somme: l.Somme()})
		if err != nil {
			return err
		}
		r, err := x.s.Recevoir(ctx, opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetLot(x.lot), Type: opco.ActeValiderLot, Par: par, Charge: c})
		if err != nil {
			return err
		}
		if err := x.inscrire(ctx, opco.Demarche{ActeID: r.Acte.ID}); err != nil {
			return err
		}
	}
	return nil
}

// inscrire records the next step of the lot, which must be applied.
func (x *essaiLot) inscrire(ctx context.Context, d opco.Demarche) error {
	depart, err := x.s.Depart(ctx, opco.ObjetLot(x.lot))
	if err != nil {
		return err
	}
	d.Objet, d.Rang = depart.Objet, depart.Rang+1
	i, err := x.s.Record(ctx, d)
	if err == nil && i.Verdict != opco.VerdictApplique {
		err = fmt.Errorf("step %d of %s: %s", d.Rang, d.Objet, i.Verdict)
	}
	return err
}

func (x *essaiLot) systeme(ctx context.Context, t opco.TypeActe) error {
	le, err := x.s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return x.inscrire(ctx, opco.Demarche{Echeance: &opco.Echeance{Type: t, Code: "banc", Le: le, Effet: opco.JourDe(le)}})
}

// appliquer has the lot apply what the last import told it.
func (x *essaiLot) appliquer(ctx context.Context) error {
	for _, a := range x.actes {
		if err := x.inscrire(ctx, opco.Demarche{ActeID: a.ID}); err != nil {
			return err
		}
	}
	return nil
}

func (x *essaiLot) fichier() string { return filepath.Join(x.dossier, "emis", x.lot+".xml") }

// ecrireNu copies the payment file with nothing around.
func (x *essaiLot) ecrireNu() (string, error) {
	de, err := os.Open(x.fichier())
	if err != nil {
		return "", err
	}
	defer de.Close()
	vers, err := os.Create(filepath.Join(x.dossier, "nu.xml"))
	if err != nil {
		return "", err
	}
	defer vers.Close()
	octets, err := io.Copy(vers, de)
	if err == nil {
		err = vers.Sync()
	}
	return fmt.Sprintf("%d Mo", octets>>20), err
}

// repondre has the simulated bank write one of its answers, in another process.
func (x *essaiLot) repondre(ctx context.Context, genre string) error {
	c := exec.CommandContext(ctx, os.Args[0], "-repondre", genre, x.fichier(), filepath.Join(x.dossier, "retours"))
	c.Stderr = os.Stderr
	return c.Run()
}

// repondreSeul is the bank: one transfer in a thousand is rejected.
func repondreSeul(genre, ordre, dossier string) error {
	b, err := os.ReadFile(ordre)
	if err != nil {
		return err
	}
	rejets := map[string]string{}
	for i := 1; i <= lotDefaut; i += 1000 {
		rejets[numeroBanc(i)] = "AC04"
	}
	statuts, debits, err := banque.Simulateur{Rejets: rejets}.Repondre(b, time.Now().AddDate(0, 0, 7))
	if err != nil {
		return err
	}
	if genre == "camt054" {
		statuts = debits
	}
	if err := os.MkdirAll(dossier, 0o750); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dossier, genre+".xml"), statuts, 0o640)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
	"guichet/workflows"
)

// moteurFeint is an engine that answers what a test says.
type moteurFeint struct {
	panne     error
	problemes []opco.Incident
	arrets    []string
	tournent  map[string]bool
	fautes    map[string]opco.Incident // by object
	vides     []string
}

func (m *moteurFeint) Problemes(context.Context) ([]opco.Incident, bool, error) {
	return m.problemes, true, m.panne
}
func (m *moteurFeint) Arrets(_ context.Context, _, jusqua time.Time) ([]string, time.Time, error) {
	return m.arrets, jusqua, m.panne
}
func (m *moteurFeint) Tourne(_ context.Context, o string) (bool, error) {
	return m.tournent[o], m.panne
}
func (m *moteurFeint) EnFaute(_ context.Context, i opco.Incident) (opco.Incident, bool, error) {
	relu, ok := m.fautes[i.Objet]
	return relu, ok, m.panne
}
func (m *moteurFeint) Repond(context.Context) error                  { return m.panne }
func (m *moteurFeint) SansOuvrier(context.Context) ([]string, error) { return m.vides, m.panne }

// bancRonde makes rounds on a real base with an engine that answers what the test says.
type bancRonde struct {
	*testing.T
	s *store.Store
	m *moteurFeint
	r *workflows.Ronde
}

func ouvrirRonde(t *testing.T) bancRonde {
	s, m := storetest.Ouvrir(t), &moteurFeint{tournent: map[string]bool{}, fautes: map[string]opco.Incident{}}
	return bancRonde{t, s, m, &workflows.Ronde{Moteur: m, Blocages: s, Log: slog.New(slog.DiscardHandler)}}
}

// ronde makes one round, whatever the time of the last one, and says the open causes.
func (b bancRonde) ronde() string {
	b.Helper()
	b.faire(`UPDATE ronde SET passee_le = NULL`)
	if err := b.r.Passer(b.Context()); err != nil {
		b.Fatal(err)
	}
	cs, err := b.s.Causes(b.Context(), auGuet, "")
	if err != nil {
		b.Fatal(err)
	}
	var dits []string
	for _, c := range cs {
		dits = append(dits, fmt.Sprintf("%s/%s %d", c.Activite, c.Classe, c.Cas))
	}
	return strings.Join(dits, ", ")
}

func (b bancRonde) faire(requete string, args ...any) {
	b.Helper()
	if _, err := b.s.DB.ExecContext(b.Context(), requete, args...); err != nil {
		b.Fatal(err)
	}
}

func (b bancRonde) attendre(quand, want string) {
	b.Helper()
	if got := b.ronde(); got != want {
		b.Errorf("%s: got %q, want %q", quand, got, want)
	}
}

const (
	dossierBloque = "dossier/00000000-0000-4000-8000-000000000001"
	idBloque      = "00000000-0000-4000-8000-000000000001"
)

// Each thing that the engine says opens its incident, and closes it when it is over.
func TestARoundReadsTheEngine(t *testing.T) {
	b := ouvrirRonde(t)
	b.faire(`INSERT INTO dossier (id, numero, etat, rang, etablissement, siren, resume, contenu, prochaine_echeance, cree_le, modifie_le)
		VALUES ($1, 'AF26-000001', 'BROUILLON', 1, '84057511600021', '840575116', '{}', '{}', now() + interval '1 day', now(), now())`, idBloque)
	if err := b.s.Presenter(t.Context(), "1@ici", "v1", opco.Travaux()); err != nil {
		t.Fatal(err)
	}
	b.attendre("all is well", "")

	b.m.problemes = []opco.Incident{{Objet: dossierBloque, Activite: opco.ActiviteTache, Essais: 2, Erreur: "[TMPRL1100] nondeterministic workflow", Executant: "1@ici"}}
	b.attendre("a step fails", "procedure/programme 1")
	if is := storetest.Incidents(t, b.s); len(is) != 1 || !strings.HasPrefix(is[0].Erreur, "version v1 : [TMPRL1100]") {
		t.Errorf("got %+v, want the build named", is)
	}
	b.m.problemes = nil
	b.attendre("the step passes", "")

	b.m.arrets = []string{dossierBloque, "dossier/00000000-0000-4000-8000-000000000002"}
	b.attendre("a procedure was stopped; the other object waits for nothing", "arret/arretee 1")
	b.m.arrets = nil
	b.attendre("nobody started it again", "arret/arretee 1")
	b.m.tournent[dossierBloque] = true
	b.attendre("it runs again", "")

	b.m.vides = []string{workflows.QueueBanque}
	b.attendre("a queue has no worker: it may be starting", "")
	b.attendre("it has none still", "file/personne 1")
	b.m.vides = nil
	b.attendre("the queue is served", "")

	b.faire(`INSERT INTO lot (id, etat, rang, execution, groupe, nombre, somme, contenu, resume, cree_par, cree_le) VALUES ('L1', 'PROPOSE', 1, now(), false, 1, 100, '{}', '{}', 'c1', now())`)
	b.faire(`INSERT INTO lot_signature (lot, personne, sens, role, numero) VALUES ('L1', 'c2', 'VALIDE', 'comptable', 1)`)
	b.faire(`UPDATE lot SET etat = 'EMIS'`)
	b.m.arrets = []string{"lot/L1"}
	b.attendre("a lot that must send its file has no procedure, and no day to wait for", "arret/arretee 1")
	b.m.arrets, b.m.tournent["lot/L1"] = nil, true
	b.attendre("it has one", "")
	if err := b.s.Signaler(t.Context(), "lot/L1", "Envoyer", 3, "no space left on device"); err != nil {
		t.Fatal(err)
	}
	b.m.fautes["lot/L1"] = opco.Incident{Objet: "lot/L1", Activite: "Envoyer", Essais: 7, Erreur: "permission denied"}
	b.attendre("the deed fails otherwise", "Envoyer/acces 1")
	delete(b.m.fautes, "lot/L1")
	b.attendre("the deed sleeps until its next tries", "Envoyer/acces 1")
	b.faire(`UPDATE lot SET etat = 'TRANSMIS'`)
	b.attendre("the deed passed", "")
	b.faire(`DELETE FROM executant`)
	b.attendre("no worker is there: it may be starting", "")
	b.attendre("there is none still", "file/personne 1")
}

// An engine that is away is one cause; what waits for it is another, and both end with it.
func TestARoundWithoutTheEngine(t *testing.T) {
	b := ouvrirRonde(t)
	b.faire(`INSERT INTO acte (id, objet, seq, type, role, empreinte, recu_le, cree_le) VALUES (gen_random_uuid(), $1, 1, 'deposer', 'entreprise', '', now(), now() - interval '1 minute')`, dossierBloque)
	b.attendre("no worker is there", "acte/personne 1")
	if err := b.s.Presenter(t.Context(), "1@ici", "v1", opco.Travaux()); err != nil {
		t.Fatal(err)
	}
	b.m.panne = errors.New("dial tcp 127.0.0.1:7233: connection refused")
	if got := b.ronde(); !strings.Contains(got, "moteur/injoignable 1") || !strings.Contains(got, "acte/injoignable 1") {
		t.Errorf("got %q", got)
	}
	x, err := b.s.Exploiter(t.Context(), auGuet)
	if err != nil || x.Moteur == "" || x.Muette {
		t.Errorf("the house runs as %+v, %v", x, err)
	}
	b.m.panne = nil
	b.faire(`UPDATE acte SET etat = 'applique'`)
	b.attendre("it is back", "")
}

// The command says nothing is stuck with 0, and what is with 1.
func TestOpsBloques(t *testing.T) {
	b := ouvrirRonde(t)
	b.ronde()
	dire := func(c opsBloquesCmd) (string, error) {
		var w strings.Builder
		c.Max = 100
		err := c.dire(t.Context(), b.s, &w)
		return w.String(), err
	}
	if dit, err := dire(opsBloquesCmd{}); err != nil || !strings.Contains(dit, "Rien n’est bloqué") {
		t.Errorf("got %q, %v", dit, err)
	}
	b.faire(`INSERT INTO dossier (id, numero, etat, rang, etablissement, siren, entreprise_nom, resume, contenu, cree_le, modifie_le)
		VALUES ($1, 'AF26-000001', 'BROUILLON', 1, '84057511600021', '840575116', 'Sorbier', '{}', '{}', now(), now())`, idBloque)
	if err := b.s.Signaler(t.Context(), dossierBloque, "Record", 4, "dial tcp: connection refused"); err != nil {
		t.Fatal(err)
	}
	cause := opco.Incident{Activite: "Record", Erreur: "connection refused"}.Cause()
	for _, tt := range []struct {
		c    opsBloquesCmd
		dits []string
	}{
		{opsBloquesCmd{}, []string{cause.Dire().Titre, cause.Code()}},
		{opsBloquesCmd{Cause: cause.Code()}, []string{cause.Dire().Conseil, "AF26-000001", "Sorbier"}},
		{opsBloquesCmd{Etape: "ACCORDEE"}, []string{"Aucun cas à cette étape"}},
	} {
		dit, err := dire(tt.c)
		if err != code(1) {
			t.Errorf("%+v ends with %v", tt.c, err)
		}
		for _, want := range tt.dits {
			if !strings.Contains(dit, want) {
				t.Errorf("%+v says %q, without %q", tt.c, dit, want)
			}
		}
	}
	if _, err := dire(opsBloquesCmd{Etape: "NULLE_PART"}); opco.KindOf(err) != opco.Invalid {
		t.Errorf("an étape that is not is answered %v", err)
	}
	var w strings.Builder
	if err := (opsCasCmd{Numero: "AF26-000001"}).dire(t.Context(), b.s, &w); err != code(1) || !strings.Contains(w.String(), cause.Dire().Pourquoi) {
		t.Errorf("got %q, %v", w.String(), err)
	}
	if err := (opsCasCmd{Numero: "AF26-000002"}).dire(t.Context(), b.s, &w); err != nil || !strings.Contains(w.String(), "Rien n’est bloqué pour") {
		t.Errorf("got %q, %v", w.String(), err)
	}
}

package executant_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
	"guichet/store/executant"
	"guichet/store/storetest"
)

// moteurEssai is an engine with one procedure, which does nothing of what it is told.
type moteurEssai struct {
	executant.Moteur
	lu               opco.ReleveMoteur
	reveils, demarre int
	arretes          []string
	raison           string
}

func (m *moteurEssai) Relever(context.Context, string) (opco.ReleveMoteur, error) { return m.lu, nil }
func (m *moteurEssai) Transmettre(context.Context, opco.Acte) error               { return nil }
func (m *moteurEssai) Demarrer(context.Context, string) error                     { m.demarre++; return nil }
func (m *moteurEssai) Reveiller(context.Context, string, time.Duration) error {
	m.reveils++
	return nil
}

func (m *moteurEssai) Terminer(_ context.Context, _, run, _ string) error {
	m.arretes = append(m.arretes, run)
	return nil
}

func (m *moteurEssai) Suspendre(_ context.Context, _ string, _ opco.ReleveMoteur, raison string) error {
	m.raison = raison
	return nil
}

// atelier is a worker, its base, one dossier and what was asked of it.
type atelier struct {
	*testing.T
	s          *store.Store
	m          *moteurEssai
	x          *executant.Intervenant
	objet, id  string
	conservees int
}

const motif = "demandé par Camille Roux au téléphone"

// ouvrir has an intervention tried on a dossier that the engine says to be as lu.
func ouvrir(t *testing.T, verbe opco.Verbe, lu opco.ReleveMoteur) *atelier {
	t.Helper()
	s, ctx := storetest.Demo.Ouvrir(t), t.Context()
	ops, err := s.Utilisateur(ctx, "ops")
	if err != nil {
		t.Fatal(err)
	}
	e1, err := s.Utilisateur(ctx, "e1")
	if err != nil {
		t.Fatal(err)
	}
	dossier := uuid.NewString()
	d := &opco.Dossier{ID: dossier, Demande: opco.Demande{Etablissement: "99900101900010", Intitule: "Sécurité", Nature: "FORMATION"}}
	acte := opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetDossier(dossier), Type: opco.ActeCreer, Par: e1.Acteur("99900101900010")}
	if _, err := s.AppliquerDirect(ctx, acte, d); err != nil {
		t.Fatal(err)
	}
	a := &atelier{T: t, s: s, m: &moteurEssai{lu: lu}, objet: acte.Objet, id: uuid.NewString()}
	a.x = &executant.Intervenant{Store: s, Moteur: a.m, Log: slog.New(slog.DiscardHandler), Patience: 15 * time.Minute,
		Conserver: func(context.Context, string) error { a.conservees++; return nil }}
	if _, err := s.ProposerIntervention(ctx, ops.Acteur(""), ops.Compte, a.id, opco.Intervention{Verbe: verbe, Motif: motif}, []store.Cible{{Objet: a.objet}}); err != nil {
		t.Fatal(err)
	}
	a.tourner()
	if err := s.LancerIntervention(ctx, ops.Acteur(""), a.id); err != nil {
		t.Fatal(err)
	}
	return a
}

// tourner makes a round, and ends the leases of those that were made.
func (a *atelier) tourner() {
	a.Helper()
	if _, err := a.x.Tournee(a.Context()); err != nil {
		a.Fatal(err)
	}
	a.s.DB.MustExec(`UPDATE intervention_element SET bail_le = NULL`)
}

// vieillir has everything asked that much earlier.
func (a *atelier) vieillir(d time.Duration) {
	a.s.DB.MustExec(`UPDATE intervention_element SET demande_le = demande_le - make_interval(secs => $1), appele_le = appele_le - make_interval(secs => $1)`, d.Seconds())
}

func (a *atelier) element() store.ElementIntervention {
	a.Helper()
	es, err := a.s.ElementsIntervention(a.Context(), a.id, nil, 0, 1)
	if err != nil || len(es) != 1 {
		a.Fatal(es, err)
	}
	return es[0]
}

// What is asked and not seen is read again and again, and called again rarely: a procedure keeps all
// that it is told.
func TestWhatIsAskedIsCalledAgainRarely(t *testing.T) {
	a := ouvrir(t, opco.VerbeRelancer, opco.ReleveMoteur{Run: "r1", Ouverte: true, Essais: 5})
	for range 8 {
		a.tourner()
	}
	if e := a.element(); a.m.reveils != 1 || e.Etat != store.ElementDemande {
		t.Fatalf("called %d times, %s: want once, and read again", a.m.reveils, e.Etat)
	}
	for range 80 { // 14 minutes
		a.vieillir(10500 * time.Millisecond)
		a.tourner()
	}
	if a.m.reveils < 3 || a.m.reveils > 5 {
		t.Errorf("called %d times in a quarter of an hour", a.m.reveils)
	}
	a.vieillir(2 * time.Minute)
	a.tourner()
	if e := a.element(); e.Etat != string(opco.ConstateSansEffet) {
		t.Errorf("got %s « %s » after a quarter of an hour", e.Etat, e.Phrase)
	}
}

// A procedure that follows again since its trial, whose run changed or that nobody would take on is
// never stopped.
func TestAProcedureIsStoppedOnlyWhileItsTrialHolds(t *testing.T) {
	muette := opco.ReleveMoteur{Run: "r1", Ouverte: true, Essais: 3}
	for nom, c := range map[string]struct {
		lu     opco.ReleveMoteur
		etat   string
		arrete int
	}{
		"it cannot say still":        {muette, store.ElementDemande, 1},
		"it follows again":           {opco.ReleveMoteur{Run: "r1", Ouverte: true, Repond: true, Rang: 1}, store.ElementRefuse, 0},
		"it is another run":          {opco.ReleveMoteur{Run: "r2", Ouverte: true, Essais: 3}, string(opco.ConstateSansEffet), 0},
		"nobody would take it on":    {opco.ReleveMoteur{Run: "r1", Ouverte: true, SansOuvrier: true}, store.ElementRefuse, 0},
		"somebody stopped it before": {opco.ReleveMoteur{Run: "r1"}, store.ElementDemande, 0},
	} {
		t.Run(nom, func(t *testing.T) {
			a := ouvrir(t, opco.VerbeRehydrater, muette)
			a.s.DB.MustExec(`UPDATE dossier SET etat = 'TRANSMISE', rang = 1 WHERE 'dossier/' || id = $1`, a.objet)
			a.m.lu = c.lu
			a.tourner()
			if e := a.element(); e.Etat != c.etat || len(a.m.arretes) != c.arrete || a.conservees != c.arrete || (a.m.demarre > 0) != (c.etat == store.ElementDemande) {
				t.Errorf("%s « %s », %d stopped, %d kept, %d started", e.Etat, e.Phrase, len(a.m.arretes), a.conservees, a.m.demarre)
			}
		})
	}
}

// The engine is told by which intervention it waits, never why: its words are not those of the house.
func TestTheEngineIsNotToldWhy(t *testing.T) {
	a := ouvrir(t, opco.VerbeSuspendre, opco.ReleveMoteur{Run: "r1", Ouverte: true, Activites: []opco.ReleveActivite{{ID: "1", Nom: "Envoyer"}}})
	a.tourner()
	if a.m.raison != "intervention "+a.id {
		t.Errorf("told « %s »", a.m.raison)
	}
}

// The counters are counted again when a rebuilding ends, whatever they were: each dossier of it holds none up.
func TestTheCountersAreRightWhenARebuildingEnds(t *testing.T) {
	a := ouvrir(t, opco.VerbeReconstruire, opco.ReleveMoteur{})
	a.s.DB.MustExec(`INSERT INTO dossier_compte (portee, code, n) SELECT portee, code, 7 FROM dossier_compte LIMIT 1`)
	ecarts := func() (n int) {
		a.Helper()
		if err := a.s.DB.Get(&n, `SELECT count(*) FROM dossier_compte_reel a FULL JOIN (SELECT portee, code, sum(n) AS n FROM dossier_compte GROUP BY 1, 2) c
			USING (portee, code) WHERE COALESCE(a.n, 0) <> COALESCE(c.n, 0)`); err != nil {
			a.Fatal(err)
		}
		return n
	}
	if err := a.s.Reconstruire(t.Context(), a.objet); err != nil || ecarts() != 1 {
		t.Fatalf("%v, %d counters wrong: want the one, left for the end", err, ecarts())
	}
	a.tourner()
	if e := a.element(); e.Etat != string(opco.ConstateVerifie) || ecarts() != 0 {
		t.Errorf("%s « %s », %d counters wrong", e.Etat, e.Phrase, ecarts())
	}
}

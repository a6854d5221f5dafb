package main

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"guichet/cmd/internal/env"
	"guichet/opco"
	"guichet/store"
	"guichet/workflows"
)

// etabli is a stack that runs, with the demonstration played on it: its worker does what is asked.
type etabli struct {
	*testing.T
	s      *store.Store
	moteur client.Client
	porte  *workflows.Client
}

func ouvrirEtabli(t *testing.T) etabli {
	if os.Getenv("GUICHET_ESSAI_PILE") == "" {
		t.Skip("here there is no stack: « make test » runs it afterwards on one of its own, by bin/guichet-local exec -- sh -c 'bin/guichet demo && GUICHET_ESSAI_PILE=1 go test ./cmd/guichet -run SurLaPile'")
	}
	cfg, err := env.Lire()
	if err != nil {
		t.Fatal(err)
	}
	s, err := ouvrirStore(t.Context(), cfg, 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	m, err := client.Dial(client.Options{HostPort: cfg.Temporal, Namespace: cfg.Namespace})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return etabli{t, s, m, &workflows.Client{Temporal: m, Departs: s, Namespace: cfg.Namespace}}
}

// dossier is one that is in an état.
func (p etabli) dossier(e opco.Etat) string {
	p.Helper()
	var o string
	if err := p.s.DB.Get(&o, `SELECT 'dossier/' || id FROM dossier WHERE etat = $1 ORDER BY id LIMIT 1`, e); err != nil {
		p.Fatal(err)
	}
	return o
}

// compte counts what must not be done twice: lines of the journal and mails.
func (p etabli) compte(objet string) (pas, plis int) {
	p.Helper()
	if err := p.s.DB.QueryRow(`SELECT (SELECT count(*) FROM passage WHERE objet = $1), (SELECT count(*) FROM courrier WHERE objet = $1)`, objet).Scan(&pas, &plis); err != nil {
		p.Fatal(err)
	}
	return pas, plis
}

// intervenir has the worker of the stack do an intervention, and returns what came of it.
func (p etabli) intervenir(i opco.Intervention, cs ...store.Cible) store.InterventionVue {
	p.Helper()
	u, err := p.s.Utilisateur(p.Context(), "ops")
	if err != nil {
		p.Fatal(err)
	}
	i.Motif = "essai sur la pile"
	v, err := p.s.ProposerIntervention(p.Context(), u.Acteur(""), u.Compte, uuid.NewString(), i, cs)
	if err != nil {
		p.Fatal(err)
	}
	v, err = attendreIntervention(p.Context(), p.s, v, time.Minute, func(e store.EtatIntervention) bool { return e != store.InterventionEssai })
	if err == nil && v.Etat == store.InterventionProposee {
		if err = p.s.LancerIntervention(p.Context(), u.Acteur(""), v.ID); err == nil {
			v, err = attendreIntervention(p.Context(), p.s, v, time.Minute, store.EtatIntervention.Finie)
		}
	}
	if err != nil {
		p.Fatal(err)
	}
	es, err := p.s.ElementsIntervention(p.Context(), v.ID, nil, 0, 10)
	if err != nil {
		p.Fatal(err)
	}
	for _, e := range es {
		p.Logf("%s %s : %s « %s » %v", v.Etat, e.Objet, e.Etat, e.Phrase, e.Effets)
	}
	return v
}

// continuer has an acte done on a dossier: its procedure is alive.
func (p etabli) continuer(objet string, t opco.TypeActe, charge any) {
	p.Helper()
	u, err := p.s.Utilisateur(p.Context(), "gestionnaire")
	if err != nil {
		p.Fatal(err)
	}
	brut, err := json.Marshal(charge)
	if err != nil {
		p.Fatal(err)
	}
	r, err := p.s.Recevoir(p.Context(), opco.Acte{ID: uuid.NewString(), Objet: objet, Type: t, Par: u.Acteur(""), Charge: brut, Compte: u.Compte})
	if err == nil {
		if err = p.porte.Transmettre(p.Context(), r.Acte); err == nil {
			r, err = p.s.AttendreVerdict(p.Context(), r.Acte.ID, 20*time.Second)
		}
	}
	if err != nil || r.Verdict != opco.VerdictApplique {
		p.Fatalf("the dossier does not go on: %+v, %v", r, err)
	}
}

// A procedure that somebody stopped in the engine starts again from the journal; nothing is done twice,
// and it goes on.
func TestRehydraterSurLaPile(t *testing.T) {
	p := ouvrirEtabli(t)
	o := p.dossier(opco.EtatTransmise)
	pas, plis := p.compte(o)
	if err := p.moteur.TerminateWorkflow(p.Context(), o, "", "by hand"); err != nil {
		t.Fatal(err)
	}
	if v := p.intervenir(opco.Intervention{Verbe: opco.VerbeRehydrater}, store.Cible{Objet: o}); v.Etat != store.InterventionVerifiee {
		t.Fatalf("got %+v", v)
	}
	if n, m := p.compte(o); n != pas || m != plis {
		t.Errorf("%d steps and %d mails, want %d and %d", n, m, pas, plis)
	}
	if v := p.intervenir(opco.Intervention{Verbe: opco.VerbeRehydrater}, store.Cible{Objet: o}); v.Etat != store.InterventionSansEffet {
		t.Errorf("got %+v: it runs, there is nothing to do", v)
	}
	p.continuer(o, opco.ActeInstruire, struct{}{})
	if n, _ := p.compte(o); n != pas+1 {
		t.Errorf("%d steps, want one more than %d", n, pas)
	}
}

// A procedure lives again from an étape: what is in the journal is read, and it goes on.
func TestRevenirSurLaPile(t *testing.T) {
	p := ouvrirEtabli(t)
	o := p.dossier(opco.EtatEnInstruction)
	pas, plis := p.compte(o)
	avant, err := p.porte.Relever(p.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if v := p.intervenir(opco.Intervention{Verbe: opco.VerbeRevenir, Etape: "règlement"}, store.Cible{Objet: o}); v.Etat != store.InterventionSansEffet {
		t.Errorf("got %+v: it never was there", v)
	}
	if v := p.intervenir(opco.Intervention{Verbe: opco.VerbeRevenir, Etape: "complétude"}, store.Cible{Objet: o}); v.Etat != store.InterventionVerifiee {
		t.Fatalf("got %+v", v)
	}
	apres, err := p.porte.Relever(p.Context(), o)
	if err != nil || apres.Run == avant.Run || apres.Rang != int64(pas) {
		t.Errorf("got %+v, %v after %+v", apres, err, avant)
	}
	p.continuer(o, opco.ActeDecider, opco.ChargeDecider{})
	if n, m := p.compte(o); n != pas+1 || m < plis {
		t.Errorf("%d steps and %d mails, had %d and %d", n, m, pas, plis)
	}
	var doubles int
	if err := p.s.DB.Get(&doubles, `SELECT count(*) FROM (SELECT 1 FROM courrier WHERE objet = $1 GROUP BY rang, evenement, pour, detail HAVING count(*) > 1) x`, o); err != nil || doubles > 0 {
		t.Errorf("%d mails twice, %v", doubles, err)
	}
}

// Every mail that the outage of a server refused is sent again at once, each under its own identity.
func TestRenvoyerUneCauseSurLaPile(t *testing.T) {
	p := ouvrirEtabli(t)
	var n int64
	err := p.s.DB.Get(&n, `WITH x AS (UPDATE courrier SET etat = 'REFUSE', erreur = '550 refused' WHERE etat = 'ENVOYE' AND sorte = 'dossier' AND objet LIKE 'dossier/%' RETURNING id, objet),
		i AS (INSERT INTO incident (id, objet, activite, essais, erreur, ouvert_le, cause)
		      SELECT objet || '/courrier/' || id, objet, 'courrier/' || id, 1, '550 refused', now(), 'panne-essai' FROM x RETURNING 1)
		SELECT count(*) FROM i`)
	if err != nil || n < 10 {
		t.Fatal(n, err)
	}
	if v := p.intervenir(opco.Intervention{Verbe: opco.VerbeRenvoyer, Cause: "panne-essai"}); v.Etat != store.InterventionVerifiee || v.Nombres.Verifie != n {
		t.Errorf("got %+v: %d mails were refused", v, n)
	}
	var autres int
	if err := p.s.DB.Get(&autres, `SELECT count(*) FROM courrier WHERE message_id <> '' AND message_id <> id`); err != nil || autres > 0 {
		t.Errorf("%d mails changed their identity, %v", autres, err)
	}
}

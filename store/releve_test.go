package store_test

import (
	"testing"

	"go.opentelemetry.io/otel/trace"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// valeurs puts the figures of one Jauge by label.
func valeurs(t *testing.T, s *store.Store, jauge string) map[string]float64 {
	t.Helper()
	rs, err := s.Relever(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	vs := map[string]float64{}
	for _, r := range rs {
		if r.Mesure == jauge {
			vs[r.Etiquette] = r.Valeur
		}
	}
	return vs
}

// TestRelever: each figure says what the rows are, and a queue that is empty says zero.
func TestRelever(t *testing.T) {
	s := storetest.Ouvrir(t)
	for _, f := range []string{"dossier", "compte", "banque"} {
		if v, dit := valeurs(t, s, "guichet_actes_en_attente")[f]; !dit || v != 0 {
			t.Errorf("an empty queue %s: got %v (said: %v), want 0 said", f, v, dit)
		}
	}
	s.DB.MustExec(`INSERT INTO acte (id, objet, seq, type, role, empreinte, etat, code, recu_le, cree_le, verdict_le) VALUES
		(gen_random_uuid(), 'dossier/1', 1, 'accorder', 'gestionnaire', '', 'recu', '', now(), now() - interval '10 minutes', NULL),
		(gen_random_uuid(), 'indu/1', 1, 'rembourser', 'comptable', '', 'recu', '', now(), now(), NULL),
		(gen_random_uuid(), 'lot/1', 1, 'valider', 'comptable', '', 'recu', '', now(), now() - interval '1 minute', NULL),
		(gen_random_uuid(), 'dossier/2', 1, 'accorder', 'gestionnaire', '', 'refuse', 'PLAFOND', now(), now(), now() - interval '5 minutes'),
		(gen_random_uuid(), 'dossier/2', 2, 'accorder', 'gestionnaire', '', 'refuse', 'PLAFOND', now(), now(), now()),
		(gen_random_uuid(), 'dossier/2', 3, 'accorder', 'gestionnaire', '', 'refuse', 'DELAI', now(), now(), now() - interval '2 hours')`)
	s.DB.MustExec(`INSERT INTO courrier (id, objet, rang, evenement, pour, adresse, donnees, etat, essais, le) VALUES
		('c1', 'dossier/1', 1, 'E', 'entreprise', '', '{}', 'A_ENVOYER', 7, now()), ('c2', 'dossier/1', 2, 'E', 'entreprise', '', '{}', 'REFUSE', 1, now()),
		('c3', 'dossier/1', 3, 'E', 'entreprise', '', '{}', 'REFUSE', 1, now() - interval '3 days')`)
	if err := s.Signaler(t.Context(), "dossier/1", "courrier/c1", 3, "refusé"); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		jauge, etiquette string
		min, max         float64
	}{
		{"guichet_actes_en_attente", "dossier", 2, 2},
		{"guichet_actes_en_attente", "banque", 1, 1},
		{"guichet_acte_en_attente_age_seconds", "dossier", 600, 700},
		{"guichet_acte_en_attente_age_seconds", "compte", 0, 0},
		{"guichet_actes_refuses_heure", "PLAFOND", 2, 2},
		{"guichet_actes_refuses_heure", "DELAI", 0, 0},
		{"guichet_courriers_a_envoyer", "", 1, 1},
		{"guichet_courrier_essais_max", "", 7, 7},
		{"guichet_courriers_refuses_jour", "", 1, 1},
		{"guichet_incidents_ouverts", "courriel", 1, 1},
		{"guichet_echeances_en_retard", "", 0, 0},
	}
	for _, tt := range tests {
		if v := valeurs(t, s, tt.jauge)[tt.etiquette]; v < tt.min || v > tt.max {
			t.Errorf("%s{%s}: got %v, want %v to %v", tt.jauge, tt.etiquette, v, tt.min, tt.max)
		}
	}
}

// TestLaTraceSuitLActe: the trace in which an acte came is kept in the inbox, and found
// again by who writes its step; an acte in no trace keeps nothing.
func TestLaTraceSuitLActe(t *testing.T) {
	s := storetest.Ouvrir(t)
	const fil = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	id, _ := trace.TraceIDFromHex(fil[3:35])
	span, _ := trace.SpanIDFromHex(fil[36:52])
	ctx := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: id, SpanID: span, TraceFlags: trace.FlagsSampled}))
	const suivi, seul = "01970000-0000-7000-8000-000000000001", "01970000-0000-7000-8000-000000000002"
	a := opco.Acte{Objet: "lot/L1", Type: "valider", Par: opco.ActeurSysteme()}
	for _, x := range []struct {
		id  string
		fil string
	}{{suivi, fil}, {seul, ""}} {
		a.ID = x.id
		recu := ctx
		if x.fil == "" {
			recu = t.Context()
		}
		if _, err := s.Recevoir(recu, a); err != nil {
			t.Fatal(err)
		}
		if got, err := s.TraceActe(t.Context(), x.id); err != nil || got != x.fil {
			t.Errorf("acte %s: got %q, %v, want %q", x.id, got, err, x.fil)
		}
	}
	s.DB.MustExec(`INSERT INTO passage (objet, rang, acte_id, type, code, echeance, de, vers, verdict, motif, phrase, personne, nom, role, le, effet, resume, precedente, empreinte)
		VALUES ('lot/L1', 1, $1, 'valider', '', '', '', 'VALIDE', 'applique', '', '', '', '', 'systeme', now(), now(), '{}', '', 'x')`, suivi)
	s.DB.MustExec(`INSERT INTO courrier (id, objet, rang, evenement, pour, adresse, donnees, le) VALUES ('c1', 'lot/L1', 1, 'E', 'banque', '', '{}', now()), ('c2', 'lot/L1', 9, 'E', 'banque', '', '{}', now())`)
	for c, want := range map[string]string{"c1": fil, "c2": ""} {
		if got, err := s.TraceCourrier(t.Context(), c); err != nil || got != want {
			t.Errorf("courrier %s: got %q, %v, want %q", c, got, err, want)
		}
	}
}

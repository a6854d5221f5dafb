package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"

	"guichet/opco"
	"guichet/store"
)

// A search in a queue finds what the queue has that holds every word, in the order of the
// queue, a page at a time, and counts it.
func TestASearchInAQueueKeepsItsOrder(t *testing.T) {
	s := volume(t, 14_000)
	agent := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "p-ges"}
	const instruction, argent = `d.etat = 'EN_INSTRUCTION'`, `EXISTS (SELECT 1 FROM reglement r WHERE r.dossier = d.id AND r.etat = 'A_PAYER')`
	const travail = `d.etat IN ('TRANSMISE', 'A_COMPLETER', 'EN_INSTRUCTION', 'EN_VALIDATION', 'ATTENTE_SERVICE_FAIT', 'SF_EN_CONTROLE', 'SF_NON_CONFORME')`
	tests := []struct {
		name      string
		file      store.File
		texte     string
		condition string
	}{
		{"a frequent word", store.FileInstruction, "atelier", instruction + ` AND d.recherche LIKE '%atelier%'`},
		{"a frequent word and a rare one", store.FileInstruction, "atelier mot7", instruction + ` AND d.recherche LIKE '% mot7'`},
		{"the beginning of a word", store.FileInstruction, "mot4", instruction + ` AND d.recherche ~ ' mot4[0-9]?$'`},
		{"a queue of money", store.FilePaiement, "mot2", argent + ` AND d.recherche ~ ' mot2[0-9]?$'`},
		{"all the work", "", "mot4", travail + ` AND d.recherche ~ ' mot4[0-9]?$'`},
		{"a word that nothing holds", store.FileInstruction, "atelier zzz", `false`},
		{"no word", store.FileInstruction, "…", `false`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var veut, vus []string
			err := s.DB.Select(&veut, `SELECT d.id FROM dossier d WHERE d.etat NOT IN ('BROUILLON', 'SUPPRIME') AND `+tt.condition+
				` ORDER BY d.ordre_limite, d.ordre_debut, d.ordre_enjeu, d.ordre_depot, d.id`)
			if err != nil || len(veut) == 0 && tt.condition != `false` {
				t.Fatalf("%d to find: %v", len(veut), err)
			}
			f := store.FiltreFile{Filtre: store.Filtre{File: tt.file, Texte: tt.texte, Limite: 30}, Perimetre: store.PerimetreEquipe}
			for {
				page, err := s.FileDeTravail(t.Context(), agent, f)
				if err != nil {
					t.Fatal(err)
				}
				if n := min(len(veut), 200); page.Nombre != int64(n) || page.Plus != (len(veut) > n) {
					t.Fatalf("after %d, the figure says %d %t of %d", len(vus), page.Nombre, page.Plus, len(veut))
				}
				for _, l := range page.Dossiers {
					vus = append(vus, l.ID)
				}
				if f.Apres = page.Suivant; f.Apres == "" {
					break
				}
			}
			if !slices.Equal(vus, veut) {
				t.Errorf("got %d dossiers, want %d in the order of the queue", len(vus), len(veut))
			}
		})
	}
}

// All the work searched in an état that is in no queue finds what is in that état: in the
// list, in its figure, and in what is done to all that it lists.
func TestASearchInAllTheWorkFindsEveryEtat(t *testing.T) {
	s := volume(t, 4_000)
	agent := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "p-ges"}
	for _, etats := range [][]opco.Etat{{opco.EtatAccordee}, {opco.EtatEnInstruction, opco.EtatAccordee}, {opco.EtatEnInstruction}} {
		var veut int64
		if err := s.DB.Get(&veut, `SELECT count(*) FROM dossier WHERE etat = ANY ($1) AND recherche ~ ' mot4[0-9]?$'`, pq.Array(etats)); err != nil || veut == 0 {
			t.Fatalf("%d to find: %v", veut, err)
		}
		f := store.FiltreFile{Filtre: store.Filtre{Etats: etats, Texte: "mot4 atelier", Limite: 100}, Perimetre: store.PerimetreEquipe}
		page, err := s.FileDeTravail(t.Context(), agent, f)
		if err != nil || page.Nombre != veut || int64(len(page.Dossiers)) != min(veut, 100) {
			t.Errorf("%v: %d listed, %d said, want %d: %v", etats, len(page.Dossiers), page.Nombre, veut, err)
		}
		if n, err := s.CompterFile(t.Context(), agent, f, 1000); err != nil || n != veut {
			t.Errorf("%v: %d counted, want %d: %v", etats, n, veut, err)
		}
	}
}

// A search in a queue is one walk along the words of the queue, in its order: nothing of
// what the house has beside the queue is read, and its rarest word leads.
func TestASearchInAQueueWalksItsWords(t *testing.T) {
	s := volume(t, 4_000)
	agent := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "p-ges"}
	for _, file := range []store.File{store.FileInstruction, store.FilePaiement, ""} {
		for texte, veut := range map[string]string{"mot8": "dossier_file_mot_ordre", "mot2": "dossier_file_mot_ordre", "atelier mot8": "mot = ANY ('{atelier}'"} {
			f := store.FiltreFile{Filtre: store.Filtre{File: file, Texte: texte}, Perimetre: store.PerimetreEquipe}
			requete, args, err := s.RequeteFile(t.Context(), agent, f, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			plan := expliquerPlan(t, s, requete, args, `SET LOCAL enable_sort = on`)
			if !strings.Contains(plan, veut) || !strings.Contains(plan, "Index Cond: ((file = s.axe) AND (mot = l.mot))") ||
				strings.Contains(plan, "Seq Scan on dossier") || strings.Contains(plan, "dossier_mot_envoye") {
				t.Errorf("%q in %q does not walk the words of the queue:\n%s", texte, file, plan)
			}
		}
	}
}

// A dossier is found in its queue as soon as it comes there, and no more once it has left,
// under the words that it has then.
func TestASearchInAQueueFollowsWhatChanges(t *testing.T) {
	s := volume(t, 300)
	agent := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "p-ges"}
	for _, x := range []struct {
		geste string
		file  store.File
		texte string
		n     int64
	}{
		{`UPDATE dossier SET etat = 'EN_INSTRUCTION', recherche = 'unique' WHERE numero = 'AF26-000012'`, store.FileInstruction, "unique", 1},
		{`UPDATE dossier SET recherche = 'autre' WHERE numero = 'AF26-000012'`, store.FileInstruction, "unique", 0},
		{`UPDATE dossier SET demande = 9 WHERE numero = 'AF26-000012'`, store.FileInstruction, "autre", 1},
		{`UPDATE dossier SET etat = 'EN_VALIDATION' WHERE numero = 'AF26-000012'`, store.FileInstruction, "autre", 0},
		{`SELECT`, store.FileValidation, "autre", 1},
		{`UPDATE facture SET etat = 'DEPOSEE' WHERE dossier = (SELECT id FROM dossier WHERE numero = 'AF26-000012')`, store.FileFactures, "autre", 1},
		{`UPDATE facture SET etat = 'REFUSEE' WHERE dossier = (SELECT id FROM dossier WHERE numero = 'AF26-000012')`, store.FileFactures, "autre", 0},
		{`UPDATE dossier SET etat = 'SUPPRIME' WHERE numero = 'AF26-000012'`, store.FileValidation, "autre", 0},
	} {
		s.DB.MustExec(x.geste)
		n, err := s.CompterFile(t.Context(), agent, store.FiltreFile{Filtre: store.Filtre{File: x.file, Texte: x.texte}, Perimetre: store.PerimetreEquipe}, 10)
		if err != nil || n != x.n {
			t.Errorf("%s: %d dossiers hold %q in %q, want %d: %v", x.geste, n, x.texte, x.file, x.n, err)
		}
	}
}

// The figure of each site of a company is how many dossiers it sent.
func TestTheFigureOfASiteIsItsCount(t *testing.T) {
	s := volume(t, 4_000)
	if err := s.ChargerDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	var veut int64
	if err := s.DB.Get(&veut, `SELECT count(*) FROM dossier WHERE etablissement = $1 AND etat NOT IN ('BROUILLON', 'SUPPRIME')`, volumeENT); err != nil || veut == 0 {
		t.Fatalf("%d: %v", veut, err)
	}
	es, err := s.Etablissements(t.Context(), opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{volumeENT}})
	if err != nil || len(es) != 1 || es[0].Dossiers != veut {
		t.Errorf("got %+v, %v; want %d dossiers", es, err, veut)
	}
}

package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

const (
	volumeOF  = "99900136500017"
	volumeENT = "99900101900010"
)

// volume fills a base with n dossiers in every état, over two organismes and many
// companies, each with a few words; one in three has an invoice and its règlement.
func volume(t *testing.T, n int) *store.Store {
	t.Helper()
	s := storetest.Ouvrir(t)
	for _, q := range []string{
		`INSERT INTO dossier (id, numero, etat, rang, etablissement, siren, organisme, entreprise_nom, debut, limite, demande, instructeur, resume, contenu,
		                      recherche, idcc, cree_le, modifie_le)
		 SELECT gen_random_uuid(), 'AF26-' || lpad(k::text, 6, '0'),
		        (ARRAY ['BROUILLON', 'SUPPRIME', 'TRANSMISE', 'A_COMPLETER', 'EN_INSTRUCTION', 'EN_VALIDATION', 'ACCORDEE', 'REFUSEE', 'SF_EN_CONTROLE',
		                'EN_REGLEMENT', 'CLOTUREE', 'CLOTUREE', 'CLOTUREE'])[1 + k % 13],
		        1, CASE k % 10 WHEN 0 THEN '` + volumeENT + `' ELSE lpad((k % 997)::text, 14, '1') END, 's', CASE k % 4 WHEN 0 THEN '` + volumeOF + `' ELSE '2' END, 'n',
		        date '2026-01-01' + k % 300, CASE WHEN k % 13 IN (2, 4) THEN date '2026-03-01' + k % 60 END, 1000 + k, CASE k % 3 WHEN 0 THEN 'p-ges' ELSE '' END,
		        '{}', '{}', 'af26 ' || lpad(k::text, 6, '0') || ' atelier mot' || k % 50, (ARRAY ['1486', '2120', '', '', '3043', '', ''])[1 + k % 7], timestamptz '2026-01-01' + k * interval '1 minute', now()
		 FROM generate_series(1, $1::int) k`,
		`INSERT INTO facture (id, dossier, numero, emetteur, etat, total_ht, recue_le)
		 SELECT 'f' || numero, id, 'F1', '2', CASE WHEN right(numero, 1) < '5' THEN 'DEPOSEE' ELSE 'APPROUVEE' END, 100, now()
		 FROM dossier WHERE etat NOT IN ('BROUILLON', 'SUPPRIME') AND $1 > 0 AND right(numero, 2) < '33'`,
		`INSERT INTO reglement (id, numero, dossier, facture, tentative, montant, parts, beneficiaire, beneficiaire_nom, iban, echeance, etat, modifie_le)
		 SELECT 'r' || f.id, 'R' || f.id, f.dossier, f.id, 1, 100, '[]', '2', 'OF', 'FR76', now(), CASE WHEN $1 > 0 AND f.id LIKE '%7' THEN 'REJETE_BANQUE' ELSE 'A_PAYER' END, now()
		 FROM facture f WHERE f.etat = 'APPROUVEE'`,
	} {
		if _, err := s.DB.Exec(q, n); err != nil {
			t.Fatal(err)
		}
	}
	s.DB.MustExec(`ANALYZE`)
	return s
}

// Each list that people open is one walk along one index: nothing is sorted but the
// merge of several walks, and no table is read whole.
func TestEachListWalksAnIndex(t *testing.T) {
	s := volume(t, 4_000)
	agent := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "p-ges"}
	of := opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{volumeOF}}
	tests := []struct {
		name   string
		p      opco.Portee
		f      store.Filtre
		fusion bool // several walks are merged
	}{
		{"all of the staff", agent, store.Filtre{}, false},
		{"one état", agent, store.Filtre{Etats: []opco.Etat{opco.EtatCloturee}}, false},
		{"two états", agent, store.Filtre{Etats: []opco.Etat{opco.EtatRefusee, opco.EtatEnValidation}}, true},
		{"a period", agent, store.Filtre{DebutDu: "2026-03-01", DebutAu: "2026-03-20"}, false},
		{"an organisme", agent, store.Filtre{Organisme: volumeOF}, false},
		{"an établissement", agent, store.Filtre{Etablissement: volumeENT}, false},
		{"an instructeur and an état", agent, store.Filtre{Instructeur: "p-ges", Etats: []opco.Etat{opco.EtatCloturee}}, false},
		{"a word", agent, store.Filtre{Texte: "mot7"}, true},
		{"two words", agent, store.Filtre{Texte: "atelier mot7"}, true},
		{"a number", agent, store.Filtre{Texte: "AF26-000123"}, true},
		{"the list of an organisme", of, store.Filtre{}, false},
		{"a word of an organisme", of, store.Filtre{Texte: "mot8"}, true},
		{"two états of an organisme", of, store.Filtre{Etats: []opco.Etat{opco.EtatRefusee, opco.EtatCloturee}}, true},
		{"two établissements", opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{volumeENT, "11111111111001"}}, store.Filtre{}, true},
	}
	for _, f := range store.FilesOrdonnees() {
		tests = append(tests, struct {
			name   string
			p      opco.Portee
			f      store.Filtre
			fusion bool
		}{"queue " + string(f), agent, store.Filtre{File: f}, false})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			texte, args, err := s.RequeteListe(t.Context(), tt.p, tt.f)
			if err != nil {
				t.Fatal(err)
			}
			plan := expliquerPlan(t, s, texte, args)
			if strings.Contains(plan, "Seq Scan on dossier") || strings.Contains(plan, "Bitmap") {
				t.Errorf("a table is read whole:\n%s", plan)
			}
			if !tt.fusion && strings.Contains(plan, "Sort") {
				t.Errorf("the list is sorted:\n%s", plan)
			}
		})
	}
}

// Each queue that is narrowed goes along the index made for it, and a search takes the
// way that suits its words.
func TestEachFilterHasItsIndex(t *testing.T) {
	s := volume(t, 4_000)
	agent := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "p-ges"}
	of := opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{volumeOF}}
	equipe := func(f store.FiltreFile) store.FiltreFile {
		f.Perimetre = store.PerimetreEquipe
		return f
	}
	files := []struct {
		name string
		f    store.FiltreFile
		veut string
	}{
		{"a queue of a branch", equipe(store.FiltreFile{Filtre: store.Filtre{File: store.FileInstruction}, IDCC: "1486"}), "using dossier_travail_branche"},
		{"the work of a branch", equipe(store.FiltreFile{IDCC: "1486"}), "using dossier_oeuvre_branche"},
		{"payments of a branch", equipe(store.FiltreFile{Filtre: store.Filtre{File: store.FilePaiement}, IDCC: "1486"}), "using dossier_file_branche"},
		{"payments of an instructeur", equipe(store.FiltreFile{Filtre: store.Filtre{File: store.FilePaiement, Instructeur: "p-ges"}}), "using dossier_file_instructeur"},
		{"late", equipe(store.FiltreFile{EnRetard: true}), "Index Cond: (ordre_limite < "},
	}
	for _, tt := range files {
		t.Run(tt.name, func(t *testing.T) {
			texte, args, err := s.RequeteFile(t.Context(), agent, tt.f, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			if plan := expliquerPlan(t, s, texte, args); !strings.Contains(plan, tt.veut) || strings.Count(plan, "Sort Key") != strings.Count(plan, "Sort Key: d.place") {
				t.Errorf("want %q and no sort but that of the page:\n%s", tt.veut, plan)
			}
		})
	}
	recherches := []struct {
		name, texte string
		p           opco.Portee
		veut        string
	}{
		{"a number", "af26 000123", agent, "using dossier_numero"},
		{"a number in one piece", "AF26000123", agent, "using dossier_numero"},
		{"two frequent words", "af26 atelier", agent, "Merge Join"},
		{"two frequent words of an organisme", "af26 atelier", of, "dossier_mot_organisme"},
		{"a rare word and a frequent one", "mot7 atelier", agent, "Index Cond: (mot = l.mot)"},
	}
	for _, tt := range recherches {
		t.Run(tt.name, func(t *testing.T) {
			texte, args, err := s.RequeteListe(t.Context(), tt.p, store.Filtre{Texte: tt.texte})
			if err != nil {
				t.Fatal(err)
			}
			plan := expliquerPlan(t, s, texte, args, `SET LOCAL enable_sort = on`)
			if !strings.Contains(plan, tt.veut) || strings.Contains(plan, "Hash Join") || strings.Contains(plan, "Seq Scan") {
				t.Errorf("want %q and no hash:\n%s", tt.veut, plan)
			}
		})
	}
}

// A search finds the dossiers that hold every word, whichever way it goes, a page at a
// time.
func TestSearchesFindWhatHoldsEveryWord(t *testing.T) {
	s := volume(t, 4_000)
	agent := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "p-ges"}
	of := opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{volumeOF, "2"}}
	ent := opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{volumeENT}}
	for _, p := range []opco.Portee{agent, of, ent} {
		for _, x := range [][2]string{{"af26 atelier", `true`}, {"atelier mot7", `recherche LIKE '% mot7'`}, {"mot7 zzz", `false`}, {"af26-000130", `numero = 'AF26-000130'`},
			{"mot4 000", `recherche ~ ' mot4[0-9]?$' AND recherche ~ ' 000'`}, {"000130", `numero = 'AF26-000130'`}} {
			portee := `etat NOT IN ('BROUILLON', 'SUPPRIME')`
			if p.Role == opco.RoleEntreprise {
				portee = `etat <> 'SUPPRIME' AND etablissement = '` + volumeENT + `'`
			}
			var veut, vus []string
			if err := s.DB.Select(&veut, `SELECT id FROM dossier WHERE `+portee+` AND `+x[1]+` ORDER BY cree_le DESC, id DESC`); err != nil {
				t.Fatal(err)
			}
			for f := (store.Filtre{Texte: x[0], Limite: 100}); ; {
				page, err := s.Dossiers(t.Context(), p, f)
				if err != nil {
					t.Fatal(err)
				}
				vus = append(vus, ids(page)...)
				if f.Apres = page.Suivant; f.Apres == "" {
					break
				}
			}
			if !slices.Equal(vus, veut) {
				t.Errorf("%s, %q: got %d dossiers, want %d", p.Role, x[0], len(vus), len(veut))
			}
		}
	}
}

// expliquerPlan returns the plan that PostgreSQL has when an index serves: on a base
// of this size it would rather read a table. sauf changes that.
func expliquerPlan(t *testing.T, s *store.Store, texte string, args []any, sauf ...string) string {
	t.Helper()
	tx := s.DB.MustBegin()
	defer tx.Rollback() //nolint:errcheck // reads only
	tx.MustExec(`SET LOCAL enable_seqscan = off`)
	tx.MustExec(`SET LOCAL enable_bitmapscan = off`)
	tx.MustExec(`SET LOCAL enable_sort = off`)
	for _, q := range sauf {
		tx.MustExec(q)
	}
	var lignes []string
	if err := tx.Select(&lignes, `EXPLAIN `+texte, args...); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lignes, "\n")
}

// A list read page after page, forwards then backwards, shows each dossier once, in
// one order.
func TestPagesGoBothWays(t *testing.T) {
	s := volume(t, 800)
	agent := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "p-ges"}
	for _, f := range []store.Filtre{{}, {Etats: []opco.Etat{opco.EtatRefusee, opco.EtatCloturee}}, {File: store.FileFactures}, {File: store.FileACompleter},
		{Texte: "atelier"}, {Texte: "mot7"}, {DebutDu: "2026-02-01"}} {
		f.Limite = 7
		t.Run(fmt.Sprintf("%+v", f), func(t *testing.T) {
			var vus []string
			var derniere store.PageDossiers
			for suivant, n := "", 0; n == 0 || suivant != ""; n++ {
				f.Apres = suivant
				page, err := s.Dossiers(t.Context(), agent, f)
				if err != nil {
					t.Fatal(err)
				}
				if (page.Precedent == "") != (n == 0) {
					t.Fatalf("page %d has Precedent %q", n, page.Precedent)
				}
				vus, derniere, suivant = append(vus, ids(page)...), page, page.Suivant
			}
			retour := ids(derniere)
			for precedent := derniere.Precedent; precedent != ""; {
				f.Apres, f.Avant = "", precedent
				page, err := s.Dossiers(t.Context(), agent, f)
				if err != nil {
					t.Fatal(err)
				}
				retour, precedent = append(ids(page), retour...), page.Precedent
			}
			tries := slices.Compact(slices.Sorted(slices.Values(vus)))
			if len(vus) < 10 || len(tries) != len(vus) {
				t.Errorf("got %d dossiers, %d of them different", len(vus), len(tries))
			}
			if !slices.Equal(vus, retour) {
				t.Errorf("got %d dossiers forwards and %d backwards, or another order", len(vus), len(retour))
			}
		})
	}
}

func ids(p store.PageDossiers) (ids []string) {
	for _, d := range p.Dossiers {
		ids = append(ids, d.ID)
	}
	return ids
}

// Whatever changes at once, is undone or is tidied in the meantime, counters, queues
// and words are what counting one by one gives.
func TestCountersAreCountsWhateverHappensAtOnce(t *testing.T) {
	s := volume(t, 150)
	gestes := []string{
		`UPDATE dossier SET etat = (ARRAY ['BROUILLON', 'SUPPRIME', 'EN_INSTRUCTION', 'ACCORDEE', 'A_COMPLETER', 'CLOTUREE'])[1 + $1 % 6] WHERE numero = $2`,
		`UPDATE dossier SET instructeur = (ARRAY ['', 'p-ges', 'p-autre'])[1 + $1 % 3], demande = 1000 + $1, idcc = (ARRAY ['', '1486', '3043'])[1 + $1 % 3] WHERE numero = $2`,
		`UPDATE dossier SET organisme = (ARRAY ['', '2', '` + volumeOF + `'])[1 + $1 % 3], recherche = 'af26 ' || $1 || ' ' || lower($2) WHERE numero = $2`,
		`UPDATE facture SET etat = (ARRAY ['DEPOSEE', 'APPROUVEE', 'EN_LITIGE', 'REFUSEE'])[1 + $1 % 4] WHERE id = 'f' || $2`,
		`UPDATE reglement SET etat = (ARRAY ['A_PAYER', 'EXECUTE', 'ANNULE', 'REJETE_BANQUE', 'EXECUTE', 'PROPOSE'])[1 + $1 % 6] WHERE numero = 'Rf' || $2`,
		`UPDATE dossier SET etat = 'ATTENTE_SERVICE_FAIT', contenu = jsonb_build_object('demande', jsonb_build_object('subrogation', $1 % 3 > 0)) WHERE numero = $2`,
		`UPDATE dossier SET etablissement = CASE WHEN $1 % 2 = 0 THEN '` + volumeENT + `' ELSE '11111111111001' END WHERE numero = $2`,
		`INSERT INTO pointage (reglement, organisme, pointe, personne, nom, le) SELECT id, beneficiaire, true, 'p' || $1, 'n', now() FROM reglement WHERE numero = 'Rf' || $2
		 ON CONFLICT (reglement) DO UPDATE SET pointe = NOT pointage.pointe`,
		`INSERT INTO reglement_repris (id, organisme, numero, dossier, nom, prenom, formation, minutes, du, au, montant, execute_le, recherche)
		 VALUES ('h' || $1 % 20, CASE WHEN $2 < 'AF26-000075' THEN '` + volumeOF + `' ELSE '2' END, 'H' || $1 % 20, 'd', 'n', 'p', 'f', 1, now(), now(), 1 + $1, now(), 'r')
		 ON CONFLICT (id) DO UPDATE SET montant = EXCLUDED.montant`,
		`INSERT INTO piece (id, dossier, type, titre, nom, empreinte, etat, depose_par, depose_nom, depose_role, depose_le)
		 SELECT gen_random_uuid(), id, (ARRAY ['RIB', 'DEVIS', 'RIB'])[1 + $1 % 3], 't', 'n', 'e', 'RECUE', 'p', 'n', (ARRAY ['organisme', 'entreprise'])[1 + $1 % 2], now()
		 FROM dossier WHERE numero = $2`,
		`INSERT INTO courrier (id, objet, rang, evenement, pour, adresse, donnees, le, lettre_pdf)
		 SELECT numero, 'dossier/' || id, $1, 'e', (ARRAY ['organisme', 'entreprise'])[1 + $1 % 2], '', '{}', now(), NULL FROM dossier WHERE numero = $2
		 ON CONFLICT (id) DO UPDATE SET lettre_pdf = CASE WHEN courrier.lettre_pdf IS NULL THEN 'e' END`,
		`INSERT INTO facture (id, dossier, numero, emetteur, etat, total_ht, recue_le)
		 SELECT 'g' || $1 || numero, id, 'F' || $1, '2', 'DEPOSEE', 1, now() FROM dossier WHERE numero = $2 ON CONFLICT DO NOTHING`,
		`INSERT INTO reglement (id, numero, dossier, facture, tentative, precedent, montant, parts, beneficiaire, beneficiaire_nom, iban, echeance, etat, modifie_le)
		 SELECT id || '-' || $1, numero || '-' || $1, dossier, facture, 2 + $1, id, 1, '[]', '2', 'OF', 'FR76', now(), 'ANNULE', now()
		 FROM reglement r WHERE numero = 'Rf' || $2 AND r.etat = 'REJETE_BANQUE' AND NOT EXISTS (SELECT 1 FROM reglement x WHERE x.precedent = r.id) ON CONFLICT DO NOTHING`,
	}
	s.DB.MustExec(`INSERT INTO fichier (empreinte, taille, type) VALUES ('e', 1, 'application/pdf')`)
	var wg sync.WaitGroup
	for g := range 6 {
		wg.Go(func() {
			alea := rand.New(rand.NewPCG(1, uint64(g)))
			for range 100 {
				tx := s.DB.MustBegin()
				for range 1 + alea.IntN(3) {
					q := gestes[alea.IntN(len(gestes))]
					if _, err := tx.Exec(q, alea.IntN(1000), fmt.Sprintf("AF26-%06d", 1+alea.IntN(150))); err != nil {
						break // a deadlock, or a rule of the base: the transaction is lost, and must leave no count
					}
				}
				if alea.IntN(5) == 0 {
					tx.Rollback() //nolint:errcheck // on purpose
				} else {
					tx.Commit() //nolint:errcheck // what failed is rolled back
				}
				if alea.IntN(10) == 0 {
					if _, err := s.TasserCompteurs(t.Context()); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	r, err := (&store.Verificateur{Store: s}).Verifier(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range r.Resultats {
		if x.Code == "I37" && (x.Tenue == store.Rompu || x.Examines == 0) {
			t.Errorf("%d breaches over %d dossiers: %+v", x.Ecarts, x.Examines, x.Exemples)
		}
	}
	comparerCompteurs(t, s, opco.Portee{Interne: true}, `etat NOT IN ('BROUILLON', 'SUPPRIME')`)
	comparerCompteurs(t, s, opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{volumeOF}}, `etat NOT IN ('BROUILLON', 'SUPPRIME') AND organisme = '`+volumeOF+`'`)
	comparerCompteurs(t, s, opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{volumeENT}}, `etat <> 'SUPPRIME' AND etablissement = '`+volumeENT+`'`)
	comparerMenus(t, s)
}

// comparerMenus compares the figures of the menus with COUNT(*), each of them above zero.
func comparerMenus(t *testing.T, s *store.Store) {
	t.Helper()
	suivis, err := s.CompterSuivis(t.Context(), opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{volumeENT}})
	if err != nil {
		t.Fatal(err)
	}
	recus, err := s.CompterOrganisme(t.Context(), opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{"2", volumeOF}})
	if err != nil {
		t.Fatal(err)
	}
	caisse, err := s.CompterComptabilite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const sien, chez = `FROM dossier d JOIN %s x ON x.dossier = d.id WHERE d.etat <> 'SUPPRIME' AND d.etablissement = '` + volumeENT + `'`, `
		FROM (SELECT r.id, r.etat, r.montant FROM reglement r JOIN dossier d ON d.id = r.dossier AND d.organisme = r.beneficiaire
		      WHERE d.organisme IN ('2', '` + volumeOF + `') UNION ALL SELECT id, 'EXECUTE', montant FROM reglement_repris) r LEFT JOIN pointage p ON p.reglement = r.id`
	for _, x := range []struct {
		quoi, compte string
		dit          int64
	}{
		{"invoices", `count(*) ` + fmt.Sprintf(sien, "facture"), suivis.Factures}, {"règlements", `count(*) ` + fmt.Sprintf(sien, "reglement"), suivis.Reglements},
		{"documents", `(SELECT count(*) ` + fmt.Sprintf(sien, "piece") + ` AND (x.type = 'DEVIS' OR x.depose_role = 'entreprise')) + (SELECT count(*)
			FROM courrier c JOIN dossier d ON c.objet = 'dossier/' || d.id WHERE c.lettre_pdf IS NOT NULL AND c.pour = 'entreprise' AND d.etat <> 'SUPPRIME'
			AND d.etablissement = '` + volumeENT + `')`, suivis.Documents},
		{"expected", `count(*) FROM dossier d WHERE organisme IN ('2', '` + volumeOF + `') AND etat IN ('ATTENTE_SERVICE_FAIT', 'SF_NON_CONFORME')
			AND contenu #>> '{demande,subrogation}' = 'true'`, recus.Attendus},
		{"to find", `count(*) ` + chez + ` WHERE r.etat = 'EXECUTE' AND NOT COALESCE(p.pointe, false)`, recus.APointer},
		{"cents to find", `sum(montant) ` + chez + ` WHERE r.etat = 'EXECUTE' AND NOT COALESCE(p.pointe, false)`, int64(recus.MontantPoint)},
		{"on their way", `count(*) ` + chez + ` WHERE r.etat IN ('A_PAYER', 'PROPOSE')`, recus.AVenir},
		{"cents on their way", `sum(montant) ` + chez + ` WHERE r.etat IN ('A_PAYER', 'PROPOSE')`, int64(recus.MontantVenir)},
		{"to pay", `count(*) FROM reglement WHERE etat = 'A_PAYER'`, caisse.APayer.Nombre},
		{"cents to pay", `sum(montant) FROM reglement WHERE etat = 'A_PAYER'`, int64(caisse.APayer.Somme)},
		{"rejected", `count(*) FROM reglement r WHERE etat = 'REJETE_BANQUE' AND NOT EXISTS (SELECT FROM reglement x WHERE x.precedent = r.id)`, caisse.Rejets.Nombre},
	} {
		var n int64
		if err := s.DB.Get(&n, `SELECT `+x.compte); err != nil {
			t.Fatal(x.quoi, err)
		}
		if n != x.dit || n == 0 {
			t.Errorf("%s: the menu says %d, COUNT(*) %d", x.quoi, x.dit, n)
		}
	}
}

// comparerCompteurs compares what Compter says with COUNT(*) of what p may see.
func comparerCompteurs(t *testing.T, s *store.Store, p opco.Portee, condition string) {
	t.Helper()
	c, err := s.Compter(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	var ls []struct {
		Etat string `db:"etat"`
		N    int64  `db:"n"`
	}
	if err := s.DB.Select(&ls, `SELECT etat, count(*) AS n FROM dossier WHERE `+condition+` GROUP BY 1`); err != nil {
		t.Fatal(err)
	}
	voulu, dit := map[string]int64{}, map[string]int64{}
	for _, l := range ls {
		voulu[l.Etat] = l.N
	}
	for _, x := range c.Etats {
		dit[x.Code] = x.Nombre
	}
	if fmt.Sprint(dit) != fmt.Sprint(voulu) {
		t.Errorf("%s: got %v, COUNT(*) says %v", p.Role, dit, voulu)
	}
}

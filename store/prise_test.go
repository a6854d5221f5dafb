package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// atelier is a house whose clock stands on Monday 18 May 2026, 10:00 in Paris.
type atelier struct {
	*testing.T
	s *store.Store
}

var debutSemaine = time.Date(2026, 5, 18, 8, 0, 0, 0, time.UTC)

func ouvrirAtelier(t *testing.T) atelier {
	t.Helper()
	a := atelier{t, demo(t)}
	a.s.Calendrier = func(bool) opco.Calendrier { return semaineOuvree{} }
	a.regler(debutSemaine)
	return a
}

func (a atelier) regler(le time.Time) {
	a.Helper()
	if err := a.s.RegleHorloge(a.Context(), le, true); err != nil {
		a.Fatal(err)
	}
}

// pose is a dossier as its columns say it.
type pose struct {
	etat          opco.Etat
	limite, debut opco.Date
	demande       int64
	depot         time.Time
	idcc, site    string
	instructeur   string
	propose       string
}

func (a atelier) poser(p pose) string {
	a.Helper()
	id := uuid.NewString()
	if p.etat == "" {
		p.etat = opco.EtatEnInstruction
	}
	if p.depot.IsZero() {
		p.depot = debutSemaine.Add(-240 * time.Hour)
	}
	if p.site == "" {
		p.site = "99900101900010"
	}
	contenu := `{"etat": "` + string(p.etat) + `"`
	if p.propose != "" {
		contenu += `, "proposition": {"propose_par": {"personne": "` + p.propose + `", "nom": "X"}}`
	}
	a.s.DB.MustExec(`INSERT INTO dossier (id, numero, etat, rang, etablissement, siren, organisme, idcc, limite, debut, demande, accorde, depose_le, instructeur, resume, contenu, cree_le, modifie_le)
		VALUES ($1::uuid, 'N' || left($1::text, 8), $2, 1, $3, left($3, 9), '99900136500017', $4, $5, $6, $7, 0, $8, $9, '{}', $10, $8, $8)`,
		id, p.etat, p.site, p.idcc, p.limite, p.debut, p.demande, p.depot, p.instructeur, contenu+"}")
	return id
}

func gestionnaire(personne string) opco.Acteur {
	return opco.Acteur{Personne: personne, Nom: "Agent " + personne, Role: opco.RoleGestionnaire}
}

func responsable(personne string) opco.Acteur {
	return opco.Acteur{Personne: personne, Nom: "Agent " + personne, Role: opco.RoleResponsable}
}

func porteeDe(a opco.Acteur) opco.Portee {
	return opco.Portee{Interne: true, Role: a.Role, Personne: a.Personne, Pour: a.Pour}
}

// suivant takes the next of a queue, on a form of its own.
func (a atelier) suivant(par opco.Acteur, f store.File) string {
	a.Helper()
	x, err := a.s.PrendreSuivant(a.Context(), par, uuid.NewString(), f, false)
	if err != nil {
		a.Fatal(err)
	}
	return x.Dossier
}

// voit lists the ids of a queue as par sees it.
func (a atelier) voit(par opco.Acteur, f store.FiltreFile) []string {
	a.Helper()
	p, err := a.s.FileDeTravail(a.Context(), porteeDe(par), f)
	if err != nil {
		a.Fatal(err)
	}
	var ids []string
	for _, l := range p.Dossiers {
		ids = append(ids, l.ID)
	}
	if int64(len(ids)) != p.Nombre && p.Suivant == "" && f.Apres == "" {
		a.Errorf("the queue says %d and shows %d", p.Nombre, len(ids))
	}
	return ids
}

func file(f store.File) store.FiltreFile { return store.FiltreFile{Filtre: store.Filtre{File: f}} }

// TestCinquantePreneurs: fifty people at the same instant take fifty dossiers, one each,
// in the order of the queue.
func TestCinquantePreneurs(t *testing.T) {
	a := ouvrirAtelier(t)
	const n = 50
	var attendus []string
	for i := range n + 5 {
		attendus = append(attendus, a.poser(pose{limite: opco.Date("2026-05-20").Jours(i), demande: 100}))
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	pris := map[string]string{}
	for i := range n {
		wg.Go(func() {
			qui := fmt.Sprintf("preneur-%d", i)
			x, err := a.s.PrendreSuivant(context.Background(), gestionnaire(qui), uuid.NewString(), store.FileInstruction, false)
			mu.Lock()
			defer mu.Unlock()
			if err != nil || x.Dossier == "" {
				t.Errorf("%s got nothing: %v", qui, err)
			} else if autre, deja := pris[x.Dossier]; deja {
				t.Errorf("%s and %s have the same dossier", qui, autre)
			}
			pris[x.Dossier] = qui
		})
	}
	wg.Wait()
	for i, id := range attendus {
		if _, ok := pris[id]; ok != (i < n) {
			t.Errorf("dossier %d of the queue: taken %t", i, ok)
		}
	}
	var gestes int
	if err := a.s.DB.Get(&gestes, `SELECT count(*) FROM geste WHERE type = 'prendre'`); err != nil || gestes != n {
		t.Errorf("the journal tells of %d takings, want %d (%v)", gestes, n, err)
	}
}

// TestUnFormulaireDeuxFoisALaFois: one form that leaves twice at the same instant
// takes one dossier.
func TestUnFormulaireDeuxFoisALaFois(t *testing.T) {
	a := ouvrirAtelier(t)
	for i := range 20 {
		a.poser(pose{limite: opco.Date("2026-05-20").Jours(i), demande: 100})
	}
	for range 5 {
		acte := uuid.NewString()
		var wg sync.WaitGroup
		pris := make([]string, 4)
		for i := range pris {
			wg.Go(func() {
				x, err := a.s.PrendreSuivant(context.Background(), gestionnaire("double"), acte, store.FileInstruction, false)
				if err != nil {
					t.Error(err)
				}
				pris[i] = x.Dossier
			})
		}
		wg.Wait()
		for _, x := range pris {
			if x == "" || x != pris[0] {
				t.Errorf("one form took %q", pris)
				break
			}
		}
	}
}

// TestPriseQuiVit: a lease is renewed by a sign of life, ends, and is taken once by a
// form sent twice.
func TestPriseQuiVit(t *testing.T) {
	a := ouvrirAtelier(t)
	claire, hugo, chef := gestionnaire("claire"), gestionnaire("hugo"), responsable("chef")
	id := a.poser(pose{limite: "2026-06-01"})
	acte := uuid.NewString()
	for range 2 {
		x, err := a.s.PrendreSuivant(t.Context(), claire, acte, store.FileInstruction, false)
		if err != nil || x.Dossier != id || x.Pourquoi != "Réponse due le 1er juin 2026, dans 10 jours ouvrés, son délai légal. C’est le seul à prendre." {
			t.Fatalf("got %+v (%v)", x, err)
		}
	}
	if got := a.suivant(hugo, store.FileInstruction); got != "" {
		t.Fatalf("hugo was given %s, which claire holds", got)
	}
	if _, err := a.s.Prendre(t.Context(), hugo, id); !errors.Is(err, opco.Conflict) || !strings.Contains(err.Error(), "Agent claire étudie ce dossier depuis 10 h 00") {
		t.Errorf("hugo took what claire holds: %v", err)
	}
	if err := a.s.Rendre(t.Context(), hugo, id); !errors.Is(err, opco.Conflict) {
		t.Errorf("hugo gave back what claire holds: %v", err)
	}
	a.regler(debutSemaine.Add(29 * time.Minute))
	if v, err := a.s.Vivre(t.Context(), claire, id); err != nil || v == nil || !v.Mienne {
		t.Fatalf("claire lost her dossier: %+v %v", v, err)
	}
	a.regler(debutSemaine.Add(58 * time.Minute))
	if v, err := a.s.Vivre(t.Context(), hugo, id); err != nil || v == nil || v.Mienne || v.Dit != "Agent claire l’étudie depuis 10 h 00." {
		t.Errorf("hugo does not see that claire holds it: %+v %v", v, err)
	}
	if got := a.suivant(hugo, store.FileInstruction); got != "" {
		t.Errorf("a renewed lease was taken")
	}
	a.regler(debutSemaine.Add(60 * time.Minute))
	if got := a.suivant(hugo, store.FileInstruction); got != id {
		t.Errorf("a lease that ended was not taken: %q", got)
	}
	if v, err := a.s.Vivre(t.Context(), claire, id); err != nil || v == nil || v.Mienne {
		t.Errorf("claire’s sign of life took it back from hugo: %+v %v", v, err)
	}
	if v, err := a.s.Prendre(t.Context(), chef, id); err != nil || !v.Mienne {
		t.Errorf("a responsable could not take over: %+v %v", v, err)
	}
	if err := a.s.Rendre(t.Context(), chef, id); err != nil {
		t.Fatal(err)
	}
	if got := a.suivant(claire, store.FileInstruction); got != id {
		t.Errorf("what was given back is not taken: %q", got)
	}
	gs, err := a.s.Gestes(t.Context(), "dossier/"+id)
	var types []string
	for _, g := range gs {
		types = append(types, g.Type)
	}
	if want := []string{"prendre", "rendre", "reprendre", "prendre", "prendre"}; err != nil || !slices.Equal(types, want) {
		t.Errorf("the journal tells %v, want %v (%v)", types, want, err)
	}
}

// TestPrisInterdit: nobody is given what they may not treat.
func TestPrisInterdit(t *testing.T) {
	a := ouvrirAtelier(t)
	a.s.DB.MustExec(`INSERT INTO lien_interet (personne, siren) VALUES ('claire', '999001019')`)
	lie := a.poser(pose{limite: "2026-05-20"})
	libre := a.poser(pose{limite: "2026-05-25", site: "99900108400014"})
	if got := a.suivant(gestionnaire("claire"), store.FileInstruction); got != libre {
		t.Errorf("claire, who has a link, was given %q, want %q", got, libre)
	}
	if _, err := a.s.Prendre(t.Context(), gestionnaire("claire"), lie); !errors.Is(err, opco.Forbidden) {
		t.Errorf("claire took a dossier of her link: %v", err)
	}
	pour := opco.Acteur{Personne: "hugo", Pour: "claire", Nom: "Hugo", Role: opco.RoleGestionnaire}
	if got := a.suivant(pour, store.FileInstruction); got != "" {
		t.Errorf("who stands in for claire was given %q", got)
	}
	propose := a.poser(pose{etat: opco.EtatEnValidation, limite: "2026-05-20", propose: "chef"})
	if got := a.suivant(responsable("chef"), store.FileValidation); got != "" {
		t.Errorf("a responsable was given their own proposal")
	}
	if _, err := a.s.PrendreSuivant(t.Context(), gestionnaire("hugo"), uuid.NewString(), store.FileValidation, true); !errors.Is(err, opco.Forbidden) {
		t.Errorf("a gestionnaire took a second look: %v", err)
	}
	if got := a.suivant(responsable("chef2"), store.FileValidation); got != propose {
		t.Errorf("another responsable was given %q", got)
	}
}

// TestAttente: what is set aside leaves the queue and comes back at 08:00 of its day, or
// on news; the legal deadline wins.
func TestAttente(t *testing.T) {
	a := ouvrirAtelier(t)
	claire := gestionnaire("claire")
	id := a.poser(pose{limite: "2026-06-01"})
	if err := a.s.Attendre(t.Context(), claire, id, opco.Attente{JusquAu: "2026-06-02", Raison: "Devis"}); !errors.Is(err, opco.Invalid) {
		t.Errorf("it waits beyond its deadline: %v", err)
	}
	if err := a.s.Attendre(t.Context(), claire, id, opco.Attente{JusquAu: "2026-05-20", Raison: "Devis attendu"}); err != nil {
		t.Fatal(err)
	}
	enAttente := file(store.FileInstruction)
	enAttente.EnAttente = true
	a.regler(time.Date(2026, 5, 20, 5, 59, 59, 0, time.UTC))
	if got := a.voit(claire, file(store.FileInstruction)); len(got) != 0 || a.suivant(claire, store.FileInstruction) != "" {
		t.Errorf("what waits is still in its queue")
	}
	if got := a.voit(claire, enAttente); len(got) != 1 {
		t.Errorf("what waits is not among what waits")
	}
	a.regler(time.Date(2026, 5, 20, 6, 0, 0, 0, time.UTC))
	if got := a.voit(claire, file(store.FileInstruction)); len(got) != 1 || len(a.voit(claire, enAttente)) != 0 {
		t.Errorf("at 08:00 it did not come back")
	}
	if err := a.s.Attendre(t.Context(), claire, id, opco.Attente{JusquAu: "2026-05-22", Raison: "Encore"}); err != nil {
		t.Fatal(err)
	}
	if err := a.s.Reveiller(t.Context(), claire, id); err != nil {
		t.Fatal(err)
	}
	if got := a.voit(claire, file(store.FileInstruction)); len(got) != 1 {
		t.Errorf("it was not brought back")
	}
}

// TestOrdreDeLaFile: the order of SQL is that of opco.Priorite, page after page.
func TestOrdreDeLaFile(t *testing.T) {
	a := ouvrirAtelier(t)
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a draw of test data
	parmi := func(ds ...opco.Date) opco.Date { return ds[r.IntN(len(ds))] }
	prios := map[string]opco.Priorite{}
	for range 120 {
		p := pose{limite: parmi("", "2026-05-20", "2026-06-01"), debut: parmi("", "2026-06-03", "2026-06-08"), demande: int64(r.IntN(3) * 100),
			depot: debutSemaine.Add(-time.Duration(r.IntN(3)) * time.Hour)}
		prios[a.poser(p)] = opco.Priorite{Limite: p.limite, Debut: p.debut, Enjeu: opco.Montant(p.demande), Depuis: p.depot}
	}
	f := file(store.FileInstruction)
	f.Limite = 7
	var ids []string
	for {
		p, err := a.s.FileDeTravail(t.Context(), porteeDe(gestionnaire("claire")), f)
		if err != nil || p.Nombre != 120 {
			t.Fatalf("%d: %v", p.Nombre, err)
		}
		for _, l := range p.Dossiers {
			ids = append(ids, l.ID)
		}
		if f.Apres = p.Suivant; f.Apres == "" {
			break
		}
	}
	if len(ids) != 120 || len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 120 {
		t.Fatalf("the pages hold %d lines", len(ids))
	}
	for i := 1; i < len(ids); i++ {
		if prios[ids[i-1]].Comparer(prios[ids[i]]) > 0 {
			t.Errorf("line %d comes before line %d: %+v, %+v", i-1, i, prios[ids[i-1]], prios[ids[i]])
		}
	}
	for _, apres := range []string{"x", "W10", "WzEsMiwzLDQsNV0"} {
		f.Apres = apres
		if _, err := a.s.FileDeTravail(t.Context(), porteeDe(gestionnaire("claire")), f); !errors.Is(err, opco.Invalid) {
			t.Errorf("cursor %q: %v", apres, err)
		}
	}
}

// TestPortefeuille: each sees what they follow, what nobody follows, what they hold or
// were entrusted; and no longer what was entrusted to another.
func TestPortefeuille(t *testing.T) {
	a := ouvrirAtelier(t)
	ges := a.personne("gestionnaire")
	ges2 := a.personne("gestionnaire2")
	chef := responsable(a.personne("responsable").Personne)
	a.s.DB.MustExec(`UPDATE etablissement SET code_postal = '20200' WHERE siret = '99900101900010'`)
	informatique := a.poser(pose{idcc: "1486", limite: "2026-06-01"})
	bastia := a.poser(pose{idcc: "9001", limite: "2026-06-02"})
	ailleurs := a.poser(pose{idcc: "9001", site: "99900108400014", limite: "2026-06-03"})
	for _, x := range []struct {
		qui opco.Acteur
		l   opco.Portefeuille
	}{{ges, opco.Portefeuille{IDCC: "1486"}}, {ges2, opco.Portefeuille{IDCC: "9001", Departement: "2B"}}, {ges2, opco.Portefeuille{IDCC: "9001", Departement: "2B"}}} {
		if err := a.s.Suivre(t.Context(), chef, x.qui.Personne, x.l); err != nil {
			t.Fatal(err)
		}
	}
	mien := file(store.FileInstruction)
	mien.Perimetre = store.PerimetreMien
	verifier := func(nom string, qui opco.Acteur, veut ...string) {
		t.Helper()
		if got := a.voit(qui, mien); !slices.Equal(got, veut) {
			t.Errorf("%s: got %v, want %v", nom, got, veut)
		}
	}
	verifier("who follows a branch", ges, informatique, ailleurs)
	verifier("who follows a branch in a département", ges2, bastia, ailleurs)
	verifier("who stands in", opco.Acteur{Personne: "autre", Pour: ges2.Personne, Role: opco.RoleGestionnaire}, bastia, ailleurs)
	verifier("who follows nothing", gestionnaire("x"), ailleurs)
	if got := a.voit(ges, file(store.FileInstruction)); len(got) != 3 {
		t.Errorf("the team sees %v", got)
	}
	if err := a.s.Reattribuer(t.Context(), chef, []string{informatique, ailleurs}, ges2.Personne, "Congés"); err != nil {
		t.Fatal(err)
	}
	verifier("who lost one", ges)
	verifier("who was entrusted", ges2, informatique, bastia, ailleurs)
	if x, err := a.s.PrendreSuivant(t.Context(), ges, uuid.NewString(), store.FileInstruction, true); err != nil || x.Dossier != bastia {
		t.Errorf("from the team one takes what is entrusted to nobody: got %+v (%v)", x, err)
	}
	for nom, err := range map[string]error{
		"nobody":     a.s.Reattribuer(t.Context(), chef, []string{informatique}, "personne", "x"),
		"no reason":  a.s.Reattribuer(t.Context(), chef, []string{informatique}, ges.Personne, ""),
		"no dossier": a.s.Reattribuer(t.Context(), chef, nil, ges.Personne, "x"),
		"missing":    a.s.Reattribuer(t.Context(), chef, []string{uuid.NewString()}, ges.Personne, "x"),
	} {
		if opco.KindOf(err) == "" {
			t.Errorf("%s: got %v, want a refusal", nom, err)
		}
	}
	ls, err := a.s.Portefeuilles(t.Context())
	if err != nil || len(ls) != 2 {
		t.Fatalf("got %+v (%v)", ls, err)
	}
	for _, l := range ls {
		if err := a.s.Delaisser(t.Context(), chef, l.ID); err != nil {
			t.Error(err)
		}
	}
	if err := a.s.Delaisser(t.Context(), chef, ls[0].ID); !errors.Is(err, opco.NotFound) {
		t.Errorf("a line was taken away twice: %v", err)
	}
}

// personne returns who an account of the demonstration is, as a gestionnaire.
func (a atelier) personne(identifiant string) opco.Acteur {
	a.Helper()
	u, err := a.s.Utilisateur(a.Context(), identifiant)
	if err != nil {
		a.Fatal(err)
	}
	return u.Acteur("")
}

// TestEtiquettesEtVues: labels and views are found again, one's own are one's own.
func TestEtiquettesEtVues(t *testing.T) {
	a := ouvrirAtelier(t)
	claire, hugo := gestionnaire("claire"), gestionnaire("hugo")
	id, autre := a.poser(pose{}), a.poser(pose{})
	e := uuid.NewString()
	for range 2 {
		if err := a.s.CreerEtiquette(t.Context(), claire, e, opco.Etiquette{Nom: "Urgent", Ton: "rouge"}); err != nil {
			t.Fatal(err)
		}
		if err := a.s.Etiqueter(t.Context(), claire, id, store.Etiquetage{Poser: []string{e}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.s.CreerEtiquette(t.Context(), claire, uuid.NewString(), opco.Etiquette{Nom: "URGENT", Ton: "bleu"}); !errors.Is(err, opco.Invalid) {
		t.Errorf("two labels have one name: %v", err)
	}
	f := file(store.FileInstruction)
	f.Etiquette = e
	if got := a.voit(hugo, f); !slices.Equal(got, []string{id}) {
		t.Errorf("the label finds %v, want %s and not %s", got, id, autre)
	}
	if err := a.s.SupprimerEtiquette(t.Context(), claire, e); err != nil {
		t.Fatal(err)
	}
	if err := a.s.Etiqueter(t.Context(), claire, id, store.Etiquetage{Poser: []string{e}}); !errors.Is(err, opco.NotFound) {
		t.Errorf("a deleted label was put on: %v", err)
	}
	mienne, commune := uuid.NewString(), uuid.NewString()
	for _, v := range []store.VueEnregistree{{ID: mienne, Nom: "À moi", Filtre: "file=instruction", Defaut: true}, {ID: commune, Nom: "Équipe", Filtre: "perimetre=equipe", Partagee: true}} {
		if err := a.s.EnregistrerVue(t.Context(), claire, v); err != nil {
			t.Fatal(err)
		}
	}
	if vs, err := a.s.Vues(t.Context(), "claire"); err != nil || len(vs) != 2 || !vs[0].Defaut || vs[1].Defaut {
		t.Errorf("claire has %+v (%v)", vs, err)
	}
	if vs, err := a.s.Vues(t.Context(), "hugo"); err != nil || len(vs) != 1 || vs[0].ID != commune || vs[0].Mienne {
		t.Errorf("hugo has %+v (%v)", vs, err)
	}
	if err := a.s.OuvrirDAbord(t.Context(), hugo, mienne, true); !errors.Is(err, opco.NotFound) {
		t.Errorf("hugo opens claire’s own view first: %v", err)
	}
	if err := a.s.EnregistrerVue(t.Context(), hugo, store.VueEnregistree{ID: commune, Nom: "Volée"}); !errors.Is(err, opco.NotFound) {
		t.Errorf("hugo changed claire’s view: %v", err)
	}
	if err := a.s.SupprimerVue(t.Context(), hugo, commune); !errors.Is(err, opco.NotFound) {
		t.Errorf("hugo deleted claire’s view: %v", err)
	}
	if err := a.s.SupprimerVue(t.Context(), claire, mienne); err != nil {
		t.Error(err)
	}
}

// TestFileParIndex: the queue and the taking read in the order of the index, without
// sorting nor reading the whole table.
func TestFileParIndex(t *testing.T) {
	a := ouvrirAtelier(t)
	a.s.DB.MustExec(`INSERT INTO dossier (id, etat, rang, etablissement, siren, organisme, limite, debut, demande, depose_le, resume, contenu, cree_le, modifie_le)
		SELECT gen_random_uuid(), (ARRAY['EN_INSTRUCTION', 'CLOTUREE', 'CLOTUREE', 'TRANSMISE'])[1 + i % 4], 1, '99900101900010', '999001019', '', DATE '2026-05-20' + i % 60,
		       DATE '2026-06-01' + i % 90, i, now(), '{}', '{}', now(), now() FROM generate_series(1, 8000) i`)
	a.s.DB.MustExec(`ANALYZE dossier`)
	var plan []string
	err := a.s.DB.Select(&plan, `EXPLAIN SELECT d.id FROM dossier d WHERE d.etat NOT IN ('BROUILLON', 'SUPPRIME') AND d.etat = 'EN_INSTRUCTION'
		AND NOT EXISTS (SELECT 1 FROM attente x WHERE x.dossier = d.id AND x.reveil_le > now())
		AND NOT EXISTS (SELECT 1 FROM prise x WHERE x.dossier = d.id AND x.expire_le > now())
		ORDER BY d.ordre_limite, d.ordre_debut, d.ordre_enjeu, d.ordre_depot, d.id LIMIT 1 FOR NO KEY UPDATE OF d SKIP LOCKED`)
	texte := strings.Join(plan, "\n")
	if err != nil || !strings.Contains(texte, "dossier_travail") || strings.Contains(texte, "Sort") || strings.Contains(texte, "Seq Scan on dossier") {
		t.Errorf("the next dossier is not read from its index (%v):\n%s", err, texte)
	}
}

type semaineOuvree struct{}

func (semaineOuvree) Ouvre(d opco.Date) bool {
	j := d.Heure(12, 0).Weekday()
	return j != time.Saturday && j != time.Sunday
}

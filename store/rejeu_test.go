package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// A replay is asked once, done by one worker at a time, taken from one that died, and
// keeps its verdict.
func TestRejeuAsked(t *testing.T) {
	b := conduire(t)
	b.a("2026-03-02 09:00:00")
	v := store.RejeuVue{ID: uuid.NewString(), Etapes: []string{"EN_INSTRUCTION"}, Echantillon: 5, Personne: "p-ops", Nom: "Yann Le Goff"}
	for range 2 {
		if err := b.s.DemanderRejeu(b.ctx, v); err != nil {
			t.Fatal(err)
		}
	}
	autre := v
	autre.Echantillon = 6
	if err := b.s.DemanderRejeu(b.ctx, autre); opco.KindOf(err) != opco.Conflict {
		t.Errorf("got %v for another demand under the same id; want Conflict", err)
	}
	for _, faux := range []store.RejeuVue{{Echantillon: -1}, {Etapes: []string{"CLOTUREE"}}, {Etapes: []string{"INCONNUE"}}} {
		faux.ID = uuid.NewString()
		if err := b.s.DemanderRejeu(b.ctx, faux); opco.KindOf(err) != opco.Invalid {
			t.Errorf("%+v: got %v; want Invalid", faux, err)
		}
	}
	pris, ok, err := b.s.PrendreRejeu(b.ctx, "v1")
	if err != nil || !ok || pris.ID != v.ID || pris.Build != "v1" || !slices.Equal(pris.Etapes, v.Etapes) {
		t.Fatalf("got %+v, %v, %v; want the replay", pris, ok, err)
	}
	if _, ok, _ := b.s.PrendreRejeu(b.ctx, "v1"); ok {
		t.Error("two workers do the same replay")
	}
	b.s.DB.MustExec(`UPDATE rejeu SET battement = now() - interval '2 minutes'`)
	if _, ok, err := b.s.PrendreRejeu(b.ctx, "v2"); !ok || err != nil {
		t.Errorf("got %v, %v; want the replay of a dead worker taken again", ok, err)
	}
	pris.Etat = store.RejeuFini
	pris.Bilan.Ajouter(opco.Rejeu{Issue: opco.RejeuDivergent, Classe: opco.ClasseManque, Objet: "dossier/x"})
	if err := b.s.AvancerRejeu(b.ctx, pris); err != nil {
		t.Fatal(err)
	}
	vs, err := b.s.Rejeux(b.ctx, time.Time{}, 10)
	if err != nil || len(vs) != 1 || vs[0].Etat != store.RejeuFini || vs[0].Bilan.Divergents != 1 || vs[0].FiniLe == nil {
		t.Errorf("got %+v, %v; want the replay with its verdict", vs, err)
	}
}

// The class is open dossiers and no other; a sample takes as many of each étape, always
// the same, and pages lose nobody.
func TestObjetsDeClasse(t *testing.T) {
	b := conduire(t)
	b.a("2026-03-02 09:00:00")
	brouillon := b.creer(demande(), e1)
	d := demande()
	var ouverts []string
	for _, titre := range []string{"Une", "Deux", "Trois"} {
		d.Intitule = titre
		ouverts = append(ouverts, opco.ObjetDossier(b.deposer(d, e1)))
	}
	d.Intitule = "Quatre"
	clos := b.deposer(d, e1)
	b.attendre(b.faire(clos, opco.ActeAnnuler, e1, opco.ChargeRaison{Raison: "Session annulée."}), opco.EtatAnnulee)
	slices.Sort(ouverts)
	lire := func(k store.ClasseOuverte) (objets []string) {
		t.Helper()
		apres := ""
		for {
			xs, err := b.s.ObjetsDeClasse(b.ctx, k, apres)
			if err != nil {
				t.Fatal(err)
			}
			if len(xs) == 0 {
				return objets
			}
			objets = append(objets, xs...)
			apres = xs[len(xs)-1]
		}
	}
	if got := lire(store.ClasseOuverte{}); !slices.Equal(got, ouverts) {
		t.Errorf("got %v, want %v, without %s nor %s", got, ouverts, brouillon, clos)
	}
	for _, n := range []int{1, 2, 50} {
		k := store.ClasseOuverte{Echantillon: n}
		total, err := b.s.CompterClasse(b.ctx, k)
		if got := lire(k); err != nil || int64(len(got)) != total || !slices.Equal(got, lire(k)) || len(got) == 0 {
			t.Errorf("sample of %d: got %v, counted %d, %v; want as many, and the same again", n, got, total, err)
		}
	}
}

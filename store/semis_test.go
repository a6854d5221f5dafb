package store_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"guichet/banque"
	"guichet/opco"
	"guichet/store"
)

// semis asks for a small volume set, with the real bank formats.
func (b *baseVerifiee) semis(dossiers int, graine uint64) store.Semis {
	return store.Semis{Dossiers: dossiers, Graine: graine, Fichiers: b.fichiers, Ordre: banque.Fichier,
		Document: func(titre string) ([]byte, error) { return []byte("%PDF-1.4 " + titre), nil },
		Repondre: func(pain001 []byte, rejets map[string]string, quand time.Time) ([]byte, []byte, error) {
			return banque.Simulateur{Rejets: rejets}.Repondre(pain001, quand)
		},
		Lire: func(b []byte) (opco.RetourBancaire, error) { return banque.Lire(bytes.NewReader(b)) }}
}

func baseASemer(t *testing.T) *baseVerifiee {
	t.Helper()
	b := &baseVerifiee{conduite: conduire(t), dir: t.TempDir()}
	var err error
	if b.fichiers, err = store.OuvrirFichiers(b.dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.fichiers.Close() })
	b.a("2026-11-18 11:00:00")
	return b
}

// auRepos verifies a base in which no procedure runs yet.
func (b *baseVerifiee) auRepos() {
	b.t.Helper()
	v := b.verificateur()
	v.Procedure = func(context.Context, string) (opco.Issue, bool, error) { return opco.Issue{}, false, nil }
	codes, r := b.rompus(v)
	if r.Tenue() != store.Tenu {
		b.expliquer(r)
		b.t.Fatalf("got %s, broken %v; want tenu", r.Tenue(), codes)
	}
}

// The set is one that the house could have made: every invariant holds on it,
// every état that lasts is there, and real steps go on from it.
func TestSeedHoldsEveryInvariantAndGoesOn(t *testing.T) {
	b := baseASemer(t)
	bilan, err := b.s.Semer(b.ctx, b.semis(900, 1))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", bilan)
	b.auRepos()
	b.blocagesCommeEntiers()
	for _, e := range opco.Etats() {
		if bilan.Etats[e] == 0 && e != opco.EtatRegleePartielle { // it is left at the very instant it is reached
			t.Errorf("no dossier is %s", e)
		}
	}
	if bilan.Lots == 0 || bilan.Reglements == 0 || bilan.Refus == 0 {
		t.Errorf("got %d lots, %d règlements, %d refused actes: the set is too smooth", bilan.Lots, bilan.Reglements, bilan.Refus)
	}
	b.continuer()
	b.auRepos()
}

// continuer decides a dossier of the set and pays what is due, by real steps.
func (b *baseVerifiee) continuer() {
	b.t.Helper()
	var id string
	err := b.s.DB.Get(&id, `SELECT id FROM dossier WHERE etat = 'EN_INSTRUCTION' ORDER BY id LIMIT 1`)
	if err != nil {
		b.t.Fatal(err)
	}
	i := b.faire(id, opco.ActeDecider, opco.Acteur{Personne: "personne-gestionnaire", Nom: "Claire Morin", Role: opco.RoleGestionnaire},
		opco.ChargeDecider{Refus: true, Motifs: []opco.Motif{opco.MotifProgrammeInsuffisant}})
	b.attendre(i, opco.EtatEnValidation)
	lot, err := b.construire(cpt, opco.ChargeConstruireLot{EcheanceAu: "2027-01-31", Execution: "2026-11-18"})
	if err != nil {
		b.t.Fatal(err)
	}
	ordre := b.envoyer(lot)
	quand, _ := b.s.Maintenant(b.ctx)
	rendu, avis, err := banque.Simulateur{}.Repondre(ordre, quand)
	if err != nil {
		b.t.Fatal(err)
	}
	b.importer("pain002.xml", rendu)
	b.importer("camt054.xml", avis)
}

func TestSeedRefusesTheSameGraineTwice(t *testing.T) {
	b := baseASemer(t)
	if _, err := b.s.Semer(b.ctx, b.semis(40, 7)); err != nil {
		t.Fatal(err)
	}
	var avant int
	if err := b.s.DB.Get(&avant, `SELECT count(*) FROM dossier`); err != nil {
		t.Fatal(err)
	}
	if _, err := b.s.Semer(b.ctx, b.semis(40, 7)); !errors.Is(err, opco.Conflict) {
		t.Errorf("got %v for the same graine, want Conflict", err)
	}
	if _, err := b.s.Semer(b.ctx, b.semis(40, 8)); err != nil {
		t.Errorf("another graine: %v", err)
	}
	var apres int
	if err := b.s.DB.Get(&apres, `SELECT count(*) FROM dossier`); err != nil || apres != 2*avant {
		t.Errorf("got %d dossiers after two graines, %v; want %d", apres, err, 2*avant)
	}
	b.auRepos()
	for _, n := range []int{0, -1, 1_000_001} {
		if _, err := b.s.Semer(b.ctx, b.semis(n, 9)); !errors.Is(err, opco.Invalid) {
			t.Errorf("got %v for %d dossiers, want Invalid", err, n)
		}
	}
}

// A set that cannot be finished says why, at once, and leaves nothing.
func TestSeedThatFailsLeavesNothing(t *testing.T) {
	panne := errors.New("the bank is away")
	tests := []struct {
		name string
		avec func(b *baseVerifiee, o *store.Semis)
	}{
		{"while it is made", func(_ *baseVerifiee, o *store.Semis) {
			o.Repondre = func([]byte, map[string]string, time.Time) ([]byte, []byte, error) { return nil, nil, panne }
		}},
		{"while it is written", func(b *baseVerifiee, _ *store.Semis) {
			b.s.DB.MustExec(`UPDATE compteur SET dernier = 0 WHERE code LIKE 'reglement:%'`) // numbers already given
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := baseASemer(t)
			if _, err := b.s.Semer(b.ctx, b.semis(60, 1)); err != nil {
				t.Fatal(err)
			}
			o := b.semis(60, 2)
			tt.avec(b, &o)
			if _, err := b.s.Semer(b.ctx, o); err == nil {
				t.Fatal("the set was sown")
			}
			var n int
			if err := b.s.DB.Get(&n, `SELECT count(*) FROM compteur WHERE code = 'semis:2'`); err != nil || n != 0 {
				t.Errorf("got %d marks of the graine, %v; want none", n, err)
			}
			b.auRepos()
		})
	}
}

// The same graine on the same day gives the same journals, to the byte.
func TestSeedIsAFunctionOfItsGraine(t *testing.T) {
	empreinte := func() (s string) {
		b := baseASemer(t)
		if _, err := b.s.Semer(b.ctx, b.semis(60, 3)); err != nil {
			t.Fatal(err)
		}
		if err := b.s.DB.Get(&s, `SELECT md5(string_agg(objet || rang || empreinte, ',' ORDER BY objet, rang)) FROM passage WHERE objet NOT LIKE 'compte/%'`); err != nil {
			t.Fatal(err)
		}
		return s
	}
	if un, deux := empreinte(), empreinte(); un != deux {
		t.Errorf("got journals %s then %s from one graine", un, deux)
	}
}

// Identifiers of the set pass the checks of the house, and no name is refused.
func TestSeedIdentifiersAreValid(t *testing.T) {
	b := baseASemer(t)
	if _, err := b.s.Semer(b.ctx, b.semis(120, 5)); err != nil {
		t.Fatal(err)
	}
	var lus []struct {
		SIRET string `db:"siret"`
		IBAN  string `db:"iban"`
		NDA   string `db:"nda"`
	}
	err := b.s.DB.Select(&lus, `
		SELECT t.siret, o.iban, o.nda FROM organisme o JOIN etablissement t USING (siren) WHERE o.siren LIKE '998%'
		UNION ALL
		SELECT t.siret, e.iban, '11756099975' FROM entreprise e JOIN etablissement t USING (siren) WHERE e.siren LIKE '998%'`)
	if err != nil || len(lus) < 20 {
		t.Fatalf("got %d organisations, %v", len(lus), err)
	}
	for _, l := range lus {
		_, e1 := opco.ParseSIRET(l.SIRET)
		_, e2 := opco.ParseIBAN(l.IBAN)
		_, e3 := opco.ParseNDA(l.NDA)
		if err := errors.Join(e1, e2, e3); err != nil {
			t.Errorf("%+v: %v", l, err)
		}
	}
	var refus []string
	if err := b.s.DB.Select(&refus, `SELECT DISTINCT phrase FROM acte WHERE etat = 'refuse' AND type IN ('creer', 'deposer')`); err != nil || len(refus) > 0 {
		t.Errorf("got brouillons refused: %v, %v", refus, err)
	}
}

// A large set is sown in waves. Stopped, it goes on where it was, and is then the
// same as one that was not.
func TestSeedGoesOnWhereItWasStopped(t *testing.T) {
	semer := func(arret bool) (somme string, n int) {
		b := baseASemer(t)
		o := b.semis(100, 11)
		o.Vague = 40
		ctx, arreter := context.WithCancel(b.ctx)
		defer arreter()
		if arret {
			o.Progres = func(store.BilanSemis) { arreter() }
			if _, err := b.s.Semer(ctx, o); !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v from a set that was stopped, want context.Canceled", err)
			}
			if err := b.s.DB.Get(&n, `SELECT count(*) FROM dossier WHERE etablissement LIKE '998%'`); err != nil || n == 0 || n > 40 {
				t.Fatalf("got %d dossiers after the first wave, %v; want at most 40", n, err)
			}
			o.Progres = nil
			autre := o
			autre.Dossiers, autre.Vague = 100, 50
			if _, err := b.s.Semer(b.ctx, autre); !errors.Is(err, opco.Conflict) {
				t.Fatalf("got %v for waves of another size, want Conflict", err)
			}
		}
		bilan, err := b.s.Semer(b.ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.s.Semer(b.ctx, o); !errors.Is(err, opco.Conflict) {
			t.Errorf("got %v for a set already whole, want Conflict", err)
		}
		b.auRepos()
		err = b.s.DB.Get(&somme, `SELECT md5(string_agg(objet || rang || empreinte, ',' ORDER BY objet, rang)) FROM passage WHERE objet NOT LIKE 'compte/%'`)
		if err != nil {
			t.Fatal(err)
		}
		return somme, bilan.Dossiers
	}
	un, n := semer(false)
	if deux, m := semer(true); un != deux || n != m {
		t.Errorf("got journals %s of %d dossiers in one go, %s of %d in two", un, n, deux, m)
	}
}

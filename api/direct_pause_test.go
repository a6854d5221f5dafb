package api_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guichet/api"
	"guichet/store"
)

// pauseEssai stands for the 5 seconds of a menu: longer than a burst of these tests,
// shorter than their patience.
const pauseEssai = 1200 * time.Millisecond

// menuEssai is a menu that counts its drawings, and listeEssai a list that says what it
// hears.
func menuEssai(dessins *atomic.Int64) api.Abonnement {
	return api.Abonnement{Sujet: api.Sujet{Genre: "liste"}, Perso: true, Pause: pauseEssai,
		Dessin: api.Dessin{Nom: "menu", Faire: func(_ context.Context, _ api.Audience, id string) (api.Trame, error) {
			dessins.Add(1)
			return api.Trame("menu " + id + "\n"), nil
		}}}
}

func listeEssai() api.Abonnement {
	return api.Abonnement{Sujet: api.Sujet{Genre: "liste"},
		Dessin: api.Dessin{Nom: "liste", Faire: func(_ context.Context, _ api.Audience, id string) (api.Trame, error) {
			return api.Trame("liste " + id + "\n"), nil
		}}}
}

// lecteurEssai is an account of the demonstration.
func (g *guichet) lecteurEssai(qui string) store.Utilisateur {
	g.t.Helper()
	u, err := g.store.Utilisateur(g.t.Context(), qui)
	if err != nil {
		g.t.Fatal(err)
	}
	return u
}

// remuer says that a dossier changed.
func (g *guichet) remuer(ids ...string) {
	g.t.Helper()
	for _, id := range ids {
		if err := g.store.Annoncer(context.Background(), "dossier", id); err != nil {
			g.t.Fatal(err)
		}
	}
}

// entendu empties what a stream heard.
func entendu(c <-chan api.Trame) (dits []string) {
	for {
		select {
		case t := <-c:
			dits = append(dits, strings.TrimSpace(string(t)))
		default:
			return dits
		}
	}
}

// TestMenusAreSilentWhenNothingHappens: two accounts whose menus were counted at
// different instants, and both had to wait: once each was told, nothing more is drawn,
// nothing is kept, and the list of a company that has nothing to do with it heard
// nothing at all.
func TestMenusAreSilentWhenNothingHappens(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	s, _ := g.autreServeur(g.store)
	var dessins atomic.Int64
	etrangere, _ := api.Ouvrir(s, g.lecteurEssai("e2"), listeEssai())
	sienne, _ := api.Ouvrir(s, g.lecteurEssai("e1"), listeEssai(), menuEssai(&dessins))
	time.Sleep(100 * time.Millisecond)
	g.remuer(id)
	time.Sleep(pauseEssai / 2)
	_, _ = api.Ouvrir(s, g.lecteurEssai("gestionnaire"), menuEssai(&dessins))
	g.remuer(id) // e1 waits, gestionnaire hears
	time.Sleep(100 * time.Millisecond)
	g.remuer(id) // both wait
	time.Sleep(2*pauseEssai + 2*time.Second)
	if n := dessins.Load(); n < 3 || n > 5 { // 4; a slow machine joins two changes, or outlasts a pause
		t.Errorf("two menus were counted %d times for what happened and what came in their pauses, want 4", n)
	}
	avant := dessins.Load()
	time.Sleep(3 * pauseEssai)
	if n := dessins.Load() - avant; n != 0 {
		t.Errorf("%d menus counted while nothing happened", n)
	}
	if n := api.Pauses(s); n != 0 {
		t.Errorf("%d pauses are kept when all is said", n)
	}
	if dits := entendu(etrangere); len(dits) > 0 {
		t.Errorf("a company hears of another's dossier: %q", dits)
	}
	dits := strings.Join(entendu(sienne), ",")
	if n := strings.Count(dits, "liste "+id); n < 1 || n > 3 || strings.Count(dits, "liste") != n {
		t.Errorf("the list of the company heard %q, want its dossier for each change", dits)
	}
}

// copier makes n dossiers like one, numbered V1 to Vn.
func (g *guichet) copier(id string, n int) {
	g.t.Helper()
	var colonnes string
	if err := g.store.DB.Get(&colonnes, `SELECT string_agg(column_name, ', ') FROM information_schema.columns
		WHERE table_name = 'dossier' AND table_schema = 'public' AND is_generated = 'NEVER' AND column_name NOT IN ('id', 'numero')`); err != nil {
		g.t.Fatal(err)
	}
	g.sql(fmt.Sprintf(`INSERT INTO dossier (id, numero, %s) SELECT gen_random_uuid(), 'V' || i, %s
		FROM dossier d, generate_series(1, %d) i WHERE d.id = '%s'`, colonnes, colonnes, n, id))
}

// TestAThousandChangesCountAMenuTwice: many dossiers at once cost an open menu one
// count, and another when the pause is over; a list is told once that it changed, not a
// thousand times, and its stream stays open.
func TestAThousandChangesCountAMenuTwice(t *testing.T) {
	g := ouvrir(t)
	g.copier(g.depose(), 1000)
	s, _ := g.autreServeur(g.store)
	var dessins, lectures atomic.Int64
	api.CompterDirect(s, func(quoi string) {
		if quoi == "lecture" {
			lectures.Add(1)
		}
	})
	etrangere, _ := api.Ouvrir(s, g.lecteurEssai("e2"), listeEssai())
	liste, _ := api.Ouvrir(s, g.lecteurEssai("responsable"), listeEssai(), menuEssai(&dessins))
	time.Sleep(100 * time.Millisecond)
	debut := time.Now()
	g.sql(`SELECT pg_notify('guichet', 'dossier ' || id) FROM dossier WHERE numero LIKE 'V%'`)
	time.Sleep(2*pauseEssai + time.Second)
	pauses := int64(time.Since(debut) / pauseEssai)
	if n := dessins.Load(); n < 1 || n > 1+pauses {
		t.Errorf("the menu was counted %d times for a thousand dossiers, in %d pauses", n, pauses)
	}
	dits := entendu(liste)
	if n := len(dits); n == 0 || n > 32 {
		t.Errorf("the list heard %d things of a thousand dossiers: %.200q", n, dits)
	}
	if dits := entendu(etrangere); len(dits) > 0 {
		t.Errorf("a company hears of another's thousand dossiers: %q", dits)
	}
	if lectures.Load() > 20 {
		t.Errorf("%d readings of whose they are", lectures.Load())
	}
	t.Logf("%d things heard, %d readings, in %s", len(dits), lectures.Load(), time.Since(debut))
}

// TestAnAccountWaitsUnderOneName: the rights of an account that change during its pause
// do not give it another one.
func TestAnAccountWaitsUnderOneName(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	s, _ := g.autreServeur(g.store)
	var dessins atomic.Int64
	u := g.lecteurEssai("gestionnaire")
	_, _ = api.Ouvrir(s, u, menuEssai(&dessins))
	u.SIRETs = append(u.SIRETs, "99900101900010")
	_, _ = api.Ouvrir(s, u, menuEssai(&dessins))
	time.Sleep(100 * time.Millisecond)
	g.remuer(id)
	time.Sleep(pauseEssai / 2)
	if n := dessins.Load(); n != 1 {
		t.Errorf("the menu of one account was counted %d times in one pause", n)
	}
}

// TestWhatCouldNotBeDrawnIsNotLost: the stream to which an event could not be drawn
// closes, so that its page comes back and reads the present state; the others stay.
func TestWhatCouldNotBeDrawnIsNotLost(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	s, _ := g.autreServeur(g.store)
	sujet := api.Sujet{Genre: "dossier", ID: id}
	abonne := func(nom string, err error) api.Abonnement {
		return api.Abonnement{Sujet: sujet, Dessin: api.Dessin{Nom: nom, Faire: func(context.Context, api.Audience, string) (api.Trame, error) { return api.Trame("dit\n"), err }}}
	}
	_, casse := api.OuvrirJusqua(s, g.lecteurEssai("e1"), g.cles["e1"], abonne("casse", errors.New("the database is slow")))
	entier, ouvert := api.OuvrirJusqua(s, g.lecteurEssai("e1"), g.cles["e1"], abonne("entier", nil))
	g.remuer(id)
	select {
	case <-casse:
	case <-time.After(attenteMax):
		t.Error("the stream that could not be told stays open, and says nothing")
	}
	attendreLigne(t, entier, "dit")
	select {
	case <-ouvert:
		t.Error("a stream that was told closed")
	case <-time.After(time.Second): // a reading of its rights falls in
	}
}

// TestListsAreToldWhenNobodyKnowsWhoseItIs: the base does not say whose the changed
// dossier is: each list hears that it may have changed.
func TestListsAreToldWhenNobodyKnowsWhoseItIs(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	s, _ := g.autreServeur(g.store)
	liste, _ := api.Ouvrir(s, g.lecteurEssai("e1"), listeEssai())
	g.sql(`ALTER TABLE dossier RENAME COLUMN organisme TO organisme_ailleurs`)
	g.remuer(id)
	attendreLigne(t, liste, "liste \n")
}

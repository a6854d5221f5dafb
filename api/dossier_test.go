package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/api"
	"guichet/opco"
)

// TestDossierDeboutEnBout follows one demande of E1 through lists, counters, search and the
// page of the dossier, as each role sees it.
func TestDossierDeboutEnBout(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()

	var lu struct {
		Dossier struct{ Etat, Numero string }
		Actes   []string
		Resume  struct {
			QuiAgit string `json:"qui_agit"`
			Limite  string
		}
	}
	g.exiger(g.appeler("gestionnaire", "GET", "/api/dossiers/"+id, nil), 200).lire(t, &lu)
	if lu.Dossier.Etat != "TRANSMISE" || lu.Dossier.Numero != "AF26-000001" {
		t.Errorf("got %+v, want TRANSMISE AF26-000001", lu.Dossier)
	}
	if lu.Resume.QuiAgit != "L’OPCO" || lu.Resume.Limite != "2026-05-02" {
		t.Errorf("got %+v, want the OPCO before 2026-05-02", lu.Resume)
	}
	if strings.Join(lu.Actes, " ") != "refuser_tardif demander_complement instruire" {
		t.Errorf("got actes %q", lu.Actes)
	}

	searches := []struct {
		texte string
		n     int
	}{
		{"anais ete-nono", 1}, {"AF26-000001", 1}, {"af26 securite", 1}, {"999 001 019 00010", 1}, {"Sorbier", 1}, {"introuvable", 0}, {"%%%", 0},
	}
	for _, tt := range searches {
		t.Run("search "+tt.texte, func(t *testing.T) {
			var page struct{ Dossiers []struct{ ID string } }
			g.exiger(g.appeler("gestionnaire", "GET", "/api/dossiers?texte="+strings.NewReplacer(" ", "+", "%", "%25").Replace(tt.texte), nil), 200).lire(t, &page)
			if len(page.Dossiers) != tt.n {
				t.Errorf("got %d dossiers, want %d", len(page.Dossiers), tt.n)
			}
		})
	}

	var c struct {
		Etats, Files []struct {
			Code   string
			Nombre int
		}
	}
	g.exiger(g.appeler("gestionnaire", "GET", "/api/dossiers/compteurs", nil), 200).lire(t, &c)
	if len(c.Etats) != 1 || c.Etats[0].Code != "TRANSMISE" || c.Etats[0].Nombre != 1 || c.Files[0].Nombre != 1 {
		t.Errorf("got %+v, want one TRANSMISE in the first queue", c)
	}
}

func TestPagesDeCurseur(t *testing.T) {
	g := ouvrir(t)
	vus := map[string]bool{}
	for range 5 {
		g.depose()
	}
	for _, filtre := range []string{"", "file=completude&"} {
		clear(vus)
		suivant, pages := "", 0
		for {
			var page struct {
				Dossiers []struct{ ID string }
				Suivant  string
			}
			g.exiger(g.appeler("gestionnaire", "GET", "/api/dossiers?"+filtre+"limite=2&apres="+suivant, nil), 200).lire(t, &page)
			for _, d := range page.Dossiers {
				if vus[d.ID] {
					t.Errorf("%s: %s comes twice", filtre, d.ID)
				}
				vus[d.ID] = true
			}
			pages++
			if suivant = page.Suivant; suivant == "" || pages > 9 {
				break
			}
		}
		if len(vus) != 5 || pages != 3 {
			t.Errorf("%q: got %d dossiers in %d pages, want 5 in 3", filtre, len(vus), pages)
		}
	}
	g.exiger(g.appeler("gestionnaire", "GET", "/api/dossiers?apres=bm9u", nil), 422)
}

func TestIdempotence(t *testing.T) {
	g := ouvrir(t)
	id := g.brouillon()
	acte := nouvelID()
	corps := objet{"acte_id": acte, "certifie": true, "a_venir": []string{"PROGRAMME", "CONVENTION"}}
	premier := g.exiger(g.acte("e1", id, "depot", corps), 200)
	corps["acte_id"] = strings.ToUpper(acte)
	second := g.exiger(g.acte("e1", id, "depot", corps), 200)
	var a, b api.ReponseActe
	premier.lire(t, &a)
	second.lire(t, &b)
	if a.Acte.Id != b.Acte.Id || a.Acte.Deja || !b.Acte.Deja || a.Acte.Phrase != b.Acte.Phrase {
		t.Errorf("the second answer differs: %+v then %+v", a.Acte, b.Acte)
	}
	corps["a_venir"] = []string{"PROGRAMME", "DEVIS"}
	if p := g.exiger(g.acte("e1", id, "depot", corps), 409).probleme(t); p.Code != "ACTE_REUTILISE" {
		t.Errorf("got %+v, want ACTE_REUTILISE", p)
	}
	ps, err := g.store.Journal(context.Background(), opco.Portee{Interne: true}, "dossier/"+id)
	if err != nil || len(ps) != 2 {
		t.Errorf("got %d lines in the journal, want 2 (%v)", len(ps), err)
	}
}

func TestReponseEnAttente(t *testing.T) {
	g := ouvrir(t)
	id := g.brouillon()
	g.relais.muet.Store(true)
	r := g.exiger(g.acte("e1", id, "depot", objet{"certifie": true, "a_venir": []string{"PROGRAMME", "CONVENTION"}}), 202)
	suivi := r.entete.Get("Location")
	var a api.ReponseActe
	g.exiger(g.appeler("e1", "GET", suivi, nil), 200).lire(t, &a)
	if a.Acte.Verdict != "recu" {
		t.Errorf("got verdict %q, want recu", a.Acte.Verdict)
	}
	for _, qui := range []string{"e2", "of1"} {
		g.exiger(g.appeler(qui, "GET", suivi, nil), 404)
	}
	var calme api.Calme
	g.exiger(g.appeler("admin", "GET", "/api/essai/calme", nil), 200).lire(t, &calme)
	if calme.Calme || calme.Actes != 1 {
		t.Errorf("got %+v, want one acte waiting", calme)
	}
	g.relais.muet.Store(false)
	if err := g.relais.Transmettre(context.Background(), acteDe(t, g, a.Acte.Id)); err != nil {
		t.Fatal(err)
	}
	g.exiger(g.appeler("e1", "GET", suivi, nil), 200).lire(t, &a)
	if a.Acte.Verdict != "applique" || a.Dossier.Etat != "TRANSMISE" {
		t.Errorf("got %+v, want applied", a)
	}
}

// TestDeuxDecisions: two people decide at the same instant; one wins, and the other
// is told who.
func TestDeuxDecisions(t *testing.T) {
	g := ouvrir(t)
	noms := map[string]string{"gestionnaire": "Claire Morin", "gestionnaire2": "Hugo Bastide"}
	for range 5 {
		id := g.instruit()
		reponses := map[string]reponse{}
		var mu sync.Mutex
		var wg sync.WaitGroup
		for qui := range noms {
			wg.Go(func() {
				r := g.acte(qui, id, "decision", objet{})
				mu.Lock()
				defer mu.Unlock()
				reponses[qui] = r
			})
		}
		wg.Wait()
		gagnant, perdant := "gestionnaire", "gestionnaire2"
		if reponses[gagnant].statut != 200 {
			gagnant, perdant = perdant, gagnant
		}
		g.exiger(reponses[gagnant], 200)
		p := g.exiger(reponses[perdant], 409).probleme(t)
		if p.Code != "DEJA_DECIDE" || !strings.Contains(p.Detail, noms[gagnant]) {
			t.Errorf("%s is told %q, want the name of %s", perdant, p.Detail, gagnant)
		}
		ps, err := g.store.Journal(context.Background(), opco.Portee{Interne: true}, "dossier/"+id)
		if err != nil || ps[len(ps)-1].Vers != "ACCORDEE" {
			t.Errorf("the journal ends with %+v (%v)", ps[len(ps)-1], err)
		}
	}
}

// instruit brings a demande with its pièces to the instruction and returns its id.
func (g *guichet) instruit() string {
	g.t.Helper()
	id := g.depose()
	for _, x := range []string{"PROGRAMME", "CONVENTION"} {
		g.exiger(g.formulaire("e1", "/api/dossiers/"+id+"/pieces", partie{"acte_id", "", nouvelID()}, partie{"type", "", x},
			partie{"fichier", "piece.pdf", pdfSimple(1)}), 200)
	}
	g.exiger(g.acte("gestionnaire", id, "instruction", objet{}), 200)
	return id
}

// TestDejaDecide: of two who decide, the second hears who decided and when.
func TestDejaDecide(t *testing.T) {
	g := ouvrir(t)
	id := g.instruit()
	r := g.exiger(g.acte("gestionnaire", id, "decision", objet{}), 200)
	var a api.ReponseActe
	r.lire(t, &a)
	if a.Dossier.Etat != "ACCORDEE" {
		t.Fatalf("got %s, want ACCORDEE: %s", a.Dossier.Etat, a.Acte.Phrase)
	}
	p := g.exiger(g.acte("gestionnaire2", id, "decision", objet{}), 409).probleme(t)
	if p.Code != "DEJA_DECIDE" || !strings.Contains(p.Detail, "Claire Morin") || !strings.Contains(p.Detail, "2 mars 2026") {
		t.Errorf("got %+v, want who decided and when", p)
	}
}

// TestBrouillon saves, refuses an old version, refuses after the dépôt, and deletes.
func TestBrouillon(t *testing.T) {
	g := ouvrir(t)
	id := g.brouillon()
	d := demande()
	d["intitule"] = "  Titre  "
	enregistrer := func(version int, statut int) reponse {
		t.Helper()
		return g.exiger(g.appeler("e1", "PUT", "/api/dossiers/"+id, objet{"version": version, "demande": d}), statut)
	}
	enregistrer(1, 200)
	if p := enregistrer(1, 409).probleme(t); p.Code != "VERSION_DEPASSEE" {
		t.Errorf("got %+v", p)
	}
	var lu struct {
		Version int
		Dossier struct{ Demande json.RawMessage }
	}
	g.exiger(g.appeler("e1", "GET", "/api/dossiers/"+id, nil), 200).lire(t, &lu)
	if lu.Version != 2 || !strings.Contains(string(lu.Dossier.Demande), `"intitule":"Titre"`) {
		t.Errorf("got version %d, %s", lu.Version, lu.Dossier.Demande)
	}
	g.exiger(g.appeler("e1", "PUT", "/api/dossiers/"+id, []byte(fmt.Sprintf(`{"version":2,"demande":%s}`, lu.Dossier.Demande))), 200)
	g.exiger(g.appeler("e2", "PUT", "/api/dossiers/"+id, objet{"version": 3, "demande": d}), 404)
	acte := nouvelID()
	for range 2 {
		g.exiger(g.appeler("e1", "DELETE", "/api/dossiers/"+id+"?acte_id="+acte, nil), 200)
	}
	g.exiger(g.appeler("e1", "GET", "/api/dossiers/"+id, nil), 404)
}

// TestCeQueVoitChacun: what the OPCO thinks is its own.
func TestCeQueVoitChacun(t *testing.T) {
	g := ouvrir(t)
	id := g.depose()
	of := string(g.exiger(g.appeler("of1", "GET", "/api/dossiers/"+id, nil), 200).corps)
	if strings.Contains(of, "2153") {
		t.Error("the training provider reads a wage")
	}
	ent := string(g.exiger(g.appeler("e1", "GET", "/api/dossiers/"+id, nil), 200).corps)
	if !strings.Contains(ent, "2153") {
		t.Error("the company does not read the wage it gave")
	}
}

func TestEvenements(t *testing.T) {
	g := ouvrir(t)
	id := g.brouillon()
	lignes := g.ecouter("e1", "/api/dossiers/"+id+"/evenements")
	if l := <-lignes; !strings.Contains(l, "BROUILLON") {
		t.Fatalf("got %q first", l)
	}
	time.Sleep(4500 * time.Millisecond) // longer than any other answer may take to write
	g.exiger(g.acte("e1", id, "depot", objet{"certifie": true, "a_venir": []string{"PROGRAMME", "CONVENTION"}}), 200)
	for {
		select {
		case l := <-lignes:
			if strings.Contains(l, "TRANSMISE") {
				return
			}
		case <-time.After(attenteMax):
			t.Fatal("the stream said nothing of the dépôt")
		}
	}
}

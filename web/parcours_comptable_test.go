package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/api"
	"guichet/banque"
	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
	"guichet/web"
)

// Pages of payments that show nobody's data: figures of lots, of the bank and of
// envelopes.
func init() {
	sansDonnees = append(sansDonnees, "/comptabilite/lots", "/comptabilite/retours", "/comptabilite/retours/{retour}", "/comptabilite/quarantaine",
		"/comptabilite/enveloppes", "/comptabilite/enveloppes/dossiers", "/comptabilite/journal", "/comptabilite/journal/fichier", "/comptabilite/synthese")
}

// visiterBanque is visiter with dossiers that wait for their payment, and a counter
// that reads the files of the bank.
func visiterBanque(t *testing.T) *visiteur {
	t.Helper()
	s := storetest.Ouvrir(t)
	ctx := t.Context()
	if err := s.RegleHorloge(ctx, time.Date(2026, 6, 11, 8, 0, 0, 0, time.UTC), true); err != nil {
		t.Fatal(err)
	}
	if err := s.ChargerDemo(ctx); err != nil {
		t.Fatal(err)
	}
	f, err := store.OuvrirFichiers(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Semer(ctx, store.Semis{Dossiers: 150, Graine: 1, Fichiers: f, Ordre: banque.Fichier,
		Document: func(titre string) ([]byte, error) { return []byte("%PDF-1.4 " + titre), nil },
		Repondre: func(p []byte, rejets map[string]string, q time.Time) ([]byte, []byte, error) {
			return banque.Simulateur{Rejets: rejets}.Repondre(p, q)
		},
		Lire: func(b []byte) (opco.RetourBancaire, error) { return banque.Lire(bytes.NewReader(b)) }})
	if err != nil {
		t.Fatal(err)
	}
	serveur, err := api.New(api.Config{Store: s, Fichiers: f, Procedures: &relais{store: s}, Attente: 2 * time.Second, HorlogeEssai: true,
		Examiner: func(context.Context, io.Reader, string) error { return nil }, LireRetour: banque.Lire, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := web.New(web.Config{API: serveur})
	if err != nil {
		t.Fatal(err)
	}
	h, err := serveur.Handler(pages)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	pot, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visiteur{t: t, store: s, site: srv.URL, client: &http.Client{Jar: pot, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// payer prepares a lot of all that is due within two months, has its creator
// refused, has another comptable validate it, and returns its id.
func (m mains) payer() string {
	m.t.Helper()
	m.entrer("comptable")
	m.menu("/comptabilite")
	m.presser(`a[href="/comptabilite/lots/nouveau"].principal`, "n")
	m.dater("echeance_au", "2026-08-15")
	m.presser(`button[value=apercu]`, "")
	m.voir(`document.querySelector("#champ-echeance_au")?.value+" "+(document.querySelectorAll(".table tbody .groupe").length>0)`, "2026-08-15 true")
	somme := dit(m.t, m.ctx, `document.querySelector(".decision b").textContent`)
	m.presser(`button[value=construire]`, "a")
	m.voir(`/^\/comptabilite\/lots\/L26-\d+$/.test(location.pathname)`, "true")
	m.voir(`document.querySelector(".decision b")?.textContent`, somme)
	m.voir(`document.querySelector(".decision").textContent.includes("Vous avez préparé ou modifié ce lot")+" "+(document.querySelector("a[data-ouvre][href$=validation]")===null)`, "true true")
	adresse := dit(m.t, m.ctx, `location.pathname`)
	m.entrer("comptable2")
	m.menu("/comptabilite")
	m.ouvrir(`a.titre[href="` + adresse + `"]`)
	m.la(adresse)
	m.presser(`.decision a[data-ouvre][href$=validation]`, "v")
	m.voir(`document.querySelector("#validation").open`, strconv.FormatBool(!m.muet))
	m.presser(`#validation [data-ferme]`, "")
	m.voir(`document.querySelector("#validation").checkVisibility()`, "false") // one may still go back
	m.presser(`.decision a[data-ouvre][href$=validation]`, "v")
	m.presser(`#validation .principal`, "")
	m.voir(`document.querySelector(".entete .etat")?.textContent.trim()`, "Validé, départ en cours")
	return strings.TrimPrefix(adresse, "/comptabilite/lots/")
}

// relireLot opens a lot by the list of lots.
func (m mains) relireLot(id, etat string) {
	m.t.Helper()
	m.menu("/comptabilite/lots")
	m.ouvrir(`a.titre[href="/comptabilite/lots/` + id + `"]`)
	m.la("/comptabilite/lots/" + id)
	m.voir(`document.querySelector(".entete .etat")?.textContent.trim()`, etat)
}

// remettre brings the file of a lot to the bank, as the procedure does.
func (m mains) remettre(id string) []byte {
	m.t.Helper()
	ctx, s := m.t.Context(), m.v.store
	l, err := s.Lot(ctx, id)
	if err != nil {
		m.t.Fatal(err)
	}
	b, err := banque.Fichier(l)
	if err != nil {
		m.t.Fatal(err)
	}
	if err := s.ArchiverFichier(ctx, id, l.Sceau, bytes.NewReader(b)); err != nil {
		m.t.Fatal(err)
	}
	for _, x := range []struct {
		t    opco.TypeActe
		code string
	}{{opco.ActeEmettreLot, "emission"}, {opco.ActeTransmettreLot, "transmission"}} {
		d, err := s.Depart(ctx, opco.ObjetLot(id))
		if err != nil {
			m.t.Fatal(err)
		}
		le, err := s.Maintenant(ctx)
		if err != nil {
			m.t.Fatal(err)
		}
		if _, err := s.Record(ctx, opco.Demarche{Objet: d.Objet, Rang: d.Rang + 1, Echeance: &opco.Echeance{Type: x.t, Code: x.code, Le: le, Effet: opco.JourDe(le)}}); err != nil {
			m.t.Fatal(err)
		}
	}
	return b
}

// importer chooses a file of the bank and sends it.
func (m mains) importer(nom string, octets []byte) {
	m.t.Helper()
	chemin := filepath.Join(m.t.TempDir(), nom)
	if err := os.WriteFile(chemin, octets, 0o600); err != nil {
		m.t.Fatal(err)
	}
	m.menu("/comptabilite/retours")
	m.joindre(`#champ-fichier`, chemin)
	m.presser(`form[enctype] .principal`, "")
	m.voir(`location.search`, "?importe=oui")
	m.pret(`.dite`)
}

// TestAComptablePays takes S11 through the pages, by mouse and by keyboard alone:
// the lot of the week, the second pair of eyes, the file and its hash, the answers
// of the bank, the money on the dossiers.
func TestAComptablePays(t *testing.T) { parModes(t, visiterBanque, mains.paie) }

func (m mains) paie() {
	id := m.payer()
	fichier := m.remettre(id)
	m.relireLot(id, "Remis à la banque")
	l, err := m.v.store.Lot(m.t.Context(), id)
	if err != nil {
		m.t.Fatal(err)
	}
	m.voir(`document.querySelector(".encart code")?.textContent`, l.Fichier)
	rendu, avis, err := banque.Simulateur{}.Repondre(fichier, time.Date(2026, 6, 12, 15, 0, 0, 0, time.UTC))
	if err != nil {
		m.t.Fatal(err)
	}
	m.importer("pain.002.xml", rendu)
	m.importer("camt.054.xml", avis)
	m.voir(`document.querySelector(".dite").textContent.includes("toutes rapprochées")`, "true")
	m.importer("le-meme.xml", avis) // the same again changes nothing
	m.relireLot(id, "Soldé")
	if l, err = m.v.store.Lot(m.t.Context(), id); err != nil || l.Resume().Paye != l.Somme() || l.Somme() == 0 {
		m.t.Errorf("got %s paid of %s (%v)", l.Resume().Paye, l.Somme(), err)
	}
}

// TestTheBankRejects: a transfer is refused for a closed account; the comptable
// reads why, who was told, and pays again under a new reference.
func TestTheBankRejects(t *testing.T) { parModes(t, visiterBanque, mains.rejette) }

func (m mains) rejette() {
	id := m.payer()
	fichier := m.remettre(id)
	l, err := m.v.store.Lot(m.t.Context(), id)
	if err != nil {
		m.t.Fatal(err)
	}
	refuse := l.Virements()[0]
	rendu, _, err := banque.Simulateur{Rejets: map[string]string{refuse.EndToEndID: "AC04"}}.Repondre(fichier, time.Date(2026, 6, 12, 15, 0, 0, 0, time.UTC))
	if err != nil {
		m.t.Fatal(err)
	}
	m.importer("pain.002.xml", rendu)
	m.menu("/comptabilite/rejets")
	n := len(refuse.Reglements)
	m.voir(`document.querySelectorAll(".droits>li").length`, strconv.Itoa(n))
	m.voir(`document.querySelector(".droits .cite").textContent.includes("Le compte du bénéficiaire est clos")`, "true")
	m.voir(`document.querySelector(".droits .aide").textContent.includes("Son RIB est gelé")`, "true")
	m.degeler()
	m.menu("/comptabilite/rejets")
	m.presser(`a[data-ouvre][href$=rejet-0]`, "")
	m.voir(`document.querySelector("#rejet-0").open`, "true")
	m.presser(`#rejet-0 .principal`, "")
	m.voir(`document.querySelector(".dite")?.textContent.includes("Un nouveau règlement est créé")`, "true")
	m.voir(`document.querySelectorAll(".droits>li").length`, strconv.Itoa(n-1))
	p, err := m.v.store.Reglements(m.t.Context(), store.FiltreReglements{Etats: []opco.EtatReglement{opco.ReglementAPayer}, Limite: 100})
	if err != nil || len(p.Reglements) != 1 || p.Reglements[0].Tentative != 2 {
		m.t.Errorf("got %d règlements to pay (%v), want the one paid again", len(p.Reglements), err)
	}
}

// TestALotWithoutScripts: a browser that runs no script prepares a lot, and another
// comptable validates it: the question before the acte has an address of its own.
func TestALotWithoutScripts(t *testing.T) {
	sansScripts(t, visiterBanque, func(m mains) {
		id := m.payer()
		if l, err := m.v.store.Lot(t.Context(), id); err != nil || l.Etat != opco.LotValide {
			t.Errorf("the lot is %s (%v)", l.Etat, err)
		}
	})
}

// degeler has two responsables who paid nothing clear the account that the bank refused.
func (m mains) degeler() {
	m.t.Helper()
	ctx, s := m.t.Context(), m.v.store
	rs, _, err := s.RIBs(ctx, opco.Portee{Interne: true}, store.FiltreRIBs{Etats: []opco.EtatRIB{opco.RIBGele}})
	if err != nil || len(rs) != 1 {
		m.t.Fatalf("got %d frozen accounts (%v), want one", len(rs), err)
	}
	for _, g := range []store.GesteDeRIB{
		{Geste: opco.GesteDegeler, Raison: "La banque confirme le compte.", Par: opco.Acteur{Personne: "personne-responsable", Nom: "Rémi", Role: opco.RoleResponsable}},
		{Geste: opco.GesteConfirmer, Par: opco.Acteur{Personne: "personne-responsable2", Nom: "Rita", Role: opco.RoleResponsable}}} {
		g.Acte = uuid.NewString()
		if _, err := s.AgirSurRIB(ctx, rs[0].ID, g); err != nil {
			m.t.Fatal(err)
		}
	}
}

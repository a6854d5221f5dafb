package api_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"guichet/opco"
)

// TestTheAccountingJournalLeavesAndComesBack: the file of the journal, read again as an
// accounting software does, gives the balances of the ledger of a dossier that was
// engaged, invoiced and ordered; the balance and the synthèse say the same.
func TestTheAccountingJournalLeavesAndComesBack(t *testing.T) {
	g := ouvrir(t)
	g.objetsLus()
	lus, entrees := map[string]opco.Montant{}, 0
	for _, fonds := range opco.CodesFonds() {
		g.numeroter(t, fonds)
		r := g.exiger(g.appeler("comptable", "GET", "/api/journal-comptable?du=2026-01-01&au=2026-12-31&fonds="+fonds, nil), 200)
		if nom := r.entete.Get("Content-Disposition"); nom != "attachment; filename=journal-"+strings.ToLower(fonds)+"-2026-01-01-2026-12-31.txt" {
			t.Errorf("got %s", nom)
		}
		entrees += importerJournal(t, string(r.corps), lus)
	}
	if entrees < 4 {
		t.Errorf("only %d entries were read back", entrees)
	}
	var ss []struct {
		Enveloppe string           `db:"enveloppe"`
		Compte    opco.CompteLivre `db:"compte"`
		Montant   opco.Montant     `db:"montant"`
	}
	if err := g.store.DB.Select(&ss, `SELECT enveloppe, compte, sum(montant) AS montant FROM solde GROUP BY 1, 2`); err != nil {
		t.Fatal(err)
	}
	for _, s := range ss {
		n, _ := opco.CompteComptable(s.Compte)
		if lus[s.Enveloppe+" "+n] != s.Montant {
			t.Errorf("%s of %s: the file gives %s, the ledger %s", s.Compte, s.Enveloppe, lus[s.Enveloppe+" "+n], s.Montant)
		}
	}
	g.balanceEtSynthese(t)
}

// numeroter numbers the entries of 2026 of a fund. Until then its journal holds none of
// them, though it was read; and only a comptable does it.
func (g *guichet) numeroter(t *testing.T, fonds string) {
	t.Helper()
	const adresse = "/api/journal-comptable?du=2026-01-01&au=2026-12-31&fonds="
	manque := func() (n int64) {
		t.Helper()
		var b struct {
			SansNumero int64 `json:"sans_numero"`
		}
		g.exiger(g.appeler("auditeur", "GET", strings.Replace(adresse, "comptable?", "comptable/balance?", 1)+fonds, nil), 200).lire(t, &b)
		return b.SansNumero
	}
	avant := manque()
	for range 2 {
		if r := g.exiger(g.appeler("auditeur", "GET", adresse+fonds, nil), 200); bytes.Count(r.corps, []byte("\r\n")) != 1 {
			t.Errorf("%s: reading the journal numbered it: %s", fonds, r.corps)
		}
	}
	corps := objet{"acte_id": nouvelID(), "fonds": fonds, "du": "2026-01-01", "au": "2026-12-31"}
	g.exiger(g.appeler("auditeur", "POST", "/api/journal-comptable/numerotation", corps), 403)
	for range 2 {
		var n struct{ Nombre int64 }
		g.exiger(g.appeler("comptable", "POST", "/api/journal-comptable/numerotation", corps), 200).lire(t, &n)
		if n.Nombre != avant || manque() != 0 {
			t.Errorf("%s: numbered %d of %d, %d lack a number", fonds, n.Nombre, avant, manque())
		}
	}
	corps["au"] = "2026-06-30"
	g.exiger(g.appeler("comptable", "POST", "/api/journal-comptable/numerotation", corps), 409)
}

// importerJournal reads a journal back: each entry is balanced, and its number follows
// the one before. It returns how many there are.
func importerJournal(t *testing.T, texte string, soldes map[string]opco.Montant) (n int) {
	t.Helper()
	lignes := strings.Split(strings.TrimSuffix(texte, "\r\n"), "\r\n")
	if !slices.Equal(strings.Split(lignes[0], "\t"), opco.ColonnesJournal()) {
		t.Errorf("got the columns %q", lignes[0])
	}
	ecritures := map[string]opco.Montant{}
	for _, l := range lignes[1:] {
		x := strings.Split(l, "\t")
		if len(x) != 18 {
			t.Fatalf("got %d columns: %q", len(x), l)
		}
		var de, dc, ce, cc int64
		if k, err := fmt.Sscanf(strings.ReplaceAll(x[11]+" "+x[12], ",", " "), "%d %02d %d %02d", &de, &dc, &ce, &cc); k != 4 || err != nil {
			t.Fatalf("got amounts %q and %q: %v", x[11], x[12], err)
		}
		m := opco.Montant(100*(de-ce) + dc - cc)
		if _, deja := ecritures[x[2]]; !deja && x[2] != fmt.Sprint(len(ecritures)+1) {
			t.Errorf("entry %s comes after %d others", x[2], len(ecritures))
		}
		ecritures[x[2]] += m
		soldes[x[6]+" "+x[4]] += m
	}
	for e, reste := range ecritures {
		if reste != 0 {
			t.Errorf("entry %s is not balanced: %s", e, reste)
		}
	}
	return len(ecritures)
}

// balanceEtSynthese reads the same money by the two other routes.
func (g *guichet) balanceEtSynthese(t *testing.T) {
	t.Helper()
	var b struct {
		Comptes []struct {
			Compte        opco.CompteLivre
			Debit, Credit opco.Montant
		}
	}
	g.exiger(g.appeler("comptable", "GET", "/api/journal-comptable/balance?du=2026-01-01&au=2026-12-31", nil), 200).lire(t, &b)
	var source, disponible opco.Montant
	for _, c := range b.Comptes {
		switch c.Compte {
		case opco.LivreSource:
			source = c.Credit - c.Debit
		case opco.LivreEnveloppe:
			disponible = c.Debit - c.Credit
		}
	}
	var x struct {
		Annee int
		Fonds []struct {
			Fonds                    string
			Enveloppe, Engage, Reste opco.Montant
		}
		Etablissements []struct {
			Etablissement string
			Engage        opco.Montant
		}
	}
	g.exiger(g.appeler("comptable", "GET", "/api/synthese?annee=2026", nil), 200).lire(t, &x)
	var enveloppe, engage opco.Montant
	for _, f := range x.Fonds {
		if f.Fonds == "MUTUALISE" {
			enveloppe, engage = f.Enveloppe, f.Engage
			if f.Reste != disponible {
				t.Errorf("the synthèse leaves %s, the balance %s", f.Reste, disponible)
			}
		}
	}
	if enveloppe != source || enveloppe != engage+disponible || engage == 0 {
		t.Errorf("the synthèse gives %s and %s engaged, the balance %s with %s left", enveloppe, engage, source, disponible)
	}
	g.exiger(g.appeler("e1", "GET", "/api/synthese?annee=2026", nil), 200).lire(t, &x)
	if len(x.Etablissements) == 0 || x.Etablissements[0].Engage == 0 {
		t.Errorf("got %+v for a company; want its établissements", x.Etablissements)
	}
	g.exiger(g.appeler("e1", "GET", "/api/journal-comptable", nil), 403)
	g.exiger(g.appeler("comptable", "GET", "/api/journal-comptable?du=2025-01-01&au=2026-12-31", nil), 422)
	g.exiger(g.appeler("comptable", "GET", "/api/journal-comptable?fonds=TRESOR", nil), 400)
}

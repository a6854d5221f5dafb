package store_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"guichet/banque"
	"guichet/opco"
	"guichet/store"
)

// TestBureauDuComptable follows S11 from the desk: what is to pay, the lot tried
// before it is built and before it is signed, the answers of the bank, the
// rejection to treat, the envelopes, and what was measured on the way.
func TestBureauDuComptable(t *testing.T) {
	c := conduire(t)
	_, _, s09 := c.troisReglements()
	c.a("2026-05-04 09:00:00")
	n, err := c.s.CompterComptabilite(c.ctx)
	if err != nil || n.APayer != (store.Total{Nombre: 3, Somme: 627500}) || n.EnRetard.Nombre != 0 || n.AValider.Nombre != 0 {
		t.Fatalf("got %+v (%v); want 3 règlements to pay, 6 275,00, none late", n, err)
	}
	c.apercu(t)
	id := c.lotPropose(true)
	c.essai(t, id)
	fichier := c.envoyer(id)
	if n, err = c.s.CompterComptabilite(c.ctx); err != nil || n.APayer.Nombre != 0 || n.Attendus != (store.Total{Nombre: 1, Somme: 627500}) {
		t.Errorf("got %+v (%v); want one lot awaited for 6 275,00", n, err)
	}
	c.a("2026-05-04 18:00:00")
	pain002, camt, err := banque.Simulateur{Rejets: map[string]string{ibanOF2: "AC04"}}.Repondre(fichier, quand(t, "2026-05-04 17:00"))
	if err != nil {
		t.Fatal(err)
	}
	c.importer("statut.xml", pain002)
	c.importer("debits.xml", camt)
	c.rejetATraiter(t, s09)
	c.quarantainePaginee(t)
	c.enveloppesPaginees(t)
	c.mesures(t)
}

// apercu tries a lot by two persons: nothing is written, and the reasons are read
// line by line.
func (c *conduite) apercu(t *testing.T) {
	t.Helper()
	essayer := func(par opco.Acteur, charge string) (opco.Lot, *opco.Error) {
		l, refus, err := c.s.ApercuLot(c.ctx, opco.Acte{ID: uuid.NewString(), Type: opco.ActeConstruireLot, Par: par, Charge: []byte(charge)})
		if err != nil {
			t.Fatal(err)
		}
		return l, refus
	}
	l, refus := essayer(cpt, `{"echeance_au":"2026-05-20","execution":"2026-05-04","groupe":true}`)
	if refus != nil || len(l.Lignes) != 3 || l.Somme() != 627500 || len(l.Virements()) != 2 || len(l.Ecartees) != 0 {
		t.Errorf("got %d lines, %s, %d transfers, %v; want S11 grouped", len(l.Lignes), l.Somme(), len(l.Virements()), refus)
	}
	juge := cpt
	juge.Personne = ges.Personne // who decided the dossiers, now a comptable
	if l, refus = essayer(juge, `{"echeance_au":"2026-05-20","execution":"2026-05-04"}`); refus == nil || len(l.Ecartees) != 3 || l.Ecartees[0].Raison == "" {
		t.Errorf("got %v, %d left out; want the three left out with their reason", refus, len(l.Ecartees))
	}
	if _, refus = essayer(cpt, `{"echeance_au":"2026-05-20","execution":"2026-05-09"}`); refus == nil || refus.Champ != "execution" {
		t.Errorf("got %v on a Saturday; want the field execution refused", refus)
	}
	var lots int
	if err := c.s.DB.Get(&lots, `SELECT (SELECT count(*) FROM lot) + (SELECT count(*) FROM compteur WHERE code LIKE 'lot:%')`); err != nil || lots != 0 {
		t.Errorf("a preview left %d rows behind (%v)", lots, err)
	}
}

// essai tries the validation of a lot: its creator is told why not, another person
// what it would do; nothing is written.
func (c *conduite) essai(t *testing.T, id string) {
	t.Helper()
	for _, tt := range []struct {
		par  opco.Acteur
		code string
	}{{cpt, "MEME_PERSONNE"}, {cpt2, ""}} {
		l, e, refus, err := c.s.EssayerLot(c.ctx, opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetLot(id), Type: opco.ActeValiderLot, Par: tt.par, Charge: []byte(`{"nombre":3,"somme":627500}`)})
		code := ""
		if refus != nil {
			code = refus.Code
		}
		if err != nil || code != tt.code || tt.code == "" && (l.Etat != opco.LotValide || e.Phrase == "") {
			t.Errorf("%s: got %s, %q (%v); want %q", tt.par.Nom, l.Etat, code, err, tt.code)
		}
	}
	if l := c.lot(id); l.Etat != opco.LotPropose || l.Rang != 1 {
		t.Errorf("a trial moved the lot to %s, rank %d", l.Etat, l.Rang)
	}
}

// rejetATraiter: OF2 waits with its reason until a new règlement replaces the old.
func (c *conduite) rejetATraiter(t *testing.T, dossier string) {
	t.Helper()
	p, err := c.s.Rejets(c.ctx, "", 10)
	if err != nil || len(p.Rejets) != 1 || p.Nombre != 1 || p.Somme != 224000 {
		t.Fatalf("got %+v (%v); want the rejection of OF2", p, err)
	}
	r := p.Rejets[0]
	if r.Motif != "AC04" || r.Cause != banque.Motif("AC04") || r.RIBChange || !r.Representant || r.Dossier != dossier || r.IBAN == ibanOF2 || r.Courrier == "" {
		t.Errorf("got %+v; want AC04, its sentence, the payee told, the account masked", r)
	}
	if r.RIB != opco.RIBQuiGele {
		t.Errorf("got %q; want the account of OF2 frozen", r.RIB)
	}
	c.changerRIB(ibanNeuf)
	if p, err = c.s.Rejets(c.ctx, "", 10); err != nil || !p.Rejets[0].RIBChange {
		t.Errorf("the new account of the payee is not seen (%v)", err)
	}
	c.attendre(c.faire(dossier, opco.ActeRepresenter, cpt, opco.ChargeReglement{Reglement: r.ID}), opco.EtatEnReglement)
	if p, err = c.s.Rejets(c.ctx, "", 10); err != nil || len(p.Rejets) != 0 {
		t.Errorf("got %d rejections once paid again, want none (%v)", len(p.Rejets), err)
	}
}

// quarantainePaginee walks more entries than a page, each once, the newest file
// first.
func (c *conduite) quarantainePaginee(t *testing.T) {
	t.Helper()
	for f := range 3 {
		if _, err := c.s.DB.Exec(`INSERT INTO retour_bancaire (empreinte, nom, format, octets, entrees, nouvelles, recu_le, par)
			VALUES ($1, $1, 'camt', '', 4, 4, '2026-06-01'::timestamptz + $2 * interval '1 day', 'C')`, fmt.Sprintf("f%d", f), f); err != nil {
			t.Fatal(err)
		}
		for e := range 4 {
			if _, err := c.s.DB.Exec(`INSERT INTO entree_bancaire (cle, retour, end_to_end_id, statut, montant, etat, phrase)
				VALUES ($1, $2, 'X', 'INCONNU', 1, 'QUARANTAINE', 'Inconnu.')`, fmt.Sprintf("f%d-%d", f, e), fmt.Sprintf("f%d", f)); err != nil {
				t.Fatal(err)
			}
		}
	}
	var vues []string
	for apres := ""; ; {
		ls, nombre, suivant, err := c.s.Quarantaine(c.ctx, apres, 5)
		if err != nil || nombre != 12 {
			t.Fatalf("got %d in quarantine (%v), want 12", nombre, err)
		}
		for _, l := range ls {
			vues = append(vues, l.Cle)
		}
		if apres = suivant; apres == "" {
			break
		}
	}
	if len(vues) != 12 || vues[0] != "f2-0" || vues[4] != "f1-0" || vues[11] != "f0-3" {
		t.Errorf("got %v, want each entry once, newest file first", vues)
	}
	if _, err := c.s.Entrees(c.ctx, store.FiltreEntrees{Apres: "n’importe quoi", Limite: 5}); err == nil {
		t.Error("a cursor that we did not make is taken")
	}
}

// enveloppesPaginees: an envelope is the sum of its parts, and its dossiers of
// theirs; a company reads its own only.
func (c *conduite) enveloppesPaginees(t *testing.T) {
	t.Helper()
	interne := opco.Portee{Interne: true}
	var vues int
	for apres := ""; ; {
		p, err := c.s.Enveloppes(c.ctx, interne, store.FiltreEnveloppes{Limite: 1, Apres: apres})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range p.Enveloppes {
			vues++
			if e.Dotation != e.Disponible+e.Engage+e.ServiceFait+e.Ordonnance+e.Paye {
				t.Errorf("envelope %s: %+v does not add up", e.ID, e.SoldesEnveloppe)
			}
			c.dossiersDEnveloppe(t, interne, e)
		}
		if apres = p.Suivant; apres == "" {
			break
		}
	}
	var toutes int
	if err := c.s.DB.Get(&toutes, `SELECT count(*) FROM enveloppe`); err != nil || vues != toutes || vues < 2 {
		t.Errorf("got %d envelopes page by page, want %d (%v)", vues, toutes, err)
	}
	ailleurs := opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{"99900122500015"}}
	if _, _, _, err := c.s.Enveloppe(c.ctx, ailleurs, "999001019/2026/MUTUALISE", "", 10); err == nil {
		t.Error("a company reads the envelope of another")
	}
}

func (c *conduite) dossiersDEnveloppe(t *testing.T, p opco.Portee, e store.LigneEnveloppe) {
	t.Helper()
	_, ds, _, err := c.s.Enveloppe(c.ctx, p, e.ID, "", 50)
	if err != nil {
		t.Fatal(err)
	}
	var paye opco.Montant
	for _, d := range ds {
		paye += d.Paye
	}
	if paye != e.Paye {
		t.Errorf("envelope %s: its dossiers are paid %s, itself %s", e.ID, paye, e.Paye)
	}
}

// mesures: three demandes sent without their pièces, complete within the day, decided
// on the seventh; two
// invoices of 20 April executed on 4 May. Made again from the journal, the measures
// are the same.
func (c *conduite) mesures(t *testing.T) {
	t.Helper()
	lire := func() store.Statistiques {
		st, err := c.s.Statistiques(c.ctx, store.FiltreMesures{Du: "2026-01-01", Au: "2026-12-31"})
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	st := lire()
	if d := st.Decision.Tout; d.Nombre != 3 || d.Moitie != 7 || d.NeufSurDix != 7 || len(st.Decision.Semaines) != 1 || st.Decision.Semaines[0].Cle != "2026-03-09" {
		t.Errorf("got décisions %+v by weeks %+v; want three in seven days, in the week of 9 March", d, st.Decision.Semaines)
	}
	if p := st.Paiement.Tout; p.Nombre != 2 || p.Moitie != 14 || p.NeufSurDix != 14 {
		t.Errorf("got payments %+v; want two in fourteen days", p)
	}
	if k := st.Completude.Tout; k.Nombre != 3 || k.Premiers != 0 {
		t.Errorf("got %+v; want three demandes, none complete at its first send", k)
	}
	var ecarts int
	if _, err := c.s.DB.Exec(`CREATE TABLE avant AS SELECT * FROM mesure; SELECT mesurer_tout()`); err != nil {
		t.Fatal(err)
	}
	err := c.s.DB.Get(&ecarts, `SELECT (SELECT count(*) FROM (SELECT * FROM avant EXCEPT SELECT * FROM mesure) x) + (SELECT count(*) FROM (SELECT * FROM mesure EXCEPT SELECT * FROM avant) y)`)
	if err != nil || ecarts != 0 {
		t.Errorf("made again, %d measures differ (%v)", ecarts, err)
	}
}

// TestStatistiques compares the figures with those computed by hand: 1 to 10 days
// have 5.5 in the middle and 9.1 at nine in ten.
func TestStatistiques(t *testing.T) {
	c := conduire(t)
	for i := 1; i <= 10; i++ {
		idcc, qui := "1486", "p1"
		if i > 8 {
			idcc, qui = "2691", "p2"
		}
		if _, err := c.s.DB.Exec(`INSERT INTO mesure VALUES ('DECISION', $1, DATE '2026-03-02' + $2::int, $3, $4, $5, $6, $6)`,
			fmt.Sprint(i), (i-1)/5*7, i, i%2 == 0, idcc, qui); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		nom            string
		f              store.FiltreMesures
		nombre         int64
		moitie, dixmes float64
		premiers       int64
		semaines, gens int
	}{
		{"all", store.FiltreMesures{Du: "2026-03-01", Au: "2026-03-31"}, 10, 5.5, 9.1, 5, 2, 2},
		{"the first week", store.FiltreMesures{Du: "2026-03-02", Au: "2026-03-08"}, 5, 3, 4.6, 2, 1, 1},
		{"one branch", store.FiltreMesures{Du: "2026-03-01", Au: "2026-03-31", IDCC: "2691"}, 2, 9.5, 9.9, 1, 1, 1},
		{"one person", store.FiltreMesures{Du: "2026-03-01", Au: "2026-03-31", Instructeur: "p1"}, 8, 4.5, 7.3, 4, 2, 1},
		{"nothing", store.FiltreMesures{Du: "2026-04-01", Au: "2026-04-30"}, 0, 0, 0, 0, 0, 0},
	}
	for _, tt := range tests {
		st, err := c.s.Statistiques(c.ctx, tt.f)
		d := st.Decision
		proche := func(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }
		if err != nil || d.Tout.Nombre != tt.nombre || !proche(d.Tout.Moitie, tt.moitie) || !proche(d.Tout.NeufSurDix, tt.dixmes) || d.Tout.Premiers != tt.premiers ||
			len(d.Semaines) != tt.semaines || len(d.Gens) != tt.gens {
			t.Errorf("%s: got %+v (%v)", tt.nom, d, err)
		}
	}
	mesuresParEquipe(t, c.s)
	for _, f := range []store.FiltreMesures{{Du: "2026-03-02", Au: "2026-03-01"}, {Du: "2025-01-01", Au: "2026-03-01"}, {Du: "hier", Au: "2026-03-01"}} {
		if _, err := c.s.Statistiques(c.ctx, f); err == nil {
			t.Errorf("the period %s to %s is taken", f.Du, f.Au)
		}
	}
}

// mesuresParEquipe: the measures of two companies, one by its dossier and one by its
// payment, are those of the units that follow them.
func mesuresParEquipe(t *testing.T, s *store.Store) {
	t.Helper()
	for _, q := range []string{
		`INSERT INTO unite (id, nom, departement, modifie_par, modifie_nom, modifie_le) VALUES ('5b0f0c1e-6f0a-4c8e-9a53-0000000000e1', 'Ouest', '44', '', '', now()), ('5b0f0c1e-6f0a-4c8e-9a53-0000000000e2', 'Sud', '31', '', '', now())`,
		`INSERT INTO etablissement (siret, siren, nom, code_postal) VALUES ('99977700000011', '999777000', 'A', '44000'), ('99977800000010', '999778000', 'B', '31000')`,
		`INSERT INTO dossier (id, etat, rang, etablissement, siren, organisme, resume, contenu, recherche, cree_le, modifie_le)
		 VALUES ('aaaaaaaa-0000-4000-8000-00000000ee01', 'TRANSMISE', 1, '99977700000011', '999777000', '', '{}', '{}', '', now(), now()),
		        ('aaaaaaaa-0000-4000-8000-00000000ee02', 'TRANSMISE', 1, '99977800000010', '999778000', '', '{}', '{}', '', now(), now())`,
		`INSERT INTO facture (id, dossier, numero, emetteur, etat, total_ht, recue_le) VALUES ('fee', 'aaaaaaaa-0000-4000-8000-00000000ee02', 'F1', '', 'DEPOSEE', 100, now())`,
		`INSERT INTO reglement (id, numero, dossier, facture, tentative, montant, parts, beneficiaire, beneficiaire_nom, iban, echeance, etat, modifie_le)
		 VALUES ('ree', 'Ree', 'aaaaaaaa-0000-4000-8000-00000000ee02', 'fee', 1, 100, '[]', '', 'OF', 'FR76', now(), 'A_PAYER', now())`,
		`INSERT INTO mesure VALUES ('DECISION', 'aaaaaaaa-0000-4000-8000-00000000ee01', '2026-05-04', 4, true, '1486', 'p1', 'p1'),
		        ('PAIEMENT', 'ree', '2026-05-04', 20, true, '1486', 'p1', 'p1')`} {
		if _, err := s.DB.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	f := store.FiltreMesures{Du: "2026-05-01", Au: "2026-05-31"}
	st, err := s.Statistiques(t.Context(), f)
	if err != nil || len(st.Decision.Equipes) != 1 || st.Decision.Equipes[0].Nom != "Ouest" || len(st.Paiement.Equipes) != 1 || st.Paiement.Equipes[0].Nom != "Sud" ||
		st.Paiement.Equipes[0].Moitie != 20 || len(st.Paiement.Gens) != 1 || len(st.Paiement.Branches) != 1 {
		t.Errorf("by team: %+v and %+v (%v)", st.Decision, st.Paiement, err)
	}
	f.Equipe = "5b0f0c1e-6f0a-4c8e-9a53-0000000000e2"
	if st, err = s.Statistiques(t.Context(), f); err != nil || st.Decision.Tout.Nombre != 0 || st.Paiement.Tout.Nombre != 1 || len(st.Paiement.Semaines) != 1 {
		t.Errorf("one team: %+v and %+v (%v)", st.Decision, st.Paiement, err)
	}
}

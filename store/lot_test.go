package store_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/banque"
	"guichet/opco"
	"guichet/store"
)

var (
	cpt  = opco.Acteur{Personne: "p-cpt", Nom: "Camille Compte", Role: opco.RoleComptable}
	cpt2 = opco.Acteur{Personne: "p-cpt2", Nom: "Chloé Vérifie", Role: opco.RoleComptable}
	e3   = opco.Acteur{Personne: "p-e3", Nom: "Gaston Garonne", Role: opco.RoleEntreprise, SIRET: "99900115900014"}
	of2  = opco.Acteur{Personne: "p-of2", Nom: "Odile Compétences", Role: opco.RoleOrganisme, SIRET: "99900143100017"}
)

const (
	ibanOF1 = "FR7699999000150010020035594"
	ibanOF2 = "FR7699999000160010020036646"
)

// formation is a dossier of n stagiaires, each heures long, that costs total.
func formation(ent opco.Acteur, of opco.OrganismeDemande, n int, heures opco.Minutes, total opco.Montant, jours int) opco.Demande {
	d := demande()
	d.Etablissement, d.Organisme, d.Duree, d.Intitule = opco.SIRET(ent.SIRET), of, heures*60, "Formation à "+total.Nombre()
	d.Debut, d.Fin = "2026-04-13", opco.Date("2026-04-13").Jours(jours-1)
	d.Lignes = []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: total}}
	d.Stagiaires = nil
	for i := range n {
		s := opco.Stagiaire{ID: "s" + string(rune('1'+i)), Nom: "Nom" + string(rune('A'+i)) + total.Decimal(), Prenom: "Élève", Heures: heures * 60, Peda: total / opco.Montant(n)}
		s.Nom = strings.Map(func(r rune) rune {
			if r == '.' || r >= '0' && r <= '9' {
				return 'a' + r%26
			}
			return r
		}, s.Nom)
		d.Stagiaires = append(d.Stagiaires, s)
	}
	return d
}

// aPayer brings a dossier to its règlement and returns its id.
func (c *conduite) aPayer(d opco.Demande, ent, of opco.Acteur, iban opco.IBAN, numero string) string {
	c.t.Helper()
	c.a("2026-03-02 10:00:00")
	id := c.deposer(d, ent)
	c.a("2026-03-09 09:00:00")
	c.attendre(c.faire(id, opco.ActeDecider, ges, opco.ChargeDecider{}), opco.EtatAccordee)
	c.a("2026-04-18 00:00:01")
	c.attendre(c.echoir(id), opco.EtatAttenteServiceFait)
	c.a("2026-04-20 11:00:00")
	var certifs opco.ChargeCertifier
	for _, s := range d.Stagiaires {
		certifs.Certificats = append(certifs.Certificats, opco.Certificat{ID: uuid.NewString(), Nom: s.Nom, Prenom: s.Prenom, Intitule: d.Intitule,
			Nature: d.Nature, Du: d.Debut, Au: d.Fin, Heures: s.Heures, Emetteur: opco.SIRET(of.SIRET), SigneLe: "2026-04-18", Signe: true})
	}
	c.attendre(c.faire(id, opco.ActeCertifier, of, certifs), opco.EtatSFEnControle)
	f := facture(c, id, numero, d.Total())
	f.Facture.Emetteur, f.Facture.IBAN = opco.SIRET(of.SIRET), iban
	c.attendre(c.faire(id, opco.ActeFacturer, of, f), opco.EtatSFEnControle)
	c.attendre(c.faire(id, opco.ActeConstater, ges, opco.ChargeConstater{}), opco.EtatEnReglement)
	return id
}

// troisReglements is the fixture of S11: 1 200,00 and 2 835,00 to OF1, 2 240,00
// to OF2.
func (c *conduite) troisReglements() (s01, s04, s09 string) {
	c.t.Helper()
	un := demande().Organisme
	deux := opco.OrganismeDemande{SIRET: "99900143100017", Nom: "Compétences Plus Démo", NDA: "84691234569", Adresse: "2 rue des Essais",
		CodePostal: "69001", Ville: "Lyon"}
	s01 = c.aPayer(formation(e1, un, 2, 14, 120000, 2), e1, of1, ibanOF1, "F-2026-118")
	s04 = c.aPayer(formation(e3, un, 3, 21, 283500, 3), e3, of1, ibanOF1, "F-2026-119")
	s09 = c.aPayer(formation(e3, deux, 2, 28, 224000, 4), e3, of2, ibanOF2, "CP-77")
	return s01, s04, s09
}

func (c *conduite) construire(par opco.Acteur, ch opco.ChargeConstruireLot) (string, error) {
	c.t.Helper()
	b, err := json.Marshal(ch)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := c.s.ConstruireLot(c.ctx, opco.Acte{ID: uuid.NewString(), Type: opco.ActeConstruireLot, Par: par, Charge: b})
	return strings.TrimPrefix(r.Acte.Objet, "lot/"), err
}

func (c *conduite) lotPropose(groupe bool) string {
	c.t.Helper()
	id, err := c.construire(cpt, opco.ChargeConstruireLot{EcheanceAu: "2026-05-20", Groupe: groupe, Execution: "2026-05-04"})
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

// The address of a payee is in the transfer when it is known whole, and is sealed with it; a lot that is proposed keeps
// the one it was built with.
func TestAdresseDuBeneficiaire(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	c.s.DB.MustExec(`UPDATE etablissement SET adresse = '3 bis, allée de l’Œuvre', code_postal = '69001', ville = 'Lyon' WHERE siret = $1`, of2.SIRET)
	c.s.DB.MustExec(`UPDATE etablissement SET adresse = '8 rue du Dépôt', code_postal = '', ville = 'Toulouse' WHERE siret = $1`, of1.SIRET)
	c.a("2026-05-04 09:00:00")
	id := c.lotPropose(false)
	c.s.DB.MustExec(`UPDATE etablissement SET adresse = '1 place Neuve' WHERE siret = $1`, of2.SIRET)
	l := c.lot(id)
	c.faireLot(id, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: 3, Somme: l.Somme()})
	l = c.lot(id)
	if err := l.Intact(); err != nil || l.Etat != opco.LotValide {
		t.Fatalf("the lot is %s: %v", string(l.Etat), err)
	}
	for _, v := range l.Virements() {
		switch a := v.Adresse; {
		case v.Nom == "Compétences Plus Démo" && (a == nil || *a != opco.AdressePostale{Numero: "3 bis", Voie: "allee de l'OEuvre", CodePostal: "69001", Ville: "Lyon", Pays: "FR"}):
			t.Errorf("%s at %+v, want what was known when the lot was built", v.Nom, a)
		case v.Nom != "Compétences Plus Démo" && a != nil:
			t.Errorf("%s at %+v, want no address: it is not known whole", v.Nom, a)
		}
	}
	l.Lignes[0].Adresse, l.Lignes[2].Adresse = nil, nil
	if l.Intact() == nil {
		t.Error("an address changed, and the seal holds")
	}
}

// faireLot receives an acte on a lot and records it as its procedure does.
func (c *conduite) faireLot(id string, t opco.TypeActe, par opco.Acteur, charge any) (opco.Issue, store.Recu) {
	c.t.Helper()
	b, err := json.Marshal(charge)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := c.s.Recevoir(c.ctx, opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetLot(id), Type: t, Par: par, Charge: b})
	if err != nil {
		c.t.Fatal(err)
	}
	return c.enregistrer(r.Acte)
}

// enregistrer records the next acte of the inbox of its object.
func (c *conduite) enregistrer(a opco.Acte) (opco.Issue, store.Recu) {
	c.t.Helper()
	d, err := c.s.Depart(c.ctx, a.Objet)
	if err != nil {
		c.t.Fatal(err)
	}
	i, err := c.s.Record(c.ctx, opco.Demarche{Objet: a.Objet, Rang: d.Rang + 1, ActeID: a.ID})
	if err != nil {
		c.t.Fatalf("%s: %v", a.Type, err)
	}
	r, err := c.s.Acte(c.ctx, a.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	return i, r
}

// systeme records a step of the system on a lot.
func (c *conduite) systeme(id string, t opco.TypeActe, code string) opco.Issue {
	c.t.Helper()
	d, err := c.s.Depart(c.ctx, opco.ObjetLot(id))
	if err != nil {
		c.t.Fatal(err)
	}
	le, err := c.s.Maintenant(c.ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	i, err := c.s.Record(c.ctx, opco.Demarche{Objet: d.Objet, Rang: d.Rang + 1,
		Echeance: &opco.Echeance{Type: t, Code: code, Le: le, Effet: opco.JourDe(le)}})
	if err != nil {
		c.t.Fatalf("%s: %v", t, err)
	}
	return i
}

// envoyer validates a lot and brings its file to the bank; it returns the file.
func (c *conduite) envoyer(id string) []byte {
	c.t.Helper()
	l := c.lot(id)
	i, r := c.faireLot(id, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: len(l.Lignes), Somme: l.Somme()})
	if i.Resume.Etat != opco.Etat(opco.LotValide) {
		c.t.Fatalf("got %s, %s; want VALIDE", i.Resume.Etat, r.Phrase)
	}
	b, err := banque.Fichier(c.lot(id))
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.s.ArchiverFichier(c.ctx, id, c.lot(id).Sceau, bytes.NewReader(b)); err != nil {
		c.t.Fatal(err)
	}
	c.attendre(c.systeme(id, opco.ActeEmettreLot, "emission"), opco.Etat(opco.LotEmis))
	c.attendre(c.systeme(id, opco.ActeTransmettreLot, "transmission"), opco.Etat(opco.LotTransmis))
	return b
}

func (c *conduite) lot(id string) *opco.Lot {
	c.t.Helper()
	l, err := c.s.Lot(c.ctx, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return l
}

// lire reads a file of the bank as the API does; what it gives the lots and the dossiers
// waits for its turn.
func (c *conduite) lire(nom string, octets []byte) opco.Importation {
	c.t.Helper()
	ret, err := banque.Lire(bytes.NewReader(octets))
	if err != nil {
		c.t.Fatal(err)
	}
	imp, err := c.s.ImporterRetour(c.ctx, nom, bytes.NewReader(octets), ret, cpt)
	if err != nil {
		c.t.Fatal(err)
	}
	return imp
}

// importer reads a file of the bank and applies what it gives to the lots and then to
// the dossiers.
func (c *conduite) importer(nom string, octets []byte) opco.Importation {
	c.t.Helper()
	imp := c.lire(nom, octets)
	c.entendre()
	return imp
}

// entendre applies all that waits in the inboxes, as the procedures do.
func (c *conduite) entendre() {
	c.t.Helper()
	for {
		as, err := c.s.EnAttente(c.ctx, 0, 100)
		if err != nil {
			c.t.Fatal(err)
		}
		if len(as) == 0 {
			return
		}
		for _, a := range as {
			if _, r := c.enregistrer(a); r.Verdict != opco.VerdictApplique {
				c.t.Fatalf("%s of %s: %s %s", a.Type, a.Objet, r.Verdict, r.Phrase)
			}
		}
	}
}

func (c *conduite) compte(compte string) (m opco.Montant) {
	c.t.Helper()
	if err := c.s.DB.Get(&m, `SELECT COALESCE(sum(montant), 0)::bigint FROM solde WHERE compte = $1`, compte); err != nil {
		c.t.Fatal(err)
	}
	return m
}

func (c *conduite) etatDossier(id string) opco.Resume {
	c.t.Helper()
	d, err := c.s.Depart(c.ctx, opco.ObjetDossier(id))
	if err != nil {
		c.t.Fatal(err)
	}
	return d.Resume
}

func quand(t *testing.T, s string) time.Time {
	t.Helper()
	le, err := time.ParseInLocation("2006-01-02 15:04", s, opco.Paris)
	if err != nil {
		t.Fatal(err)
	}
	return le
}

// What the comptable may not do, and what changes between building and
// validating.
func TestLotRefus(t *testing.T) {
	c := conduire(t)
	s01, _, _ := c.troisReglements()
	c.a("2026-05-04 09:00:00")
	var reglement string
	if err := c.s.DB.Get(&reglement, `SELECT id FROM reglement WHERE dossier = $1`, s01); err != nil {
		t.Fatal(err)
	}
	gesComptable := ges
	gesComptable.Role = opco.RoleComptable
	tests := []struct {
		name   string
		par    opco.Acteur
		charge opco.ChargeConstruireLot
		kind   opco.Kind
		code   string
	}{
		{"who instructed", gesComptable, opco.ChargeConstruireLot{Reglements: []string{reglement}, Execution: "2026-05-04"}, opco.Forbidden, "QUATRE_YEUX"},
		{"unknown règlement", cpt, opco.ChargeConstruireLot{Reglements: []string{"nulle part"}, Execution: "2026-05-04"}, opco.NotFound, ""},
		{"day gone", cpt, opco.ChargeConstruireLot{Reglements: []string{reglement}, Execution: "2026-05-03"}, opco.Invalid, ""},
		{"no such day", cpt, opco.ChargeConstruireLot{Reglements: []string{reglement}, Execution: "2026-02-30"}, opco.Invalid, ""},
		{"nothing due", cpt, opco.ChargeConstruireLot{EcheanceAu: "2026-05-04", Execution: "2026-05-04"}, opco.Conflict, "LOT_VIDE"},
		{"not a comptable", res, opco.ChargeConstruireLot{Reglements: []string{reglement}, Execution: "2026-05-04"}, opco.Forbidden, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := c.construire(tt.par, tt.charge)
			var e *opco.Error
			if !errors.As(err, &e) || e.Kind != tt.kind || e.Code != tt.code {
				t.Errorf("got %v, want %s %s", err, tt.kind, tt.code)
			}
		})
	}
	id := c.lotPropose(false)
	if id != "L26-0001" {
		t.Errorf("got %s: a refused lot took a number", id)
	}
	if _, err := c.construire(cpt2, opco.ChargeConstruireLot{Reglements: []string{reglement}, Execution: "2026-05-04"}); opco.KindOf(err) != opco.Conflict {
		t.Errorf("got %v, want a Conflict: the règlement is in a lot", err)
	}
	if _, r := c.faireLot(id, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: 3, Somme: 627499}); r.Code != "LOT_CHANGE" {
		t.Errorf("got %s, want LOT_CHANGE", r.Code)
	}
	if _, r := c.faireLot(id, opco.ActeValiderLot, gesComptable, opco.ChargeValiderLot{Nombre: 3, Somme: 627500}); r.Code != "QUATRE_YEUX" {
		t.Errorf("got %s, want QUATRE_YEUX", r.Code)
	}
	if _, err := c.s.DB.Exec(`UPDATE organisme SET iban = 'FR7699999000770070070077737' WHERE siren = '999001431'`); err != nil {
		t.Fatal(err)
	}
	i, r := c.faireLot(id, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: 3, Somme: 627500})
	if i.Resume.Etat != opco.Etat(opco.LotPropose) || i.Resume.Demande != 403500 || r.Code != "LIGNES_CHANGEES" {
		t.Errorf("got %s, %s, %s; want PROPOSE, 4 035,00: the line whose IBAN changed is out", i.Resume.Etat, i.Resume.Demande, r.Code)
	}
	c.ejecterPuisExpirer(t, id, reglement)
}

// ejecterPuisExpirer: who takes a line out is a creator; after five days the
// règlements are to be paid again.
func (c *conduite) ejecterPuisExpirer(t *testing.T, id, reglement string) {
	t.Helper()
	i, _ := c.faireLot(id, opco.ActeEjecterLigne, cpt2, opco.ChargeEjecterLigne{Retirer: []string{reglement}})
	if i.Resume.Demande != 283500 {
		t.Errorf("got %s left, want 2 835,00", i.Resume.Demande)
	}
	if _, r := c.faireLot(id, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: 1, Somme: 283500}); r.Code != "MEME_PERSONNE" {
		t.Errorf("got %s, want MEME_PERSONNE: whoever edits a lot is a creator of it", r.Code)
	}
	d, err := c.s.Depart(c.ctx, opco.ObjetLot(id))
	if err != nil {
		t.Fatal(err)
	}
	e := d.Resume.Echeances[0]
	if got := e.Le.In(opco.Paris).Format("2006-01-02 15:04"); got != "2026-05-10 00:00" || e.Effet != "2026-05-09" {
		t.Errorf("got the end at %s, effet %s; want 2026-05-10 00:00, 2026-05-09", got, e.Effet)
	}
	c.a("2026-05-10 00:00:01")
	i, err = c.s.Record(c.ctx, opco.Demarche{Objet: d.Objet, Rang: d.Rang + 1, Echeance: &e})
	if err != nil || i.Resume.Etat != opco.Etat(opco.LotExpire) {
		t.Errorf("got %s, %v; want EXPIRE", i.Resume.Etat, err)
	}
	var n int
	if err := c.s.DB.Get(&n, `SELECT count(*) FROM reglement WHERE etat = 'A_PAYER' AND lot IS NULL AND end_to_end_id = numero`); err != nil || n != 3 {
		t.Errorf("got %d règlements to pay, %v; want 3", n, err)
	}
}

// The lists of the comptable: what is to be paid, page by page, and its sum.
func TestListesComptables(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	var vus []string
	f := store.FiltreReglements{Etats: []opco.EtatReglement{opco.ReglementAPayer}, EcheanceAu: "2026-05-20", Limite: 2}
	for range 2 {
		p, err := c.s.Reglements(t.Context(), f)
		if err != nil || p.Nombre != 3 || p.Somme != 627500 {
			t.Fatalf("got %d, %s, %v; want 3, 6 275,00", p.Nombre, p.Somme, err)
		}
		for _, r := range p.Reglements {
			vus = append(vus, r.ID)
			if r.IBAN == ibanOF1 || r.IBAN == ibanOF2 {
				t.Errorf("the list shows a whole IBAN: %s", r.IBAN)
			}
		}
		f.Apres = p.Suivant
	}
	if len(vus) != 3 || f.Apres != "" {
		t.Errorf("got %d règlements over two pages, then %q; want 3 and the end", len(vus), f.Apres)
	}
	f.Apres = "n'importe quoi"
	if _, err := c.s.Reglements(t.Context(), f); opco.KindOf(err) != opco.Invalid {
		t.Errorf("got %v for a made up page, want Invalid", err)
	}
	c.envoyer(c.lotPropose(false))
	ls, suivant, err := c.s.Lots(t.Context(), []opco.EtatLot{opco.LotTransmis}, "", 10)
	if err != nil || len(ls) != 1 || suivant != "" {
		t.Fatalf("got %v, %q, %v; want one lot", ls, suivant, err)
	}
	if l := ls[0]; l.CreePar != cpt.Nom || l.ValidePar != cpt2.Nom || l.Empreinte == "" || l.EmisLe == nil || l.Somme != 627500 {
		t.Errorf("got %+v", l)
	}
}

// Two clicks, or two comptables, at the same instant: a règlement is in one lot,
// and the same acte makes one lot and answers the same.
func TestLotConcurrence(t *testing.T) {
	for _, tt := range []struct {
		name string
		acte func(i int) string
		bons int
	}{
		{"the same acte", func(int) string { return "0b7c9d7e-8d8a-4c1a-9a52-0d8f1d2c3b4a" }, 12},
		{"as many actes", func(int) string { return uuid.NewString() }, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := conduire(t)
			c.troisReglements()
			c.a("2026-05-04 09:00:00")
			charge, err := json.Marshal(opco.ChargeConstruireLot{EcheanceAu: "2026-05-20", Execution: "2026-05-04"})
			if err != nil {
				t.Fatal(err)
			}
			type reponse struct {
				objet string
				err   error
			}
			rs := make(chan reponse, 12)
			for i := range 12 {
				go func() {
					r, err := c.s.ConstruireLot(c.ctx, opco.Acte{ID: tt.acte(i), Type: opco.ActeConstruireLot, Par: cpt, Charge: charge})
					rs <- reponse{r.Acte.Objet, err}
				}()
			}
			bons := 0
			for range 12 {
				r := <-rs
				switch {
				case r.err == nil && r.objet == "lot/L26-0001":
					bons++
				case opco.KindOf(r.err) != opco.Conflict:
					t.Errorf("got %q, %v; want L26-0001 or a Conflict", r.objet, r.err)
				}
			}
			var n int
			if err := c.s.DB.Get(&n, `SELECT count(*) FROM lot`); err != nil || n != 1 || bons != tt.bons {
				t.Errorf("got %d lots, %d answers, %v; want 1, %d", n, bons, err, tt.bons)
			}
		})
	}
}

// The database knows exactly the états that the rules know.
func TestEtatsLot(t *testing.T) {
	c := conduire(t)
	for contrainte, want := range map[string][]string{
		"lot_etat": enTextes(opco.EtatsLot()), "reglement_etat": enTextes(opco.EtatsReglement()),
		"entree_etat": {string(opco.EntreeTransmise), string(opco.EntreeQuarantaine), string(opco.EntreeSansEffet), string(opco.EntreeAffectee)},
	} {
		var def string
		if err := c.s.DB.Get(&def, `SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = $1`, contrainte); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(def, "'") / 2; n != len(want) {
			t.Errorf("%s lists %d values, want %d: %s", contrainte, n, len(want), def)
		}
		for _, e := range want {
			if !strings.Contains(def, "'"+e+"'") {
				t.Errorf("%s does not know %s", contrainte, e)
			}
		}
	}
}

func enTextes[T ~string](es []T) []string {
	ts := make([]string, len(es))
	for i, e := range es {
		ts[i] = string(e)
	}
	return ts
}

// The journal of a lot is chained: each line is what was hashed, whatever the
// precision of the clock that the engine keeps.
func TestJournalDuLot(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	id := c.lotPropose(false)
	l := c.lot(id)
	c.faireLot(id, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: 3, Somme: l.Somme()})
	b, err := banque.Fichier(c.lot(id))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.s.ArchiverFichier(t.Context(), id, c.lot(id).Sceau, bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	le := quand(t, "2026-05-04 09:01").Add(123456789)
	e := opco.Echeance{Type: opco.ActeEmettreLot, Code: "emission", Le: le, Effet: "2026-05-04"}
	if _, err := c.s.Record(t.Context(), opco.Demarche{Objet: opco.ObjetLot(id), Rang: 3, Echeance: &e}); err != nil {
		t.Fatal(err)
	}
	ps, err := c.s.Journal(t.Context(), opco.Portee{Interne: true}, opco.ObjetLot(id))
	if err != nil || len(ps) != 3 {
		t.Fatalf("got %d lines, %v; want 3", len(ps), err)
	}
	precedente := ""
	for _, p := range ps {
		resume, err := json.Marshal(p.Resume)
		if err != nil {
			t.Fatal(err)
		}
		var ecrite string
		if err := c.s.DB.Get(&ecrite, `SELECT empreinte FROM passage WHERE objet = $1 AND rang = $2`, opco.ObjetLot(id), p.Rang); err != nil {
			t.Fatal(err)
		}
		if got := store.Empreinte(opco.ObjetLot(id), precedente, p, resume); got != ecrite {
			t.Errorf("line %d, %s: the hash is not the one of what is written", p.Rang, p.Type)
		}
		precedente = ecrite
	}
}

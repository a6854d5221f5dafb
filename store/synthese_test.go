package store_test

import (
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store"
)

// emploiAttendu sums the ledger of the test by what keep keeps.
func (l *livre) emploiAttendu(garde func(cleEssai) bool) (e store.EmploiFonds) {
	for k, m := range l.soldes {
		if !garde(k) || k.compte == opco.LivreSource || k.compte == opco.LivreEnveloppe {
			continue
		}
		e.Engage += m
		if k.compte != opco.LivreEngage {
			e.Facture += m
		}
		if k.compte == opco.LivrePaye || k.compte == opco.LivreTropPercu || k.compte == opco.LivreIndu {
			e.Paye += m
		}
	}
	return e
}

// TestTheSyntheseEqualsTheLedger: for any ledger, each figure of each year and fund is
// the ledger's to the cent, the envelope is what is engaged and what is left, and the
// établissements and the dossiers add up to the same.
func TestTheSyntheseEqualsTheLedger(t *testing.T) {
	for graine := range uint64(3) {
		l := remplir(t, 10+graine, 250)
		if _, err := l.s.DB.Exec(`INSERT INTO dossier (id, etat, rang, etablissement, siren, debut, demande, resume, contenu, cree_le, modifie_le)
			VALUES (gen_random_uuid(), 'EN_INSTRUCTION', 1, '99900101900010', '999001019', '2026-05-01', 2000000, '{}', '{}', now(), now())`); err != nil {
			t.Fatal(err)
		}
		entreprise := opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{"99900101900010", "99900101900028"}}
		for _, annee := range []int{2025, 2026, 0} {
			l.synthese(t, opco.Portee{Interne: true, Role: opco.RoleComptable}, annee, "")
			total := l.synthese(t, entreprise, annee, "999001019")
			l.parSite(t, entreprise, annee, total)
		}
	}
}

// synthese compares a year with the ledger, for one company or for all.
func (l *livre) synthese(t *testing.T, p opco.Portee, annee int, siren string) store.LigneSynthese {
	t.Helper()
	x, err := l.s.SyntheseFinanciere(l.ctx, p, annee)
	if err != nil {
		t.Fatal(err)
	}
	fonds, attendu, manque := map[string]store.LigneSynthese{}, opco.Montant(0), opco.Montant(0)
	if annee == 2026 {
		attendu, manque = 2_000_000, 2_000_000
	}
	for _, e := range enveloppesEssai { // in their rank
		if e.Annee != annee || siren != "" && e.SIREN != siren {
			continue
		}
		id := e.ID()
		k := fonds[e.Fonds]
		emploi := l.emploiAttendu(func(k cleEssai) bool { return k.enveloppe == id })
		k.Annee, k.Fonds = annee, e.Fonds
		k.Enveloppes++
		k.Engage, k.Facture, k.Paye, k.Prevision = k.Engage+emploi.Engage, k.Facture+emploi.Facture, k.Paye+emploi.Paye, k.Prevision+emploi.Engage
		if l.soldes[cle(id, "", opco.LivreSource)] <= -opco.MontantMax { // more, once the source gave back what a closed year owed
			k.SansPlafond++
		} else {
			k.Enveloppe -= l.soldes[cle(id, "", opco.LivreSource)]
			k.Reste += l.soldes[cle(id, "", opco.LivreEnveloppe)]
			k.EngagePlafonne += emploi.Engage
		}
		if e.SIREN == "999001019" {
			pris := min(manque, l.soldes[cle(id, "", opco.LivreEnveloppe)])
			k.Prevision, manque = k.Prevision+pris, manque-pris
		}
		fonds[e.Fonds] = k
	}
	if len(x.Fonds) != len(fonds) || x.Demandes != attendu || x.AuDela != manque {
		t.Errorf("%d for %q: got %d funds, %s asked, %s beyond; want %d, %s, %s", annee, siren, len(x.Fonds), x.Demandes, x.AuDela, len(fonds), attendu, manque)
	}
	for _, f := range x.Fonds {
		if f != fonds[f.Fonds] {
			t.Errorf("%d for %q: got %+v; want %+v", annee, siren, f, fonds[f.Fonds])
		}
		if f.Enveloppe != f.EngagePlafonne+f.Reste {
			t.Errorf("%d, %s: %s is not %s + %s", annee, f.Fonds, f.Enveloppe, f.EngagePlafonne, f.Reste)
		}
	}
	return x.Total()
}

// parSite adds the établissements up, then the dossiers page after page.
func (l *livre) parSite(t *testing.T, p opco.Portee, annee int, total store.LigneSynthese) {
	t.Helper()
	sites, err := l.s.EmploiParSite(l.ctx, p, annee)
	if err != nil {
		t.Fatal(err)
	}
	var somme store.EmploiFonds
	plus := func(e store.EmploiFonds) {
		somme = store.EmploiFonds{Engage: somme.Engage + e.Engage, Facture: somme.Facture + e.Facture, Paye: somme.Paye + e.Paye}
	}
	for _, s := range sites {
		plus(s.EmploiFonds)
		site := l.emploiAttendu(func(k cleEssai) bool {
			return sitesEssai[k.dossier] == string(s.Etablissement) && anneeDe(k.enveloppe) == annee
		})
		if s.EmploiFonds != site {
			t.Errorf("%d, %s: got %+v; want %+v", annee, s.Etablissement, s.EmploiFonds, site)
		}
	}
	tenus := map[string]bool{}
	for k := range l.soldes {
		if site := sitesEssai[k.dossier]; strings.HasPrefix(site, "999001019") && anneeDe(k.enveloppe) == annee {
			tenus[site] = true
		}
	}
	if somme != total.EmploiFonds || len(sites) != len(tenus) {
		t.Errorf("%d: %d établissements of %d hold %+v of %+v", annee, len(sites), len(tenus), somme, total.EmploiFonds)
	}
	somme = store.EmploiFonds{}
	for f := (store.FiltreEngagements{Annee: annee, Limite: 1}); ; {
		ls, suivant, err := l.s.Engagements(l.ctx, p, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range ls {
			plus(x.EmploiFonds)
		}
		if suivant == "" {
			break
		}
		f.Apres = suivant
	}
	if somme != total.EmploiFonds {
		t.Errorf("%d: the dossiers hold %+v of %+v", annee, somme, total.EmploiFonds)
	}
}

func anneeDe(enveloppe string) int {
	for _, e := range enveloppesEssai {
		if e.ID() == enveloppe {
			return e.Annee
		}
	}
	return -1
}

// TestTheSyntheseStaysInItsCompany: an établissement alone reads its own dossiers, a
// stranger and an organisme nothing; who was trained is listed by name, once granted.
func TestTheSyntheseStaysInItsCompany(t *testing.T) {
	l := remplir(t, 20, 200)
	un := opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{"99900101900028"}}
	if sites, err := l.s.EmploiParSite(l.ctx, un, 2026); err != nil || len(sites) != 1 || sites[0].Etablissement != "99900101900028" || sites[0].Dossiers != 1 {
		t.Errorf("got %+v (%v); want its établissement alone", sites, err)
	}
	autre := opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{"99900199900010"}}
	if x, err := l.s.SyntheseFinanciere(l.ctx, autre, -1); err != nil || len(x.Fonds)+len(x.Annees) != 0 {
		t.Errorf("got %+v (%v); want nothing", x, err)
	}
	for _, q := range []string{`INSERT INTO stagiaire (dossier, id, nom, prenom, cle, ne_le) VALUES ($1, 's1', 'Petit', 'Zoé', 'petit zoe', '1990-01-02'), ($1, 's2', 'Roux', 'Léo', 'roux leo', NULL)`} {
		for _, d := range []string{dossiersEssai["999001019"][0], dossiersEssai["999001225"][0]} {
			if _, err := l.s.DB.Exec(q, d); err != nil {
				t.Fatal(err)
			}
		}
	}
	tous := opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{"99900101900010", "99900101900028"}}
	ls, suivant, err := l.s.SalariesFormes(l.ctx, tous, 2026, "", 1)
	if err != nil || len(ls) != 1 || suivant == "" || ls[0].Nom != "Petit" || ls[0].NeLe != "1990-01-02" || ls[0].Du != "2026-01-12" {
		t.Fatalf("got %+v, %q (%v)", ls, suivant, err)
	}
	if ls, suivant, err = l.s.SalariesFormes(l.ctx, tous, 2026, suivant, 1); err != nil || len(ls) != 1 || suivant != "" || ls[0].Prenom != "Léo" || ls[0].NeLe != "" {
		t.Errorf("got %+v, %q (%v); want the second and last", ls, suivant, err)
	}
	for nom, p := range map[string]opco.Portee{"another year": tous, "another company": un, "an organisme": {Role: opco.RoleOrganisme, SIRETs: []string{"99900101900010"}}} {
		annee := 2026
		if nom == "another year" {
			annee = 2025
		}
		if ls, _, err := l.s.SalariesFormes(l.ctx, p, annee, "", 10); err != nil || len(ls) != 0 {
			t.Errorf("%s: got %+v (%v)", nom, ls, err)
		}
	}
}

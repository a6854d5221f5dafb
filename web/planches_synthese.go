package web

import (
	"net/url"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func init() { planches = append(planches, planchesSynthese, planchesEtatsJournal) }

func synthesePlanche() api.SyntheseLue {
	f := func(fonds string, enveloppe, engage, facture, paye, prevu opco.Montant) store.LigneSynthese {
		return store.LigneSynthese{Annee: 2026, Fonds: fonds, Enveloppes: 1, Enveloppe: enveloppe, Reste: enveloppe - engage, EngagePlafonne: engage, Prevision: prevu,
			EmploiFonds: store.EmploiFonds{Engage: engage, Facture: facture, Paye: paye}}
	}
	x := api.SyntheseLue{Synthese: store.Synthese{Annee: 2026, Annees: []int{2026, 2025, 0}, Demandes: 290_953, AuDela: 90_953,
		Fonds: []store.LigneSynthese{f(opco.FondsConventionnel, 350_000, 350_000, 350_000, 283_500, 350_000), f(store.FondsMutualise, 600_000, 400_000, 141_240, 120_005, 600_000)}}}
	x.Sites = []store.LigneSite{{Etablissement: siegeDemo, Dossiers: 14, EmploiFonds: store.EmploiFonds{Engage: 600_000, Facture: 400_000, Paye: 350_000}},
		{Etablissement: "99900101900028", Dossiers: 2, EmploiFonds: store.EmploiFonds{Engage: 100_000, Facture: 50_000, Paye: 40_000}}}
	return x
}

func planchesSynthese(m Maison) []Planche {
	vue := func(o Occupant, ici string, x api.SyntheseLue) SyntheseVue {
		p := SyntheseVue{Piece: pieceDe(m, "Synthèse financière", ici, o, Formulaire{}), SyntheseLue: x, Ici: ici, Entreprise: !o.Interne,
			Noms: map[string]string{string(siegeDemo): nomEntLong + ", Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson"}}
		p.avecFeuille()
		return p
	}
	e, cpt, vide, tout := entrepriseDemo(), comptableDemo(), api.SyntheseLue{}, synthesePlanche()
	vide.Annee = 2026
	long := synthesePlanche()
	long.Demandes, long.AuDela = 0, 0
	for i := range long.Fonds {
		f := &long.Fonds[i]
		f.Enveloppes, f.Enveloppe, f.Reste, f.Engage, f.Prevision = 1_204, 99_999_999_999, 12_345_678_901, 87_654_321_098, 87_654_321_098
	}
	long.Fonds[0].SansPlafond, long.Fonds[1].SansPlafond = 1_204, 3
	long.Fonds[0].Enveloppe, long.Fonds[0].Reste = 0, 0
	ls := []store.LigneEngagement{{Dossier: dossierDemo, Numero: "26.A.21001.1", Intitule: "Excel perfectionnement", Etablissement: siegeDemo, Etat: opco.EtatEnReglement, Annee: 2026, Fonds: store.FondsMutualise,
		EmploiFonds: store.EmploiFonds{Engage: 141_240, Facture: 120_005}}, {Dossier: dossierDemo, Numero: "26.A.21002.1", Intitule: intituleLong, Etablissement: siegeDemo, Etat: opco.EtatRegleePartielle, Annee: 0, Fonds: opco.FondsVV,
		EmploiFonds: store.EmploiFonds{Engage: 9_999_999_999, Facture: 9_999_999_999, Paye: 1}}}
	dossiers := func(ls []store.LigneEngagement) EngagementsVus {
		p := EngagementsVus{Piece: pieceDe(m, "Dossiers de la synthèse", "/entreprise/synthese", e, Formulaire{}), Phrase: phraseFiltre(store.FiltreEngagements{Annee: 2026, Fonds: store.FondsMutualise}), Lignes: lignesEngagements(ls)}
		if len(ls) > 0 {
			p.Curseur = PageListe{Suivant: "#", Export: "/entreprise/synthese/dossiers?annee=2026"}
		}
		return p
	}
	return []Planche{
		{"synthese", PageSynthese(vue(e, "/entreprise/synthese", tout))},
		{"synthese-vide", PageSynthese(vue(e, "/entreprise/synthese", vide))},
		{"synthese-comptable", PageSynthese(vue(cpt, "/comptabilite/synthese", long))},
		{"synthese-dossiers", PageEngagements(dossiers(ls))},
		{"synthese-dossiers-vide", PageEngagements(dossiers(nil))},
	}
}

func planchesEtatsJournal(m Maison) []Planche {
	journal := func(f Formulaire, cs []store.SoldeComptable) JournalVu {
		p := JournalVu{Piece: pieceDe(m, "Journal comptable", "/comptabilite/journal", comptableDemo(), f), Comptes: cs,
			Periode: store.PeriodeComptable{Fonds: store.FondsMutualise, Du: "2026-01-01", Au: "2026-06-11"}}
		p.avecFeuille()
		p.SansNumero, p.Numerote = 1_204, true
		return p
	}
	var cs []store.SoldeComptable
	for i, c := range []opco.CompteLivre{opco.LivreSource, opco.LivreEnveloppe, opco.LivreEngage} {
		n, lib := opco.CompteComptable(c)
		s := store.SoldeComptable{Compte: c, Numero: n, Libelle: lib, Lignes: int64(1 + 4_000*i)}
		switch i {
		case 0:
			s.Credit = 99_999_999_999
		case 1:
			s.Debit, s.Credit = 99_999_999_999, 12_345_678_901
		case 2:
			s.Debit = 12_345_678_901
		}
		cs = append(cs, s)
	}
	saisi := Formulaire{Valeurs: url.Values{"fonds": {store.FondsMutualise}, "du": {"2026-01-01"}, "au": {"2026-06-11"}}}
	fautes := Formulaire{Valeurs: url.Values{"fonds": {store.FondsMutualise}, "du": {"2026-06-31"}, "au": {"2026-06-11"}}, Erreurs: []Faute{{"du", "Cette date n’existe pas : écrivez-la comme 2026-04-13."}}}
	etats := func(annee int, annees []int) Etats {
		p := Etats{Piece: pieceDe(m, "États", "/entreprise/etats", entrepriseDemo(), Formulaire{}), Annee: annee, Annees: annees, Etats: etatsOfferts}
		p.avecFeuille()
		return p
	}
	return []Planche{
		{"etats", PageEtats(etats(2026, []int{2026, 2025}))},
		{"etats-vide", PageEtats(etats(-1, nil))},
		{"journal-comptable", PageJournal(journal(saisi, cs))},
		{"journal-comptable-vide", PageJournal(journal(saisi, nil))},
		{"journal-comptable-fautes", PageJournal(journal(fautes, nil))},
	}
}

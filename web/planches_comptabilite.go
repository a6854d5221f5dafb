package web

import (
	"fmt"
	"net/url"
	"time"

	"guichet/opco"
	"guichet/store"
)

func init() {
	planches = append(planches, planchesComptables, planchesLots, planchesBanque, planchesEnveloppes, planchesStatistiques, planchesResponsable)
}

const dossierPaye = "0190f3c2-7a4e-7c11-9a55-3f1d0c6b2a10"

func comptableDemo() Occupant {
	return personneDemo(opco.RoleComptable, "Marie-Noëlle", "Saint-Cricq")
}

// compteursComptables are the figures of the desk in the storybook.
var compteursComptables = store.CompteursComptabilite{APayer: store.Total{Nombre: 31, Somme: 4_812_640}, EnRetard: store.Total{Nombre: 2, Somme: 176_400},
	AValider: store.Total{Nombre: 1, Somme: 1_146_740}, Attendus: store.Total{Nombre: 2, Somme: 2_204_110}, Rejets: store.Total{Nombre: 2, Somme: 272_650},
	Quarantaine: store.Total{Nombre: 214, Somme: 99_999_99}, Muets: 1}

func reglementsDemo() []store.LigneReglement {
	r := func(n int, nom string, m opco.Montant, echeance opco.Date) store.LigneReglement {
		return store.LigneReglement{ID: fmt.Sprintf("r%d", n), Numero: fmt.Sprintf("R26-%06d", n), Dossier: dossierPaye, DossierNumero: fmt.Sprintf("AF26-%06d", 17700+n),
			FactureNumero: fmt.Sprintf("F-2026-%d", 100+n), Montant: m, Beneficiaire: "99900136500017", BeneficiaireNom: nom, IBAN: "FR76 •••• 5594", Echeance: echeance, Etat: opco.ReglementAPayer}
	}
	rs := []store.LigneReglement{r(1, "Formalia Synthèse", 120_000, "2026-06-04"), r(2, nomEntLong, 283_500, "2026-06-11"), r(3, "Compétences Plus Démo", 224_000, "2026-06-13")}
	rs[1].FactureNumero = "FACTURE-2026-DIRECTION-REGIONALE-0000001184"
	for i := 4; i < 24; i++ {
		rs = append(rs, r(i, "CFA Démo Industrie & Services", opco.Montant(10_000*i), "2026-07-01"))
	}
	return rs
}

func rejetsDemo() []store.LigneRejet {
	rs := reglementsDemo()
	le := midi.Add(-20 * time.Hour)
	un := store.LigneRejet{LigneReglement: rs[2], Cause: "Le compte du bénéficiaire est clos. Le bénéficiaire doit envoyer un nouveau RIB.", LeJour: le, IBANActuel: "FR76 •••• 6646",
		Representant: true, Courrier: "ENVOYE", Previent: &le}
	un.Etat, un.Motif, un.Lot = opco.ReglementRejete, "AC04", "L26-0021"
	deux := un
	deux.LigneReglement = rs[1]
	deux.Etat, deux.Motif, deux.RIBChange, deux.Courrier = opco.ReglementRetourne, "AC01", true, "SANS_ADRESSE"
	trois := un
	trois.ID, trois.Motif, trois.Cause, trois.Representant, trois.Courrier = "r9", "AM04", "Le compte de l’OPCO n’était pas assez approvisionné. La comptabilité approvisionne le compte, puis remet le règlement en paiement.", false, ""
	trois.Etat = opco.ReglementRejete
	quatre := trois
	quatre.ID, quatre.Representant, quatre.Courrier = "r10", true, "REFUSE"
	return []store.LigneRejet{un, deux, trois, quatre}
}

func entreesDemo() []store.LigneEntree {
	e := func(cle, ref string, s opco.StatutBancaire, motif string, m opco.Montant, etat opco.EtatEntree, phrase string) store.LigneEntree {
		x := store.LigneEntree{Empreinte: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", RecuLe: midi, Etat: etat, Lot: "L26-0021"}
		x.Cle, x.Retour, x.EndToEndID, x.Statut, x.Motif, x.Montant, x.Phrase, x.Jour = cle, "camt.054-2026-06-11-OPCO-DEMO-COMPTE-PRINCIPAL.xml", ref, string(s), motif, m, phrase, "2026-06-10"
		return x
	}
	es := []store.LigneEntree{
		e("a", "L26-0021-1", opco.BanqueExecute, "", 403_500, opco.EntreeTransmise, ""),
		e("b", "R26-000003", opco.BanqueRejete, "AC04", 224_000, opco.EntreeQuarantaine, "La banque annonce 2 240,00 € au lieu de 2 800,00 €."),
		e("c", "", opco.BanqueInformation, "", 0, opco.EntreeSansEffet, "Simple information de la banque."),
		e("d", "REFERENCE-INCONNUE-DE-TRENTE-CINQ-C", opco.BanqueRetourne, "MS03", 99_99, opco.EntreeQuarantaine, "Aucun règlement de Guichet ne porte cette référence."),
		e("e", "", opco.BanqueInconnu, "NARR", 0, opco.EntreeQuarantaine, "Guichet ne sait pas appliquer ce que la banque dit ici. La comptabilité le lit et décide."),
	}
	es[3].Lot, es[1].Cause = "", "Le compte du bénéficiaire est clos. Le bénéficiaire doit envoyer un nouveau RIB."
	return es
}

func lotsDemo() []store.LigneLot {
	l := func(id string, e opco.EtatLot, s opco.Montant) store.LigneLot {
		return store.LigneLot{ID: id, Etat: e, Execution: "2026-06-12", Groupe: true, Nombre: 6, Somme: s, CreePar: "Paul-Émile Castaing", CreeLe: midi}
	}
	ls := []store.LigneLot{l("L26-0023", opco.LotPropose, 1_146_740), l("L26-0022", opco.LotTransmis, 1_204_110), l("L26-0021", opco.LotSolde, 627_500), l("REPRISE-MANUELLE-ANNEE-2026-A", opco.LotAnnule, 1)}
	ls[1].ValidePar, ls[2].ValidePar = nomLong, "Marie-Noëlle Saint-Cricq"
	ls[2].Execute, ls[2].Rejete = 403_500, 224_000
	return ls
}

// lotDemo is a lot of three règlements, two of them in one transfer.
func lotDemo(e opco.EtatLot) opco.Lot {
	ligne := func(n int, e2e, nom string, m opco.Montant) opco.LigneLot {
		return opco.LigneLot{Reglement: fmt.Sprintf("r%d", n), Numero: fmt.Sprintf("R26-%06d", n), Dossier: dossierPaye, DossierNumero: fmt.Sprintf("AF26-%06d", 17700+n),
			FactureNumero: fmt.Sprintf("F-2026-%d", 117+n), Beneficiaire: "99900136500017", Nom: nom, IBAN: "FR76 •••• 5594", Montant: m, EndToEndID: e2e, Virement: int(e2e[len(e2e)-1] - '0'), Etat: opco.ReglementPropose}
	}
	par := opco.Acteur{Personne: "p1", Nom: "Paul-Émile Castaing", Role: opco.RoleComptable}
	l := opco.Lot{ID: "L26-0023", Etat: e, CreeLe: midi, Createurs: []opco.Acteur{par}, Execution: "2026-06-12", Groupe: true, Transferts: 2,
		Lignes:    []opco.LigneLot{ligne(1, "L26-0023-1", "Formalia Synthèse", 120_000), ligne(2, "L26-0023-1", "Formalia Synthèse", 283_500), ligne(3, "L26-0023-2", nomEntLong, 743_240)},
		Ecartees:  []opco.LigneEcartee{{Reglement: "r8", Numero: "R26-000008", Montant: 176_400, Raison: "Vous avez instruit, décidé ou contrôlé le dossier AF26-017708 : une autre personne doit préparer et valider son paiement."}, {Reglement: "r9", Numero: "R26-000009", Montant: 48_650, Raison: "L’IBAN enregistré pour Œuvre Façonnée & Cie n’est pas valable : demandez-lui un RIB."}},
		Echeances: []opco.Echeance{{Type: opco.ActeExpirerLot, Code: "expiration", Le: midi.Add(5 * 24 * time.Hour)}}}
	if e.Parti() {
		l.Donneur = opco.CompteBancaire{Nom: "OPCO Démo", IBAN: "FR7699999000100000010481048"}
		l.Validations = []opco.Acteur{{Nom: nomLong, Role: opco.RoleResponsable}}
		l.Fichier, l.EmisLe, l.Echeances = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", midi, nil
		if e != opco.LotEmis {
			l.TransmisLe = midi.Add(4 * time.Second)
		}
		for i := range l.Lignes {
			l.Lignes[i].Etat = opco.ReglementEmis
		}
		if e == opco.LotSolde {
			l.Lignes[0].Etat, l.Lignes[1].Etat = opco.ReglementExecute, opco.ReglementExecute
			l.Lignes[2].Etat, l.Lignes[2].Motif = opco.ReglementRejete, "AC04"
		}
	}
	return l
}

func planchesComptables(m Maison) []Planche {
	o := comptableDemo()
	bureau := func(f func(*Comptabilite)) Comptabilite {
		p := Comptabilite{Piece: pieceDe(m, "À payer aujourd’hui", "/comptabilite", o, Formulaire{}), Jour: "2026-06-11", Prepare: true}
		p.avecFeuille()
		f(&p)
		return p
	}
	factures := func(rs []store.LigneReglement, v url.Values, fautes ...Faute) FacturesAPayer {
		p := FacturesAPayer{Piece: pieceDe(m, "Factures à payer", "/comptabilite/factures", o, Formulaire{Valeurs: v, Erreurs: fautes}), Jour: "2026-06-11", Filtre: v, Prepare: true,
			Branches: []Option{{"", "Choisir une branche"}, {"1486", "Bureaux d’études techniques, ingénierie, conseil (IDCC 1486)"}}}
		p.avecFeuille()
		p.Page = p.avecModule("comptable.js")
		p.Reglements, p.Nombre = rs, int64(len(rs))
		for _, r := range rs {
			p.Somme += r.Montant
		}
		if len(rs) > 5 {
			p.Suite = "#"
		}
		return p
	}
	return []Planche{
		{"comptabilite", PageComptabilite(bureau(func(p *Comptabilite) {
			p.Compteurs, p.Factures, p.AValider, p.Attendus = compteursComptables, reglementsDemo()[:5], lotsDemo()[:1], lotsDemo()[1:2]
			p.Rejets, p.Quarantaine = rejetsDemo()[:2], entreesDemo()[3:]
		}))},
		{"comptabilite-vide", PageComptabilite(bureau(func(*Comptabilite) {}))},
		{"factures-a-payer", PageFacturesAPayer(factures(reglementsDemo(), url.Values{"retard": {"oui"}}))},
		{"factures-a-payer-vide", PageFacturesAPayer(factures(nil, nil))},
		{"factures-a-payer-fautes", PageFacturesAPayer(factures(nil, url.Values{"q": {"formalia"}, "montant_min": {"beaucoup"}},
			Faute{"echeance_au", "Cette date n’est pas valable."}, Faute{"montant_min", "Ce montant n’est pas lisible."}))},
	}
}

func planchesLots(m Maison) []Planche {
	o := comptableDemo()
	liste := Lots{Piece: pieceDe(m, "Lots de règlement", "/comptabilite/lots", o, Formulaire{}), Lots: lotsDemo(), Compte: compteursComptables, Suite: "#", Prepare: true}
	liste.avecFeuille()
	vide := liste
	vide.Lots, vide.Suite, vide.Etat = nil, "", "SOLDE"
	neuf := func(l *opco.Lot, refus string, v url.Values, fautes ...Faute) LotNouveau {
		p := LotNouveau{Piece: pieceDe(m, "Préparer un lot", "/comptabilite/lots", o, Formulaire{Valeurs: v, Erreurs: fautes}), Jour: "2026-06-11", Banque: "2026-06-12", Apercu: l, Refus: refus, Choisis: v["ligne"]}
		p.avecFeuille()
		return p
	}
	plein, rien := lotDemo(opco.LotPropose), opco.Lot{Ecartees: lotDemo(opco.LotPropose).Ecartees}
	long := plein
	long.Chantier = &opco.ChantierLot{Nombre: 46_118, Fait: opco.ParametresDefaut().LotPoignee}
	dates := url.Values{"echeance_au": {"2026-06-17"}, "execution": {"2026-06-12"}, "groupe": {"oui"}}
	return []Planche{
		{"lots", PageLots(liste)}, {"lots-vide", PageLots(vide)},
		{"lot-nouveau", PageLotNouveau(neuf(&plein, "", dates))},
		{"lot-nouveau-long", PageLotNouveau(neuf(&long, "", dates))},
		{"lot-nouveau-vide", PageLotNouveau(neuf(&rien, "Aucun règlement ne peut être payé.", dates))},
		{"lot-nouveau-fautes", PageLotNouveau(neuf(nil, "", url.Values{"execution": {"2026-06-13"}, "ligne": {"r1", "r2"}}, Faute{"execution", "Les banques sont fermées le 13 juin 2026 : choisissez le 15 juin 2026."}))},
		{"lot-en-construction", PageLot(lotVuDemo(m, opco.LotEnConstruction, func(p *PageDUnLot) {
			p.Lot.Chantier, p.Lot.EcarteesTues = &opco.ChantierLot{Nombre: 120_000, Fait: 46_000}, 312
		}))},
		{"lot-validation-en-cours", PageLot(lotVuDemo(m, opco.LotPropose, func(p *PageDUnLot) {
			p.Attend = "Validation demandée par " + nomLong + " : chaque ligne est relue avant de signer."
		}))},
		{"lot-a-valider", PageLot(lotVuDemo(m, opco.LotPropose, func(p *PageDUnLot) { p.Essai, p.Valide = "Lot L26-0023 validé par vous.", true }))},
		{"lot-prepare-par-moi", PageLot(lotVuDemo(m, opco.LotPropose, func(p *PageDUnLot) {
			p.Empeche, p.Troisieme = "Vous avez préparé ou modifié ce lot : une autre personne doit le valider.", true
			p.Changees = p.Lot.Ecartees[:1]
			p.Erreurs = []Faute{{"raison", "Dites pourquoi le lot est annulé : ses autres lecteurs le liront."}}
		}))},
		{"lot-solde", PageLot(lotVuDemo(m, opco.LotSolde, func(p *PageDUnLot) { p.Entrees.Entrees, p.SuiteBanq, p.Suite = entreesDemo(), "#", "#" }))},
		{"lot-remis", PageLot(lotVuDemo(m, opco.LotTransmis, func(*PageDUnLot) {}))},
		{"lot-inconnu", PageLot(lotVuDemo(m, opco.LotInconnu, func(*PageDUnLot) {}))},
		{"lot-inconnu-a-confirmer", PageLot(lotVuDemo(m, opco.LotInconnu, func(p *PageDUnLot) {
			p.Lot.Issue, p.Confirme = &opco.IssueLot{Par: opco.Acteur{Nom: nomLong}, Statut: opco.BanqueExecute, Jour: "2026-06-12", Releve: "n° 118", Somme: p.Lot.Somme()}, true
			p.Erreurs = []Faute{{"releve", "Donnez le numéro du relevé, ou dites qui a répondu à la banque."}}
		}))},
	}
}

func lotVuDemo(m Maison, e opco.EtatLot, f func(*PageDUnLot)) PageDUnLot {
	l := lotDemo(e)
	p := PageDUnLot{Piece: pieceDe(m, "Lot L26-0023", "/comptabilite/lots", comptableDemo(), Formulaire{}), LotVu: LotVu{Lot: l, Jour: "2026-06-11", Parametres: opco.ParametresDefaut(),
		LigneLot: store.LigneLot{ID: l.ID, Etat: e, Execution: l.Execution, Nombre: 3, Somme: l.Somme(), CreePar: "Paul-Émile Castaing", CreeLe: midi},
		Journal: []opco.Passage{{Type: opco.ActeConstruireLot, Vers: "PROPOSE", Verdict: opco.VerdictApplique, Phrase: "Lot L26-0023 préparé : 3 règlements, 11 467,40 €. Une autre personne doit le valider avant le 16 juin 2026 au soir.", Par: l.Createurs[0], Le: midi},
			{Type: opco.ActeValiderLot, Vers: "PROPOSE", Verdict: opco.VerdictRefuse, Phrase: "Vous avez préparé ou modifié ce lot : une autre personne doit le valider.", Par: l.Createurs[0], Le: midi.Add(time.Hour)}}}}
	if e == opco.LotPropose {
		p.Expire = midi.Add(5 * 24 * time.Hour)
	}
	if e.Parti() {
		p.Execute, p.Rejete = 403_500, 743_240
	}
	p.avecFeuille()
	p.droits(opco.RoleComptable)
	f(&p)
	p.Transferts = store.PageVirements{Recompte: p.Lot.Somme(), Virements: virementsApercu(&p.Lot)}
	for i, v := range p.Transferts.Virements {
		p.Transferts.Virements[i].Etat, p.Transferts.Virements[i].Motif = v.Lignes[0].Etat, v.Lignes[0].Motif
	}
	if e == opco.LotSolde {
		p.Suite = "#"
	}
	return p
}

func planchesBanque(m Maison) []Planche {
	o := comptableDemo()
	piece := func(titre, ici string, f Formulaire) Piece {
		p := pieceDe(m, titre, ici, o, f)
		p.avecFeuille()
		return p
	}
	fichiers := []store.LigneRetour{{Empreinte: "aa", Nom: "pain.002-2026-06-11.xml", Format: "pain.002.001.10", Entrees: 6, Nouvelles: 6, RecuLe: midi, Par: "Marie-Noëlle Saint-Cricq"},
		{Empreinte: "bb", Nom: "camt.054-2026-06-11-OPCO-DEMO-COMPTE-PRINCIPAL-EN-EUROS.xml", Format: "camt.054.001.08", Entrees: 5, Nouvelles: 4, Quarantaine: 2, RecuLe: midi, Par: nomLong}}
	retours := Retours{Piece: piece("Retours de banque", "/comptabilite/retours", Formulaire{}), Retours: fichiers, Importe: true, Compte: compteursComptables, Suite: "#"}
	fautes := retours
	fautes.Erreurs = []Faute{{"fichier", "Ce fichier n’est ni un pain.002 ni un camt : demandez à la banque le fichier XML d’origine."}}
	vide := Retours{Piece: piece("Retours de banque", "/comptabilite/retours", Formulaire{})}
	rejets := Rejets{Piece: piece("Rejets à traiter", "/comptabilite/rejets", Formulaire{}), Remet: true, Suite: "#"}
	rejets.Rejets, rejets.Nombre, rejets.Somme = rejetsDemo(), 4, 955_000
	refuse := rejets
	refuse.Erreurs = []Faute{{"", "Cette facture a déjà un règlement en cours ou exécuté."}}
	return []Planche{
		{"retours-banque", PageRetours(retours)}, {"retours-banque-vide", PageRetours(vide)}, {"retours-banque-fautes", PageRetours(fautes)},
		{"retour-banque", PageRetour(Retour{Piece: piece("Fichier", "/comptabilite/retours", Formulaire{}), LigneRetour: fichiers[1], Entrees: entreesDemo(), Suite: "#", Neuf: true})},
		{"retour-banque-vide", PageRetour(Retour{Piece: piece("Fichier", "/comptabilite/retours", Formulaire{}), LigneRetour: store.LigneRetour{RecuLe: midi, Format: "camt.053.001.08"}})},
		{"quarantaine", PageQuarantaine(Quarantaine{Piece: piece("Lignes de banque en quarantaine", "/comptabilite/retours", Formulaire{}), Entrees: entreesDemo()[1:], Nombre: 1214, Suite: "#"})},
		{"quarantaine-vide", PageQuarantaine(Quarantaine{Piece: piece("Lignes de banque en quarantaine", "/comptabilite/retours", Formulaire{})})},
		{"rejets", PageRejets(rejets)}, {"rejets-refus", PageRejets(refuse)},
		{"rejets-vide", PageRejets(Rejets{Piece: piece("Rejets à traiter", "/comptabilite/rejets", Formulaire{})})},
	}
}

func planchesEnveloppes(m Maison) []Planche {
	piece := func(titre string, f Formulaire) Piece {
		p := pieceDe(m, titre, "/comptabilite/enveloppes", comptableDemo(), f)
		p.avecFeuille()
		return p
	}
	e := func(nom string, annee int, dotation, engage, paye opco.Montant) store.LigneEnveloppe {
		l := store.LigneEnveloppe{ID: "999001019/2026/MUTUALISE", SIREN: "999001019", Annee: annee, Fonds: store.FondsMutualise, Libelle: "Plan mutualisé 2026", Nom: nom}
		l.Dotation, l.Engage, l.Paye, l.Disponible = dotation, engage, paye, dotation-engage-paye
		return l
	}
	es := []store.LigneEnveloppe{e("Atelier Numérique Sorbier", 2026, 600_000, 120_000, 283_500), e(nomEntLong, 2026, 99_999_999_99, 12_345_678_90, 0), e("", 0, opco.MontantMax, 0, 0), e("Boulangerie Béranger", 2026, 0, 0, 0)}
	es[3].Libelle, es[2].Libelle = "Versement volontaire", "Versement volontaire"
	ds := []store.DossierDEnveloppe{{Dossier: dossierPaye, Numero: "AF26-017701", Intitule: "Sécurité incendie", Etat: opco.EtatEnReglement}, {Dossier: dossierPaye, Numero: "AF26-017702", Intitule: nomEntLong + " : " + nomEntLong, Etat: opco.EtatAccordeePartielle}}
	ds[0].ServiceFait, ds[1].Engage = 120_000, 283_500
	return []Planche{
		{"enveloppes", PageEnveloppes(Enveloppes{Piece: piece("Fonds et enveloppes", Formulaire{}), Enveloppes: es, Suite: "#"})},
		{"enveloppes-vide", PageEnveloppes(Enveloppes{Piece: piece("Fonds et enveloppes", Formulaire{})})},
		{"enveloppes-fautes", PageEnveloppes(Enveloppes{Piece: piece("Fonds et enveloppes", Formulaire{Valeurs: url.Values{"siren": {"12"}}, Erreurs: []Faute{{"siren", "Un SIREN a neuf chiffres, un SIRET quatorze."}}}), Filtre: url.Values{"siren": {"12"}}})},
		{"enveloppe", PageEnveloppe(Enveloppe{Piece: piece("Plan mutualisé 2026", Formulaire{}), LigneEnveloppe: es[1], Dossiers: ds, Suite: "#"})},
		{"enveloppe-vide", PageEnveloppe(Enveloppe{Piece: piece("Plan mutualisé 2026", Formulaire{}), LigneEnveloppe: es[2]})},
	}
}

func planchesStatistiques(m Maison) []Planche {
	vue := func(semaines int, f Formulaire) StatistiquesVues {
		p := StatistiquesVues{Piece: pieceDe(m, "Statistiques", "/statistiques", personneDemo(opco.RoleResponsable, "Dominique", "Thévenet"), f), Objectif: 30, Periodes: periodesProposees("2026-06-11"),
			Filtre: store.FiltreMesures{Du: "2026-03-23", Au: "2026-06-11"}, Branches: []Option{{"", "Choisir"}, {"1486", "Bureaux d’études techniques, ingénierie, conseil (IDCC 1486)"}}}
		p.avecFeuille()
		for i := range semaines {
			x := store.Mesures{Cle: string(opco.Date("2026-03-23").Jours(7 * i)), Nombre: int64(20 + i), Moitie: 11.5 - float64(i)/2, NeufSurDix: 24 - float64(i), Premiers: int64(14 + i)}
			p.Decision.Semaines, p.Completude.Semaines = append(p.Decision.Semaines, x), append(p.Completude.Semaines, x)
			x.Moitie, x.NeufSurDix = 12+float64(i%3), 27+float64(i%4)
			p.Paiement.Semaines = append(p.Paiement.Semaines, x)
		}
		if semaines > 0 {
			p.Decision.Tout, p.Paiement.Tout, p.Completude.Tout = p.Decision.Semaines[0], p.Paiement.Semaines[0], p.Completude.Semaines[0]
			p.Decision.Branches = []store.Mesures{{Cle: "1486", Nombre: 120, Moitie: 9, NeufSurDix: 18}, {Cle: "", Nombre: 1, Moitie: 1, NeufSurDix: 1}}
			p.Completude.Branches = p.Decision.Branches
			p.Decision.Gens = []store.Mesures{{Cle: "p1", Nom: nomLong, Nombre: 80, Moitie: 8, NeufSurDix: 17}, {Cle: "p2", Nom: "Karim Aït-Said", Nombre: 41, Moitie: 10.5, NeufSurDix: 21}}
		}
		return p
	}
	du := Formulaire{Valeurs: url.Values{"du": {"2026-03-23"}, "au": {"2026-06-11"}}}
	return []Planche{
		{"statistiques", PageStatistiques(vue(12, du))}, {"statistiques-peu", PageStatistiques(vue(3, du))}, {"statistiques-vide", PageStatistiques(vue(0, du))},
		{"statistiques-fautes", PageStatistiques(vue(0, Formulaire{Valeurs: url.Values{"du": {"2026-06-11"}, "au": {"2026-01-01"}}, Erreurs: []Faute{{"au", "La période finit avant de commencer : corrigez l’une des deux dates."}}}))},
	}
}

func planchesResponsable(m Maison) []Planche {
	o := personneDemo(opco.RoleResponsable, "Dominique", "Thévenet")
	piece := func(titre string, f Formulaire) Piece {
		p := pieceDe(m, titre, "/equipe", o, f)
		p.avecFeuille()
		return p
	}
	regards := []store.SecondRegard{
		{Dossier: dossierPaye, Numero: "AF26-000001", Entreprise: "Atelier Numérique Sorbier", Demande: 56_000, Proposee: opco.Decision{Sens: opco.SensRefus, ProposePar: opco.Acteur{Nom: "Camille Vasseur", Personne: "p1"}}},
		{Dossier: dossierPaye, Numero: "AF26-000002", Entreprise: nomEntLong, Demande: 1_300_000, Proposee: opco.Decision{Sens: opco.SensPartiel, Accorde: 1_200_000, Derogation: "Dates déplacées pour un arrêt de travail du formateur", ProposePar: opco.Acteur{Nom: nomLong, Personne: "p2"}}}}
	charge := []store.ChargePersonne{{Personne: "p1", Nom: "Camille Vasseur", Ouverts: 47, SousTrois: 2, EnRetard: 1, Tenus: 1, Portefeuille: 3}, {Personne: "p2", Nom: nomLong, Ouverts: 61, SousTrois: 5}, {Ouverts: 12}, {Personne: "p3", Nom: "Sophie Le Goff"}}
	radar := store.Radar{Retard: 3}
	for i := range 10 {
		radar.Jours = append(radar.Jours, store.JourRadar{Jour: opco.Date("2026-06-11").Jours(i + 2*(i/5)), Nombre: int64((i * 7) % 12), Files: map[opco.Etat]int64{opco.EtatEnInstruction: int64(i)}})
	}
	n := 4
	ds := []store.LigneDossier{{ID: dossierPaye, Numero: "AF26-000001", Entreprise: nomEntLong, Intitule: nomEntLong, Etat: opco.EtatEnInstruction, Limite: "2026-06-15", JoursRestants: &n, Demande: 120_000}, {ID: "0190f3c2-7a4e-7c11-9a55-3f1d0c6b2a11", Numero: "AF26-000002", Entreprise: "École Les Tilleuls", Etat: opco.EtatTransmise}}
	gens := []Option{{"", "Choisir une personne"}, {"p2", nomLong + " (61 dossiers)"}}
	return []Planche{
		{"equipe", PageEquipe(Equipe{Piece: piece("Mon équipe", Formulaire{}), Jour: "2026-06-11", Charge: charge, Radar: radar, Regards: regards, Nombre: 12, Moi: "p1", Mene: true})},
		{"equipe-vide", PageEquipe(Equipe{Piece: piece("Mon équipe", Formulaire{}), Jour: "2026-06-11"})},
		{"second-regard", PageSecondsRegards(SecondsRegards{Piece: piece("Second regard", Formulaire{}), Regards: regards, Nombre: 2, Jour: "2026-06-11", Moi: "p2", Suite: "#"})},
		{"second-regard-vide", PageSecondsRegards(SecondsRegards{Piece: piece("Second regard", Formulaire{})})},
		{"confier", PageDossiersDe(DossiersDe{Piece: piece("Confier des dossiers", Formulaire{}), Personne: "p1", Nom: "Camille Vasseur", Dossiers: ds, Gens: gens, Suite: "#", Mene: true})},
		{"confier-fautes", PageDossiersDe(DossiersDe{Piece: piece("Confier des dossiers", Formulaire{Erreurs: []Faute{{"ligne", "Cochez les dossiers à confier."}, {"a", "Choisissez à qui les confier."}}}), Nom: "Dossiers à répartir", Dossiers: ds, Gens: gens, Mene: true})},
		{"confier-vide", PageDossiersDe(DossiersDe{Piece: piece("Confier des dossiers", Formulaire{}), Nom: "Sophie Le Goff"})},
	}
}

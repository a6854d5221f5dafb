package store

import (
	"fmt"
	"slices"
	"time"

	"guichet/opco"
)

// profil is what will happen to a dossier, drawn once (domain.md 6.2: incomplete
// 25 %, late 3 %, partial 8 %, refused 6 %, abandoned 2 %, mismatch 4 %).
type profil struct {
	incomplet, sansReponse, tardif, refuse, abandon, retrait bool
	ecartHeures, nonConforme, muet, brouillon, supprime      bool
	rejets                                                   int // bank rejections still to come
}

func (x *semeur) profil() profil {
	p := profil{incomplet: x.sur(250), tardif: x.sur(30), refuse: x.sur(20), abandon: x.sur(26), ecartHeures: x.sur(40),
		nonConforme: x.sur(60), muet: x.sur(12), retrait: x.sur(10), brouillon: x.sur(15), supprime: x.sur(8)}
	p.sansReponse = p.incomplet && x.sur(80)
	if x.sur(15) {
		p.rejets = 1
	}
	return p
}

// saison weighs the months of dépôt: September and December are the busy ones.
var saison = [12]int{8, 9, 10, 9, 8, 10, 6, 3, 20, 13, 12, 18}

// prevoirDossiers draws the dossiers and plans the first acte of each.
func (x *semeur) prevoirDossiers() {
	var poids []*entrepriseSemee
	for _, e := range x.entreprises {
		for range e.poids() {
			poids = append(poids, e)
		}
	}
	jours := opco.JourDe(x.maintenant).Depuis(opco.JourDe(x.debut)) - 4 // a brouillon opened before a long week-end is there
	for range x.o.Dossiers {
		j := opco.JourDe(x.debut).Jours(x.alea.IntN(jours))
		for x.alea.IntN(20) >= saison[j.Minuit().In(opco.Paris).Month()-1] {
			j = opco.JourDe(x.debut).Jours(x.alea.IntN(jours))
		}
		ds := &dossierSeme{ent: parmi(x, poids), profil: x.profil()}
		ds.of = x.choisirOrganisme(j)
		ds.d = &opco.Dossier{ID: x.id(), Demande: x.demande(ds, j)}
		ds.ent.dossiers = append(ds.ent.dossiers, ds)
		x.dossiers = append(x.dossiers, ds)
		le := x.auBureau(j.Minuit(), 0)
		x.prevoir(le, func() error { return x.recevoir(ds, opco.ActeCreer, ds.ent.acteur, le, nil) })
	}
}

// choisirOrganisme draws who trains. Twice in a hundred nobody looked whether he
// is certified and free to train on that day.
func (x *semeur) choisirOrganisme(jour opco.Date) *organismeSeme {
	o := parmi(x, x.organismes)
	for !x.sur(20) && (o.Suspendu || !o.Qualifie(opco.NatureFormation, jour)) {
		o = parmi(x, x.organismes)
	}
	return o
}

// demande draws what a company asks for, sent about the day depot.
func (x *semeur) demande(ds *dossierSeme, depot opco.Date) opco.Demande {
	avance := x.entre(32, 90)
	if ds.profil.tardif {
		avance = x.entre(-6, 0)
	}
	debut, nb := depot.Jours(avance), x.entre(1, 4)
	for !x.calendrier.Ouvre(debut) {
		debut = debut.Jours(1)
	}
	d := opco.Demande{Etablissement: ds.ent.Sites[0], Subrogation: true, Intitule: parmi(x, intitulesSemis), Nature: opco.NatureFormation,
		Organisme: opco.OrganismeDemande{SIRET: ds.of.Sites[0], Nom: ds.of.Nom, NDA: ds.of.NDA, Adresse: adresseSemee, CodePostal: ds.of.ville[0],
			Ville: ds.of.ville[1], Email: opco.Email(ds.of.Email)},
		Duree: opco.Minutes(nb * 7 * 60), Debut: debut, Fin: debut.Jours(nb - 1)}
	if x.sur(200) {
		d.ReferenceClient = fmt.Sprintf("CMD-%05d", x.alea.IntN(100_000))
	}
	prix := x.prix(ds, debut)
	var total opco.Montant
	for i, s := range x.choisirStagiaires(ds, d, min(x.entre(1, 1+x.entre(0, 2)), ds.ent.Effectif)) {
		s.ID, s.Heures = fmt.Sprintf("s%d", i+1), d.Duree
		s.Peda = prix * opco.Montant(nb*7)
		total += s.Peda
		d.Stagiaires = append(d.Stagiaires, s)
	}
	d.Lignes = []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: total}}
	return d
}

// prix draws a price per hour, in cents: above the cap 8 times in 100.
func (x *semeur) prix(ds *dossierSeme, debut opco.Date) opco.Montant {
	plafond := opco.Montant(60_00)
	if b, ok := opco.ChoisirBareme(x.baremes[ds.ent.IDCC], ds.ent.IDCC, ds.ent.Effectif, debut); ok && !b.Peda.Libre {
		plafond = b.Peda.Montant
	}
	if x.sur(80) {
		return plafond * opco.Montant(x.entre(105, 160)) / 100
	}
	return plafond * opco.Montant(x.entre(30, 90)) / 100
}

// choisirStagiaires draws n people of the company who are free on those days.
func (x *semeur) choisirStagiaires(ds *dossierSeme, d opco.Demande, n int) []opco.Stagiaire {
	var libres []opco.Stagiaire
	for _, s := range ds.ent.salaries {
		pris := slices.ContainsFunc(ds.ent.dossiers, func(o *dossierSeme) bool {
			return o.d.Demande.Debut <= d.Fin && d.Debut <= o.d.Demande.Fin && o.forme(s)
		})
		if !pris {
			libres = append(libres, s)
		}
	}
	if len(libres) == 0 {
		libres = ds.ent.salaries // everyone is away: the check of double financing will say so
	}
	x.alea.Shuffle(len(libres), func(i, j int) { libres[i], libres[j] = libres[j], libres[i] })
	return slices.Clone(libres[:min(n, len(libres))])
}

// piecesDe uploads the pièces of a dossier, as a person does before an acte.
func (x *semeur) piecesDe(ds *dossierSeme, le time.Time, types ...opco.TypePiece) []opco.Piece {
	var ps []opco.Piece
	for _, t := range types {
		p := opco.Piece{ID: x.id(), Type: t, Titre: t.Libelle(), Empreinte: x.documents[t].empreinte, Etat: opco.PieceRecue, DeposeLe: le}
		ds.d.Pieces = append(ds.d.Pieces, p)
		ps = append(ps, p)
	}
	return ps
}

// certificats certifies the hours that were followed, times the part of them.
func (x *semeur) certificats(ds *dossierSeme, le time.Time, part int) opco.ChargeCertifier {
	var c opco.ChargeCertifier
	q := ds.d.Demande
	for _, s := range q.Presents() {
		c.Certificats = append(c.Certificats, opco.Certificat{ID: x.id(), Nom: s.Nom, Prenom: s.Prenom, NeLe: s.NeLe, Intitule: q.Intitule, Nature: q.Nature,
			Du: q.Debut, Au: q.Fin, Heures: s.Heures * opco.Minutes(part) / 100, Emetteur: q.Organisme.SIRET, SigneLe: opco.JourDe(le), Signe: true})
	}
	return c
}

// facture invoices what was granted, with the VAT of an organisme that charges it.
func (x *semeur) facture(ds *dossierSeme, le time.Time) opco.ChargeFacturer {
	ds.of.factures++
	f := opco.Facture{ID: x.id(), Numero: fmt.Sprintf("%s-%d-%04d", "F", opco.JourDe(le).Annee(), ds.of.factures), Emetteur: ds.of.Sites[0],
		Destinataire: x.siretOPCO, Date: opco.JourDe(le), ReferenceDossier: ds.d.Numero, Intitule: ds.d.Demande.Intitule, IBAN: ds.of.IBAN}
	for _, l := range ds.d.Decision.Lignes {
		if l.Accorde > 0 {
			f.Lignes = append(f.Lignes, opco.LigneFacture{Ligne: l.Ligne, Montant: l.Accorde})
			f.TotalHT += l.Accorde
		}
	}
	if ds.of.TVA {
		f.TauxTVA = 2000
	}
	return opco.ChargeFacturer{Facture: f.AvecTVA(false)}
}

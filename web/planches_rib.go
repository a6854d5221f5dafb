package web

import (
	"strings"
	"time"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func init() { planches = append(planches, planchesRIB) }

// ribDemo is a RIB on its way, as the staff reads it.
func ribDemo(e opco.EtatRIB, nom string) api.RIB {
	actif := midi.Add(48 * time.Hour)
	return api.RIB{ID: "6ba7b810-9dad-11d1-80b4-00c04fd430c8", SIREN: "999001431", Sorte: opco.RoleOrganisme, Nom: nom, IBAN: "FR76 9999 9000 7700 7007 0077 737",
		BIC: "AAAAFRPP", Titulaire: nom, Ancien: "FR76 •••• 6646", Etat: e, ProposeNom: "Odile Compétences", ProposeLe: midi, ActifLe: &actif, Preuve: "rib.pdf"}
}

// planchesRIB are the pages of bank details.
func planchesRIB(m Maison) []Planche {
	of, cpt := organismeDemo(), comptableDemo()
	place := func(f Formulaire, rs ...api.RIB) Coordonnees {
		p := Coordonnees{Piece: pieceDe(m, "Coordonnées bancaires", coordonneesOrganisme, of, f), Adresse: coordonneesOrganisme, Ecrit: true, Attente: 48, RIBs: rs}
		p.ranger()
		return p
	}
	actif, cours, refuse := ribDemo(opco.RIBActif, "Compétences Plus Démo"), ribDemo(opco.RIBValide, nomEntLong), ribDemo(opco.RIBRefuse, nomEntLong)
	actif.IBAN, actif.ActifLe, cours.IBAN, refuse.IBAN = "FR76 •••• 6646", nil, "FR76 •••• 7737", "FR76 •••• 1192"
	refuse.Raison = "Le titulaire du compte est une autre entreprise."
	deux := place(Formulaire{}, actif, refuse)
	deux.Sites = []Option{{"99900143100017", "Établissement 999 001 431 00017"}, {"99900143100025", "Établissement 999 001 431 00025"}}
	faux := Formulaire{Valeurs: valeurs("iban", "FR76 3000 6000 0112 3456 7890 188", "bic", "AAAA", "titulaire", nomEntLong)}.avec([]Faute{
		{"iban", "Cet IBAN est faux : les deux chiffres après FR ne correspondent pas au reste. Recopiez-le depuis votre RIB."},
		{"bic", "Un BIC a 8 ou 11 caractères ; vous en avez saisi 4."}, {"fichier", "Joignez le RIB lui-même, en PDF ou en image."}})
	lecteur := place(Formulaire{}, actif)
	lecteur.Ecrit = false
	signe := ribDemo(opco.RIBPropose, nomEntLong)
	signe.Signaux = []opco.Signal{{Code: "IBAN_PARTAGE", Points: 60, Texte: "Cet IBAN est aussi celui de École Les Tilleuls."},
		{Code: "TITULAIRE_AUTRE", Points: 40, Texte: "Le titulaire « M. Untel » n’est pas le nom connu, « " + nomEntLong + " »."}}
	gele := ribDemo(opco.RIBGele, "Formalia Synthèse")
	gele.Motif, gele.Raison, gele.Preuve, gele.ActifLe = "AC04", "Le compte du bénéficiaire est clos. Le bénéficiaire doit envoyer un nouveau RIB.", "", nil
	leve := gele
	leve.LeveNom = nomLong
	liste := RIBsAVerifier{Attente: 48, Piece: pieceDe(m, "RIB à vérifier", adresseRIBs, cpt, Formulaire{}), RIBs: []api.RIB{signe, ribDemo(opco.RIBVu, "Compétences Plus Démo"), gele}, Suite: "#"}
	un := func(r api.RIB, f Formulaire, gs ...opco.GesteRIB) UnRIB {
		r.Gestes = gs
		r.Journal = []store.PassageRIB{{Fait: "propose", Nom: "Odile Compétences", Role: opco.RoleOrganisme, Le: midi},
			{Fait: "voir", Nom: nomLong, Role: opco.RoleResponsable, Le: midi}, {Fait: "geler", Detail: strings.Repeat("Règlement R26-000003 : AC04. ", 3), Nom: "Banque", Role: opco.RoleBanque, Le: midi}}
		return UnRIB{Attente: 48, Piece: pieceDe(m, "RIB", adresseRIBs, cpt, f), RIB: r}
	}
	muet := Formulaire{Valeurs: valeurs("geste", "refuser", "raison", "")}.avec([]Faute{{"raison", "Dites pourquoi : le bénéficiaire et vos collègues le liront."}})
	return []Planche{
		{"coordonnees", PageCoordonnees(deux)},
		{"coordonnees-vide", PageCoordonnees(place(Formulaire{}))},
		{"coordonnees-en-cours", PageCoordonnees(place(Formulaire{}, actif, cours))},
		{"coordonnees-fautes", PageCoordonnees(place(faux, actif))},
		{"coordonnees-lecture", PageCoordonnees(lecteur)},
		{"ribs", PageRIBs(liste)},
		{"ribs-vide", PageRIBs(RIBsAVerifier{Attente: 48, Piece: pieceDe(m, "RIB à vérifier", adresseRIBs, cpt, Formulaire{})})},
		{"rib", PageRIB(un(signe, Formulaire{}, opco.GesteValider, opco.GesteRefuser))},
		{"rib-gele", PageRIB(un(gele, Formulaire{}, opco.GesteDegeler))},
		{"rib-levee", PageRIB(un(leve, Formulaire{}, opco.GesteConfirmer))},
		{"rib-fautes", PageRIB(un(ribDemo(opco.RIBVu, "Compétences Plus Démo"), muet, opco.GesteValider, opco.GesteRefuser))},
	}
}

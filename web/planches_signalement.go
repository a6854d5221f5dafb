package web

import (
	"strings"
	"time"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func init() { planches = append(planches, planchesControle) }

// signalementDemo is a line of the queue.
func signalementDemo(numero string, e opco.EtatSignalement, enjeu opco.Montant, entreprise string, codes ...string) api.Signalement {
	s := api.Signalement{Dossier: "6ba7b810-9dad-11d1-80b4-00c04fd430c8", DossierNumero: numero, DossierEtat: opco.EtatEnReglement, Entreprise: entreprise,
		Organisme: "Compétences Plus Démo", Intitule: "Excel avancé", Etat: e, EtatLibelle: e.String(), Points: 30 * len(codes), Enjeu: enjeu, Codes: codes, OuvertLe: midi}
	if e == opco.SignalementRetenu {
		le, revoir := midi, jourPlanche.Jours(6)
		s.SuspenduLe, s.RevoirLe = &le, &revoir
	}
	return s
}

// planchesControle are the pages of the contrôle.
func planchesControle(m Maison) []Planche {
	ctl := personneDemo(opco.RoleControleur, "Sarah", "Tournier")
	piece := func(f Formulaire) Piece {
		p := pieceDe(m, "Contrôle", adresseControle, ctl, f)
		p.avecFeuille()
		return p
	}
	file := func(vue string, ls ...api.Signalement) FileControle {
		return FileControle{Piece: piece(Formulaire{}), Lignes: ls, Vue: vue, Jour: jourPlanche, Signaux: optionsSignaux(),
			Compte: store.CompteursSignalements{Ouverts: int64(len(ls)), Retenus: 2, ARevoir: 1}}
	}
	tous := opco.CodesSignal()
	ouvert := signalementDemo("26-000118", opco.SignalementOuvert, 224_000, "Propreté Azur", opco.SignalIBANPartage, opco.SignalEffectif)
	long := signalementDemo("26-000204", opco.SignalementOuvert, 4_812_640, nomEntLong, tous...)
	retenu := signalementDemo("26-000031", opco.SignalementRetenu, 120_000, "Atelier Numérique Sorbier", opco.SignalCertificat)
	retard := retenu
	hier := jourPlanche.Jours(-1)
	retard.RevoirLe = &hier
	un := func(s api.Signalement, f Formulaire, gs ...opco.GesteSignalement) UnSignalement {
		x := api.SignalementEntier{}
		x.Dossier, x.DossierNumero, x.DossierEtat, x.Entreprise, x.Organisme, x.Intitule = s.Dossier, s.DossierNumero, s.DossierEtat, s.Entreprise, s.Organisme, s.Intitule
		x.Etat, x.Points, x.Enjeu, x.Codes, x.OuvertLe, x.SuspenduLe, x.RevoirLe, x.Gestes = s.Etat, s.Points, s.Enjeu, s.Codes, s.OuvertLe, s.SuspenduLe, s.RevoirLe, gs
		for _, c := range s.Codes {
			x.Signaux = append(x.Signaux, store.SignalVu{Signal: opco.Signal{Code: c, Points: 60, Texte: "Le compte qui serait payé est aussi celui de " + s.Entreprise + "."}, VuLe: midi})
		}
		x.Reglements = []store.ReglementRetenu{{ID: "r", Numero: "R26-000003", Facture: "F-77", Nom: s.Organisme, Montant: s.Enjeu, Etat: opco.ReglementAPayer, Echeance: jourPlanche}}
		if s.RevoirLe != nil {
			x.Journal = []store.PassageSignalement{{Fait: opco.GesteRetenir, Raison: strings.Repeat("Le certificat est celui d’un autre dossier. ", 3), Nom: nomLong, Role: opco.RoleControleur, Le: midi.Add(-48 * time.Hour)}}
		}
		return UnSignalement{Piece: piece(f), SignalementEntier: x, Jour: jourPlanche}
	}
	ouvrir := file("", ouvert)
	ouvrir.Mene, ouvrir.Compte.Demain = true, 2
	refuse := ouvrir
	refuse.Formulaire = Formulaire{Valeurs: valeurs("numero", "AF26-999999", "raison", "")}.avec([]Faute{
		{"numero", "Aucun dossier ne porte le numéro « AF26-999999 ». Vérifiez-le : il est en haut du dossier."}, {"raison", "Dites pourquoi : vos collègues du contrôle le liront."}})
	muet := Formulaire{Valeurs: valeurs("geste", "retenir", "raison", "")}.avec([]Faute{{"raison", "Dites pourquoi : vos collègues du contrôle le liront."}})
	return []Planche{
		{"controle", PageControle(file("", long, ouvert))},
		{"controle-ouvrir", PageControle(ouvrir)},
		{"controle-fautes", PageControle(refuse)},
		{"controle-vide", PageControle(file(""))},
		{"controle-suspendus", PageControle(file("suspendus", retenu, retard))},
		{"signalement", PageSignalement(un(ouvert, Formulaire{}, opco.GesteRetenir, opco.GesteClasser))},
		{"signalement-long", PageSignalement(un(long, Formulaire{}))},
		{"signalement-suspendu", PageSignalement(un(retard, Formulaire{}, opco.GesteProlonger, opco.GesteLever))},
		{"signalement-fautes", PageSignalement(un(ouvert, muet, opco.GesteRetenir, opco.GesteClasser))},
	}
}

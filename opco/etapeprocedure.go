package opco

import (
	"slices"
	"strings"
)

// EtapeProcedure is one room of a procedure: the états in which an object is there, and what it
// waits for.
type EtapeProcedure struct {
	Nom    string
	Attend string
	Etats  []Etat
}

// EtapesDossier is the procedure of an AF dossier, from its dépôt to its clôture (domain.md 2.3). A
// dossier enters each of them as often as its pièces demand.
var EtapesDossier = []EtapeProcedure{
	{"dépôt", "l’entreprise : l’envoi de la demande", []Etat{EtatBrouillon}},
	{"complétude", "le gestionnaire : dossier complet ou pièces à demander ; relances J+10, J+20, sans suite J+30",
		[]Etat{EtatTransmise, EtatACompleter}},
	{"instruction", "le gestionnaire : la décision", []Etat{EtatEnInstruction}},
	{"second regard", "le responsable : valider ou renvoyer", []Etat{EtatEnValidation}},
	{"réalisation", "le début, puis la fin de la formation",
		[]Etat{EtatAccordee, EtatAccordeePartielle, EtatEnRealisation}},
	{"pièces de fin", "l’organisme ou l’entreprise : certificat et facture ; rappels, puis forclusion",
		[]Etat{EtatAttenteServiceFait}},
	{"service fait", "le gestionnaire : contrôle du service fait, ou des pièces corrigées",
		[]Etat{EtatSFEnControle, EtatSFNonConforme}},
	{"règlement", "la comptabilité, puis la banque", []Etat{EtatEnReglement, EtatRegleePartielle}},
	{"clôture", "trente jours sans rien de nouveau", []Etat{EtatReglee}},
}

// EtapesCompte is the procedure of an account (domain.md 2.9). The rights of an open account have
// their own états: they live inside its étape « vie du compte ».
var EtapesCompte = []EtapeProcedure{
	{"inscription", "la vérification de l’adresse", []Etat{EtatNouveau, CompteDemandeSaisie}},
	{"confirmation", "le demandeur : le code reçu par courriel ; rappel à 24 h, expiration à 72 h", []Etat{CompteEmailAConfirmer}},
	{"première connexion", "l’organisme : son identifiant, son mot de passe, le lien du second courriel ; expiration au bout de quinze jours",
		[]Etat{CompteProvisoire, CompteIdentifiantModifie, CompteMotDePasseConfirme}},
	{"expiration", "un nouveau code ou de nouveaux identifiants provisoires ; sinon l’effacement des données", []Etat{CompteExpire}},
	{"vie du compte", "les demandes de droits et leurs réponses, les mandats, la revue annuelle", []Etat{CompteActifLimite, CompteActif}},
	{"clôture", "l’effacement des données personnelles", []Etat{CompteClos}},
}

// EtapesIndu is the life of a debt (domain.md I01 to I04).
var EtapesIndu = []EtapeProcedure{
	{"constat", "le comptable : la notification", []Etat{Etat(InduNouveau), Etat(InduConstate)}},
	{"recouvrement", "le débiteur : réponse, remboursement ou compensation ; relances à 30, 60 et 90 jours", []Etat{Etat(InduNotifie)}},
	{"contestation", "le responsable : la réponse au débiteur", []Etat{Etat(InduConteste)}},
	{"contentieux", "l’issue du contentieux", []Etat{Etat(InduContentieux)}},
	{"abandon", "le comptable : confirmer ou refuser l’abandon", []Etat{Etat(InduAbandonPropose)}},
}

// etapesLot are those of a lot (domain.md R01 to R04).
var etapesLot = []EtapeProcedure{
	{"validation", "une seconde personne : la validation", []Etat{Etat(LotPropose)}},
	{"fichier", "l’écriture du fichier de virements", []Etat{Etat(LotValide)}},
	{"envoi", "la remise du fichier à la banque", []Etat{Etat(LotEmis)}},
	{"banque", "la réponse de la banque", []Etat{Etat(LotTransmis), Etat(LotInconnu)}},
}

// EtapesDe are the étapes of the procedure of an object, in the order in which it meets them.
func EtapesDe(objet string) []EtapeProcedure {
	switch {
	case strings.HasPrefix(objet, "lot/"):
		return etapesLot
	case strings.HasPrefix(objet, "compte/"):
		return EtapesCompte
	case strings.HasPrefix(objet, "indu/"):
		return EtapesIndu
	}
	return EtapesDossier
}

// NomEtape names the étape that holds an object in état e, "" when its procedure has ended.
func NomEtape(objet string, e Etat) string {
	es := EtapesDe(objet)
	i := slices.IndexFunc(es, func(x EtapeProcedure) bool { return slices.Contains(x.Etats, e) })
	if i < 0 {
		return ""
	}
	return es[i].Nom
}

// EtapesPassees names the étapes that an object has been in by its journal, each once, the one it
// entered last first.
func EtapesPassees(objet string, vecues []EtapeVecue) []string {
	var noms []string
	for _, v := range slices.Backward(vecues) {
		if nom := NomEtape(objet, v.Etat); nom != "" && !slices.Contains(noms, nom) {
			noms = append(noms, nom)
		}
	}
	return noms
}

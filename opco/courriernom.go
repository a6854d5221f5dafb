package opco

import "strings"

// nomsCourriels say what each mail announces, in a few words.
var nomsCourriels = map[Evenement]string{
	CourrierDepot: "accusé de réception", CourrierComplement: "demande de pièces", CourrierRelanceComplement: "relance des pièces",
	CourrierComplementRecu: "pièces reçues", CourrierSansSuite: "classement sans suite", CourrierAccord: "accord", CourrierAccordPartiel: "accord partiel",
	CourrierRefus: "refus", CourrierAnnulation: "annulation", CourrierPiecesFin: "pièces de fin attendues", CourrierRappelPieces: "rappel des pièces de fin",
	CourrierNonConforme: "service fait non conforme", CourrierForclusion: "forclusion", CourrierCloture: "clôture", CourrierFactureRecue: "facture reçue",
	CourrierFactureSuspendue: "facture suspendue", CourrierFactureRefusee: "facture refusée", CourrierFactureApprouvee: "facture approuvée",
	CourrierAvisVirement: "avis de virement", CourrierRejetBancaire: "rejet de la banque", CourrierInduNotifie: "notification d’un indu",
	CourrierInduRelance: "relance d’un indu", CourrierInduReponse: "réponse sur un indu", CourrierRIBPropose: "RIB proposé", CourrierRIBRefuse: "RIB refusé",
	CourrierRIBActif: "RIB en service", CourrierRIBGele: "RIB gelé", CourrierMessage: "message reçu",

	CourrierCode: "code d’activation", CourrierRelanceCode: "rappel du code d’activation", CourrierDejaInscrit: "adresse déjà inscrite",
	CourrierActifLimite: "accès limité ouvert", CourrierDroitsAccordes: "droits accordés", CourrierDroitsRefuses: "droits refusés",
	CourrierPrecision: "demande de précision", CourrierEntiteAjoutee: "entité ajoutée", CourrierProvisoire: "identifiants provisoires",
	CourrierIdentifiantModifie: "identifiant modifié", CourrierReinitialisation: "réinitialisation du mot de passe",
	CourrierMotDePasseChange: "mot de passe changé", CourrierBlocage: "compte bloqué", CourrierDroitsRetires: "droits retirés",
	CourrierInvitation: "invitation", CourrierDroitsDonnes: "droits donnés", CourrierMandatFini: "fin de mandat", CourrierRevue: "revue annuelle des droits",
	CourrierDroitsSuspendus: "droits suspendus", CourrierFacteurChange: "second facteur changé", CourrierCompteClos: "compte clos",
	CourrierRoleAccorde: "rôle accordé", CourrierRoleRetire: "rôle retiré", CourrierAutreCompte: "autre compte ouvert", CourrierDelegation: "délégation",
	CourrierTacheConseiller: "habilitations en retard",
}

// Libelle says what a mail announces, « accord partiel ».
func (e Evenement) Libelle() string {
	if nom := nomsCourriels[e]; nom != "" {
		return nom
	}
	return strings.ToLower(strings.ReplaceAll(string(e), "_", " "))
}

package opco

import "slices"

var (
	compteLimite      = []Etat{CompteActifLimite}
	compteActif       = []Etat{CompteActif}
	comptesOuverts    = []Etat{CompteActifLimite, CompteActif}
	comptesProvisoire = []Etat{CompteProvisoire, CompteIdentifiantModifie}
	comptesVivants    = append(append(slices.Clone(comptesProvisoire), CompteMotDePasseConfirme), comptesOuverts...) // a password opens them
	comptesOublieux   = append([]Etat{CompteMotDePasseConfirme}, comptesOuverts...)                                  // their password is their own, hence may be lost
	comptesAClore     = append([]Etat{CompteEmailAConfirmer, CompteExpire}, comptesVivants...)
	parDemandeur      = []Role{RoleDemandeur}
	parConseil        = []Role{RoleConseiller, RoleGestionnaire, RoleResponsable}
	parAdmin          = []Role{RoleAdmin}
	parOrganisation   = []Role{RoleEntreprise, RoleOrganisme}
	parRetrait        = append([]Role{RoleConseiller, RoleResponsable}, parOrganisation...)
	parSoi            = append([]Role{RoleDemandeur}, Roles()...) // the rule then wants the person of the account
	parAbsence        = parSoi[1:]                                // the person, a responsable or an administrator: idem
)

// parcoursCompte is the whole lifecycle of an account (domain.md 2.9). Codes are
// those of domain.md, C01 to C22; MA-71 for what a person changes of the own
// account; « R-01 » to « R-04 » for the roles of the staff, « D-01 », « D-02 » for
// delegations, « L-01 », « L-02 » for declared links; « REPRISE » for an account
// loaded as it stands. C08 stands for C09 too, which one acte may hold together, and
// C11 is what follows from any of them: an open account is ACTIF as long as a right
// is left to it, and has limited access otherwise.
var parcoursCompte = []Transition{
	{Code: "C01", De: []Etat{EtatNouveau}, Acte: ActeInscrire, Vers: []Etat{CompteDemandeSaisie}, Acteurs: parDemandeur},
	{Code: "C02", De: []Etat{CompteDemandeSaisie}, Acte: ActeVerifierInscription, Vers: []Etat{CompteEmailAConfirmer, CompteExpire}, Acteurs: parSys},
	{Code: "C03", De: []Etat{CompteEmailAConfirmer, CompteExpire}, Acte: ActeRenvoyerCode, Vers: []Etat{CompteEmailAConfirmer},
		Acteurs: []Role{RoleDemandeur, RoleEntreprise, RoleOrganisme, RoleAdmin}, Reste: true},
	{Code: "C04", De: []Etat{CompteEmailAConfirmer}, Acte: ActeRelancerCode, Acteurs: parSys, Reste: true},
	{Code: "C04", De: []Etat{CompteEmailAConfirmer}, Acte: ActeExpirerCompte, Vers: []Etat{CompteExpire}, Acteurs: parSys},
	{Code: "C04", De: []Etat{CompteExpire}, Acte: ActePurgerCompte, Vers: []Etat{CompteClos}, Acteurs: parSys},
	{Code: "C05", De: []Etat{CompteEmailAConfirmer}, Acte: ActeConfirmerEmail, Vers: comptesOuverts, Acteurs: parDemandeur},
	{Code: "C06", De: compteLimite, Acte: ActeVerifierDroits, Vers: compteActif, Acteurs: parSys, Reste: true},
	{Code: "C06", De: compteActif, Acte: ActeVerifierDroits, Acteurs: parSys, Reste: true},
	{Code: "C07", De: comptesOuverts, Acte: ActeOuvrirEspace, Acteurs: parSoi, Reste: true},
	{Code: "C07", De: comptesOuverts, Acte: ActeAlerterConseiller, Acteurs: parSys, Reste: true},
	{Code: "C08", De: compteLimite, Acte: ActeDeciderDroits, Vers: compteActif, Acteurs: parConseil, Reste: true},
	{Code: "C08", De: compteActif, Acte: ActeDeciderDroits, Acteurs: parConseil, Reste: true},
	{Code: "C10", De: comptesOuverts, Acte: ActeDemanderPrecision, Acteurs: parConseil, Reste: true},
	{Code: "C10", De: comptesOuverts, Acte: ActeRepondrePrecision, Acteurs: parSoi, Reste: true},
	{Code: "C10", De: comptesOuverts, Acte: ActeAbandonnerPrecision, Acteurs: parSys, Reste: true},
	{Code: "C12", De: comptesOuverts, Acte: ActeAjouterEntite, Acteurs: parSoi, Reste: true},
	{Code: "C12", De: comptesOuverts, Acte: ActeRedemanderDroit, Acteurs: parSoi, Reste: true},
	{Code: "C13", De: compteActif, Acte: ActeRetirerDroits, Vers: compteLimite, Acteurs: parRetrait, Reste: true},
	{Code: "C13", De: []Etat{CompteEmailAConfirmer, CompteActifLimite}, Acte: ActeRetirerDroits, Acteurs: parRetrait, Reste: true},
	{Code: "C14", De: []Etat{EtatNouveau}, Acte: ActeInviter, Vers: []Etat{CompteEmailAConfirmer, CompteExpire}, Acteurs: parOrganisation},
	{Code: "C14", De: compteLimite, Acte: ActeDonnerDroits, Vers: compteActif, Acteurs: parRetrait},
	{Code: "C14", De: compteActif, Acte: ActeDonnerDroits, Acteurs: parRetrait, Reste: true},
	{Code: "C14", De: compteActif, Acte: ActeFinirMandat, Vers: compteLimite, Acteurs: parSys, Reste: true},
	{Code: "C15", De: compteActif, Acte: ActeRevoirDroits, Vers: compteLimite, Acteurs: parSys, Reste: true},
	{Code: "C16", De: []Etat{EtatNouveau}, Acte: ActeOuvrirCompte, Vers: []Etat{CompteProvisoire}, Acteurs: append([]Role{RoleSysteme}, parConseil...)},
	{Code: "C17", De: comptesProvisoire, Acte: ActePersonnaliser, Vers: []Etat{CompteIdentifiantModifie}, Acteurs: parSoi, Reste: true},
	{Code: "C18", De: []Etat{CompteIdentifiantModifie}, Acte: ActeConfirmerIdentifiant, Vers: []Etat{CompteMotDePasseConfirme}, Acteurs: parSoi},
	{Code: "C18", De: []Etat{CompteMotDePasseConfirme}, Acte: ActeAccepterConfidentialite, Vers: comptesOuverts, Acteurs: parSoi},
	{Code: "C19", De: comptesProvisoire, Acte: ActeExpirerCompte, Vers: []Etat{CompteExpire}, Acteurs: parSys},
	{Code: "C19", De: append([]Etat{CompteExpire}, comptesProvisoire...), Acte: ActeReemettre, Vers: []Etat{CompteProvisoire}, Acteurs: parConseil, Reste: true},
	{Code: "C20", De: comptesOublieux, Acte: ActeDemanderReinit, Acteurs: parDemandeur, Reste: true},
	{Code: "C20", De: comptesOublieux, Acte: ActeReinitialiser, Acteurs: parDemandeur, Reste: true},
	{Code: "MA-71", De: comptesOuverts, Acte: ActeChangerMotDePasse, Acteurs: parSoi, Reste: true},
	{Code: "MA-71", De: comptesOuverts, Acte: ActeModifierCompte, Acteurs: parSoi, Reste: true},
	{Code: "MA-71", De: comptesOuverts, Acte: ActeChangerFacteur, Acteurs: parSoi, Reste: true},
	{Code: "C21", De: comptesVivants, Acte: ActeSignalerBlocage, Acteurs: parSys, Reste: true},
	{Code: "C22", De: comptesAClore, Acte: ActeCloreCompte, Vers: []Etat{CompteClos}, Acteurs: append([]Role{RoleSysteme}, parSoi...)},
	{Code: "C22", De: []Etat{CompteClos}, Acte: ActePurgerCompte, Acteurs: parSys, Reste: true},
	{Code: "REPRISE", De: []Etat{EtatNouveau}, Acte: ActeReprendreCompte, Vers: append([]Etat{CompteClos}, comptesOuverts...), Acteurs: []Role{RoleSysteme, RoleAdmin}},
	{Code: "R-01", De: []Etat{EtatNouveau}, Acte: ActeCreerAgent, Vers: []Etat{CompteEmailAConfirmer}, Acteurs: parAdmin},
	{Code: "R-02", De: compteLimite, Acte: ActeAccorderRole, Vers: compteActif, Acteurs: parAdmin, Reste: true},
	{Code: "R-02", De: compteActif, Acte: ActeAccorderRole, Acteurs: parAdmin, Reste: true},
	{Code: "R-03", De: compteLimite, Acte: ActeConfirmerRole, Vers: compteActif, Acteurs: parAdmin},
	{Code: "R-03", De: []Etat{CompteEmailAConfirmer, CompteActif}, Acte: ActeConfirmerRole, Acteurs: parAdmin, Reste: true},
	{Code: "R-04", De: compteActif, Acte: ActeRetirerRole, Vers: compteLimite, Acteurs: parAdmin, Reste: true},
	{Code: "R-04", De: []Etat{CompteEmailAConfirmer, CompteActifLimite}, Acte: ActeRetirerRole, Acteurs: parAdmin, Reste: true},
	{Code: "D-01", De: comptesOuverts, Acte: ActeDeleguer, Acteurs: parAbsence, Reste: true},
	{Code: "D-02", De: comptesOuverts, Acte: ActeFinirDelegation, Acteurs: append([]Role{RoleSysteme}, parAbsence...), Reste: true},
	{Code: "L-01", De: comptesOuverts, Acte: ActeDeclarerLien, Acteurs: parAbsence, Reste: true},
	{Code: "L-02", De: comptesOuverts, Acte: ActeFinirLien, Acteurs: []Role{RoleResponsable, RoleAdmin}, Reste: true},
}

// ParcoursCompte returns a copy of the table of transitions of an account.
func ParcoursCompte() []Transition { return slices.Clone(parcoursCompte) }

func transitionCompte(e Etat, a TypeActe) (Transition, bool) {
	for _, t := range parcoursCompte {
		if t.Acte == a && slices.Contains(t.De, e) {
			return t, true
		}
	}
	return Transition{}, false
}

// PasseCompte reports whether the lifecycle of an account has an edge de → vers
// by acte a, and returns its code.
func PasseCompte(de Etat, a TypeActe, vers Etat) (code string, ok bool) {
	t, ok := transitionCompte(de, a)
	if !ok {
		return "", false
	}
	if vers == de {
		return t.Code, t.Reste || slices.Contains(t.Vers, vers)
	}
	return t.CodeVers(vers), slices.Contains(t.Vers, vers)
}

// AdmetCompte returns nil when an account in état e admits the acte by someone in
// role r, a Conflict that says why when the état does not, a Forbidden when the
// role does not. What else the acte wants (its own account, an administrator of
// the company) is for Appliquer to say.
func AdmetCompte(e Etat, a TypeActe, r Role) error {
	t, ok := transitionCompte(e, a)
	if !ok {
		return refusEtape(e, a)
	}
	if !slices.Contains(t.Acteurs, r) {
		return Errorf(Forbidden, "Votre rôle ne permet pas %s.", NommerActe(a))
	}
	return nil
}

// refusEtape says why an account in état e does not admit the acte now.
func refusEtape(e Etat, a TypeActe) *Error {
	switch {
	case e == CompteExpire && a == ActeConfirmerEmail:
		return Errorf(Conflict, "Ce code a expiré. Demandez-en un nouveau : il part aussitôt.").AvecCode("CODE_EXPIRE")
	case CompteOuvert(e) && a == ActeConfirmerEmail:
		return Errorf(Conflict, "Cette adresse est déjà confirmée : connectez-vous.").AvecCode("DEJA_CONFIRME")
	case e == CompteMotDePasseConfirme && a == ActeConfirmerIdentifiant, CompteOuvert(e) && a == ActeConfirmerIdentifiant:
		return Errorf(Conflict, "Ce changement d’identifiant est déjà confirmé : connectez-vous avec le nouveau.").AvecCode("DEJA_CONFIRME")
	}
	libelle := LibelleCompte(e)
	if libelle == "" {
		libelle = "Nouveau"
	}
	return Errorf(Conflict, "Ce compte est « %s » : %s n’est pas possible à cette étape. Rechargez la page pour voir où il en est.",
		libelle, NommerActe(a)).AvecCode("ETAPE_INATTENDUE")
}

var phrasesActeCompte = map[TypeActe]string{
	ActeInscrire: "l’inscription", ActeRenvoyerCode: "l’envoi d’un nouveau code", ActeConfirmerEmail: "la confirmation de l’adresse",
	ActeOuvrirEspace: "l’ouverture de l’espace", ActeDeciderDroits: "la décision sur des droits", ActeDemanderPrecision: "la demande de précision",
	ActeRepondrePrecision: "la réponse à une demande de précision", ActeAjouterEntite: "l’ajout d’une entité", ActeRedemanderDroit: "une nouvelle demande de droit",
	ActeRetirerDroits: "le retrait de droits", ActeInviter: "l’invitation", ActeDonnerDroits: "l’attribution de droits", ActeOuvrirCompte: "l’ouverture du compte",
	ActeReemettre: "l’envoi de nouveaux identifiants provisoires", ActePersonnaliser: "le choix de l’identifiant et du mot de passe",
	ActeConfirmerIdentifiant: "la confirmation du nouvel identifiant", ActeAccepterConfidentialite: "l’acceptation de la politique de confidentialité",
	ActeDemanderReinit: "la demande de réinitialisation", ActeReinitialiser: "la réinitialisation du mot de passe",
	ActeChangerMotDePasse: "le changement de mot de passe", ActeModifierCompte: "la modification du compte",
	ActeChangerFacteur: "le changement de second facteur", ActeCloreCompte: "la clôture du compte", ActeReprendreCompte: "la reprise du compte",
	ActeCreerAgent: "la création du compte d’un agent", ActeAccorderRole: "l’attribution d’un rôle", ActeConfirmerRole: "la confirmation d’un rôle",
	ActeRetirerRole: "le retrait d’un rôle", ActeDeleguer: "la délégation", ActeFinirDelegation: "la fin d’une délégation",
	ActeDeclarerLien: "la déclaration d’un lien d’intérêt", ActeFinirLien: "la fin d’un lien d’intérêt",
	ActeVerifierInscription: "la vérification de l’inscription", ActeRelancerCode: "le rappel du code de confirmation",
	ActeExpirerCompte: "l’expiration du compte", ActePurgerCompte: "l’effacement des données personnelles",
	ActeVerifierDroits: "la vérification des droits demandés", ActeAbandonnerPrecision: "l’abandon d’une demande de précision",
	ActeAlerterConseiller: "l’alerte au conseiller", ActeFinirMandat: "la fin d’un mandat", ActeRevoirDroits: "la revue annuelle des droits",
	ActeSignalerBlocage: "le signalement d’un blocage",
}

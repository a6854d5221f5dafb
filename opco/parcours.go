package opco

import "slices"

// Transition is one edge of the lifecycle of an AF dossier (domain.md 2.3).
type Transition struct {
	Code    string          // T01 … T29, R04, R06, or "" for an acte that keeps the état
	De      []Etat          // the états it may leave
	Acte    TypeActe        // what does it
	Vers    []Etat          // the états it may reach; De itself is not listed
	Acteurs []Role          // who may do it
	Reste   bool            // it may also leave the état as it was
	Selon   map[Etat]string // codes of the destinations that domain.md numbers apart
}

var (
	avantDecision = []Etat{EtatTransmise, EtatACompleter, EtatEnInstruction, EtatEnValidation}
	accordees     = []Etat{EtatAccordee, EtatAccordeePartielle}
	piecesFin     = []Etat{EtatAttenteServiceFait, EtatSFEnControle, EtatSFNonConforme}
	enPaiement    = []Etat{EtatEnReglement, EtatRegleePartielle}
	parPeriode    = append([]Etat{EtatEnRealisation}, enPaiement...) // where an échelonnement takes the pièces of a period
	attentes      = []Etat{EtatAttenteServiceFait, EtatEnRealisation}
	retours       = append(slices.Clone(accordees), attentes...)                       // where a dossier waits again, before the start or after
	suites        = append(slices.Clone(retours), EtatSFEnControle, EtatSFNonConforme) // after a payment, what is left
	payees        = append(slices.Clone(retours), EtatReglee, EtatCloturee)            // what may still be credited after its payment
	enCours       = []Etat{EtatEnRealisation, EtatAttenteServiceFait, EtatSFEnControle, EtatSFNonConforme}
	decisions     = []Etat{EtatAccordee, EtatAccordeePartielle, EtatRefusee}
	parEnt        = []Role{RoleEntreprise}
	parGes        = []Role{RoleGestionnaire, RoleResponsable}
	parRes        = []Role{RoleResponsable}
	parSys        = []Role{RoleSysteme}
	parDeposant   = []Role{RoleEntreprise, RoleOrganisme}
	parTous       = []Role{RoleEntreprise, RoleOrganisme, RoleGestionnaire, RoleResponsable} // a pièce may come by post
	parBanque     = []Role{RoleBanque, RoleSysteme}
)

// parcours is the whole lifecycle. It is the only place that says what may
// follow what; the CHECK of table dossier, the diagram of the README and verify
// (I13, I14) are tested against it.
var parcours = []Transition{
	{Code: "T01", De: []Etat{EtatNouveau}, Acte: ActeCreer, Vers: []Etat{EtatBrouillon}, Acteurs: parEnt},
	{Code: "T03", De: []Etat{EtatBrouillon}, Acte: ActeSupprimer, Vers: []Etat{EtatSupprime}, Acteurs: []Role{RoleEntreprise, RoleSysteme}},
	{Code: "T04", De: []Etat{EtatBrouillon}, Acte: ActeDeposer, Vers: []Etat{EtatTransmise, EtatRefusee}, Acteurs: parEnt, Reste: true,
		Selon: map[Etat]string{EtatRefusee: "T05"}},
	{Code: "T05", De: []Etat{EtatTransmise}, Acte: ActeRefuserTardif, Vers: []Etat{EtatRefusee}, Acteurs: []Role{RoleSysteme, RoleGestionnaire, RoleResponsable}},
	{Code: "T06", De: []Etat{EtatTransmise, EtatEnInstruction}, Acte: ActeDemanderComplement, Vers: []Etat{EtatACompleter}, Acteurs: []Role{RoleGestionnaire, RoleResponsable, RoleSysteme}},
	{Code: "T07", De: []Etat{EtatACompleter}, Acte: ActeJoindre, Vers: []Etat{EtatEnInstruction}, Acteurs: parTous, Reste: true},
	{Code: "T08", De: []Etat{EtatACompleter}, Acte: ActeRelancer, Acteurs: parSys, Reste: true},
	{Code: "T09", De: []Etat{EtatACompleter}, Acte: ActeClasserSansSuite, Vers: []Etat{EtatSansSuite, EtatEnInstruction}, Acteurs: parSys,
		Selon: map[Etat]string{EtatEnInstruction: "T07"}},
	{Code: "T10", De: []Etat{EtatTransmise}, Acte: ActeInstruire, Vers: []Etat{EtatEnInstruction}, Acteurs: []Role{RoleGestionnaire, RoleResponsable, RoleSysteme}},
	{Code: "T12", De: []Etat{EtatEnInstruction}, Acte: ActeDecider, Vers: append([]Etat{EtatEnValidation}, decisions...), Acteurs: parGes,
		Selon: map[Etat]string{EtatEnValidation: "T11", EtatAccordeePartielle: "T13", EtatRefusee: "T14"}},
	{Code: "T12", De: []Etat{EtatEnValidation}, Acte: ActeValider, Vers: decisions, Acteurs: parRes,
		Selon: map[Etat]string{EtatAccordeePartielle: "T13", EtatRefusee: "T14"}},
	{Code: "T11 bis", De: []Etat{EtatEnValidation}, Acte: ActeRenvoyer, Vers: []Etat{EtatEnInstruction}, Acteurs: parRes},
	{Code: "T14", De: avantDecision, Acte: ActeAlerter, Acteurs: parSys, Reste: true},
	{Code: "T15", De: avantDecision, Acte: ActeAnnuler, Vers: []Etat{EtatAnnulee}, Acteurs: parEnt},
	{Code: "T16", De: append(slices.Clone(accordees), enCours...), Acte: ActeAnnuler, Vers: []Etat{EtatAnnulee}, Acteurs: []Role{RoleEntreprise, RoleGestionnaire, RoleResponsable}},
	{Code: "S12", De: accordees, Acte: ActeRetirerStagiaire, Vers: accordees, Acteurs: []Role{RoleEntreprise, RoleGestionnaire, RoleResponsable}, Reste: true},
	{Code: "T17", De: accordees, Acte: ActeDemarrer, Vers: []Etat{EtatEnRealisation}, Acteurs: parSys},
	{Code: "T18", De: []Etat{EtatEnRealisation}, Acte: ActeTerminer, Vers: []Etat{EtatAttenteServiceFait}, Acteurs: parSys},
	{Code: "T19", De: []Etat{EtatAttenteServiceFait, EtatSFNonConforme, EtatSFEnControle}, Acte: ActeRelancer, Acteurs: parSys, Reste: true},
	{Code: "F04", De: append(slices.Clone(accordees), EtatEnRealisation, EtatEnReglement, EtatRegleePartielle, EtatReglee), Acte: ActeRelancer, Acteurs: parSys, Reste: true},
	{Code: "T20", De: []Etat{EtatAttenteServiceFait, EtatSFNonConforme}, Acte: ActeForclore, Acteurs: parSys, Reste: true},
	{Code: "T20", De: []Etat{EtatAttenteServiceFait, EtatSFNonConforme}, Acte: ActeConfirmerForclusion, Vers: []Etat{EtatCloturee}, Acteurs: parGes},
	{Code: "T21", De: []Etat{EtatAttenteServiceFait, EtatSFEnControle, EtatEnRealisation}, Acte: ActeCertifier, Vers: []Etat{EtatSFEnControle}, Acteurs: parDeposant, Reste: true},
	{Code: "T21", De: enPaiement, Acte: ActeCertifier, Acteurs: parDeposant, Reste: true},
	{Code: "T23", De: []Etat{EtatSFNonConforme}, Acte: ActeCertifier, Vers: []Etat{EtatSFEnControle}, Acteurs: parDeposant, Reste: true},
	{Code: "F01", De: append(slices.Clone(accordees), enCours...), Acte: ActeFacturer, Vers: []Etat{EtatSFEnControle}, Acteurs: parDeposant, Reste: true},
	{Code: "F01", De: []Etat{EtatEnReglement, EtatRegleePartielle, EtatReglee, EtatCloturee, EtatAnnulee, EtatRefusee, EtatSansSuite}, Acte: ActeFacturer, Acteurs: parDeposant, Reste: true},
	{Code: "F04", De: []Etat{EtatSFEnControle, EtatSFNonConforme, EtatAttenteServiceFait}, Acte: ActeRefuserFacture,
		Vers: retours, Acteurs: []Role{RoleGestionnaire, RoleResponsable, RoleSysteme}, Reste: true},
	{Code: "F04", De: []Etat{EtatEnReglement}, Acte: ActeRefuserFacture, Vers: suites,
		Acteurs: []Role{RoleGestionnaire, RoleResponsable, RoleSysteme}, Reste: true},
	{Code: "F04", De: append(slices.Clone(accordees), EtatEnRealisation, EtatRegleePartielle, EtatReglee), Acte: ActeRefuserFacture,
		Acteurs: []Role{RoleGestionnaire, RoleResponsable, RoleSysteme}, Reste: true},
	{Code: "F05", De: append(slices.Clone(accordees), enCours...), Acte: ActeJoindre, Vers: []Etat{EtatSFEnControle}, Acteurs: parTous, Reste: true},
	{Code: "F05", De: enPaiement, Acte: ActeJoindre, Acteurs: parTous, Reste: true},
	{Code: "F06", De: []Etat{EtatSFEnControle}, Acte: ActeAlerter, Acteurs: parSys, Reste: true},
	{Code: "F07", De: []Etat{EtatEnReglement, EtatRegleePartielle, EtatReglee}, Acte: ActeAlerter, Acteurs: parSys, Reste: true},
	{Code: "F06", De: []Etat{EtatSFEnControle}, Acte: ActeMettreEnLitige, Acteurs: parGes, Reste: true},
	{Code: "F09", De: []Etat{EtatSFEnControle, EtatSFNonConforme}, Acte: ActeDeposerAvoir, Vers: retours, Acteurs: parDeposant, Reste: true},
	{Code: "F09", De: enPaiement, Acte: ActeDeposerAvoir,
		Vers: append(slices.Clone(suites), EtatRegleePartielle, EtatReglee), Acteurs: parDeposant, Reste: true},
	{Code: "F09", De: payees, Acte: ActeDeposerAvoir, Acteurs: parDeposant, Reste: true},
	{Code: "T22", De: []Etat{EtatSFEnControle}, Acte: ActeDeclarerNonConforme, Vers: []Etat{EtatSFNonConforme}, Acteurs: []Role{RoleGestionnaire, RoleResponsable, RoleSysteme}, Reste: true},
	{Code: "T25", De: []Etat{EtatSFEnControle}, Acte: ActeConstater, Vers: []Etat{EtatEnReglement, EtatRegleePartielle, EtatReglee, EtatCloturee}, Acteurs: parGes,
		Selon: map[Etat]string{EtatCloturee: "T26"}},
	{Code: "T27", De: []Etat{EtatEnReglement}, Acte: ActeRegler, Vers: []Etat{EtatReglee, EtatRegleePartielle}, Acteurs: parBanque, Reste: true},
	{Code: "T28", De: []Etat{EtatRegleePartielle}, Acte: ActeAttendreSuite, Vers: suites, Acteurs: parSys},
	{Code: "R04", De: []Etat{EtatEnReglement}, Acte: ActeRejeterReglement, Acteurs: parBanque, Reste: true},
	{Code: "R07", De: []Etat{EtatEnReglement}, Acte: ActeRepresenter, Vers: []Etat{EtatRegleePartielle, EtatReglee}, Acteurs: []Role{RoleComptable}, Reste: true},
	{Code: "R06", De: slices.Concat(enPaiement, []Etat{EtatReglee, EtatCloturee}, suites),
		Acte: ActeRetournerReglement, Vers: []Etat{EtatEnReglement}, Acteurs: parBanque, Reste: true},
	{Code: "R06", De: []Etat{EtatAnnulee}, Acte: ActeRetournerReglement, Vers: []Etat{EtatEnReglement}, Acteurs: parBanque, Reste: true},
	{Code: "I01", De: append(slices.Clone(enPaiement), payees...), Acte: ActeConstaterIndu, Acteurs: parGes, Reste: true},
	{Code: "I03", De: []Etat{EtatEnReglement}, Acte: ActeCompenser, Vers: []Etat{EtatRegleePartielle, EtatReglee}, Acteurs: parCpt, Reste: true},
	{Code: "T29", De: []Etat{EtatReglee}, Acte: ActeCloturer, Vers: []Etat{EtatCloturee}, Acteurs: parSys, Reste: true},
}

// CodeVers returns the number that domain.md gives to this edge when it leads to
// vers.
func (t Transition) CodeVers(vers Etat) string {
	if c, ok := t.Selon[vers]; ok {
		return c
	}
	return t.Code
}

// Parcours returns a copy of the table of transitions.
func Parcours() []Transition { return slices.Clone(parcours) }

// transition returns the edge that acte a takes from e, if there is one.
func transition(e Etat, a TypeActe) (Transition, bool) {
	for _, t := range parcours {
		if t.Acte == a && slices.Contains(t.De, e) {
			return t, true
		}
	}
	return Transition{}, false
}

// Admet returns nil when a dossier in état e admits the acte by someone in role
// r, a Conflict error that says why when the état does not, and a Forbidden one
// when the role does not.
func (e Etat) Admet(a TypeActe, r Role) error {
	t, ok := transition(e, a)
	if !ok {
		return (&Error{Kind: Conflict, Message: "Ce dossier est « " + e.String() + " » : " + NommerActe(a) +
			" n’est pas possible à cette étape. Rechargez la page pour voir où il en est."}).AvecCode("ETAPE_INATTENDUE")
	}
	if !slices.Contains(t.Acteurs, r) {
		return Errorf(Forbidden, "Votre rôle ne permet pas %s.", NommerActe(a))
	}
	return nil
}

// Admet returns nil when d admits the acte by someone in role r: its état does,
// and it waits for what the acte brings. Errors are those of Etat.Admet.
func (d *Dossier) Admet(a TypeActe, r Role) error {
	if err := d.Etat.Admet(a, r); err != nil {
		return err
	}
	switch {
	case a == ActeCertifier && slices.Contains(parPeriode, d.Etat) && !d.Demande.Echelonnement:
		return (&Error{Kind: Conflict, Message: "Ce dossier est « " + d.Etat.String() + " » : les certificats s’envoient après le dernier jour, le " +
			d.Demande.Fin.Longue() + ", et avant le paiement."}).AvecCode("ETAPE_INATTENDUE")
	case a == ActeJoindre && d.Etat != EtatACompleter && !d.attendPieces():
		return Errorf(Conflict, "Aucune pièce n’est attendue pour ce dossier.").AvecCode("ETAPE_INATTENDUE")
	}
	return nil
}

// attendPieces reports whether pièces were asked for, or an invoice waits for one.
func (d *Dossier) attendPieces() bool {
	return d.Complement != nil || slices.ContainsFunc(d.Factures, func(f Facture) bool { return f.Etat == FactureSuspendue })
}

// Passe reports whether the lifecycle has an edge de → vers by acte a, and
// returns its code.
func Passe(de Etat, a TypeActe, vers Etat) (code string, ok bool) {
	t, ok := transition(de, a)
	if !ok {
		return "", false
	}
	if vers == de {
		return t.Code, t.Reste || slices.Contains(t.Vers, vers)
	}
	return t.CodeVers(vers), slices.Contains(t.Vers, vers)
}

var phrasesActe = map[TypeActe]string{
	ActeDeposer: "l’envoi", ActeDemanderComplement: "la demande de pièces", ActeJoindre: "l’ajout d’une pièce attendue",
	ActeInstruire: "la mise en instruction", ActeDecider: "la décision", ActeValider: "le second regard",
	ActeRenvoyer: "le renvoi au gestionnaire", ActeAnnuler: "l’annulation", ActeRetirerStagiaire: "le retrait d’un stagiaire",
	ActeConfirmerForclusion: "la clôture par forclusion", ActeCertifier: "le dépôt d’un certificat", ActeFacturer: "le dépôt d’une facture",
	ActeDeposerAvoir: "le dépôt d’un avoir", ActeDeclarerNonConforme: "la mise en non-conformité", ActeMettreEnLitige: "la mise en litige",
	ActeRefuserFacture: "le refus d’une facture", ActeConstater: "la validation du service fait", ActeRefuserTardif: "le refus pour dépôt tardif",
	ActeCreer: "la création d’un brouillon", ActeSupprimer: "la suppression", ActeRepresenter: "la remise en paiement",
	ActeConstaterIndu: "le constat d’un indu", ActeCompenser: "la compensation",
	ActeRelancer: "une relance", ActeAlerter: "une alerte de délai", ActeClasserSansSuite: "le classement sans suite",
	ActeDemarrer: "le début de la formation", ActeTerminer: "la fin de la formation", ActeForclore: "la fin du délai des pièces",
	ActeRegler: "un paiement", ActeAttendreSuite: "l’attente de la suite", ActeRejeterReglement: "un rejet de la banque",
	ActeRetournerReglement: "un retour de la banque", ActeCloturer: "la clôture",
}

package opco

import "slices"

// EtatLot is where a payment batch stands (domain.md 2.7, R01 to R05). Its
// règlements have their own états; the CHECK of table lot is tested against
// EtatsLot.
type EtatLot string

// The états of a lot. EnConstruction is a long lot whose règlements are being taken in,
// by handfuls: nobody may validate it. Emis says « transmis, issue inconnue »: its règlements may
// be paid from now on, and nothing of it is ever sent under another reference.
// Inconnu says that the bank stayed silent beyond the délai: nothing is sent again,
// its late answer or two persons with the statement say what became of it.
const (
	LotNouveau        EtatLot = ""
	LotEnConstruction EtatLot = "EN_CONSTRUCTION"
	LotPropose        EtatLot = "PROPOSE"
	LotValide         EtatLot = "VALIDE"
	LotEmis           EtatLot = "EMIS"
	LotTransmis       EtatLot = "TRANSMIS"
	LotInconnu        EtatLot = "INCONNU"
	LotSolde          EtatLot = "SOLDE"
	LotAnnule         EtatLot = "ANNULE"
	LotExpire         EtatLot = "EXPIRE"
	lotInattendu              = "ETAPE_INATTENDUE"
)

var libellesLot = map[EtatLot]string{
	LotEnConstruction: "En construction", LotPropose: "À valider", LotValide: "Validé", LotEmis: "Envoi en cours", LotTransmis: "Transmis à la banque",
	LotInconnu: "Issue inconnue", LotSolde: "Soldé", LotAnnule: "Annulé", LotExpire: "Expiré",
}

// EtatsLot lists the états of a saved lot, in the order of the procedure.
func EtatsLot() []EtatLot {
	return []EtatLot{LotEnConstruction, LotPropose, LotValide, LotEmis, LotTransmis, LotInconnu, LotSolde, LotAnnule, LotExpire}
}

// String returns the label of e, for a sentence.
func (e EtatLot) String() string {
	if l := libellesLot[e]; l != "" {
		return l
	}
	return "Nouveau"
}

// Final reports whether the procedure of the lot has ended. A SOLDE lot is final
// although a bank return may still come: its workflow then starts again.
func (e EtatLot) Final() bool { return e == LotSolde || e == LotAnnule || e == LotExpire }

// Parti reports whether the bank may have received the file of the lot.
func (e EtatLot) Parti() bool {
	return e == LotEmis || e == LotTransmis || e == LotInconnu || e == LotSolde
}

// The actes on a lot. The system's own end with a délai or a file.
const (
	ActeConstruireLot   TypeActe = "construire_lot"   // R01
	ActePoursuivreLot   TypeActe = "poursuivre_lot"   // R01: the next handful of a long lot
	ActeEjecterLigne    TypeActe = "ejecter_ligne"    // R01, undone
	ActeValiderLot      TypeActe = "valider_lot"      // R02
	ActeAnnulerLot      TypeActe = "annuler_lot"      // before EMIS only
	ActeExpirerLot      TypeActe = "expirer_lot"      // R02, the délai has ended
	ActeEmettreLot      TypeActe = "emettre_lot"      // R03: the file is stored and about to leave
	ActeTransmettreLot  TypeActe = "transmettre_lot"  // R03: the bank's folder has the file
	ActeAppliquerRetour TypeActe = "appliquer_retour" // R04 to R06
	ActeAlerterLot      TypeActe = "alerter_lot"      // R04, R05: no answer
	ActeRelireLot       TypeActe = "relire_lot"       // R01: the RIB of a payee changes or freezes
	ActeRappelerLot     TypeActe = "rappeler_lot"     // R03: a line changed before the file could leave
	ActeProposerIssue   TypeActe = "proposer_issue"   // R04, R05: read on the statement by a person
	ActeConfirmerIssue  TypeActe = "confirmer_issue"  // R04, R05: read by a second one
)

// TransitionLot is one edge of the lifecycle of a lot.
type TransitionLot struct {
	Code    string
	De      []EtatLot
	Acte    TypeActe
	Vers    []EtatLot // the états it may reach; De itself is not listed
	Acteurs []Role
	Reste   bool // it may also leave the état as it was
}

var (
	parComptable  = []Role{RoleComptable}
	parValideur   = []Role{RoleComptable, RoleResponsable}
	partis        = []EtatLot{LotEmis, LotTransmis, LotSolde}
	avantEmission = []EtatLot{LotPropose, LotValide}
)

// parcoursLot is the whole lifecycle of a lot (domain.md 2.7 bis).
var parcoursLot = []TransitionLot{
	{Code: "R01", De: []EtatLot{LotNouveau}, Acte: ActeConstruireLot, Vers: []EtatLot{LotPropose, LotEnConstruction}, Acteurs: parComptable},
	{Code: "R01", De: []EtatLot{LotEnConstruction}, Acte: ActePoursuivreLot, Vers: []EtatLot{LotPropose, LotAnnule}, Acteurs: parSys, Reste: true},
	{Code: "R01", De: []EtatLot{LotEnConstruction}, Acte: ActeRelireLot, Acteurs: parSys, Reste: true},
	{Code: "R01", De: []EtatLot{LotPropose}, Acte: ActeEjecterLigne, Vers: []EtatLot{LotAnnule}, Acteurs: parComptable, Reste: true},
	{Code: "R02", De: []EtatLot{LotPropose}, Acte: ActeValiderLot, Vers: []EtatLot{LotValide, LotAnnule}, Acteurs: parValideur, Reste: true},
	{Code: "R02", De: []EtatLot{LotPropose}, Acte: ActeExpirerLot, Vers: []EtatLot{LotExpire}, Acteurs: parSys},
	{Code: "R01", De: []EtatLot{LotEnConstruction, LotPropose, LotValide}, Acte: ActeAnnulerLot, Vers: []EtatLot{LotAnnule}, Acteurs: parValideur},
	{Code: "R03", De: []EtatLot{LotValide}, Acte: ActeEmettreLot, Vers: []EtatLot{LotEmis, LotPropose, LotAnnule}, Acteurs: parSys},
	{Code: "R01", De: avantEmission, Acte: ActeRelireLot, Vers: []EtatLot{LotPropose, LotAnnule}, Acteurs: parSys, Reste: true},
	{Code: "R03", De: []EtatLot{LotEmis}, Acte: ActeTransmettreLot, Vers: []EtatLot{LotTransmis}, Acteurs: parSys},
	{Code: "R03", De: []EtatLot{LotEmis}, Acte: ActeRappelerLot, Vers: []EtatLot{LotPropose, LotAnnule}, Acteurs: parSys, Reste: true},
	{Code: "R05", De: partis, Acte: ActeAppliquerRetour, Vers: []EtatLot{LotSolde}, Acteurs: parBanque, Reste: true},
	{Code: "R05", De: []EtatLot{LotInconnu}, Acte: ActeAppliquerRetour, Vers: []EtatLot{LotTransmis, LotSolde}, Acteurs: parBanque, Reste: true},
	{Code: "R04", De: []EtatLot{LotEmis, LotTransmis, LotInconnu}, Acte: ActeAlerterLot, Vers: []EtatLot{LotInconnu}, Acteurs: parSys, Reste: true},
	{Code: "R04", De: []EtatLot{LotInconnu}, Acte: ActeProposerIssue, Acteurs: parValideur, Reste: true},
	{Code: "R04", De: []EtatLot{LotInconnu}, Acte: ActeConfirmerIssue, Acteurs: parValideur, Reste: true},
}

// ParcoursLot returns a copy of the table of transitions.
func ParcoursLot() []TransitionLot { return slices.Clone(parcoursLot) }

func transitionLot(e EtatLot, a TypeActe) (TransitionLot, bool) {
	for _, t := range parcoursLot {
		if t.Acte == a && slices.Contains(t.De, e) {
			return t, true
		}
	}
	return TransitionLot{}, false
}

// PasseLot reports whether the lifecycle has an edge de → vers by acte a, and
// returns its code.
func PasseLot(de EtatLot, a TypeActe, vers EtatLot) (code string, ok bool) {
	t, ok := transitionLot(de, a)
	if !ok {
		return "", false
	}
	return t.Code, vers == de && t.Reste || slices.Contains(t.Vers, vers)
}

var phrasesLot = map[TypeActe]string{
	ActeConstruireLot: "la préparation", ActeEjecterLigne: "le retrait d’une ligne", ActeValiderLot: "la validation",
	ActeAnnulerLot: "l’annulation", ActeProposerIssue: "une issue lue sur le relevé", ActeConfirmerIssue: "la confirmation d’une issue",
	ActePoursuivreLot: "la suite de la préparation", ActeExpirerLot: "l’expiration", ActeEmettreLot: "l’écriture du fichier de virements",
	ActeTransmettreLot: "la remise du fichier à la banque", ActeAppliquerRetour: "la lecture d’un retour de la banque",
	ActeAlerterLot: "l’alerte sur le silence de la banque", ActeRelireLot: "la relecture des RIB du lot", ActeRappelerLot: "le rappel d’un lot qui n’est pas parti",
}

// Admet returns nil when a lot in état e admits the acte by someone in role r, a
// Conflict that says why when the état does not, a Forbidden when the role does
// not.
func (e EtatLot) Admet(a TypeActe, r Role) error {
	t, ok := transitionLot(e, a)
	if !ok {
		quoi := phrasesLot[a]
		if quoi == "" {
			quoi = "cette opération"
		}
		return Errorf(Conflict, "Ce lot est « %s » : %s n’est plus possible ou pas encore. Rechargez la page pour voir où il en est.",
			e, quoi).AvecCode(lotInattendu)
	}
	if !slices.Contains(t.Acteurs, r) {
		return Errorf(Forbidden, "Votre rôle ne permet pas cette opération sur un lot.")
	}
	return nil
}

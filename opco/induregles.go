package opco

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// The actes on an indu.
const (
	ActeOuvrirIndu       TypeActe = "ouvrir_indu"       // I01, by its dossier
	ActeNotifierIndu     TypeActe = "notifier_indu"     // I01
	ActeAccepterIndu     TypeActe = "accepter_indu"     // I03: the debtor agrees to the compensation
	ActeContesterIndu    TypeActe = "contester_indu"    // I02
	ActeMaintenirIndu    TypeActe = "maintenir_indu"    // I02
	ActeAnnulerIndu      TypeActe = "annuler_indu"      // I02
	ActeCompenserIndu    TypeActe = "compenser_indu"    // I03, by the dossier whose payment it is taken on
	ActeRembourserIndu   TypeActe = "rembourser_indu"   // I03
	ActeContentieuxIndu  TypeActe = "contentieux_indu"  // I04
	ActeProposerAbandon  TypeActe = "proposer_abandon"  // I04
	ActeConfirmerAbandon TypeActe = "confirmer_abandon" // I04
	ActeRefuserAbandon   TypeActe = "refuser_abandon"   // I04: the comptable does not agree
	ActeRestituerIndu    TypeActe = "restituer_indu"    // I03 undone: the payment it was taken on pays less, or nothing
	ActeReprendreIndu    TypeActe = "reprendre_indu"    // I02, by its dossier: the payment itself came back from the bank
)

// Charges of the actes on an indu.
type (
	// ChargeRaisonIndu carries the sentence of a contestation, an answer, an abandon.
	ChargeRaisonIndu struct {
		Raison string `json:"raison"`
	}
	// ChargeCompensation is what a payment to the debtor took on the indu.
	ChargeCompensation struct {
		Montant   Montant `json:"montant"`
		Reglement string  `json:"reglement"` // its number
	}
	// ChargeRemboursement is an incoming transfer of the debtor, or its part for this
	// indu. Entree names an entry read from a file of the bank; without it the comptable
	// copies the statement, Total when the entry is larger than Montant.
	ChargeRemboursement struct {
		Montant   Montant `json:"montant"`
		Date      Date    `json:"date,omitempty"`
		Reference string  `json:"reference,omitempty"` // of the entry on the bank statement
		Total     Montant `json:"total,omitempty"`
		Entree    string  `json:"entree,omitempty"`
	}
	// ChargeRepriseIndu is what is asked for no more of an indu: the payment that it was a
	// part of came back from the bank.
	ChargeRepriseIndu struct {
		Montant   Montant `json:"montant"`
		Reglement string  `json:"reglement"` // its number
	}
)

var (
	induVivant = []EtatIndu{InduConstate, InduNotifie, InduConteste, InduContentieux, InduAbandonPropose}
	induNe     = EtatsIndu()[1:] // its own procedure has begun
	parCpt     = []Role{RoleComptable}
)

// transitionIndu is one edge of the life of an indu.
type transitionIndu struct {
	code    string
	de      []EtatIndu
	acte    TypeActe
	acteurs []Role
	regle   func(*pasIndu) error
}

// parcoursIndu is the whole life of an indu (domain.md I01 to I04).
var parcoursIndu = []transitionIndu{
	{"I01", []EtatIndu{InduNouveau}, ActeOuvrirIndu, parSys, (*pasIndu).ouvrir},
	{"I01", []EtatIndu{InduConstate}, ActeNotifierIndu, parCpt, (*pasIndu).notifier},
	{"I02", []EtatIndu{InduNotifie, InduAbandonPropose}, ActeContesterIndu, parDeposant, (*pasIndu).contester},
	{"I03", []EtatIndu{InduNotifie, InduAbandonPropose}, ActeAccepterIndu, parDeposant, (*pasIndu).accepter},
	{"I02", []EtatIndu{InduConteste}, ActeMaintenirIndu, parRes, (*pasIndu).maintenir},
	{"I02", []EtatIndu{InduConteste}, ActeAlerter, parSys, (*pasIndu).alerter},
	{"I02", induVivant, ActeAnnulerIndu, []Role{RoleResponsable, RoleSysteme}, (*pasIndu).annuler}, // SYS: actes received before ActeReprendreIndu was
	{"I03", induVivant, ActeCompenserIndu, parSys, (*pasIndu).compenser},
	{"I03", induVivant[1:], ActeRembourserIndu, []Role{RoleComptable, RoleBanque}, (*pasIndu).rembourser},
	{"I03", induNe, ActeRestituerIndu, parSys, (*pasIndu).restituer},
	{"I02", induNe, ActeReprendreIndu, parSys, (*pasIndu).reprendre},
	{"I03", []EtatIndu{InduNotifie}, ActeRelancer, parSys, (*pasIndu).relancer},
	{"I04", []EtatIndu{InduNotifie}, ActeContentieuxIndu, parRes, (*pasIndu).porterAuContentieux},
	{"I04", []EtatIndu{InduNotifie, InduContentieux}, ActeProposerAbandon, parRes, (*pasIndu).proposerAbandon},
	{"I04", []EtatIndu{InduAbandonPropose}, ActeConfirmerAbandon, parCpt, (*pasIndu).confirmerAbandon},
	{"I04", []EtatIndu{InduAbandonPropose}, ActeRefuserAbandon, parCpt, (*pasIndu).refuserAbandon},
}

var phrasesActeIndu = map[TypeActe]string{
	ActeNotifierIndu: "la notification", ActeAccepterIndu: "l’accord du débiteur", ActeContesterIndu: "la contestation",
	ActeMaintenirIndu: "la réponse à la contestation", ActeAnnulerIndu: "l’annulation", ActeRembourserIndu: "l’enregistrement d’un remboursement",
	ActeContentieuxIndu: "le passage au contentieux", ActeProposerAbandon: "la proposition d’abandon",
	ActeConfirmerAbandon: "la confirmation de l’abandon", ActeRefuserAbandon: "le refus de l’abandon",
	ActeOuvrirIndu: "l’ouverture de l’indu", ActeCompenserIndu: "la compensation sur un paiement", ActeRestituerIndu: "l’annulation d’une compensation",
	ActeReprendreIndu: "le retour du paiement par la banque",
}

// Admet returns nil when an indu in état e admits the acte by someone in role r; a
// Conflict error when the état does not, a Forbidden one when the role does not.
func (e EtatIndu) Admet(a TypeActe, r Role) error {
	_, err := e.transition(a, r)
	return err
}

func (e EtatIndu) transition(a TypeActe, r Role) (transitionIndu, error) {
	i := slices.IndexFunc(parcoursIndu, func(t transitionIndu) bool { return t.acte == a && slices.Contains(t.de, e) })
	quoi := phrasesActeIndu[a]
	if quoi == "" {
		quoi = "cet acte"
	}
	if i < 0 {
		return transitionIndu{}, Errorf(Conflict, "Cet indu est « %s » : %s n’est pas possible à cette étape. Rechargez la page.", e, quoi).
			AvecCode("ETAPE_INATTENDUE")
	}
	if !slices.Contains(parcoursIndu[i].acteurs, r) {
		return transitionIndu{}, Errorf(Forbidden, "Votre rôle ne permet pas %s.", quoi)
	}
	return parcoursIndu[i], nil
}

// ActesIndu lists what someone in role r may do to an indu in état e.
func (e EtatIndu) ActesIndu(r Role) []TypeActe {
	var as []TypeActe
	for _, t := range parcoursIndu {
		if slices.Contains(t.de, e) && slices.Contains(t.acteurs, r) {
			as = append(as, t.acte)
		}
	}
	return as
}

// PasseIndu reports whether the life of an indu has an edge for acte a from de, and
// returns its code.
func PasseIndu(de EtatIndu, a TypeActe) (code string, ok bool) {
	for _, t := range parcoursIndu {
		if t.acte == a && slices.Contains(t.de, de) {
			return t.code, true
		}
	}
	return "", false
}

// pasIndu is one step being applied to an indu.
type pasIndu struct {
	i   *Indu
	a   Acte
	ech *Echeance
	f   FaitsIndu
	e   EffetsIndu
}

// Appliquer applies acte a to i, or returns the refusal that its author will read.
// ech is the échéance that a system's acte fulfils, nil for a person's. On an error
// i may be half changed: the caller throws it away.
func (i *Indu) Appliquer(a Acte, ech *Echeance, f FaitsIndu) (EffetsIndu, error) {
	t, err := i.Etat.transition(a.Type, a.Par.Role)
	if err != nil {
		return EffetsIndu{}, err
	}
	if refus := lienAvec(a.Par, f.Liens, f.Tiers, "cet indu"); refus != nil {
		return EffetsIndu{}, refus
	}
	p := &pasIndu{i: i, a: a, ech: ech, f: f}
	p.e.Code = t.code
	if ech != nil {
		i.Echeances = slices.DeleteFunc(slices.Clone(i.Echeances), func(x Echeance) bool { return x.Type == ech.Type && x.Code == ech.Code })
	}
	if err := t.regle(p); err != nil {
		return EffetsIndu{}, err
	}
	if i.Etat.Final() {
		i.Echeances = nil
	}
	slices.SortStableFunc(i.Echeances, func(x, y Echeance) int { return x.Le.Compare(y.Le) })
	return p.e, nil
}

func lireIndu[T any](p *pasIndu) (T, error) {
	var v T
	if len(p.a.Charge) == 0 {
		return v, nil
	}
	if err := json.Unmarshal(p.a.Charge, &v); err != nil {
		return v, &Error{Kind: Invalid, Message: "Le contenu de cet envoi est illisible : rechargez la page et recommencez.", Err: err}
	}
	return v, nil
}

func (p *pasIndu) dire(format string, args ...any) { p.e.Phrase = fmt.Sprintf(format, args...) }

func (p *pasIndu) ecrire(e Evenement, numero int) {
	p.e.Courriers = append(p.e.Courriers, Courrier{Evenement: e, Pour: p.i.RoleDebiteur, Facture: p.i.Facture, Numero: numero})
}

func (p *pasIndu) mouvoir(t TypeMouvement, parts []PartFonds) {
	for _, x := range parts {
		if x.Montant > 0 {
			p.e.Mouvements = append(p.e.Mouvements, Mouvement{Type: t, Enveloppe: x.Enveloppe, Montant: x.Montant})
		}
	}
}

func (p *pasIndu) armer(t TypeActe, code string, jour Date, fin bool) {
	le := jour.Heure(8, 0)
	if fin {
		le = jour.FinDuJour()
	}
	if le.Before(p.f.Le) {
		le = p.f.Le
	}
	p.i.Echeances = append(p.i.Echeances, Echeance{Type: t, Code: code, Le: le, Effet: jour})
}

func (p *pasIndu) raison(champ, manque string) (string, error) {
	c, err := lireIndu[ChargeRaisonIndu](p)
	if err != nil {
		return "", err
	}
	if c.Raison == "" {
		return "", Champf(champ, "%s", manque)
	}
	return c.Raison, nil
}

// ouvrir takes in what the dossier found (I01): from now on the money is due.
func (p *pasIndu) ouvrir() error {
	i := p.i
	i.Etat = InduConstate
	p.mouvoir(MouvementIndu, i.Parts)
	p.dire("Indu de %s constaté sur la facture %s : %s.", i.Montant, i.FactureNumero, strings.ToLower(i.Cause.Libelle()))
	return nil
}

// notifier claims the money (I01): another person than who found it. The debtor has
// the délai to answer, and is reminded.
func (p *pasIndu) notifier() error {
	i, par := p.i, p.f.Parametres
	if p.a.Par.Croise(i.ConstatePar) {
		return Errorf(Forbidden, "Vous avez constaté cet indu : une autre personne le notifie.").AvecCode("QUATRE_YEUX")
	}
	i.Etat, i.NotifieLe, i.ReponseAvant = InduNotifie, p.f.Jour(), p.f.Jour().Jours(par.InduReponse)
	p.armerRelances(p.f.Jour())
	p.dire("Indu de %s notifié : le débiteur peut répondre jusqu’au %s.", i.Reste(), i.ReponseAvant.Longue())
	p.ecrire(CourrierInduNotifie, 0)
	return nil
}

// armerRelances arms the reminders counted from jour.
func (p *pasIndu) armerRelances(jour Date) {
	p.i.Echeances = nil
	for n, j := range p.f.Parametres.InduRelances {
		p.armer(ActeRelancer, fmt.Sprintf("relance_%d", n+1), jour.Jours(j), false)
	}
}

// relancer reminds the debtor.
func (p *pasIndu) relancer() error {
	n := 0
	if p.ech != nil {
		if _, err := fmt.Sscanf(p.ech.Code, "relance_%d", &n); err != nil {
			return fmt.Errorf("reading the code of a relance: %w", err)
		}
	}
	p.dire("Relance %d envoyée : %s restent dus.", n, p.i.Reste())
	p.ecrire(CourrierInduRelance, n)
	return nil
}

// contester suspends the claim until a responsable has answered (I02).
func (p *pasIndu) contester() error {
	i := p.i
	if err := p.suiviParLeDebiteur("la contestation"); err != nil {
		return err
	}
	raison, err := p.raison("raison", "Dites pourquoi vous contestez cette somme : un responsable vous répond.")
	if err != nil {
		return err
	}
	if jour := p.f.Jour(); jour > i.ReponseAvant {
		return Errorf(Conflict, "Le délai pour contester est passé depuis le %s. Écrivez-nous dans le dossier.", i.ReponseAvant.Longue()).
			AvecCode("DELAI_PASSE")
	}
	if i.Reponse != "" {
		return Errorf(Conflict, "Nous avons déjà répondu à votre contestation de cette somme.").AvecCode("ETAPE_INATTENDUE")
	}
	i.Etat, i.Contestation, i.Accepte, i.Echeances = InduConteste, raison, false, nil
	i.AbandonPar, i.AbandonRaison, i.EtatAvantPropo = Acteur{}, "", "" // the answer to the debtor comes first
	i.RepondreAvant = p.f.Jour().Jours(p.f.Parametres.InduReponseResponsable)
	p.armer(ActeAlerter, "reponse", i.RepondreAvant, true)
	p.dire("Indu contesté : %s Un responsable répond avant le %s.", phrase(raison), i.RepondreAvant.Longue())
	return nil
}

// suiviParLeDebiteur refuses what the debtor may do only while the debt is claimed.
// That the house thinks of giving it up changes nothing for them, and is not told.
func (p *pasIndu) suiviParLeDebiteur(quoi string) error {
	if p.i.Etat == InduAbandonPropose && p.i.EtatAvantPropo != InduNotifie {
		return Errorf(Conflict, "Cet indu est « %s » : %s n’est pas possible à cette étape. Rechargez la page.", p.i.EtatAvantPropo, quoi).
			AvecCode("ETAPE_INATTENDUE")
	}
	return nil
}

// alerter says that the answer to the debtor is late.
func (p *pasIndu) alerter() error {
	p.e.Motif = "REPONSE_EN_RETARD"
	p.dire("La contestation attend sa réponse depuis plus longtemps que promis.")
	return nil
}

// accepter lets the comptable take the sum on the next payment at once (S09).
func (p *pasIndu) accepter() error {
	if err := p.suiviParLeDebiteur("l’accord du débiteur"); err != nil {
		return err
	}
	if p.i.Accepte {
		return Errorf(Conflict, "Vous avez déjà accepté : la somme sera retenue sur votre prochain paiement.")
	}
	p.i.Accepte = true
	p.dire("Le débiteur accepte que %s soient retenus sur son prochain paiement.", p.i.Reste())
	return nil
}

// maintenir answers that the sum is due (I02): relances start again.
func (p *pasIndu) maintenir() error {
	raison, err := p.raison("raison", "Écrivez la réponse : le débiteur la lira telle quelle.")
	if err != nil {
		return err
	}
	p.i.Etat, p.i.Reponse, p.i.ReponseAvant = InduNotifie, raison, p.f.Jour()
	p.armerRelances(p.f.Jour())
	p.dire("Contestation rejetée : %s", phrase(raison))
	p.ecrire(CourrierInduReponse, 0)
	return nil
}

// annuler ends an indu that is not due (I02): what has not come back is claimed no
// more. What has come back stays so, and both are said.
func (p *pasIndu) annuler() error {
	raison, err := p.raison("raison", "Écrivez pourquoi cette somme n’est pas due : le débiteur le lira.")
	if err != nil {
		return err
	}
	if err := p.sansCompensation(); err != nil {
		return err
	}
	reste := p.i.ResteParts()
	p.mouvoir(MouvementInduAnnule, reste)
	p.i.Annules, p.i.NonDu = plus(p.i.Annules, reste), p.a.Par.Role == RoleResponsable
	p.i.Reponse = raison
	p.dire("Indu annulé : %s", phrase(raison))
	if rendu := p.i.Recouvre(); rendu > 0 {
		p.i.Reponse = fmt.Sprintf("%s Seul ce qui restait dû est annulé, %s : les %s déjà retenus ou remboursés ne vous sont pas rendus.",
			phrase(raison), Somme(reste), rendu)
		p.dire("Indu annulé pour ce qui restait dû, %s : %s Les %s déjà retenus ou remboursés ne sont pas rendus.", Somme(reste), phrase(raison), rendu)
	}
	if p.i.NotifieLe != "" {
		p.ecrire(CourrierInduReponse, 0)
	}
	p.i.Etat = InduAnnule
	return nil
}

// sansCompensation refuses to end an indu that a payment has just changed.
func (p *pasIndu) sansCompensation() error {
	if p.f.EnCours > 0 {
		return Errorf(Conflict, "Un paiement vient de changer cet indu de %s : rechargez la page.", p.f.EnCours).
			AvecCode("COMPENSATION_EN_COURS")
	}
	return nil
}

// porterAuContentieux hands the debt over to a lawsuit (I04): relances stop.
func (p *pasIndu) porterAuContentieux() error {
	raison, err := p.raison("raison", "Dites pourquoi cet indu part au contentieux.")
	if err != nil {
		return err
	}
	if p.f.Jour() <= p.i.ReponseAvant {
		return Errorf(Conflict, "Le débiteur peut encore répondre jusqu’au %s.", p.i.ReponseAvant.Longue()).AvecCode("DELAI_OUVERT")
	}
	p.i.Etat, p.i.Echeances = InduContentieux, nil
	p.dire("Indu porté au contentieux : %s", phrase(raison))
	return nil
}

// proposerAbandon asks to give the rest up (I04): a comptable must agree.
func (p *pasIndu) proposerAbandon() error {
	raison, err := p.raison("raison", "Dites pourquoi il faut abandonner cette somme : le comptable le lira.")
	if err != nil {
		return err
	}
	p.i.EtatAvantPropo, p.i.Etat, p.i.AbandonPar, p.i.AbandonRaison = p.i.Etat, InduAbandonPropose, p.a.Par, raison
	p.i.Echeances = nil
	p.dire("Abandon de %s proposé : %s", p.i.Reste(), phrase(raison))
	return nil
}

// confirmerAbandon gives the rest up, by another person than who proposed it.
func (p *pasIndu) confirmerAbandon() error {
	if p.a.Par.Croise(p.i.AbandonPar) {
		return Errorf(Forbidden, "Vous avez proposé cet abandon : une autre personne le confirme.").AvecCode("QUATRE_YEUX")
	}
	if err := p.sansCompensation(); err != nil {
		return err
	}
	reste := p.i.ResteParts()
	p.mouvoir(MouvementAbandon, reste)
	p.i.Etat, p.i.Abandons = InduAbandonne, plus(p.i.Abandons, reste)
	p.dire("%s abandonnés : %s", Somme(reste), phrase(p.i.AbandonRaison))
	return nil
}

// refuserAbandon sends the debt back to its recovery.
func (p *pasIndu) refuserAbandon() error {
	raison, err := p.raison("raison", "Dites pourquoi l’abandon est refusé.")
	if err != nil {
		return err
	}
	p.i.Etat, p.i.AbandonPar, p.i.AbandonRaison = p.i.EtatAvantPropo, Acteur{}, ""
	if p.i.Etat == InduNotifie {
		p.armerRelances(p.f.Jour())
	}
	p.dire("Abandon refusé : %s", phrase(raison))
	return nil
}

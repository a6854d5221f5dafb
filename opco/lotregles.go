package opco

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// pasLot is one step being applied to a lot.
type pasLot struct {
	l         *Lot
	a         Acte
	ech       *Echeance
	f         FaitsLot
	e         EffetsLot
	virements map[string][]*LigneLot // lines at hand, by their EndToEndID
	// apercu leaves out what else would refuse the whole.
	apercu bool
}

var reglesLot = map[TypeActe]func(*pasLot) error{
	ActeConstruireLot:   (*pasLot).construire,
	ActePoursuivreLot:   (*pasLot).poursuivre,
	ActeEjecterLigne:    (*pasLot).ejecter,
	ActeValiderLot:      (*pasLot).valider,
	ActeAnnulerLot:      (*pasLot).annuler,
	ActeExpirerLot:      (*pasLot).expirer,
	ActeEmettreLot:      (*pasLot).emettre,
	ActeTransmettreLot:  (*pasLot).transmettre,
	ActeAppliquerRetour: (*pasLot).appliquerRetour,
	ActeAlerterLot:      (*pasLot).alerter,
	ActeRelireLot:       (*pasLot).relire,
	ActeRappelerLot:     (*pasLot).rappeler,
	ActeProposerIssue:   (*pasLot).proposerIssue,
	ActeConfirmerIssue:  (*pasLot).confirmerIssue,
}

// Appliquer applies acte a to l, or returns the refusal that its author will
// read. ech is the échéance that a system's acte fulfils. On an error l may be
// half changed: the caller throws it away.
func (l *Lot) Appliquer(a Acte, ech *Echeance, f FaitsLot) (EffetsLot, error) {
	de := l.Etat
	if err := de.Admet(a.Type, a.Par.Role); err != nil {
		return EffetsLot{}, err
	}
	p := &pasLot{l: l, a: a, ech: ech, f: f, virements: map[string][]*LigneLot{}}
	if ech != nil {
		l.Echeances = slices.DeleteFunc(slices.Clone(l.Echeances), func(x Echeance) bool { return x.Type == ech.Type && x.Code == ech.Code })
	}
	if err := reglesLot[a.Type](p); err != nil {
		return EffetsLot{}, err
	}
	code, ok := PasseLot(de, a.Type, l.Etat)
	if !ok {
		return EffetsLot{}, fmt.Errorf("acte %s leads a lot from %s to %s, which its lifecycle forbids", a.Type, string(de), string(l.Etat))
	}
	p.e.Code = code
	slices.SortStableFunc(l.Echeances, func(x, y Echeance) int { return x.Le.Compare(y.Le) })
	return p.e, nil
}

func lireLot[T any](p *pasLot) (T, error) {
	var v T
	if err := json.Unmarshal(p.a.Charge, &v); err != nil {
		return v, &Error{Kind: Invalid, Message: "Le contenu de cet envoi est illisible : rechargez la page et recommencez.", Err: err}
	}
	return v, nil
}

func (p *pasLot) dire(format string, args ...any) { p.e.Phrase = fmt.Sprintf(format, args...) }

func (p *pasLot) armer(t TypeActe, code string, le time.Time, effet Date) {
	p.l.Echeances = append(p.l.Echeances, Echeance{Type: t, Code: code, Le: le, Effet: effet})
}

// signer makes the author of the acte, and who they act for, a creator of the lot.
func (p *pasLot) signer() {
	deja := func(a Acteur) bool { return a.Personne == p.a.Par.Personne && a.Pour == p.a.Par.Pour }
	if !slices.ContainsFunc(p.l.Createurs, deja) {
		p.l.Createurs = append(p.l.Createurs, p.a.Par)
	}
}

func (p *pasLot) toucher(id string) { p.e.Touches = append(p.e.Touches, id) }

// valider is the second person's signature, and the third's above the thresholds
// (R02). Lines that have changed since are taken out first: what is left waits for
// fresh validations.
func (p *pasLot) valider() error {
	c, err := lireLot[ChargeValiderLot](p)
	if err != nil {
		return err
	}
	l := p.l
	if err := p.refuserSignataire(); err != nil {
		return err
	}
	if c.Nombre != len(l.Lignes) || c.Somme != l.Somme() {
		return Errorf(Conflict, "Ce lot a changé depuis que vous l’avez lu : il porte maintenant %s pour %s. Relisez-le avant de le valider.",
			reglements(len(l.Lignes)), l.Somme()).AvecCode("LOT_CHANGE")
	}
	if p.ejecterChangees() {
		return nil
	}
	if p.f.Donneur.IBAN == "" {
		return Errorf(Conflict, "Le compte de l’OPCO n’est pas enregistré : un administrateur doit le saisir.")
	}
	if attend, err := p.apposer(); err != nil || attend {
		return err
	}
	l.Donneur, l.ValidePar, l.ValideLe, l.Echeances = p.f.Donneur, p.a.Par, p.f.Le.Truncate(time.Second), nil
	if l.Execution < JourDe(p.f.Le) {
		l.Execution = JourDe(p.f.Le)
	}
	for i := range l.Lignes {
		p.passer(&l.Lignes[i], ReglementValide)
		p.mouvoir(MouvementOrdonnance, l.Lignes[i])
	}
	if l.Sceau, err = l.sceller(); err != nil {
		return err
	}
	l.Etat = LotValide
	p.dire("Lot %s validé par %s : %s, %s. Le fichier part à la banque.", l.ID, p.a.Par.Nom, reglements(len(l.Lignes)), l.Somme())
	return nil
}

// refuserSignataire refuses who may not validate this lot: who prepared it, who has
// validated it already, who judged one of its dossiers.
func (p *pasLot) refuserSignataire() error {
	switch {
	case p.l.Createur(p.a.Par):
		return Errorf(Forbidden, "Vous avez préparé ou modifié ce lot : une autre personne doit le valider.").AvecCode("MEME_PERSONNE")
	case p.a.Par.croiseUn(p.l.Validations):
		return Errorf(Forbidden, "Vous avez déjà validé ce lot : une autre personne doit donner la seconde validation.").AvecCode("MEME_PERSONNE")
	}
	return p.refuserJuge()
}

// apposer puts the validation of the author on the lot, and reports whether the lot
// still waits for another one: above the thresholds two persons validate, one of
// whom is a responsable.
func (p *pasLot) apposer() (attend bool, err error) {
	l := p.l
	deResponsable := func(a Acteur) bool { return a.Role == RoleResponsable }
	l.Troisieme = l.Haut(p.f.Parametres)
	signatures := append(slices.Clone(l.Validations), p.a.Par)
	switch {
	case !l.Troisieme:
	case len(signatures) == 1 && deResponsable(p.a.Par):
		attend = true
		p.dire("Première validation du lot %s par %s. %s : il manque la validation d’une autre personne.", l.ID, p.a.Par.Nom, p.depasse())
	case len(signatures) == 1:
		attend = true
		p.dire("Première validation du lot %s par %s. %s : il manque la validation d’un responsable.", l.ID, p.a.Par.Nom, p.depasse())
	case !slices.ContainsFunc(signatures, deResponsable):
		return false, Errorf(Forbidden, "%s : il manque la validation d’un responsable.", p.depasse()).AvecCode("RESPONSABLE_ATTENDU")
	}
	l.Validations = signatures
	return attend, nil
}

// depasse says which threshold makes a third person look at the lot.
func (p *pasLot) depasse() string {
	if seuil := p.f.Parametres.LotTroisieme; p.l.Somme() > seuil {
		return fmt.Sprintf("Ce lot dépasse %s", seuil)
	}
	return fmt.Sprintf("Un virement de ce lot dépasse %s", p.f.Parametres.LigneTroisieme)
}

// ejecterChangees takes out the lines whose amount, payee or account is not what
// it was when the lot was built (domain.md 5 bis), and reports whether it did.
func (p *pasLot) ejecterChangees() bool {
	r := p.relecture()
	if !r.Changee() {
		return false
	}
	avant := len(p.l.Lignes)
	p.retirer(r.changement)
	n := avant - len(p.l.Lignes)
	if n == 0 {
		return false
	}
	p.e.Motif = "LIGNES_CHANGEES"
	p.dire("%s, car le montant, le bénéficiaire ou l’IBAN a changé. Le lot porte maintenant %s : il doit être validé de nouveau.",
		retires(n), p.l.Somme())
	p.viderAnnule()
	return true
}

// changement says what has changed since the line was taken in, and what then
// becomes of the règlement.
func (x LigneLot) changement(r ReglementActuel, existe bool) (string, EtatReglement) {
	switch {
	case !existe || r.Montant != x.Montant:
		return "Le montant a changé depuis la préparation du lot.", ReglementAPayer
	case !r.Payable:
		return "La facture n’est plus approuvée pour ce montant.", ReglementAnnule
	case r.DejaPartie:
		return "Un virement de cette facture est parti avant une restauration de la base : il ne part pas une seconde fois.", ReglementAPayer
	case r.Beneficiaire != x.Beneficiaire || r.Nom != x.Nom:
		return "Le bénéficiaire a changé depuis la préparation du lot.", ReglementAPayer
	case r.Suspension != nil:
		return "Le paiement du dossier est suspendu par le contrôle depuis la préparation du lot.", ReglementAPayer
	case r.RIB == RIBQuiChange:
		return "Le bénéficiaire a demandé à changer de RIB depuis la préparation du lot.", ReglementAPayer
	case r.RIB == RIBQuiGele:
		return "Le RIB du bénéficiaire a été gelé depuis la préparation du lot.", ReglementAPayer
	case r.IBAN != x.IBAN:
		return "L’IBAN du bénéficiaire a changé depuis la préparation du lot.", ReglementAPayer
	}
	return "", ""
}

func (p *pasLot) passer(x *LigneLot, e EtatReglement) {
	x.Etat = e
	p.toucher(x.Reglement)
}

// mouvoir posts what happens to a règlement, fund by fund.
func (p *pasLot) mouvoir(t TypeMouvement, x LigneLot) {
	for _, part := range x.Parts {
		if part.Montant > 0 {
			p.e.Mouvements = append(p.e.Mouvements, Mouvement{Type: t, Enveloppe: part.Enveloppe, Montant: part.Montant, Reglement: x.Reglement})
		}
	}
}

// annuler gives every règlement back; a lot already emitted cannot be cancelled.
func (p *pasLot) annuler() error {
	c, err := lireLot[ChargeAnnulerLot](p)
	if err != nil {
		return err
	}
	if c.Raison == "" {
		return Champf("raison", "Dites pourquoi le lot est annulé.")
	}
	p.rendre()
	p.l.Etat, p.l.Chantier = LotAnnule, nil
	p.dire("Lot %s annulé par %s : %s Ses règlements sont de nouveau à payer.", p.l.ID, p.a.Par.Nom, phrase(c.Raison))
	return nil
}

// expirer ends a lot that nobody validated in time.
func (p *pasLot) expirer() error {
	p.rendre()
	p.l.Etat = LotExpire
	p.dire("Lot %s expiré : personne ne l’a validé en %d jours. Ses règlements sont de nouveau à payer.",
		p.l.ID, p.f.Parametres.LotExpireJours)
	return nil
}

// rendre frees every règlement of the lot. The lines stay in it, to be read.
func (p *pasLot) rendre() {
	p.l.Echeances = nil
	for i := range p.l.Lignes {
		x := &p.l.Lignes[i]
		if x.Etat == ReglementValide {
			p.mouvoir(MouvementRejet, *x)
		}
		x.Etat = ReglementAPayer
		p.e.Liberes = append(p.e.Liberes, Liberation{Reglement: x.Reglement, Etat: ReglementAPayer})
	}
}

// emettre says, before the file leaves, that it may have left (R03): from here
// on the outcome is unknown until the bank tells it.
func (p *pasLot) emettre() error {
	if p.rouvrirChange() {
		return nil
	}
	if p.f.Fichier == "" {
		return fmt.Errorf("lot %s has no payment file", p.l.ID)
	}
	if err := p.l.Intact(); err != nil {
		return err
	}
	p.l.Fichier, p.l.EmisLe, p.l.Etat = p.f.Fichier, p.f.Le, LotEmis
	for i := range p.l.Lignes {
		p.passer(&p.l.Lignes[i], ReglementEmis)
	}
	p.dire("Fichier du lot %s produit et archivé ; envoi à la banque.", p.l.ID)
	return nil
}

func reglements(n int) string {
	if n == 1 {
		return "1 règlement"
	}
	return fmt.Sprintf("%d règlements", n)
}

// phrase ends s with a point.
func phrase(s string) string {
	if r := s[len(s)-1]; r == '.' || r == '!' || r == '?' {
		return s
	}
	return s + "."
}

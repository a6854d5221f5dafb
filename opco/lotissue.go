package opco

import (
	"fmt"
	"slices"
	"strings"
)

// virementsIssue is how many transfers one outcome may name; without any it is
// about all that is awaited.
const virementsIssue = 500

// IssueLot is the outcome of transfers on which the bank is silent, as a person
// reads it on the statement of the account. It counts once a second person has
// read the same.
type IssueLot struct {
	Par       Acteur         `json:"par"`
	Statut    StatutBancaire `json:"statut"` // BanqueExecute, BanqueRejete or IssueJamaisParti
	Jour      Date           `json:"jour"`   // booking day on the statement, or day of the bank's word
	Releve    string         `json:"releve"` // number of the statement, or who was heard at the bank
	Virements []string       `json:"virements,omitempty"`
	Somme     Montant        `json:"somme"`
}

// IssueJamaisParti is the outcome of a file that was lost before the bank had it: nothing
// was paid, nothing is wrong with the accounts, its règlements are to pay again.
const IssueJamaisParti StatutBancaire = "JAMAIS_PARTI"

// Charges of the outcome of a lot.
type (
	// ChargeProposerIssue is what the first person read. No transfer named means
	// all those whose outcome is awaited.
	ChargeProposerIssue struct {
		Statut    StatutBancaire `json:"statut"`
		Jour      Date           `json:"jour"`
		Releve    string         `json:"releve"`
		Virements []string       `json:"virements,omitempty"`
	}
	// ChargeConfirmerIssue is what the second person says of it. Refuse drops it.
	ChargeConfirmerIssue struct {
		Refuse bool `json:"refuse,omitempty"`
	}
)

// prefixeReleve begins the key of an outcome that persons read on a statement.
const prefixeReleve = "releve/"

// DuReleve reports whether f was read on a statement by persons, and not told by a
// file of the bank.
func (f FaitBancaire) DuReleve() bool { return strings.HasPrefix(f.Cle, prefixeReleve) }

// proposerIssue notes what a person read on the statement (R04, R05): nothing moves
// before a second person has read it too. What somebody else read is never wiped by
// reading otherwise: it is confirmed, or set aside, first. Its author may correct it.
func (p *pasLot) proposerIssue() error {
	c, err := lireLot[ChargeProposerIssue](p)
	if err != nil {
		return err
	}
	if i := p.l.Issue; i != nil && i.Par.Personne != p.a.Par.Personne {
		return Errorf(Conflict, "%s a déjà proposé, d’après le relevé %s, que %s : %s. Confirmez-le si vous avez lu la même chose ; sinon, "+
			"écartez-le, puis dites ce que vous avez lu.", i.Par.Nom, i.Releve, IssueDite(i.Statut), i.Somme).AvecCode("ISSUE_PROPOSEE")
	}
	if err := p.statutIssue(c); err != nil {
		return err
	}
	if _, err := ParseDate(string(c.Jour)); err != nil {
		return Champf("jour", "Le jour lu sur le relevé n’est pas valable : écrivez-le comme 2026-04-13.")
	}
	if c.Jour > JourDe(p.f.Le) || c.Jour < JourDe(p.l.EmisLe) {
		return Champf("jour", "Le relevé dit un jour entre l’envoi du lot et aujourd’hui.")
	}
	if c.Releve, err = ParseTexte("releve", c.Releve, 140); err != nil {
		return err
	}
	if c.Releve == "" {
		return Champf("releve", "Donnez le numéro du relevé, ou dites qui a répondu à la banque.")
	}
	somme, err := p.sommeIssue(c.Virements)
	if err != nil {
		return err
	}
	p.l.Issue = &IssueLot{Par: p.a.Par, Statut: c.Statut, Jour: c.Jour, Releve: c.Releve, Virements: c.Virements, Somme: somme}
	p.e.Motif = "ISSUE_PROPOSEE"
	p.dire("%s lit sur le relevé %s que %s : %s. Une autre personne doit le confirmer.", p.a.Par.Nom, c.Releve, IssueDite(c.Statut), somme)
	return nil
}

// statutIssue refuses an outcome that is none, or that what the bank said denies: a file of
// which it has answered anything had arrived.
func (p *pasLot) statutIssue(c ChargeProposerIssue) error {
	switch c.Statut {
	case BanqueExecute, BanqueRejete:
		return nil
	case IssueJamaisParti:
	default:
		return Champf("statut", "Dites si le relevé montre les virements payés, si la banque les a rejetés, ou si elle n’a jamais reçu le fichier.")
	}
	if len(c.Virements) > 0 {
		return Champf("virements", "Un fichier qui n’est pas arrivé vaut pour tous ses virements : n’en nommez aucun.")
	}
	if p.l.totalEtat(ReglementAccepte, ReglementExecute, ReglementRejete, ReglementRetourne) != 0 {
		return Champf("statut", "La banque a déjà répondu sur ce lot : son fichier est arrivé. Dites si les virements attendus sont payés ou rejetés.")
	}
	return nil
}

// IssueDite says an outcome, after « que ».
func IssueDite(s StatutBancaire) string {
	switch s {
	case BanqueExecute:
		return "les virements sont payés"
	case IssueJamaisParti:
		return "la banque n’a jamais reçu le fichier"
	}
	return "les virements sont rejetés"
}

// sommeIssue is the money that an outcome is about: every transfer that it names is
// still awaited.
func (p *pasLot) sommeIssue(virements []string) (Montant, error) {
	if len(virements) == 0 {
		return p.l.EnSuspens(), nil
	}
	if len(virements) > virementsIssue {
		return 0, Champf("virements", "Nommez %d virements au plus à la fois.", virementsIssue)
	}
	var t Montant
	for i, v := range virements {
		m := p.montantEnSuspens(v)
		if m == 0 || slices.Contains(virements[:i], v) {
			return 0, Champf("virements", "Le virement %.40s n’attend pas de réponse dans ce lot, ou il est nommé deux fois.", v)
		}
		t += m
	}
	return t, nil
}

func (p *pasLot) montantEnSuspens(virement string) Montant {
	var m Montant
	for _, x := range p.l.Lignes {
		if x.EndToEndID == virement && (x.Etat == ReglementEmis || x.Etat == ReglementAccepte) {
			m += x.Montant
		}
	}
	return m
}

// confirmerIssue is the second person's look. What both have read is filed as a
// fact about the account, and goes the way of those of the bank.
func (p *pasLot) confirmerIssue() error {
	c, err := lireLot[ChargeConfirmerIssue](p)
	if err != nil {
		return err
	}
	i := p.l.Issue
	if i == nil {
		return Errorf(Conflict, "Personne n’a proposé d’issue pour ce lot, ou la banque a répondu entre-temps : relisez-le.").AvecCode("SANS_ISSUE")
	}
	if c.Refuse {
		p.l.Issue, p.e.Motif = nil, "ISSUE_ECARTEE"
		p.dire("%s n’a pas lu la même chose sur le relevé : l’issue proposée par %s est écartée.", p.a.Par.Nom, i.Par.Nom)
		return nil
	}
	if p.a.Par.Croise(i.Par) {
		return Errorf(Forbidden, "Vous avez proposé cette issue : une autre personne doit la lire sur le relevé.").AvecCode("MEME_PERSONNE")
	}
	if somme, err := p.sommeIssue(i.Virements); err != nil || somme != i.Somme {
		return Errorf(Conflict, "La banque a répondu depuis que cette issue a été proposée : relisez le lot.").AvecCode("LOT_CHANGE")
	}
	p.l.Issue = nil
	p.e.Constats = i.faits(p.l.ID, p.a.ID)
	p.e.Constat = fmt.Sprintf("Relevé %s, lu par %s et par %s", i.Releve, i.Par.Nom, p.a.Par.Nom)
	p.e.Motif = "ISSUE_CONFIRMEE"
	p.dire("%s confirme le relevé %s : %s, %s.", p.a.Par.Nom, i.Releve, IssueDite(i.Statut), i.Somme)
	return nil
}

// faits are the facts of an outcome: one for all that is awaited, or one for each
// transfer that it names.
func (i *IssueLot) faits(lot, acte string) []FaitBancaire {
	f := FaitBancaire{Cle: prefixeReleve + lot + "/" + acte, Lot: lot, Statut: i.Statut, Date: i.Jour}
	switch i.Statut {
	case IssueJamaisParti: // for the account it is a rejection: the money is the OPCO's still
		f.Statut, f.Motif, f.Cause = BanqueRejete, string(IssueJamaisParti), "Le fichier n’est jamais arrivé à la banque : deux personnes l’ont vérifié auprès d’elle."
	case BanqueRejete:
		f.Motif, f.Cause = "MS03", "La banque a refusé le virement sans dire pourquoi. La comptabilité l’a lu sur le relevé."
	}
	if len(i.Virements) == 0 {
		f.Entier, f.Montant = true, i.Somme
		return []FaitBancaire{f}
	}
	fs := make([]FaitBancaire, len(i.Virements))
	for k, v := range i.Virements {
		fs[k] = f
		fs[k].Cle, fs[k].EndToEndID = f.Cle+"/"+v, v
	}
	return fs
}

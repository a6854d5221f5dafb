package opco

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Limits of what people write about accounts, in characters.
const (
	raisonMax   = 500
	questionMax = 1000
	reponseMax  = 2000
)

// pasCompte is one step being applied to an account: the account as it becomes,
// and its effects.
type pasCompte struct {
	c   *Compte
	a   Acte
	ech *Echeance
	f   FaitsCompte
	e   EffetsCompte
}

// reglesCompte gives the rule of each acte on an account.
var reglesCompte = map[TypeActe]func(*pasCompte) error{
	ActeInscrire:                (*pasCompte).inscrire,
	ActeVerifierInscription:     (*pasCompte).verifierInscription,
	ActeRenvoyerCode:            (*pasCompte).renvoyerCode,
	ActeRelancerCode:            (*pasCompte).relancerCode,
	ActeExpirerCompte:           (*pasCompte).expirer,
	ActePurgerCompte:            (*pasCompte).purger,
	ActeConfirmerEmail:          (*pasCompte).confirmerEmail,
	ActeVerifierDroits:          (*pasCompte).verifierDroits,
	ActeOuvrirEspace:            (*pasCompte).ouvrirEspace,
	ActeDeciderDroits:           (*pasCompte).deciderDroits,
	ActeDemanderPrecision:       (*pasCompte).demanderPrecision,
	ActeRepondrePrecision:       (*pasCompte).repondrePrecision,
	ActeAbandonnerPrecision:     (*pasCompte).abandonnerPrecision,
	ActeAlerterConseiller:       (*pasCompte).alerterConseiller,
	ActeAjouterEntite:           (*pasCompte).ajouterEntite,
	ActeRedemanderDroit:         (*pasCompte).redemanderDroit,
	ActeRetirerDroits:           (*pasCompte).retirerDroits,
	ActeInviter:                 (*pasCompte).inviter,
	ActeDonnerDroits:            (*pasCompte).donnerDroits,
	ActeFinirMandat:             (*pasCompte).finirMandat,
	ActeRevoirDroits:            (*pasCompte).revoirDroits,
	ActeOuvrirCompte:            (*pasCompte).ouvrirCompte,
	ActeReemettre:               (*pasCompte).reemettre,
	ActePersonnaliser:           (*pasCompte).personnaliser,
	ActeConfirmerIdentifiant:    (*pasCompte).confirmerIdentifiant,
	ActeAccepterConfidentialite: (*pasCompte).accepterConfidentialite,
	ActeDemanderReinit:          (*pasCompte).demanderReinitialisation,
	ActeReinitialiser:           (*pasCompte).reinitialiser,
	ActeChangerMotDePasse:       (*pasCompte).changerMotDePasse,
	ActeModifierCompte:          (*pasCompte).modifier,
	ActeSignalerBlocage:         (*pasCompte).signalerBlocage,
	ActeChangerFacteur:          (*pasCompte).changerFacteur,
	ActeCloreCompte:             (*pasCompte).clore,
	ActeReprendreCompte:         (*pasCompte).reprendre,
	ActeCreerAgent:              (*pasCompte).creerAgent,
	ActeAccorderRole:            (*pasCompte).accorderRole,
	ActeConfirmerRole:           (*pasCompte).confirmerRole,
	ActeRetirerRole:             (*pasCompte).retirerRole,
	ActeDeleguer:                (*pasCompte).deleguer,
	ActeFinirDelegation:         (*pasCompte).finirDelegation,
	ActeDeclarerLien:            (*pasCompte).declarerLien,
	ActeFinirLien:               (*pasCompte).finirLien,
}

// Appliquer applies acte a to c, or returns the refusal that its author will read.
// ech is the échéance that a system's acte fulfils, nil for a person's. On an error
// c may be half changed: the caller throws it away. EffetsCompte.Refus is a refusal
// too, of which the change of c is kept: the try of a wrong code.
func (c *Compte) Appliquer(a Acte, ech *Echeance, f FaitsCompte) (EffetsCompte, error) {
	de := c.Etat
	if err := AdmetCompte(de, a.Type, a.Par.Role); err != nil {
		return EffetsCompte{}, err
	}
	p := &pasCompte{c: c, a: a, ech: ech, f: f}
	if ech != nil {
		p.desarmer(func(x Echeance) bool { return x.Type == ech.Type && x.Code == ech.Code })
	}
	if err := reglesCompte[a.Type](p); err != nil {
		return EffetsCompte{}, err
	}
	c.statuer()
	code, ok := PasseCompte(de, a.Type, c.Etat)
	if !ok && !(p.e.Refus != nil && c.Etat == de) {
		return EffetsCompte{}, fmt.Errorf("acte %s leads an account from %s to %s, which its lifecycle forbids", a.Type, string(de), string(c.Etat))
	}
	p.e.Code = code
	p.suivre()
	slices.SortStableFunc(c.Echeances, func(x, y Echeance) int { return x.Le.Compare(y.Le) })
	return p.e, nil
}

// statuer says whether an open account has a right left (C11).
func (c *Compte) statuer() {
	if !CompteOuvert(c.Etat) {
		return
	}
	c.Etat = CompteActifLimite
	if c.droitAcquis() {
		c.Etat = CompteActif
	}
}

// droitAcquis reports whether a right is granted, today or later, or a role held.
func (c *Compte) droitAcquis() bool {
	return slices.ContainsFunc(c.Habilitations, func(h Habilitation) bool { return h.Etat == HabAccordee }) ||
		slices.ContainsFunc(c.Roles, RoleAccorde.EnVigueur)
}

// EnVigueur reports whether the role may be used: neither waiting for a second
// administrator nor withdrawn.
func (r RoleAccorde) EnVigueur() bool { return !r.Attend && r.RetireLe.IsZero() }

// lireCompte decodes the charge of the acte. An absent one is the zero charge.
func lireCompte[T any](p *pasCompte) (T, error) {
	var v T
	if len(p.a.Charge) == 0 {
		return v, nil
	}
	if err := json.Unmarshal(p.a.Charge, &v); err != nil {
		return v, &Error{Kind: Invalid, Message: "Le contenu de cet envoi est illisible : rechargez la page et recommencez.", Err: err}
	}
	return v, nil
}

func (p *pasCompte) dire(format string, args ...any) { p.e.Phrase = fmt.Sprintf(format, args...) }

// jour is the civil day of the step.
func (p *pasCompte) jour() Date { return JourDe(p.f.Le) }

// effet is the day at which the step takes effect: that of its échéance.
func (p *pasCompte) effet() Date {
	if p.ech != nil {
		return p.ech.Effet
	}
	return p.jour()
}

func (p *pasCompte) regles() ParametresCompte { return p.f.Parametres.Comptes }

// ecrire queues a mail to the person of the account. Somebody who has no address
// gets none.
func (p *pasCompte) ecrire(m CourrierCompte) {
	m.A, m.Nom = p.c.Email, p.c.NomComplet()
	if m.A != "" {
		p.e.Courriers = append(p.e.Courriers, m)
	}
}

// armer adds an échéance. One whose instant has passed already is due now: the
// journal never goes back in time.
func (p *pasCompte) armer(t TypeActe, code string, le time.Time, effet Date) {
	if le.Before(p.f.Le) {
		le = p.f.Le
	}
	p.c.Echeances = append(p.c.Echeances, Echeance{Type: t, Code: code, Le: le, Effet: effet})
}

// armerFin arms what happens at the end of a délai: at 24:00 of its last day.
func (p *pasCompte) armerFin(t TypeActe, code string, jour Date) {
	p.armer(t, code, jour.FinDuJour(), jour)
}

// armerInstant arms what happens after a délai in hours: at that very instant.
func (p *pasCompte) armerInstant(t TypeActe, code string, le time.Time) {
	p.armer(t, code, le, JourDe(le))
}

func (p *pasCompte) arme(t TypeActe, code string) bool {
	return slices.ContainsFunc(p.c.Echeances, func(e Echeance) bool { return e.Type == t && e.Code == code })
}

// desarmer removes the échéances that drop says.
func (p *pasCompte) desarmer(drop func(Echeance) bool) {
	p.c.Echeances = slices.DeleteFunc(slices.Clone(p.c.Echeances), drop)
}

// desarmerTypes removes every échéance of these types.
func (p *pasCompte) desarmerTypes(ts ...TypeActe) {
	p.desarmer(func(e Echeance) bool { return slices.Contains(ts, e.Type) })
}

// suffixe is what the code of the échéance says after its colon: a box of the
// account, or a day. Codes hold nothing personal: the engine keeps them.
func (p *pasCompte) suffixe() string {
	if p.ech == nil {
		return ""
	}
	_, s, _ := strings.Cut(p.ech.Code, ":")
	return s
}

// texte reads a sentence that somebody wrote; manque is said when it is empty.
func (p *pasCompte) texte(champ, s string, max int, manque string) (string, error) {
	t, err := ParseTexte(champ, s, max)
	if err == nil && t == "" {
		err = Champf(champ, "%s", manque)
	}
	return t, err
}

// soi wants the person of the account: the one whose session it is.
func (p *pasCompte) soi() error {
	if p.estSoi() {
		return nil
	}
	return Errorf(Forbidden, "Seule la personne titulaire de ce compte peut faire cela.").AvecCode("AUTRE_PERSONNE")
}

func (p *pasCompte) estSoi() bool {
	if p.a.Compte != "" {
		return p.a.Compte == p.c.ID
	}
	return p.a.Par.Personne != "" && p.a.Par.Personne == p.c.Personne
}

// autrui refuses who would act on their own account, through any of their
// accounts or of who they act for (reliability.md 3.1, rule 1).
func (p *pasCompte) autrui(quoi string) error {
	if p.a.Par.Engage(p.c.Personne) {
		return Errorf(Forbidden, "Ce compte est le vôtre : une autre personne doit %s.", quoi).AvecCode("MEME_PERSONNE")
	}
	return nil
}

// impartial refuses a staff member who declared a link with one of the companies
// (reliability.md 3.1, rule 7).
func (p *pasCompte) impartial(hs []*Habilitation) error {
	liens := slices.Clone(p.f.Liens)
	if p.f.Auteur != nil {
		for _, l := range p.f.Auteur.Liens {
			if l.FinLe.IsZero() {
				liens = append(liens, l.SIREN)
			}
		}
	}
	var tiers []SIREN
	for _, h := range hs {
		tiers = append(tiers, h.SIRET.SIREN())
	}
	return LienAvec(p.a.Par, liens, tiers, "cette demande")
}

// choisir returns the rights that an acte names, each once.
func (p *pasCompte) choisir(ids []string) ([]*Habilitation, error) {
	if len(ids) == 0 {
		return nil, Champf("habilitations", "Choisissez au moins un droit.")
	}
	var hs []*Habilitation
	for i, id := range ids {
		h, ok := p.c.Habilitation(id)
		switch {
		case !ok:
			return nil, Errorf(NotFound, "Ce droit n’existe pas sur ce compte : rechargez la page.")
		case slices.Contains(ids[:i], id):
			return nil, Champf("habilitations", "Le droit « %s » est cité deux fois.", h.nom())
		}
		hs = append(hs, h)
	}
	return hs, nil
}

// nom names a right for a reader: « Contributions, 999 001 019 00010 ».
func (h *Habilitation) nom() string { return h.Service.Libelle() + ", " + h.SIRET.Affiche() }

// droits names rights for a reader, service by service.
func droits(hs []Habilitation) string {
	var services []string
	sirets := map[string][]string{}
	for _, h := range hs {
		s := h.Service.Libelle()
		if sirets[s] == nil {
			services = append(services, s)
		}
		sirets[s] = append(sirets[s], h.SIRET.Affiche())
	}
	for i, s := range services {
		services[i] = s + " (" + enumerer(sirets[s]) + ")"
	}
	return enumerer(services)
}

func copies(hs []*Habilitation) []Habilitation {
	var cs []Habilitation
	for _, h := range hs {
		cs = append(cs, *h)
	}
	return cs
}

package opco

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Effets are what an acte does besides moving the état: what the recorder must
// write in the same transaction. They are facts to store, never calls to make.
type Effets struct {
	Code       string      // transition, for the journal
	Motif      string      // stable code, "" when none
	Phrase     string      // French sentence of the historique
	Mouvements []Mouvement // ledger
	Courriers  []Courrier  // letters and mails to send
	Indus      []Indu      // debts found by this step: each begins a life of its own
	SuitesIndu []SuiteIndu // what an indu must be told
}

// SuiteIndu is an acte that a step of a dossier puts in the inbox of an indu.
type SuiteIndu struct {
	Indu   string
	Type   TypeActe
	Charge any
}

// TypeMouvement names a movement of money between two accounts of the ledger.
type TypeMouvement string

// The movements of the ledger, each from one account to another.
const (
	MouvementDotation    TypeMouvement = "DOTATION"            // source → enveloppe
	MouvementEngagement  TypeMouvement = "ENGAGEMENT"          // enveloppe → engagé
	MouvementDegagement  TypeMouvement = "DEGAGEMENT"          // engagé → enveloppe
	MouvementServiceFait TypeMouvement = "SERVICE_FAIT"        // engagé → service fait
	MouvementContrePasse TypeMouvement = "SERVICE_FAIT_ANNULE" // service fait → engagé
	MouvementOrdonnance  TypeMouvement = "ORDONNANCEMENT"      // service fait → ordonnancé
	MouvementPaiement    TypeMouvement = "PAIEMENT"            // ordonnancé → payé
	MouvementRejet       TypeMouvement = "REJET"               // ordonnancé → service fait
	MouvementRetour      TypeMouvement = "RETOUR"              // payé → service fait

	MouvementIndu             TypeMouvement = "INDU"              // trop-perçu → indu
	MouvementInduAnnule       TypeMouvement = "INDU_ANNULE"       // indu → trop-perçu: nothing was due
	MouvementAbandon          TypeMouvement = "INDU_ABANDONNE"    // indu → trop-perçu: it stays paid
	MouvementRecouvrement     TypeMouvement = "RECOUVREMENT"      // indu → enveloppe
	MouvementRecouvrementClos TypeMouvement = "RECOUVREMENT_CLOS" // indu → source: the year is closed
	MouvementRestitution      TypeMouvement = "RESTITUTION"       // enveloppe → indu: a recovery is undone
	MouvementRestitutionClos  TypeMouvement = "RESTITUTION_CLOS"  // source → indu: the year is closed, or its envelope spent
)

// CompteLivre is an account of the ledger.
type CompteLivre string

// The accounts of the ledger, kept per envelope and per dossier.
const (
	LivreSource      CompteLivre = "SOURCE"
	LivreEnveloppe   CompteLivre = "ENVELOPPE"
	LivreEngage      CompteLivre = "ENGAGE"
	LivreServiceFait CompteLivre = "SERVICE_FAIT"
	LivreOrdonnance  CompteLivre = "ORDONNANCE"
	LivrePaye        CompteLivre = "PAYE"
	// LivreTropPercu corrects PAYE, which keeps what left: it is never above zero.
	// LivreIndu is what debtors still owe of it.
	LivreTropPercu CompteLivre = "TROP_PERCU"
	LivreIndu      CompteLivre = "INDU"
)

var comptes = map[TypeMouvement][2]CompteLivre{
	MouvementDotation:    {LivreSource, LivreEnveloppe},
	MouvementEngagement:  {LivreEnveloppe, LivreEngage},
	MouvementDegagement:  {LivreEngage, LivreEnveloppe},
	MouvementServiceFait: {LivreEngage, LivreServiceFait},
	MouvementContrePasse: {LivreServiceFait, LivreEngage},
	MouvementOrdonnance:  {LivreServiceFait, LivreOrdonnance},
	MouvementPaiement:    {LivreOrdonnance, LivrePaye},
	MouvementRejet:       {LivreOrdonnance, LivreServiceFait},
	MouvementRetour:      {LivrePaye, LivreServiceFait},

	MouvementIndu:             {LivreTropPercu, LivreIndu},
	MouvementInduAnnule:       {LivreIndu, LivreTropPercu},
	MouvementAbandon:          {LivreIndu, LivreTropPercu},
	MouvementRecouvrement:     {LivreIndu, LivreEnveloppe},
	MouvementRecouvrementClos: {LivreIndu, LivreSource},
	MouvementRestitution:      {LivreEnveloppe, LivreIndu},
	MouvementRestitutionClos:  {LivreSource, LivreIndu},
}

// Comptes returns the account that t takes from and the one it gives to.
func (t TypeMouvement) Comptes() (de, vers CompteLivre) { c := comptes[t]; return c[0], c[1] }

// TypesMouvement lists the movements in a fixed order.
func TypesMouvement() []TypeMouvement {
	return []TypeMouvement{MouvementDotation, MouvementEngagement, MouvementDegagement, MouvementServiceFait,
		MouvementContrePasse, MouvementOrdonnance, MouvementPaiement, MouvementRejet, MouvementRetour, MouvementIndu, MouvementInduAnnule,
		MouvementAbandon, MouvementRecouvrement, MouvementRecouvrementClos, MouvementRestitution, MouvementRestitutionClos}
}

// Mouvement moves Montant (> 0) on one envelope.
type Mouvement struct {
	Type      TypeMouvement `json:"type"`
	Enveloppe string        `json:"enveloppe"`
	Montant   Montant       `json:"montant"`
	Reglement string        `json:"reglement,omitempty"`
}

// Evenement names a mail or a letter of domain.md 2.10.
type Evenement string

// The events that send something.
const (
	CourrierDepot             Evenement = "ACCUSE_RECEPTION"
	CourrierComplement        Evenement = "COMPLEMENT_DEMANDE"
	CourrierRelanceComplement Evenement = "RELANCE_COMPLEMENT"
	CourrierComplementRecu    Evenement = "COMPLEMENT_RECU"
	CourrierSansSuite         Evenement = "SANS_SUITE"
	CourrierAccord            Evenement = "ACCORD"
	CourrierAccordPartiel     Evenement = "ACCORD_PARTIEL"
	CourrierRefus             Evenement = "REFUS"
	CourrierAnnulation        Evenement = "ANNULATION"
	CourrierPiecesFin         Evenement = "PIECES_FIN_ATTENDUES"
	CourrierRappelPieces      Evenement = "RAPPEL_PIECES_FIN"
	CourrierNonConforme       Evenement = "SERVICE_FAIT_NON_CONFORME"
	CourrierForclusion        Evenement = "FORCLUSION"
	CourrierCloture           Evenement = "CLOTURE"
	CourrierFactureRecue      Evenement = "FACTURE_RECUE"
	CourrierFactureSuspendue  Evenement = "FACTURE_SUSPENDUE"
	CourrierFactureRefusee    Evenement = "FACTURE_REFUSEE"
	CourrierFactureApprouvee  Evenement = "FACTURE_APPROUVEE"
	CourrierAvisVirement      Evenement = "AVIS_VIREMENT"
	CourrierRejetBancaire     Evenement = "REJET_BANCAIRE"
	CourrierInduNotifie       Evenement = "INDU_NOTIFIE"
	CourrierInduRelance       Evenement = "INDU_RELANCE"
	CourrierInduReponse       Evenement = "INDU_REPONSE"
	CourrierRIBPropose        Evenement = "RIB_PROPOSE" // to who was known before: somebody asks to be paid elsewhere
	CourrierRIBRefuse         Evenement = "RIB_REFUSE"
	CourrierRIBActif          Evenement = "RIB_ACTIF"
	CourrierRIBGele           Evenement = "RIB_GELE"
	CourrierMessage           Evenement = "MESSAGE_RECU" // somebody of the OPCO wrote in the thread of a dossier
)

// Evenements lists the events that send something.
func Evenements() []Evenement {
	return []Evenement{CourrierDepot, CourrierComplement, CourrierRelanceComplement, CourrierComplementRecu, CourrierSansSuite,
		CourrierAccord, CourrierAccordPartiel, CourrierRefus, CourrierAnnulation, CourrierPiecesFin, CourrierRappelPieces,
		CourrierNonConforme, CourrierForclusion, CourrierCloture, CourrierFactureRecue, CourrierFactureSuspendue,
		CourrierFactureRefusee, CourrierFactureApprouvee, CourrierAvisVirement, CourrierRejetBancaire,
		CourrierInduNotifie, CourrierInduRelance, CourrierInduReponse, CourrierRIBPropose, CourrierRIBRefuse, CourrierRIBActif, CourrierRIBGele, CourrierMessage}
}

// Courrier is one event to tell to one party of the dossier.
type Courrier struct {
	Evenement Evenement `json:"evenement"`
	Pour      Role      `json:"pour"` // RoleEntreprise or RoleOrganisme
	Facture   string    `json:"facture,omitempty"`
	Reglement string    `json:"reglement,omitempty"`
	Numero    int       `json:"numero,omitempty"` // of a relance: 1, 2, 3
}

// pas is one step being applied: the dossier as it becomes, and its effects.
type pas struct {
	d   *Dossier
	a   Acte
	ech *Echeance
	f   Faits
	e   Effets

	completees []string // numbers of the invoices that this step completed (209)
}

// regles gives the rule of each acte.
var regles = map[TypeActe]func(*pas) error{
	ActeCreer:               (*pas).creer,
	ActeSupprimer:           (*pas).supprimer,
	ActeDeposer:             (*pas).deposer,
	ActeRefuserTardif:       (*pas).refuserTardif,
	ActeDemanderComplement:  (*pas).demanderComplement,
	ActeJoindre:             (*pas).joindre,
	ActeRelancer:            (*pas).relancer,
	ActeClasserSansSuite:    (*pas).classerSansSuite,
	ActeInstruire:           (*pas).instruire,
	ActeAlerter:             (*pas).alerter,
	ActeDecider:             (*pas).decider,
	ActeValider:             (*pas).valider,
	ActeRenvoyer:            (*pas).renvoyer,
	ActeAnnuler:             (*pas).annuler,
	ActeRetirerStagiaire:    (*pas).retirerStagiaire,
	ActeDemarrer:            (*pas).demarrer,
	ActeTerminer:            (*pas).terminer,
	ActeForclore:            (*pas).forclore,
	ActeConfirmerForclusion: (*pas).confirmerForclusion,
	ActeCertifier:           (*pas).certifier,
	ActeFacturer:            (*pas).facturer,
	ActeDeposerAvoir:        (*pas).deposerAvoir,
	ActeDeclarerNonConforme: (*pas).declarerNonConforme,
	ActeMettreEnLitige:      (*pas).mettreEnLitige,
	ActeRefuserFacture:      (*pas).refuserFacture,
	ActeConstater:           (*pas).constater,
	ActeRepresenter:         (*pas).representer,
	ActeRegler:              (*pas).regler,
	ActeAttendreSuite:       (*pas).attendreSuite,
	ActeRejeterReglement:    (*pas).rejeterReglement,
	ActeRetournerReglement:  (*pas).retournerReglement,
	ActeCloturer:            (*pas).cloturer,
	ActeConstaterIndu:       (*pas).constaterIndu,
	ActeCompenser:           (*pas).compenser,
}

// Appliquer applies acte a to d, or returns the refusal that its author will
// read. ech is the échéance that a system's acte fulfils, nil for a person's.
// On an error d may be half changed: the caller throws it away.
func (d *Dossier) Appliquer(a Acte, ech *Echeance, f Faits) (Effets, error) {
	de := d.Etat
	if err := d.Admet(a.Type, a.Par.Role); err != nil {
		return Effets{}, err
	}
	if refus := lienAvec(a.Par, f.Liens, d.Tiers(), "ce dossier"); refus != nil {
		return Effets{}, refus
	}
	p := &pas{d: d, a: a, ech: ech, f: f}
	if ech != nil {
		p.retirer(func(x Echeance) bool { return x.Type == ech.Type && x.Code == ech.Code })
	}
	if err := regles[a.Type](p); err != nil {
		return Effets{}, err
	}
	code, ok := Passe(de, a.Type, d.Etat)
	if !ok {
		return Effets{}, fmt.Errorf("acte %s leads from %s to %s, which the lifecycle forbids", a.Type, de, d.Etat)
	}
	p.e.Code = code
	p.retirer(func(x Echeance) bool { return p.perimee(x) })
	slices.SortStableFunc(d.Echeances, func(x, y Echeance) int { return x.Le.Compare(y.Le) })
	return p.e, nil
}

// lire decodes the charge of the acte. An absent one is the zero charge.
func lire[T any](p *pas) (T, error) {
	var v T
	if len(p.a.Charge) == 0 {
		return v, nil
	}
	if err := json.Unmarshal(p.a.Charge, &v); err != nil {
		return v, &Error{Kind: Invalid, Message: "Le contenu de cet envoi est illisible : rechargez la page et recommencez.", Err: err}
	}
	return v, nil
}

func (p *pas) dire(format string, args ...any) { p.e.Phrase = fmt.Sprintf(format, args...) }

// ecrire queues a courrier to each of the parties that exist.
func (p *pas) ecrire(c Courrier, pour ...Role) {
	for _, r := range pour {
		if r == RoleOrganisme && (p.d.Demande.Interne || p.d.Demande.Organisme.SIRET == "") {
			continue
		}
		c.Pour = r
		p.e.Courriers = append(p.e.Courriers, c)
	}
}

func (p *pas) mouvoir(t TypeMouvement, parts []PartFonds) {
	for _, x := range parts {
		if x.Montant > 0 {
			p.e.Mouvements = append(p.e.Mouvements, Mouvement{Type: t, Enveloppe: x.Enveloppe, Montant: x.Montant})
		}
	}
}

// armer adds an échéance. One whose instant has passed already, because the step
// that arms it came late (a décision after the start), is due now: the journal
// never goes back in time. Its date d'effet stays the day that it is about.
func (p *pas) armer(t TypeActe, code string, le time.Time, effet Date) {
	if le.Before(p.f.Le) {
		le = p.f.Le
	}
	p.d.Echeances = append(p.d.Echeances, Echeance{Type: t, Code: code, Le: le, Effet: effet})
}

// armerRappel arms a reminder: it leaves on its day at 08:00 (5 bis, Time).
func (p *pas) armerRappel(t TypeActe, code string, jour Date) {
	p.armer(t, code, jour.Heure(8, 0), jour)
}

// armerFin arms what happens at the end of a délai: at 24:00 of its last day.
func (p *pas) armerFin(t TypeActe, code string, jour Date) { p.armer(t, code, jour.FinDuJour(), jour) }

// armerAussitot arms what the system does right after this step.
func (p *pas) armerAussitot(t TypeActe, code string) { p.armer(t, code, p.f.Le, p.f.Jour()) }

// retirer removes the échéances that drop says.
func (p *pas) retirer(drop func(Echeance) bool) {
	p.d.Echeances = slices.DeleteFunc(slices.Clone(p.d.Echeances), drop)
}

// desarmer removes every échéance but those that follow one invoice: the next
// étape arms its own.
func (p *pas) desarmer() {
	p.retirer(func(e Echeance) bool { return !p.suitUneFacture(e) })
}

// jourEffet is the day at which the step takes effect.
func (p *pas) jourEffet() Date {
	if p.ech != nil {
		return p.ech.Effet
	}
	return p.f.Jour()
}

// beneficiaire is who is paid: the organisme under subrogation, else the
// company.
func (d *Dossier) beneficiaire() Role {
	if d.Demande.Subrogation && !d.Demande.Interne {
		return RoleOrganisme
	}
	return RoleEntreprise
}

// Beneficiaire returns the SIRET of who is paid, and its role.
func (d *Dossier) Beneficiaire() (SIRET, Role) {
	if d.beneficiaire() == RoleOrganisme {
		return d.Demande.Organisme.SIRET, RoleOrganisme
	}
	return d.Demande.Etablissement, RoleEntreprise
}

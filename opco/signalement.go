package opco

import (
	"slices"
	"strings"
	"time"
)

// EtatSignalement is where the contrôle of a dossier stands (domain.md 2.3 T24 and T30).
type EtatSignalement string

// The états of a signalement. Only Retenu holds a payment.
const (
	SignalementOuvert EtatSignalement = "OUVERT" // nobody has looked at its signs
	SignalementRetenu EtatSignalement = "RETENU" // a person suspended the payment
	SignalementLeve   EtatSignalement = "LEVE"   // a person let it go on
	SignalementClasse EtatSignalement = "CLASSE" // looked at, nothing was suspended
	SignalementEteint EtatSignalement = "ETEINT" // its signs went away before anybody looked
)

// EtatsSignalement lists the états of a signalement, in the order of the work.
func EtatsSignalement() []EtatSignalement {
	return []EtatSignalement{SignalementOuvert, SignalementRetenu, SignalementLeve, SignalementClasse, SignalementEteint}
}

var libellesSignalement = map[EtatSignalement]string{SignalementOuvert: "À examiner", SignalementRetenu: "Paiement suspendu",
	SignalementLeve: "Suspension levée", SignalementClasse: "Classé", SignalementEteint: "Sans signal"}

// String returns the label of e.
func (e EtatSignalement) String() string { return libellesSignalement[e] }

// GesteSignalement is what a person does to a signalement.
type GesteSignalement string

// What may be done to a signalement.
const (
	GesteRetenir   GesteSignalement = "retenir"   // suspend the accord, the service fait and the payment
	GesteProlonger GesteSignalement = "prolonger" // reviewed: the suspension goes on
	GesteLever     GesteSignalement = "lever"
	GesteClasser   GesteSignalement = "classer" // looked at: nothing to suspend
	GesteOuvrir    GesteSignalement = "ouvrir"  // of their own accord, whatever the signs
)

// GestesSignalement lists what may be done to a signalement.
func GestesSignalement() []GesteSignalement {
	return []GesteSignalement{GesteRetenir, GesteProlonger, GesteLever, GesteClasser, GesteOuvrir}
}

var reglesSignalement = map[GesteSignalement]struct {
	de   []EtatSignalement
	vers EtatSignalement
	quoi string
}{
	GesteRetenir:   {[]EtatSignalement{SignalementOuvert, SignalementLeve, SignalementClasse, SignalementEteint}, SignalementRetenu, "la suspension"},
	GesteProlonger: {[]EtatSignalement{SignalementRetenu}, SignalementRetenu, "la prolongation"},
	GesteLever:     {[]EtatSignalement{SignalementRetenu}, SignalementLeve, "la levée"},
	GesteClasser:   {[]EtatSignalement{SignalementOuvert}, SignalementClasse, "le classement"},
	GesteOuvrir:    {[]EtatSignalement{SignalementLeve, SignalementClasse, SignalementEteint}, SignalementOuvert, "l’ouverture d’un contrôle"},
}

// Controle reports whether a role looks at signalements (T30: RES, CTL).
func (r Role) Controle() bool { return r == RoleControleur || r == RoleResponsable }

// Suspension is what holds a dossier back, and until when at most nobody looks again.
type Suspension struct {
	Depuis   time.Time `db:"depuis" json:"depuis"`
	RevoirLe Date      `db:"revoir_le" json:"revoir_le"` // last day of the review
}

// Signalement is the contrôle of one dossier: its signs, and what a person made of them.
type Signalement struct {
	Dossier       string
	DossierNumero string
	Etat          EtatSignalement
	Signaux       []Signal
	Vus           []string    // codes that a person had before them when they acted last
	Suspension    *Suspension // of Retenu, and of no other
	Initiative    bool        // a person opened it: it waits for one even without a sign
}

// FaitsSignalement are what the rules of a gesture need besides the signalement.
type FaitsSignalement struct {
	Le         time.Time
	Parametres Parametres
	Tiers      []SIREN  // the companies of the dossier
	Liens      []SIREN  // declared by the author of the gesture
	Juges      []string // who instructed, decided or checked the dossier
	Payeurs    []string // who prepared or validated a lot that pays it
}

// Agir does a gesture to s, or returns the refusal that its author will read. Every
// gesture says why: the next person of the contrôle reads it.
func (s *Signalement) Agir(g GesteSignalement, par Acteur, raison string, f FaitsSignalement) error {
	x, ok := reglesSignalement[g]
	switch {
	case !ok:
		return Champf("geste", "Dites ce que vous faites de ce signalement : retenir, prolonger, lever, classer ou ouvrir.")
	case !par.Role.Controle():
		return Errorf(Forbidden, "Votre rôle ne permet pas %s : elle revient à un contrôleur ou à un responsable.", x.quoi)
	case !slices.Contains(x.de, s.Etat):
		return Errorf(Conflict, "Ce signalement est « %s » : %s n’est plus possible. Rechargez la page.", s.Etat, x.quoi).AvecCode("ETAPE_INATTENDUE")
	case strings.TrimSpace(raison) == "":
		return Champf("raison", "Dites pourquoi : vos collègues du contrôle le liront.")
	}
	if err := s.separer(g, par, f); err != nil {
		return err
	}
	s.Etat, s.Vus, s.Initiative = x.vers, codesDe(s.Signaux), g == GesteOuvrir
	revoir := JourDe(f.Le).Jours(f.Parametres.Signaux.RevueJours)
	switch g {
	case GesteRetenir:
		s.Suspension = &Suspension{Depuis: f.Le, RevoirLe: revoir}
	case GesteProlonger:
		s.Suspension = &Suspension{Depuis: s.Suspension.Depuis, RevoirLe: revoir}
	case GesteLever:
		s.Suspension = nil
	}
	return nil
}

// separer refuses who has a link with a company of the dossier; and, but to suspend or
// to open, which protects everybody, who instructed the dossier or pays it: who checks neither
// instructs nor pays (domain.md 2.6 and T24).
func (s *Signalement) separer(g GesteSignalement, par Acteur, f FaitsSignalement) error {
	if err := LienAvec(par, f.Liens, f.Tiers, "ce signalement"); err != nil || g == GesteRetenir || g == GesteOuvrir {
		return err
	}
	switch {
	case par.engageUn(f.Juges):
		return Errorf(Forbidden, "Vous avez instruit, décidé ou contrôlé le dossier %s : une autre personne doit s’occuper de son signalement.", s.DossierNumero).
			AvecCode("QUATRE_YEUX")
	case par.engageUn(f.Payeurs):
		return Errorf(Forbidden, "Vous avez préparé ou validé un lot qui paie le dossier %s : une autre personne doit s’occuper de son signalement.", s.DossierNumero).
			AvecCode("QUATRE_YEUX")
	}
	return nil
}

// GestesDe lists what somebody of role may try on s.
func (s *Signalement) GestesDe(role Role) []GesteSignalement {
	var gs []GesteSignalement
	for _, g := range GestesSignalement() {
		if role.Controle() && slices.Contains(reglesSignalement[g].de, s.Etat) {
			gs = append(gs, g)
		}
	}
	return gs
}

// Recalculer gives s the signs that its dossier has now. They put it before a person, or
// back before one when they hold something that was not seen; they never suspend nor
// release by themselves. It reports whether the signalement deserves to be kept.
func (s *Signalement) Recalculer(ss []Signal, p ParametresSignaux) bool {
	s.Signaux = ss
	assez := PointsSignaux(ss) >= p.Seuil
	switch s.Etat {
	case "":
		if !assez {
			return false
		}
		s.Etat = SignalementOuvert
	case SignalementOuvert:
		if !assez && !s.Initiative {
			s.Etat = SignalementEteint
		}
	case SignalementEteint:
		if assez {
			s.Etat = SignalementOuvert
		}
	case SignalementLeve, SignalementClasse:
		if assez && slices.ContainsFunc(codesDe(ss), func(c string) bool { return !slices.Contains(s.Vus, c) }) {
			s.Etat = SignalementOuvert
		}
	}
	return true
}

func codesDe(ss []Signal) []string {
	codes := make([]string, len(ss))
	for i, x := range ss {
		codes[i] = x.Code
	}
	return codes
}

// EnjeuControle is what may still be paid on d: what is granted and not paid, or what is
// asked as long as nothing is decided; 0 once it ended.
func (d *Dossier) EnjeuControle() Montant {
	switch r := d.Resume(); {
	case d.Etat == EtatRefusee || d.Etat == EtatSansSuite || d.Etat == EtatAnnulee || d.Etat == EtatSupprime || d.Etat == EtatCloturee:
		return 0
	case d.Decision == nil:
		return r.Demande
	default:
		return max(r.Accorde-r.Paye, 0)
	}
}

// refus refuses what a suspension holds back: an accord (T12), a service fait (T25).
func (s *Suspension) refus(quoi string) error {
	if s == nil {
		return nil
	}
	return Errorf(Conflict, "Ce dossier est suspendu par le contrôle depuis le %s : %s attend qu’un contrôleur lève la suspension. Elle sera revue le %s au plus tard.",
		JourDe(s.Depuis).Longue(), quoi, s.RevoirLe.Longue()).AvecCode("DOSSIER_SUSPENDU")
}

// refusReglement says that the payment of a dossier is suspended.
func (s *Suspension) refusReglement(dossier string) *Error {
	return Errorf(Conflict, "Le paiement du dossier %s est suspendu par le contrôle : il attend la levée, ou la revue du %s.", dossier, s.RevoirLe.Longue()).
		AvecCode("DOSSIER_SUSPENDU")
}

package opco

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Verbe is what the ops staff may do to what is stuck. None of them decides anything of a
// dossier: they have the machine do again, later or differently, what was decided.
type Verbe string

// What the ops staff may do.
const (
	VerbeRelancer   Verbe = "RELANCER"   // tell the procedure again what waits in its inbox, and what time it is
	VerbeReessayer  Verbe = "REESSAYER"  // have a failing deed tried now, its tries counted afresh
	VerbeAllonger   Verbe = "ALLONGER"   // give a deed more time
	VerbeSuspendre  Verbe = "SUSPENDRE"  // have a deed wait
	VerbeReprendre  Verbe = "REPRENDRE"  // let it go on
	VerbePasser     Verbe = "PASSER"     // give up a mail
	VerbeRenvoyer   Verbe = "RENVOYER"   // send a mail, again if need be
	VerbeRearmer    Verbe = "REARMER"    // set the timer to the échéance of the journal
	VerbeRevenir    Verbe = "REVENIR"    // have the procedure live again from one of its étapes
	VerbeRehydrater Verbe = "REHYDRATER" // start the procedure from the journal

	VerbeReconstruire Verbe = "RECONSTRUIRE" // write again what is read of a dossier, from its content held to the journal

	VerbeArreterPaiements Verbe = "ARRETER_PAIEMENTS" // no bank file leaves
	VerbeRouvrirPaiements Verbe = "ROUVRIR_PAIEMENTS"
	VerbeTenirPartis      Verbe = "TENIR_PARTIS"      // what left and the base does not know is never paid again
	VerbeArreterCourriels Verbe = "ARRETER_COURRIELS" // no mail leaves
	VerbeRouvrirCourriels Verbe = "ROUVRIR_COURRIELS"
)

// GenreCible is the kind of thing that a verb bears on.
type GenreCible string

// The kinds of targets.
const (
	CibleProcedure GenreCible = "PROCEDURE" // of a dossier, a lot, an account, an indu
	CibleActivite  GenreCible = "ACTIVITE"  // a deed of the world that a procedure waits for
	CibleCourriel  GenreCible = "COURRIEL"
	CibleMaison    GenreCible = "MAISON" // everything: a kill switch
)

// unVerbe is what the house knows of a verb: on what, its name on a button, and what it does in
// one sentence, with what it does not.
type unVerbe struct {
	verbe             Verbe
	cible             GenreCible
	libelle, promet   string
	commande          string // on the command line
	interrupteur      string // that it moves
	ferme             bool
	rejouable, inerte bool // asked twice it does the same; it makes nothing leave
	arrete            bool // it may stop what runs
}

var verbes = []unVerbe{
	{verbe: VerbeRelancer, cible: CibleProcedure, commande: "relancer", libelle: "Lancer maintenant", rejouable: true,
		promet: "La procédure relit ce qui l’attend. Aucune date légale ne change."},
	{verbe: VerbeReessayer, cible: CibleActivite, commande: "reessayer", libelle: "Réessayer", rejouable: true,
		promet: "Ce qui échoue est essayé tout de suite, et ses essais sont recomptés depuis un."},
	{verbe: VerbeAllonger, cible: CibleActivite, commande: "allonger", libelle: "Donner plus de temps", rejouable: true,
		promet: "L’essai suivant aura ce délai. Rien d’autre ne change."},
	{verbe: VerbeSuspendre, cible: CibleActivite, commande: "suspendre", libelle: "Suspendre", rejouable: true, inerte: true,
		promet: "Plus aucun essai ne part jusqu’à la reprise. Celui qui est en cours se termine."},
	{verbe: VerbeReprendre, cible: CibleActivite, commande: "reprendre", libelle: "Reprendre", rejouable: true,
		promet: "Les essais reprennent."},
	{verbe: VerbePasser, cible: CibleCourriel, commande: "passer", libelle: "Renoncer au courriel", rejouable: true,
		promet: "Le courriel ne partira pas. La lettre reste lisible au dossier, et l’équipe du dossier est prévenue par une note."},
	{verbe: VerbeRenvoyer, cible: CibleCourriel, commande: "renvoyer", libelle: "Renvoyer le courriel", rejouable: true,
		promet: "Ce qui n’est pas parti part tout de suite, sous le même identifiant : une messagerie qui l’a déjà le reconnaît."},
	{verbe: VerbeRearmer, cible: CibleProcedure, arrete: true, commande: "rearmer", libelle: "Réarmer l’échéance", rejouable: true,
		promet: "Le réveil est remis à la date que porte le journal. La date légale ne change pas."},
	{verbe: VerbeReconstruire, cible: CibleProcedure, commande: "reconstruire", libelle: "Reconstruire ce qui se lit", rejouable: true, inerte: true,
		promet: "Ce que montrent les listes est récrit d’après le contenu du dossier, tenu contre son journal ; ses compteurs sont recomptés. Ni le journal ni la procédure ne sont touchés."},
	{verbe: VerbeRevenir, cible: CibleProcedure, arrete: true, commande: "revenir", libelle: "Revenir à une étape",
		promet: "La procédure revit depuis cette étape. Ce qui est au journal y reste : chaque pas est relu, aucun n’est refait."},
	{verbe: VerbeRehydrater, cible: CibleProcedure, arrete: true, commande: "rehydrater", libelle: "Réhydrater",
		promet: "La procédure repart de ce que dit le journal. Rien de ce qui est fait n’est refait."},
	{verbe: VerbeArreterPaiements, cible: CibleMaison, commande: "paiements arreter", libelle: "Suspendre les paiements", rejouable: true, inerte: true,
		interrupteur: "paiements", ferme: true, promet: "Aucun fichier ne part plus à la banque. Les lots attendent, rien n’est perdu."},
	{verbe: VerbeRouvrirPaiements, cible: CibleMaison, commande: "paiements rouvrir", libelle: "Rouvrir les paiements", rejouable: true,
		interrupteur: "paiements", promet: "Les lots validés qui attendent partent à la banque, chacun une fois."},
	{verbe: VerbeTenirPartis, cible: CibleMaison, commande: "paiements tenir-partis", libelle: "Tenir pour partis les virements inconnus", rejouable: true,
		promet: "Après une restauration : chaque virement que le dossier de la banque montre parti et que la base ignore est tenu pour parti, issue inconnue. " +
			"Les factures qu’il nomme ne sont plus proposées au paiement. Rien ne part."},
	{verbe: VerbeArreterCourriels, cible: CibleMaison, commande: "courriels arreter", libelle: "Suspendre les courriels", rejouable: true, inerte: true,
		interrupteur: "courriels", ferme: true, promet: "Aucun courriel ne part plus, hors ceux qu’un facteur a déjà en main. Les autres attendent."},
	{verbe: VerbeRouvrirCourriels, cible: CibleMaison, commande: "courriels rouvrir", libelle: "Rouvrir les courriels", rejouable: true, inerte: true,
		interrupteur: "courriels", promet: "Les courriels qui attendent partent, chacun une fois."},
}

func (v Verbe) fiche() unVerbe {
	i := slices.IndexFunc(verbes, func(x unVerbe) bool { return x.verbe == v })
	if i < 0 {
		return unVerbe{}
	}
	return verbes[i]
}

// Verbes lists what the ops staff may do.
func Verbes() []Verbe {
	vs := make([]Verbe, len(verbes))
	for i, x := range verbes {
		vs[i] = x.verbe
	}
	return vs
}

// Libelle names a verb on a button, "" when there is no such verb.
func (v Verbe) Libelle() string { return v.fiche().libelle }

// Promet says what a verb does, and what it leaves as it is.
func (v Verbe) Promet() string { return v.fiche().promet }

// Commande is how the command line calls a verb.
func (v Verbe) Commande() string { return v.fiche().commande }

// Cible is the kind of thing that a verb bears on.
func (v Verbe) Cible() GenreCible { return v.fiche().cible }

// Rejouable reports whether asking twice does no more than once: who died while asking may ask
// again. The others are asked again only while the procedure is still the one that was read.
func (v Verbe) Rejouable() bool { return v.fiche().rejouable }

// Perime reports whether a trial of that age shows too old a state to act on: what may stop a
// procedure that runs is agreed to on a fresh one.
func (v Verbe) Perime(age time.Duration) bool { return v.fiche().arrete && age > essaiMax }

// Interrupteur is the kill switch that a verb moves, "" for most; ferme says which way.
func (v Verbe) Interrupteur() (nom string, ferme bool) {
	f := v.fiche()
	return f.interrupteur, f.ferme
}

// Argent reports whether a verb on these objects may have money leave: a second person agrees then.
// Whatever holds a payment back needs one alone.
func (v Verbe) Argent(objets ...string) bool {
	f := v.fiche()
	if f.inerte {
		return false
	}
	return f.interrupteur == "paiements" || v == VerbeTenirPartis || f.cible != CibleCourriel && slices.ContainsFunc(objets, func(o string) bool { return strings.HasPrefix(o, "lot/") })
}

// VerbesDe lists what may be done to a target of this kind, the mildest first.
func VerbesDe(g GenreCible) []Verbe {
	var vs []Verbe
	for _, x := range verbes {
		if x.cible == g {
			vs = append(vs, x.verbe)
		}
	}
	return vs
}

// Intervention is what is asked: a verb, why, and what the verb needs.
type Intervention struct {
	Verbe    Verbe         `json:"verbe"`
	Motif    string        `json:"motif"`
	Etape    string        `json:"etape,omitempty"`     // where REVENIR goes back to
	Delai    time.Duration `json:"delai,omitempty"`     // what ALLONGER gives
	NouvelID bool          `json:"nouvel_id,omitempty"` // of RENVOYER: under an identity of its own
	Cause    string        `json:"cause,omitempty"`     // the group of cases that it bears on, "" for cases named one by one
}

// Bounds of what an intervention may say.
const (
	motifMin = 10
	motifMax = 500
	etapeMax = 40
	delaiMin = 10 * time.Second
	delaiMax = time.Hour
	essaiMax = 15 * time.Minute
)

// Accepter refuses an intervention that lacks what its verb needs, and returns it with that and
// nothing else.
func (i Intervention) Accepter() (Intervention, error) {
	f := i.Verbe.fiche()
	if f.verbe == "" {
		return i, Champf("verbe", "Choisissez ce qu’il faut faire.")
	}
	motif, err := ParseTexte("motif", i.Motif, motifMax)
	if err != nil {
		return i, err
	}
	if len([]rune(motif)) < motifMin {
		return i, Champf("motif", "Dites pourquoi, en %d caractères au moins : la raison reste au journal.", motifMin)
	}
	x := Intervention{Verbe: i.Verbe, Motif: motif, Cause: i.Cause}
	switch i.Verbe {
	case VerbeRevenir:
		if x.Etape, err = ParseTexte("etape", i.Etape, etapeMax); err == nil && x.Etape == "" {
			err = Champf("etape", "Choisissez l’étape à laquelle revenir.")
		}
	case VerbeAllonger:
		if x.Delai = i.Delai; x.Delai < delaiMin || x.Delai > delaiMax {
			return x, Champf("delai", "Donnez un délai entre %d et %d secondes.", int(delaiMin.Seconds()), int(delaiMax.Seconds()))
		}
	case VerbeRenvoyer:
		x.NouvelID = i.NouvelID
	}
	if f.cible == CibleMaison && x.Cause != "" {
		return x, Champf("cause", "Un interrupteur vaut pour toute la maison : il ne se donne pas à une cause.")
	}
	return x, err
}

// Dit says in a few words what is asked.
func (i Intervention) Dit() string {
	switch {
	case i.Verbe == VerbeRevenir:
		return fmt.Sprintf("Revenir à l’étape « %s »", i.Etape)
	case i.Verbe == VerbeAllonger:
		return fmt.Sprintf("Donner %d s à chaque essai", int(i.Delai.Seconds()))
	case i.NouvelID:
		return "Renvoyer le courriel sous un nouvel identifiant"
	}
	return i.Verbe.Libelle()
}

// Intervenants are the roles that may intervene, and SecondsIntervenants those that may agree to
// what concerns money: never the person who asked.
func Intervenants() []Role { return []Role{RoleOps} }

// SecondsIntervenants are the roles of a second person.
func SecondsIntervenants() []Role { return []Role{RoleOps, RoleResponsable} }

// ErrPaiementsSuspendus says that the kill switch of payments is closed: no file leaves.
var ErrPaiementsSuspendus = Errorf(Conflict, "Les paiements sont suspendus : aucun fichier ne part à la banque. Tout attend.").AvecCode("PAIEMENTS_SUSPENDUS")

// LibelleIntervention says how far an intervention has gone.
func LibelleIntervention(etat string) string {
	return map[string]string{"ESSAI": "Essai en cours", "PROPOSEE": "Proposée", "APPROUVEE": "Approuvée", "EN_COURS": "En cours", "VERIFIEE": "Vérifiée",
		"PARTIELLE": "Vérifiée en partie", "SANS_EFFET": "Sans effet", "REFUSEE": "Refusée"}[etat]
}

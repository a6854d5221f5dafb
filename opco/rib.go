package opco

import (
	"slices"
	"strings"
	"time"
)

// EtatRIB is where the bank details of a payee stand (domain.md 2.7, « Four eyes »,
// and 5 bis). The CHECK of table rib is tested against EtatsRIB.
type EtatRIB string

// The états of a RIB. One at most is in service (Actif, or Gele when nothing may be
// paid to it), and one at most is on its way.
const (
	RIBPropose  EtatRIB = "PROPOSE"
	RIBVu       EtatRIB = "VU"     // a first person has looked at it
	RIBValide   EtatRIB = "VALIDE" // a second one too: the hold runs
	RIBActif    EtatRIB = "ACTIF"
	RIBRefuse   EtatRIB = "REFUSE"
	RIBGele     EtatRIB = "GELE"
	RIBRemplace EtatRIB = "REMPLACE"
)

// EtatsRIB lists the états of a RIB, in the order of the procedure.
func EtatsRIB() []EtatRIB {
	return []EtatRIB{RIBPropose, RIBVu, RIBValide, RIBActif, RIBRefuse, RIBGele, RIBRemplace}
}

var libellesRIB = map[EtatRIB]string{
	RIBPropose: "À vérifier", RIBVu: "Vérifié une fois", RIBValide: "Validé, en attente", RIBActif: "En service",
	RIBRefuse: "Refusé", RIBGele: "Gelé", RIBRemplace: "Remplacé",
}

// String returns the label of e.
func (e EtatRIB) String() string { return libellesRIB[e] }

// EnCours reports whether a RIB in état e is on its way to be put in service.
func (e EtatRIB) EnCours() bool { return e == RIBPropose || e == RIBVu || e == RIBValide }

// GesteRIB is what a member of the staff does to a RIB.
type GesteRIB string

// What may be done to a RIB.
const (
	GesteVoir    GesteRIB = "voir"    // first look
	GesteValider GesteRIB = "valider" // second look, by somebody else: the hold starts
	GesteRefuser GesteRIB = "refuser"
	GesteGeler   GesteRIB = "geler"   // nothing is paid to it any more
	GesteDegeler GesteRIB = "degeler" // the freeze is lifted; one of the bank needs a second person (R07)
	// GesteConfirmer is that of the second person, who lifts what the bank froze.
	GesteConfirmer GesteRIB = "confirmer"
)

// GestesRIB lists what may be done to a RIB.
func GestesRIB() []GesteRIB {
	return []GesteRIB{GesteVoir, GesteValider, GesteRefuser, GesteGeler, GesteDegeler, GesteConfirmer}
}

// regleRIB says from which états, to which, and by whom a gesture goes
// (reliability.md 3.1: a responsable looks first, a comptable then).
type regleRIB struct {
	de     []EtatRIB
	vers   EtatRIB
	par    []Role
	raison bool // asked for
	quoi   string
}

var reglesRIB = map[GesteRIB]regleRIB{
	GesteVoir:      {[]EtatRIB{RIBPropose}, RIBVu, []Role{RoleResponsable}, false, "première vérification"},
	GesteValider:   {[]EtatRIB{RIBVu}, RIBValide, []Role{RoleComptable}, false, "validation"},
	GesteRefuser:   {[]EtatRIB{RIBPropose, RIBVu, RIBValide}, RIBRefuse, []Role{RoleResponsable, RoleComptable}, true, "décision de refus"},
	GesteGeler:     {[]EtatRIB{RIBActif}, RIBGele, []Role{RoleResponsable, RoleComptable}, true, "mise en gel"},
	GesteDegeler:   {[]EtatRIB{RIBGele}, RIBActif, []Role{RoleResponsable}, true, "levée du gel"},
	GesteConfirmer: {[]EtatRIB{RIBGele}, RIBActif, []Role{RoleResponsable, RoleComptable}, false, "confirmation de la levée"},
}

// RIB is the bank details of a payee, and who said what of them. The persons of a
// gesture are who did it and, for a delegate, the absent person in whose name.
type RIB struct {
	ID         string    `json:"id"` // of the acte that proposed it
	SIREN      SIREN     `json:"siren"`
	Sorte      Role      `json:"sorte"` // entreprise or organisme: a SIREN may be paid as both
	Nom        string    `json:"nom"`   // of the payee
	IBAN       IBAN      `json:"iban"`
	BIC        BIC       `json:"bic,omitempty"`
	Titulaire  string    `json:"titulaire,omitempty"`
	Etat       EtatRIB   `json:"etat"`
	Motif      string    `json:"motif,omitempty"`  // of the bank, when frozen by it
	Raison     string    `json:"raison,omitempty"` // French sentence of who refused, froze or cleared
	ProposePar Acteur    `json:"propose_par"`
	ProposeLe  time.Time `json:"propose_le,omitzero"`
	VuPar      Acteur    `json:"vu_par"`
	VuLe       time.Time `json:"vu_le,omitzero"`
	ValidePar  Acteur    `json:"valide_par"`
	ValideLe   time.Time `json:"valide_le,omitzero"`
	ActifLe    time.Time `json:"actif_le,omitzero"` // when the hold ends
	LevePar    Acteur    `json:"leve_par"`          // who lifts its freeze, first
	LeveLe     time.Time `json:"leve_le,omitzero"`
	RenduPar   Acteur    `json:"rendu_par"` // and second, when the bank put it
	RenduLe    time.Time `json:"rendu_le,omitzero"`
}

// LeveeDemandee reports whether a first person asked to lift what the bank froze.
func (r *RIB) LeveeDemandee() bool {
	return r.Etat == RIBGele && r.Motif != "" && r.LevePar.Personne != ""
}

// possible reports whether gesture g may be done to r as it stands.
func (r *RIB) possible(g GesteRIB) bool {
	switch {
	case !slices.Contains(reglesRIB[g].de, r.Etat):
		return false
	case g == GesteDegeler:
		return !r.LeveeDemandee()
	case g == GesteConfirmer:
		return r.LeveeDemandee()
	}
	return true
}

// SaisieRIB is what a payee says of its account.
type SaisieRIB struct {
	IBAN      string `json:"iban"`
	BIC       string `json:"bic"`
	Titulaire string `json:"titulaire"`
}

// Lire checks what a payee typed; actuel is the account in service, "" when there is
// none. Errors are Invalid, on the field at fault.
func (s SaisieRIB) Lire(actuel IBAN) (RIB, error) {
	var r RIB
	var err error
	if r.IBAN, err = ParseIBAN(s.IBAN); err != nil {
		return r, err
	}
	if r.IBAN == actuel {
		return r, Champf("iban", "Nous payons déjà sur ce compte : donnez celui qui le remplace.")
	}
	if r.BIC, err = ParseBIC(s.BIC); err != nil {
		return r, err
	}
	if err = r.BIC.Verifier(r.IBAN); err != nil {
		return r, err
	}
	if r.Titulaire, err = ParseNom("titulaire", s.Titulaire); err != nil {
		return r, err
	}
	if SepaNom(r.Titulaire) == "" {
		return r, Champf("titulaire", "Écrivez le nom du titulaire en lettres latines, comme sur le RIB.")
	}
	r.Etat = RIBPropose
	return r, nil
}

// FaitsRIB are what the rules of a RIB need besides it.
type FaitsRIB struct {
	Le         time.Time
	Parametres Parametres
	// Signataires prepared or validated a lot that pays the holder and has no outcome
	// yet, or the one whose transfer the bank sent back.
	Signataires []string
	Liens       []SIREN // declared by the author of the gesture
}

// Agir does a gesture to r, or returns the refusal that its author will read.
func (r *RIB) Agir(g GesteRIB, par Acteur, raison string, f FaitsRIB) error {
	x, ok := reglesRIB[g]
	raison = strings.TrimSpace(raison)
	switch {
	case !ok:
		return Champf("geste", "Dites ce que vous faites de ce RIB : voir, valider, refuser, geler, dégeler ou confirmer.")
	case !slices.Contains(x.par, par.Role):
		return Errorf(Forbidden, "Votre rôle ne permet pas cette %s : elle revient à un %s.", x.quoi, nommerRoles(x.par))
	case !r.possible(g):
		return Errorf(Conflict, "Ce RIB est « %s » : la %s n’est plus possible, ou pas encore. Rechargez la page.", r.Etat, x.quoi).AvecCode("ETAPE_INATTENDUE")
	case x.raison && raison == "":
		return Champf("raison", "Dites pourquoi : le bénéficiaire et vos collègues le liront.")
	}
	if err := r.separer(g, par, f); err != nil {
		return err
	}
	r.faire(g, par, raison, f)
	return nil
}

// faire does what was allowed.
func (r *RIB) faire(g GesteRIB, par Acteur, raison string, f FaitsRIB) {
	if g == GesteDegeler {
		r.LevePar, r.LeveLe = par, f.Le
		if r.Motif != "" {
			return // it stays frozen, and says why, until somebody else confirms
		}
	}
	r.Etat, r.Raison = reglesRIB[g].vers, raison
	switch g {
	case GesteVoir:
		r.VuPar, r.VuLe = par, f.Le
	case GesteValider:
		r.ValidePar, r.ValideLe = par, f.Le
		r.ActifLe = f.Le.Add(time.Duration(f.Parametres.RIBAttenteHeures) * time.Hour)
	case GesteGeler:
		r.LevePar, r.LeveLe, r.RenduPar, r.RenduLe = Acteur{}, time.Time{}, Acteur{}, time.Time{}
	case GesteConfirmer:
		r.Motif, r.RenduPar, r.RenduLe = "", par, f.Le
	}
}

// separer refuses who may not look at r: who proposed it, who looked at it already,
// who pays it, who has a link with its holder. Refusing and freezing protect the
// payee: anybody of the role may.
func (r *RIB) separer(g GesteRIB, par Acteur, f FaitsRIB) error {
	if g == GesteRefuser || g == GesteGeler {
		return nil
	}
	switch {
	case par.Croise(r.ProposePar):
		return Errorf(Forbidden, "Vous avez proposé ce RIB : une autre personne doit le vérifier.").AvecCode("MEME_PERSONNE")
	case g == GesteValider && par.Croise(r.VuPar):
		return Errorf(Forbidden, "Vous avez fait la première vérification de ce RIB : une autre personne doit le valider.").AvecCode("MEME_PERSONNE")
	case g == GesteConfirmer && par.Croise(r.LevePar):
		return Errorf(Forbidden, "Vous avez demandé la levée de ce gel : une autre personne doit la confirmer.").AvecCode("MEME_PERSONNE")
	case par.engageUn(f.Signataires):
		return Errorf(Forbidden, "Vous avez préparé ou validé un lot qui paie %s : une autre personne doit s’occuper de son RIB.", r.Nom).AvecCode("QUATRE_YEUX")
	}
	return LienAvec(par, f.Liens, []SIREN{r.SIREN}, "ce RIB")
}

// GestesDe lists what somebody of role may try on r, in the order of the procedure.
func (r *RIB) GestesDe(role Role) []GesteRIB {
	var gs []GesteRIB
	for _, g := range GestesRIB() {
		if r.possible(g) && slices.Contains(reglesRIB[g].par, role) {
			gs = append(gs, g)
		}
	}
	return gs
}

// AvecRaison reports whether a gesture asks why.
func (g GesteRIB) AvecRaison() bool { return reglesRIB[g].raison }

func nommerRoles(rs []Role) string {
	noms := make([]string, len(rs))
	for i, r := range rs {
		noms[i] = string(r)
	}
	return strings.Join(noms, " ou à un ")
}

// motifsDuCompte are the reasons of a bank that speak of the account of the payee:
// paying it again would fail again, or would pay somebody else (I2, R07).
var motifsDuCompte = []string{"AC01", "AC03", "AC04", "AC06", "AC07", "AC13", "AC14", "AG01", "AG03", "AGNT", "BE01", "BE06",
	"CNOR", "FR01", "FRAD", "MD07", "RC01", "RC04"}

// MotifDuCompte reports whether a reason of the bank freezes the account of the
// payee until a person looks at it.
func MotifDuCompte(code string) bool { return slices.Contains(motifsDuCompte, code) }

// ObstacleRIB is why nothing may be paid to an account now, "" when it may.
type ObstacleRIB string

// The obstacles.
const (
	RIBSansObstacle ObstacleRIB = ""
	RIBQuiChange    ObstacleRIB = "CHANGE" // a new RIB is on its way: it counts from its request (5 bis)
	RIBQuiGele      ObstacleRIB = "GELE"
)

// refus says the obstacle for the payee nom.
func (o ObstacleRIB) refus(nom string) *Error {
	switch o {
	case RIBQuiChange:
		return Errorf(Conflict, "%s a demandé à changer de RIB : rien ne lui est payé avant que le nouveau soit en service.", nom).AvecCode("RIB_CHANGE")
	case RIBQuiGele:
		return Errorf(Conflict, "Le RIB de %s est gelé : il faut un nouveau RIB validé, ou lever le gel.", nom).AvecCode("RIB_GELE")
	}
	return nil
}

// Gel is an account that the bank told not to pay again.
type Gel struct {
	Beneficiaire SIRET
	Dossier      string // tells whether its company or its organisme is paid
	IBAN         IBAN
	Motif        string
	Cause        string
	Reglement    string // number
}

package scenario

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"guichet/opco"
)

// Deed is what somebody does with an account: their own, or that of De.
type Deed struct {
	Qui        string   `yaml:"qui"`
	Fait       string   `yaml:"fait"`
	De         string   `yaml:"de"`         // whose account, when it is not one's own
	Navigateur string   `yaml:"navigateur"` // another browser of the same person
	Avec       DeedData `yaml:"avec"`
	Verdict    string   `yaml:"verdict"` // applique (default), refuse, or recu: nobody waits for the answer
	Code       string   `yaml:"code"`
	Champ      string   `yaml:"champ"`
	Statut     int      `yaml:"statut"`
	Phrase     Texts    `yaml:"phrase"`
	Etape      string   `yaml:"etape"` // where the login stands afterwards
	line       int
}

// DeedData is the content of a deed.
type DeedData struct {
	// inscrire, ajouter_entite
	Profils []Asked `yaml:"profils"`
	Adresse string  `yaml:"adresse_de"` // give the address of somebody else
	// activer, reinitialiser, confirmer_identifiant
	Saisi    string `yaml:"saisi"`    // what is typed, instead of what the mail says; faux: a code of the right form
	Courriel int    `yaml:"courriel"` // rank of the mail that is read, 1 for the first; the last one unless told
	SansLien YesNo  `yaml:"sans_lien"`
	// passwords and identifiers
	Identifiant string `yaml:"identifiant"`
	MotDePasse  string `yaml:"mot_de_passe"`
	Nouveau     string `yaml:"nouveau"`
	Recus       YesNo  `yaml:"recus"` // log in with the provisional credentials of a mail
	Rester      YesNo  `yaml:"rester"`
	Version     string `yaml:"version"`
	// entrer
	Dans   string `yaml:"dans"` // an organisation, or a role
	PourDe string `yaml:"pour"` // the absent person

	Personne string `yaml:"personne"` // whom a right is given to, or who stands in
	// rights
	Droits    Texts     `yaml:"droits"`
	Accorde   Texts     `yaml:"accorde"`
	Refuse    []Refusal `yaml:"refuse"`
	Question  string    `yaml:"question"`
	Reponse   string    `yaml:"reponse"`
	Raison    string    `yaml:"raison"`
	Du        Day       `yaml:"du"`
	Au        Day       `yaml:"au"`
	Mandat    YesNo     `yaml:"mandat"`
	Role      string    `yaml:"role"`
	Compte    string    `yaml:"compte_de"` // the same person as that account (creer_agent)
	Organisme string    `yaml:"organisation"`
}

// Refusal is a right that is refused, and why.
type Refusal struct {
	Droit     string `yaml:"droit"`
	Motif     string `yaml:"motif"`
	Precision string `yaml:"precision"`
}

// deed is one thing that may be done with an account. Anonymous: it is done without
// being logged in. Done notes what the person knows once it was taken.
type deed struct {
	write     func(w *world, ctx context.Context, d *Deed, who *account) (request, error)
	done      func(w *world, d *Deed, who *account)
	anonymous bool
}

// deeds are the deeds of the language.
var deeds map[string]deed

func init() {
	deeds = map[string]deed{
		"inscrire":              {write: (*world).signUp, anonymous: true},
		"renvoyer_code":         {write: (*world).askCode, anonymous: true},
		"activer":               {write: (*world).activate, done: (*world).noteActivation, anonymous: true},
		"se_connecter":          {write: (*world).logIn, anonymous: true},
		"entrer":                {write: (*world).enter},
		"se_deconnecter":        {write: (*world).logOut},
		"fermer_autres":         {write: (*world).closeOthers},
		"oublier":               {write: (*world).forget, anonymous: true},
		"reinitialiser":         {write: (*world).reset, done: (*world).notePassword, anonymous: true},
		"personnaliser":         {write: (*world).personalise, done: (*world).noteNext},
		"confirmer_identifiant": {write: (*world).confirmIdentifier, done: (*world).noteIdentifier, anonymous: true},
		"accepter_politique":    {write: (*world).acceptPolicy},
		"changer_mot_de_passe":  {write: (*world).changePassword, done: (*world).noteNew},
		"ajouter_entite":        {write: (*world).addEntity},
		"ouvrir_espace":         {write: own("espaces/organisme")},
		"repondre":              {write: (*world).answer},
		"redemander":            {write: (*world).askAgain},
		"clore":                 {write: (*world).closeAccount},
		"inviter":               {write: (*world).invite},
		"donner_droits":         {write: (*world).give},
		"retirer_droits":        {write: (*world).withdraw},
		"decider_droits":        {write: (*world).decideRights},
		"demander_precision":    {write: (*world).question},
		"ouvrir_compte":         {write: (*world).openAccount},
		"reemettre":             {write: office("reemission")},
		"creer_agent":           {write: (*world).createAgent, done: (*world).noteAgent},
		"donner_role":           {write: (*world).grantRole},
		"confirmer_role":        {write: (*world).confirmRole},
		"retirer_role":          {write: (*world).withdrawRole},
		"deleguer":              {write: (*world).delegate},
		"finir_delegation":      {write: (*world).endDelegation},
		"declarer_lien":         {write: (*world).declareLink},
	}
}

// UnmarshalYAML reads a deed and remembers its line.
func (d *Deed) UnmarshalYAML(n *yaml.Node) error {
	type plain Deed
	if err := decode(n, (*plain)(d)); err != nil {
		return err
	}
	d.line = n.Line
	if _, ok := deeds[d.Fait]; !ok {
		return fault(n, "« fait: %s » n’existe pas : %s.", d.Fait, strings.Join(words(deeds), ", "))
	}
	if d.Qui == "" {
		return fault(n, "Dites « qui » le fait.")
	}
	if !slices.Contains([]string{"", "applique", "refuse", "recu"}, d.Verdict) {
		return fault(n, "Un verdict est applique, refuse ou recu.")
	}
	return nil
}

// doDeed plays one deed and checks what came of it.
func (w *world) doDeed(ctx context.Context, d *Deed) error {
	who, err := w.user(d.Qui)
	if err != nil {
		return err
	}
	req, err := deeds[d.Fait].write(w, ctx, d, who)
	if err != nil {
		return err
	}
	w.left = time.Now()
	o, err := w.deliverDeed(ctx, d, req, who)
	if err != nil {
		return err
	}
	if o.verdict == string(opco.VerdictApplique) {
		if done := deeds[d.Fait].done; done != nil {
			done(w, d, who)
		}
	}
	return w.expectDeed(d, o)
}

// deliverDeed sends a deed and, unless it says otherwise, follows it to its verdict.
func (w *world) deliverDeed(ctx context.Context, d *Deed, req request, who *account) (*outcome, error) {
	rep, err := w.send(ctx, who, d.Navigateur, deeds[d.Fait].anonymous, req)
	if err != nil {
		return nil, err
	}
	call := req.method + " " + req.path
	if d.Verdict == "recu" && rep.status == http.StatusAccepted {
		return &outcome{status: rep.status, verdict: "recu"}, nil
	}
	switch {
	case rep.status == http.StatusAccepted && rep.location == "" && !w.busy: // a promise: what follows comes by mail
		if err := w.calm(ctx); err != nil {
			return nil, err
		}
	case rep.location != "":
		if rep, err = w.r.client.settle(ctx, who.tokenIn(d.Navigateur), call, rep); err != nil {
			return nil, err
		}
	}
	if rep.status == http.StatusUnauthorized {
		var p problem
		if err := rep.decode(&p); err != nil {
			return nil, err
		}
		return &outcome{status: rep.status, verdict: string(opco.VerdictRefuse), code: p.Code, phrase: p.Detail, champ: p.Champ}, nil
	}
	o, err := rep.outcome(call)
	if o != nil {
		var said struct {
			Etape  string `json:"etape"`
			Phrase string `json:"phrase"`
		}
		if json.Unmarshal(rep.body, &said) == nil {
			o.etape, o.phrase = said.Etape, or(o.phrase, said.Phrase)
		}
	}
	return o, err
}

func (w *world) expectDeed(d *Deed, o *outcome) error {
	err := w.expectOutcome(&Act{Qui: d.Qui, Fait: d.Fait, Verdict: d.Verdict, Code: d.Code, Champ: d.Champ, Statut: d.Statut,
		Phrase: d.Phrase, line: d.line}, o)
	if err == nil && d.Etape != "" && d.Etape != o.etape {
		err = &Failure{Line: d.line, What: d.Fait + " par " + d.Qui + ", etape", Expected: d.Etape, Found: or(o.etape, "(aucune)")}
	}
	return err
}

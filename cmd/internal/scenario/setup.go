package scenario

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"guichet/opco"
)

// The bodies that prepare a scenario (POST /api/essai/…).
type (
	orgBody struct {
		Sorte         string          `json:"sorte"`
		SIREN         opco.SIREN      `json:"siren"`
		Nom           string          `json:"nom"`
		SIRETs        []opco.SIRET    `json:"sirets"`
		IBAN          opco.IBAN       `json:"iban,omitempty"`
		Email         string          `json:"email,omitempty"`
		IDCC          string          `json:"idcc,omitempty"`
		Effectif      int             `json:"effectif,omitempty"`
		CodeAdherent  string          `json:"code_adherent,omitempty"`
		Masse         opco.Montant    `json:"masse_salariale,omitempty"`
		Responsable   string          `json:"responsable,omitempty"`
		Code          string          `json:"code,omitempty"`
		Adherente     bool            `json:"adherente"`
		AJour         bool            `json:"a_jour"`
		AlsaceMoselle bool            `json:"alsace_moselle,omitempty"`
		NDA           opco.NDA        `json:"nda,omitempty"`
		NDAActive     bool            `json:"nda_active"`
		TVA           bool            `json:"tva,omitempty"`
		Suspendu      bool            `json:"suspendu,omitempty"`
		Subrogation   bool            `json:"subrogation_autorisee"`
		Qualiopi      []certifiedBody `json:"qualiopi,omitempty"`
	}
	certifiedBody struct {
		Nature opco.Nature `json:"nature"`
		Du     opco.Date   `json:"du"`
		Au     opco.Date   `json:"au,omitempty"`
	}
	userBody struct {
		Identifiant string       `json:"identifiant"`
		Personne    string       `json:"personne,omitempty"`
		Nom         string       `json:"nom"`
		Prenom      string       `json:"prenom"`
		Role        opco.Role    `json:"role"`
		SIRETs      []opco.SIRET `json:"sirets,omitempty"`
		Email       opco.Email   `json:"email,omitempty"`
		MotDePasse  string       `json:"mot_de_passe"`
		CleAPI      string       `json:"cle_api"`
	}
	envelopeBody struct {
		SIREN    opco.SIREN   `json:"siren"`
		Annee    int          `json:"annee"`
		Fonds    string       `json:"fonds"`
		Ordre    int          `json:"ordre"`
		Libelle  string       `json:"libelle,omitempty"`
		Dotation opco.Montant `json:"dotation"`
	}
	clockReply struct {
		Le   time.Time `json:"le"`
		Reel time.Time `json:"reel"`
	}
)

// prepareStaff makes the accounts of the OPCO that every scenario uses.
func (r *Runner) prepareStaff(ctx context.Context) error {
	run := r.maker.number()
	r.staff = map[string]*account{}
	for _, s := range staff {
		a := &account{key: s.key, identifiant: fmt.Sprintf("%s.%06d", s.key, run), prenom: s.prenom, nom: s.nom, role: s.role,
			email: address(s.key, run)}
		if err := r.client.createUser(ctx, r.admin, a); err != nil {
			return err
		}
		r.staff[s.key] = a
	}
	return nil
}

// createUser makes an account with an API key. Its personne is its identifiant
// unless another account's holder has it too.
func (c *client) createUser(ctx context.Context, admin string, a *account) error {
	if a.personne == "" {
		a.personne = a.identifiant
	}
	a.apiKey, a.password = token(), passphrase()
	a.token = a.apiKey
	return c.send(ctx, admin, "/api/essai/utilisateurs", userBody{Identifiant: a.identifiant, Personne: a.personne, Email: opco.Email(a.email),
		Nom: a.nom, Prenom: a.prenom, Role: a.role, SIRETs: a.sirets, MotDePasse: a.password, CleAPI: a.apiKey})
}

// setUp makes what one part of « mise en place » asks for.
func (w *world) setUp(ctx context.Context, s Setup) error {
	w.setups = append(w.setups, s)
	for _, group := range []map[string]*OrgChange{s.Entreprises, s.Organismes} {
		for _, key := range words(group) {
			if err := w.createOrg(ctx, key, group[key]); err != nil {
				return err
			}
		}
	}
	for _, key := range words(s.Utilisateurs) {
		if err := w.createExtra(ctx, key, s.Utilisateurs[key]); err != nil {
			return err
		}
	}
	for _, key := range words(s.Personnes) {
		if err := w.createPerson(key, s.Personnes[key]); err != nil {
			return err
		}
	}
	for _, e := range s.Enveloppes {
		o, err := w.org(e.Entreprise)
		if err != nil {
			return err
		}
		if err := w.openEnvelope(ctx, o, e); err != nil {
			return err
		}
	}
	if s.Bareme != "" && s.Bareme != "BAR-TEST-2026" {
		return fmt.Errorf("le barème « %s » n’est pas connu : les scénarios emploient BAR-TEST-2026", s.Bareme)
	}
	return w.changeParameters(ctx, s.Parametres)
}

func (w *world) openEnvelope(ctx context.Context, o *org, e EnvelopeSet) error {
	return w.r.client.send(ctx, w.r.admin, "/api/essai/enveloppes", envelopeBody{SIREN: o.SIREN, Annee: e.Annee, Fonds: e.Fonds,
		Ordre: e.Ordre, Libelle: e.Libelle, Dotation: opco.Montant(e.Dotation)})
}

// createOrg makes an organisation like key of the data set, changed as the
// scenario says, with the account of the same name.
func (w *world) createOrg(ctx context.Context, key string, c *OrgChange) error {
	o := w.orgs[key]
	if o == nil {
		m, ok := models[strings.TrimRight(key, "bcd")]
		if !ok {
			return fmt.Errorf("l’organisation « %s » n’est pas dans le jeu d’essai : %s (ou E1b, E1c… pour une autre semblable)",
				key, strings.Join(words(models), ", "))
		}
		n, err := w.freeNumber(ctx)
		if err != nil {
			return err
		}
		o = newOrg(key, m, n)
		w.orgs[key] = o
	}
	if err := w.r.client.send(ctx, w.r.admin, "/api/essai/organisations", o.body(c)); err != nil {
		return err
	}
	if w.users[strings.ToLower(key)] != nil {
		return nil
	}
	if c != nil && bool(c.SansCompte) {
		return w.createMailbox(o)
	}
	role := opco.RoleEntreprise
	if o.Model.organisme {
		role = opco.RoleOrganisme
	}
	a := &account{key: strings.ToLower(key), identifiant: o.Email, email: o.Email, prenom: "Compte", nom: "de " + key, role: role, sirets: o.SIRETs}
	w.users[a.key] = a
	return w.r.client.createUser(ctx, w.r.admin, a)
}

// freeNumber returns a number whose company has no money on this stack yet.
func (w *world) freeNumber(ctx context.Context) (int, error) {
	for {
		n := w.r.maker.number()
		var used struct {
			Enveloppes []struct{} `json:"enveloppes"`
		}
		path := "/api/enveloppes?siren=" + url.QueryEscape(string(siren(n)))
		if err := w.r.client.get(ctx, w.r.staff["gestionnaire"].token, path, &used); err != nil {
			return 0, err
		}
		if len(used.Enveloppes) == 0 {
			return n, nil
		}
	}
}

// body is the organisation as the API takes it, with what the scenario changes.
func (o *org) body(c *OrgChange) orgBody {
	m := o.Model
	b := orgBody{Sorte: "entreprise", SIREN: o.SIREN, Nom: o.Nom, SIRETs: o.SIRETs, IBAN: o.IBAN, Email: o.Email, IDCC: m.idcc,
		Effectif: m.effectif, Masse: m.masse, Adherente: true, AJour: true, NDAActive: true, Subrogation: true, TVA: m.tva, NDA: o.NDA}
	if m.organisme {
		b.Sorte = "organisme"
		for _, n := range m.natures {
			b.Qualiopi = append(b.Qualiopi, certifiedBody{n, qualiopiDu, qualiopiAu})
		}
	} else {
		b.CodeAdherent, b.Responsable = fmt.Sprintf("A%06d", o.Number), responsable
	}
	if c == nil {
		return b
	}
	c.apply(&b)
	o.Nom = b.Nom
	return b
}

// apply writes on b what the scenario says otherwise.
func (c *OrgChange) apply(b *orgBody) {
	set(&b.Nom, c.Nom)
	set(&b.IDCC, c.IDCC)
	b.Code = c.Code
	set(&b.Effectif, c.Effectif)
	for _, x := range []struct {
		to   *bool
		from *YesNo
	}{{&b.AJour, c.AJour}, {&b.Adherente, c.Adherente}, {&b.AlsaceMoselle, c.AlsaceMoselle}, {&b.TVA, c.TVA},
		{&b.Suspendu, c.Suspendu}, {&b.NDAActive, c.NDAActive}, {&b.Subrogation, c.Subrogation}} {
		if x.from != nil {
			*x.to = bool(*x.from)
		}
	}
	if c.SansIBAN {
		b.IBAN = ""
	}
	if c.SansCourriel {
		b.Email = ""
	}
	if c.Qualiopi != nil {
		b.Qualiopi = nil
		for _, q := range *c.Qualiopi {
			nature := opco.Nature(q.Nature)
			if nature == "" {
				nature = opco.NatureFormation
			}
			b.Qualiopi = append(b.Qualiopi, certifiedBody{nature, opco.Date(q.Du), opco.Date(q.Au)})
		}
	}
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// createExtra makes an account that only this scenario has.
func (w *world) createExtra(ctx context.Context, key string, u *UserSet) error {
	if u == nil || !slices.Contains(opco.Roles(), opco.Role(u.Role)) {
		return fmt.Errorf("l’utilisateur « %s » doit avoir un de ces rôles : %v", key, opco.Roles())
	}
	a := &account{key: key, identifiant: fmt.Sprintf("%s.%06d", key, w.r.maker.number()), prenom: u.Prenom, nom: u.Nom,
		role: opco.Role(u.Role)}
	a.email = a.identifiant + mailDomain
	if a.nom == "" {
		a.prenom, a.nom = "Compte", key
	}
	if u.Personne != "" {
		autre, err := w.user(u.Personne)
		if err != nil {
			return err
		}
		a.personne, a.prenom, a.nom = autre.personne, autre.prenom, autre.nom
	}
	for _, k := range u.De {
		o, err := w.org(k)
		if err != nil {
			return err
		}
		a.sirets = append(a.sirets, o.SIRETs...)
	}
	w.users[key] = a
	return w.r.client.createUser(ctx, w.r.admin, a)
}

package scenario

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"

	"guichet/opco"
)

// createPerson makes somebody who has no account: a name, a mailbox, and the
// password they will choose, which every policy accepts.
func (w *world) createPerson(key string, p *PersonSet) error {
	if w.users[key] != nil || w.r.staff[key] != nil {
		return fmt.Errorf("deux personnes s’appellent « %s »", key)
	}
	if p == nil {
		p = &PersonSet{}
	}
	w.users[key] = &account{key: key, civilite: or(p.Civilite, "Mme"), prenom: or(p.Prenom, "Dominique"), nom: or(p.Nom, "Essai"),
		fonction: p.Fonction, telephone: p.Telephone, neLe: opco.Date(p.NeLe), email: address(key, w.r.maker.number()), password: or(p.MotDePasse, passphrase())}
	return nil
}

// passphrase is a password that nobody else has.
func passphrase() string { return "Menhir 48 colza ! " + rand.Text()[:10] }

// identite is what somebody says of themselves in a form.
func (a *account) identite() opco.Identite {
	return opco.Identite{Civilite: or(a.civilite, "Mme"), Nom: a.nom, Prenom: a.prenom, Email: opco.Email(a.email), Fonction: a.fonction,
		Telephone: a.telephone, NeLe: a.neLe}
}

// idOf returns the id of somebody's account: as a mail said it, else as the OPCO finds
// it by the address.
func (w *world) idOf(ctx context.Context, key string) (string, error) {
	who, err := w.user(key)
	if err != nil || who.id != "" {
		return who.idKnown(), err
	}
	if who.role.Interne() {
		return who.id, w.findAgent(ctx, who)
	}
	var x struct {
		Comptes []struct {
			ID    string `json:"id"`
			Email string `json:"email"`
		} `json:"comptes"`
	}
	if err := w.r.client.get(ctx, w.r.staff["conseiller"].token, "/api/comptes"+query("texte", who.email), &x); err != nil {
		return "", err
	}
	for _, c := range x.Comptes {
		if strings.EqualFold(c.Email, who.email) {
			who.id = c.ID
			return who.id, nil
		}
	}
	return "", fmt.Errorf("« %s » n’a pas de compte", key)
}

func (a *account) idKnown() string {
	if a == nil {
		return ""
	}
	return a.id
}

// agentReply is a staff member as GET /api/agents shows them.
type agentReply struct {
	ID          string      `json:"id"`
	Etat        string      `json:"etat"`
	Email       string      `json:"email"`
	Identifiant string      `json:"identifiant"`
	Roles       []roleReply `json:"roles"`
	Liens       []struct {
		SIREN opco.SIREN `json:"siren"`
	} `json:"liens"`
}

type roleReply struct {
	Role   string `json:"role"`
	Attend bool   `json:"attend"`
}

func (w *world) agents(ctx context.Context) ([]agentReply, error) {
	var x struct {
		Agents []agentReply `json:"agents"`
	}
	err := w.r.client.get(ctx, w.r.admin, "/api/agents", &x)
	return x.Agents, err
}

// findAgent notes the id of the account of a staff member.
func (w *world) findAgent(ctx context.Context, who *account) error {
	as, err := w.agents(ctx)
	if err != nil {
		return err
	}
	for _, a := range as {
		if a.Email != "" && strings.EqualFold(a.Email, who.email) {
			who.id = a.ID
			return nil
		}
	}
	return fmt.Errorf("« %s » n’a pas de compte à l’OPCO", who.key)
}

// send makes a request as somebody, in one of their browsers. An anonymous one
// carries what the browser keeps, never an API key.
func (w *world) send(ctx context.Context, who *account, in string, anonymous bool, r request) (*reply, error) {
	r.token = who.tokenIn(in)
	if anonymous {
		r.token = who.browser(in).token()
	}
	rep, err := w.r.client.do(ctx, r)
	if err == nil {
		who.keep(in, rep)
	}
	return rep, err
}

// espaceReply is a place where somebody may enter.
type espaceReply struct {
	Cle     string `json:"cle"`
	Role    string `json:"role"`
	SIREN   string `json:"siren"`
	PourNom string `json:"pour_nom"`
}

// sessionReply says where a login stands.
type sessionReply struct {
	Etape       string        `json:"etape"`
	Perimetre   string        `json:"perimetre"`
	AccesLimite bool          `json:"acces_limite"`
	Espaces     []espaceReply `json:"espaces"`
}

// session reads where the login of somebody stands.
func (w *world) session(ctx context.Context, who *account, in string) (sessionReply, error) {
	var s sessionReply
	rep, err := w.send(ctx, who, in, false, request{method: http.MethodGet, path: "/api/session"})
	if err != nil {
		return s, err
	}
	if rep.status != http.StatusOK {
		return s, rep.refusal("GET /api/session")
	}
	return s, rep.decode(&s)
}

// createMailbox makes the person who reads the mails of an organisation that has no
// account yet: the key of an organisation names both.
func (w *world) createMailbox(o *org) error {
	key := strings.ToLower(o.Key)
	w.users[key] = &account{key: key, prenom: "Compte", nom: "de " + o.Key, email: o.Email, password: passphrase()}
	return nil
}

// responsable is the responsable légal of every company, as the OPCO knows it.
const responsable = "Claude Morel"

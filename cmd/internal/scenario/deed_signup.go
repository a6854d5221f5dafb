package scenario

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"guichet/opco"
)

// Asked is one box of a registration: a profile, what proves that the person knows
// the organisation, and the services wanted. What is not said is the truth.
type Asked struct {
	De          string  `yaml:"de"`       // an organisation
	Sites       []int   `yaml:"sites"`    // its établissements; the first unless told
	Services    Texts   `yaml:"services"` // those that the form ticks unless told
	Code        string  `yaml:"code_adherent"`
	Masse       *Amount `yaml:"masse"`
	NDA         string  `yaml:"nda"`
	Facture     *Amount `yaml:"facture"` // HT; 1 200.00 unless told
	Responsable string  `yaml:"responsable"`
	NonCertifie YesNo   `yaml:"non_certifie"`
}

// knownInvoice is the amount that an applicant gives unless told.
const knownInvoice opco.Montant = 1_200_00

// wrongCode has the form of a code and is the code of nothing.
const wrongCode = "0000-0000-0000"

// blocks are the boxes of a registration, as the API takes them.
func (w *world) blocks(asked []Asked) ([]fields, error) {
	var bs []fields
	for _, a := range asked {
		o, err := w.org(a.De)
		if err != nil {
			return nil, err
		}
		b := fields{"profil": o.profile(), "responsable": or(a.Responsable, responsable), "certifie": !bool(a.NonCertifie)}
		if o.Model.organisme {
			a.organisme(o, b)
		} else {
			a.entreprise(o, b)
		}
		var sites []fields
		for _, s := range a.sites() {
			if s < 1 || s > len(o.SIRETs) {
				return nil, fmt.Errorf("%s a %d établissements", a.De, len(o.SIRETs))
			}
			sites = append(sites, fields{"siret": o.SIRETs[s-1], "fonction": "Direction"})
		}
		b["etablissements"] = sites
		bs = append(bs, b)
	}
	return bs, nil
}

func (a Asked) sites() []int {
	if len(a.Sites) == 0 {
		return []int{1}
	}
	return a.Sites
}

// entreprise writes MA-22 to MA-26.
func (a Asked) entreprise(o *org, b fields) {
	b["branche"], b["code_adherent"] = o.Model.idcc, or(a.Code, fmt.Sprintf("A%06d", o.Number))
	b["masse_salariale"], b["services"] = o.Model.masse, a.Services
	if a.Masse != nil {
		b["masse_salariale"] = opco.Montant(*a.Masse)
	}
	if a.Services == nil {
		b["services"] = []opco.Service{opco.ServiceDossiers, opco.ServiceContributions}
	}
}

// organisme writes MA-33 to MA-37.
func (a Asked) organisme(o *org, b fields) {
	b["nda"], b["facture_ht"], b["services"] = or(a.NDA, string(o.NDA)), knownInvoice, a.Services
	if a.Facture != nil {
		b["facture_ht"] = opco.Montant(*a.Facture)
	}
	if a.Services == nil {
		b["services"] = []opco.Service{opco.ServicePaiements}
	}
}

func (w *world) signUp(ctx context.Context, d *Deed, who *account) (request, error) {
	blocks, err := w.blocks(d.Avec.Profils)
	if err != nil {
		return request{}, err
	}
	identite := who.identite()
	if d.Avec.Adresse != "" {
		other, err := w.user(d.Avec.Adresse)
		if err != nil {
			return request{}, err
		}
		identite.Email = opco.Email(other.email)
	}
	return w.form(ctx, "inscription", "/api/inscriptions", fields{"acte_id": uuid.NewString(), "identite": identite,
		"email_confirme": identite.Email, "blocs": blocks, "cgu": or(d.Avec.Version, "v1")})
}

func (w *world) askCode(_ context.Context, _ *Deed, who *account) (request, error) {
	return request{method: http.MethodPost, path: "/api/inscriptions/renvoi", body: fields{"email": who.email}}, nil
}

// activate types the code of a mail, or another, and a password. The account is the
// one of the link, or is found by the address when the code is typed without it.
func (w *world) activate(ctx context.Context, d *Deed, who *account) (request, error) {
	id, code, err := w.link(ctx, who, activationLink, d.Avec.Courriel)
	if err != nil {
		return request{}, err
	}
	body := fields{"code": d.Avec.typed(code), "mot_de_passe": or(d.Avec.MotDePasse, who.password), "version": or(d.Avec.Version, "v1")}
	if d.Avec.SansLien {
		body["email"] = who.email
	} else {
		body["compte"] = id
	}
	return w.form(ctx, "activation", "/api/inscriptions/confirmation", body)
}

// typed is what somebody types who was sent code.
func (a DeedData) typed(code string) string {
	switch a.Saisi {
	case "":
		return code
	case "faux":
		return wrongCode
	case "en_minuscules":
		return strings.ToLower(strings.ReplaceAll(code, "-", " "))
	}
	return a.Saisi
}

func (w *world) noteActivation(d *Deed, who *account) {
	if who.identifiant == "" {
		who.identifiant = who.email
	}
	w.notePassword(d, who)
}

func (w *world) notePassword(d *Deed, who *account) {
	who.password = or(d.Avec.MotDePasse, who.password)
}

// logIn opens a session. The scenario may say what is typed; otherwise it is what
// the person knows, or what the mail of the OPCO says.
func (w *world) logIn(ctx context.Context, d *Deed, who *account) (request, error) {
	body := fields{"identifiant": or(or(w.substitute(d.Avec.Identifiant), who.identifiant), who.email), "mot_de_passe": or(d.Avec.MotDePasse, who.password)}
	if d.Avec.Recus {
		x, err := w.received(ctx, who, provisional, d.Avec.Courriel)
		if err != nil {
			return request{}, err
		}
		body["identifiant"], body["mot_de_passe"] = or(w.substitute(d.Avec.Identifiant), x[0]), or(d.Avec.MotDePasse, x[1])
	}
	if d.Avec.Rester {
		body["rester"] = true
	}
	return request{method: http.MethodPost, path: "/api/session", body: body}, nil
}

// enter chooses where to work, among the places that the session offers.
func (w *world) enter(ctx context.Context, d *Deed, who *account) (request, error) {
	s, err := w.session(ctx, who, d.Navigateur)
	if err != nil {
		return request{}, err
	}
	want, err := w.place(d)
	if err != nil {
		return request{}, err
	}
	for _, e := range s.Espaces {
		if e.Role == want.Role && e.SIREN == want.SIREN && e.PourNom == want.PourNom {
			want.Cle = e.Cle
		}
	}
	return request{method: http.MethodPut, path: "/api/session/perimetre", body: fields{"perimetre": want.Cle}}, nil
}

// place is the espace that a deed names. Its key is what the API would call it, even
// when the person may not enter there.
func (w *world) place(d *Deed) (espaceReply, error) {
	var e espaceReply
	if o := w.orgs[d.Avec.Dans]; o != nil {
		e.Role, e.SIREN = string(o.profile()), string(o.SIREN)
		e.Cle = e.Role + ":" + e.SIREN
		return e, nil
	}
	e.Role, e.Cle = d.Avec.Dans, d.Avec.Dans
	if d.Avec.PourDe != "" {
		absent, err := w.user(d.Avec.PourDe)
		if err != nil {
			return e, err
		}
		e.PourNom, e.Cle = absent.nomComplet(), "delegation:"+uuid.NewString()
	}
	return e, nil
}

func (w *world) logOut(context.Context, *Deed, *account) (request, error) {
	return request{method: http.MethodDelete, path: "/api/session"}, nil
}

func (w *world) closeOthers(context.Context, *Deed, *account) (request, error) {
	return request{method: http.MethodDelete, path: "/api/sessions"}, nil
}

func (w *world) forget(_ context.Context, d *Deed, who *account) (request, error) {
	return request{method: http.MethodPost, path: "/api/mot-de-passe/oubli",
		body: fields{"identifiant": or(or(d.Avec.Identifiant, who.identifiant), who.email)}}, nil
}

func (w *world) reset(ctx context.Context, d *Deed, who *account) (request, error) {
	id, token, err := w.link(ctx, who, resetLink, d.Avec.Courriel)
	if err != nil {
		return request{}, err
	}
	return w.form(ctx, "reinitialisation", "/api/mot-de-passe/reinitialisation", fields{"compte": id, "jeton": d.Avec.typed(token),
		"identifiant": or(or(d.Avec.Identifiant, who.identifiant), who.email), "mot_de_passe": or(d.Avec.MotDePasse, passphrase())})
}

package opco_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"guichet/opco"
)

// vieCompte drives one account through Appliquer as the store does, with a clock and a
// mailbox of its own.
type vieCompte struct {
	t        testeur
	c        *opco.Compte
	le       time.Time
	poser    func(*opco.FaitsCompte) // facts of the next steps
	courrier []recu
	journal  []ligneVie
	effets   opco.EffetsCompte // of the last step
	tirages  byte
	via      string // account through which people act, "" to go by the person
}

// testeur is a test, or a property of rapid.
type testeur interface {
	Helper()
	Error(...any)
	Errorf(string, ...any)
	Fatal(...any)
	Fatalf(string, ...any)
}

type recu struct {
	le time.Time
	opco.CourrierCompte
}

type ligneVie struct {
	le     time.Time
	acte   opco.TypeActe
	code   string
	etat   opco.Etat
	phrase string
}

var (
	demandeur = opco.Acteur{Nom: "Le demandeur", Role: opco.RoleDemandeur}
	titulaire = opco.Acteur{Personne: "c1", Nom: "Paul-Aurélien Kerbrat", Role: opco.RoleDemandeur}
	ines      = opco.Acteur{Personne: "p-ines", Nom: "Inès Benkirane", Role: opco.RoleConseiller}
	gael      = opco.Acteur{Personne: "p-gael", Nom: "Gaël Roux", Role: opco.RoleGestionnaire}
	remi      = opco.Acteur{Personne: "p-remi", Nom: "Rémi Faure", Role: opco.RoleResponsable}
	adele     = opco.Acteur{Personne: "p-adele", Nom: "Adèle Petit", Role: opco.RoleAdmin}
	amin      = opco.Acteur{Personne: "p-amin", Nom: "Amin Cherif", Role: opco.RoleAdmin}
)

func naitreCompte(t testeur, le string) *vieCompte {
	return &vieCompte{t: t, c: &opco.Compte{ID: "c1"}, le: aParis(t, le)}
}

func aParis(t testeur, s string) time.Time {
	t.Helper()
	for _, f := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if x, err := time.ParseInLocation(f, s, opco.Paris); err == nil {
			return x.UTC()
		}
	}
	t.Fatalf("no instant: %s", s)
	return time.Time{}
}

// faits are those of the data set: E1 with its two sites, OF1 with an invoice.
func (v *vieCompte) faits(le time.Time) opco.FaitsCompte {
	f := opco.FaitsCompte{Le: le, Parametres: opco.ParametresDefaut(), Calendrier: semaine{}, MotDePasse: true, AutresAdmins: 1,
		Alea: func(n int) []byte {
			b := make([]byte, n)
			for i := range b {
				v.tirages += 7
				b[i] = v.tirages
			}
			return b
		},
		Entreprises: map[opco.SIREN]opco.EntrepriseConnue{"999001019": {Entreprise: opco.Entreprise{SIREN: "999001019", Nom: "Atelier Numérique Sorbier"},
			CodeAdherent: "A100001", MasseSalariale: 31_248_000, Responsable: "Jean Sorbier", Sites: []opco.SIRET{siretE1, siretE1b}}},
		Organismes: map[opco.SIREN]opco.OrganismeConnu{"999001365": {Organisme: opco.Organisme{SIREN: "999001365", NDA: "11756099975"},
			Sites: []opco.SIRET{siretOF1}, Factures: []opco.Montant{98_000, 120_000}}},
	}
	if v.poser != nil {
		v.poser(&f)
	}
	return f
}

// jusque applies the échéances that have come.
func (v *vieCompte) jusque(le string) *vieCompte {
	v.t.Helper()
	v.vers(aParis(v.t, le))
	return v
}

func (v *vieCompte) vers(fin time.Time) {
	v.t.Helper()
	for n := 0; len(v.c.Echeances) > 0 && !v.c.Echeances[0].Le.After(fin); n++ {
		if n > 500 {
			v.t.Fatalf("échéances without end: %+v", v.c.Echeances)
		}
		e := v.c.Echeances[0]
		v.le = e.Le
		if err := v.pas(opco.Acte{Type: e.Type, Par: opco.ActeurSysteme(), Le: e.Le}, &e); err != nil {
			v.t.Fatalf("%s %s: %v", e.Type, e.Code, err)
		}
	}
	v.le = fin
}

// acte applies what somebody does at that instant, after what was due before.
func (v *vieCompte) acte(le string, t opco.TypeActe, par opco.Acteur, charge any) error {
	v.t.Helper()
	v.jusque(le)
	b, err := json.Marshal(charge)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.pas(opco.Acte{ID: "a", Objet: opco.ObjetCompte("c1"), Type: t, Par: par, Le: v.le, Charge: b, Compte: v.via}, nil)
}

// fait is acte, which must be applied.
func (v *vieCompte) fait(le string, t opco.TypeActe, par opco.Acteur, charge any) *vieCompte {
	v.t.Helper()
	if err := v.acte(le, t, par, charge); err != nil {
		v.t.Fatalf("%s at %s: %v", t, le, err)
	}
	return v
}

func (v *vieCompte) pas(a opco.Acte, ech *opco.Echeance) error {
	avant, err := json.Marshal(v.c)
	if err != nil {
		v.t.Fatal(err)
	}
	e, err := v.c.Appliquer(a, ech, v.faits(a.Le))
	if err != nil {
		v.c = &opco.Compte{}
		if err := json.Unmarshal(avant, v.c); err != nil {
			v.t.Fatal(err)
		}
		v.effets = opco.EffetsCompte{}
		return err
	}
	v.c.Rang++
	v.effets = e
	for _, m := range e.Courriers {
		v.courrier = append(v.courrier, recu{a.Le, m})
	}
	v.journal = append(v.journal, ligneVie{a.Le, a.Type, e.Code, v.c.Etat, e.Phrase})
	if e.Refus != nil {
		return e.Refus
	}
	if e.Phrase == "" || !strings.HasSuffix(e.Phrase, ".") {
		v.t.Errorf("%s: phrase %q, want a sentence", a.Type, e.Phrase)
	}
	return nil
}

// dernier returns the last mail of that event.
func (v *vieCompte) dernier(e opco.Evenement) opco.CourrierCompte {
	v.t.Helper()
	for _, m := range slices.Backward(v.courrier) {
		if m.Evenement == e {
			return m.CourrierCompte
		}
	}
	v.t.Fatalf("no mail %s among %v", e, v.envois())
	return opco.CourrierCompte{}
}

// envois lists the mails: « CODE_ACTIVATION 2026-06-01 10:00 ».
func (v *vieCompte) envois() []string {
	var l []string
	for _, m := range v.courrier {
		l = append(l, string(m.Evenement)+" "+m.le.In(opco.Paris).Format("2006-01-02 15:04"))
	}
	return l
}

func (v *vieCompte) attendre(want opco.Etat) *vieCompte {
	v.t.Helper()
	if v.c.Etat != want {
		v.t.Fatalf("état %s, want %s; journal:\n%s", string(v.c.Etat), string(want), v.historique())
	}
	return v
}

func (v *vieCompte) historique() string {
	var b strings.Builder
	for _, l := range v.journal {
		fmt.Fprintf(&b, "%s %s %s %s « %s »\n", l.le.In(opco.Paris).Format("2006-01-02 15:04:05"), l.code, l.acte, l.etat, l.phrase)
	}
	return b.String()
}

// droits writes the états of the rights: « DOSSIERS_FORMATION …028 ACCORDEE ».
func (v *vieCompte) droits() string {
	var l []string
	for _, h := range v.c.Habilitations {
		l = append(l, string(h.Service)+" …"+string(h.SIRET[11:])+" "+string(h.Etat))
	}
	return strings.Join(l, ", ")
}

func refuse(t testeur, err error, k opco.Kind, morceau string) {
	t.Helper()
	var e *opco.Error
	if !errors.As(err, &e) || e.Kind != k || !strings.Contains(e.Message, morceau) {
		t.Fatalf("got %v, want %s with « %s »", err, k, morceau)
	}
	if !strings.HasSuffix(e.Message, ".") || strings.ContainsAny(e.Message, "'{}") {
		t.Errorf("« %s » is not a clean sentence", e.Message)
	}
}

// code is the charge that gives the secret of a mail.
func code(s string) opco.ChargeCode { return opco.ChargeCode{Empreinte: opco.EmpreinteCode(s)} }

func blocE1() opco.BlocDemande {
	return opco.BlocDemande{Profil: opco.RoleEntreprise, Branche: "1486", CodeAdherent: "A100001", MasseSalariale: 31_248_000, Responsable: "Anne-Laure Sorbier-Dumas",
		Services:       []opco.Service{opco.ServiceDossiers, opco.ServiceContributions},
		Etablissements: []opco.EtablissementVoulu{{SIRET: siretE1, Fonction: "Directeur"}, {SIRET: siretE1b, Fonction: "Directeur"}}, Certifie: true}
}

func blocOF1() opco.BlocDemande {
	return opco.BlocDemande{Profil: opco.RoleOrganisme, NDA: "11756099975", FactureHT: 120_000, Responsable: "Omar Diallo", Services: []opco.Service{opco.ServicePaiements},
		Etablissements: []opco.EtablissementVoulu{{SIRET: siretOF1, Fonction: "Gérant"}}, Certifie: true}
}

func inscription(blocs ...opco.BlocDemande) opco.ChargeInscrire {
	return opco.ChargeInscrire{CGU: "v1", Politique: opco.PolitiqueMyAtlas, Blocs: blocs,
		Identite: opco.Identite{Civilite: "M.", Nom: "Kerbrat", Prenom: "Paul-Aurélien", Email: "paul-aurelien.kerbrat@sorbier.example"}}
}

// actif is an account of E1 with its rights in the queue since Monday 2026-06-01 10:05.
func enFile(t testeur) *vieCompte {
	t.Helper()
	v := naitreCompte(t, "2026-06-01 10:00").fait("2026-06-01 10:00", opco.ActeInscrire, demandeur, inscription(blocE1()))
	v.jusque("2026-06-01 10:00")
	return v.fait("2026-06-01 10:05", opco.ActeConfirmerEmail, demandeur, code(v.dernier(opco.CourrierCode).Secret)).jusque("2026-06-01 10:05")
}

func cle(p opco.Role, s opco.SIRET, x opco.Service) string { return opco.CleHabilitation(p, s, x) }

func accords(ids ...string) opco.ChargeDecision {
	var c opco.ChargeDecision
	for _, id := range ids {
		c.Reponses = append(c.Reponses, opco.ReponseDroit{Habilitation: id, Accorder: true})
	}
	return c
}

var (
	dossiers1      = cle(opco.RoleEntreprise, siretE1, opco.ServiceDossiers)
	dossiers2      = cle(opco.RoleEntreprise, siretE1b, opco.ServiceDossiers)
	contributions1 = cle(opco.RoleEntreprise, siretE1, opco.ServiceContributions)
	contributions2 = cle(opco.RoleEntreprise, siretE1b, opco.ServiceContributions)
	paiements1     = cle(opco.RoleOrganisme, siretOF1, opco.ServicePaiements)
)

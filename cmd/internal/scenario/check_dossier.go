package scenario

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"guichet/opco"
)

// dossierReply is a dossier as the API tells it.
type dossierReply struct {
	Dossier opco.Dossier `json:"dossier"`
	Resume  struct {
		QuiAgit string       `json:"qui_agit"`
		Demande opco.Montant `json:"demande"`
		Accorde opco.Montant `json:"accorde"`
		Engage  opco.Montant `json:"engage"`
		Accepte opco.Montant `json:"accepte"`
		Paye    opco.Montant `json:"paye"`
	} `json:"resume"`
	Libelles struct {
		Guichet string `json:"guichet"`
		Atlas   string `json:"atlas"`
		Akto    string `json:"akto"`
	} `json:"libelles"`
}

// read reads a dossier as the account key sees it.
func (w *world) read(ctx context.Context, key string, d *dossier) (*dossierReply, error) {
	who, err := w.user(or(key, "gestionnaire"))
	if err != nil {
		return nil, err
	}
	var x dossierReply
	return &x, w.r.client.get(ctx, who.token, "/api/dossiers/"+d.id, &x)
}

func (w *world) checkDossier(ctx context.Context, c *checker, b *CheckDossier) error {
	d, err := w.dossier(b.Dossier)
	if err != nil {
		return err
	}
	x, err := w.read(ctx, b.VuPar, d)
	if b.Introuvable {
		return checkHidden(c, err)
	}
	if err != nil {
		return err
	}
	c.text("etat", b.Etat, string(x.Dossier.Etat))
	c.checkLabels(b.Libelles, x)
	c.contains("qui_agit", b.QuiAgit, x.Resume.QuiAgit)
	c.amount("demande", b.Demande, x.Resume.Demande)
	c.amount("accorde", b.Accorde, x.Resume.Accorde)
	c.amount("engage", b.Engage, x.Resume.Engage)
	c.amount("accepte", b.Accepte, x.Resume.Accepte)
	c.amount("paye", b.Paye, x.Resume.Paye)
	c.instant("depose_le", b.DeposeLe, x.Dossier.DeposeLe)
	if err := w.checkWho(c, "instruit_par", b.InstruitPar, x.Dossier.InstruitPar); err != nil {
		return err
	}
	if err := w.checkDecisions(c, b, x); err != nil {
		return err
	}
	c.checkPieces(b, x)
	if err := w.checkPayments(ctx, c, b, x); err != nil {
		return err
	}
	return w.checkTraces(ctx, c, b, d, x)
}

// checkHidden expects the answer of a dossier that does not exist.
func checkHidden(c *checker, err error) error {
	var refused *refusalError
	if errors.As(err, &refused) && refused.status == http.StatusNotFound {
		return nil
	}
	if err == nil {
		c.fail("introuvable", "404", "le dossier se lit")
	}
	return err
}

func (c *checker) checkLabels(want *Labels, x *dossierReply) {
	if want == nil {
		return
	}
	c = c.under("libelles")
	c.optional("guichet", want.Guichet, x.Libelles.Guichet)
	c.optional("atlas", want.Atlas, x.Libelles.Atlas)
	c.optional("akto", want.Akto, x.Libelles.Akto)
}

// checkWho expects an account, or systeme or banque, or personne for nobody.
func (w *world) checkWho(c *checker, key, want string, got opco.Acteur) error {
	switch want {
	case "":
		return nil
	case "personne":
		c.text(key, "personne", or(got.Nom, "personne"))
		return nil
	case string(opco.RoleSysteme), string(opco.RoleBanque):
		c.text(key, want, string(got.Role))
		return nil
	}
	by, absent, delegated := strings.Cut(want, " pour ")
	who, err := w.user(by)
	if err != nil {
		return err
	}
	pour := ""
	if delegated {
		other, err := w.user(absent)
		if err != nil {
			return err
		}
		pour = other.personne
	}
	if got.Personne != who.personne || got.Pour != pour {
		c.fail(key, want+" ("+w.signature(want)+")", or(strings.TrimSpace(got.Nom+" "+string(got.Role)), "(personne)"))
	}
	return nil
}

func (w *world) checkDecisions(c *checker, b *CheckDossier, x *dossierReply) error {
	if b.SansDecision && x.Dossier.Decision != nil {
		c.fail("sans_decision", "aucune décision", string(x.Dossier.Decision.Sens))
	}
	for _, s := range []struct {
		key  string
		want *CheckDecision
		got  *opco.Decision
	}{{"decision", b.Decision, x.Dossier.Decision}, {"proposition", b.Proposition, x.Dossier.Proposition}} {
		if s.want == nil {
			continue
		}
		if s.got == nil {
			c.fail(s.key, "une décision", "(aucune)")
			continue
		}
		if err := w.checkDecision(c.under(s.key), s.want, s.got); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) checkDecision(c *checker, want *CheckDecision, got *opco.Decision) error {
	c.text("sens", want.Sens, string(got.Sens))
	c.number("version", want.Version, got.Version)
	c.amount("demande", want.Demande, got.Demande)
	c.amount("accorde", want.Accorde, got.Accorde)
	c.amount("reste_a_charge", want.Reste, got.ResteACharge)
	if want.Motifs != nil {
		c.same("motifs", *want.Motifs, texts(got.Motifs))
	}
	c.yes("second_regard", want.SecondRegard, got.SecondRegard)
	c.contains("conditions", want.Conditions, strings.Join(got.Conditions, " "))
	for _, l := range words(want.Lignes) {
		c.under("lignes").checkLine(l, want.Lignes[l], got.Lignes)
	}
	for _, f := range words(want.Fonds) {
		var sum opco.Montant
		for _, p := range got.Fonds {
			if p.Code == f {
				sum += p.Montant
			}
		}
		a := want.Fonds[f]
		c.under("fonds").amount(f, &a, sum)
	}
	return w.checkWho(c, "decide_par", want.DecidePar, got.DecidePar)
}

func (c *checker) checkLine(ligne string, want *CheckLine, got []opco.LigneDecidee) {
	i := slices.IndexFunc(got, func(l opco.LigneDecidee) bool { return string(l.Ligne) == ligne })
	if i < 0 {
		c.fail(ligne, "une ligne décidée", "(aucune)")
		return
	}
	c = c.under(ligne)
	c.amount("demande", want.Demande, got[i].Demande)
	c.amount("eligible", want.Eligible, got[i].Eligible)
	c.amount("accorde", want.Accorde, got[i].Accorde)
	c.optional("motif", want.Motif, string(got[i].Motif))
	c.contains("regle", want.Regle, got[i].Regle)
}

func texts[T ~string](l []T) []string {
	var s []string
	for _, x := range l {
		s = append(s, string(x))
	}
	return s
}

// checkPieces looks at the pièces, those asked for, and the certificats.
func (c *checker) checkPieces(b *CheckDossier, x *dossierReply) {
	for _, kind := range words(b.PiecesEtats) {
		found := "(aucune)"
		for _, p := range x.Dossier.Pieces {
			if string(p.Type) == kind {
				found = string(p.Etat)
			}
		}
		c.under("pieces").text(kind, b.PiecesEtats[kind], found)
	}
	if b.Manque != nil {
		var wanted []string
		if x.Dossier.Complement != nil {
			for _, p := range x.Dossier.Complement.Pieces {
				if p.Recue == "" {
					wanted = append(wanted, string(p.Type))
				}
			}
		}
		c.same("pieces_attendues", *b.Manque, wanted)
	}
	c.number("certificats", b.Certificats, len(x.Dossier.Certificats))
}

// checkSet looks at several dossiers whose order does not matter.
func (w *world) checkSet(ctx context.Context, c *checker, b *CheckSet) error {
	var granted, states []string
	var engaged opco.Montant
	for _, name := range b.Ensemble {
		d, err := w.dossier(name)
		if err != nil {
			return err
		}
		x, err := w.read(ctx, "", d)
		if err != nil {
			return err
		}
		granted = append(granted, x.Resume.Accorde.String())
		states = append(states, string(x.Dossier.Etat))
		engaged += x.Resume.Engage
	}
	if b.Accordes != nil {
		var want []string
		for _, a := range b.Accordes {
			want = append(want, opco.Montant(a).String())
		}
		c.same("accordes", sorted(want), sorted(granted))
	}
	if b.Etats != nil {
		c.same("etats", sorted(b.Etats), sorted(states))
	}
	c.amount("engage", b.Engage, engaged)
	return nil
}

func sorted(l []string) []string {
	s := slices.Clone(l)
	slices.Sort(s)
	return s
}

package activities_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/activities"
	"guichet/opco"
)

// boiteEssai is an outbox in memory that notes what was done with each line.
type boiteEssai struct {
	dus    []activities.Envoi
	fait   []string
	erreur string
}

func (b *boiteEssai) EnvoisDus(context.Context, int, time.Duration) ([]activities.Envoi, error) {
	return b.dus, nil
}
func (b *boiteEssai) Prolonger(_ context.Context, es []activities.Envoi, _ time.Duration) ([]activities.Envoi, error) {
	return es, nil
}
func (b *boiteEssai) SansAdresse(context.Context, int) ([]activities.Envoi, error) { return nil, nil }
func (b *boiteEssai) Garder(_ context.Context, id string, e activities.Ecrit) error {
	b.fait = append(b.fait, "gardé "+id+" "+e.Sujet+string(e.HTML))
	return nil
}
func (b *boiteEssai) NoterEnvoi(_ context.Context, id string, _ activities.Ecrit) error {
	b.fait = append(b.fait, "envoyé "+id)
	return nil
}
func (b *boiteEssai) NoterEchec(_ context.Context, e activities.Envoi, definitif bool, erreur string, _ time.Duration) error {
	b.erreur = erreur
	b.fait = append(b.fait, map[bool]string{true: "refusé ", false: "retardé "}[definitif]+e.ID)
	return nil
}

// postierEssai words a mail with its secret, and cannot word that of « muet ».
type postierEssai struct{ panne error }

func (postierEssai) Ecrire(e opco.Envoi) (activities.Ecrit, error) {
	return activities.Ecrit{Sujet: "dossier", HTML: []byte(" lettre")}, nil
}
func (postierEssai) EcrireCompte(e opco.EnvoiCompte) (activities.Ecrit, error) {
	if e.ID == "muet" {
		return activities.Ecrit{}, opco.Errorf(opco.Invalid, "Aucun courrier n’est prévu.")
	}
	return activities.Ecrit{Sujet: "compte", HTML: []byte(" " + e.Courrier.Secret)}, nil
}
func (p postierEssai) Envoyer(context.Context, activities.Ecrit) error { return p.panne }
func (postierEssai) Permanent(error) bool                              { return false }

// A line about an account is worded as such, and nothing of its secret is kept as a
// letter; one that has no words stops no other.
func TestTourneeDesComptes(t *testing.T) {
	ligne := func(id string) activities.Envoi {
		e := activities.Envoi{Compte: &opco.EnvoiCompte{ID: id, Courrier: opco.CourrierCompte{Secret: "SECRET"}}}
		e.ID, e.Courriel = id, "a@b.test"
		return e
	}
	dossier := activities.Envoi{}
	dossier.ID = "d"
	for _, tt := range []struct {
		name  string
		panne error
		want  []string
	}{
		{"sent", nil, []string{"refusé muet", "gardé c compte", "envoyé c", "gardé d dossier lettre", "envoyé d"}},
		{"the server is away", errors.New("421"), []string{"refusé muet", "gardé c compte", "retardé c", "gardé d dossier lettre", "retardé d"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := &boiteEssai{dus: []activities.Envoi{ligne("muet"), ligne("c"), dossier}}
			f := &activities.Facteur{Boite: b, Postier: postierEssai{tt.panne}, Log: slog.New(slog.DiscardHandler)}
			if n, err := f.Tournee(t.Context()); err != nil || n != 3 {
				t.Errorf("got %d, %v; want three lines handled", n, err)
			}
			if !slices.Equal(b.fait, tt.want) {
				t.Errorf("got %q, want %q", b.fait, tt.want)
			}
		})
	}
}

// A server repeats the address that it refuses: neither the journal nor the outbox keeps it.
func TestTheAddressThatAServerRefusesIsKeptNowhere(t *testing.T) {
	var journal bytes.Buffer
	e := activities.Envoi{}
	e.ID, e.Courriel = "l-1", "camille.roux@exemple.fr"
	b := &boiteEssai{dus: []activities.Envoi{e}}
	f := activities.Facteur{Boite: b, Postier: postierEssai{errors.New("550 <camille.roux@exemple.fr>: no such user")}, Log: slog.New(slog.NewTextHandler(&journal, nil))}
	if _, err := f.Tournee(t.Context()); err != nil {
		t.Fatal(err)
	}
	for ou, mots := range map[string]string{"the journal": journal.String(), "the outbox": b.erreur} {
		if strings.Contains(mots, "camille") || !strings.Contains(mots, "no such user") {
			t.Errorf("%s keeps %q", ou, mots)
		}
	}
}

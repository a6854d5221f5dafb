package api_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"guichet/banque"
	"guichet/opco"
	"guichet/store"
)

// semer fills the counter with dossiers in every état.
func (g *guichet) semer(n int) {
	g.t.Helper()
	ctx := context.Background()
	if err := g.store.RegleHorloge(ctx, instant("2026-11-18T11:00:00+01:00"), true); err != nil {
		g.t.Fatal(err)
	}
	fichiers, err := store.OuvrirFichiers(g.t.TempDir())
	if err != nil {
		g.t.Fatal(err)
	}
	defer fichiers.Close()
	_, err = g.store.Semer(ctx, store.Semis{Dossiers: n, Graine: 1, Fichiers: fichiers, Ordre: banque.Fichier,
		Document: func(titre string) ([]byte, error) {
			var b bytes.Buffer
			pdf := fpdf.New("P", "mm", "A4", "")
			pdf.AddPage()
			err := pdf.Output(&b)
			return append(b.Bytes(), "% "+titre...), err
		},
		Repondre: func(pain001 []byte, rejets map[string]string, quand time.Time) ([]byte, []byte, error) {
			return banque.Simulateur{Rejets: rejets}.Repondre(pain001, quand)
		},
		Lire: func(b []byte) (opco.RetourBancaire, error) { return banque.Lire(bytes.NewReader(b)) }})
	if err != nil {
		g.t.Fatal(err)
	}
}

// secret is what no organisation reads: proposals, risk, the OPCO's own steps, a whole
// bank account.
var secret = regexp.MustCompile(`"proposition"|"risque"|"derogation"|"renvoyer"|"alerter"|FR76[0-9]{10}`)

// TestToutesLesLectures reads dossiers in every état through every reading route, as
// the OPCO, the company and the training provider: each answer is in the contract,
// and the two last never read what is the OPCO's own.
func TestToutesLesLectures(t *testing.T) {
	g := ouvrir(t)
	g.semer(250)
	for _, e := range opco.Etats() {
		var page struct{ Dossiers []store.LigneDossier }
		if e == opco.EtatBrouillon || e == opco.EtatSupprime {
			continue
		}
		g.exiger(g.appeler("auditeur", "GET", "/api/dossiers?limite=2&etat="+string(e), nil), 200).lire(t, &page)
		for _, l := range page.Dossiers {
			g.comptesDe(l)
			for _, lecture := range []string{"", "/journal", "/controles", "/service-fait", "/courriers", "/factures", "/reglements", "/pieces", "/ledger"} {
				g.exiger(g.appeler("auditeur", "GET", "/api/dossiers/"+l.ID+lecture, nil), 200)
			}
			for _, qui := range []string{"la-partie-entreprise", "la-partie-organisme"} {
				if qui == "la-partie-organisme" && l.Organisme == "" {
					continue
				}
				for _, lecture := range []string{"", "/journal", "/courriers", "/factures", "/reglements", "/pieces"} {
					r := g.exiger(g.appeler(qui, "GET", "/api/dossiers/"+l.ID+lecture, nil), 200)
					if s := secret.Find(r.corps); s != nil {
						t.Errorf("%s reads %s on « %s » (%s)", qui, s, lecture, e)
					}
				}
			}
		}
	}
	for _, chemin := range []string{"/api/motifs", "/api/motifs?usage=refus", "/api/etats", "/api/bareme", "/api/bareme?idcc=1486", "/api/enveloppes?annee=2026",
		"/api/dossiers/compteurs", "/api/reglements", "/api/lots"} {
		g.exiger(g.appeler("comptable", "GET", chemin, nil), 200)
	}
}

// comptesDe opens an account for each party of a dossier.
func (g *guichet) comptesDe(l store.LigneDossier) {
	g.t.Helper()
	for role, siret := range map[opco.Role]string{opco.RoleEntreprise: l.Etablissement, opco.RoleOrganisme: l.Organisme} {
		if siret == "" {
			continue
		}
		qui := "la-partie-" + string(role)
		g.cles[qui] = strings.Repeat(qui, 3)
		u := store.Utilisateur{Identifiant: qui, Personne: qui, Nom: "Partie", Prenom: "La", Role: role, MotDePasse: "-", SIRETs: []string{siret}, Actif: true}
		if err := g.store.EcrireUtilisateur(context.Background(), u, g.cles[qui]); err != nil {
			g.t.Fatal(err)
		}
	}
}

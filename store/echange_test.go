package store_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"guichet/opco"
	"guichet/store"
)

var (
	interne    = opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: ges.Personne}
	entreprise = opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{string(demande().Etablissement)}}
	organisme  = opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{string(demande().Organisme.SIRET)}}
)

// dossier reads a dossier as the staff do.
func (c *conduite) dossier(id string) *opco.Dossier {
	c.t.Helper()
	d, err := c.s.Dossier(c.ctx, interne, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

// dire writes a message and returns it.
func dire(t *testing.T, s *store.Store, par opco.Acteur, dossier string, fil opco.Role, texte string) store.Echange {
	t.Helper()
	e, err := s.EcrireEchange(t.Context(), par, store.Echange{ID: uuid.NewString(), Dossier: dossier, Fil: fil, Texte: texte})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// fil reads a thread: the texts, newest first, and how many wait.
func fil(t *testing.T, s *store.Store, p opco.Portee, dossier string, f opco.Role) (string, int) {
	t.Helper()
	page, err := s.Echanges(t.Context(), p, dossier, f, "")
	if err != nil {
		t.Fatal(err)
	}
	var textes []string
	for _, e := range page.Echanges {
		textes = append(textes, e.Texte)
	}
	return strings.Join(textes, "|"), page.NonLus
}

// TestEchanges: each party reads its own thread, a message waits until the other
// side has read it, and a run of messages of the OPCO makes one mail, without them.
func TestEchanges(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	avant := c.dossier(id).Rang
	un := dire(t, c.s, ges, id, opco.RoleEntreprise, "SECRET-UN")
	dire(t, c.s, ges, id, opco.RoleEntreprise, "SECRET-DEUX")
	dire(t, c.s, ges, id, opco.RoleOrganisme, "SECRET-OF")
	for _, tt := range []struct {
		nom    string
		p      opco.Portee
		fil    opco.Role
		textes string
		attend int
	}{
		{"the company, its thread", entreprise, opco.RoleEntreprise, "SECRET-DEUX|SECRET-UN", 2},
		{"the company, the other thread", entreprise, opco.RoleOrganisme, "", 0},
		{"the organisme, its thread", organisme, opco.RoleOrganisme, "SECRET-OF", 1},
		{"the organisme, the other thread", organisme, opco.RoleEntreprise, "", 0},
		{"the staff", interne, opco.RoleEntreprise, "SECRET-DEUX|SECRET-UN", 0},
		{"another company", opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{"99900122500013"}}, opco.RoleEntreprise, "", 0},
	} {
		if textes, n := fil(t, c.s, tt.p, id, tt.fil); textes != tt.textes || n != tt.attend {
			t.Errorf("%s: got %q, %d waiting", tt.nom, textes, n)
		}
	}
	mails := func() (n int) {
		t.Helper()
		if err := c.s.DB.Get(&n, `SELECT count(*) FROM courrier WHERE evenement = 'MESSAGE_RECU' AND donnees::text NOT LIKE '%SECRET%'`); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := mails(); n != 2 {
		t.Errorf("got %d mails, want one for each party", n)
	}
	if err := c.s.NoterEchangesLus(t.Context(), e1, id, opco.RoleEntreprise); err != nil {
		t.Fatal(err)
	}
	dire(t, c.s, ges, id, opco.RoleEntreprise, "TROIS")
	if n := mails(); n != 3 {
		t.Errorf("got %d mails after the first ones were read, want 3", n)
	}
	dire(t, c.s, e1, id, opco.RoleEntreprise, "Réponse")
	if textes, n := fil(t, c.s, interne, id, opco.RoleEntreprise); !strings.HasPrefix(textes, "Réponse|TROIS|") || n != 1 {
		t.Errorf("the staff reads %q, %d waiting", textes, n)
	}
	if n, err := c.s.CompterEchanges(t.Context(), interne, ""); err != nil || n != 1 {
		t.Errorf("got %d dossiers waiting for the staff, %v", n, err)
	}
	if m, err := c.s.MessagesAttendus(t.Context(), interne, "", ""); err != nil || len(m.Messages) != 1 || m.Messages[0].Texte != "Réponse" || m.Messages[0].Numero == "" {
		t.Errorf("got %+v, %v", m, err)
	}
	if n, err := c.s.CompterEchanges(t.Context(), organisme, ""); err != nil || n != 1 {
		t.Errorf("got %d dossiers waiting for the organisme, %v", n, err)
	}
	if _, err := c.s.DB.Exec(`UPDATE echange SET texte = 'X' WHERE id = $1`, un.ID); err == nil {
		t.Error("a message was changed")
	}
	if _, err := c.s.DB.Exec(`DELETE FROM echange WHERE id = $1`, un.ID); err == nil {
		t.Error("a message was deleted")
	}
	if rang := c.dossier(id).Rang; rang != avant {
		t.Errorf("messages moved the dossier from rang %d to %d", avant, rang)
	}
}

// TestEchangeEnvoyeDeuxFois: a form sent twice is one message; its id serves no other.
func TestEchangeEnvoyeDeuxFois(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	un := store.Echange{ID: uuid.NewString(), Dossier: id, Fil: opco.RoleEntreprise, Texte: "Bonjour"}
	for _, tt := range []struct {
		nom   string
		par   opco.Acteur
		texte string
		genre opco.Kind
	}{{"first", e1, "Bonjour", ""}, {"again", e1, "Bonjour", ""}, {"other words", e1, "Bonsoir", opco.Conflict}, {"other person", ges, "Bonjour", opco.Conflict}} {
		x := un
		x.Texte = tt.texte
		if _, err := c.s.EcrireEchange(t.Context(), tt.par, x); opco.KindOf(err) != tt.genre {
			t.Errorf("%s: got %v", tt.nom, err)
		}
	}
	if textes, _ := fil(t, c.s, interne, id, opco.RoleEntreprise); textes != "Bonjour" {
		t.Errorf("the thread holds %q", textes)
	}
	x := store.Echange{ID: uuid.NewString(), Dossier: id, Fil: opco.RoleEntreprise, Texte: "Voir la pièce", Pieces: pq.StringArray{uuid.NewString()}}
	if _, err := c.s.EcrireEchange(t.Context(), e1, x); opco.KindOf(err) != opco.Invalid {
		t.Errorf("a pièce of nowhere: got %v", err)
	}
}

// TestEchangesPages walks a long thread page by page: each message once.
func TestEchangesPages(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	for range 65 {
		dire(t, c.s, e1, id, opco.RoleEntreprise, "m")
	}
	vus, apres := map[string]bool{}, ""
	for range 5 {
		page, err := c.s.Echanges(t.Context(), entreprise, id, opco.RoleEntreprise, apres)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Echanges {
			vus[e.ID] = true
		}
		if apres = page.Suivant; apres == "" {
			break
		}
	}
	if len(vus) != 65 || apres != "" {
		t.Errorf("walked %d messages, then %q", len(vus), apres)
	}
	for _, faux := range []string{"x", "W10", "WyJub3RlIiwiMSJd"} {
		if _, err := c.s.Echanges(t.Context(), entreprise, id, opco.RoleEntreprise, faux); opco.KindOf(err) != opco.Invalid {
			t.Errorf("cursor %q: got %v", faux, err)
		}
	}
}

// TestNotes: a note keeps what it said, is changed by its author alone and from what
// they read, and calls the colleagues that it names until they have read it.
func TestNotes(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	collegue := opco.Nomme{Personne: "p-collegue", Nom: "Hugo Bastide"}
	n, err := c.s.EcrireNote(t.Context(), ges, store.Note{ID: uuid.NewString(), Dossier: id, Texte: "Un"}, []opco.Nomme{collegue, {Personne: ges.Personne, Nom: ges.Nom}})
	if err != nil || n.Version != 1 || len(n.Nommes) != 1 || n.Nommes[0] != collegue.Nom {
		t.Fatalf("got %+v, %v", n, err)
	}
	deux := n
	deux.Texte = "Deux"
	if _, err := c.s.ModifierNote(t.Context(), res, deux, nil); opco.KindOf(err) != opco.Forbidden {
		t.Errorf("somebody else's note: got %v", err)
	}
	if deux, err = c.s.ModifierNote(t.Context(), ges, deux, nil); err != nil || deux.Version != 2 || deux.Texte != "Deux" {
		t.Errorf("got %+v, %v", deux, err)
	}
	tard := n
	tard.Texte = "Trois"
	if _, err := c.s.ModifierNote(t.Context(), ges, tard, nil); opco.KindOf(err) != opco.Conflict {
		t.Errorf("from an old version: got %v", err)
	}
	tard.Dossier = uuid.NewString()
	if _, err := c.s.ModifierNote(t.Context(), ges, tard, nil); opco.KindOf(err) != opco.NotFound {
		t.Errorf("the note of another dossier: got %v", err)
	}
	vs, err := c.s.VersionsNote(t.Context(), id, n.ID)
	if err != nil || len(vs) != 2 || vs[0].Texte != "Deux" || vs[1].Texte != "Un" {
		t.Errorf("got the versions %+v, %v", vs, err)
	}
	lui := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: collegue.Personne}
	if m, err := c.s.Mentions(t.Context(), lui, ""); err != nil || len(m.Mentions) != 1 || m.Mentions[0].Texte != "Deux" {
		t.Errorf("got %+v, %v", m, err)
	}
	if err := c.s.NoterMentionsLues(t.Context(), collegue.Personne, id); err != nil {
		t.Fatal(err)
	}
	if n, err := c.s.CompterMentions(t.Context(), collegue.Personne); err != nil || n != 0 {
		t.Errorf("%d notes still call, %v", n, err)
	}
}

// TestJugerPiece: the opinion is on the row and where the checks read it; asking for
// the pièce again in a complément moves the row too.
func TestJugerPiece(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	d := c.dossier(id)
	if len(d.Pieces) == 0 {
		t.Fatal("the dossier has no pièce")
	}
	piece := d.Pieces[0]
	for _, tt := range []struct {
		nom   string
		piece string
		a     opco.AvisPiece
		genre opco.Kind
		etat  opco.EtatPiece
	}{
		{"conforme", piece.ID, opco.AvisPiece{Conforme: true}, "", opco.PieceConforme},
		{"no reason", piece.ID, opco.AvisPiece{}, opco.Invalid, opco.PieceConforme},
		{"a reason of a décision", piece.ID, opco.AvisPiece{Motif: opco.MotifDepotTardif}, opco.Invalid, opco.PieceConforme},
		{"missing although here", piece.ID, opco.AvisPiece{Motif: opco.MotifManquante}, opco.Invalid, opco.PieceConforme},
		{"of another dossier", uuid.NewString(), opco.AvisPiece{Conforme: true}, opco.NotFound, opco.PieceConforme},
		{"not conforme", piece.ID, opco.AvisPiece{Motif: opco.MotifIllisible, Precision: "page 2"}, "", opco.PieceNonConforme},
	} {
		if err := c.s.JugerPiece(t.Context(), ges, id, tt.piece, tt.a); opco.KindOf(err) != tt.genre {
			t.Errorf("%s: got %v", tt.nom, err)
		}
		if p := c.dossier(id).Pieces[0]; p.Etat != tt.etat {
			t.Errorf("%s: the dossier says %s", tt.nom, p.Etat)
		}
	}
}

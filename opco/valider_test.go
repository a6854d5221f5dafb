package opco_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"guichet/opco"
)

// verifierChamp fails unless err is an Invalid refusal of champ, in a sentence.
func verifierChamp(t *testing.T, err error, champ string) {
	t.Helper()
	var e *opco.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a refusal of %s", err, champ)
	}
	if e.Kind != opco.Invalid || e.Champ != champ || !strings.HasSuffix(e.Message, ".") {
		t.Errorf("got %s %s « %s », want invalide %s", e.Kind, e.Champ, e.Message, champ)
	}
}

func champs(errs []*opco.Error) []string {
	var c []string
	for _, e := range errs {
		c = append(c, e.Champ)
	}
	return c
}

// demandeAKTO is the dossier of the AKTO seed: 21 h, 2 020,00 €, wages of 557,13 €.
func demandeAKTO() opco.Demande { return cas02().d.Demande }

func TestCompleteDemandesPass(t *testing.T) {
	interne := demandeAKTO()
	interne.Interne, interne.Organisme = true, opco.OrganismeDemande{}
	homonymes := cas04().d.Demande
	homonymes.Stagiaires[1].Nom, homonymes.Stagiaires[0].NeLe, homonymes.Stagiaires[1].NeLe = homonymes.Stagiaires[0].Nom, "1990-01-01", "1991-01-01"
	bissextile := demandeAKTO()
	bissextile.Stagiaires[0].NeLe = "2004-02-29"
	module := demandeAKTO()
	module.Modules = []opco.Module{{Intitule: "Anglais", Duree: 7 * 60, Montant: 200_00}}
	module.Stagiaires[0].Heures, module.Lignes[1].Montant = 28*60, 742_84
	accents := cas01().d.Demande
	accents.Stagiaires[0].Prenom, accents.Stagiaires[0].Nom = "Zoé-Maëlle", "Lefèvre-N'Guyên"
	accents.Stagiaires[1].Prenom, accents.Stagiaires[1].Nom = "Ô", "O’Brien"
	tests := map[string]opco.Demande{"S14": accents, "S01": cas01().d.Demande, "S02": demandeAKTO(), "S04": cas04().d.Demande, "S24": cas24().d.Demande,
		"formation interne": interne, "two homonyms born on two days": homonymes, "born on 29 February": bissextile, "a module adds its hours": module}
	for name, d := range tests {
		t.Run(name, func(t *testing.T) {
			if errs := d.Valider(); len(errs) > 0 {
				t.Errorf("got %v", errs)
			}
		})
	}
}

func TestWages(t *testing.T) {
	d := demandeAKTO()
	if errs := d.Valider(); len(errs) > 0 {
		t.Fatalf("21 h × 26,53 € = 557,13 €: got %v", errs)
	}
	d.Lignes[1].Montant = 557_12
	if got := champs(d.Valider()); !slices.Equal(got, []string{"lignes[1].montant"}) {
		t.Errorf("557,12 €: got %v", got)
	}
	deux := cas04().d.Demande
	deux.Stagiaires = deux.Stagiaires[:2]
	deux.Lignes = []opco.LigneDemandee{{Ligne: opco.LigneRemuneration, Montant: 2}}
	deux.Stagiaires[0].Peda, deux.Stagiaires[1].Peda = 0, 0
	for i := range deux.Stagiaires {
		deux.Stagiaires[i].Heures, deux.Stagiaires[i].SalaireHoraire = 30, 1 // half a cent each, half-up
	}
	if errs := deux.Valider(); len(errs) > 0 {
		t.Errorf("each trainee is rounded by himself: got %v", errs)
	}
}

func TestIncompleteDemandes(t *testing.T) {
	tests := []struct {
		name      string
		changer   func(*opco.Demande)
		want      []string
		brouillon []string // refused even in a brouillon
	}{
		{"no établissement", func(d *opco.Demande) { d.Etablissement = "" }, []string{"etablissement"}, nil},
		{"a wrong SIRET", func(d *opco.Demande) { d.Etablissement = "99900101900011" }, []string{"etablissement"}, []string{"etablissement"}},
		{"a SIRET with spaces", func(d *opco.Demande) { d.Etablissement = "999 001 084 00014" }, []string{"etablissement"}, []string{"etablissement"}},
		{"no title", func(d *opco.Demande) { d.Intitule = " \u3164 " }, []string{"intitule"}, nil},
		{"a title too long", func(d *opco.Demande) { d.Intitule = strings.Repeat("é", 201) }, []string{"intitule"}, []string{"intitule"}},
		{"no nature", func(d *opco.Demande) { d.Nature = "" }, []string{"nature"}, nil},
		{"an unknown nature", func(d *opco.Demande) { d.Nature = "APPRENTISSAGE" }, []string{"nature"}, []string{"nature"}},
		{"no length", func(d *opco.Demande) { d.Duree = 0 }, []string{"duree"}, nil},
		{"a negative length", func(d *opco.Demande) { d.Duree = -60 }, []string{"duree"}, []string{"duree"}},
		{"99999 hours", func(d *opco.Demande) { d.Duree = 99999 * 60 }, []string{"duree"}, []string{"duree"}},
		{"25 hours a day", func(d *opco.Demande) { d.Duree = 75 * 60 }, []string{"duree"}, nil},
		{"no start", func(d *opco.Demande) { d.Debut = "" }, []string{"debut"}, nil},
		{"no end", func(d *opco.Demande) { d.Fin = "" }, []string{"fin"}, nil},
		{"29 February 2025", func(d *opco.Demande) { d.Debut = "2025-02-29" }, []string{"debut"}, []string{"debut"}},
		{"31 September", func(d *opco.Demande) { d.Fin = "2026-09-31" }, []string{"fin"}, []string{"fin"}},
		{"a year before the calendar", func(d *opco.Demande) { d.Debut = "0001-01-01" }, []string{"debut"}, []string{"debut"}},
		{"a French date", func(d *opco.Demande) { d.Debut = "01/02/2026" }, []string{"debut"}, []string{"debut"}},
		{"end before start", func(d *opco.Demande) { d.Fin = "2026-05-17" }, []string{"fin"}, nil},
		{"no organisme", func(d *opco.Demande) { d.Organisme = opco.OrganismeDemande{} }, []string{"organisme.nom", "organisme.siret", "organisme.nda"}, nil},
		{"a NDA of 10 digits", func(d *opco.Demande) { d.Organisme.NDA = "1175609997" }, []string{"organisme.nda"}, []string{"organisme.nda"}},
		{"a wrong postcode", func(d *opco.Demande) { d.Organisme.CodePostal = "3300" }, []string{"organisme.code_postal"}, []string{"organisme.code_postal"}},
		{"a wrong e-mail", func(d *opco.Demande) { d.Organisme.Email = "a@b.fr, c@d.fr" }, []string{"organisme.email"}, []string{"organisme.email"}},
		{"interne, paid to an organisme", func(d *opco.Demande) { d.Interne, d.Subrogation = true, true }, []string{"subrogation"}, nil},
		{"a comment with a hidden character", func(d *opco.Demande) { d.Commentaire = "exe.\u202efdp" }, []string{"commentaire"}, []string{"commentaire"}},
		{"no trainee", func(d *opco.Demande) { d.Stagiaires = nil }, []string{"stagiaires", "lignes[1].montant", "lignes[2].montant", "lignes[3].montant"}, nil},
		{"0 hours", func(d *opco.Demande) { d.Stagiaires[0].Heures = 0 }, []string{"stagiaires[0].heures", "lignes[1].montant"}, nil},
		{"more hours than the training", func(d *opco.Demande) { d.Stagiaires[0].Heures = 22 * 60 }, []string{"stagiaires[0].heures", "lignes[1].montant"}, nil},
		{"no name", func(d *opco.Demande) { d.Stagiaires[0].Nom = "" }, []string{"stagiaires[0].nom"}, nil},
		{"no first name", func(d *opco.Demande) { d.Stagiaires[0].Prenom = "" }, []string{"stagiaires[0].prenom"}, nil},
		{"a name of spaces", func(d *opco.Demande) { d.Stagiaires[0].Nom = "   " }, []string{"stagiaires[0].nom"}, []string{"stagiaires[0].nom"}},
		{"no id", func(d *opco.Demande) { d.Stagiaires[0].ID = "" }, []string{"stagiaires[0].id"}, nil},
		{"born after the start", func(d *opco.Demande) { d.Stagiaires[0].NeLe = "2026-05-18" }, []string{"stagiaires[0].ne_le"}, nil},
		{"aged 130", func(d *opco.Demande) {
			d.Stagiaires[0].NeLe = "1901-01-01"
			d.Debut, d.Fin = "2031-05-18", "2031-05-20"
		}, []string{"stagiaires[0].ne_le"}, nil},
		{"four meals in three days", func(d *opco.Demande) { d.Stagiaires[0].Repas = 4 }, []string{"stagiaires[0].repas"}, nil},
		{"five nights for three days", func(d *opco.Demande) { d.Stagiaires[0].Nuits = 5 }, []string{"stagiaires[0].nuits"}, nil},
		{"a negative wage", func(d *opco.Demande) { d.Stagiaires[0].SalaireHoraire = -1 }, []string{"stagiaires[0].salaire_horaire", "lignes[1].montant"},
			[]string{"stagiaires[0].salaire_horaire"}},
		{"negative meals", func(d *opco.Demande) { d.Stagiaires[0].Repas = -1 }, []string{"stagiaires[0].repas"}, []string{"stagiaires[0].repas"}},
		{"one id twice", func(d *opco.Demande) {
			d.Stagiaires = append(d.Stagiaires, opco.Stagiaire{ID: "s1", Nom: "Autre", Prenom: "Un", Heures: 60})
		},
			[]string{"stagiaires[1].id"}, []string{"stagiaires[1].id"}},
		{"one person twice, written otherwise", func(d *opco.Demande) {
			d.Stagiaires = append(d.Stagiaires, opco.Stagiaire{ID: "s2", Nom: "NOMA", Prenom: "zoe", Heures: 60})
		}, []string{"stagiaires[1].nom"}, nil},
		{"no cost", func(d *opco.Demande) { d.Lignes = nil; d.Stagiaires[0].Peda, d.Stagiaires[0].Transport = 0, 0 }, []string{"lignes"}, nil},
		{"shares that do not sum", func(d *opco.Demande) { d.Stagiaires[0].Peda = 2_000_00 }, []string{"lignes[0].montant"}, nil},
		{"a share of a line not asked", func(d *opco.Demande) { d.Lignes = d.Lignes[1:] }, []string{"lignes"}, nil},
		{"wages without a wage", func(d *opco.Demande) { d.Stagiaires[0].SalaireHoraire = 0 }, []string{"lignes[1].montant"}, nil},
		{"meals without a meal", func(d *opco.Demande) { d.Stagiaires[0].Repas = 0 }, []string{"lignes[3].montant"}, nil},
		{"lodging without a night", func(d *opco.Demande) { d.Stagiaires[0].Nuits = 0 }, []string{"lignes[2].montant"}, nil},
		{"divers not specified", func(d *opco.Demande) {
			d.Lignes = append(d.Lignes, opco.LigneDemandee{Ligne: opco.LigneDivers, Montant: 1})
		}, []string{"lignes[5].detail"}, nil},
		{"a negative amount", func(d *opco.Demande) { d.Lignes[4].Montant = -1 }, []string{"lignes[4].montant"}, []string{"lignes[4].montant"}},
		{"an amount too large", func(d *opco.Demande) { d.Lignes[4].Montant = opco.MontantMax + 1 }, []string{"lignes[4].montant", "lignes"}, []string{"lignes[4].montant"}},
		{"an unknown line", func(d *opco.Demande) { d.Lignes[3].Ligne = "CADEAUX" }, []string{"lignes[3].ligne"}, []string{"lignes[3].ligne"}},
		{"a line twice", func(d *opco.Demande) { d.Lignes = append(d.Lignes, opco.LigneDemandee{Ligne: opco.LigneRepas}) },
			[]string{"lignes[5].ligne"}, []string{"lignes[5].ligne"}},
		{"a module without a name", func(d *opco.Demande) { d.Modules = []opco.Module{{Duree: 60}} }, []string{"modules[0].intitule"}, nil},
		{"a module dearer than the line", func(d *opco.Demande) {
			d.Modules = []opco.Module{{Intitule: "Anglais", Duree: 60, Montant: 2_020_01}}
		}, []string{"modules"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := demandeAKTO()
			tt.changer(&d)
			errs := d.Valider()
			if got := champs(errs); !slices.Equal(got, tt.want) {
				t.Errorf("envoi: got %v, want %v", errs, tt.want)
			}
			for _, e := range errs {
				verifierChamp(t, e, e.Champ)
			}
			if got := champs(d.ValiderBrouillon()); !slices.Equal(got, tt.brouillon) {
				t.Errorf("brouillon: got %v, want %v", got, tt.brouillon)
			}
		})
	}
	if errs := (opco.Demande{}).ValiderBrouillon(); len(errs) > 0 {
		t.Errorf("an empty brouillon: got %v", errs)
	}
}

func TestNormalisee(t *testing.T) {
	d := demandeAKTO()
	d.Etablissement, d.Organisme.NDA, d.Organisme.Email = "999 001 084\u00a000014", "93 13 12345 13", " Contact@Exemple.FR "
	d.Stagiaires[0].Nom, d.Intitule, d.Debut = "  Lefe\u0300vre  ", " Animer  une réunion\r\n", "18/05/2026"
	n := d.Normalisee()
	if n.Etablissement != "99900108400014" || n.Organisme.NDA != "93131234513" || n.Organisme.Email != "contact@exemple.fr" ||
		n.Stagiaires[0].Nom != "Lefèvre" || n.Intitule != "Animer  une réunion" {
		t.Errorf("got %q %q %q %q %q", n.Etablissement, n.Organisme.NDA, n.Organisme.Email, n.Stagiaires[0].Nom, n.Intitule)
	}
	if got := champs(n.ValiderBrouillon()); !slices.Equal(got, []string{"debut"}) {
		t.Errorf("what cannot be read is refused, not guessed: got %v", got)
	}
	if d.Stagiaires[0].Nom == "Lefèvre" {
		t.Error("the demande of the caller was changed")
	}
	if deux := n.Normalisee(); !reflect.DeepEqual(n, deux) {
		t.Errorf("got %+v, then %+v", n, deux)
	}
}

func TestPiecesManquantes(t *testing.T) {
	p := func(t opco.TypePiece, e opco.EtatPiece) opco.Piece {
		return opco.Piece{ID: string(t), Type: t, Etat: e, Motif: opco.MotifIllisible}
	}
	programme := p(opco.PieceProgramme, opco.PieceRecue)
	tests := []struct {
		name    string
		pieces  []opco.Piece
		aVenir  []opco.TypePiece
		interne bool
		want    []opco.PieceDemandee
	}{
		{name: "nothing", want: []opco.PieceDemandee{{Type: opco.PieceProgramme, Motif: opco.MotifManquante},
			{Type: opco.PieceConvention, Motif: opco.MotifManquante, Ou: []opco.TypePiece{opco.PieceDevis}}}},
		{name: "programme and convention", pieces: []opco.Piece{programme, p(opco.PieceConvention, opco.PieceRecue)}},
		{name: "programme and devis", pieces: []opco.Piece{programme, p(opco.PieceDevis, opco.PieceConforme)}},
		{name: "a file in quarantine is received", pieces: []opco.Piece{programme, p(opco.PieceDevis, opco.PieceEnQuarantaine)}},
		{name: "a devis announced", pieces: []opco.Piece{programme}, aVenir: []opco.TypePiece{opco.PieceDevis},
			want: []opco.PieceDemandee{{Type: opco.PieceDevis, Motif: opco.MotifAVenir, Ou: []opco.TypePiece{opco.PieceConvention}}}},
		{name: "a programme found wrong", pieces: []opco.Piece{p(opco.PieceProgramme, opco.PieceNonConforme), p(opco.PieceDevis, opco.PieceRecue)},
			want: []opco.PieceDemandee{{Type: opco.PieceProgramme, Motif: opco.MotifIllisible, Piece: "PROGRAMME"}}},
		{name: "a devis stands for a convention found wrong",
			pieces: []opco.Piece{programme, p(opco.PieceConvention, opco.PieceNonConforme), p(opco.PieceDevis, opco.PieceRecue)}},
		{name: "formation interne", pieces: []opco.Piece{programme}, interne: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := &opco.Dossier{Demande: opco.Demande{Interne: tt.interne}, Pieces: tt.pieces, AVenir: tt.aVenir}
			got := opco.PiecesManquantes(d)
			if len(got) != len(tt.want) {
				t.Fatalf("got %+v, want %+v", got, tt.want)
			}
			for i := range got {
				g, w := got[i], tt.want[i]
				if g.Type != w.Type || g.Motif != w.Motif || g.Piece != w.Piece || !slices.Equal(g.Ou, w.Ou) {
					t.Errorf("got %+v, want %+v", g, w)
				}
			}
		})
	}
	c := opco.Complement{Pieces: []opco.PieceDemandee{{Type: opco.PieceConvention, Ou: []opco.TypePiece{opco.PieceDevis}}}}
	if !c.Recevoir(p(opco.PieceDevis, opco.PieceRecue)) || !c.Satisfait() {
		t.Error("a devis does not answer the request of a convention")
	}
}

package opco

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A file of demandes has one line for each stagiaire; the lines that bear the same
// mark in the column « demande » make one demande. What a demande says once is read on
// its first line; a later line leaves it empty or says the same.

// FauteImport is what is wrong with one cell of a file, or with a line when Colonne is
// "", or with the file when Ligne is 0. Lines count from 1, as a spreadsheet shows
// them: line 1 holds the names of the columns.
type FauteImport struct {
	Ligne   int    `json:"ligne"`
	Colonne string `json:"colonne,omitempty"`
	Phrase  string `json:"phrase"`
}

// DemandeImportee is a demande read from a file, with the line where it starts.
type DemandeImportee struct {
	Ligne   int
	Demande Demande
}

// LireImport reads a file of demandes: UTF-8 or Windows-1252, comma, semicolon or tab,
// at most max lines beside the first. The demandes are good to send, each stagiaire
// with an id made by id. Either every line is good, or the faults say every line that
// is not, and there is no demande.
func LireImport(fichier []byte, max int, id func() string) ([]DemandeImportee, []FauteImport) {
	texte, err := decoder(fichier)
	if err != nil {
		return nil, []FauteImport{{Phrase: err.Error()}}
	}
	t := &tableur{max: max, id: id}
	t.lire(texte)
	if len(t.fautes) == 0 {
		t.verifier()
	}
	if len(t.fautes) > 0 {
		slices.SortStableFunc(t.fautes, func(a, b FauteImport) int { return a.Ligne - b.Ligne })
		return nil, t.fautes
	}
	ds := make([]DemandeImportee, len(t.groupes))
	for i, g := range t.groupes {
		ds[i] = DemandeImportee{g.ligne, g.d}
	}
	return ds, nil
}

// tableur is one reading of a file.
type tableur struct {
	max     int
	id      func() string
	ordre   []int // for each column of the file, its rank in colonnesImport
	groupes []*groupeImport
	fautes  []FauteImport
}

// groupeImport is a demande under construction: the line of each stagiaire, the text
// read in each column of the demande.
type groupeImport struct {
	repere string
	ligne  int
	lignes []int
	dits   map[string]string
	faux   bool
	d      Demande
}

func (t *tableur) non(ligne int, colonne, format string, args ...any) {
	t.fautes = append(t.fautes, FauteImport{ligne, colonne, fmt.Sprintf(format, args...)})
}

func (t *tableur) lire(texte string) {
	r := csv.NewReader(strings.NewReader(texte))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = colonnesPar(texte), -1, true
	titres, err := r.Read()
	if err != nil {
		t.non(0, "", "Ce fichier est vide. Partez du modèle : sa première ligne porte les noms des colonnes.")
		return
	}
	if !t.titres(titres) {
		return
	}
	for n := 0; ; {
		cellules, err := r.Read()
		var e *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			if n == 0 {
				t.non(0, "", "Ce fichier n’a aucune demande : ajoutez une ligne par stagiaire sous les noms des colonnes.")
			}
			return
		case errors.As(err, &e):
			t.non(e.StartLine, "", "Cette ligne est illisible : un guillemet y manque. Enregistrez de nouveau le fichier depuis votre tableur, au format CSV.")
			return
		case err != nil:
			t.non(0, "", "Ce fichier est illisible. Enregistrez-le de nouveau depuis votre tableur, au format CSV.")
			return
		}
		ligne, _ := r.FieldPos(0)
		if blanche(cellules) {
			continue
		}
		if n++; n > t.max {
			t.non(ligne, "", "Ce fichier a plus de %d lignes : partagez-le en plusieurs.", t.max)
			return
		}
		t.ranger(ligne, cellules)
	}
}

// titres reads the first line, and reports whether the rest can be read.
func (t *tableur) titres(titres []string) bool {
	for i, brut := range titres {
		nom := strings.ReplaceAll(CleNom(brut), " ", "_")
		rang := slices.IndexFunc(colonnesImport, func(c ColonneImport) bool { return c.Nom == nom })
		switch {
		case nom == "":
			rang = -1 // a column without a name holds nothing
		case rang < 0:
			t.non(1, citer(brut), "Cette colonne n’existe pas dans le modèle. Retirez-la, ou reprenez son nom exact.")
		case slices.Contains(t.ordre, rang):
			t.non(1, nom, "Cette colonne est là deux fois : gardez-en une.")
		}
		t.ordre = append(t.ordre, rang)
		if i > 4*len(colonnesImport) {
			break
		}
	}
	for i, c := range colonnesImport {
		if c.Obligatoire && !slices.Contains(t.ordre, i) {
			t.non(1, c.Nom, "Cette colonne manque. Partez du modèle, et gardez sa première ligne.")
		}
	}
	return len(t.fautes) == 0
}

func blanche(cellules []string) bool {
	return !slices.ContainsFunc(cellules, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// ranger reads one line into its demande.
func (t *tableur) ranger(ligne int, cellules []string) {
	valeurs := map[string]string{}
	for i, s := range cellules {
		switch s = strings.TrimSpace(s); {
		case s == "":
		case i >= len(t.ordre) || t.ordre[i] < 0:
			t.non(ligne, "", "« %s » est hors des colonnes du modèle : un point-virgule de trop décale la ligne.", citer(s))
			return
		default:
			valeurs[colonnesImport[t.ordre[i]].Nom] = s
		}
	}
	repere := valeurs[colonneDemande]
	if repere == "" {
		t.non(ligne, colonneDemande, "Donnez un repère à cette demande, par exemple D1.")
		return
	}
	g := t.groupe(repere, ligne)
	if len(g.lignes) >= stagiairesMax {
		t.non(ligne, "", "La demande « %s » a plus de %d stagiaires : faites-en plusieurs.", citer(repere), stagiairesMax)
		return
	}
	g.lignes = append(g.lignes, ligne)
	g.d.Stagiaires = append(g.d.Stagiaires, Stagiaire{ID: t.id()})
	for _, c := range colonnesImport {
		if c.champ != "" {
			t.poser(g, ligne, c, valeurs[c.Nom])
		}
	}
}

func (t *tableur) groupe(repere string, ligne int) *groupeImport {
	for _, g := range t.groupes {
		if g.repere == repere {
			return g
		}
	}
	g := &groupeImport{repere: repere, ligne: ligne, dits: map[string]string{}}
	t.groupes = append(t.groupes, g)
	return g
}

// poser writes one cell into the demande, or says why it cannot be.
func (t *tableur) poser(g *groupeImport, ligne int, c ColonneImport, s string) {
	premiere := ligne == g.ligne
	champ, stagiaire := strings.CutPrefix(c.champ, "stagiaire.")
	switch {
	case stagiaire:
		champ = fmt.Sprintf("stagiaires.%d.%s", len(g.d.Stagiaires)-1, champ)
	case premiere:
		g.dits[c.Nom] = s
	case s != "" && s != g.dits[c.Nom]:
		t.non(ligne, c.Nom, "La ligne %d dit « %s » de la même demande : écrivez la même chose, ou laissez vide.", g.ligne, citer(g.dits[c.Nom]))
		g.faux = true
		return
	default:
		return
	}
	lu, err := deTableur(champ, s)
	if err == nil {
		err = g.d.Poser(champ, lu)
	}
	if err != nil {
		t.non(ligne, c.Nom, "%s", err.Error())
		g.faux = true
	}
}

// deTableur turns what spreadsheets write of dates and long numbers into what a person
// types.
func deTableur(champ, s string) (string, error) {
	switch {
	case champ == "debut" || champ == "fin" || strings.HasSuffix(champ, ".ne_le"):
		return dateDeTableur(s)
	case champ == "organisme.code_postal" && len(s) == 4 && chiffres(s):
		return "0" + s, nil // a spreadsheet takes the first 0 for nothing
	case strings.HasSuffix(champ, "siret") || champ == "etablissement" || champ == "organisme.nda":
		if strings.ContainsAny(s, "eE+") && strings.ContainsAny(s, "0123456789") {
			return "", Errorf(Invalid, "Votre tableur a arrondi « %s » : mettez la colonne au format Texte et retapez les chiffres.", citer(s))
		}
	case strings.HasSuffix(champ, ".type") || champ == "nature":
		return majusculesASCII(s), nil
	}
	return s, nil
}

// premierJourTableur is day 0 of the dates of spreadsheets.
var premierJourTableur = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// dateDeTableur reads a day written by a French spreadsheet, or its number.
func dateDeTableur(s string) (string, error) {
	if n, err := strconv.Atoi(s); err == nil && n > 1 && n < 200_000 {
		return premierJourTableur.AddDate(0, 0, n).Format(formatDate), nil
	}
	for _, forme := range []string{"2/1/2006", "2-1-2006", "2.1.2006", "2/1/2006 15:04", "2/1/2006 15:04:05"} {
		if t, err := time.Parse(forme, s); err == nil {
			return t.Format(formatDate), nil
		}
	}
	if _, err := ParseDate(s); s != "" && err != nil {
		return "", Errorf(Invalid, "« %s » n’est pas une date : écrivez-la JJ/MM/AAAA, par exemple 13/04/2026.", citer(s))
	}
	return s, nil
}

// verifier checks each demande as for an Envoi, then the demandes against each other.
func (t *tableur) verifier() {
	for i, g := range t.groupes {
		if g.d.Nature == "" {
			g.d.Nature = NatureFormation
		}
		for j := range g.d.Stagiaires {
			if s := &g.d.Stagiaires[j]; s.Heures == 0 {
				s.Heures = g.d.Duree
			}
		}
		g.d = g.d.Normalisee()
		for _, e := range g.d.Valider() {
			ligne, colonne := g.place(e.Champ)
			t.non(ligne, colonne, "%s", e.Error())
		}
		for _, h := range t.groupes[:i] {
			if memeDemande(h.d, g.d) {
				t.non(g.ligne, colonneDemande, "Cette demande est la même que celle de la ligne %d : même formation, même début, mêmes stagiaires. Retirez l’une des deux.", h.ligne)
			}
		}
	}
}

// memeDemande reports whether two demandes ask for one action and the same people.
func memeDemande(a, b Demande) bool {
	if a.Etablissement != b.Etablissement || a.Organisme.SIRET != b.Organisme.SIRET || a.Debut != b.Debut ||
		CleNom(a.Intitule) != CleNom(b.Intitule) || len(a.Stagiaires) != len(b.Stagiaires) {
		return false
	}
	for _, s := range a.Stagiaires {
		if !slices.ContainsFunc(b.Stagiaires, s.memePersonne) {
			return false
		}
	}
	return true
}

// place finds the line and the column of a field that Valider names.
func (g *groupeImport) place(champ string) (int, string) {
	chemin := g.d.CheminDeFormulaire(champ)
	ligne := g.ligne
	if reste, ok := strings.CutPrefix(chemin, "stagiaires."); ok {
		rang, nom, _ := strings.Cut(reste, ".")
		if i, err := strconv.Atoi(rang); err == nil && i < len(g.lignes) {
			ligne = g.lignes[i]
		}
		chemin = "stagiaire." + nom
	}
	for _, c := range colonnesImport {
		if c.champ != "" && c.champ == chemin {
			return ligne, c.Nom
		}
	}
	return ligne, ""
}

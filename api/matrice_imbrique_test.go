package api_test

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"guichet/api"
	"guichet/opco"
)

// TestIdentifiantsImbriques names, where a route takes an id in its body, its path or
// its filters, the object of somebody else: the whole is refused as if it were not
// there, and nothing of the own part is done either.
func TestIdentifiantsImbriques(t *testing.T) {
	m := ouvrirMatrice(t)
	paye, mien, autrui := m.objets["paye"][propre], m.objets["dossier"][propre], m.objets["dossier"][autre]
	facture := m.uneValeur(`SELECT id FROM facture WHERE dossier = $1`, paye)
	pieceAutrui, pieceMienne := m.objets["piece"][autre], m.objets["piece"][propre]
	m.sql(`UPDATE dossier SET etat = 'SF_EN_CONTROLE', contenu = jsonb_set(contenu, '{etat}', '"SF_EN_CONTROLE"') WHERE id = $1`, mien)
	regle := m.objets["dossier"][collegue]
	m.sql(`UPDATE dossier SET etat = 'EN_REGLEMENT', contenu = jsonb_set(contenu, '{etat}', '"EN_REGLEMENT"') WHERE id = $1`, regle)
	const droitE1, droitE2 = "entreprise:99900101900010:DOSSIERS_FORMATION", "entreprise:99900108400014:DOSSIERS_FORMATION"
	collegueID, e2 := m.objets["utilisateur"][propre], m.objets["utilisateur"][autre]
	m.sql(`INSERT INTO delegation (id, compte, personne, delegue, role, du, au) VALUES ('8f3b1c1e-0000-4000-8000-000000000001', $1, 'personne-gestionnaire', $2, 'gestionnaire', '2026-03-02', '2026-03-20')`,
		m.compte("gestionnaire"), m.compte("gestionnaire2"))
	tests := []struct {
		name, qui, methode, adresse string
		corps                       objet
		statuts                     []int
	}{
		{"the invoice of another dossier, refused", "gestionnaire", "POST", "/api/dossiers/" + mien + "/refus-facture", objet{"raison": "Non.", "facture": facture, "motif": "DOUBLON"}, []int{404}},
		{"the invoice of another dossier, disputed", "gestionnaire", "POST", "/api/dossiers/" + mien + "/litige", objet{"raison": "Non.", "facture": facture, "motif": "QTE_ERR"}, []int{404}},
		{"the invoice of another dossier, credited", "of1", "POST", "/api/dossiers/" + mien + "/avoirs", objet{"avoir": objet{"numero": "A1", "facture": facture, "date": "2026-03-02", "montant": 100}}, []int{404, 422}},
		{"the règlement of another dossier", "comptable", "POST", "/api/dossiers/" + regle + "/remise-en-paiement", objet{"reglement": m.objets["reglement"][propre]}, []int{404}},
		{"a pièce of another company", "e1", "POST", "/api/dossiers/" + mien + "/jonction", objet{"pieces": []string{pieceMienne, pieceAutrui}}, []int{422}},
		{"a pièce of another of one's dossiers", "e1", "POST", "/api/dossiers/" + mien + "/jonction", objet{"pieces": []string{m.objets["piece"][collegue]}}, []int{422}},
		{"an acte id that somebody else used", "e1", "POST", "/api/dossiers/" + mien + "/annulation", objet{"acte_id": m.objets["acte"][autre], "raison": "Non."}, []int{409}},
		{"the dossier id of somebody else", "e1", "POST", "/api/dossiers", objet{"id": autrui, "demande": demande()}, []int{409}},
		{"a demande for another company", "e1", "POST", "/api/dossiers", objet{"id": nouvelID(), "demande": avecChamp(demande(), "etablissement", "99900108400014")}, []int{422}},
		{"rights of another account, decided with own ones", "conseiller", "POST", "/api/comptes/" + collegueID + "/droits",
			objet{"reponses": []objet{{"habilitation": droitE1, "accorder": false, "motif": "DEPART"}, {"habilitation": droitE2, "accorder": true}}}, []int{404}},
		{"rights of another account, withdrawn with own ones", "conseiller", "POST", "/api/comptes/" + collegueID + "/retrait",
			objet{"habilitations": []string{droitE1, droitE2}, "motif": "DEPART", "raison": "Départ."}, []int{404}},
		{"rights of another company, withdrawn from a colleague", "e1", "POST", "/api/utilisateurs/" + collegueID + "/retrait",
			objet{"habilitations": []string{droitE1, droitE2}, "motif": "DEPART", "raison": "Départ."}, []int{404}},
		{"own rights named on the account of another company", "e1", "POST", "/api/utilisateurs/" + e2 + "/retrait",
			objet{"habilitations": []string{droitE1}, "motif": "DEPART", "raison": "Départ."}, []int{404}},
		{"rights on another company, given with own ones", "e1", "POST", "/api/utilisateurs/" + collegueID + "/droits",
			objet{"droits": []objet{{"siret": "99900101900028", "service": "LECTURE_SEULE"}, {"siret": "99900108400014", "service": "LECTURE_SEULE"}}}, []int{422}},
		{"an invitation to another company", "e1", "POST", "/api/utilisateurs",
			objet{"identite": objet{"civilite": "M.", "nom": "Intrus", "prenom": "Ivan", "email": "ivan@exemple.test"}, "droits": []objet{{"siret": "99900108400014", "service": "LECTURE_SEULE"}}}, []int{422}},
		{"a règlement that is not of the lot", "comptable", "POST", "/api/lots/" + m.objets["lot"][propre] + "/lignes", objet{"retirer": []string{m.objets["reglement"][propre], "inconnu"}}, []int{404}},
		{"a lot of what exists and what does not", "comptable", "POST", "/api/lots", objet{"reglements": []string{m.objets["reglement"][propre], "inconnu"}, "execution": "2026-03-03", "groupe": false}, []int{404}},
		{"the delegation of an agent, ended under another", "admin", "POST", "/api/agents/" + m.compte("comptable") + "/delegations/8f3b1c1e-0000-4000-8000-000000000001/fin", objet{}, []int{404}},
		{"the role of an organisation's account", "admin", "POST", "/api/agents/" + e2 + "/roles", objet{"role": "gestionnaire"}, []int{404}},
		{"a delegation to an organisation's account", "gestionnaire", "POST", "/api/agents/" + m.compte("gestionnaire") + "/delegations",
			objet{"delegue": e2, "role": "gestionnaire", "du": "2026-03-03", "au": "2026-03-05", "raison": "Congés."}, []int{422}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			avant := m.suivis()
			if tt.corps["acte_id"] == nil {
				tt.corps["acte_id"] = nouvelID()
			}
			r := m.appeler(tt.qui, tt.methode, tt.adresse, tt.corps)
			if !slices.Contains(tt.statuts, r.statut) {
				t.Errorf("got %d %.300s, want one of %v", r.statut, r.corps, tt.statuts)
			}
			if apres := m.suivis(); apres != avant {
				t.Errorf("something changed: %s, then %s", avant, apres)
			}
			if marque := "École Les Tilleuls"; tt.qui == "e1" && bytes.Contains(r.corps, []byte(marque)) {
				t.Errorf("the refusal names another company: %.300s", r.corps)
			}
		})
	}
}

// suivis is the state of what those requests aim at; that a refused acte is written
// down is no change of it.
func (m *matrice) suivis() string {
	return m.uneValeur(`SELECT concat_ws(' ',
		(SELECT md5(string_agg(f::text, '' ORDER BY id)) FROM facture f), (SELECT md5(string_agg(r::text, '' ORDER BY id)) FROM reglement r),
		(SELECT md5(string_agg(concat_ws('|', id, etat, siren), '' ORDER BY id)) FROM dossier),
		(SELECT md5(string_agg(concat_ws('|', compte, id, etat, coupee), '' ORDER BY compte, id)) FROM habilitation),
		(SELECT md5(string_agg(d::text, '' ORDER BY id)) FROM delegation d), (SELECT md5(string_agg(r::text, '' ORDER BY compte, role)) FROM role_agent r),
		(SELECT md5(string_agg(concat_ws('|', id, etat, nombre, somme), '' ORDER BY id)) FROM lot), (SELECT count(*) FROM compte WHERE etat <> ''))`)
}

func avecChamp(o objet, nom string, v any) objet { o[nom] = v; return o }

// TestFiltresDesAutres: a filter, a search or a cursor that names what is somebody
// else's shows nothing of it.
func TestFiltresDesAutres(t *testing.T) {
	m := ouvrirMatrice(t)
	autrui := m.objets["dossier"][autre]
	numero := m.uneValeur(`SELECT numero FROM dossier WHERE id = $1`, autrui)
	e2 := principal{cle: m.cles["e2"]}
	var page struct {
		Suivant string `json:"suivant"`
	}
	m.exiger(m.appeler("gestionnaire", "GET", "/api/dossiers?limite=1", nil), 200).lire(t, &page)
	for _, qui := range []string{"e1", "of1", "e1-lecture"} {
		p := principal{cle: m.cles[qui]}
		for _, q := range []string{"etablissement=99900108400014", "organisme=99900143100017", "texte=" + numero, "texte=Tilleuls", "texte=" + autrui, "apres=" + page.Suivant, ""} {
			for _, chemin := range []string{"/api/dossiers", "/api/dossiers/compteurs"} {
				if chemin == "/api/dossiers/compteurs" && q != "" {
					continue
				}
				r := m.demander(p, "GET", chemin, chemin+"?"+q, nil)
				for _, marque := range []string{autrui, numero, "Tilleuls", "99900108400014"} {
					if bytes.Contains(r.corps, []byte(marque)) {
						t.Errorf("%s reads %s of another company at %s?%s", qui, marque, chemin, q)
					}
				}
				if r.statut >= 500 {
					t.Errorf("%s at %s?%s: got %d", qui, chemin, q, r.statut)
				}
			}
		}
		for _, chemin := range []string{"/api/utilisateurs", "/api/mandats", "/api/enveloppes", "/api/compte", "/api/compte/journal"} {
			if r := m.demander(p, "GET", chemin, chemin, nil); bytes.Contains(r.corps, []byte("9990010840")) || bytes.Contains(r.corps, []byte("e2@")) {
				t.Errorf("%s reads another company at %s: %.300s", qui, chemin, r.corps)
			}
		}
	}
	if r := m.demander(e2, "GET", "/api/dossiers", "/api/dossiers?texte="+numero, nil); !bytes.Contains(r.corps, []byte(autrui)) {
		t.Errorf("its own company does not find it either: %.300s", r.corps)
	}
}

// champsInterdits are what a body must never say: they belong to the server.
var champsInterdits = []string{"role", "roles", "etat", "paye", "accorde", "engage", "accepte", "sirets", "actif", "personne", "par", "pour", "instruit_par",
	"valide_par", "createurs", "validations", "seq", "rang", "verdict", "depose_le", "numero_dossier", "admin", "compte_id", "interne", "habilitations_accordees"}

// TestChampsInterdits adds to each body, at each of its levels, a field that no
// client may set: the request is refused whole, and nothing is done.
func TestChampsInterdits(t *testing.T) {
	m := ouvrirMatrice(t)
	avant := m.empreinteEntiere()
	n := 0
	for _, p := range portes() {
		e := essai{methode: p.methode, chemin: p.chemin}
		genre, _ := genreDe(p.chemin)
		for niveau := range niveaux(p.schema) {
			for _, champ := range champsInterdits {
				corps := exemple(p.schema)
				o, s := descendre(corps, p.schema, niveau)
				if o == nil || s.Properties[champ] != nil {
					continue
				}
				o[champ] = "x"
				n++
				qui := m.principalDe(p)
				nom, _ := m.nommer(genre, propre, qui)
				adresse := autresPlaces.Replace(strings.Replace(strings.Replace(p.chemin, "{id}", nom, 1), "organismes/{siren}", "organismes/"+nom, 1))
				r := m.demander(qui, e.methode, e.chemin, adresse, corps)
				if r.statut != http.StatusBadRequest {
					t.Errorf("%s %s with %q at %s: got %d %.200s, want 400", p.methode, p.chemin, champ, niveau, r.statut, r.corps)
				}
			}
		}
	}
	if apres := m.empreinteEntiere(); apres != avant {
		t.Error("a body with a field too many did something")
	}
	if n < 3000 {
		t.Errorf("only %d cases", n)
	}
	t.Logf("%d cases", n)
}

// principalDe is somebody whom the table lets through p.
func (m *matrice) principalDe(p porte) principal {
	regle := api.Acces()[p.methode+" "+p.chemin]
	for _, x := range m.principaux {
		e := essai{regle: regle, p: x}
		if statut, _ := e.porte(); statut == 0 && (x.role != opco.RoleEntreprise || x.nom != "a right that only reads") {
			return x
		}
	}
	return principal{}
}

// niveaux lists the objects of a schema by the path to each, « » for the body.
func niveaux(s *openapi3.Schema) map[string]bool {
	ns := map[string]bool{}
	var voir func(s *openapi3.Schema, chemin string, profondeur int)
	voir = func(s *openapi3.Schema, chemin string, profondeur int) {
		switch {
		case profondeur > 5:
		case s.Type.Is("array"):
			voir(s.Items.Value, chemin+"/[]", profondeur+1)
		case s.Type.Is("object") && len(s.Properties) > 0:
			ns[chemin] = true
			for _, nom := range slices.Sorted(maps.Keys(s.Properties)) {
				if !s.Properties[nom].Value.ReadOnly {
					voir(s.Properties[nom].Value, chemin+"/"+nom, profondeur+1)
				}
			}
		}
	}
	voir(s, "", 0)
	return ns
}

// descendre returns the object of v, and its schema, to which a path leads.
func descendre(v any, s *openapi3.Schema, chemin string) (objet, *openapi3.Schema) {
	for _, pas := range strings.Split(strings.TrimPrefix(chemin, "/"), "/") {
		switch {
		case pas == "":
		case pas == "[]":
			l, ok := v.([]any)
			if !ok || len(l) == 0 {
				return nil, nil
			}
			v, s = l[0], s.Items.Value
		default:
			o, ok := v.(objet)
			if !ok || o[pas] == nil {
				return nil, nil
			}
			v, s = o[pas], s.Properties[pas].Value
		}
	}
	o, ok := v.(objet)
	if !ok {
		return nil, nil
	}
	return o, s
}

package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// matrice is a counter with one of everything that a route may name, for each
// relation that somebody may have with it.
type matrice struct {
	*guichet
	h          http.Handler
	principaux []principal
	objets     map[string]map[relation]string // by kind and relation, seen by E1 and OF1 and by the staff
}

// relation is what an object is to who asks for it.
type relation string

const (
	propre   relation = "own"
	collegue relation = "a colleague's"
	autre    relation = "another organisation's"
	absente  relation = "missing"
	effacee  relation = "deleted"
	sans     relation = "none" // the route names no object
)

// principal is somebody at the counter.
type principal struct {
	nom    string
	role   opco.Role // "" in no espace
	etape  api.Etape // of the login, EtapeOuverte when it is done
	cle    string
	cookie string
}

func (p principal) anonyme() bool { return p.cle == "" && p.cookie == "" }

// ouvrirMatrice fills a counter: the demonstration, and beside it accounts at every
// step, two companies with each of the objects, and what was deleted.
func ouvrirMatrice(t *testing.T) *matrice {
	t.Helper()
	m := &matrice{guichet: ouvrirAvec(t, true, func(c *api.Config) { c.SecondFacteur = true }), objets: map[string]map[relation]string{}}
	var err error
	if m.h, err = m.serveur.Handler(); err != nil {
		t.Fatal(err)
	}
	m.semerComptes()
	m.semerDossiers()
	m.semerPrincipaux()
	m.semerActions()
	m.semerRejeux()
	return m
}

func (m *matrice) noter(genre string, r relation, id string) {
	if m.objets[genre] == nil {
		m.objets[genre] = map[relation]string{}
	}
	m.objets[genre][r] = id
}

// reprendre makes an account that has a key of its own.
func (m *matrice) reprendre(identifiant string, role opco.Role, sirets ...string) (compte string) {
	m.t.Helper()
	m.cles[identifiant] = strings.Repeat(identifiant+"-", 32)[:40]
	u := store.Utilisateur{Identifiant: identifiant, Personne: "personne-" + identifiant, Nom: "Matrice", Prenom: "Mona", Role: role, SIRETs: sirets, Actif: true,
		Email: opco.Email(identifiant + "@exemple.test")}
	ctx := context.Background()
	if err := m.store.EcrireUtilisateur(ctx, u, m.cles[identifiant]); err != nil {
		m.t.Fatal(err)
	}
	u, err := m.store.Utilisateur(ctx, identifiant)
	if err != nil {
		m.t.Fatal(err)
	}
	return u.Compte
}

func (m *matrice) compte(identifiant string) string {
	m.t.Helper()
	u, err := m.store.Utilisateur(context.Background(), identifiant)
	if err != nil {
		m.t.Fatal(err)
	}
	return u.Compte
}

// semerComptes makes the accounts that routes name: colleagues, agents, a closed one.
func (m *matrice) semerComptes() {
	m.noter("utilisateur", propre, m.reprendre("e1-collegue", opco.RoleEntreprise, "99900101900010"))
	m.noter("utilisateur", autre, m.compte("e2"))
	m.reprendre("e1-lecture", opco.RoleEntreprise, "99900101900010")
	lecture := "/api/comptes/" + m.compte("e1-lecture")
	m.exiger(m.appeler("conseiller", "POST", lecture+"/attribution",
		objet{"acte_id": nouvelID(), "droits": []objet{{"profil": "entreprise", "siret": "99900101900010", "service": "LECTURE_SEULE"}}}), 200)
	m.exiger(m.appeler("conseiller", "POST", lecture+"/retrait", objet{"acte_id": nouvelID(), "motif": "DEPART", "raison": "Il ne fait que lire.",
		"habilitations": []string{"entreprise:99900101900010:DOSSIERS_FORMATION", "entreprise:99900101900010:UTILISATEURS"}}), 200)
	m.reprendre("deux", opco.RoleEntreprise, "99900101900010", "99900115900014")
	clos := m.reprendre("e1-clos", opco.RoleEntreprise, "99900101900010")
	m.exiger(m.appeler("conseiller", "POST", "/api/comptes/"+clos+"/cloture", objet{"acte_id": nouvelID(), "raison": "Départ."}), 200)
	m.noter("utilisateur", effacee, clos)
	m.noter("compte", propre, m.objets["utilisateur"][propre])
	m.noter("compte", autre, m.compte("gestionnaire")) // an agent is found by another route
	m.noter("agent", propre, m.reprendre("agent-essai", opco.RoleGestionnaire))
	m.noter("agent", autre, m.compte("e1"))
	m.sql(`INSERT INTO regle_auto (id, profil, service, questions, essai, activee_par, activee_nom, activee_le)
		VALUES ('regle-essai', 'entreprise', 'CERTIF_SALARIES', '{MASSE_SALARIALE}', '{}', 'p', 'P', now())`)
	m.noter("regle", propre, "regle-essai")
	m.noter("delegation", propre, "sans-objet")
	m.sql(`INSERT INTO etiquette (id, nom, ton) VALUES ($1, 'Essai', 'gris'), (gen_random_uuid(), 'Autre essai', 'gris')`, etiquetteEssai)
	m.noter("etiquette", propre, m.uneValeur(`SELECT id FROM etiquette WHERE nom = 'Autre essai'`))
	m.sql(`INSERT INTO vue_enregistree (id, nom, filtre, personne, auteur, cree_le) VALUES (gen_random_uuid(), 'Sienne', '', 'quelqu’un', 'Q', now())`)
	m.noter("vue", autre, m.uneValeur(`SELECT id FROM vue_enregistree`))
}

// semerRejeux makes a replay and a verification, which all who run the house read.
func (m *matrice) semerRejeux() {
	m.noter("rejeu", propre, m.unRejeu())
	m.noter("verification", propre, m.uneVerification())
}

// semerActions makes actions on many dossiers, of a gestionnaire and of a responsable.
func (m *matrice) semerActions() {
	for r, qui := range map[relation]string{propre: "gestionnaire", autre: "responsable"} {
		id := nouvelID()
		m.sql(`INSERT INTO action_lot (id, genre, action, etat, compte, personne, nom, role, espace, cree_le)
			SELECT $1, 'ETIQUETER', jsonb_build_object('genre', 'ETIQUETER', 'etiquette', $2::text), 'PRETE', c.id, c.personne, 'N', $3, $3, now() FROM compte c WHERE c.identifiant = $3`,
			id, etiquetteEssai, qui)
		m.sql(`INSERT INTO action_lot_element (lot, n, dossier, etat) VALUES ($1, 1, $2, 'APPLICABLE')`, id, m.objets["dossier"][propre])
		m.noter("action-lot", r, id)
	}
}

// semerDossiers makes the dossiers of both companies, with their pièces, letters and
// actes, a deleted one, and a lot.
func (m *matrice) semerDossiers() {
	paye, reglement := m.enReglement()
	m.noter("paye", propre, paye)
	m.noter("indu", propre, m.unIndu(paye))
	m.noter("reglement", propre, reglement)
	m.noter("facture", propre, m.uneValeur(`SELECT id FROM facture WHERE dossier = $1`, paye))
	m.exiger(m.appeler("comptable", "POST", "/api/lots", objet{"acte_id": nouvelID(), "echeance_au": "2026-06-30", "execution": "2026-04-21", "groupe": false}), 200)
	m.noter("lot", propre, m.uneValeur(`SELECT max(id) FROM lot`))
	m.noter("lot", autre, "L99-0001")
	if err := m.store.RegleHorloge(m.t.Context(), instant("2026-03-02T09:00:00+01:00"), true); err != nil {
		m.t.Fatal(err)
	}
	m.noterDossier(propre, m.depose(), "e1")
	m.noterDossier(collegue, m.deposerComme("e1-collegue", "99900101900010", "99900136500017"), "e1-collegue")
	m.noterDossier(autre, m.deposerComme("e2", "99900108400014", "99900143100017"), "e2")
	m.sql(`INSERT INTO facture (id, dossier, numero, emetteur, etat, total_ht, recue_le) VALUES ('facture-autre', $1, 'X', '99900143100017', 'DEPOSEE', 1, now())`,
		m.objets["dossier"][autre])
	m.noter("facture", autre, "facture-autre")
	m.semerDocuments()
	m.noter("rib", propre, m.unRIB("999001365"))
	m.noter("rib", autre, m.unRIB("999001431"))
	for _, r := range []relation{propre, autre} {
		m.sql(`INSERT INTO signalement (dossier, etat, points, enjeu, codes, ouvert_le, modifie_le) VALUES ($1, 'OUVERT', 60, 100, '{IBAN_PARTAGE}', now(), now())`, m.objets["dossier"][r])
		m.noter("signalement", r, m.objets["dossier"][r])
	}
	cause, cas := m.unIncident(m.objets["dossier"][propre])
	m.noter("cause", propre, cause)
	m.noter("cas", propre, cas)
	m.noter("intervention", propre, m.uneIntervention(m.objets["dossier"][propre]))
	efface := m.brouillon()
	m.exiger(m.appeler("e1", "DELETE", "/api/dossiers/"+efface+"?acte_id="+nouvelID(), nil), 200)
	m.noter("dossier", effacee, efface)
	m.noter("brouillon", propre, m.brouillon())
	m.semerSalaries()
}

// unIncident opens an incident on a dossier, and returns its cause and its number.
func (g *guichet) unIncident(dossier string) (cause, cas string) {
	g.t.Helper()
	i := opco.Incident{Objet: opco.ObjetDossier(dossier), Activite: "Record", Essais: 3, Erreur: "connection refused"}
	if err := g.store.Constater(g.t.Context(), i); err != nil {
		g.t.Fatal(err)
	}
	if err := g.store.DB.Get(&cas, `SELECT numero FROM incident WHERE objet = $1`, i.Objet); err != nil {
		g.t.Fatal(err)
	}
	return i.Cause().Code(), cas
}

// uneIntervention has ops ask for a dossier to be told again what waits.
func (g *guichet) uneIntervention(dossier string) (id string) {
	g.t.Helper()
	id = nouvelID()
	g.exiger(g.appeler("ops", "POST", "/api/ops/interventions", objet{"acte_id": id, "verbe": "RELANCER", "motif": "coupure du réseau", "cas": []string{opco.ObjetDossier(dossier)}}), 200)
	return id
}

// unIndu makes a notified debt of OF1, found in a dossier, and returns its id.
func (g *guichet) unIndu(dossier string) string {
	g.t.Helper()
	const requete = `
		WITH f AS (INSERT INTO facture (id, dossier, numero, emetteur, etat, total_ht, recue_le)
		           VALUES ($1::text || '-f', $1::uuid, 'F-INDU', '99900136500017', 'REFUSEE', 100, '2026-04-20') RETURNING id, dossier)
		INSERT INTO indu (id, numero, dossier, facture, debiteur, role, cause, etat, rang, montant, reste, contenu, resume, constate_le, modifie_le)
		SELECT f.id || '-i1', 'I26-000001', f.dossier, f.id, '99900136500017', 'organisme', 'CONTROLE', 'NOTIFIE', 0, 100, 100,
		       jsonb_build_object('id', f.id || '-i1', 'numero', 'I26-000001', 'etat', 'NOTIFIE', 'dossier', f.dossier, 'facture', f.id, 'cause', 'CONTROLE',
		         'debiteur', '99900136500017', 'role_debiteur', 'organisme', 'montant', 100, 'parts', '[]'::jsonb, 'constate_le', '2026-04-20',
		         'notifie_le', '2026-04-20', 'reponse_avant', '2026-05-20'), '{}', '2026-04-20', now()
		FROM f`
	if _, err := g.store.DB.Exec(requete, dossier); err != nil {
		g.t.Fatal(err)
	}
	return dossier + "-f-i1"
}

// semerDocuments makes documents and payments of two organismes.
func (m *matrice) semerDocuments() {
	for r, of := range map[relation]struct{ qui, siret string }{propre: {"of1", "99900136500017"}, collegue: {"of1", "99900136500017"}, effacee: {"of1", "99900136500017"},
		autre: {"of2", "99900143100017"}} {
		id := nouvelID()
		m.exiger(m.formulaire(of.qui, "/api/documents", partie{"acte_id", "", id}, partie{"categorie", "", "ORG_SANS_DOSSIER"}, partie{"libelle", "", "Statuts"},
			partie{"fichier", "d.pdf", pdfSimple(1)}), 200)
		m.noter("document", r, id)
		if r == effacee {
			m.exiger(m.appeler(of.qui, "DELETE", "/api/documents/"+id+"?acte_id="+nouvelID(), nil), 204)
			continue
		}
		numero := "H-" + strings.ReplaceAll(string(r), " ", "-")
		m.exiger(m.appeler("admin", "POST", "/api/essai/reglements", objet{"reglements": []objet{{"organisme": of.siret, "numero": numero[:5], "dossier": "16/0/5756",
			"nom": "Ndiaye", "prenom": "Aïssatou", "formation": "Bilan", "heures": 1440, "du": "2019-02-02", "au": "2019-02-27", "montant": 206666, "execute_le": "2019-03-12"}}}), 204)
		m.noter("recu", r, "repris-"+of.siret+"-"+numero[:5])
	}
}

// unRIB makes a RIB of an organisme, refused, with its file, and returns its id.
func (g *guichet) unRIB(siren string) string {
	g.t.Helper()
	var id string
	if err := g.store.DB.Get(&id, `
		INSERT INTO rib (id, siren, sorte, nom, iban, preuve, preuve_nom, etat, propose_par, propose_nom, propose_le, modifie_le)
		SELECT gen_random_uuid(), $1, 'organisme', 'OF', 'FR7699999000770070070077737', empreinte, 'rib.pdf', 'REFUSE', 'p', 'P', now(), now()
		FROM document WHERE empreinte IS NOT NULL LIMIT 1 RETURNING id`, siren); err != nil {
		g.t.Fatal(err)
	}
	return id
}

// semerSalaries makes a person of each company, and one who left.
func (m *matrice) semerSalaries() {
	m.noter("salarie", propre, m.salarie("e1", "99900101900010", "Propre"))
	m.noter("salarie", collegue, m.salarie("e1-collegue", "99900101900010", "Collègue"))
	m.noter("salarie", autre, m.salarie("e2", "99900108400014", "Autre"))
	parti := m.salarie("e1", "99900101900010", "Parti")
	m.exiger(m.appeler("e1", "DELETE", "/api/salaries/"+parti+"?version=1", nil), 204)
	m.noter("salarie", effacee, parti)
}

// salarie adds a person to a company and returns their id.
func (g *guichet) salarie(qui, siret, nom string) string {
	g.t.Helper()
	id := nouvelID()
	g.exiger(g.appeler(qui, "POST", "/api/salaries", objet{"id": id, "salarie": objet{"nom": nom, "prenom": "Anaïs", "ne_le": "1988-05-02", "etablissement": siret}}), 200)
	return id
}

// brouillonDe begins a demande of a site to an organisme, by an account.
func (m *matrice) brouillonDe(qui, siret, of string) string {
	m.t.Helper()
	d := demande()
	d["etablissement"] = siret
	d["organisme"].(objet)["siret"] = of
	if of != "99900136500017" {
		d["organisme"].(objet)["nda"] = "84691234569"
	}
	id := nouvelID()
	m.exiger(m.appeler(qui, "POST", "/api/dossiers", objet{"acte_id": nouvelID(), "id": id, "demande": d}), 200)
	return id
}

// deposerComme sends a demande of a site to an organisme, by an account.
func (m *matrice) deposerComme(qui, siret, of string) string {
	m.t.Helper()
	id := m.brouillonDe(qui, siret, of)
	m.exiger(m.acte(qui, id, "depot", objet{"certifie": true, "a_venir": []string{"PROGRAMME", "CONVENTION"}}), 200)
	return id
}

// noterDossier keeps a dossier with a pièce, a letter and an acte of it.
func (m *matrice) noterDossier(r relation, id, qui string) {
	m.t.Helper()
	piece := nouvelID()
	m.exiger(m.formulaire(qui, "/api/dossiers/"+id+"/pieces", partie{"acte_id", "", piece}, partie{"type", "", "DEVIS"}, partie{"fichier", "d.pdf", pdfSimple(1)}), 200)
	m.sql(`UPDATE courrier SET lettre_pdf = (SELECT empreinte FROM piece WHERE id = $1), lettre_html = (SELECT empreinte FROM piece WHERE id = $1)
		WHERE objet = 'dossier/' || $2`, piece, id)
	m.noter("dossier", r, id)
	m.noter("piece", r, piece)
	m.noter("courrier", r, m.uneValeur(`SELECT min(id) FROM courrier WHERE objet = 'dossier/' || $1 AND pour = 'entreprise'`, id))
	m.noter("acte", r, m.uneValeur(`SELECT id FROM acte WHERE objet = 'dossier/' || $1 ORDER BY seq DESC LIMIT 1`, id))
}

// semerPrincipaux lists everybody who may stand at the counter.
func (m *matrice) semerPrincipaux() {
	for role, identifiant := range comptes {
		m.principaux = append(m.principaux, principal{nom: string(role) + " by key", role: role, etape: api.EtapeOuverte, cle: m.cles[identifiant]})
	}
	slices.SortFunc(m.principaux, func(a, b principal) int { return strings.Compare(a.nom, b.nom) })
	session := func(nom string, role opco.Role, etape api.Etape, s seance) {
		m.principaux = append(m.principaux, principal{nom: nom, role: role, etape: etape, cookie: s.cookie})
	}
	_, ent := m.actif("limite.entreprise@exemple.test", blocE1())
	_, of := m.actif("limite.organisme@exemple.test", blocOF1())
	session("a company not yet granted", "", api.EtapeOuverte, ent)
	session("an organisme not yet granted", "", api.EtapeOuverte, of)
	session("e1 by session", opco.RoleEntreprise, api.EtapeOuverte, m.entrer("e1", store.MotDePasseDemo))
	session("staff without a second factor", opco.RoleGestionnaire, api.EtapeEnroler, m.entrer("gestionnaire2", store.MotDePasseDemo))
	session("provisional credentials", "", api.EtapePremiere, m.provisoire())
	m.principaux = append(m.principaux,
		principal{nom: "a right that only reads", role: opco.RoleEntreprise, etape: api.EtapeOuverte, cle: m.cles["e1-lecture"]},
		principal{nom: "no perimeter chosen", etape: api.EtapePerimetre, cle: m.cles["deux"]},
		principal{nom: "nobody"},
		principal{nom: "a key of nobody", cle: ""})
}

// provisoire is the session of an account that the OPCO has just opened.
func (m *matrice) provisoire() seance {
	m.t.Helper()
	o := objet{"acte_id": nouvelID(), "identite": objet{"civilite": "Mme", "nom": "Vidal", "prenom": "Rose", "email": "rose@formalia.test"},
		"droits": []objet{{"profil": "organisme", "siret": "99900136500017", "service": "PAIEMENTS_OF"}}}
	m.exiger(m.appeler("gestionnaire", "POST", "/api/comptes", o), 200)
	id := m.compteDe(o["acte_id"].(string))
	return m.entrer(m.uneValeur(`SELECT identifiant FROM compte WHERE id = $1`, id), m.secret(id))
}

func (m *matrice) sql(requete string, args ...any) {
	m.t.Helper()
	if _, err := m.store.DB.Exec(requete, args...); err != nil {
		m.t.Fatalf("%s: %v", requete, err)
	}
}

func (m *matrice) uneValeur(requete string, args ...any) string {
	m.t.Helper()
	var v string
	if err := m.store.DB.Get(&v, requete, args...); err != nil {
		m.t.Fatalf("%s: %v", requete, err)
	}
	return v
}

// demander makes the well-formed request of a route as p, in this very process: the
// matrix has thousands of them.
func (m *matrice) demander(p principal, methode, chemin, adresse string, corps any) reponse {
	var lu *bytes.Reader
	genre := ""
	switch c := corps.(type) {
	case nil:
		lu = bytes.NewReader(nil)
	case envoiFichier:
		var b bytes.Buffer
		genre = c.ecrire(&b)
		lu = bytes.NewReader(b.Bytes())
	default:
		b, err := json.Marshal(c)
		if err != nil {
			panic(err)
		}
		lu, genre = bytes.NewReader(b), "application/json"
	}
	ctx, fin := context.WithTimeout(context.Background(), 30*time.Second)
	if strings.HasSuffix(chemin, "/evenements") {
		ctx, fin = context.WithTimeout(context.Background(), 300*time.Millisecond)
	}
	defer fin()
	req := httptest.NewRequestWithContext(ctx, methode, adresse, lu)
	if genre != "" {
		req.Header.Set("Content-Type", genre)
	}
	if p.cle != "" {
		req.Header.Set("Authorization", "Bearer "+p.cle)
	}
	if p.cookie != "" {
		req.Header.Set("Cookie", p.cookie)
	}
	w := httptest.NewRecorder()
	m.h.ServeHTTP(w, req)
	return reponse{statut: w.Code, entete: w.Header(), corps: w.Body.Bytes()}
}

// envoiFichier is a multipart body: the fields of a route, and a file.
type envoiFichier struct {
	champs  map[string]string
	contenu string
}

func (e envoiFichier) ecrire(b *bytes.Buffer) (genre string) {
	w := multipart.NewWriter(b)
	for k, v := range e.champs {
		_ = w.WriteField(k, v) // a buffer takes everything
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", `form-data; name="fichier"; filename="d.pdf"`)
	part, _ := w.CreatePart(h)
	_, _ = part.Write([]byte(e.contenu))
	_ = w.Close()
	return w.FormDataContentType()
}

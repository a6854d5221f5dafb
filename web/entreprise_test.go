package web_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
	"guichet/web"
)

const idDossier = "0190f3c2-7a4e-7c11-9a55-3f1d0c6b2a11"

// dossierFaux is the dossier that the doors of the tests know, in an état.
func dossierFaux(e opco.Etat) opco.Dossier {
	return opco.Dossier{ID: idDossier, Numero: "26.A.21056.1", Etat: e, Demande: opco.Demande{Etablissement: siege, Intitule: "Excel", Debut: "2026-09-01", Fin: "2026-09-02",
		Stagiaires: []opco.Stagiaire{{ID: "s1", Nom: "Petit", Prenom: "Zoé"}, {ID: "s2", Nom: "Roux", Prenom: "Léo"}}}}
}

func (i *interieurFaux) DossierLu(_ *gin.Context, id string) (web.DossierLu, error) {
	if id != idDossier {
		return web.DossierLu{}, opco.Errorf(opco.NotFound, "Ce dossier n’existe pas, ou vous n’y avez pas accès.")
	}
	e := i.etat
	if e == "" {
		e = opco.EtatAccordee
	}
	d := dossierFaux(e)
	d.Factures, d.Demande.Subrogation = i.factures, i.subroge
	l := web.DossierLu{Dossier: d, Ligne: store.LigneDossier{ID: id, Numero: d.Numero, Intitule: d.Demande.Intitule, Etat: e}}
	l.Suivi = api.SuiviLu{Suivi: d.Suivi(i.occupant.Role, opco.FaitsSuivi{Jour: "2026-06-11", Parametres: opco.ParametresDefaut()}), Etat: e, Jour: "2026-06-11"}
	for _, a := range []opco.TypeActe{opco.ActeAnnuler, opco.ActeRetirerStagiaire} {
		if d.Admet(a, i.occupant.Role) == nil {
			l.Actes = append(l.Actes, string(a))
		}
	}
	return l, nil
}

func (i *interieurFaux) SuiviDossier(c *gin.Context, id string) (api.SuiviLu, error) {
	d, err := i.DossierLu(c, id)
	return d.Suivi, err
}

func (i *interieurFaux) ListeDeDossiers(_ *gin.Context, f store.Filtre) (store.PageDossiers, error) {
	_, err := i.noter("liste", fmt.Sprint(len(f.Etats)), f.Texte, f.Etablissement, string(f.DebutDu), string(f.DebutAu), f.Apres, string(f.Tri))
	return store.PageDossiers{Dossiers: []store.LigneDossier{{ID: idDossier, Numero: "26.A.21056.1", Intitule: "Excel", Etat: opco.EtatTransmise}}, Suivant: "suite"}, err
}

func (i *interieurFaux) CompteursDeDossiers(*gin.Context) (store.Compteurs, error) {
	return store.Compteurs{Etats: []store.Compteur{{Code: "BROUILLON", Nombre: 2}, {Code: "TRANSMISE", Nombre: 3}, {Code: "A_COMPLETER", Nombre: 1}, {Code: "ACCORDEE", Nombre: 5}, {Code: "REFUSEE", Nombre: 7}}}, nil
}

func (i *interieurFaux) CompteursSuivis(*gin.Context) (store.CompteursSuivis, error) {
	return store.CompteursSuivis{Factures: 11, Reglements: 13, Documents: 17, Salaries: 19}, nil
}

func (i *interieurFaux) EtablissementDe(_ *gin.Context, siret opco.SIRET) (store.Etablissement, error) {
	return store.Etablissement{SIRET: siret, Nom: "Sorbier", Client: "12927.001"}, nil
}

func (i *interieurFaux) EchangesNonLus(*gin.Context, string) (map[opco.Role]int, error) {
	return map[opco.Role]int{opco.RoleEntreprise: 4}, nil
}

func (i *interieurFaux) AccueilEntreprise(*gin.Context) (api.AccueilEntreprise, error) {
	return api.AccueilEntreprise{Jour: "2026-06-11", Etablissements: []store.Etablissement{{SIRET: siege, Nom: "Sorbier", Client: "12927.001"}},
		Unite:        &opco.Unite{Nom: "Équipe Sud", Interlocuteurs: []opco.Interlocuteur{{Fonction: opco.ConseillerPlan, Nom: "Inès Benkirane", Email: "ines@opco.test"}}},
		Informations: []opco.Information{{Titre: "Qualiopi est obligatoire", Texte: "Depuis 2022."}}}, nil
}

func (i *interieurFaux) CeQuiMAttend(*gin.Context) ([]api.AFaire, error) {
	return []api.AFaire{{LigneDossier: store.LigneDossier{ID: idDossier, Intitule: "Excel", Numero: "26.A.21056.1"},
		Suivi: api.SuiviLu{Etat: opco.EtatACompleter, Jour: "2026-06-11", Suivi: opco.Suivi{Phrase: "Envoyez-nous 2 pièces.", Acte: opco.ActeJoindre, QuiAgit: "Vous", AvantLe: "2026-07-02"}}}}, nil
}

// DeposerFichier reads what the API would read, and refuses a file named « faux ».
func (i *interieurFaux) DeposerFichier(_ *gin.Context, id string, corps *multipart.Reader) error {
	champs := map[string]string{}
	for {
		p, err := corps.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		brut, err := io.ReadAll(p)
		if err != nil {
			return err
		}
		champs[p.FormName()] = string(brut)
		if p.FileName() != "" {
			champs["nom"] = p.FileName()
		}
	}
	i.appels = append(i.appels, strings.TrimSpace(strings.Join([]string{"fichier", id, champs["type"], champs["nom"], champs["fichier"], champs["titre"], champs["commentaire"]}, " ")))
	i.ids = append(i.ids, champs["acte_id"])
	if strings.HasPrefix(champs["nom"], "faux") {
		return opco.Champf("fichier", "Ce fichier n’est ni un PDF, ni une image.")
	}
	return nil
}

func (i *interieurFaux) AnnulerUnDossier(_ *gin.Context, acte, id, raison string) (opco.Verdict, error) {
	return i.noter("annuler", acte, id, raison)
}

func (i *interieurFaux) RetirerUnStagiaire(_ *gin.Context, acte, id string, ch opco.ChargeRetirer) (opco.Verdict, error) {
	return i.noter("retirer stagiaire", acte, id, ch.Stagiaire, ch.Raison)
}

func (i *interieurFaux) Unites(*gin.Context) ([]store.LigneUnite, error) {
	return []store.LigneUnite{{Unite: opco.Unite{ID: idActe, Nom: "Équipe Sud", Version: 3}}}, nil
}

func (i *interieurFaux) EcrireUnite(_ *gin.Context, u opco.Unite) error {
	if refus := u.Valider(); len(refus) > 0 {
		return refus[0]
	}
	_, err := i.noter("unite", u.ID, fmt.Sprint(u.Version), u.Nom, fmt.Sprint(len(u.Interlocuteurs)))
	return err
}

func (i *interieurFaux) Informations(*gin.Context) ([]store.LigneInformation, error) { return nil, nil }

func (i *interieurFaux) EcrireInformation(_ *gin.Context, x opco.Information) error {
	_, err := i.noter("information", x.ID, x.Titre, string(x.Du))
	return err
}

// chezEntreprise is somebody of a company who may act.
func chezEntreprise() web.Occupant {
	o := entreprise(opco.ServiceDossiers)
	o.SIRETs, o.Ecrit = []string{string(siege)}, []string{string(siege)}
	return o
}

// TestTheRoomsOfACompanyShow: each page of a company says what it must, for who may
// act and who only reads.
func TestTheRoomsOfACompanyShow(t *testing.T) {
	chez := "/entreprise/dossiers/" + idDossier
	tests := []struct {
		name, chemin string
		etat         opco.Etat
		subroge      bool
		statut       int
		montre       []string
		vers         string
	}{
		{name: "home", chemin: "/entreprise", statut: 200, montre: []string{"Bonjour Lucie", "12927.001", "Équipe Sud", "ines@opco.test", "Qualiopi est obligatoire", "Envoyez-nous 2 pièces.", chez + "/documents#depot", "Nouvelle demande"}},
		{name: "the menu counts", chemin: "/entreprise", statut: 200, montre: []string{`<span>Dossiers formation</span> <span class="compte">16</span>`, `<span>Brouillons</span> <span class="compte">2</span>`,
			`<span>En cours</span> <span class="compte">4</span>`, `<span>Accordés</span> <span class="compte">5</span>`, `<span>Clôturés</span> <span class="compte">7</span>`, `<span>Factures</span> <span class="compte">11</span>`, `<span>Règlements</span> <span class="compte">13</span>`,
			`<span>Documents</span> <span class="compte">17</span>`, `<span>Salariés</span> <span class="compte">19</span>`, `<span>Établissements</span> <span class="compte">1</span>`}},
		{name: "list", chemin: "/entreprise/dossiers?groupe=en-cours&texte=excel", statut: 200, montre: []string{"Excel", "26.A.21056.1", "apres=suite", `value="excel"`}},
		{name: "a date that is none", chemin: "/entreprise/dossiers?du=demain", statut: 422, montre: []string{"Écrivez la date", `value="demain"`}},
		{name: "costs", chemin: chez, statut: 200, montre: []string{`id="ouenest"`, "Nous accordons", "Annuler cette demande", "Échanges"}},
		{name: "the client and its établissement (AK-42)", chemin: chez, statut: 200, montre: []string{"12927.001, Sorbier"}},
		{name: "the client on paper", chemin: chez + "/impression", statut: 200, montre: []string{"12927.001, Sorbier"}},
		{name: "title and comment of a document (AK-43)", chemin: chez + "/documents", statut: 200, montre: []string{`name="titre"`, `name="commentaire"`}},
		{name: "stagiaires", chemin: chez + "/stagiaires", statut: 200, montre: []string{"Zoé Petit", chez + "/stagiaires/s1/retrait"}},
		{name: "documents", chemin: chez + "/documents", statut: 200, montre: []string{`enctype="multipart/form-data"`, "Choisir des fichiers"}},
		{name: "closed: no more documents", chemin: chez + "/documents", etat: opco.EtatCloturee, statut: 200, montre: []string{"il ne reçoit plus de document"}},
		{name: "invoices", chemin: chez + "/factures", statut: 200, montre: []string{"Aucune facture"}},
		{name: "history", chemin: chez + "/historique", statut: 200, montre: []string{"Historique"}},
		{name: "the talon alone", chemin: chez + "/suivi", statut: 200, montre: []string{`<section class="ouenest" id="ouenest"`}},
		{name: "on paper", chemin: chez + "/impression", statut: 200, montre: []string{"page-impression", "Dossier imprimé le"}},
		{name: "a brouillon goes to its steps", chemin: chez, etat: opco.EtatBrouillon, statut: 303, vers: "/entreprise/demandes/" + idDossier + "/formation"},
		{name: "somebody else's", chemin: "/entreprise/dossiers/" + idActe, statut: 404, montre: []string{"Cette page n’existe pas"}},
		{name: "its own invoice", chemin: chez + "/factures/nouvelle", etat: opco.EtatAttenteServiceFait, subroge: true, statut: 403, montre: []string{"C’est l’organisme de formation qui facture ce dossier.", chez + "/factures"}},
		{name: "cancel", chemin: chez + "/annulation", statut: 200, montre: []string{"Ce geste ne se défait pas"}},
		{name: "cancel what is paid", chemin: chez + "/annulation", etat: opco.EtatReglee, statut: 409, montre: []string{"Réglée"}},
		{name: "withdraw nobody", chemin: chez + "/stagiaires/s9/retrait", statut: 404},
		{name: "the link of a mail", chemin: "/dossiers/" + idDossier, statut: 303, vers: chez},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			i := &interieurFaux{occupant: chezEntreprise(), etat: tt.etat, subroge: tt.subroge}
			rep := demander(moteurInterieur(t, i), "GET", tt.chemin, nil)
			if rep.Code != tt.statut || rep.Header().Get("Location") != tt.vers {
				t.Fatalf("got %d to %q, want %d to %q", rep.Code, rep.Header().Get("Location"), tt.statut, tt.vers)
			}
			for _, m := range tt.montre {
				if !strings.Contains(strings.NewReplacer("\n", "", "\t", "").Replace(rep.Body.String()), m) {
					t.Errorf("does not show %q", m)
				}
			}
		})
	}
}

// TestWhoOnlyReadsIsOfferedNothing: a right that only reads opens the pages, without
// their gestures.
func TestWhoOnlyReadsIsOfferedNothing(t *testing.T) {
	o := entreprise(opco.ServiceLecture)
	o.SIRETs = []string{string(siege)}
	i := &interieurFaux{occupant: o}
	if page := demander(moteurInterieur(t, i), "GET", "/entreprise", nil).Body.String(); strings.Contains(page, "/entreprise/demandes/nouvelle") {
		t.Error("who only reads is offered a new demande")
	}
}

// TestTheListAsksWhatTheAddressSays: each filter reaches the list, and a group never
// holds a brouillon.
func TestTheListAsksWhatTheAddressSays(t *testing.T) {
	i := &interieurFaux{occupant: chezEntreprise()}
	h := moteurInterieur(t, i)
	demander(h, "GET", "/entreprise/dossiers?texte=zo%C3%A9&etablissement="+string(siege)+"&du=2026-01-01&au=2026-02-01&apres=x&groupe=clotures", nil)
	demander(h, "GET", "/entreprise/dossiers", nil)
	if page := demander(h, "GET", "/entreprise/dossiers?tri=bientot", nil).Body.String(); !strings.Contains(page, "le plus tôt d’abord") || !strings.Contains(page, "tri=bientot&amp;apres=suite") && !strings.Contains(page, "apres=suite") {
		t.Error("the list does not say its order, or loses it on the next page")
	}
	veut := []string{"liste 4 zoé " + string(siege) + " 2026-01-01 2026-02-01 x ", "liste 17      ", "liste 17      bientot"}
	if !slices.Equal(i.appels, veut) {
		t.Errorf("asked %q, want %q", i.appels, veut)
	}
}

// TestALinkLeadsToTheRoomOfItsReader: the same address of a mail opens each role's
// room, and nothing for who has none.
func TestALinkLeadsToTheRoomOfItsReader(t *testing.T) {
	of := entreprise(opco.ServicePaiements)
	of.Role = opco.RoleOrganisme
	for nom, x := range map[string]struct {
		o    web.Occupant
		vers string
	}{
		"entreprise": {chezEntreprise(), "/entreprise/dossiers/"}, "organisme": {of, "/organisme/dossiers/"}, "gestionnaire": {agent(opco.RoleGestionnaire), "/instruction/dossiers/"},
		"ops": {agent(opco.RoleOps), ""},
	} {
		rep := demander(moteurInterieur(t, &interieurFaux{occupant: x.o}), "GET", "/dossiers/"+idDossier, nil)
		if x.vers == "" && rep.Code != 404 || x.vers != "" && rep.Header().Get("Location") != x.vers+idDossier {
			t.Errorf("%s: %d to %q, want %q", nom, rep.Code, rep.Header().Get("Location"), x.vers)
		}
	}
}

// TestCompanyFormsGoOnOrComeBack: a cancellation and a withdrawal need a reason and a
// tick; what a unit lacks comes back on its field with what was typed.
func TestCompanyFormsGoOnOrComeBack(t *testing.T) {
	chez := "/entreprise/dossiers/" + idDossier
	plein := url.Values{"acte_id": {idActe}, "raison": {"Projet abandonné"}, "certain": {"oui"}}
	admin := agent(opco.RoleAdmin)
	unite := url.Values{"id": {idActe}, "version": {"3"}, "nom": {"Équipe Sud"}, "CONSEILLER_PLAN_nom": {"Inès"}, "CONSEILLER_PLAN_email": {"ines@opco.test"}}
	tests := []struct {
		name, chemin        string
		o                   web.Occupant
		form                url.Values
		refus               error
		statut              int
		vers, appel, montre string
	}{
		{"cancel", chez + "/annulation", chezEntreprise(), plein, nil, 303, chez, "annuler " + idActe + " " + idDossier + " Projet abandonné", ""},
		{"cancel without a reason", chez + "/annulation", chezEntreprise(), avec(plein, "raison", " "), nil, 422, "", "", "Dites pourquoi"},
		{"cancel without a tick", chez + "/annulation", chezEntreprise(), avec(plein, "certain", ""), nil, 422, "", "", ">Projet abandonné<"},
		{"cancel too late", chez + "/annulation", chezEntreprise(), plein, opco.Errorf(opco.Conflict, "Ce dossier vient d’être payé."), 409, "", "annuler " + idActe + " " + idDossier + " Projet abandonné", "Ce dossier vient d’être payé."},
		{"withdraw", chez + "/stagiaires/s1/retrait", chezEntreprise(), plein, nil, 303, chez, "retirer stagiaire " + idActe + " " + idDossier + " s1 Projet abandonné", ""},
		{"a unit", "/equipe/interlocuteurs", admin, unite, nil, 303, "/equipe/interlocuteurs", "unite " + idActe + " 3 Équipe Sud 1", ""},
		{"a unit without its e-mail", "/equipe/interlocuteurs", admin, avec(unite, "CONSEILLER_PLAN_email", "x"), nil, 422, "", "", `value="Inès"`},
		{"a unit of a company that is none", "/equipe/interlocuteurs", admin, avec(unite, "siren", "12"), nil, 422, "", "", `value="12"`},
		{"an information", "/equipe/informations", admin, url.Values{"id": {idActe}, "titre": {"Qualiopi"}, "du": {"2026-01-01"}}, nil, 303, "/equipe/informations", "information " + idActe + " Qualiopi 2026-01-01", ""},
		{"an information that somebody changed", "/equipe/informations", admin, url.Values{"id": {idActe}, "titre": {"Qualiopi"}}, opco.Errorf(opco.Conflict, "Quelqu’un l’a changé."), 409, "", "information " + idActe + " Qualiopi ", `value="Qualiopi"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			i := &interieurFaux{occupant: tt.o, refus: tt.refus}
			rep := demander(moteurInterieur(t, i), "POST", tt.chemin, pourLui(i, tt.form))
			if rep.Code != tt.statut || rep.Header().Get("Location") != tt.vers || !strings.Contains(rep.Body.String(), tt.montre) || strings.Join(i.appels, "|") != tt.appel {
				t.Errorf("got %d to %q after %q; want %d to %q after %q, showing %q", rep.Code, rep.Header().Get("Location"), i.appels, tt.statut, tt.vers, tt.appel, tt.montre)
			}
		})
	}
}

// envoiFichiers makes a form of files, in the order of the browser.
func envoiFichiers(champs [][2]string, fichiers ...[2]string) (*bytes.Buffer, string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, c := range champs {
		_ = m.WriteField(c[0], c[1])
	}
	for _, f := range fichiers {
		p, _ := m.CreateFormFile("fichier", f[0])
		_, _ = p.Write([]byte(f[1]))
	}
	_ = m.Close()
	return &b, m.FormDataContentType()
}

// TestSeveralFilesAtOnce: each file goes with an id of its own, the same when the form
// is sent again; a wrong one is told and stops no other; the script gets the lines
// alone.
func TestSeveralFilesAtOnce(t *testing.T) {
	chemin := "/entreprise/dossiers/" + idDossier + "/documents"
	poster := func(i *interieurFaux, script bool, champs [][2]string, fichiers ...[2]string) *httptest.ResponseRecorder {
		corps, nature := envoiFichiers(champs, fichiers...)
		r := httptest.NewRequest(http.MethodPost, chemin, corps)
		r.Header.Set("Content-Type", nature)
		if script {
			r.Header.Set("X-Depot", "1")
		}
		rep := httptest.NewRecorder()
		moteurInterieur(t, i).ServeHTTP(rep, r)
		return rep
	}
	base := [][2]string{{"acte_id", idActe}, {"pour", "moi " + chezEntreprise().Espace}, {"type", ""}}
	i := &interieurFaux{occupant: chezEntreprise()}
	rep := poster(i, false, base, [2]string{"programme.pdf", "un"}, [2]string{"devis.pdf", "deux"})
	veut := []string{"fichier " + idDossier + " PROGRAMME programme.pdf un", "fichier " + idDossier + " DEVIS devis.pdf deux"}
	if rep.Code != 303 || rep.Header().Get("Location") != chemin || !slices.Equal(i.appels, veut) {
		t.Errorf("two good files: %d to %q after %q", rep.Code, rep.Header().Get("Location"), i.appels)
	}
	if len(i.ids) != 2 || i.ids[0] == i.ids[1] || i.ids[0] == idActe {
		t.Fatalf("acte ids %q: one each was wanted", i.ids)
	}
	deja := i.ids
	i.ids = nil
	poster(i, false, base, [2]string{"programme.pdf", "un"}, [2]string{"devis.pdf", "deux"})
	if !slices.Equal(i.ids, deja) {
		t.Errorf("sent again: ids %q, want %q", i.ids, deja)
	}
	i.appels, i.ids = nil, nil
	dits := append(slices.Clone(base), [2]string{"titre", "Programme signé"}, [2]string{"commentaire", "Page 2"})
	poster(i, true, dits, [2]string{"programme.pdf", "un"})
	if !slices.Equal(i.appels, []string{veut[0] + " Programme signé Page 2"}) || i.ids[0] == deja[0] {
		t.Errorf("with a title and a comment: %q, id %q as without words", i.appels, i.ids)
	}
	rep = poster(i, false, dits, [2]string{"faux.pdf", "un"})
	if corps := rep.Body.String(); rep.Code != 422 || !strings.Contains(corps, `value="Programme signé"`) || !strings.Contains(corps, ">Page 2</textarea>") {
		t.Errorf("refused: %d, the words typed are lost", rep.Code)
	}
	i = &interieurFaux{occupant: chezEntreprise()}
	rep = poster(i, false, append(slices.Clone(base), [2]string{"type", "CONVENTION"}), [2]string{"faux.exe", "x"}, [2]string{"b.pdf", "y"})
	if rep.Code != 422 || len(i.appels) != 2 || !strings.Contains(rep.Body.String(), "Refusé : Ce fichier n’est ni un PDF") || !strings.Contains(rep.Body.String(), "Reçu : convention") {
		t.Errorf("one wrong file of two: %d after %q", rep.Code, i.appels)
	}
	rep = poster(i, true, base, [2]string{"scan0001.pdf", "x"})
	if rep.Code != 422 || !strings.HasPrefix(strings.TrimSpace(rep.Body.String()), `<ul class="envois"`) || !strings.Contains(rep.Body.String(), "ne dit pas de quelle pièce") {
		t.Errorf("a name that says nothing, by the script: %d %.120s", rep.Code, rep.Body)
	}
	if rep = poster(i, true, base); rep.Code != 422 || !strings.Contains(rep.Body.String(), "Choisissez au moins un fichier") {
		t.Errorf("no file: %d %.120s", rep.Code, rep.Body)
	}
	i = &interieurFaux{occupant: chezEntreprise()}
	if rep = poster(i, false, append(slices.Clone(base), [2]string{"pour", "autre entreprise:1"}), [2]string{"devis.pdf", "x"}); rep.Code != 409 || len(i.appels) > 0 {
		t.Errorf("a form shown to somebody else: %d after %q", rep.Code, i.appels)
	}
}

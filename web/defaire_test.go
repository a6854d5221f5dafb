package web_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
	"guichet/web"
)

func (i *interieurFaux) PointerReglement(_ *gin.Context, id string, pointe bool) error {
	verbe := "depointer"
	if pointe {
		verbe = "pointer"
	}
	_, err := i.noter(verbe, id)
	return err
}

func (i *interieurFaux) MettreEnAttente(_ *gin.Context, id string, a opco.Attente) error {
	_, err := i.noter("attendre", id, string(a.JusquAu))
	return err
}

func (i *interieurFaux) DossierEnFile(_ *gin.Context, id string) (store.LigneFile, []store.Geste, error) {
	return store.LigneFile{LigneDossier: store.LigneDossier{ID: id}, AttribueID: "avant", Etiquettes: []store.EtiquettePosee{{ID: idCompte, Nom: "Urgent"}}}, nil, nil
}

func (i *interieurFaux) Etiqueter(_ *gin.Context, _ string, e store.Etiquetage) error {
	_, err := i.noter("etiqueter", "oter", strings.Join(e.Oter, ","), "poser", strings.Join(e.Poser, ","))
	return err
}

func (i *interieurFaux) MonGeste(*gin.Context, string, ...string) (int64, error) {
	return 7, i.sansRetour
}

func (i *interieurFaux) Defaire(_ *gin.Context, r store.Retour) error {
	_, err := i.noter("defaire", r.Geste, strings.Join(r.Dossiers, ","), strconv.FormatInt(r.Depuis, 10), r.A, strings.Join(r.Remettre, ",")+"-"+strings.Join(r.Oter, ","))
	return err
}

func (i *interieurFaux) Confier(_ *gin.Context, ids []string, a, raison string) error {
	_, err := i.noter("confier", strings.Join(ids, ","), a, raison)
	return err
}

func (i *interieurFaux) Reattribuer(_ *gin.Context, ids []string, a, raison string) error {
	return i.Confier(nil, ids, a, raison)
}

// suivi asks for a page with the cookies that an answer set.
func suivi(h http.Handler, chemin string, rep *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, chemin, nil)
	for _, k := range rep.Result().Cookies() {
		r.AddCookie(k)
	}
	suite := httptest.NewRecorder()
	h.ServeHTTP(suite, r)
	return suite
}

// TestALightGestureIsUndone: what was done is announced with the form that undoes it,
// sent to the door of the gesture; sent back, it undoes it.
func TestALightGestureIsUndone(t *testing.T) {
	of := entreprise(opco.ServicePaiements)
	of.Role, of.SIRETs = opco.RoleOrganisme, []string{string(siege)}
	dossier := "/instruction/dossiers/" + idDossier
	for _, tt := range []struct {
		name, chemin string
		qui          web.Occupant
		form         url.Values
		fait         string
		retour       string // where the form of the way back goes
		champs       url.Values
		defait       string
	}{
		{"a payment ticked", "/organisme/reglements/R26-1/pointage", of, url.Values{"pointe": {"oui"}}, "pointer R26-1", "/organisme/reglements/R26-1/pointage", url.Values{"pointe": {"non"}}, "depointer R26-1"},
		{"a dossier that waits", dossier + "/attente", agent(opco.RoleGestionnaire), url.Values{"jusqu_au": {"2026-06-20"}, "raison": {"x"}}, "attendre " + idDossier + " 2026-06-20", dossier + "/attente/fin",
			url.Values{"depuis": {"7"}}, "defaire attendre " + idDossier + " 7  -"},
		{"its labels", dossier + "/etiquettes", agent(opco.RoleGestionnaire), url.Values{"etiquette": {idActe}}, "etiqueter oter " + idCompte + " poser " + idActe, dossier + "/etiquettes",
			url.Values{"depuis": {"7"}, "remettre": {idCompte}, "oter": {idActe}}, "defaire etiqueter " + idDossier + " 7  " + idCompte + "-" + idActe},
		{"a dossier entrusted", dossier + "/attribution", agent(opco.RoleResponsable), url.Values{"a": {"apres"}, "motif": {"Congé"}}, "confier " + idDossier + " apres Congé", dossier + "/attribution",
			url.Values{"a": {"avant"}, "motif": {"Geste annulé aussitôt."}, "depuis": {"7"}}, "defaire reattribuer " + idDossier + " 7 avant -"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			i := &interieurFaux{occupant: tt.qui}
			h := moteurInterieur(t, i)
			rep := demander(h, "POST", tt.chemin, pourLui(i, tt.form))
			if rep.Code != 303 || strings.Join(i.appels, "|") != tt.fait {
				t.Fatalf("got %d after %q, want %q", rep.Code, i.appels, tt.fait)
			}
			page := suivi(h, "/compte/modifier", rep).Body.String()
			if !strings.Contains(page, `action="`+tt.retour+`"`) || !strings.Contains(page, "Annuler") {
				t.Errorf("no way back to %s", tt.retour)
			}
			for nom, vs := range tt.champs {
				if !strings.Contains(page, `name="`+nom+`" value="`+vs[0]+`"`) {
					t.Errorf("the way back does not say %s: %q", nom, vs)
				}
			}
			if i.appels = nil; tt.defait == "" {
				return
			}
			if rep := demander(h, "POST", tt.retour, pourLui(i, tt.champs)); rep.Code != 303 || strings.Join(i.appels, "|") != tt.defait {
				t.Errorf("undone: %d after %q, want %q", rep.Code, i.appels, tt.defait)
			}
		})
	}
}

// TestAGestureDoneIsSaidDone: what was done is said done when its way back cannot be read:
// nobody does it again for want of knowing.
func TestAGestureDoneIsSaidDone(t *testing.T) {
	dossier := "/instruction/dossiers/" + idDossier
	for chemin, form := range map[string]url.Values{
		dossier + "/attente":     {"jusqu_au": {"2026-06-20"}, "raison": {"x"}},
		dossier + "/etiquettes":  {"etiquette": {idActe}},
		dossier + "/attribution": {"a": {"apres"}, "motif": {"Congé"}},
		"/equipe/dossiers":       {"ligne": {idDossier}, "a": {"apres"}, "raison": {"Congé"}},
	} {
		i := &interieurFaux{occupant: agent(opco.RoleResponsable), sansRetour: errors.New("the base is gone")}
		h := moteurInterieur(t, i)
		rep := demander(h, "POST", chemin, pourLui(i, form))
		page := suivi(h, "/compte/modifier", rep).Body.String()
		if rep.Code != 303 || len(i.appels) != 1 || !strings.Contains(page, "annulation immédiate n’est pas disponible") || strings.Contains(page, ">Annuler<") {
			t.Errorf("%s: %d after %q, and the next page does not say what was done", chemin, rep.Code, i.appels)
		}
	}
}

// TestTheWayBackGoesToALightGestureOnly: a cookie that names any other door offers
// nothing.
func TestTheWayBackGoesToALightGestureOnly(t *testing.T) {
	h := moteurInterieur(t, &interieurFaux{occupant: agent(opco.RoleGestionnaire)})
	for action, veut := range map[string]bool{"/instruction/dossiers/x/etiquettes": true, "/instruction/dossiers/x/decision": false, "/deconnexion": false,
		"//ailleurs.test/dossiers/x/etiquettes": false, "https://ailleurs.test/": false, "/instruction/dossiers/x/../../y?/etiquettes": false} {
		r := httptest.NewRequest(http.MethodGet, "/compte/modifier", nil)
		r.AddCookie(&http.Cookie{Name: "guichet-annonce", Value: "enregistre"})
		r.AddCookie(&http.Cookie{Name: "guichet-defaire", Value: base64.RawURLEncoding.EncodeToString([]byte(`{"a":"` + action + `"}`))})
		rep := httptest.NewRecorder()
		h.ServeHTTP(rep, r)
		if got := strings.Contains(rep.Body.String(), "data-defaire"); got != veut {
			t.Errorf("%s: offered %t, want %t", action, got, veut)
		}
	}
}

// TestASubjectNeverBreaksInItsAmount: the spaces of the amount and of the colon hold.
func TestASubjectNeverBreaksInItsAmount(t *testing.T) {
	if got := web.SujetDit("Dossier 26.A.1 : accord partiel, 1 234 412,40 €"); got != "Dossier 26.A.1\u00a0: accord partiel, 1\u00a0234\u00a0412,40\u00a0€" {
		t.Errorf("%q", got)
	}
}

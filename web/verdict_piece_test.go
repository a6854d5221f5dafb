package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

func (i *interieurFaux) EssayerCertificats(_ *gin.Context, _, id string, cs []opco.Certificat) (opco.EssaiCertificats, error) {
	_, err := i.noter("essayer certificats", id, fmt.Sprint(len(cs)), cs[0].Nom, cs[0].Heures.Heures())
	return opco.EssaiCertificats{Heures: []opco.HeuresCertifiees{{Stagiaire: "s1", Prevues: 1260, Certifiees: 600}}, Manquent: 1,
		Controles: []opco.Controle{{Code: "SF1", Resultat: opco.ResultatBlock, Phrase: "Le nom ne concorde pas."}}}, err
}

func (i *interieurFaux) EssayerAvoir(_ *gin.Context, _, id string, a opco.Avoir) (opco.EssaiAvoir, error) {
	_, err := i.noter("essayer avoir", id, a.Numero, a.Montant.String())
	return opco.EssaiAvoir{Facture: a.Facture, Reste: 10_000, Attend: 500}, err
}

func (i *interieurFaux) CompteursOrganisme(*gin.Context) (store.CompteursOrganisme, error) {
	return store.CompteursOrganisme{}, nil
}

// TestPiecesAreTriedBeforeTheyLeave: certificats and avoirs are tried without a file and
// without being sent; what would come of them is told in the place that the script swaps;
// a refusal comes back on its field, with what was typed.
func TestPiecesAreTriedBeforeTheyLeave(t *testing.T) {
	chez := "/organisme/dossiers/" + idDossier
	of := entreprise(opco.ServicePaiements)
	of.Role, of.SIRETs, of.Ecrit = opco.RoleOrganisme, []string{string(siege)}, []string{string(siege)}
	certificats := url.Values{"action": {"essayer"}, "acte_id": {idActe}, "signe_le": {"2026-06-11"}, "stagiaire_1": {"s1"}, "heures_1": {"10"}, "du_1": {"2026-06-08"}, "au_1": {"2026-06-10"}}
	avoir := url.Values{"action": {"essayer"}, "acte_id": {idActe}, "facture": {"F9"}, "numero": {"AV-7"}, "date": {"2026-06-11"}, "montant": {"560"}}
	for _, tt := range []struct {
		name, chemin string
		form         url.Values
		refus        error
		statut       int
		appel        string
		montre       []string
	}{
		{"certificats", chez + "/certificats", certificats, nil, 200, "essayer certificats " + idDossier + " 1 Petit 10,00", []string{"le paiement attendrait", "Le nom ne concorde pas.", "Il manquera encore 1", `value="10"`}},
		{"certificats without hours", chez + "/certificats", avec(certificats, "heures_1", ""), nil, 422, "", []string{"Écrivez les heures suivies"}},
		{"certificats to send, without a file", chez + "/certificats", avec(certificats, "action", "envoyer"), nil, 422, "", []string{"Joignez les certificats", "Un certificat s’envoie signé"}},
		{"an avoir", chez + "/avoirs/nouveau", avoir, nil, 200, "essayer avoir " + idDossier + " AV-7 560,00 €", []string{"Cet avoir ne suffirait pas.", "5,00"}},
		{"an avoir too large", chez + "/avoirs/nouveau", avoir, opco.Champf("montant", "L’avoir dépasse ce qui reste."), 422, "essayer avoir " + idDossier + " AV-7 560,00 €", []string{"L’avoir dépasse ce qui reste."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			i := &interieurFaux{occupant: of, refus: tt.refus, factures: []opco.Facture{{ID: "f9", Numero: "F9", Etat: opco.FactureApprouvee, TotalHT: 100_000}}}
			rep := poster(moteurInterieur(t, i), tt.chemin, pourLui(i, tt.form), strings.HasSuffix(tt.chemin, "certificats"))
			page := strings.ReplaceAll(rep.Body.String(), "\u00a0", " ")
			if rep.Code != tt.statut || strings.ReplaceAll(strings.Join(i.appels, "|"), "\u00a0", " ") != tt.appel {
				t.Fatalf("got %d after %q, want %d after %q", rep.Code, i.appels, tt.statut, tt.appel)
			}
			if !strings.Contains(page, `id="verdict"`) && strings.Contains(tt.chemin, "certificats") {
				t.Error("no place for the verdict")
			}
			for _, m := range tt.montre {
				if !strings.Contains(page, m) {
					t.Errorf("does not show %q", m)
				}
			}
		})
	}
}

// poster sends a form, as a form of files or not.
func poster(h http.Handler, chemin string, v url.Values, fichiers bool) *httptest.ResponseRecorder {
	if !fichiers {
		return demander(h, http.MethodPost, chemin, v)
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for nom := range v {
		_ = m.WriteField(nom, v.Get(nom))
	}
	_ = m.Close()
	r := httptest.NewRequest(http.MethodPost, chemin, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	rep := httptest.NewRecorder()
	h.ServeHTTP(rep, r)
	return rep
}

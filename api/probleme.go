package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// statuts gives the HTTP status of each kind of refusal.
var statuts = map[opco.Kind]int{
	opco.Invalid: http.StatusUnprocessableEntity, opco.Forbidden: http.StatusForbidden,
	opco.NotFound: http.StatusNotFound, opco.Conflict: http.StatusConflict,
}

// titres names each status for a reader.
var titres = map[int]string{
	http.StatusBadRequest: "Demande illisible", http.StatusUnauthorized: "Identifiez-vous", http.StatusForbidden: "Accès refusé",
	http.StatusNotFound: "Introuvable", http.StatusMethodNotAllowed: "Méthode inconnue ici", http.StatusConflict: "Impossible à cette étape",
	http.StatusRequestEntityTooLarge: "Envoi trop gros", http.StatusUnsupportedMediaType: "Type de contenu refusé",
	http.StatusUnprocessableEntity: "À corriger", http.StatusTooManyRequests: "Trop d’essais", http.StatusInternalServerError: "Erreur interne",
	http.StatusServiceUnavailable: "Indisponible pour l’instant", http.StatusInsufficientStorage: "Plus de place",
}

// champs gathers several refusals of one request; the first one speaks.
type champs []*opco.Error

func (e champs) Error() string { return e[0].Error() }

// Unwrap exposes the first refusal.
func (e champs) Unwrap() error { return e[0] }

// erreurStatut is a refusal of the door itself, before any rule.
type erreurStatut struct {
	statut  int
	detail  string
	lecture string // said instead to who only reads, and has nothing to send again; "" for the same
	champ   string
	apres   time.Duration // when to try again, 0 when nobody knows
	muet    bool          // said to who asked alone: nothing is wrong here
}

func (e *erreurStatut) Error() string { return e.detail }

// pannes are the refusals for want of what the house runs on: what it means for who asked,
// and when to try again, in words as in the header.
var pannes = map[store.Panne]*erreurStatut{
	store.PanneBase: {statut: http.StatusServiceUnavailable, apres: 5 * time.Second,
		detail:  "Guichet ne joint plus sa base de données : votre demande n’a peut-être pas été enregistrée. Renvoyez-la dans quelques secondes, sans rien changer : elle ne comptera qu’une fois.",
		lecture: "Guichet ne joint plus sa base de données : ce que vous demandez ne peut pas se lire pour l’instant. Rien n’est perdu : redemandez-le dans quelques secondes."},
	store.PanneDisque: {statut: http.StatusInsufficientStorage, apres: time.Minute,
		detail:  "Guichet n’a plus de place pour enregistrer : rien n’a été gardé de cet envoi. Renvoyez-le dans une minute : l’exploitation doit d’abord libérer de la place.",
		lecture: "Guichet n’a plus de place pour préparer ce que vous demandez. Rien n’est perdu : redemandez-le dans une minute, l’exploitation doit d’abord libérer de la place."},
}

// refusDePorte is the refusal of the door that err is, nil when it is none.
func refusDePorte(err error) *erreurStatut {
	var porte *erreurStatut
	if errors.As(err, &porte) {
		return porte
	}
	return pannes[store.PanneDe(err)]
}

// Answer returns what to answer to a request that failed with err. Only the
// sentences of opco and of this package are ever shown.
func Answer(err error) Probleme {
	if porte := refusDePorte(err); porte != nil {
		return Probleme{Status: int32(porte.statut), Detail: porte.detail, Champ: porte.champ}
	}
	var e *opco.Error
	if !errors.As(err, &e) {
		return Probleme{Status: http.StatusInternalServerError,
			Detail: "Une erreur interne est survenue. Rien n’a été perdu : réessayez, puis écrivez-nous en citant la référence."}
	}
	p := Probleme{Status: int32(statuts[e.Kind]), Detail: e.Message, Code: e.Code, Champ: e.Champ}
	var tous champs
	if errors.As(err, &tous) && len(tous) > 1 {
		for _, x := range tous {
			p.Champs = append(p.Champs, ChampRefuse{Champ: x.Champ, Detail: x.Message})
		}
	}
	if e.Code == opco.FichierTropGros {
		p.Status = http.StatusRequestEntityTooLarge
	}
	return p
}

// AnswerTo is Answer to a request made by this method.
func AnswerTo(methode string, err error) Probleme {
	p := Answer(err)
	if porte := refusDePorte(err); porte != nil && porte.lecture != "" && (methode == http.MethodGet || methode == http.MethodHead) {
		p.Detail = porte.lecture
	}
	return p
}

// refuser answers a refusal, and logs what is our own fault.
func (s *Server) refuser(c *gin.Context, err error) {
	p := AnswerTo(c.Request.Method, err)
	p.Reference = c.GetString(cleReference)
	Retarder(c.Writer, err)
	if porte := refusDePorte(err); p.Status >= http.StatusInternalServerError && (porte == nil || !porte.muet) {
		s.Log.ErrorContext(c.Request.Context(), "request failed", "route", c.FullPath(), "reference", p.Reference, "error", err)
	}
	c.Abort()
	if s.pages != nil && estPage(c.Request.URL.Path) {
		s.refuserPage(c, p)
		return
	}
	ecrireProbleme(c.Writer, p)
}

// Retarder says to who asked when to try again, when the refusal knows it.
func Retarder(w http.ResponseWriter, err error) {
	if porte := refusDePorte(err); porte != nil && porte.apres > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(porte.apres.Seconds())))
	}
}

func (s *Server) refuserStatut(c *gin.Context, statut int, detail string) {
	s.refuser(c, &erreurStatut{statut: statut, detail: detail})
}

// ecrireProbleme writes an application/problem+json answer (RFC 9457).
func ecrireProbleme(w http.ResponseWriter, p Probleme) {
	p.Type, p.Title = "about:blank", titres[int(p.Status)]
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(int(p.Status))
	_ = json.NewEncoder(w).Encode(p) // the client is gone: nobody to tell
}

// reference returns a short id that a person can cite and the log holds.
func reference() string { return strings.ReplaceAll(uuid.NewString(), "-", "")[:16] }

func malforme(format string, args ...any) error {
	return &erreurStatut{statut: http.StatusBadRequest, detail: fmt.Sprintf(format, args...)}
}

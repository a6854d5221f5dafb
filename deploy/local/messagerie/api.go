package messagerie

import (
	"encoding/json"
	"errors"
	"net/http"
)

// getMessages answers GET /api/messages?a=ADDRESS&objet=TEXT, newest first.
func (s *site) getMessages(w http.ResponseWriter, r *http.Request) {
	messages := []Message{}
	for _, resume := range s.boite.List(Filtre{A: r.FormValue("a"), Objet: r.FormValue("objet")}) {
		m, err := s.boite.message(resume.ID)
		if errors.Is(err, ErrAbsent) {
			continue // deleted since it was listed
		}
		if err != nil {
			refuse(w, http.StatusInternalServerError, err)
			return
		}
		messages = append(messages, m)
	}
	answer(w, messages)
}

// deleteMessages answers DELETE /api/messages: the box is empty afterwards.
func (s *site) deleteMessages(w http.ResponseWriter, _ *http.Request) {
	if err := s.boite.Clear(); err != nil {
		refuse(w, http.StatusInternalServerError, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// postPannes answers POST /api/pannes with the fault now in force.
func (s *site) postPannes(w http.ResponseWriter, r *http.Request) {
	var p Panne
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		refuse(w, http.StatusBadRequest, errors.New(`le corps doit être {"mode":"aucune|temporaire|permanente|arret","pour":"partie d'adresse"}`))
		return
	}
	if err := s.smtp.SetPanne(p); err != nil {
		refuse(w, http.StatusUnprocessableEntity, err)
		return
	}
	answer(w, s.smtp.Panne())
}

// getPannes answers GET /api/pannes with the fault in force.
func (s *site) getPannes(w http.ResponseWriter, _ *http.Request) { answer(w, s.smtp.Panne()) }

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(body) // the client is gone if it fails
}

func refuse(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": err.Error()})
}

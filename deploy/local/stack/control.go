package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"guichet/deploy/local/loopback"
	"guichet/deploy/local/process"
)

// partState is what GET /etat tells of one part.
type partState struct {
	Nom  string `json:"nom"`
	Pid  int    `json:"pid"` // 0: down
	Port int    `json:"port,omitempty"`
	RSS  int64  `json:"rss_ko"` // with its descendants, shared pages counted once
}

// startControl opens the control address.
func (s *Stack) startControl() (err error) {
	s.control, err = serve(s.Control, s.controlRoutes())
	return err
}

// controlRoutes serves what the chaos tests need: kill a part, bring it back,
// see them all.
//
//	GET  /etat                   {"parties":[{nom,pid,port,rss_ko}],"rss_ko":…}
//	POST /tuer/{nom}             SIGKILL; the part stays down
//	POST /tuer/{nom}?relancer=1  SIGKILL then restart, answers once ready; &apres=2s waits in between
//	POST /relancer/{nom}         restart a part that is down, answers once ready
//
// nom is postgres, temporal, api, worker or banque.
func (s *Stack) controlRoutes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /etat", s.getEtat)
	m.HandleFunc("POST /tuer/{nom}", s.postTuer)
	m.HandleFunc("POST /relancer/{nom}", s.postRelancer)
	return m
}

// serve opens the port now and serves it in the background.
func serve(p loopback.Port, h http.Handler) (*http.Server, error) {
	l, err := net.Listen("tcp", p.Address())
	if err != nil {
		return nil, fmt.Errorf("le port %d, prévu pour %s, ne peut pas être ouvert (%w) : changez-le avec %s", p.Number, p.Part, err, p.Variable)
	}
	server := &http.Server{Handler: loopback.Guard(h), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }()
	return server, nil
}

func (s *Stack) getEtat(w http.ResponseWriter, _ *http.Request) {
	etat := struct {
		Parties []partState `json:"parties"`
		RSS     int64       `json:"rss_ko"`
	}{}
	for _, p := range s.parts {
		etat.Parties = append(etat.Parties, describe(p))
	}
	etat.Parties = append(etat.Parties, partState{
		Nom: "pile", Pid: os.Getpid(), Port: s.Control.Number, RSS: process.Own(os.Getpid()),
	})
	for _, p := range etat.Parties {
		etat.RSS += p.RSS
	}
	answer(w, http.StatusOK, etat)
}

func (s *Stack) postTuer(w http.ResponseWriter, r *http.Request) {
	p, err := s.named(r.PathValue("nom"))
	if err != nil {
		answer(w, http.StatusNotFound, map[string]string{"message": err.Error()})
		return
	}
	wait := time.Duration(0)
	if text := r.FormValue("apres"); text != "" {
		if wait, err = time.ParseDuration(text); err != nil || wait < 0 || wait > time.Minute {
			answer(w, http.StatusUnprocessableEntity, map[string]string{"message": "apres doit être une durée d'au plus une minute, comme 500ms ou 2s"})
			return
		}
	}
	p.Kill()
	if r.FormValue("relancer") != "1" {
		answer(w, http.StatusOK, describe(p))
		return
	}
	select {
	case <-time.After(wait):
		s.restart(w, r, p)
	case <-r.Context().Done():
	}
}

func (s *Stack) postRelancer(w http.ResponseWriter, r *http.Request) {
	p, err := s.named(r.PathValue("nom"))
	if err != nil {
		answer(w, http.StatusNotFound, map[string]string{"message": err.Error()})
		return
	}
	if p.Pid() != 0 {
		answer(w, http.StatusConflict, map[string]string{"message": p.Label + " tourne déjà."})
		return
	}
	s.restart(w, r, p)
}

// restart goes on even if the client leaves: a part must not stay half started.
func (s *Stack) restart(w http.ResponseWriter, r *http.Request, p *process.Process) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), startDelay)
	defer cancel()
	if err := p.Restart(ctx); err != nil {
		answer(w, http.StatusServiceUnavailable, map[string]string{"message": err.Error()})
		return
	}
	answer(w, http.StatusOK, describe(p))
}

func (s *Stack) named(name string) (*process.Process, error) {
	var names []string
	for _, p := range s.parts {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return nil, errors.New("la partie « " + name + " » n'existe pas : " + strings.Join(names, ", "))
}

func describe(p *process.Process) partState {
	pid := p.Pid()
	return partState{Nom: p.Name, Pid: pid, Port: p.Port, RSS: process.Memory(pid)}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone if it fails
}

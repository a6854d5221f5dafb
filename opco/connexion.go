package opco

import "time"

// ParametresConnexion are the dated figures of coming in: how long a session
// lasts, and how failures slow the next tries (reliability.md 3.4, 3.6; all [A]).
type ParametresConnexion struct {
	SessionHeures        int `json:"session_heures"`         // a session, however used: 12
	ReposInterneMinutes  int `json:"repos_interne_minutes"`  // left alone, staff: 30
	ReposExterneMinutes  int `json:"repos_externe_minutes"`  // left alone, organisations: 120
	ResterJours          int `json:"rester_jours"`           // « rester connecté », never for the staff: 30
	ResterReposJours     int `json:"rester_repos_jours"`     // left alone, « rester connecté »: 7
	EtapeMinutes         int `json:"etape_minutes"`          // to finish a login begun: 15
	BlocagePlafondHeures int `json:"blocage_plafond_heures"` // the doubling wait never passes it: 24
	EchecsMax            int `json:"echecs_max"`             // failures in a row after which only a new password lets in: 100
	EchecsAdresse        int `json:"echecs_adresse"`         // failures of one network address within the window: 100
	EchecsTous           int `json:"echecs_tous"`            // failures of everybody within the window: 5000
	FenetreMinutes       int `json:"fenetre_minutes"`        // that window: 15
}

func parametresConnexionDefaut() ParametresConnexion {
	return ParametresConnexion{SessionHeures: 12, ReposInterneMinutes: 30, ReposExterneMinutes: 120, ResterJours: 30, ResterReposJours: 7,
		EtapeMinutes: 15, BlocagePlafondHeures: 24, EchecsMax: 100, EchecsAdresse: 100, EchecsTous: 5000, FenetreMinutes: 15}
}

// DureeSession returns how long a session may last in all, and left alone.
// rester is « rester connecté », which the staff does not have.
func (p ParametresConnexion) DureeSession(interne, rester bool) (totale, repos time.Duration) {
	switch {
	case interne:
		return time.Duration(p.SessionHeures) * time.Hour, time.Duration(p.ReposInterneMinutes) * time.Minute
	case rester:
		return time.Duration(p.ResterJours) * 24 * time.Hour, time.Duration(p.ResterReposJours) * 24 * time.Hour
	}
	return time.Duration(p.SessionHeures) * time.Hour, time.Duration(p.ReposExterneMinutes) * time.Minute
}

// AttenteConnexion returns how long nobody may try again after that many failures
// in a row: nothing under BlocageEchecs, then BlocageMinutes, doubling at each
// further one (C21). jamais says that no wait is enough: a new password is needed.
func (p ParametresCompte) AttenteConnexion(echecs int) (attente time.Duration, jamais bool) {
	if echecs < p.BlocageEchecs {
		return 0, false
	}
	plafond := time.Duration(p.Connexion.BlocagePlafondHeures) * time.Hour
	minutes := p.BlocageMinutes << min(echecs-p.BlocageEchecs, 20)
	return min(time.Duration(minutes)*time.Minute, plafond), echecs >= p.Connexion.EchecsMax
}

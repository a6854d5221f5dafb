package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

const (
	connexionNon = "Identifiant ou mot de passe incorrect."
	tropDeMonde  = "Trop de personnes se connectent en ce moment. Réessayez dans quelques secondes."
)

// OuvrirSession answers POST /api/session. A wrong password and an unknown account
// get the same answer after the same work.
func (s *Server) OuvrirSession(ctx context.Context, r OuvrirSessionRequestObject) (OuvrirSessionResponseObject, error) {
	saisi := strings.ToLower(strings.TrimSpace(r.Body.Identifiant))
	u, err := s.Store.UtilisateurSaisi(ctx, saisi)
	if err != nil && !errors.Is(err, opco.NotFound) {
		return nil, err
	}
	juste, err := s.prouver(ctx, u, saisi, r.Body.MotDePasse)
	if err != nil {
		return nil, err
	}
	if !juste || u.Perime {
		return nil, &erreurStatut{statut: http.StatusUnauthorized, detail: connexionNon}
	}
	s.reconnaitreAppareil(ctx, u.Compte)
	p, err := s.ouvrir(ctx, u, arrivee{rester: r.Body.Rester})
	if err != nil {
		return nil, err
	}
	rep, err := s.sessionDe(ctx, p)
	return OuvrirSession200JSONResponse(rep), err
}

// prouver reports whether mot is the password of u, the zero Utilisateur standing
// for an account that does not exist. The try is counted before it is compared, so
// that many at once are not more than many in a row.
func (s *Server) prouver(ctx context.Context, u store.Utilisateur, saisi, mot string) (bool, error) {
	p, err := s.parametresConnexion(ctx)
	if err != nil {
		return false, err
	}
	t := store.Tentative{Saisi: saisi}
	if u.Compte != "" {
		t.Saisi = u.Compte // its identifier and its address are not two counts
	}
	if c, ok := ctx.(*gin.Context); ok {
		t.Adresse, t.Reseau, t.Appareil = reseauDe(c.ClientIP()), reseauLarge(c.ClientIP()), s.appareilConnu(c, u.Compte)
		if t.Appareil != "" {
			t.Appareil += ":" + u.MotDePasse // a new password starts a new count
		}
	}
	res, err := s.reserver(ctx, t, p)
	if err != nil {
		return false, err
	}
	juste, err := s.comparer(ctx, mot, u.MotDePasse)
	switch {
	case err != nil:
		return false, errors.Join(err, s.Store.RendreTentative(context.WithoutCancel(ctx), res))
	case juste:
		return true, s.Store.TentativeReussie(ctx, res, p)
	}
	s.signalerBlocage(ctx, u, res, p)
	return false, nil
}

// reserver counts a try, or says how long to wait.
func (s *Server) reserver(ctx context.Context, t store.Tentative, p opco.ParametresCompte) (store.Reservation, error) {
	res, err := s.Store.ReserverTentative(ctx, t, p)
	var a *store.Attente
	if !errors.As(err, &a) {
		s.signalerFoule(ctx, res.Foule)
		return res, err
	}
	e := &erreurStatut{statut: http.StatusTooManyRequests, detail: "Trop d’essais. Attendez " + dureeLue(a.Duree) + " avant de réessayer."}
	if a.Jamais {
		e.detail = "Trop d’essais. Choisissez un nouveau mot de passe, par « Mot de passe oublié », pour ouvrir à nouveau ce compte."
	} else if c, ok := ctx.(*gin.Context); ok {
		c.Writer.Header().Set("Retry-After", fmt.Sprint(int(a.Duree.Seconds())+1))
	}
	return res, e
}

// signalerFoule opens an incident when everybody together fails more often than the
// house expects, and closes it when that ends.
func (s *Server) signalerFoule(ctx context.Context, foule bool) {
	if !s.foule.CompareAndSwap(!foule, foule) {
		return
	}
	const objet, activite = "connexion", "echecs"
	var err error
	if foule {
		s.Log.WarnContext(ctx, "more failed logins than expected, from many addresses")
		err = s.Store.Signaler(ctx, objet, activite, 1, "Des connexions échouent bien plus souvent que d’habitude, depuis de nombreuses adresses : "+
			"quelqu’un essaie peut-être des mots de passe. Personne n’est bloqué ; regardez d’où viennent les essais.")
	} else {
		err = s.Store.Clore(ctx, objet, activite)
	}
	if err != nil {
		s.Log.WarnContext(ctx, "incident of logins not written", "error", err)
	}
}

// dureeLue says a wait to a person, rounded up.
func dureeLue(d time.Duration) string {
	switch {
	case d <= time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds())+1)
	case d <= time.Hour:
		return fmt.Sprintf("%d minutes", int((d+time.Minute-1)/time.Minute))
	}
	return fmt.Sprintf("%d heures", int((d+time.Hour-1)/time.Hour))
}

// comparer checks a password against a hash, "" standing for an unknown account or
// one without a password, a few at a time: each costs 19 MB, and reading must go on
// whatever comes to the door.
func (s *Server) comparer(ctx context.Context, mot, hache string) (bool, error) {
	connu := strings.HasPrefix(hache, "$argon2id$")
	if !connu {
		hache = s.leurre
	}
	rendre, err := s.calculer(ctx)
	if err != nil {
		return false, err
	}
	defer rendre()
	juste, err := store.ComparerMotDePasse(mot, hache)
	return juste && connu, err
}

// calculer waits for its turn to do something costly about a password, and returns
// what gives the turn back. Beyond a short queue it refuses.
func (s *Server) calculer(ctx context.Context) (rendre func(), err error) {
	select {
	case s.file <- struct{}{}:
	default:
		return nil, &erreurStatut{statut: http.StatusTooManyRequests, detail: tropDeMonde, apres: 5 * time.Second}
	}
	select {
	case s.hachages <- struct{}{}:
		return func() { <-s.hachages; <-s.file }, nil
	case <-ctx.Done():
		<-s.file
		return nil, ctx.Err()
	}
}

// Hacher hashes a password to be kept, within the same bounds as logins.
func (s *Server) Hacher(ctx context.Context, mot string) (string, error) {
	rendre, err := s.calculer(ctx)
	if err != nil {
		return "", err
	}
	defer rendre()
	return store.HacherMotDePasse(mot)
}

// signalerBlocage tells the owner of an account that failures in a row now make
// everybody wait (C21). It is done aside: its time would say that the account
// exists.
func (s *Server) signalerBlocage(ctx context.Context, u store.Utilisateur, res store.Reservation, p opco.ParametresCompte) {
	if u.Compte == "" || res.Echecs != p.BlocageEchecs {
		return
	}
	ctx = context.WithoutCancel(ctx)
	go func() {
		ctx, fin := context.WithTimeout(ctx, 10*time.Second)
		defer fin()
		if err := s.direBlocage(ctx, u, res, p); err != nil {
			s.Log.WarnContext(ctx, "lock-out not told", "compte", u.Compte, "error", err)
		}
	}()
}

func (s *Server) direBlocage(ctx context.Context, u store.Utilisateur, res store.Reservation, p opco.ParametresCompte) error {
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return err
	}
	attente, _ := p.AttenteConnexion(res.Echecs)
	charge, err := json.Marshal(opco.ChargeBlocage{Echecs: res.Echecs, Jusque: le.Add(attente).Format(time.RFC3339)})
	if err != nil {
		return err
	}
	r, err := s.Store.Recevoir(ctx, opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetCompte(u.Compte), Type: opco.ActeSignalerBlocage,
		Par: opco.ActeurSysteme(), Charge: charge})
	if err != nil {
		return err
	}
	s.transmettre(ctx, r.Acte)
	return nil
}

// reprouver asks again for the password of who is connected, before something that
// a stolen session must not do.
func (s *Server) reprouver(ctx context.Context, mot string) error {
	u := qui(ctx)
	juste, err := s.prouver(ctx, u, u.Identifiant, mot)
	if err != nil {
		return err
	}
	if !juste {
		return opco.Champf("mot_de_passe", "Ce mot de passe n’est pas le vôtre. Redonnez celui de votre compte.")
	}
	return nil
}

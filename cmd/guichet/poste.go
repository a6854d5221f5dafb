package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"guichet/activities"
	"guichet/courrier"
	"guichet/opco"
	"guichet/store"
)

// facteur wires the outbox of the store to the letters and the SMTP server.
func (a *atelier) facteur() (*activities.Facteur, error) {
	f, err := store.OuvrirFichiers(a.cfg.Fichiers)
	if err != nil {
		return nil, err
	}
	_, domaine, _ := strings.Cut(a.cfg.Expediteur, "@")
	return &activities.Facteur{
		Suivre: a.suivreCourrier(),
		Boite:  boite{a.store, f},
		Postier: postier{maison: a.maison, smtp: courrier.Postier{Serveur: a.cfg.SMTP, De: courrier.Adresse{Nom: "Guichet", Courriel: opco.Email(a.cfg.Expediteur)},
			Domaine: domaine, Identifiant: a.cfg.SMTPCompte, MotDePasse: a.cfg.SMTPSecret, TLS: a.cfg.SMTPTLS}},
		Log: a.log,
	}, nil
}

// maison is the OPCO that writes, as the database, its paramètres of the day and the
// configuration have it.
func (a *atelier) maison() (courrier.Maison, error) {
	ctx, fin := context.WithTimeout(context.Background(), 10*time.Second)
	defer fin()
	o, err := a.store.OPCO(ctx)
	if err != nil {
		return courrier.Maison{}, err
	}
	le, err := a.store.Maintenant(ctx)
	if err != nil {
		return courrier.Maison{}, err
	}
	p, err := a.store.Parametres(ctx, opco.JourDe(le))
	if err != nil {
		return courrier.Maison{}, err
	}
	hote := a.cfg.URL
	if h, _, err := net.SplitHostPort(strings.TrimPrefix(strings.TrimPrefix(a.cfg.URL, "http://"), "https://")); err == nil {
		hote = h
	}
	return courrier.Maison{Nom: o.Nom, SIRET: o.SIRET, Site: hote, URL: a.cfg.URL, Telephone: p.Comptes.Telephone(opco.RoleEntreprise), Adresse: p.Comptes.Adresse, Recours: courrier.RecoursDefaut, Paiement: 30}, nil
}

// postier writes with courrier and sends with go-mail.
type postier struct {
	maison func() (courrier.Maison, error)
	smtp   courrier.Postier
}

// Ecrire words the event and draws its letter.
func (p postier) Ecrire(e opco.Envoi) (activities.Ecrit, error) {
	evt, err := courrier.Rediger(e)
	if err != nil {
		return activities.Ecrit{}, err
	}
	m, err := p.maison()
	if err != nil {
		return activities.Ecrit{}, err
	}
	pli, err := courrier.Composer(evt, m)
	if err != nil {
		return activities.Ecrit{}, err
	}
	return activities.Ecrit{Sujet: pli.Message.Objet, MessageID: pli.Message.ID, PDF: pli.PDF, HTML: pli.HTML, Mail: pli.Message}, nil
}

// EcrireCompte words the mail of an account. Nothing of it is kept but its subject.
func (p postier) EcrireCompte(e opco.EnvoiCompte) (activities.Ecrit, error) {
	m, err := p.maison()
	if err != nil {
		return activities.Ecrit{}, err
	}
	evt, err := courrier.RedigerCompte(e)
	if err != nil {
		return activities.Ecrit{}, err
	}
	pli, err := courrier.Composer(evt, m)
	if err != nil {
		return activities.Ecrit{}, err
	}
	return activities.Ecrit{Sujet: pli.Message.Objet, MessageID: pli.Message.ID, Mail: pli.Message}, nil
}

// Envoyer hands the mail to the server.
func (p postier) Envoyer(ctx context.Context, e activities.Ecrit) error {
	m, ok := e.Mail.(courrier.Message)
	if !ok {
		return fmt.Errorf("mail %s was not written by this postier", e.MessageID)
	}
	ctx, fin := context.WithTimeout(ctx, 30*time.Second)
	defer fin()
	return p.smtp.Envoyer(ctx, m)
}

// Permanent reports whether sending again is useless.
func (postier) Permanent(err error) bool { return courrier.Permanent(err) }

// boite is the outbox of the store, with the letters in the directory of files.
type boite struct {
	s *store.Store
	f *store.Fichiers
}

// EnvoisDus takes the lines that are due.
func (b boite) EnvoisDus(ctx context.Context, n int, bail time.Duration) ([]activities.Envoi, error) {
	return envois(b.s.EnvoisDus(ctx, n, bail))
}

// Prolonger keeps the lines that this sender has in hand.
func (b boite) Prolonger(ctx context.Context, es []activities.Envoi, bail time.Duration) ([]activities.Envoi, error) {
	tenus := make(map[string]time.Time, len(es))
	for _, e := range es {
		tenus[e.ID] = e.Bail
	}
	gardes, err := b.s.ProlongerEnvois(ctx, tenus, bail)
	if err != nil {
		return nil, err
	}
	var restent []activities.Envoi
	for _, e := range es {
		if jusqua, mien := gardes[e.ID]; mien {
			e.Bail = jusqua
			restent = append(restent, e)
		}
	}
	return restent, nil
}

// SansAdresse lists the lines whose letter alone must be written.
func (b boite) SansAdresse(ctx context.Context, n int) ([]activities.Envoi, error) {
	return envois(b.s.LettresSansAdresse(ctx, n))
}

func envois(ls []store.EnvoiDu, err error) ([]activities.Envoi, error) {
	es := make([]activities.Envoi, len(ls))
	for i, l := range ls {
		es[i] = activities.Envoi{Envoi: l.Envoi, Compte: l.Compte, Essais: l.Essais, Bail: l.Bail}
	}
	return es, err
}

// Garder stores the two forms of the letter, then says where they are.
func (b boite) Garder(ctx context.Context, id string, e activities.Ecrit) error {
	pdf, err := b.ranger(ctx, e.PDF, "application/pdf")
	if err != nil {
		return err
	}
	html, err := b.ranger(ctx, e.HTML, "text/html; charset=utf-8")
	if err != nil {
		return err
	}
	return b.s.NoterLettre(ctx, id, store.Pli{Sujet: e.Sujet, MessageID: e.MessageID, PDF: pdf, HTML: html})
}

// ranger keeps bytes of our own making: they need no examination.
func (b boite) ranger(ctx context.Context, octets []byte, genre string) (string, error) {
	if len(octets) == 0 {
		return "", nil
	}
	d, err := b.f.Recevoir(bytes.NewReader(octets))
	if err != nil {
		return "", err
	}
	if err := d.Garder(); err != nil {
		return "", err
	}
	return d.Empreinte, b.s.NoterFichier(ctx, d.Empreinte, d.Taille, genre)
}

// NoterEnvoi says that the server took the mail.
func (b boite) NoterEnvoi(ctx context.Context, id string, _ activities.Ecrit) error {
	le, err := b.s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return b.s.NoterEnvoi(ctx, id, le)
}

// NoterEchec says that the mail did not leave.
func (b boite) NoterEchec(ctx context.Context, e activities.Envoi, definitif bool, erreur string, attente time.Duration) error {
	return b.s.NoterEchec(ctx, e.ID, e.Bail, definitif, erreur, attente)
}

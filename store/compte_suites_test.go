package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// Many clicks on one code at once: one confirmation, as many refusals as there are others,
// one password, one mail.
func TestCompteConfirmationsEnsemble(t *testing.T) {
	n := nombreDeCourses()
	c := ouvrirComptes(t)
	id, code := c.inscrit("eloise@sorbier.test")
	actes := make([]string, n)
	enParallele(n, func(i int) { actes[i] = c.poserActe(confirmer(id, code)) })
	// As a procedure would that is run twice: each worker records whatever comes next.
	enParallele(n, func(i int) {
		for {
			d, err := c.s.Depart(c.ctx, opco.ObjetCompte(id))
			if err != nil {
				t.Error(err)
				return
			}
			_, err = c.s.Record(c.ctx, opco.Demarche{Objet: d.Objet, Rang: d.Rang + 1, ActeID: actes[i]})
			if err == nil {
				return
			}
			if !errors.Is(err, store.ErrTrou) {
				t.Error(err)
				return
			}
		}
	})
	c.compter(1, `SELECT count(*) FROM acte WHERE type = 'confirmer_email' AND etat = 'applique'`)
	c.compter(n-1, `SELECT count(*) FROM acte WHERE type = 'confirmer_email' AND etat = 'refuse'`)
	c.compter(1, `SELECT count(*) FROM courrier WHERE evenement = 'COMPTE_ACTIF_LIMITE'`)
	c.compter(1, `SELECT count(*) FROM utilisateur WHERE identifiant = 'eloise@sorbier.test'`)
	c.compter(0, `SELECT count(*) FROM secret_acte`)
}

// Several requests under one e-mail, confirmed at once: one opens, the others hear
// that an account exists.
func TestCompteUnIdentifiantUnCompte(t *testing.T) {
	c := ouvrirComptes(t)
	const n = 40
	type demande struct{ id, acte string }
	ds := make([]demande, n)
	for i := range ds {
		id, code := c.inscrit("eloise@sorbier.test")
		ds[i] = demande{id, c.poserActe(confirmer(id, code))}
	}
	enParallele(n, func(i int) {
		if _, err := c.s.Record(c.ctx, opco.Demarche{Objet: opco.ObjetCompte(ds[i].id), Rang: 3, ActeID: ds[i].acte}); err != nil {
			t.Error(err)
		}
	})
	c.compter(1, `SELECT count(*) FROM compte WHERE etat = 'ACTIF_LIMITE' AND email <> '' AND origine = 'INSCRIPTION'`)
	c.compter(n-1, `SELECT count(*) FROM acte WHERE type = 'confirmer_email' AND etat = 'refuse' AND genre = 'conflit' AND code IN ('DEJA_INSCRIT', 'IDENTIFIANT_PRIS')`)
}

// Two accounts whose people act on each other, and the dossier of one, are decided
// at once: nobody waits for ever, everything gets its verdict.
func TestCompteOrdreDesVerrous(t *testing.T) {
	c := ouvrirComptes(t)
	c.s.DB.SetMaxOpenConns(16)
	c.a("2026-03-09 10:00:00")
	a, b := c.agentDemo("gestionnaire"), c.agentDemo("gestionnaire2")
	d := c.enInstruction("99900101900010", 1)
	fin := time.Now().Add(4 * time.Second)
	var faits atomic.Int64
	courir := func(de, vers *opco.Compte) {
		for i := 0; time.Now().Before(fin) && !t.Failed(); i++ {
			id := fmt.Sprintf("%s-%d", de.Identifiant, i)
			c.agir(envoi{compte: de.ID, t: opco.ActeDeleguer, par: acteurDe(de), via: de.ID,
				charge: opco.ChargeDelegation{ID: id, Delegue: vers.ID, Role: opco.RoleGestionnaire, Du: "2026-06-02", Au: "2026-06-03", Raison: "Congés."}})
			c.agir(envoi{compte: de.ID, t: opco.ActeFinirDelegation, par: acteurDe(de), via: de.ID, charge: opco.ChargeFin{ID: id}})
			faits.Add(1)
		}
	}
	enParallele(3, func(i int) {
		switch i {
		case 0:
			courir(a, b)
		case 1:
			courir(b, a)
		default:
			c.faire(d, opco.ActeDecider, ges, opco.ChargeDecider{})
		}
	})
	if faits.Load() < 4 {
		t.Errorf("got %d rounds in four seconds", faits.Load())
	}
	c.compter(0, `SELECT count(*) FROM acte WHERE etat = 'recu'`)
	c.compter(0, `SELECT count(*) FROM acte WHERE type IN ('deleguer', 'finir_delegation') AND etat = 'refuse'`)
	c.compter(0, `SELECT count(*) FROM delegation WHERE NOT finie`)
}

// agentDemo is the account of a staff member of the demonstration.
func (c *conduite) agentDemo(identifiant string) *opco.Compte {
	c.t.Helper()
	u, err := c.s.Utilisateur(c.ctx, identifiant)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.unCompte(u.Compte)
}

// acteurDe is the person of a staff account.
func acteurDe(x *opco.Compte) opco.Acteur {
	return opco.Acteur{Personne: x.Personne, Nom: x.NomComplet(), Role: x.Roles[0].Role}
}

// Nothing that an applicant said is left anywhere once the request has expired and
// its thirty days are over, and the journal still holds.
func TestComptePurge(t *testing.T) {
	c := ouvrirComptes(t)
	ch := inscription("marqueur-courriel@sorbier.test")
	ch.Identite.Nom, ch.Identite.Prenom, ch.Identite.Telephone = "Marqueurnom", "Marqueurprénom", "01 23 45 67 89"
	ch.Blocs[0].Responsable, ch.Blocs[0].CodeAdherent = "Marqueurresponsable", "MARQUEUR1"
	ch.Blocs[0].Etablissements[0].Fonction = "Marqueurfonction"
	id := uuid.NewString()
	c.appliquer(envoi{compte: id, t: opco.ActeInscrire, par: demandeur, charge: ch})
	c.envoyerTout()
	c.a("2026-06-05 10:00:00")
	c.echoirCompte(id)
	if x := c.unCompte(id); x.Etat != opco.CompteExpire || x.Nom == "" {
		t.Fatalf("got %s, want COMPTE_EXPIRE with its data for thirty days", x.Etat)
	}
	c.a("2026-07-10 10:00:00")
	c.echoirCompte(id)
	if x := c.unCompte(id); x.Etat != opco.CompteClos || x.PurgeLe.IsZero() {
		t.Fatalf("got %s, want CLOS and erased", x.Etat)
	}
	c.sansTrace("marqueur", "01 23 45 67 89")
	b := &baseVerifiee{conduite: c}
	b.tenir(id)
}

// Who gave rights to a colleague is forgotten there too once their own data are
// erased; what they gave stays.
func TestComptePurgeChezLesAutres(t *testing.T) {
	c := ouvrirComptes(t)
	donneur := c.actif("marqueur@sorbier.test")
	utilisateurs := "entreprise:99900101900010:UTILISATEURS"
	par := opco.Acteur{Personne: donneur, Nom: "Marqueurprénom Marqueurnom", Role: opco.RoleEntreprise}
	bloc := inscription("x@y.test").Blocs[0]
	bloc.Services, bloc.Etablissements = []opco.Service{opco.ServiceUtilisateurs}, bloc.Etablissements[:1]
	c.appliquer(envoi{compte: donneur, t: opco.ActeAjouterEntite, par: par, via: donneur, charge: opco.ChargeBlocs{Blocs: []opco.BlocDemande{bloc}}})
	chef := accorder(donneur, droitE1, utilisateurs)
	chef.par = opco.Acteur{Personne: "p-res", Nom: "Rémi Regarde", Role: opco.RoleResponsable}
	c.appliquer(chef)
	invite := uuid.NewString()
	c.appliquer(envoi{compte: invite, t: opco.ActeInviter, par: par, via: donneur, charge: opco.ChargeInviter{
		Identite: opco.Identite{Civilite: "M.", Prenom: "Paul", Nom: "Collègue", Email: "paul@sorbier.test"},
		Droits:   []opco.DroitDonne{{Profil: opco.RoleEntreprise, SIRET: "99900101900010", Service: opco.ServiceDossiers}}}})
	if h := c.unCompte(invite).Habilitations; len(h) != 1 || h[0].DecideePar.Nom != par.Nom {
		t.Fatalf("got %+v, want the right with who gave it", h)
	}
	c.envoyerTout()
	c.appliquer(envoi{compte: donneur, t: opco.ActeCloreCompte, par: par, via: donneur, retrait: true, charge: opco.ChargeRaisonCompte{}})
	c.envoyerTout()
	c.a("2026-07-10 10:00:00")
	c.echoirCompte(donneur)
	h := c.unCompte(invite).Habilitations
	if len(h) != 1 || h[0].DecideePar.Nom != "" || h[0].Mandant != "" || h[0].DecideePar.Personne != donneur {
		t.Errorf("got %+v, want the right without the name nor the address of who gave it", h)
	}
	c.compter(0, `SELECT count(*) FROM compte WHERE contenu::text ILIKE '%marqueur%'`)
	c.compter(0, `SELECT count(*) FROM passage WHERE (phrase || nom) ILIKE '%marqueur%'`)
	(&baseVerifiee{conduite: c}).tenir(invite)
}

// tenir wants every invariant that holds without files to be held.
func (b *baseVerifiee) tenir(string) {
	b.t.Helper()
	_, r := b.rompus(&store.Verificateur{Store: b.s})
	for _, x := range r.Resultats {
		for _, e := range x.Exemples {
			b.t.Errorf("%s %s: %s", e.Code, e.Objet, e.Phrase)
		}
	}
}

// envoyerTout says that every mail has left.
func (c *conduite) envoyerTout() {
	c.t.Helper()
	for {
		es, err := c.s.EnvoisDus(c.ctx, 50, time.Minute)
		if err != nil {
			c.t.Fatal(err)
		}
		if len(es) == 0 {
			return
		}
		for _, e := range es {
			if err := c.s.NoterLettre(c.ctx, e.ID, store.Pli{Sujet: "Objet", MessageID: e.ID + "@guichet.example"}); err != nil {
				c.t.Fatal(err)
			}
			if err := c.s.NoterEnvoi(c.ctx, e.ID, time.Now()); err != nil {
				c.t.Fatal(err)
			}
		}
	}
}

// The secret of a mail is there until the mail has left or is refused for good, and
// not a moment longer; a line that cannot be read stops no other.
func TestCompteSecretDesCourriels(t *testing.T) {
	c := ouvrirComptes(t)
	id, code := c.inscrit("eloise@sorbier.test")
	autre, _ := c.inscrit("autre@sorbier.test")
	es, err := c.s.EnvoisDus(c.ctx, 10, time.Minute)
	if err != nil || len(es) != 2 {
		t.Fatalf("got %d lines, %v; want two", len(es), err)
	}
	for _, e := range es {
		if e.Compte == nil || e.Compte.Courrier.Secret == "" || e.Courriel != e.Compte.Courrier.A || e.ID != e.Compte.ID {
			t.Fatalf("got %+v, want the mail of an account with its code", e)
		}
		definitif := e.Compte.CompteID == autre
		if err := c.s.NoterEchec(c.ctx, e.ID, e.Bail, definitif, "451 plus tard", time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.secret(id, opco.CourrierCode); got != code {
		t.Errorf("got %q, want the code kept until the mail leaves", got)
	}
	if got := c.secret(autre, opco.CourrierCode); got != "" {
		t.Errorf("got %q, want no secret in a mail refused for good", got)
	}
	c.s.DB.MustExec(`UPDATE courrier SET prochain = now() WHERE etat = 'A_ENVOYER'`)
	c.s.DB.MustExec(`INSERT INTO courrier (id, objet, rang, evenement, pour, adresse, donnees, le, sorte)
		VALUES ('perdu', 'compte/x', 1, 'CODE_ACTIVATION', 'compte', 'x@y.test', '"illisible"', now(), 'compte')`)
	if es, err = c.s.EnvoisDus(c.ctx, 10, time.Minute); err != nil || len(es) != 1 || es[0].Compte.CompteID != id {
		t.Fatalf("got %+v, %v; want the readable line alone", es, err)
	}
	c.compter(1, `SELECT count(*) FROM courrier WHERE id = 'perdu' AND etat = 'REFUSE' AND erreur <> ''`)
	c.compter(1, `SELECT count(*) FROM incident WHERE activite = 'courrier/perdu' AND clos_le IS NULL`)
	if err := c.s.NoterEnvoi(c.ctx, es[0].ID, time.Now()); err != nil {
		t.Fatal(err)
	}
	if got := c.secret(id, opco.CourrierCode); got != "" {
		t.Errorf("got %q, want no secret in a mail that left", got)
	}
}

// What is written to a role goes to each of its holders; one who has no address, or
// whose role is cut, gets none.
func TestCompteCourrierAUnRole(t *testing.T) {
	c := ouvrirComptes(t)
	c.s.DB.MustExec(`UPDATE role_agent SET coupee = true WHERE role = 'conseiller' AND personne = 'personne-conseiller2'`)
	id := c.actif("eloise@sorbier.test")
	c.a("2026-06-04 10:00:00")
	c.echoirCompte(id)
	var adresses string
	err := c.s.DB.Get(&adresses, `SELECT string_agg(adresse, ',' ORDER BY adresse) FROM courrier WHERE objet = $1 AND evenement = 'HABILITATIONS_EN_RETARD'`,
		opco.ObjetCompte(id))
	if err != nil || adresses != "conseiller@opco-demo.test" {
		t.Errorf("got %q, %v; want the conseiller whose role is not cut", adresses, err)
	}
}

// The first accord that names an organisme without an account opens one; a second
// opens nothing; without an address, an incident says who must give one.
func TestAccordOuvreLEspaceDeLOrganisme(t *testing.T) {
	c := ouvrirComptes(t)
	siret := siretDe(7)
	fiche := store.FicheOrganisme{Organisme: opco.Organisme{SIREN: siret.SIREN(), Nom: "Pédagogie Nouvelle Bis", NDA: "11756099975", NDAActive: true,
		SubrogationAutorisee: true, Qualiopi: []opco.Qualiopi{{Nature: opco.NatureFormation, Du: "2024-01-01"}}}, Code: "OFX", Sites: []opco.SIRET{siret}}
	c.ecrireOrganisme(fiche)
	objet := "organisme/" + string(siret.SIREN())
	sans := c.accorderA(siret, 1)
	c.compter(0, `SELECT count(*) FROM organisme_ouvert`)
	c.compter(1, `SELECT count(*) FROM incident WHERE objet = $1 AND clos_le IS NULL AND erreur LIKE '%gestionnaire%'`, objet)
	c.compter(0, `SELECT count(*) FROM acte WHERE type = 'ouvrir_compte'`)
	fiche.Email = "rose@sorbier.test"
	c.actif(opco.Email(fiche.Email))
	c.ecrireOrganisme(fiche)
	c.accorderA(siret, 5)
	c.compter(0, `SELECT count(*) FROM acte WHERE type = 'ouvrir_compte'`)
	c.compter(1, `SELECT count(*) FROM incident WHERE objet = $1 AND clos_le IS NULL AND erreur LIKE '%conseiller%'`, objet)
	fiche.Email = "contact@pedagogie.test"
	c.ecrireOrganisme(fiche)
	premier := c.accorderA(siret, 2)
	var id string
	if err := c.s.DB.Get(&id, `SELECT compte FROM organisme_ouvert WHERE siren = $1`, siret.SIREN()); err != nil {
		t.Fatal(err)
	}
	c.compter(1, `SELECT count(*) FROM acte WHERE objet = $1 AND type = 'ouvrir_compte' AND etat = 'recu'`, opco.ObjetCompte(id))
	actes, err := c.s.EnAttente(c.ctx, time.Hour, 10)
	if err != nil || len(actes) != 1 || actes[0].Objet != opco.ObjetCompte(id) {
		t.Fatalf("got %v, %v; want the opening sent at once by the relay", actes, err)
	}
	c.accorderA(siret, 3)
	c.inscrireActe(id, actes[0].ID)
	c.accorderA(siret, 4)
	c.compter(1, `SELECT count(*) FROM acte WHERE type = 'ouvrir_compte'`)
	x := c.unCompte(id)
	if x.Etat != opco.CompteProvisoire || x.Identifiant != "OFX-0001" || x.Origine != opco.OrigineOPCO || string(x.Email) != fiche.Email {
		t.Errorf("got %s %q %s %q, want a provisional account", x.Etat, x.Identifiant, x.Origine, x.Email)
	}
	c.compter(0, `SELECT count(*) FROM incident WHERE objet = $1 AND clos_le IS NULL`, objet)
	mot := c.secret(id, opco.CourrierProvisoire)
	var hache string
	if err := c.s.DB.Get(&hache, `SELECT mot_de_passe FROM utilisateur WHERE identifiant = 'ofx-0001'`); err != nil {
		t.Fatal(err)
	}
	if ok, err := store.ComparerMotDePasse(mot, hache); err != nil || !ok {
		t.Errorf("the provisional password of the mail does not open the account: %v", err)
	}
	var dossier string
	if err := c.s.DB.Get(&dossier, `SELECT donnees #>> '{courrier,dossier}' FROM courrier WHERE objet = $1`, opco.ObjetCompte(id)); err != nil {
		t.Fatal(err)
	}
	if dossier != c.numero(premier) || dossier == c.numero(sans) {
		t.Errorf("got dossier %q in the mail, want the one whose accord opened the account", dossier)
	}
	c.a("2026-06-20 10:00:00")
	c.echoirCompte(id)
	c.compter(0, `SELECT count(*) FROM utilisateur WHERE compte = $1`, id)
	(&baseVerifiee{conduite: c}).tenir(id)
}

func (c *conduite) ecrireOrganisme(f store.FicheOrganisme) {
	c.t.Helper()
	if err := c.s.EcrireOrganisme(c.ctx, f); err != nil {
		c.t.Fatal(err)
	}
}

// accorderA decides a dossier of E1 that names an organisme, and returns its id.
func (c *conduite) accorderA(of opco.SIRET, jour int) string {
	c.t.Helper()
	d := demande()
	d.Organisme.SIRET, d.Organisme.Email = of, "quelqu.un@ailleurs.test" // the company says so: nothing leaves there
	d.Debut = opco.Date(fmt.Sprintf("2026-09-%02d", jour))
	d.Fin = d.Debut
	d.Duree, d.Lignes = 7*60, []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 30000}}
	d.Stagiaires = []opco.Stagiaire{{ID: "s1", Nom: fmt.Sprintf("Stagiaire%c", 'A'+jour), Prenom: "Zoé", Heures: 7 * 60, Peda: 30000}}
	id := c.deposer(d, e1)
	i := c.faire(id, opco.ActeDecider, ges, opco.ChargeDecider{})
	if i.Resume.Etat == opco.EtatEnValidation {
		i = c.faire(id, opco.ActeValider, res, opco.ChargeDecider{})
	}
	if e := i.Resume.Etat; e != opco.EtatAccordee && e != opco.EtatAccordeePartielle {
		c.t.Fatalf("got %s, want an accord", e)
	}
	return id
}

func (c *conduite) numero(dossier string) (n string) {
	c.t.Helper()
	if err := c.s.DB.Get(&n, `SELECT numero FROM dossier WHERE id = $1`, dossier); err != nil {
		c.t.Fatal(err)
	}
	return n
}

// Two roles that exclude each other are refused on the person, through whichever
// account, with a sentence.
func TestCompteRolesIncompatibles(t *testing.T) {
	c := ouvrirComptes(t)
	admin := c.agentDemo("admin")
	ges := c.agentDemo("gestionnaire")
	role := func(compte string, r opco.Role) envoi {
		return envoi{compte: compte, t: opco.ActeAccorderRole, par: acteurDe(admin), via: admin.ID, charge: opco.ChargeRole{Role: r, Raison: "Renfort."}}
	}
	c.appliquer(role(ges.ID, opco.RoleConseiller))
	r := c.agir(role(ges.ID, opco.RoleComptable))
	if r.Verdict != opco.VerdictRefuse || r.Genre != opco.Conflict {
		t.Errorf("got %s %s, want comptable refused to who examines", r.Verdict, r.Genre)
	}
	id := uuid.NewString()
	r = c.agir(envoi{compte: id, t: opco.ActeCreerAgent, par: acteurDe(admin), via: admin.ID, charge: opco.ChargeAgent{Identifiant: "claire.bis",
		Identite: opco.Identite{Civilite: "Mme", Nom: "Morin", Prenom: "Claire", Email: "claire.bis@opco-demo.test"}, Personne: ges.Personne,
		Role: opco.RoleComptable}})
	if r.Verdict != opco.VerdictRefuse || r.Code != "ROLES_INCOMPATIBLES" || !strings.Contains(r.Phrase, "instruire et payer") {
		t.Errorf("got %s %s « %s », want a second account of the same person refused", r.Verdict, r.Code, r.Phrase)
	}
	c.compter(0, `SELECT count(*) FROM role_agent WHERE personne = $1 AND role = 'comptable'`, ges.Personne)
}

// An account taken over again as it is changes nothing but its password; taken over
// otherwise, the former one is closed and its sessions and keys end.
func TestCompteReprise(t *testing.T) {
	c := ouvrirComptes(t)
	u := store.Utilisateur{Identifiant: "Rose", Personne: "p-rose", Nom: "Sorbier", Prenom: "Rose", Role: opco.RoleEntreprise,
		SIRETs: []string{"99900101900010"}, MotDePasse: hacheEssai, Actif: true}
	ecrire := func(cle string) store.Utilisateur {
		t.Helper()
		if err := c.s.EcrireUtilisateur(c.ctx, u, cle); err != nil {
			t.Fatal(err)
		}
		lu, err := c.s.Utilisateur(c.ctx, "rose")
		if err != nil {
			t.Fatal(err)
		}
		return lu
	}
	un := ecrire("cle-une")
	u.MotDePasse = "autre"
	deux := ecrire("cle-une")
	if deux.Compte != un.Compte || deux.MotDePasse != "autre" || c.unCompte(un.Compte).Rang != 1 {
		t.Errorf("got account %s then %s, want the same with its new password and one line of journal", un.Compte, deux.Compte)
	}
	u.SIRETs = []string{"99900101900028"}
	trois := ecrire("cle-deux")
	if trois.Compte == un.Compte || trois.SIRETs[0] != "99900101900028" || c.unCompte(un.Compte).Etat != opco.CompteClos {
		t.Errorf("got %s on %v, want another account and the former one closed", trois.Compte, trois.SIRETs)
	}
	if _, err := c.s.UtilisateurDeCle(c.ctx, "cle-une"); !errors.Is(err, opco.NotFound) {
		t.Errorf("got %v, want the key of the former account closed", err)
	}
	if x, err := c.s.UtilisateurDeCle(c.ctx, "cle-deux"); err != nil || x.Compte != trois.Compte {
		t.Errorf("got %v, want the new key to open the new account", err)
	}
	(&baseVerifiee{conduite: c}).tenir("")
}

// The accounts of before are taken over once, with their passwords and their keys.
func TestReprendreComptes(t *testing.T) {
	c := ouvrirComptes(t)
	c.s.DB.MustExec(`INSERT INTO personne (id, nom, prenom) VALUES ('p-avant', 'Avant', 'Anne')`)
	c.s.DB.MustExec(`INSERT INTO utilisateur (identifiant, personne, mot_de_passe) VALUES ('avant', 'p-avant', 'h1'), ('parti', 'p-avant', 'h2')`)
	c.s.DB.MustExec(`INSERT INTO cle_api (empreinte, identifiant, libelle) VALUES ('e', 'avant', 'paie')`)
	c.s.DB.MustExec(`INSERT INTO reprise_compte (identifiant, personne, role, sirets, actif)
		VALUES ('avant', 'p-avant', 'organisme', '{99900136500017}', true), ('parti', 'p-avant', 'gestionnaire', '{}', false)`)
	for range 2 {
		if err := c.s.ReprendreComptes(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	u, err := c.s.Utilisateur(c.ctx, "avant")
	if err != nil || u.MotDePasse != "h1" || u.Role != opco.RoleOrganisme || len(u.SIRETs) != 1 {
		t.Errorf("got %+v, %v; want the account with its right and its password", u, err)
	}
	c.compter(1, `SELECT count(*) FROM cle_api WHERE identifiant = 'avant'`)
	c.compter(0, `SELECT count(*) FROM reprise_compte`)
	if _, err := c.s.Utilisateur(c.ctx, "parti"); !errors.Is(err, opco.NotFound) {
		t.Errorf("got %v, want no way in for who had left", err)
	}
	(&baseVerifiee{conduite: c}).tenir("")
}

// The advisor of the demonstration finds requests with their evidence; loading them
// again changes nothing.
func TestDemandesDeLaDemonstration(t *testing.T) {
	c := ouvrirComptes(t)
	for range 2 {
		if err := c.s.ChargerDemandesDemo(c.ctx); err != nil {
			t.Fatal(err)
		}
	}
	c.compter(5, `SELECT count(DISTINCT compte) FROM habilitation WHERE etat = 'A_VALIDER'`)
	c.compter(11, `SELECT count(*) FROM habilitation WHERE etat = 'A_VALIDER'`)
	c.compter(3, `SELECT count(*) FROM compte c, jsonb_array_elements(c.contenu -> 'preuves') p WHERE NOT (p ->> 'concorde')::boolean`)
	(&baseVerifiee{conduite: c}).tenir("")
}

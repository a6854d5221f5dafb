package opco_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/opco"
)

var rose = opco.Acteur{Personne: "p-rose", Nom: "Rose Martin", Role: opco.RoleEntreprise}

// administratrice is the account of Rose: she manages the users of the first site of E1
// and its dossiers; she handles the dossiers of the second site only by mandate.
func administratrice() *opco.Compte {
	h := func(s opco.SIRET, x opco.Service) opco.Habilitation {
		return opco.Habilitation{ID: cle(opco.RoleEntreprise, s, x), Profil: opco.RoleEntreprise, SIRET: s, Service: x, Etat: opco.HabAccordee}
	}
	parMandat := h(siretE1b, opco.ServiceDossiers)
	parMandat.Mandat, parMandat.Du, parMandat.Au = true, "2026-01-01", "2026-12-31"
	return &opco.Compte{ID: "rose", Personne: "p-rose", Etat: opco.CompteActif, Identite: opco.Identite{Nom: "Martin", Prenom: "Rose", Email: "rose@sorbier.example"},
		Habilitations: []opco.Habilitation{h(siretE1, opco.ServiceUtilisateurs), h(siretE1, opco.ServiceDossiers), h(siretE1b, opco.ServiceUtilisateurs), parMandat}}
}

func parRose(f *opco.FaitsCompte) { f.Auteur = administratrice() }

func droit(s opco.SIRET, x opco.Service) opco.DroitDonne {
	return opco.DroitDonne{Profil: opco.RoleEntreprise, SIRET: s, Service: x}
}

func mandat(s opco.SIRET, x opco.Service, du, au opco.Date) opco.DroitDonne {
	return opco.DroitDonne{Profil: opco.RoleEntreprise, SIRET: s, Service: x, Du: du, Au: au, Mandat: true}
}

func invitation(ds ...opco.DroitDonne) opco.ChargeInviter {
	return opco.ChargeInviter{Identite: opco.Identite{Civilite: "Mme", Nom: "Nguyen", Prenom: "Élodie", Email: "elodie@sorbier.example"}, Droits: ds}
}

// C14, AK-54: an administrator gives what she holds, where she administers; a mandate
// is dated, at most 24 months, and never lets its holder name others.
func TestDonnerDroits(t *testing.T) {
	tests := []struct {
		nom    string
		poser  func(*opco.FaitsCompte)
		par    opco.Acteur
		droit  opco.DroitDonne
		kind   opco.Kind
		phrase string
	}{
		{"what she holds", parRose, rose, droit(siretE1, opco.ServiceDossiers), "", ""},
		{"another administrator", parRose, rose, droit(siretE1, opco.ServiceUtilisateurs), "", ""},
		{"reading what she handles", parRose, rose, droit(siretE1, opco.ServiceLecture), "", ""},
		{"a service she has not", parRose, rose, droit(siretE1, opco.ServiceContributions), opco.Forbidden, "avoir ce droit vous-même"},
		{"what she holds by mandate only", parRose, rose, droit(siretE1b, opco.ServiceDossiers), opco.Forbidden, "avoir ce droit vous-même"},
		{"another company", parRose, rose, droit("99900108400014", opco.ServiceDossiers), opco.Forbidden, "administrer cet établissement"},
		{"an administrator no more", func(f *opco.FaitsCompte) {
			parRose(f)
			f.Auteur.Habilitations[0].Etat = opco.HabRetiree
		}, rose, droit(siretE1, opco.ServiceDossiers), opco.Forbidden, "administrer"},
		{"an administrator from tomorrow", func(f *opco.FaitsCompte) {
			parRose(f)
			f.Auteur.Habilitations[0].Du = "2026-06-11"
		}, rose, droit(siretE1, opco.ServiceDossiers), opco.Forbidden, "administrer"},
		{"without account", nil, rose, droit(siretE1, opco.ServiceDossiers), opco.Forbidden, "administrer"},
		{"by the OPCO", nil, ines, droit("99900108400014", opco.ServiceDossiers), "", ""},
		{"by the OPCO, a declared link", func(f *opco.FaitsCompte) { f.Liens = []opco.SIREN{"999001084"} }, ines, droit("99900108400014", opco.ServiceDossiers), opco.Forbidden, "lien"},
		{"to herself", parRose, opco.Acteur{Personne: "c1", Role: opco.RoleEntreprise}, droit(siretE1, opco.ServiceDossiers), opco.Forbidden, "le vôtre"},
		{"a mandate of 24 months", parRose, rose, mandat(siretE1, opco.ServiceDossiers, "2026-06-10", "2028-06-09"), "", ""},
		{"a mandate of a day more", parRose, rose, mandat(siretE1, opco.ServiceDossiers, "2026-06-10", "2028-06-10"), opco.Invalid, "9 juin 2028"},
		{"a mandate of one day", parRose, rose, mandat(siretE1, opco.ServiceDossiers, "2026-06-10", "2026-06-10"), "", ""},
		{"a mandate from yesterday", parRose, rose, mandat(siretE1, opco.ServiceDossiers, "2026-06-09", "2026-12-31"), opco.Invalid, "déjà passé"},
		{"a mandate that ends before it starts", parRose, rose, mandat(siretE1, opco.ServiceDossiers, "2026-06-12", "2026-06-11"), opco.Invalid, "avant le premier"},
		{"a mandate without end", parRose, rose, mandat(siretE1, opco.ServiceDossiers, "2026-06-12", ""), opco.Invalid, "dernier jour"},
		{"a mandate over users", parRose, rose, mandat(siretE1, opco.ServiceUtilisateurs, "2026-06-12", "2026-07-12"), opco.Invalid, "ne permet pas"},
		{"a SIRET that does not exist", parRose, rose, droit("99900101900011", opco.ServiceDossiers), opco.Invalid, "SIRET"},
		{"a service of organismes", parRose, rose, droit(siretE1, opco.ServicePaiements), opco.Invalid, "service"},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := enFile(t)
			v.poser = tt.poser
			err := v.acte("2026-06-10 09:00", opco.ActeDonnerDroits, tt.par, opco.ChargeInviter{Droits: []opco.DroitDonne{tt.droit}})
			if tt.kind != "" {
				refuse(t, err, tt.kind, tt.phrase)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			v.attendre(opco.CompteActif)
			if m := v.dernier(opco.CourrierDroitsDonnes); m.Par != tt.par.Nom || len(m.Habilitations) != 1 {
				t.Errorf("mail: %+v", m)
			}
			refuse(t, v.acte("2026-06-10 09:01", opco.ActeDonnerDroits, tt.par, opco.ChargeInviter{Droits: []opco.DroitDonne{tt.droit}}), opco.Conflict, "déjà le droit")
		})
	}
}

// An invited colleague proves the address, chooses a password, accepts the terms, and
// has the rights given at once. Fifteen days, to the second.
func TestInviter(t *testing.T) {
	invite := func(t *testing.T, ds ...opco.DroitDonne) *vieCompte {
		v := naitreCompte(t, "2026-06-10 09:00")
		v.poser = parRose
		return v.fait("2026-06-10 09:00", opco.ActeInviter, rose, invitation(ds...)).attendre(opco.CompteEmailAConfirmer)
	}
	t.Run("comes in", func(t *testing.T) {
		v := invite(t, droit(siretE1, opco.ServiceDossiers))
		m := v.dernier(opco.CourrierInvitation)
		if m.Par != "Rose Martin" || m.Expire != aParis(t, "2026-06-26 00:00") || len(m.Habilitations) != 1 || v.c.Habilitations[0].Effective("2026-06-10") {
			t.Errorf("mail: %+v", m)
		}
		c := code(m.Secret)
		refuse(t, v.acte("2026-06-25 23:59:58", opco.ActeConfirmerEmail, demandeur, c), opco.Invalid, "conditions")
		c.Version = "v1"
		v.fait("2026-06-25 23:59:59", opco.ActeConfirmerEmail, demandeur, c).attendre(opco.CompteActif)
		if !v.c.Habilitations[0].Effective("2026-06-25") || v.c.CGU == nil || len(v.courrier) != 1 {
			t.Errorf("got %s, mails %v", v.droits(), v.envois())
		}
	})
	t.Run("too late, then invited again", func(t *testing.T) {
		v := invite(t, droit(siretE1, opco.ServiceDossiers))
		v.jusque("2026-06-26 00:00").attendre(opco.CompteExpire)
		refuse(t, v.acte("2026-06-26 09:00", opco.ActeRenvoyerCode, ines, nil), opco.Forbidden, "rôle")
		v.poser = nil
		refuse(t, v.acte("2026-06-26 09:00", opco.ActeRenvoyerCode, rose, nil), opco.Forbidden, "pas invité")
		v.poser = parRose
		v.fait("2026-06-26 09:00", opco.ActeRenvoyerCode, rose, nil).attendre(opco.CompteEmailAConfirmer)
		if m := v.dernier(opco.CourrierInvitation); m.Expire != aParis(t, "2026-07-12 00:00") {
			t.Errorf("mail: %+v", m)
		}
	})
	t.Run("erased thirty days after its last day", func(t *testing.T) {
		v := invite(t, droit(siretE1, opco.ServiceDossiers))
		v.jusque("2026-07-25 23:59:59").attendre(opco.CompteExpire).jusque("2026-07-26 00:00").attendre(opco.CompteClos)
	})
	t.Run("the invitation is taken back", func(t *testing.T) {
		v := invite(t, droit(siretE1, opco.ServiceDossiers))
		v.fait("2026-06-11 09:00", opco.ActeRetirerDroits, rose, opco.ChargeDroits{Habilitations: []string{dossiers1}, Raison: "Erreur de destinataire"})
		c := code(v.dernier(opco.CourrierInvitation).Secret)
		c.Version = "v1"
		v.fait("2026-06-12 09:00", opco.ActeConfirmerEmail, demandeur, c).attendre(opco.CompteActifLimite)
	})
	t.Run("no disclosure of an account that exists", func(t *testing.T) {
		v := naitreCompte(t, "2026-06-10 09:00")
		v.poser = func(f *opco.FaitsCompte) { parRose(f); f.EmailPris = true }
		v.fait("2026-06-10 09:00", opco.ActeInviter, rose, invitation(droit(siretE1, opco.ServiceDossiers))).attendre(opco.CompteExpire)
		v.dernier(opco.CourrierDejaInscrit)
	})
}

// A mandate ends at the end of its last day; both are told. Renewed before, it goes on.
func TestMandat(t *testing.T) {
	debut := func() *vieCompte {
		v := enFile(t)
		v.poser = parRose
		v.fait("2026-06-10 09:00", opco.ActeDonnerDroits, rose, opco.ChargeInviter{Droits: []opco.DroitDonne{mandat(siretE1, opco.ServiceDossiers, "2026-06-15", "2026-09-30")}})
		v.courrier = nil
		return v
	}
	v := debut()
	h, _ := v.c.Habilitation(dossiers1)
	for jour, want := range map[opco.Date]bool{"2026-06-14": false, "2026-06-15": true, "2026-09-30": true, "2026-10-01": false} {
		if h.Effective(jour) != want {
			t.Errorf("effective on %s: got %t", jour, !want)
		}
	}
	v.jusque("2026-09-30 23:59:59").attendre(opco.CompteActif).jusque("2026-10-01 00:00").attendre(opco.CompteActifLimite)
	var a []string
	for _, m := range v.courrier {
		if m.Evenement == opco.CourrierMandatFini {
			a = append(a, string(m.A)+" "+m.le.In(opco.Paris).Format("2006-01-02 15:04"))
		}
	}
	if !slices.Equal(a, []string{"paul-aurelien.kerbrat@sorbier.example 2026-10-01 00:00", "rose@sorbier.example 2026-10-01 00:00"}) || !v.effets.CouperSessions {
		t.Errorf("told: %v; %+v", a, v.effets)
	}
	refuse(t, v.acte("2026-10-02 09:00", opco.ActeRedemanderDroit, titulaire, opco.ChargeDroits{Habilitations: []string{dossiers1}}), opco.Conflict, "mandat")

	v = debut()
	v.fait("2026-06-10 10:00", opco.ActeDonnerDroits, rose, opco.ChargeInviter{Droits: []opco.DroitDonne{mandat(siretE1, opco.ServiceLecture, "2026-06-15", "2026-10-31")}})
	v.jusque("2026-10-01 00:00").attendre(opco.CompteActif).jusque("2026-11-01 00:00").attendre(opco.CompteActifLimite)

	v = debut()
	v.fait("2026-09-15 09:00", opco.ActeDonnerDroits, rose, opco.ChargeInviter{Droits: []opco.DroitDonne{mandat(siretE1, opco.ServiceDossiers, "2026-09-15", "2026-12-31")}})
	v.jusque("2026-12-31 23:59:59").attendre(opco.CompteActif).jusque("2027-01-01 00:00").attendre(opco.CompteActifLimite)
}

// A right that nobody asked for opens an espace apart: what its holder had stays what
// they come into, and who gave it has no hold on it.
func TestDroitRecu(t *testing.T) {
	const e2 opco.SIRET = "99900108400014"
	autre := func(f *opco.FaitsCompte) {
		parRose(f)
		for i := range f.Auteur.Habilitations {
			f.Auteur.Habilitations[i].SIRET = e2
		}
	}
	recu := func(v *vieCompte, id string) bool { h, _ := v.c.Habilitation(id); return h.Recue }
	dossiers, lecture := cle(opco.RoleEntreprise, e2, opco.ServiceDossiers), cle(opco.RoleEntreprise, e2, opco.ServiceLecture)
	v := enFile(t).fait("2026-06-02 09:00", opco.ActeDeciderDroits, ines, accords(dossiers1, dossiers2))
	v.poser = autre
	v.fait("2026-06-03 09:00", opco.ActeDonnerDroits, rose, opco.ChargeInviter{Droits: []opco.DroitDonne{droit(e2, opco.ServiceDossiers)}})
	v.poser = autre
	v.fait("2026-06-03 09:01", opco.ActeDonnerDroits, rose, opco.ChargeInviter{Droits: []opco.DroitDonne{droit(e2, opco.ServiceLecture)}})
	if !recu(v, dossiers) || !recu(v, lecture) || recu(v, dossiers1) {
		t.Errorf("got %+v", v.c.Habilitations)
	}
	v.poser = autre
	v.fait("2026-06-04 09:00", opco.ActeRetirerDroits, rose, opco.ChargeDroits{Habilitations: []string{dossiers}, Raison: "Départ"}).attendre(opco.CompteActif)
	if !slices.Equal(v.effets.Espaces, []string{"entreprise:999001084"}) {
		t.Errorf("sessions cut in %v", v.effets.Espaces)
	}
	v.fait("2026-06-05 09:00", opco.ActeDonnerDroits, ines, opco.ChargeInviter{Droits: []opco.DroitDonne{droit(e2, opco.ServiceContributions)}})
	if recu(v, cle(opco.RoleEntreprise, e2, opco.ServiceContributions)) {
		t.Error("a right given by the OPCO is taken for one that nobody checked")
	}
	v.poser = parRose // her own company gives more: no other espace
	v.fait("2026-06-06 09:00", opco.ActeDonnerDroits, rose, opco.ChargeInviter{Droits: []opco.DroitDonne{droit(siretE1, opco.ServiceLecture)}})
	if recu(v, cle(opco.RoleEntreprise, siretE1, opco.ServiceLecture)) {
		t.Error("a right of one's own company is taken for a stranger's")
	}
}

// C13: who may withdraw, and what it does.
func TestRetirerDroits(t *testing.T) {
	tests := []struct {
		nom    string
		par    opco.Acteur
		poser  func(*opco.FaitsCompte)
		ids    []string
		raison string
		kind   opco.Kind
		phrase string
		etat   opco.Etat
	}{
		{"a conseiller, one of two", ines, nil, []string{dossiers1}, "Départ de l’entreprise", "", "", opco.CompteActif},
		{"a responsable, all", remi, nil, []string{dossiers1, dossiers2}, "Fraude", "", "", opco.CompteActifLimite},
		{"the administrator of the company", rose, parRose, []string{dossiers1, dossiers2}, "Départ", "", "", opco.CompteActifLimite},
		{"somebody else's administrator", rose, func(f *opco.FaitsCompte) {
			parRose(f)
			for i := range f.Auteur.Habilitations {
				f.Auteur.Habilitations[i].SIRET = "99900108400014"
			}
		}, []string{dossiers1}, "Départ", opco.Forbidden, "n’administrez pas", ""},
		{"the administrator of another établissement of the company", rose, func(f *opco.FaitsCompte) {
			parRose(f)
			f.Auteur.Habilitations = f.Auteur.Habilitations[2:]
		}, []string{dossiers1}, "Départ", opco.Forbidden, "de l’établissement", ""},
		{"no reason", ines, nil, []string{dossiers1}, " ", opco.Invalid, "pourquoi", ""},
		{"not granted", ines, nil, []string{contributions1}, "Départ", opco.Conflict, "rien à retirer", ""},
		{"a gestionnaire", gael, nil, []string{dossiers1}, "Départ", opco.Forbidden, "rôle", ""},
		{"a declared link", ines, func(f *opco.FaitsCompte) { f.Liens = []opco.SIREN{"999001019"} }, []string{dossiers1}, "Départ", opco.Forbidden, "lien", ""},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := enFile(t).fait("2026-06-02 09:00", opco.ActeDeciderDroits, ines, accords(dossiers1, dossiers2))
			v.poser = tt.poser
			err := v.acte("2026-06-10 09:00", opco.ActeRetirerDroits, tt.par, opco.ChargeDroits{Habilitations: tt.ids, Raison: tt.raison})
			if tt.kind != "" {
				refuse(t, err, tt.kind, tt.phrase)
				v.attendre(opco.CompteActif)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			v.attendre(tt.etat)
			if m := v.dernier(opco.CourrierDroitsRetires); m.Phrase != tt.raison || len(m.Habilitations) != len(tt.ids) || !v.effets.CouperSessions {
				t.Errorf("mail %+v; %+v", m, v.effets)
			}
			for _, id := range tt.ids {
				if h, _ := v.c.Habilitation(id); h.Etat != opco.HabRetiree || h.Effective("2026-06-10") {
					t.Errorf("got %+v", h)
				}
			}
		})
	}
}

// A company keeps an administrator: the last one is not withdrawn by himself, but the
// OPCO may.
func TestDernierAdministrateur(t *testing.T) {
	id := cle(opco.RoleEntreprise, siretE1, opco.ServiceUtilisateurs)
	v := enFile(t).fait("2026-06-10 09:00", opco.ActeDonnerDroits, ines, opco.ChargeInviter{Droits: []opco.DroitDonne{droit(siretE1, opco.ServiceUtilisateurs)}})
	soi := opco.Acteur{Personne: "c1", Nom: "Paul", Role: opco.RoleEntreprise}
	seul := func(n int) func(*opco.FaitsCompte) {
		return func(f *opco.FaitsCompte) {
			f.Auteur, f.AutresResponsables = v.c, map[string]int{opco.CleEtablissement(opco.RoleOrganisme, siretE1): 9, opco.CleEtablissement(opco.RoleEntreprise, "99900101900028"): 9, opco.CleEtablissement(opco.RoleEntreprise, siretE1): n}
		}
	}
	v.poser = seul(0)
	refuse(t, v.acte("2026-06-11 09:00", opco.ActeRetirerDroits, soi, opco.ChargeDroits{Habilitations: []string{id}, Raison: "Départ"}), opco.Conflict, "dernier administrateur")
	v.poser = seul(1)
	v.fait("2026-06-11 09:00", opco.ActeRetirerDroits, soi, opco.ChargeDroits{Habilitations: []string{id}, Raison: "Départ"})
	v.fait("2026-06-12 09:00", opco.ActeRedemanderDroit, soi, opco.ChargeDroits{Habilitations: []string{id}}).jusque("2026-06-12 09:00")
	v.fait("2026-06-12 10:00", opco.ActeDeciderDroits, ines, accords(id))
	v.poser = seul(0)
	v.fait("2026-06-12 11:00", opco.ActeRetirerDroits, ines, opco.ChargeDroits{Habilitations: []string{id}, Raison: "Litige"})
}

// C20, C21, MA-71: a lost password, a lock-out, a change, second factors.
func TestAcces(t *testing.T) {
	v := enFile(t).fait("2026-06-02 10:00", opco.ActeDemanderReinit, demandeur, nil)
	premier := v.dernier(opco.CourrierReinitialisation)
	if premier.Expire.Sub(v.le) != time.Hour || len(premier.Secret) != 26 {
		t.Errorf("mail: %+v", premier)
	}
	v.fait("2026-06-02 10:30", opco.ActeDemanderReinit, demandeur, nil)
	second := v.dernier(opco.CourrierReinitialisation).Secret
	refuse(t, v.acte("2026-06-02 10:31", opco.ActeReinitialiser, demandeur, code(premier.Secret)), opco.Invalid, "lien n’est pas le bon")
	refuse(t, v.acte("2026-06-02 11:30:00", opco.ActeReinitialiser, demandeur, code(second)), opco.Conflict, "expiré")
	v.fait("2026-06-02 11:31", opco.ActeDemanderReinit, demandeur, nil)
	troisieme := v.dernier(opco.CourrierReinitialisation).Secret
	v.poser = func(f *opco.FaitsCompte) { f.MotDePasse = false }
	refuse(t, v.acte("2026-06-02 11:32", opco.ActeReinitialiser, demandeur, code(troisieme)), opco.Invalid, "Choisissez un mot de passe")
	v.poser = nil
	v.fait("2026-06-02 12:30:59", opco.ActeReinitialiser, demandeur, code(troisieme))
	if e := v.effets; !e.PoserMotDePasse || !e.CouperSessions || e.SaufCelleCi {
		t.Errorf("effects: %+v", e)
	}
	refuse(t, v.acte("2026-06-02 12:31", opco.ActeReinitialiser, demandeur, code(troisieme)), opco.Conflict, "ne sert plus")

	v.fait("2026-06-03 09:00", opco.ActeChangerMotDePasse, titulaire, nil)
	if e := v.effets; !e.PoserMotDePasse || !e.CouperSessions || !e.SaufCelleCi {
		t.Errorf("effects: %+v", e)
	}
	v.fait("2026-06-03 10:00", opco.ActeSignalerBlocage, opco.ActeurSysteme(), opco.ChargeBlocage{Echecs: 5, Jusque: "2026-06-03T08:15:00Z"})
	if m := v.dernier(opco.CourrierBlocage); m.Expire != aParis(t, "2026-06-03 10:15") {
		t.Errorf("lock-out: %+v", m)
	}
	v.fait("2026-06-03 11:00", opco.ActeModifierCompte, titulaire, opco.ChargeModifier{Civilite: "Mme", Nom: "Kerbrat", Prenom: "Paule"})
	if v.c.NomComplet() != "Paule Kerbrat" {
		t.Errorf("got %s", v.c.NomComplet())
	}
	refuse(t, v.acte("2026-06-03 11:00", opco.ActeModifierCompte, titulaire, opco.ChargeModifier{Civilite: "Mme", Prenom: "Paule"}), opco.Invalid, "nom")
	v.fait("2026-06-04 09:00", opco.ActeChangerFacteur, titulaire, opco.ChargeFacteur{Facteur: "TOTP"})
	refuse(t, v.acte("2026-06-04 09:01", opco.ActeChangerFacteur, ines, opco.ChargeFacteur{Facteur: "TOTP", Retire: true}), opco.Forbidden, "titulaire")
	v.fait("2026-06-04 09:02", opco.ActeChangerFacteur, adele, opco.ChargeFacteur{Facteur: "TOTP", Retire: true})
	if !v.effets.OterFacteurs || !strings.Contains(v.dernier(opco.CourrierFacteurChange).Phrase, "Adèle") {
		t.Errorf("effects: %+v", v.effets)
	}
	for _, m := range v.courrier {
		if m.Evenement == opco.CourrierMotDePasseChange && m.Secret != "" {
			t.Error("a mail holds a password")
		}
	}
}

// C22: closed by the person or by the OPCO; the data go thirty days later.
func TestCloreCompte(t *testing.T) {
	pret := func() *vieCompte {
		return enFile(t).fait("2026-06-02 09:00", opco.ActeDeciderDroits, ines, accords(dossiers1))
	}
	v := pret()
	refuse(t, v.acte("2026-06-10 10:00", opco.ActeCloreCompte, gael, nil), opco.Forbidden, "rôle")
	refuse(t, v.acte("2026-06-10 10:00", opco.ActeCloreCompte, ines, nil), opco.Invalid, "pourquoi")
	v.fait("2026-06-10 10:00", opco.ActeCloreCompte, titulaire, nil).attendre(opco.CompteClos)
	if e := v.effets; !e.CouperSessions || !e.OterMotDePasse || e.Purger || v.c.Habilitations[0].Etat != opco.HabRetiree {
		t.Errorf("effects: %+v; %s", e, v.droits())
	}
	v.jusque("2026-07-10 23:59:59")
	if v.c.Nom == "" {
		t.Error("erased too early")
	}
	v.jusque("2026-07-11 00:00:00")
	if v.c.Nom != "" || v.c.Email != "" || v.c.PurgeLe.IsZero() || len(v.c.Echeances) != 0 || !v.effets.Purger {
		t.Errorf("got %+v", v.c)
	}
	v = pret()
	v.fait("2026-06-10 10:00", opco.ActeCloreCompte, remi, opco.ChargeRaisonCompte{Raison: "Fraude"}).attendre(opco.CompteClos)
	if m := v.dernier(opco.CourrierCompteClos); m.Phrase != "Fraude" || m.Par != "Rémi Faure" {
		t.Errorf("mail: %+v", m)
	}
}

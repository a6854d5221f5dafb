package courrier_test

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"guichet/courrier"
	"guichet/opco"
)

const (
	compteSorbier = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a60"
	codeSorbier   = "7K3M-9QTX-B2HV"
	jetonSorbier  = "7K3M9QTXB2HV0CDEFGJKMNPQRS"
)

var nomsConnus = map[opco.SIREN]string{"999001019": "Atelier Numérique Sorbier", "999001365": "Formalia Synthèse"}

func droit(profil opco.Role, siret opco.SIRET, s opco.Service, e opco.EtatHabilitation) opco.Habilitation {
	return opco.Habilitation{ID: opco.CleHabilitation(profil, siret, s), Profil: profil, SIRET: siret, Service: s, Etat: e}
}

// S20's rights: two sites of a company, both services, and an organisme.
func droits(e opco.EtatHabilitation) []opco.Habilitation {
	return []opco.Habilitation{
		droit(opco.RoleEntreprise, "99900101900010", opco.ServiceDossiers, e),
		droit(opco.RoleEntreprise, "99900101900028", opco.ServiceDossiers, e),
		droit(opco.RoleEntreprise, "99900101900010", opco.ServiceContributions, e),
	}
}

func envoiCompte(c opco.CourrierCompte) opco.EnvoiCompte {
	if c.A == "" {
		c.A = "paul-aurelien.kerbrat@sorbier.example"
	}
	if c.Nom == "" {
		c.Nom = "Paul-Aurélien Kerbrat"
	}
	return opco.EnvoiCompte{ID: "compte." + compteSorbier + "-4-" + string(c.Evenement), CompteID: compteSorbier, Courrier: c,
		Le: time.Date(2026, 9, 3, 12, 5, 0, 0, time.UTC), Parametres: opco.ParametresDefaut(), Noms: nomsConnus}
}

// exemplesCompte has each event of accounts, and more where the text differs.
func exemplesCompte() map[string]opco.EnvoiCompte {
	soixanteDouze := time.Date(2026, 9, 6, 12, 5, 0, 0, time.UTC)
	minuit := opco.Date("2026-09-18").FinDuJour()
	refuse := droit(opco.RoleEntreprise, "99900101900028", opco.ServiceContributions, opco.HabRefusee)
	refuse.Phrase = "Cet établissement ne déclare pas de contributions : c’est le siège qui déclare. Demandez ce droit pour le siège."
	organisme := droit(opco.RoleOrganisme, "99900136500017", opco.ServicePaiements, opco.HabDemandee)
	promis := droits(opco.HabAValider)
	promis[1].Limite = "2026-09-07"
	mandat := droit(opco.RoleEntreprise, "99900101900010", opco.ServiceDossiers, opco.HabAccordee)
	mandat.Mandat, mandat.Du, mandat.Au = true, "2026-09-01", "2027-08-31"
	inconnu := droit(opco.RoleEntreprise, "99900115900014", opco.ServiceUtilisateurs, opco.HabAccordee)
	es := map[string]opco.CourrierCompte{
		"code":               {Evenement: opco.CourrierCode, Secret: codeSorbier, Expire: soixanteDouze},
		"relance":            {Evenement: opco.CourrierRelanceCode, Expire: soixanteDouze},
		"relance-code":       {Evenement: opco.CourrierRelanceCode, Secret: codeSorbier, Expire: soixanteDouze},
		"deja-inscrit":       {Evenement: opco.CourrierDejaInscrit, Identifiant: "paul-aurelien.kerbrat@sorbier.example"},
		"actif-limite":       {Evenement: opco.CourrierActifLimite, Habilitations: append(promis, organisme)},
		"actif-organisme":    {Evenement: opco.CourrierActifLimite, Habilitations: []opco.Habilitation{organisme}},
		"accordes":           {Evenement: opco.CourrierDroitsAccordes, Habilitations: droits(opco.HabAccordee)},
		"refuses":            {Evenement: opco.CourrierDroitsRefuses, Habilitations: []opco.Habilitation{refuse}},
		"precision":          {Evenement: opco.CourrierPrecision, Par: "Inès Benkirane", Phrase: "Anne-Laure Sorbier-Dumas n’est pas la responsable légale au greffe.\nDepuis quand l’est-elle ?", Habilitations: droits(opco.HabPrecision)[:1], Expire: minuit},
		"entite":             {Evenement: opco.CourrierEntiteAjoutee, Habilitations: []opco.Habilitation{promis[1]}},
		"provisoires":        {Evenement: opco.CourrierProvisoire, Nom: "Pédagogie Nouvelle", Identifiant: "OF3-0001", Secret: "Muret-48-colza!", Dossier: "26.A.31001.1", Expire: minuit},
		"provisoires-sans":   {Evenement: opco.CourrierProvisoire, Identifiant: "E1-0001", Secret: "Muret-48-colza!", Habilitations: []opco.Habilitation{inconnu}, Expire: minuit},
		"identifiant":        {Evenement: opco.CourrierIdentifiantModifie, Ancien: "OF3-0001", Identifiant: "pedagogie.nouvelle", Secret: jetonSorbier, Expire: soixanteDouze},
		"reinitialisation":   {Evenement: opco.CourrierReinitialisation, Identifiant: "pedagogie.nouvelle", Secret: jetonSorbier, Expire: time.Date(2026, 9, 3, 13, 5, 0, 0, time.UTC)},
		"mot-de-passe":       {Evenement: opco.CourrierMotDePasseChange},
		"blocage":            {Evenement: opco.CourrierBlocage, Expire: time.Date(2026, 9, 3, 12, 20, 0, 0, time.UTC)},
		"retires":            {Evenement: opco.CourrierDroitsRetires, Par: "Anne-Laure Sorbier-Dumas", Phrase: "Vous avez changé de poste.", Habilitations: droits(opco.HabRetiree)[:2]},
		"retires-opco":       {Evenement: opco.CourrierDroitsRetires, Habilitations: droits(opco.HabRetiree)[:1]},
		"invitation":         {Evenement: opco.CourrierInvitation, Par: "Anne-Laure Sorbier-Dumas", Secret: codeSorbier, Habilitations: droits(opco.HabAccordee)[:1], Expire: minuit},
		"invitation-agent":   {Evenement: opco.CourrierInvitation, Secret: codeSorbier, Role: opco.RoleGestionnaire, Expire: minuit},
		"mandat-donne":       {Evenement: opco.CourrierDroitsDonnes, Par: "Anne-Laure Sorbier-Dumas", Habilitations: []opco.Habilitation{mandat}},
		"mandat-fini":        {Evenement: opco.CourrierMandatFini, Habilitations: []opco.Habilitation{mandat}},
		"droit-fini":         {Evenement: opco.CourrierMandatFini, Habilitations: promis[:1]},
		"droit-donne-fini":   {Evenement: opco.CourrierMandatFini, Nom: "Anne-Laure Sorbier-Dumas", Par: "Paul-Aurélien Kerbrat", Habilitations: promis[:1]},
		"mandat-donne-fini":  {Evenement: opco.CourrierMandatFini, Nom: "Anne-Laure Sorbier-Dumas", Par: "Paul-Aurélien Kerbrat", Habilitations: []opco.Habilitation{mandat}},
		"clos-opco":          {Evenement: opco.CourrierCompteClos, Par: "Inès Benkirane, pour le compte de Camille Vasseur", Expire: minuit},
		"retires-delegue":    {Evenement: opco.CourrierDroitsRetires, Par: "Inès Benkirane, pour le compte de Camille Vasseur", Habilitations: droits(opco.HabRetiree)[:1]},
		"revue":              {Evenement: opco.CourrierRevue, Habilitations: droits(opco.HabAccordee)[2:], Expire: minuit},
		"suspendus":          {Evenement: opco.CourrierDroitsSuspendus, Habilitations: droits(opco.HabSuspendue)[2:]},
		"facteur":            {Evenement: opco.CourrierFacteurChange, Phrase: "Une clé d’accès est ajoutée : « Téléphone »."},
		"clos":               {Evenement: opco.CourrierCompteClos, Par: "Paul-Aurélien Kerbrat", Phrase: "Vous l’avez demandé."},
		"role-accorde":       {Evenement: opco.CourrierRoleAccorde, Role: opco.RoleComptable, Par: "Ousmane Diarra"},
		"role-retire":        {Evenement: opco.CourrierRoleRetire, Role: opco.RoleComptable, Phrase: "Vous avez changé d’équipe."},
		"autre-compte":       {Evenement: opco.CourrierAutreCompte, Role: opco.RoleConseiller, Par: "Ousmane Diarra"},
		"delegation":         {Evenement: opco.CourrierDelegation, Par: "Camille Vasseur", Phrase: "Cette absence a été déclarée par Rémi Colin.", Delegation: &opco.Delegation{Nom: "Inès Benkirane", Role: opco.RoleGestionnaire, Du: "2026-09-07", Au: "2026-09-18"}},
		"retard-conseiller":  {Evenement: opco.CourrierTacheConseiller, Role: opco.RoleConseiller, Par: "Paul-Aurélien Kerbrat", Habilitations: promis},
		"retard-responsable": {Evenement: opco.CourrierTacheConseiller, Role: opco.RoleResponsable, Par: "Paul-Aurélien Kerbrat", Habilitations: promis},
	}
	envois := map[string]opco.EnvoiCompte{}
	for nom, c := range es {
		envois[nom] = envoiCompte(c)
	}
	return envois
}

// ecrire words an event and returns its mail.
func ecrire(t *testing.T, e opco.EnvoiCompte, m courrier.Maison) courrier.Pli {
	t.Helper()
	evt, err := courrier.RedigerCompte(e)
	if err != nil {
		t.Fatal(err)
	}
	p, err := courrier.Composer(evt, m)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Every event of accounts has its words, and an example that is read here.
func TestCompteChaqueEvenement(t *testing.T) {
	vus := map[opco.Evenement]bool{}
	for _, e := range exemplesCompte() {
		vus[e.Courrier.Evenement] = true
	}
	for _, ev := range opco.EvenementsCompte() {
		if !vus[ev] {
			t.Errorf("%s has no example", ev)
		}
		if _, err := courrier.RedigerCompte(envoiCompte(opco.CourrierCompte{Evenement: ev, Secret: codeSorbier, Identifiant: "x"})); err != nil {
			t.Errorf("%s has no words: %v", ev, err)
		}
	}
}

func TestCourrielsDeReferenceDesComptes(t *testing.T) {
	for nom, e := range exemplesCompte() {
		t.Run(nom, func(t *testing.T) {
			p := ecrire(t, e, maison)
			if p.PDF != nil || p.HTML != nil || p.Message.PiecesJointes != nil {
				t.Error("a mail of an account has a letter or a file")
			}
			golden(t, "compte-"+nom+".txt", []byte(p.Message.Objet+"\n\n"+p.Message.Texte))
			if nom == "code" || nom == "refuses" || nom == "provisoires" {
				golden(t, "compte-"+nom+".html", []byte(p.Message.HTML))
			}
		})
	}
}

// The mails of accounts keep the rules of the others: a short subject, one link to
// the portal, French spaces, no word of the machinery, text and HTML alike.
func TestCourrielsDesComptes(t *testing.T) {
	for nom, e := range exemplesCompte() {
		t.Run(nom, func(t *testing.T) {
			m := ecrire(t, e, maison).Message
			if err := m.Verifier(); err != nil {
				t.Fatal(err)
			}
			if n := len([]rune(m.Objet)); n > 60 || strings.HasSuffix(m.Objet, "…") {
				t.Errorf("objet %q of %d characters: want 60 at most, whole", m.Objet, n)
			}
			for _, r := range m.Objet {
				if unicode.IsControl(r) || unicode.IsSpace(r) && r != ' ' {
					t.Errorf("objet %q holds %U", m.Objet, r)
				}
			}
			if e.Courrier.Evenement != opco.CourrierCompteClos && strings.Count(m.Texte, "https://guichet.example/") != 1 {
				t.Errorf("want one link to the portal in\n%s", m.Texte)
			}
			for _, faute := range []string{"'", "\u00a0:.", " .", "..", "le .", "au  ", "%!", "<nil>", "0001 à", "  ", "« »", "« »", "J+", "ACCORDE", "VALIDER", "RETARD",
				"Veuillez", "veuillez", "rreur"} {
				if strings.Contains(m.Texte, faute) {
					t.Errorf("the mail holds %q:\n%s", faute, m.Texte)
				}
			}
			html := serre(texteHTML(t, []byte(m.HTML)))
			for ligne := range strings.SplitSeq(m.Texte, "\n") {
				if strings.Contains(ligne, "https://") || strings.HasSuffix(ligne, "\u00a0:") {
					continue
				}
				for phrase := range strings.SplitSeq(strings.TrimLeft(ligne, "-> "), ". ") {
					if nomme, valeur, ok := strings.Cut(phrase, "\u00a0: "); ok && !strings.Contains(html, serre(phrase)) {
						if !strings.Contains(html, serre(nomme)) || !strings.Contains(html, serre(valeur)) {
							t.Errorf("the HTML does not say %q", phrase)
						}
						continue
					}
					if !strings.Contains(html, serre(phrase)) {
						t.Errorf("the HTML does not say %q", phrase)
					}
				}
			}
		})
	}
}

// TestCompteDit checks what the reader of each mail looks for first.
func TestCompteDit(t *testing.T) {
	tests := map[string]string{
		"code":               codeSorbier + "|jusqu’au 6 septembre 2026 à 14 h 05 (heure de Paris)|ne faites rien|30 jours après la fin du code",
		"relance":            "Le code est dans notre premier message|6 septembre 2026 à 14 h 05",
		"deja-inscrit":       "Vous en avez déjà un|« Mot de passe oublié »|ne sait pas que vous avez un compte",
		"actif-limite":       "Un conseiller vérifie vos droits.|le 7 septembre 2026 au plus tard|cliquez sur la tuile « Espace organisme de formation »|sous 2 jours ouvrés",
		"accordes":           "Dossiers de formation, Atelier Numérique Sorbier (SIRET 999 001 019 00028)|Nous vous accordons 3 droits",
		"refuses":            "Contributions, Atelier Numérique Sorbier (SIRET 999 001 019 00028). Cet établissement ne déclare pas|Vos autres droits ne changent pas.|01 99 00 02 14",
		"precision":          "Inès Benkirane étudie|> Depuis quand l’est-elle ?|jusqu’au 18 septembre 2026 inclus|Répondez dans votre compte, pas à ce message",
		"provisoires":        "OF3-0001|Muret-48-colza!|26.A.31001.1|vous choisissez votre identifiant et votre mot de passe|jusqu’au 18 septembre 2026 inclus",
		"provisoires-sans":   "Gestion des utilisateurs, SIRET 999 001 159 00014",
		"identifiant":        "OF3-0001|pedagogie.nouvelle|politique de confidentialité|jusqu’au 6 septembre 2026 à 14 h 05",
		"reinitialisation":   "jusqu’au 3 septembre 2026 à 15 h 05|toutes les connexions ouvertes seront coupées",
		"mot-de-passe":       "a changé le 3 septembre 2026 à 14 h 05",
		"blocage":            "Au moins 5 mots de passe faux|de nouveau le 3 septembre 2026 à 14 h 20",
		"retires":            "Anne-Laure Sorbier-Dumas a retiré|Raison : vous avez changé de poste.|Le retrait est immédiat.",
		"retires-opco":       "Nous avons retiré ce droit|Un droit est retiré",
		"invitation":         "Anne-Laure Sorbier-Dumas vous donne accès|" + codeSorbier,
		"invitation-agent":   "le rôle « Gestionnaire »",
		"mandat-donne":       "mandat du 1er septembre 2026 au 31 août 2027",
		"mandat-donne-fini":  "Le dernier jour du mandat donné à Paul-Aurélien Kerbrat est passé",
		"clos":               "Raison : vous l’avez demandé.|effacées dans 30 jours",
		"clos-opco":          "par Inès Benkirane, pour le compte de Camille Vasseur. Personne|effacées après le 18 septembre 2026.",
		"retires-delegue":    "pour le compte de Camille Vasseur, a retiré ce droit",
		"revue":              "pendant 12 mois|jusqu’au 18 septembre 2026 inclus",
		"autre-compte":       "Ousmane Diarra ouvre à votre nom un autre compte, avec le rôle « Conseiller »|second administrateur|prévenez aussitôt",
		"delegation":         "Camille Vasseur délègue le rôle « Gestionnaire » à Inès Benkirane du 7 au 18 septembre 2026.|À noter : cette absence a été déclarée par Rémi Colin.|pour le compte de",
		"retard-conseiller":  "Droits à vérifier : sans réponse depuis 2 jours|Paul-Aurélien Kerbrat attend",
		"retard-responsable": "Droits à vérifier : sans réponse depuis 5 jours|Les conseillers ont déjà été prévenus",
	}
	for nom, attendus := range tests {
		m := ecrire(t, exemplesCompte()[nom], maison).Message
		lu := strings.ReplaceAll(m.Objet+"\n"+m.Texte, "\u00a0", " ")
		for s := range strings.SplitSeq(attendus, "|") {
			if !strings.Contains(lu, s) {
				t.Errorf("%s: no %q in\n%s", nom, s, lu)
			}
		}
	}
}

// Links go to the configured portal, carry the account and, where one is needed,
// the code; what they lead to reads both back.
func TestCompteLiens(t *testing.T) {
	tests := []struct{ nom, chemin, parametre string }{
		{"code", "/activation", "code"}, {"relance-code", "/activation", "code"}, {"relance", "/activation", ""},
		{"invitation", "/activation", "code"}, {"identifiant", "/premiere-connexion/confirmation", "jeton"},
		{"reinitialisation", "/reinitialisation", "jeton"}, {"provisoires", "/connexion", ""}, {"deja-inscrit", "/connexion", ""},
		{"precision", "/compte", ""}, {"retard-conseiller", "/habilitations", ""},
	}
	for _, tt := range tests {
		e := exemplesCompte()[tt.nom]
		m := ecrire(t, e, maison).Message
		_, apres, _ := strings.Cut(m.Texte, "https://guichet.example")
		lien, _, _ := strings.Cut(apres, "\n")
		u, err := url.Parse(lien)
		if err != nil || u.Path != tt.chemin {
			t.Errorf("%s: link %q (%v), want %s", tt.nom, lien, err, tt.chemin)
			continue
		}
		q := u.Query()
		if tt.parametre != "" && (q.Get(tt.parametre) != e.Courrier.Secret || q.Get("compte") != compteSorbier) {
			t.Errorf("%s: link %q does not carry the account and its code", tt.nom, lien)
		}
		if tt.parametre == "" && strings.Contains(lien, "code=") {
			t.Errorf("%s: link %q carries a code", tt.nom, lien)
		}
		if html := "https://guichet.example" + strings.ReplaceAll(lien, "&", "&amp;"); !strings.Contains(m.HTML, `href="`+html+`"`) {
			t.Errorf("%s: the HTML has no link to %s", tt.nom, html)
		}
	}
}

// A secret is read in the body of the five mails that exist to carry one, and in
// no subject at all: subjects are shown on locked screens and kept.
func TestCompteSecret(t *testing.T) {
	porte := map[opco.Evenement]bool{opco.CourrierCode: true, opco.CourrierRelanceCode: true, opco.CourrierInvitation: true,
		opco.CourrierProvisoire: true, opco.CourrierIdentifiantModifie: true, opco.CourrierReinitialisation: true}
	for nom, e := range exemplesCompte() {
		e.Courrier.Secret = "Azerty-2026"
		m := ecrire(t, e, maison).Message
		if strings.Contains(m.Objet+m.ID, "Azerty-2026") {
			t.Errorf("%s: the secret is in a header", nom)
		}
		if dit := strings.Contains(m.Texte+m.HTML, "Azerty-2026"); dit != porte[e.Courrier.Evenement] {
			t.Errorf("%s: carries the secret: %v", nom, dit)
		}
		if e.Courrier.Evenement == opco.CourrierMotDePasseChange && strings.Contains(m.Texte, "Azerty") {
			t.Errorf("%s: a chosen password is written", nom)
		}
	}
}

func TestRedigerCompteRefus(t *testing.T) {
	code := exemplesCompte()["code"]
	tests := []struct {
		nom   string
		casse func(*opco.EnvoiCompte)
	}{
		{"an event without words", func(e *opco.EnvoiCompte) { e.Courrier.Evenement = "INCONNU" }},
		{"an event of a dossier", func(e *opco.EnvoiCompte) { e.Courrier.Evenement = opco.CourrierDepot }},
		{"a code already erased", func(e *opco.EnvoiCompte) { e.Courrier.Secret = "" }},
		{"provisional credentials without identifier", func(e *opco.EnvoiCompte) { e.Courrier.Evenement = opco.CourrierProvisoire }},
		{"a new identifier that is not said", func(e *opco.EnvoiCompte) { e.Courrier.Evenement = opco.CourrierIdentifiantModifie }},
		{"no account", func(e *opco.EnvoiCompte) { e.CompteID = "" }},
	}
	for _, tt := range tests {
		e := code
		tt.casse(&e)
		if _, err := courrier.RedigerCompte(e); opco.KindOf(err) != opco.Invalid {
			t.Errorf("%s: got %v, want Invalid", tt.nom, err)
		}
	}
}

// Nothing that is known, and a house without telephone nor address: a poor mail,
// never a panic nor a sentence with a hole.
func TestCompteVide(t *testing.T) {
	for _, ev := range opco.EvenementsCompte() {
		e := opco.EnvoiCompte{ID: "x", CompteID: "y", Courrier: opco.CourrierCompte{Evenement: ev, Secret: "S", Identifiant: "i"},
			Le: time.Date(2026, 9, 3, 12, 5, 0, 0, time.UTC)}
		m := ecrire(t, e, courrier.Maison{URL: "https://guichet.example"}).Message
		for _, faute := range []string{"  ", " .", " ,", "au .", "«\u00a0\u00a0»", "0 jour", "1er janvier 1"} {
			if strings.Contains(m.Texte, faute) && !(ev == opco.CourrierRoleAccorde || ev == opco.CourrierRoleRetire || ev == opco.CourrierDelegation) {
				t.Errorf("%s: the mail holds %q:\n%s", ev, faute, m.Texte)
			}
		}
		if err := m.Verifier(); opco.KindOf(err) != opco.Invalid {
			t.Errorf("%s: a mail to nobody: got %v, want Invalid", ev, err)
		}
	}
}
